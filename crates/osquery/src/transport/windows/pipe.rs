// SPDX-License-Identifier: Apache-2.0
//! A named pipe as the system knows it, with a safe face. Which pipes there are, and what goes over them,
//! is not known here; who may open them stands in `acl`.
//!
//! Why unsafe (docs/decisions, 2026-11-24): std has no named pipes, and files do not wait with a timeout. Why
//! sound: handles are owned by `OwnedHandle`; strings that the system reads end in 0 and outlive the call; an
//! overlapped operation, which borrows its buffer and its `OVERLAPPED` behind the compiler's back, has ended
//! when [`Pipe::run`] returns, on each path, or owns both until it ends ([`Waiting`]). Tests: `windows/tests.rs`
//! and `transport/tests.rs` under Wine.
#![allow(unsafe_code)]

use std::cell::UnsafeCell;
use std::io;
use std::os::windows::ffi::OsStrExt;
use std::os::windows::io::{AsRawHandle, FromRawHandle, OwnedHandle};
use std::path::Path;
use std::ptr::{null, null_mut};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use windows_sys::Win32::Foundation::{
    ERROR_ACCESS_DENIED, ERROR_BROKEN_PIPE, ERROR_FILE_NOT_FOUND, ERROR_IO_INCOMPLETE,
    ERROR_IO_PENDING, ERROR_NO_DATA, ERROR_OPERATION_ABORTED, ERROR_PIPE_BUSY,
    ERROR_PIPE_CONNECTED, ERROR_PIPE_NOT_CONNECTED, ERROR_SEM_TIMEOUT, GENERIC_READ, GENERIC_WRITE,
    HANDLE, INVALID_HANDLE_VALUE, WAIT_FAILED, WAIT_OBJECT_0,
};
use windows_sys::Win32::Security::SECURITY_ATTRIBUTES;
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
    CreateEventW, INFINITE, ResetEvent, SetEvent, WaitForMultipleObjects, WaitForSingleObject,
};

use super::descriptor::Descriptor;

/// Bytes that the system keeps for each direction.
const BUFFER_BYTES: u32 = 64 * 1024;
/// How often a cancelled wait is asked whether it has ended; it ends at once as a rule.
const CANCEL_TRIES_MAX: u32 = 100_000;

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

    pub(super) fn unset(&self) {
        // SAFETY: as above.
        unsafe { ResetEvent(self.raw()) };
    }

    /// Waits until either is set; tells whether `other` is.
    pub(super) fn wait_or(&self, other: &Event) -> io::Result<bool> {
        let handles = [other.raw(), self.raw()];
        // SAFETY: both handles are open, and the array outlives the call.
        match unsafe { WaitForMultipleObjects(2, handles.as_ptr(), 0, INFINITE) } {
            WAIT_FAILED => Err(io::Error::last_os_error()),
            first => Ok(first == WAIT_OBJECT_0),
        }
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
        Pipe::new(own(handle)?, Side::Client)
    }

    fn new(handle: OwnedHandle, side: Side) -> io::Result<Pipe> {
        let (reading, writing) = (Mutex::new(Event::new()?), Mutex::new(Event::new()?));
        Ok(Pipe { handle, side, stop: Event::new()?, reading, writing })
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

    pub(super) fn raw(&self) -> HANDLE {
        self.handle.as_raw_handle()
    }
}

/// An instance of a pipe, ready for one local client.
#[derive(Debug)]
pub(super) struct Instance(OwnedHandle);

impl Instance {
    pub(super) fn create(path: &Path, acl: &Descriptor, first: First) -> io::Result<Instance> {
        let first = if first == First::Yes { FILE_FLAG_FIRST_PIPE_INSTANCE } else { 0 };
        let attributes = SECURITY_ATTRIBUTES {
            nLength: size_of::<SECURITY_ATTRIBUTES>().try_into().unwrap_or(0),
            lpSecurityDescriptor: acl.raw(),
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
        own(handle).map(Instance).map_err(|error| match is(&error, ERROR_ACCESS_DENIED) {
            // So the system says that another has the name.
            true if first != 0 => io::ErrorKind::AddrInUse.into(),
            _ => error,
        })
    }

    pub(super) fn raw(&self) -> HANDLE {
        self.0.as_raw_handle()
    }
}

/// An instance that waits for a client, in the system, until that comes or this is dropped. It must be begun by
/// the thread that looks after it: the system cancels what a thread began when the thread ends.
#[derive(Debug)]
pub(super) struct Waiting {
    /// `None` once it was given away.
    instance: Option<Instance>,
    /// The system writes into it while the wait goes on; nobody here reads it before.
    overlapped: Option<Box<UnsafeCell<OVERLAPPED>>>,
    /// The outcome when there was no wait, because a client was there already.
    at_once: Option<io::Result<()>>,
    /// Set by the system at the end of the wait.
    _news: Arc<Event>,
}

// SAFETY: what makes it not `Send` is the event's handle in the OVERLAPPED, good in any thread.
unsafe impl Send for Waiting {}

impl Waiting {
    /// `news` is set when a wait ends, and unset when one begins: look at all of them before waiting for it.
    pub(super) fn begin(instance: Instance, news: &Arc<Event>) -> Waiting {
        let overlapped = OVERLAPPED { hEvent: news.raw(), ..OVERLAPPED::default() };
        let overlapped = Box::new(UnsafeCell::new(overlapped));
        // SAFETY: the box stays where it is, and is freed only after the wait has ended (`drop`).
        let ok = unsafe { ConnectNamedPipe(instance.raw(), overlapped.get()) };
        let at_once = match (ok, io::Error::last_os_error()) {
            (0, error) if is(&error, ERROR_IO_PENDING) => None,
            // A client that came and left meanwhile may have asked something before.
            (0, error)
                if ![ERROR_PIPE_CONNECTED, ERROR_NO_DATA].iter().any(|code| is(&error, *code)) =>
            {
                Some(Err(error))
            }
            _ => Some(Ok(())),
        };
        let (instance, overlapped, _news) = (Some(instance), Some(overlapped), Arc::clone(news));
        Waiting { instance, overlapped, at_once, _news }
    }

    /// Whether a client came, or the wait failed.
    pub(super) fn has_ended(&self) -> bool {
        !matches!(self.outcome(), Some(Err(error)) if is(&error, ERROR_IO_INCOMPLETE))
    }

    /// The pipe of a wait that has ended; `None` when nobody is there after all.
    pub(super) fn connected(mut self) -> io::Result<Option<Pipe>> {
        let outcome = self.at_once.take().or_else(|| self.outcome());
        // The wait is over, so nothing is left to be done for `drop`.
        let instance = self.instance.take();
        match (outcome, instance) {
            (Some(Ok(())), Some(Instance(handle))) => Pipe::new(handle, Side::Listener).map(Some),
            (Some(Err(error)), _) if !is_end(&error) && !is(&error, ERROR_OPERATION_ABORTED) => {
                Err(error)
            }
            _ => Ok(None),
        }
    }

    fn outcome(&self) -> Option<io::Result<()>> {
        if self.at_once.is_some() {
            return None;
        }
        let (instance, overlapped) = (self.instance.as_ref()?, self.overlapped.as_ref()?);
        let mut count = 0;
        // SAFETY: `overlapped` is that of the wait on this handle; nothing is waited for.
        let ok =
            unsafe { GetOverlappedResult(instance.raw(), overlapped.get(), &raw mut count, 0) };
        Some(if ok == 0 { Err(io::Error::last_os_error()) } else { Ok(()) })
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let (Some(instance), Some(overlapped)) = (&self.instance, &self.overlapped) {
            // SAFETY: `overlapped` is that of the wait. It fails when that has just ended.
            unsafe { CancelIoEx(instance.raw(), overlapped.get()) };
        }
        for _ in 0..CANCEL_TRIES_MAX {
            if self.has_ended() {
                return;
            }
            std::thread::yield_now();
        }
        // The system may still write there: better lost than freed.
        std::mem::forget(self.overlapped.take());
    }
}

fn own(handle: HANDLE) -> io::Result<OwnedHandle> {
    if handle == INVALID_HANDLE_VALUE {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: a fresh handle that nobody else owns.
    Ok(unsafe { OwnedHandle::from_raw_handle(handle) })
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

/// UTF-16 with the 0 at its end.
pub(super) fn wide(path: &Path) -> Vec<u16> {
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
