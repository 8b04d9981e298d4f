// SPDX-License-Identifier: Apache-2.0
//! What a console tells its programs: Ctrl-C, Ctrl-Break, that it closes, that the user leaves, that the system
//! ends. Each asks us to end.
//!
//! Why unsafe (docs/decisions, 2026-11-24): std knows nothing of consoles, and `signal` of the C library knows
//! Ctrl-C alone. Why sound: the handler is a function without state but statics that are never freed; the system calls
//! it in a thread of its own, and it does what any thread may. Tests: below, and `tests/windows/program.sh`, under Wine,
//! which delivers Ctrl-C alone: without a display it has no console for `GenerateConsoleCtrlEvent` (error 6).
#![allow(unsafe_code)]

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::Thread;
use std::time::{Duration, Instant};
use windows_sys::Win32::System::Console::{
    CTRL_BREAK_EVENT, CTRL_C_EVENT, CTRL_CLOSE_EVENT, CTRL_LOGOFF_EVENT, CTRL_SHUTDOWN_EVENT,
    SetConsoleCtrlHandler,
};
use windows_sys::Win32::System::RemoteDesktop::ProcessIdToSessionId;

/// The system ends us 5 s after it told that the console closes, or as soon as the handler returns.
const CLOSING: Duration = Duration::from_millis(4_500);

/// The flag, and who waits for it.
static STOP: OnceLock<(Arc<AtomicBool>, Thread)> = OnceLock::new();

/// What to do about an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// End; a second one ends at once.
    End,
    /// End, and do not return before that: then the system ends us.
    EndNow,
    /// Nothing: a user who leaves is no matter of a service and its children.
    Nothing,
    /// Not ours.
    PassOn,
}

fn answer(event: u32, is_of_a_service: bool) -> Answer {
    match event {
        CTRL_C_EVENT | CTRL_BREAK_EVENT => Answer::End,
        CTRL_LOGOFF_EVENT if is_of_a_service => Answer::Nothing,
        CTRL_CLOSE_EVENT | CTRL_LOGOFF_EVENT | CTRL_SHUTDOWN_EVENT => Answer::EndNow,
        _ => Answer::PassOn,
    }
}

/// A flag that the console's events set.
pub(crate) fn stop_flag() -> Result<Arc<AtomicBool>, String> {
    let mut is_new = false;
    let (flag, _) = STOP.get_or_init(|| {
        is_new = true;
        (Arc::new(AtomicBool::new(false)), std::thread::current())
    });
    // SAFETY: the function stays as long as the program.
    if is_new && unsafe { SetConsoleCtrlHandler(Some(asked), 1) } == 0 {
        let error = std::io::Error::last_os_error();
        return Err(format!("failed to listen to the console: {error}"));
    }
    Ok(Arc::clone(flag))
}

/// Called by the system. Not 0 means that nobody else need look at it.
unsafe extern "system" fn asked(event: u32) -> i32 {
    let answer = answer(event, is_of_a_service());
    let Some((flag, waiting)) = STOP.get() else { return 0 };
    match answer {
        Answer::PassOn => 0,
        Answer::Nothing => 1,
        Answer::End => {
            if flag.swap(true, Ordering::Relaxed) {
                return 0;
            }
            waiting.unpark();
            1
        }
        Answer::EndNow => {
            flag.store(true, Ordering::Relaxed);
            waiting.unpark();
            // The end of the program ends this thread, too.
            let until = Instant::now() + CLOSING;
            while let Some(left) = until.checked_duration_since(Instant::now()) {
                std::thread::park_timeout(left);
            }
            1
        }
    }
}

/// Services and what they start are in a session of their own.
fn is_of_a_service() -> bool {
    let mut session = u32::MAX;
    // SAFETY: `session` takes a number.
    let ok = unsafe { ProcessIdToSessionId(std::process::id(), &raw mut session) };
    ok != 0 && session == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_answered() {
        for event in [CTRL_C_EVENT, CTRL_BREAK_EVENT] {
            assert_eq!(answer(event, true), Answer::End);
        }
        for event in [CTRL_CLOSE_EVENT, CTRL_SHUTDOWN_EVENT, CTRL_LOGOFF_EVENT] {
            assert_eq!(answer(event, false), Answer::EndNow);
        }
        assert_eq!(answer(CTRL_LOGOFF_EVENT, true), Answer::Nothing);
        assert_eq!(answer(77, false), Answer::PassOn);
    }

    #[test]
    fn the_first_sets_the_flag_and_the_second_is_left_to_the_system() {
        let flag = stop_flag().unwrap();
        assert!(!flag.load(Ordering::Relaxed));
        // SAFETY: as the system calls it.
        let ask = |event| unsafe { asked(event) };
        assert_eq!(ask(77), 0);
        assert!(!flag.load(Ordering::Relaxed));
        assert_eq!(ask(CTRL_BREAK_EVENT), 1);
        assert!(flag.load(Ordering::Relaxed));
        assert!(stop_flag().unwrap().load(Ordering::Relaxed), "one flag");
        assert_eq!(ask(CTRL_C_EVENT), 0);
    }
}
