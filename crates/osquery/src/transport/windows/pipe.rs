// SPDX-License-Identifier: Apache-2.0
//! The pipe ACL file: a named pipe and its access control list, as the system knows them, with a safe face.
//! The only unsafe code of the crate. Which pipes there are, and what goes over them, is not known here.
//!
//! Why unsafe: std has no named pipes, and files do not wait with a timeout. Why sound: handles are owned by
//! `OwnedHandle`; strings that the system reads end in 0 and outlive the call; an overlapped operation,
//! which borrows its buffer and its `OVERLAPPED` behind the compiler's back, has ended when
//! [`Pipe::run`] returns, on each path. Tests: `windows/tests.rs` and `transport/tests.rs` under Wine.
#![allow(unsafe_code)]

use std::ffi::c_void;
use std::io;
use std::os::windows::ffi::OsStrExt;
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};
use std::path::Path;
use std::ptr::{null, null_mut};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use windows_sys::Win32::Foundation::{
    ERROR_ACCESS_DENIED, ERROR_BROKEN_PIPE, ERROR_FILE_NOT_FOUND, ERROR_IO_PENDING, ERROR_NO_DATA,
    ERROR_OPERATION_ABORTED, ERROR_PIPE_BUSY, ERROR_PIPE_CONNECTED, ERROR_PIPE_NOT_CONNECTED,
    ERROR_SEM_TIMEOUT, GENERIC_READ, GENERIC_WRITE, HANDLE, INVALID_HANDLE_VALUE, LocalFree,
    WAIT_FAILED, WAIT_OBJECT_0,
};
use windows_sys::Win32::Security::Authorization::{
    ConvertSidToStringSidW, ConvertStringSecurityDescriptorToSecurityDescriptorW, SDDL_REVISION_1,
};
use windows_sys::Win32::Security::{
    GetTokenInformation, PSECURITY_DESCRIPTOR, SECURITY_ATTRIBUTES, TOKEN_QUERY, TOKEN_USER,
    TokenUser,
};
use windows_sys::Win32::Storage::FileSystem::{
    CreateFileW, FILE_FLAG_FIRST_PIPE_INSTANCE, FILE_FLAG_OVERLAPPED, OPEN_EXISTING,
    PIPE_ACCESS_DUPLEX, ReadFile, SECURITY_IDENTIFICATION, SECURITY_SQOS_PRESENT, WriteFile,
};
use windows_sys::Win32::System::IO::{CancelIoEx, GetOverlappedResult, OVERLAPPED};
use windows_sys::Win32::System::Pipes::{
    ConnectNamedPipe, CreateNamedPipeW, DisconnectNamedPipe, PIPE_READMODE_BYTE,
    PIPE_REJECT_REMOTE_CLIENTS, PIPE_TYPE_BYTE, PIPE_UNLIMITED_INSTANCES, PIPE_WAIT, PeekNamedPipe,
    WaitNamedPipeW,
};
use windows_sys::Win32::System::Threading::{
    CreateEventW, GetCurrentProcess, INFINITE, OpenProcessToken, SetEvent, WaitForMultipleObjects,
    WaitForSingleObject,
};

/// Bytes that the system keeps for each direction.
const BUFFER_BYTES: u32 = 64 * 1024;
/// Room for a token's user: a SID has 68 bytes at most.
const TOKEN_USER_WORDS: usize = 32;
/// Longest SID as text, its end included.
const SID_TEXT_MAX: usize = 256;

/// A flag of the system that threads wait for; once set it stays set, except when an operation uses it.
#[derive(Debug)]
pub(super) struct Event(OwnedHandle);

impl Event {
    pub(super) fn new() -> io::Result<Event> {
        // SAFETY: no pointers but null, which stand for defaults.
        let handle = unsafe { CreateEventW(null(), 1, 0, null()) };
        if handle.is_null() {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: a fresh handle that nobody else owns.
        Ok(Event(unsafe { OwnedHandle::from_raw_handle(handle) }))
    }

    pub(super) fn set(&self) {
        // SAFETY: the handle is open. It cannot fail for an event of ours.
        unsafe { SetEvent(self.raw()) };
    }

    /// Waits until it is set; tells whether it is.
    pub(super) fn wait(&self, timeout: Duration) -> io::Result<bool> {
        // SAFETY: the handle is open.
        match unsafe { WaitForSingleObject(self.raw(), milliseconds(Some(timeout))) } {
            WAIT_OBJECT_0 => Ok(true),
            WAIT_FAILED => Err(io::Error::last_os_error()),
            _ => Ok(false),
        }
    }

    fn raw(&self) -> HANDLE {
        self.0.as_raw_handle()
    }
}

/// Whether a pipe must be the first of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum First {
    Yes,
    No,
}

/// Outcome of a wait for a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Connected {
    Yes,
    /// It left already: this instance is of no use.
    Gone,
    Woken,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Listener,
    Client,
}

/// How an overlapped operation ended.
enum Ran {
    /// With this number of bytes.
    Done(usize),
    /// `stop` was set.
    Stopped,
}

/// One end of a pipe. Reads and writes of one end may go on at once, each one at a time.
#[derive(Debug)]
pub(super) struct Pipe {
    handle: OwnedHandle,
    side: Side,
    stop: Event,
    reading: Mutex<Event>,
    writing: Mutex<Event>,
}

impl Pipe {
    /// A new instance of the pipe, ready for one local client.
    pub(super) fn create(path: &Path, acl: &Acl, first: First) -> io::Result<Pipe> {
        let first = if first == First::Yes { FILE_FLAG_FIRST_PIPE_INSTANCE } else { 0 };
        let attributes = SECURITY_ATTRIBUTES {
            nLength: size_of::<SECURITY_ATTRIBUTES>().try_into().unwrap_or(0),
            lpSecurityDescriptor: acl.0,
            bInheritHandle: 0,
        };
        let name = wide(path);
        // SAFETY: `name` ends in 0; `attributes` and the descriptor in it outlive the call.
        let handle = unsafe {
            CreateNamedPipeW(
                name.as_ptr(),
                PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | first,
                PIPE_TYPE_BYTE | PIPE_READMODE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS,
                PIPE_UNLIMITED_INSTANCES,
                BUFFER_BYTES,
                BUFFER_BYTES,
                0,
                &raw const attributes,
            )
        };
        Pipe::own(handle, Side::Listener).map_err(|error| match is(&error, ERROR_ACCESS_DENIED) {
            // So the system says that another has the name.
            true if first != 0 => io::ErrorKind::AddrInUse.into(),
            _ => error,
        })
    }

    /// The client's end of a free instance. The other side may see who we are, and not act as we.
    pub(super) fn open(path: &Path) -> io::Result<Pipe> {
        let name = wide(path);
        // SAFETY: `name` ends in 0; the other pointers are null, which stand for defaults.
        let handle = unsafe {
            CreateFileW(
                name.as_ptr(),
                GENERIC_READ | GENERIC_WRITE,
                0,
                null(),
                OPEN_EXISTING,
                FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION,
                null_mut(),
            )
        };
        Pipe::own(handle, Side::Client)
    }

    fn own(handle: HANDLE, side: Side) -> io::Result<Pipe> {
        if handle == INVALID_HANDLE_VALUE {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: a fresh handle that nobody else owns.
        let handle = unsafe { OwnedHandle::from_raw_handle(handle) };
        let (reading, writing) = (Mutex::new(Event::new()?), Mutex::new(Event::new()?));
        Ok(Pipe { handle, side, stop: Event::new()?, reading, writing })
    }

    /// Waits for a client, or until `wake` is set.
    pub(super) fn wait_for_client(&self, wake: &Event) -> io::Result<Connected> {
        let outcome = self.run(&self.reading, wake, None, |handle, overlapped| {
            // SAFETY: `run` keeps `overlapped` until the operation has ended.
            unsafe { ConnectNamedPipe(handle, overlapped) }
        });
        match outcome {
            Ok(Ran::Done(_)) => Ok(Connected::Yes),
            Ok(Ran::Stopped) => Ok(Connected::Woken),
            Err(error) if is(&error, ERROR_PIPE_CONNECTED) => Ok(Connected::Yes),
            Err(error) if is(&error, ERROR_NO_DATA) => Ok(Connected::Gone),
            Err(error) => Err(error),
        }
    }

    /// Reads what there is; 0 when either side closed.
    pub(super) fn read(&self, into: &mut [u8], timeout: Option<Duration>) -> io::Result<usize> {
        let count = u32::try_from(into.len()).unwrap_or(u32::MAX);
        let bytes = into.as_mut_ptr();
        let outcome = self.run(&self.reading, &self.stop, timeout, |handle, overlapped| {
            // SAFETY: `run` returns after the operation, so `into` and `overlapped` outlive it.
            unsafe { ReadFile(handle, bytes, count, null_mut(), overlapped) }
        });
        match outcome {
            Ok(Ran::Done(count)) => Ok(count),
            Ok(Ran::Stopped) => Ok(0),
            Err(error) if is_end(&error) => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// Writes; gives the number of bytes taken.
    pub(super) fn write(&self, bytes: &[u8], timeout: Option<Duration>) -> io::Result<usize> {
        let count = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let outcome = self.run(&self.writing, &self.stop, timeout, |handle, overlapped| {
            // SAFETY: `run` returns after the operation, so `bytes` and `overlapped` outlive it.
            unsafe { WriteFile(handle, bytes.as_ptr(), count, null_mut(), overlapped) }
        });
        match outcome {
            Ok(Ran::Done(count)) => Ok(count),
            Ok(Ran::Stopped) => Err(io::ErrorKind::BrokenPipe.into()),
            Err(error) if is_end(&error) => Err(io::ErrorKind::BrokenPipe.into()),
            Err(error) => Err(error),
        }
    }

    /// Whether nothing came and the peer did not close.
    pub(super) fn is_quiet(&self) -> bool {
        let mut ready = 0;
        // SAFETY: `ready` outlives the call; the other pointers may be null.
        let ok = unsafe {
            PeekNamedPipe(self.raw(), null_mut(), 0, null_mut(), &raw mut ready, null_mut())
        };
        ok != 0 && ready == 0
    }

    /// Ends all reads and writes here, and the client's when this is the listener's end.
    pub(super) fn close(&self) {
        self.stop.set();
        if self.side == Side::Listener {
            // SAFETY: the handle is open. It fails when no client is there, as is wanted.
            unsafe { DisconnectNamedPipe(self.raw()) };
        }
    }

    /// Starts one operation and stays until it has ended: by itself, or cancelled because `stop` was set
    /// or time passed. Bytes that came while it was being cancelled count.
    fn run(
        &self,
        event: &Mutex<Event>,
        stop: &Event,
        timeout: Option<Duration>,
        start: impl FnOnce(HANDLE, *mut OVERLAPPED) -> i32,
    ) -> io::Result<Ran> {
        let event = event.lock().unwrap_or_else(PoisonError::into_inner);
        // The operation clears the event when it starts.
        let mut overlapped = OVERLAPPED { hEvent: event.raw(), ..OVERLAPPED::default() };
        let overlapped = &raw mut overlapped;
        if start(self.raw(), overlapped) == 0 {
            let error = io::Error::last_os_error();
            if !is(&error, ERROR_IO_PENDING) {
                return Err(error);
            }
        }
        let handles = [event.raw(), stop.raw()];
        // SAFETY: both handles are open, and the array outlives the call.
        let waited =
            unsafe { WaitForMultipleObjects(2, handles.as_ptr(), 0, milliseconds(timeout)) };
        if waited == WAIT_OBJECT_0 {
            return self.result(overlapped).map(Ran::Done);
        }
        let failed = (waited == WAIT_FAILED).then(io::Error::last_os_error);
        // SAFETY: `overlapped` is that of the operation. It fails when that has just ended.
        unsafe { CancelIoEx(self.raw(), overlapped) };
        match (self.result(overlapped), failed) {
            (Ok(count), _) => Ok(Ran::Done(count)),
            (Err(error), None) if is(&error, ERROR_OPERATION_ABORTED) => {
                if waited == WAIT_OBJECT_0 + 1 {
                    Ok(Ran::Stopped)
                } else {
                    Err(io::ErrorKind::TimedOut.into())
                }
            }
            (Err(_), Some(error)) | (Err(error), None) => Err(error),
        }
    }

    /// Waits for the end of an operation that ends soon, and gives its number of bytes.
    fn result(&self, overlapped: *const OVERLAPPED) -> io::Result<usize> {
        let mut count = 0;
        // SAFETY: `overlapped` is that of an operation on this handle, and lives in `run`.
        let ok = unsafe { GetOverlappedResult(self.raw(), overlapped, &raw mut count, 1) };
        if ok == 0 { Err(io::Error::last_os_error()) } else { Ok(count as usize) }
    }

    fn raw(&self) -> HANDLE {
        self.handle.as_raw_handle()
    }
}

/// A security descriptor that lets SYSTEM, the administrators and the current user in, and nobody else.
#[derive(Debug)]
pub(super) struct Acl(PSECURITY_DESCRIPTOR);

// SAFETY: memory that is only read until it is freed by the one owner.
unsafe impl Send for Acl {}
// SAFETY: as above.
unsafe impl Sync for Acl {}

impl Acl {
    pub(super) fn private() -> io::Result<Acl> {
        Acl::from_text(&format!("D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;GA;;;{})", current_user()?))
    }

    fn from_text(text: &str) -> io::Result<Acl> {
        let text = wide(Path::new(text));
        let mut descriptor = null_mut();
        // SAFETY: `text` ends in 0; `descriptor` takes a pointer to memory that is ours to free.
        let ok = unsafe {
            ConvertStringSecurityDescriptorToSecurityDescriptorW(
                text.as_ptr(),
                SDDL_REVISION_1,
                &raw mut descriptor,
                null_mut(),
            )
        };
        if ok == 0 { Err(io::Error::last_os_error()) } else { Ok(Acl(descriptor)) }
    }

    /// The access list in words, as the system reads it.
    #[cfg(test)]
    pub(super) fn text(&self) -> io::Result<String> {
        use windows_sys::Win32::Security::Authorization::ConvertSecurityDescriptorToStringSecurityDescriptorW;
        use windows_sys::Win32::Security::DACL_SECURITY_INFORMATION;
        let mut text = null_mut();
        // SAFETY: the descriptor is whole; `text` takes a pointer to memory that is ours to free.
        let ok = unsafe {
            ConvertSecurityDescriptorToStringSecurityDescriptorW(
                self.0,
                SDDL_REVISION_1,
                DACL_SECURITY_INFORMATION,
                &raw mut text,
                null_mut(),
            )
        };
        if ok == 0 { Err(io::Error::last_os_error()) } else { Ok(take_text(text, 4096)) }
    }
}

impl Drop for Acl {
    fn drop(&mut self) {
        // SAFETY: allocated for us by the system, and freed once.
        unsafe { LocalFree(self.0) };
    }
}

/// The access list of a pipe as the system keeps it.
#[cfg(test)]
pub(super) fn acl_of(pipe: &Pipe) -> io::Result<Acl> {
    use windows_sys::Win32::Security::Authorization::{GetSecurityInfo, SE_KERNEL_OBJECT};
    use windows_sys::Win32::Security::DACL_SECURITY_INFORMATION;
    let mut descriptor = null_mut();
    // SAFETY: `descriptor` takes a pointer to memory that is ours to free; the rest may be null.
    let code = unsafe {
        GetSecurityInfo(
            pipe.raw(),
            SE_KERNEL_OBJECT,
            DACL_SECURITY_INFORMATION,
            null_mut(),
            null_mut(),
            null_mut(),
            null_mut(),
            &raw mut descriptor,
        )
    };
    if code == 0 {
        Ok(Acl(descriptor))
    } else {
        Err(io::Error::from_raw_os_error(code.try_into().unwrap_or(0)))
    }
}

/// Whether all instances of a pipe were taken.
pub(super) fn is_busy(error: &io::Error) -> bool {
    is(error, ERROR_PIPE_BUSY)
}

/// Waits until an instance of the pipe is free.
pub(super) fn wait_free(path: &Path, timeout: Duration) -> io::Result<()> {
    let name = wide(path);
    // 0 would mean the pipe's own timeout.
    let timeout = milliseconds(Some(timeout)).max(1);
    // SAFETY: `name` ends in 0.
    if unsafe { WaitNamedPipeW(name.as_ptr(), timeout) } != 0 {
        return Ok(());
    }
    let error = io::Error::last_os_error();
    if is(&error, ERROR_SEM_TIMEOUT) { Err(io::ErrorKind::TimedOut.into()) } else { Err(error) }
}

/// Whether somebody has a pipe of this name.
pub(super) fn exists(path: &Path) -> bool {
    match wait_free(path, Duration::ZERO) {
        Ok(()) => true,
        Err(error) => !is(&error, ERROR_FILE_NOT_FOUND),
    }
}

/// SID of the user that this process runs as, in words.
pub(super) fn current_user() -> io::Result<String> {
    let mut token = null_mut();
    // SAFETY: `token` takes a handle that is ours to close.
    if unsafe { OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &raw mut token) } == 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: a fresh handle that nobody else owns.
    let token = unsafe { OwnedHandle::from_raw_handle(token) };
    // Words, so that it stands as a TOKEN_USER must.
    let mut buffer = [0_u64; TOKEN_USER_WORDS];
    let (bytes, mut written) = (u32::try_from(size_of_val(&buffer)).unwrap_or(0), 0);
    let into = (&raw mut buffer).cast::<c_void>();
    // SAFETY: `into` has room for `bytes`.
    let ok = unsafe {
        GetTokenInformation(token.as_raw_handle(), TokenUser, into, bytes, &raw mut written)
    };
    if ok == 0 {
        return Err(io::Error::last_os_error());
    }
    let mut text = null_mut();
    // SAFETY: the system wrote a TOKEN_USER whose SID stands in `buffer`, too; `text` takes a pointer to
    // memory that is ours to free.
    let ok = unsafe {
        let user = into.cast::<TOKEN_USER>().read();
        ConvertSidToStringSidW(user.User.Sid, &raw mut text)
    };
    if ok == 0 { Err(io::Error::last_os_error()) } else { Ok(take_text(text, SID_TEXT_MAX)) }
}

/// Text that the system allocated for us; it is freed.
fn take_text(text: *mut u16, max: usize) -> String {
    // SAFETY: the system gave a string that ends in 0, and nothing is read behind that.
    let units =
        (0..max).map(|index| unsafe { text.add(index).read() }).take_while(|unit| *unit != 0);
    let taken = char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')).collect();
    // SAFETY: allocated for us by the system, and freed once.
    unsafe { LocalFree(text.cast()) };
    taken
}

/// UTF-16 with the 0 at its end.
fn wide(path: &Path) -> Vec<u16> {
    path.as_os_str().encode_wide().chain([0]).collect()
}

/// Rounded up, so that no wait ends before its time.
fn milliseconds(timeout: Option<Duration>) -> u32 {
    timeout.map_or(INFINITE, |timeout| {
        u32::try_from(timeout.as_nanos().div_ceil(1_000_000)).unwrap_or(u32::MAX).min(INFINITE - 1)
    })
}

fn is(error: &io::Error, code: u32) -> bool {
    error.raw_os_error().is_some_and(|found| u32::try_from(found) == Ok(code))
}

/// Whether the peer closed.
fn is_end(error: &io::Error) -> bool {
    [ERROR_BROKEN_PIPE, ERROR_NO_DATA, ERROR_PIPE_NOT_CONNECTED].iter().any(|code| is(error, *code))
}
