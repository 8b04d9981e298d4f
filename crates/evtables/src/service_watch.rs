// SPDX-License-Identifier: Apache-2.0
//! Ends the extension when osqueryd's service stops. osquery's watcher ends extensions on Windows without a word, and
//! not at all when it has no watchdog; the system tells of the stop before that, to whoever asks for it. What is asked
//! of the system is behind [`ServiceEvents`].
#![cfg_attr(not(windows), allow(dead_code))] // elsewhere a signal tells of the stop

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::Thread;
use std::time::Duration;

/// Name of osquery's service.
pub(crate) const OSQUERYD: &str = "osqueryd";
/// It is looked again after this time though nothing was told.
const LOOK: Duration = Duration::from_secs(30);
/// The same where the system does not tell.
const POLL: Duration = Duration::from_secs(1);
/// Pause after a word of the system that brought nothing new.
const PAUSE: Duration = Duration::from_millis(100);

/// What a service does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Starting,
    /// In this process.
    Running(u32),
    Stopping,
    Stopped,
}

/// What the system says of one service.
pub(crate) trait ServiceEvents {
    /// What it does now.
    ///
    /// # Errors
    /// Why that is not told.
    fn state(&mut self) -> Result<State, String>;

    /// Asks to be told of the next change; once asked, until it came.
    ///
    /// # Errors
    /// Why the system does not tell.
    fn arm(&mut self) -> Result<(), String>;

    /// Until a change was told, or for this long.
    fn wait(&mut self, at_most: Duration);

    /// For this long, whatever is told.
    fn pause(&mut self, time: Duration) {
        std::thread::park_timeout(time);
    }
}

/// Whose stop is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Watched {
    pub(crate) name: String,
    /// The process that must be the service's; `None` takes any.
    pub(crate) pid: Option<u32>,
}

/// How a watch ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The service that ran stopped.
    Stopped,
    /// It is not the one that started us, or cannot be asked.
    NotOurs(String),
    /// Nobody waits for it any more.
    Left,
}

/// Follows a service until it stops or `stop` is set.
pub(crate) fn follow(
    events: &mut dyn ServiceEvents,
    watched: &Watched,
    stop: &AtomicBool,
) -> Outcome {
    let (mut ran, mut is_told, mut last) = (None, true, None);
    while !stop.load(Ordering::Relaxed) {
        // Before the look, so that no change falls between.
        if is_told && let Err(reason) = events.arm() {
            is_told = false;
            tracing::info!("{reason}; the service {} is looked at each second", watched.name);
        }
        let state = match events.state() {
            Ok(state) => state,
            Err(reason) => return Outcome::NotOurs(reason),
        };
        match (state, ran) {
            (State::Running(pid), Some(before)) if pid != before => return Outcome::Stopped,
            (State::Running(pid), None) if watched.pid.is_some_and(|wanted| wanted != pid) => {
                return Outcome::NotOurs(format!("it runs as process {pid}"));
            }
            (State::Running(pid), None) => {
                tracing::info!("the service {} is watched", watched.name);
                ran = Some(pid);
            }
            (State::Running(_), Some(_)) => {}
            (State::Stopping | State::Stopped, Some(_)) => return Outcome::Stopped,
            (State::Stopped, None) => return Outcome::NotOurs("it does not run".into()),
            (State::Stopping, None) => return Outcome::Stopped,
            (State::Starting, _) => {}
        }
        if is_told {
            if last.replace(state) == Some(state) {
                events.pause(PAUSE);
            }
            events.wait(LOOK);
        } else {
            events.pause(POLL);
        }
    }
    Outcome::Left
}

/// Watches in a thread of its own; when the service stops, `stop` is set and `waiting` woken.
pub(crate) fn start<E: ServiceEvents + 'static>(
    watched: Watched,
    open: fn(&str) -> Result<E, String>,
    stop: &Arc<AtomicBool>,
    waiting: Thread,
) {
    let stop = Arc::clone(stop);
    let spawned = std::thread::Builder::new().name("service-watch".into()).spawn(move || {
        let outcome = match open(&watched.name) {
            // By the thread that waits.
            Ok(mut events) => follow(&mut events, &watched, &stop),
            Err(reason) => Outcome::NotOurs(reason),
        };
        match outcome {
            Outcome::Stopped => {
                tracing::info!("the service {} stops; ending", watched.name);
                stop.store(true, Ordering::Relaxed);
                waiting.unpark();
            }
            Outcome::NotOurs(reason) => {
                tracing::info!("the service {} is not watched: {reason}", watched.name);
            }
            Outcome::Left => {}
        }
    });
    if let Err(error) = spawned {
        tracing::warn!("the service's stop is not watched: no thread: {error}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// States in the order in which they are found; the last one sets `stop`.
    struct Script<'a> {
        states: Vec<Result<State, String>>,
        tells: bool,
        armed: usize,
        waited: usize,
        stop: &'a AtomicBool,
    }

    impl ServiceEvents for Script<'_> {
        fn state(&mut self) -> Result<State, String> {
            let state = self.states.remove(0);
            if self.states.is_empty() {
                self.stop.store(true, Ordering::Relaxed);
            }
            state
        }

        fn arm(&mut self) -> Result<(), String> {
            self.armed += 1;
            if self.tells { Ok(()) } else { Err("not here".into()) }
        }

        fn wait(&mut self, _at_most: Duration) {
            self.waited += 1;
        }

        fn pause(&mut self, _time: Duration) {}
    }

    fn outcome(states: &[State], pid: Option<u32>) -> Outcome {
        let stop = AtomicBool::new(false);
        let states = states.iter().copied().map(Ok).collect();
        let mut script = Script { states, tells: true, armed: 0, waited: 0, stop: &stop };
        follow(&mut script, &Watched { name: "x".into(), pid }, &stop)
    }

    #[test]
    fn a_service_that_ran_and_stops_is_told() {
        use State::{Running, Starting, Stopped, Stopping};
        assert_eq!(outcome(&[Starting, Running(7), Stopping], Some(7)), Outcome::Stopped);
        assert_eq!(outcome(&[Running(7), Stopped], None), Outcome::Stopped);
        assert_eq!(outcome(&[Running(7), Running(8)], Some(7)), Outcome::Stopped, "restarted");
        assert_eq!(outcome(&[Stopping], Some(7)), Outcome::Stopped, "we came late");
        assert_eq!(outcome(&[Running(7), Running(7)], Some(7)), Outcome::Left);
        assert!(
            matches!(outcome(&[Running(8)], Some(7)), Outcome::NotOurs(why) if why.contains('8'))
        );
        assert!(matches!(outcome(&[Stopped], None), Outcome::NotOurs(_)));
    }

    #[test]
    fn where_the_system_does_not_tell_it_is_asked_again_and_again() {
        let stop = AtomicBool::new(false);
        let states = vec![Ok(State::Running(7)), Ok(State::Stopped)];
        let mut script = Script { states, tells: false, armed: 0, waited: 0, stop: &stop };
        let watched = Watched { name: "x".into(), pid: None };
        assert_eq!(follow(&mut script, &watched, &stop), Outcome::Stopped);
        assert_eq!((script.armed, script.waited), (1, 0), "asked once to tell, then never again");
        let stop = AtomicBool::new(false);
        let states = vec![Err("access denied".into())];
        let mut script = Script { states, tells: true, armed: 0, waited: 0, stop: &stop };
        assert_eq!(follow(&mut script, &watched, &stop), Outcome::NotOurs("access denied".into()));
    }
}
