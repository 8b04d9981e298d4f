// SPDX-License-Identifier: Apache-2.0
//! Handles of all processes. A file may keep whoever asks for its name waiting for ever, so names are asked
//! for by a thread that is left behind when it does not come back.
#![allow(unsafe_code)] // Sound: see `native`.

use super::{bytes_of, room, size, system, wide};
use crate::bytes::string_at;
use crate::sources::{Handles, Named, Raw};
use std::os::windows::io::{AsRawHandle as _, FromRawHandle as _, OwnedHandle};
use std::ptr::{null, null_mut};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use windows_sys::Wdk::Foundation::NtQueryObject;
use windows_sys::Win32::Foundation::{DUPLICATE_SAME_ACCESS, DuplicateHandle, HANDLE, LUID};
use windows_sys::Win32::Security::{
    AdjustTokenPrivileges, LUID_AND_ATTRIBUTES, LookupPrivilegeValueW, SE_PRIVILEGE_ENABLED,
    TOKEN_ADJUST_PRIVILEGES, TOKEN_PRIVILEGES, TOKEN_QUERY,
};
use windows_sys::Win32::System::Threading::{
    GetCurrentProcess, OpenProcess, OpenProcessToken, PROCESS_DUP_HANDLE,
};

const EXTENDED_HANDLES: i32 = 64;
const OBJECT_NAME: i32 = 1;
const OBJECT_TYPE: i32 = 2;
/// A name has 64 KiB at most, its `UNICODE_STRING` before it.
const NAME_BYTES: usize = (64 << 10) + 64;
/// How long a name may take.
const NAME_WAIT: Duration = Duration::from_millis(200);

pub(super) struct KernelHandles {
    asked: Mutex<Option<Asked>>,
    process: Mutex<Option<(u32, Option<OwnedHandle>)>>,
}

/// The thread that asks for names.
struct Asked {
    questions: Sender<OwnedHandle>,
    answers: Receiver<Option<String>>,
}

impl KernelHandles {
    pub(super) fn new() -> Self {
        Self { asked: Mutex::new(None), process: Mutex::new(None) }
    }

    /// A copy of another process's handle; `None` for the process means that it may not be opened.
    fn copy(&self, pid: u32, handle: u64) -> Option<Option<OwnedHandle>> {
        let mut known = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        if known.as_ref().is_none_or(|(of, _)| *of != pid) {
            *known = Some((pid, open(pid)));
        }
        let process = known.as_ref()?.1.as_ref()?;
        let mut copy: HANDLE = null_mut();
        let source = usize::try_from(handle).ok()?;
        // SAFETY: `process` is open; `copy` takes a handle that is ours to close. What `source` names is
        // a matter of the other process: a wrong one fails.
        let ok = unsafe {
            DuplicateHandle(
                process.as_raw_handle(),
                std::ptr::without_provenance_mut(source),
                GetCurrentProcess(),
                &raw mut copy,
                0,
                0,
                DUPLICATE_SAME_ACCESS,
            )
        };
        // SAFETY: a fresh handle that nobody else owns.
        Some((ok != 0).then(|| unsafe { OwnedHandle::from_raw_handle(copy) }))
    }

    /// The name of an object; an error when it did not come in time.
    fn ask(&self, handle: OwnedHandle) -> Result<Option<String>, ()> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if asked.is_none() {
            *asked = start();
        }
        let Some(thread) = asked.as_ref() else { return Err(()) };
        if thread.questions.send(handle).is_err() {
            *asked = None;
            return Err(());
        }
        match thread.answers.recv_timeout(NAME_WAIT) {
            Ok(name) => Ok(name),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                // It is left behind with its question, and ends when that is answered.
                *asked = None;
                Err(())
            }
        }
    }
}

fn start() -> Option<Asked> {
    let (questions, asked) = channel::<OwnedHandle>();
    let (give, answers) = channel();
    let answer = move || {
        for handle in asked {
            if give.send(text(handle.as_raw_handle(), OBJECT_NAME)).is_err() {
                return;
            }
        }
    };
    std::thread::Builder::new().name("handle names".into()).spawn(answer).ok()?;
    Some(Asked { questions, answers })
}

fn open(pid: u32) -> Option<OwnedHandle> {
    // SAFETY: numbers in, a handle out that is ours to close.
    let process = unsafe { OpenProcess(PROCESS_DUP_HANDLE, 0, pid) };
    // SAFETY: a fresh handle that nobody else owns.
    (!process.is_null()).then(|| unsafe { OwnedHandle::from_raw_handle(process) })
}

/// The `UNICODE_STRING` that an answer about an object begins with.
fn text(handle: HANDLE, class: i32) -> Option<String> {
    let (mut answer, mut needed) = (room(NAME_BYTES), 0);
    // SAFETY: `answer` has room for `NAME_BYTES`.
    let status = unsafe {
        NtQueryObject(handle, class, answer.as_mut_ptr().cast(), size(NAME_BYTES), &raw mut needed)
    };
    if status < 0 {
        return None;
    }
    let base = u64::try_from(answer.as_ptr().addr()).unwrap_or(0);
    string_at(&Raw { bytes: bytes_of(&answer, NAME_BYTES), base }, 0)
        .filter(|name| !name.is_empty())
}

impl Handles for KernelHandles {
    fn handles(&self) -> Result<Raw, String> {
        may_debug();
        // A process number may be another's by now.
        *self.process.lock().unwrap_or_else(PoisonError::into_inner) = None;
        system::list(EXTENDED_HANDLES, "list the handles")
    }

    fn name(&self, pid: u32, handle: u64, name: bool) -> Option<Named> {
        let Some(copy) = self.copy(pid, handle)? else { return Some(Named::default()) };
        let kind = text(copy.as_raw_handle(), OBJECT_TYPE);
        let asked = if name { self.ask(copy) } else { Ok(None) };
        let stuck = asked.is_err();
        Some(Named { kind, name: asked.unwrap_or(None), stuck })
    }
}

/// Asks for the right to open the system's processes, which administrators have and must switch on.
fn may_debug() {
    let mut token = null_mut();
    let access = TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY;
    // SAFETY: `token` takes a handle that is ours to close.
    if unsafe { OpenProcessToken(GetCurrentProcess(), access, &raw mut token) } == 0 {
        return;
    }
    // SAFETY: a fresh handle that nobody else owns.
    let token = unsafe { OwnedHandle::from_raw_handle(token) };
    let (name, mut id) = (wide("SeDebugPrivilege"), LUID { LowPart: 0, HighPart: 0 });
    // SAFETY: `name` ends in 0.
    if unsafe { LookupPrivilegeValueW(null(), name.as_ptr(), &raw mut id) } == 0 {
        return;
    }
    let privileges = TOKEN_PRIVILEGES {
        PrivilegeCount: 1,
        Privileges: [LUID_AND_ATTRIBUTES { Luid: id, Attributes: SE_PRIVILEGE_ENABLED }],
    };
    // SAFETY: one privilege, as it says; the state before is not asked for.
    unsafe {
        AdjustTokenPrivileges(
            token.as_raw_handle(),
            0,
            &raw const privileges,
            0,
            null_mut(),
            null_mut(),
        );
    }
}
