// SPDX-License-Identifier: Apache-2.0
//! A live collection into a recording, for another machine.

use super::{Sessions, Tracing};
use crate::raw::{Fetched, RawEventSource as _, SourceLoss};
use crate::recording::{Machine, Recording, RecordingCounts};
use std::io::{self, Write};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Events between two looks whether to stop.
const EVENTS_AT_ONCE: usize = 4_096;
/// While nothing comes.
const PAUSE: Duration = Duration::from_millis(20);

/// Records until `stop` says so; what was recorded, and what was lost before it could be.
///
/// # Errors
/// When no session can be opened (`Unsupported`: there is nothing in it), or `out` refuses.
pub fn record<W: Write>(
    tracing: Arc<dyn Tracing>,
    machine: &Machine,
    out: W,
    stop: &dyn Fn() -> bool,
) -> io::Result<(RecordingCounts, Vec<SourceLoss>)> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now_ns = i64::try_from(since.as_nanos()).unwrap_or(i64::MAX);
    let mut recording = Recording::new(out, now_ns, machine)?;
    let mut sessions = Sessions::start(tracing, Some(std::process::id()))?;
    let mut source = sessions.source();
    let mut fetch = |recording: &mut Recording<W>| {
        let fetched = source.fetch(EVENTS_AT_ONCE, recording).map_err(io::Error::other)?;
        Ok::<bool, io::Error>(matches!(fetched, Fetched::Events(_)))
    };
    while !stop() {
        if !fetch(&mut recording)? {
            let failed = sessions.status().into_iter().map(|(_, status)| match status.state {
                super::SessionState::Failed(error) => Some(error),
                _ => None,
            });
            if let Some(Some(error)) = failed.reduce(|all, one| all.and(one)) {
                return Err(io::Error::new(io::ErrorKind::Unsupported, error.to_string()));
            }
            std::thread::park_timeout(PAUSE);
        }
    }
    sessions.stop();
    while fetch(&mut recording)? {}
    let (counts, losses) = (recording.counts(), source.losses());
    recording.finish()?;
    Ok((counts, losses))
}
