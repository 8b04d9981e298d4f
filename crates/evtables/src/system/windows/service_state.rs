// SPDX-License-Identifier: Apache-2.0
//! State of a service, and the system's word when it changes.
//!
//! Why unsafe (docs/decisions, 2026-11-24): crate `windows-service` asks for a state, and cannot be told of a change.
//! Why sound: what the system writes into stays in one place of memory until it has written: it is owned here, not
//! touched meanwhile, and given up rather than freed when it still waits at the end. The system calls back only in the
//! thread that asked, and only while that sleeps here; `ServiceState` cannot go to another. Tests: `tests/windows/program.sh` under Wine.
#![allow(unsafe_code)]

use crate::service_watch::{ServiceEvents, State};
use std::cell::UnsafeCell;
use std::ffi::c_void;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use windows_service::service::{Service, ServiceAccess, ServiceState as Told};
use windows_service::service_manager::{ServiceManager, ServiceManagerAccess};
use windows_sys::Win32::System::Services::{
    NotifyServiceStatusChangeW, SERVICE_NOTIFY_2W, SERVICE_NOTIFY_RUNNING,
    SERVICE_NOTIFY_STATUS_CHANGE, SERVICE_NOTIFY_STOP_PENDING, SERVICE_NOTIFY_STOPPED,
};
use windows_sys::Win32::System::Threading::SleepEx;

const CHANGES: u32 = SERVICE_NOTIFY_STOPPED | SERVICE_NOTIFY_STOP_PENDING | SERVICE_NOTIFY_RUNNING;

/// What the system writes into.
struct Notice {
    notify: UnsafeCell<SERVICE_NOTIFY_2W>,
    has_come: AtomicBool,
}

/// One service, watched by the thread that opened it.
pub(crate) struct ServiceSource {
    service: Service,
    /// `Some` while the system may write into it.
    waiting: Option<Box<Notice>>,
    /// The system calls the thread that asked.
    _thread: PhantomData<*const ()>,
}

impl ServiceSource {
    /// # Errors
    /// Why it cannot be opened, in words: there is none, or it may not be asked.
    pub(crate) fn open(name: &str) -> Result<Self, String> {
        let manager = ServiceManager::local_computer(None::<&str>, ServiceManagerAccess::CONNECT);
        let opened =
            manager.and_then(|manager| manager.open_service(name, ServiceAccess::QUERY_STATUS));
        let service = opened.map_err(|error| format!("the service {name}: {}", words(&error)))?;
        Ok(Self { service, waiting: None, _thread: PhantomData })
    }
}

/// An error of crate `windows-service` with what the system said.
pub(crate) fn words(error: &windows_service::Error) -> String {
    match error {
        windows_service::Error::Winapi(error) => error.to_string(),
        other => other.to_string(),
    }
}

impl ServiceEvents for ServiceSource {
    fn state(&mut self) -> Result<State, String> {
        let status = self.service.query_status().map_err(|error| words(&error))?;
        Ok(match status.current_state {
            Told::Stopped => State::Stopped,
            Told::StopPending => State::Stopping,
            Told::StartPending => State::Starting,
            _ => State::Running(status.process_id.unwrap_or(0)),
        })
    }

    fn arm(&mut self) -> Result<(), String> {
        if self.waiting.is_some() {
            return Ok(());
        }
        let notice = Box::new(Notice {
            notify: UnsafeCell::new(SERVICE_NOTIFY_2W::default()),
            has_come: AtomicBool::new(false),
        });
        let notify = SERVICE_NOTIFY_2W {
            dwVersion: SERVICE_NOTIFY_STATUS_CHANGE,
            pfnNotifyCallback: Some(changed),
            pContext: (&raw const notice.has_come).cast_mut().cast::<c_void>(),
            ..SERVICE_NOTIFY_2W::default()
        };
        // SAFETY: nobody else has the place yet; the service is open; the place stays where it is, untouched, until
        // `changed` was called.
        let code = unsafe {
            notice.notify.get().write(notify);
            NotifyServiceStatusChangeW(self.service.raw_handle(), CHANGES, notice.notify.get())
        };
        if code != 0 {
            let error = std::io::Error::from_raw_os_error(i32::try_from(code).unwrap_or(0));
            return Err(format!("NotifyServiceStatusChange: {error}"));
        }
        self.waiting = Some(notice);
        Ok(())
    }

    fn wait(&mut self, at_most: Duration) {
        let until = Instant::now() + at_most;
        loop {
            let has_come =
                self.waiting.as_ref().is_none_or(|notice| notice.has_come.load(Ordering::Acquire));
            if has_come {
                self.waiting = None;
                return;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            let milliseconds = u32::try_from(left.as_millis().max(1)).unwrap_or(1_000);
            // SAFETY: no pointers. What is called back meanwhile is `changed`.
            unsafe { SleepEx(milliseconds, 1) };
        }
    }
}

impl Drop for ServiceSource {
    fn drop(&mut self) {
        // The system may still write there: better lost than freed.
        std::mem::forget(self.waiting.take());
    }
}

/// Called by the system, in the thread that asked.
unsafe extern "system" fn changed(place: *const c_void) {
    // SAFETY: `place` is what was given to the system; what it points to lives as long as that.
    unsafe {
        let context = (*place.cast::<SERVICE_NOTIFY_2W>()).pContext;
        (*context.cast::<AtomicBool>()).store(true, Ordering::Release);
    }
}
