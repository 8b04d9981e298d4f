// SPDX-License-Identifier: Apache-2.0
//! What was open before collection began: records about such files and keys name them by number alone. Names of files
//! come from a short session of the kernel, which lists all open files at its end; keys from whoever can list the
//! handles of all processes. Both become events, so that a recording has them too. Makes no row.

use super::{Receiver, TraceError, Tracing};
use crate::fields::classes;
use crate::providers::Session;
use crate::raw::{EventClass, PointerSize, RawEvent};
use crate::recording::described;
use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// Names of files, and keys, that are taken: as many as the decoder remembers.
pub(crate) const SEEDS_MAX: usize = 65_536;
/// Bytes of the names of files.
const NAMES_BYTES_MAX: usize = 32 << 20;
/// How long the short session may take to open, and to deliver what it lists.
const OPEN_WAIT: Duration = Duration::from_secs(5);
const LIST_WAIT: Duration = Duration::from_secs(10);
/// `WAIT_TIMEOUT`.
const TIMED_OUT: u32 = 258;

/// Lists the registry keys that processes have open.
pub trait OpenKeys: Send + Sync + fmt::Debug {
    /// Calls back with the object and the kernel's path (`\REGISTRY\…`) of each.
    ///
    /// # Errors
    /// Why they cannot be listed; what was called back with is good.
    fn each(&self, f: &mut dyn FnMut(u64, &str)) -> Result<(), String>;
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seeded {
    /// Names of files.
    pub files: u64,
    /// Registry keys.
    pub keys: u64,
    /// Files and keys beyond the bounds.
    pub beyond: u64,
    /// Why no name of a file came.
    pub files_error: Option<TraceError>,
    /// Why keys are missing.
    pub keys_error: Option<String>,
}

/// Hands over what is open, as events of `time_ns`.
pub(crate) fn seed(
    tracing: &Arc<dyn Tracing>,
    keys: Option<&dyn OpenKeys>,
    time_ns: i64,
    push: &mut dyn FnMut(&RawEvent<'_>),
) -> Seeded {
    let mut seeded = Seeded::default();
    match file_names(tracing) {
        Ok(names) => {
            seeded.beyond += names.beyond;
            for (id, pointer_size, payload) in &names.names {
                push(&there(EventClass::Classic, *id, time_ns, *pointer_size, payload));
                seeded.files += 1;
            }
        }
        Err(error) => seeded.files_error = Some(error),
    }
    if let Some(keys) = keys {
        let mut payload = Vec::new();
        let listed = keys.each(&mut |object, path| {
            if usize::try_from(seeded.keys).is_ok_and(|count| count >= SEEDS_MAX) {
                seeded.beyond += 1;
                return;
            }
            payload.clear();
            payload.extend_from_slice(&object.to_le_bytes());
            payload.extend(path.encode_utf16().chain([0]).flat_map(u16::to_le_bytes));
            push(&there(EventClass::Manifest, 2, time_ns, PointerSize::Eight, &payload));
            seeded.keys += 1;
        });
        seeded.keys_error = listed.err();
    }
    seeded
}

/// An event that says what is there: of files in the kernel's own words, of keys in ours.
fn there(
    class: EventClass,
    id: u16,
    time_ns: i64,
    pointer_size: PointerSize,
    payload: &[u8],
) -> RawEvent<'_> {
    let kernel = class == EventClass::Classic;
    let (provider, version) = if kernel { (classes::FILE_IO, 2) } else { (classes::RECORDING, 0) };
    RawEvent { version, ..described(class, provider, id, time_ns, pointer_size, payload) }
}

/// What the short session delivered.
#[derive(Debug, Default)]
struct Names {
    names: Vec<(u16, PointerSize, Vec<u8>)>,
    bytes: usize,
    beyond: u64,
}

/// Takes the names, and says when the session is open.
struct Taking {
    opened: Sender<()>,
    names: Names,
}

impl Receiver for Taking {
    fn opened(&mut self) {
        // Who waits may have given up.
        let _ = self.opened.send(());
    }

    fn event(&mut self, event: &RawEvent<'_>) {
        // A name (0, 32), or one that is there at the end (36).
        let named = event.class == EventClass::Classic
            && event.provider == classes::FILE_IO
            && matches!(event.id, 0 | 32 | 36);
        if !named {
            return;
        }
        let names = &mut self.names;
        if names.names.len() >= SEEDS_MAX || names.bytes + event.payload.len() > NAMES_BYTES_MAX {
            names.beyond += 1;
            return;
        }
        names.bytes += event.payload.len();
        names.names.push((36, event.pointer_size, event.payload.to_vec()));
    }
}

/// Starts the short session, stops it, and takes what it lists at its end. The thread that takes is left behind when
/// the system does not let it go in time.
fn file_names(tracing: &Arc<dyn Tracing>) -> Result<Names, TraceError> {
    let session = Session::FileNames;
    let _ = tracing.stop(session);
    let started = tracing.start(session, session.buffers())?;
    if let Some(error) = started.without_kernel {
        let _ = tracing.stop(session);
        return Err(error);
    }
    let (opened, open) = channel();
    let (give, taken) = channel();
    let taker = Arc::clone(tracing);
    let take = move || {
        let mut taking = Taking { opened, names: Names::default() };
        let done = taker.process(session, &mut taking);
        let _ = give.send(done.map(|()| taking.names));
    };
    let thread = std::thread::Builder::new().name("open files".into()).spawn(take);
    let is_open = thread.is_ok() && open.recv_timeout(OPEN_WAIT).is_ok();
    let _ = tracing.stop(session);
    let timed_out = TraceError { call: "ProcessTrace", code: TIMED_OUT };
    match taken.recv_timeout(if is_open { LIST_WAIT } else { OPEN_WAIT }) {
        Ok(names) => names,
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Err(timed_out),
    }
}
