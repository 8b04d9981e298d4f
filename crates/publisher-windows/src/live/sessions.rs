// SPDX-License-Identifier: Apache-2.0
//! The sessions, each with a thread that starts it, enables its providers and takes its events, again
//! and again until told to stop; and the source that reads what they took.

use super::mailbox::{Letters, Mailbox};
use super::{LiveSettings, Receiver, SessionLosses, Started, TraceError, Tracing};
use crate::guid::Guid;
use crate::providers::Session;
use crate::raw::{Fetched, RawEvent, RawEventSink, RawEventSource, SourceError, SourceLoss};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Before a session that ended by itself is started again, and one that could not be started.
const AGAIN_ENDED: Duration = Duration::from_secs(1);
const AGAIN_FAILED: Duration = Duration::from_secs(60);
/// How long the threads may take to end.
const STOP_WAIT: Duration = Duration::from_millis(900);

/// How many there are.
pub(super) const COUNT: usize = Session::LIVE.len();

/// How a session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionState {
    /// Not open yet.
    Starting,
    /// Delivers.
    Open,
    /// Could not be started or opened; it is tried again each minute.
    Failed(TraceError),
    /// Was stopped by us.
    Stopped,
    /// The configuration wants nothing of it.
    Unwanted,
}

/// What is known of a session.
#[derive(Debug, Clone)]
pub struct SessionStatus {
    /// How it is.
    pub state: SessionState,
    /// Why the kernel's own groups are not in it.
    pub without_kernel: Option<TraceError>,
    /// Providers that could not be enabled.
    pub refused: BTreeMap<Guid, TraceError>,
    /// Lost since the first start, over all restarts.
    pub losses: SessionLosses,
    /// How often somebody else ended it.
    pub ended: u64,
    /// Events of this process, which are left out.
    pub own: u64,
    /// Losses before the session that runs now.
    before: SessionLosses,
}

struct Place {
    session: Session,
    mailbox: Mailbox,
    own: AtomicU64,
    /// How often it was opened.
    opens: AtomicU64,
    status: Mutex<SessionStatus>,
}

impl Place {
    fn status(&self) -> MutexGuard<'_, SessionStatus> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Shared {
    tracing: Arc<dyn Tracing>,
    settings: LiveSettings,
    own_pid: Option<u32>,
    places: [Place; COUNT],
    stopping: Mutex<bool>,
    told: Condvar,
}

impl Shared {
    fn is_stopping(&self) -> bool {
        *self.stopping.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits, but not longer than until it stops.
    fn pause(&self, pause: Duration) {
        let stopping = self.stopping.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.told.wait_timeout_while(stopping, pause, |stopping| !*stopping));
    }
}

/// The sessions at work; dropping it stops them.
pub struct Sessions {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sessions").field("status", &self.status()).finish_non_exhaustive()
    }
}

impl Sessions {
    /// Starts all sessions. Events of the process `own_pid` are counted and left out: what we write would be
    /// an event that we write.
    ///
    /// # Errors
    /// When a thread cannot be made.
    pub fn start(
        tracing: Arc<dyn Tracing>,
        settings: &LiveSettings,
        own_pid: Option<u32>,
    ) -> std::io::Result<Self> {
        let place = |session| Place {
            session,
            mailbox: Mailbox::of(session),
            own: AtomicU64::new(0),
            opens: AtomicU64::new(0),
            status: Mutex::new(SessionStatus {
                state: SessionState::Starting,
                without_kernel: None,
                refused: BTreeMap::new(),
                losses: SessionLosses::default(),
                ended: 0,
                own: 0,
                before: SessionLosses::default(),
            }),
        };
        let shared = Arc::new(Shared {
            tracing,
            settings: settings.clone(),
            own_pid,
            places: Session::LIVE.map(place),
            stopping: Mutex::new(false),
            told: Condvar::new(),
        });
        let mut sessions = Self { shared, threads: Vec::new() };
        for at in 0..COUNT {
            let shared = Arc::clone(&sessions.shared);
            let thread = std::thread::Builder::new().name("trace session".into());
            sessions.threads.push(thread.spawn(move || {
                if let Some(place) = shared.places.get(at) {
                    keep(&shared, place);
                }
            })?);
        }
        Ok(sessions)
    }

    /// The events.
    #[must_use]
    pub fn source(&self) -> LiveSource {
        let shared = Arc::clone(&self.shared);
        LiveSource { shared, letters: Letters::default(), seen: 0, known_opens: None }
    }

    /// What is known of each session.
    #[must_use]
    pub fn status(&self) -> [(Session, SessionStatus); COUNT] {
        self.shared.places.each_ref().map(|place| {
            let own = place.own.load(Ordering::Relaxed);
            (place.session, SessionStatus { own, ..place.status().clone() })
        })
    }

    /// Asks the system what the open sessions lost.
    pub fn poll_losses(&self) {
        for place in &self.shared.places {
            if place.status().state == SessionState::Open {
                note_losses(&*self.shared.tracing, place);
            }
        }
    }

    /// Events dropped because the decoder is slower, by kind; and those of kinds beyond the bound.
    #[must_use]
    pub fn dropped(&self) -> (BTreeMap<(Guid, u16), u64>, u64) {
        let mut all = (BTreeMap::new(), 0);
        for place in &self.shared.places {
            let (kinds, more) = place.mailbox.dropped();
            for (kind, count) in kinds {
                *all.0.entry(kind).or_default() += count;
            }
            all.1 += more;
        }
        all
    }

    /// Bytes of events that wait.
    #[must_use]
    pub fn waiting_bytes(&self) -> usize {
        self.shared.places.iter().map(|place| place.mailbox.waiting_bytes()).sum()
    }

    /// Stops the sessions; what they delivered can still be read.
    pub fn stop(&mut self) {
        *self.shared.stopping.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.shared.told.notify_all();
        let until = Instant::now() + STOP_WAIT;
        while !self.threads.is_empty() && Instant::now() < until {
            // Again and again: one may be between its start and its opening.
            for place in &self.shared.places {
                if place.status().state == SessionState::Open {
                    note_losses(&*self.shared.tracing, place);
                }
                let _ = self.shared.tracing.stop(place.session);
            }
            std::thread::park_timeout(Duration::from_millis(5));
            self.threads.retain(|thread| !thread.is_finished());
        }
    }
}

impl Drop for Sessions {
    fn drop(&mut self) {
        self.stop();
    }
}

fn note_losses(tracing: &dyn Tracing, place: &Place) {
    let Ok(now) = tracing.losses(place.session) else { return };
    let mut status = place.status();
    status.losses = SessionLosses {
        events: status.before.events.saturating_add(now.events),
        buffers: status.before.buffers.saturating_add(now.buffers),
    };
}

/// One session for as long as it is wanted.
fn keep(shared: &Shared, place: &Place) {
    if shared.settings.of_session(place.session).next().is_none() {
        let _ = shared.tracing.stop(place.session);
        place.status().state = SessionState::Unwanted;
        return;
    }
    let buffers = shared.settings.buffers(place.session);
    while !shared.is_stopping() {
        // One that an earlier process of ours left behind.
        let _ = shared.tracing.stop(place.session);
        let run = shared
            .tracing
            .start(place.session, buffers)
            .and_then(|started| take(shared, place, started));
        let _ = shared.tracing.stop(place.session);
        let mut status = place.status();
        status.before = status.losses;
        if shared.is_stopping() {
            break;
        }
        let pause = match run {
            Ok(()) => {
                status.ended += 1;
                status.state = SessionState::Starting;
                AGAIN_ENDED
            }
            Err(error) => {
                status.state = SessionState::Failed(error);
                AGAIN_FAILED
            }
        };
        drop(status);
        shared.pause(pause);
    }
    place.status().state = SessionState::Stopped;
}

fn take(shared: &Shared, place: &Place, started: Started) -> Result<(), TraceError> {
    let mut refused = BTreeMap::new();
    for provider in shared.settings.of_session(place.session) {
        if let Err(error) = shared.tracing.enable(started, &provider) {
            refused.insert(provider.guid, error);
        }
    }
    {
        let mut status = place.status();
        status.refused = refused;
        status.without_kernel = started.without_kernel;
    }
    let mut taking = Taking { place, own_pid: shared.own_pid };
    let done = shared.tracing.process(place.session, &mut taking);
    note_losses(&*shared.tracing, place);
    done
}

/// What the system calls for each event: copies, and nothing else.
struct Taking<'a> {
    place: &'a Place,
    own_pid: Option<u32>,
}

impl Receiver for Taking<'_> {
    fn opened(&mut self) {
        self.place.status().state = SessionState::Open;
        self.place.opens.fetch_add(1, Ordering::Release);
    }

    fn event(&mut self, event: &RawEvent<'_>) {
        if event.pid.is_some() && event.pid == self.own_pid {
            self.place.own.fetch_add(1, Ordering::Relaxed);
            return;
        }
        self.place.mailbox.put(event);
    }
}

/// Events of all sessions: those of processes before others.
pub struct LiveSource {
    shared: Arc<Shared>,
    letters: Letters,
    seen: u64,
    /// Openings of the session of files and registry that were asked for; `None`: nothing is held back.
    known_opens: Option<u64>,
}

impl std::fmt::Debug for LiveSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiveSource").field("seen", &self.seen).finish_non_exhaustive()
    }
}

impl LiveSource {
    /// Holds events of files and registry back, each time that their session opens, until [`LiveSource::opened`] was
    /// asked: what is open already comes before them.
    pub(crate) fn hold(&mut self) {
        self.known_opens = Some(0);
    }

    /// Holds nothing back any more.
    pub(crate) fn release(&mut self) {
        self.known_opens = None;
    }

    /// Whether the session of files and registry was opened since this was asked; its events follow.
    pub(crate) fn opened(&mut self) -> bool {
        let (Some(known), Some(opens)) = (self.known_opens, self.opens()) else { return false };
        self.known_opens = Some(opens);
        known != opens
    }

    fn opens(&self) -> Option<u64> {
        let places = &self.shared.places;
        let place = places.iter().find(|place| place.session == Session::FileRegistry)?;
        Some(place.opens.load(Ordering::Acquire))
    }

    fn is_held(&self, place: &Place) -> bool {
        place.session == Session::FileRegistry
            && self.known_opens.is_some_and(|known| Some(known) != self.opens())
    }
}

impl RawEventSource for LiveSource {
    fn fetch(
        &mut self,
        events_max: usize,
        sink: &mut dyn RawEventSink,
    ) -> Result<Fetched, SourceError> {
        let mut give = |event: &RawEvent<'_>| sink.event(event);
        let mut given = self.letters.give(events_max, &mut give);
        for place in &self.shared.places {
            if given > 0 {
                break;
            }
            if self.is_held(place) {
                continue;
            }
            place.mailbox.take(&mut self.letters);
            given = self.letters.give(events_max, &mut give);
        }
        self.seen += u64::try_from(given).unwrap_or(0);
        Ok(if given > 0 { Fetched::Events(given) } else { Fetched::Idle })
    }

    fn seen(&self) -> u64 {
        self.seen
    }

    fn losses(&self) -> Vec<SourceLoss> {
        let mut losses = SessionLosses::default();
        let (mut dropped, mut ended) = (0, 0);
        for place in &self.shared.places {
            let status = place.status();
            losses.events += status.losses.events;
            losses.buffers += status.losses.buffers;
            ended += status.ended;
            let (kinds, more) = place.mailbox.dropped();
            dropped += kinds.values().sum::<u64>() + more;
        }
        let all = [
            ("events_lost", losses.events),
            ("buffers_lost", losses.buffers),
            ("session_ended", ended),
            ("queue_full", dropped),
        ];
        let all = all.into_iter().filter(|(_, count)| *count > 0);
        all.map(|(reason, count)| SourceLoss { reason, count }).collect()
    }
}
