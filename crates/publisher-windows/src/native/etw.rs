// SPDX-License-Identifier: Apache-2.0
//! The functions of event tracing with a safe face.
//!
//! Why unsafe (docs/decisions, 2026-11-24): std knows nothing of tracing. Why sound: every structure that is
//! passed has the size that it says, zeroed and then filled; texts end in 0; the system keeps no pointer
//! beyond a call, but for the context of the callback, which lives on the stack of the thread in
//! `ProcessTrace` until that returns, and is used by that thread alone. Tests: `tests.rs` under Wine.
#![allow(unsafe_code)]

use super::record::event_of;
use super::wide;
use crate::live::{Receiver, SessionLosses, Started, TraceError, Tracing};
use crate::providers::{Provider, Session, SessionBuffers};
use std::ffi::c_void;
use std::mem::{offset_of, size_of};
use std::panic::{AssertUnwindSafe, catch_unwind};
use windows_sys::Win32::Foundation::{
    ERROR_CTX_CLOSE_PENDING, ERROR_MORE_DATA, ERROR_SUCCESS, ERROR_WMI_INSTANCE_NOT_FOUND,
    FILETIME, GetLastError,
};
use windows_sys::Win32::System::Diagnostics::Etw as sys;
use windows_sys::core::{GUID, PCWSTR};

/// Units of a session's name, its end included.
const NAME_MAX: usize = 64;
/// Verbose: all that the keywords and ids let through.
const LEVEL: u8 = 5;
/// `EVENT_TRACE_USE_MS_FLUSH_TIMER`: the flush timer counts milliseconds.
const USE_MS_FLUSH_TIMER: u32 = 0x10;
const INVALID_TRACE: u64 = u64::MAX;

/// The functions that are called, as Windows declares them.
#[derive(Clone, Copy)]
pub(super) struct Functions {
    pub(super) start: unsafe extern "system" fn(
        *mut sys::CONTROLTRACE_HANDLE,
        PCWSTR,
        *mut sys::EVENT_TRACE_PROPERTIES,
    ) -> u32,
    pub(super) control: unsafe extern "system" fn(
        sys::CONTROLTRACE_HANDLE,
        PCWSTR,
        *mut sys::EVENT_TRACE_PROPERTIES,
        sys::EVENT_TRACE_CONTROL,
    ) -> u32,
    pub(super) enable: unsafe extern "system" fn(
        sys::CONTROLTRACE_HANDLE,
        *const GUID,
        u32,
        u8,
        u64,
        u64,
        u32,
        *const sys::ENABLE_TRACE_PARAMETERS,
    ) -> u32,
    pub(super) open:
        unsafe extern "system" fn(*mut sys::EVENT_TRACE_LOGFILEW) -> sys::PROCESSTRACE_HANDLE,
    pub(super) process: unsafe extern "system" fn(
        *const sys::PROCESSTRACE_HANDLE,
        u32,
        *const FILETIME,
        *const FILETIME,
    ) -> u32,
    pub(super) close: unsafe extern "system" fn(sys::PROCESSTRACE_HANDLE) -> u32,
}

/// Event tracing of this system.
#[derive(Clone, Copy)]
pub struct Etw {
    functions: Functions,
}

impl std::fmt::Debug for Etw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Etw")
    }
}

impl Etw {
    /// Windows' own functions.
    #[must_use]
    pub fn new() -> Self {
        Self::over(Functions {
            start: sys::StartTraceW,
            control: sys::ControlTraceW,
            enable: sys::EnableTraceEx2,
            open: sys::OpenTraceW,
            process: sys::ProcessTrace,
            close: sys::CloseTrace,
        })
    }

    /// Others in their place: they must do with their arguments what Windows' do.
    pub(super) fn over(functions: Functions) -> Self {
        Self { functions }
    }
}

impl Default for Etw {
    fn default() -> Self {
        Self::new()
    }
}

/// Properties of a session, with room for its name behind them.
#[repr(C)]
struct Properties {
    fixed: sys::EVENT_TRACE_PROPERTIES,
    name: [u16; NAME_MAX],
}

impl Properties {
    fn new() -> Self {
        let mut fixed = sys::EVENT_TRACE_PROPERTIES::default();
        fixed.Wnode.BufferSize = u32_of(size_of::<Self>());
        fixed.Wnode.Flags = sys::WNODE_FLAG_TRACED_GUID;
        fixed.LoggerNameOffset = u32_of(offset_of!(Self, name));
        Self { fixed, name: [0; NAME_MAX] }
    }

    fn of(kernel: u32, buffers: SessionBuffers) -> Self {
        let mut properties = Self::new();
        let fixed = &mut properties.fixed;
        // The clock that is the same on all processors.
        fixed.Wnode.ClientContext = 1;
        fixed.BufferSize = buffers.bytes / 1024;
        fixed.MinimumBuffers = buffers.count_min;
        fixed.MaximumBuffers = buffers.count_max;
        // In milliseconds, as the mode says.
        fixed.FlushTimer = buffers.flush_ms;
        fixed.LogFileMode = sys::EVENT_TRACE_REAL_TIME_MODE
            | sys::EVENT_TRACE_INDEPENDENT_SESSION_MODE
            | USE_MS_FLUSH_TIMER
            | if kernel == 0 { 0 } else { sys::EVENT_TRACE_SYSTEM_LOGGER_MODE };
        fixed.EnableFlags = kernel;
        properties
    }

    /// The whole, as the functions want it.
    fn pointer(&mut self) -> *mut sys::EVENT_TRACE_PROPERTIES {
        (&raw mut *self).cast()
    }
}

fn u32_of(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn done(call: &'static str, code: u32) -> Result<(), TraceError> {
    if code == ERROR_SUCCESS { Ok(()) } else { Err(TraceError { call, code }) }
}

impl Etw {
    fn start_with(
        &self,
        session: Session,
        kernel: u32,
        buffers: SessionBuffers,
    ) -> Result<u64, TraceError> {
        let (mut properties, name) = (Properties::of(kernel, buffers), wide(session.name()));
        let mut handle = sys::CONTROLTRACE_HANDLE { Value: 0 };
        let start = self.functions.start;
        // SAFETY: the name ends in 0; the properties have the size that they say.
        let code = unsafe { start(&raw mut handle, name.as_ptr(), properties.pointer()) };
        done("StartTrace", code).map(|()| handle.Value)
    }

    fn control(&self, session: Session, what: u32) -> (u32, Properties) {
        let (mut properties, name) = (Properties::new(), wide(session.name()));
        let by_name = sys::CONTROLTRACE_HANDLE { Value: 0 };
        let control = self.functions.control;
        // SAFETY: the name ends in 0; the properties have the size that they say.
        let code = unsafe { control(by_name, name.as_ptr(), properties.pointer(), what) };
        (code, properties)
    }

    fn enable_with(
        &self,
        started: Started,
        provider: &Provider,
        filters: &mut [sys::EVENT_FILTER_DESCRIPTOR],
        what: u32,
    ) -> Result<(), TraceError> {
        let parameters = sys::ENABLE_TRACE_PARAMETERS {
            Version: sys::ENABLE_TRACE_PARAMETERS_VERSION_2,
            EnableFilterDesc: if filters.is_empty() {
                std::ptr::null_mut()
            } else {
                filters.as_mut_ptr()
            },
            FilterDescCount: u32_of(filters.len()),
            ..sys::ENABLE_TRACE_PARAMETERS::default()
        };
        let guid = GUID::from_u128(provider.guid.0);
        let session = sys::CONTROLTRACE_HANDLE { Value: started.handle };
        let (enable, keywords) = (self.functions.enable, provider.keywords);
        // SAFETY: GUID, parameters, filters and what these point at live until the call returns.
        let code = unsafe {
            enable(session, &raw const guid, what, LEVEL, keywords, 0, 0, &raw const parameters)
        };
        done("EnableTraceEx2", code)
    }
}

impl Tracing for Etw {
    fn start(&self, session: Session, buffers: SessionBuffers) -> Result<Started, TraceError> {
        let kernel = session.kernel_flags();
        match self.start_with(session, kernel, buffers) {
            // Systems have few places for sessions of the kernel's own groups.
            Err(error) if kernel != 0 => {
                let handle = self.start_with(session, 0, buffers)?;
                Ok(Started { handle, without_kernel: Some(error) })
            }
            started => started.map(|handle| Started { handle, without_kernel: None }),
        }
    }

    fn stop(&self, session: Session) -> Result<(), TraceError> {
        match self.control(session, sys::EVENT_TRACE_CONTROL_STOP).0 {
            // Not there, or stopped and the answer too long.
            ERROR_WMI_INSTANCE_NOT_FOUND | ERROR_MORE_DATA => Ok(()),
            code => done("ControlTrace", code),
        }
    }

    fn enable(&self, started: Started, provider: &Provider) -> Result<(), TraceError> {
        let (ids, own) = (id_filter(provider.ids), provider.own_filter);
        let filter = |bytes: &[u8], kind| sys::EVENT_FILTER_DESCRIPTOR {
            Ptr: bytes.as_ptr().addr() as u64,
            Size: u32_of(bytes.len()),
            Type: kind,
        };
        let by_id = filter(&ids, sys::EVENT_FILTER_TYPE_EVENT_ID);
        let by_provider = filter(own, sys::EVENT_FILTER_TYPE_SCHEMATIZED);
        let mut filters = match (provider.ids.is_empty(), own.is_empty()) {
            (true, true) => Vec::new(),
            (false, true) => vec![by_id],
            (true, false) => vec![by_provider],
            (false, false) => vec![by_id, by_provider],
        };
        let enable = sys::EVENT_CONTROL_CODE_ENABLE_PROVIDER;
        self.enable_with(started, provider, &mut filters, enable)?;
        if provider.capture_state {
            let capture = sys::EVENT_CONTROL_CODE_CAPTURE_STATE;
            self.enable_with(started, provider, &mut [], capture)?;
        }
        Ok(())
    }

    fn losses(&self, session: Session) -> Result<SessionLosses, TraceError> {
        let (code, properties) = self.control(session, sys::EVENT_TRACE_CONTROL_QUERY);
        done("ControlTrace", if code == ERROR_MORE_DATA { ERROR_SUCCESS } else { code })?;
        let fixed = &properties.fixed;
        Ok(SessionLosses {
            events: fixed.EventsLost.into(),
            buffers: u64::from(fixed.LogBuffersLost) + u64::from(fixed.RealTimeBuffersLost),
        })
    }

    fn process(&self, session: Session, receiver: &mut dyn Receiver) -> Result<(), TraceError> {
        let mut name = wide(session.name());
        let mut context = Context { receiver };
        let mut file = sys::EVENT_TRACE_LOGFILEW {
            LoggerName: name.as_mut_ptr(),
            Context: (&raw mut context).cast(),
            ..sys::EVENT_TRACE_LOGFILEW::default()
        };
        file.Anonymous1.ProcessTraceMode =
            sys::PROCESS_TRACE_MODE_REAL_TIME | sys::PROCESS_TRACE_MODE_EVENT_RECORD;
        file.Anonymous2.EventRecordCallback = Some(on_event);
        let (open, process, close) =
            (self.functions.open, self.functions.process, self.functions.close);
        // SAFETY: the structure is zeroed but for what is set; name and context outlive the trace.
        let trace = unsafe { open(&raw mut file) };
        if trace.Value == INVALID_TRACE {
            // SAFETY: a plain question.
            let code = unsafe { GetLastError() };
            return Err(TraceError { call: "OpenTrace", code });
        }
        context.receiver.opened();
        // SAFETY: one valid handle, no times; the context is this thread's until the call returns, and
        // is not touched in between but by the callback.
        let code = unsafe { process(&raw const trace, 1, std::ptr::null(), std::ptr::null()) };
        // SAFETY: the handle is closed once.
        let closed = unsafe { close(trace) };
        // That it is still delivering is no failure, and cannot be: `process` has returned.
        let _ = closed == ERROR_CTX_CLOSE_PENDING;
        done("ProcessTrace", code)
    }
}

/// `EVENT_FILTER_EVENT_ID` with its ids: these in, all others out.
fn id_filter(ids: &[u16]) -> Vec<u8> {
    let count = u16::try_from(ids.len()).unwrap_or(0);
    let mut filter = vec![1, 0];
    filter.extend_from_slice(&count.to_le_bytes());
    ids.iter().for_each(|id| filter.extend_from_slice(&id.to_le_bytes()));
    filter
}

/// What the callback is given.
struct Context<'a> {
    receiver: &'a mut dyn Receiver,
}

/// Called by Windows for each event, on the thread that is in `ProcessTrace`.
unsafe extern "system" fn on_event(record: *mut sys::EVENT_RECORD) {
    // SAFETY: Windows gives a record that is whole and stays so until we return.
    let Some(record) = (unsafe { record.as_ref() }) else { return };
    let context: *mut c_void = record.UserContext;
    // SAFETY: the context of `process`, which is in its call on this very thread and does not touch it.
    let Some(context) = (unsafe { context.cast::<Context<'_>>().as_mut() }) else { return };
    // SAFETY: as above; what the event borrows is used in this call only.
    let event = unsafe { event_of(record) };
    // Nothing may unwind into Windows.
    let _ = catch_unwind(AssertUnwindSafe(|| context.receiver.event(&event)));
}
