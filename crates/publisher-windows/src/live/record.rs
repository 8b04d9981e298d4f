// SPDX-License-Identifier: Apache-2.0
//! A live collection into a recording, for another machine.

use super::seeds::seed;
use super::{LiveSettings, LiveSource, OpenKeys, SessionState, Sessions, Tracing};
use crate::raw::{Fetched, RawEventSink as _, RawEventSource as _, SourceLoss};
use crate::recording::{Machine, Recording, RecordingCounts};
use std::io::{self, Write};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Events between two looks whether to stop.
const EVENTS_AT_ONCE: usize = 4_096;
/// While nothing comes.
const PAUSE: Duration = Duration::from_millis(20);

/// Records until `stop` says so; what was recorded, and what was lost before it could be. Files that are open already
/// are in it, and keys when somebody lists them.
///
/// # Errors
/// When no session can be opened (`Unsupported`: there is nothing in it), or `out` refuses.
pub fn record<W: Write>(
    tracing: Arc<dyn Tracing>,
    machine: &Machine,
    keys: Option<&dyn OpenKeys>,
    out: W,
    stop: &dyn Fn() -> bool,
) -> io::Result<(RecordingCounts, Vec<SourceLoss>)> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now_ns = i64::try_from(since.as_nanos()).unwrap_or(i64::MAX);
    let mut recording = Recording::new(out, now_ns, machine)?;
    let mut sessions =
        Sessions::start(Arc::clone(&tracing), &LiveSettings::standard(), Some(std::process::id()))?;
    let mut source = sessions.source();
    source.hold();
    let fetch = |source: &mut LiveSource, recording: &mut Recording<W>| {
        if source.opened() {
            seed(&tracing, keys, now_ns, &mut |event| recording.event(event));
        }
        let fetched = source.fetch(EVENTS_AT_ONCE, recording).map_err(io::Error::other)?;
        Ok::<bool, io::Error>(matches!(fetched, Fetched::Events(_)))
    };
    while !stop() {
        if !fetch(&mut source, &mut recording)? {
            let failed = sessions.status().into_iter().filter_map(|(_, one)| match one.state {
                SessionState::Failed(error) => Some(Some(error)),
                SessionState::Unwanted => None,
                _ => Some(None),
            });
            if let Some(Some(error)) = failed.reduce(|all, one| all.and(one)) {
                return Err(io::Error::new(io::ErrorKind::Unsupported, error.to_string()));
            }
            std::thread::park_timeout(PAUSE);
        }
    }
    sessions.stop();
    source.release();
    while fetch(&mut source, &mut recording)? {}
    let (counts, losses) = (recording.counts(), source.losses());
    recording.finish()?;
    Ok((counts, losses))
}
