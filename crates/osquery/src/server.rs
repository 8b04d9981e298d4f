// SPDX-License-Identifier: Apache-2.0
//! Serves one socket: many short connections at once, each on its own thread, all bounded, and
//! stopped within 100 ms. What is answered is the business of a [`Service`]; here are only connections.
//!
//! Invariant: a fresh connection is always served. When the bound is reached, the connection that has
//! waited longest for bytes gives way, so half-open ones cannot keep core's ping out.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::counters::Counters;
use crate::rows::OnSent;
use crate::transport::{Accepted, Connection, Listener, Stream, Wake, Waker, waker};
use crate::wire::{Head, Kind, Limits, Reader, WireError};

#[cfg(test)]
mod tests;

/// How long `stop` waits for answers under way.
const STOP_WAIT: Duration = Duration::from_millis(80);
/// Pause after a failed accept, for want of descriptors as a rule.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Bounds of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServerLimits {
    /// Open connections, each with a thread.
    pub connections_max: usize,
    /// Calls of tables and plug-ins in progress; more are answered with an error at once, while
    /// pings go on. Below `connections_max`.
    pub calls_max: usize,
    /// Bytes of one reply.
    pub reply_bytes_max: usize,
    /// Bounds of a request.
    pub request: Limits,
    /// A connection without a request is closed after this.
    pub idle_timeout: Duration,
    /// From the first to the last byte of a request.
    pub request_timeout: Duration,
    /// A peer that takes no byte of a reply for this long is given up.
    pub write_timeout: Duration,
    /// So is one that has not taken the whole reply after this.
    pub reply_timeout: Duration,
}

impl ServerLimits {
    /// Fits core's habits with much room: it opens two connections per call, one call per query.
    pub const CORE: ServerLimits = ServerLimits {
        connections_max: 512,
        calls_max: 256,
        reply_bytes_max: crate::rows::REPLY_BYTES_MAX,
        request: Limits::REQUEST,
        idle_timeout: Duration::from_secs(60),
        request_timeout: Duration::from_secs(10),
        write_timeout: Duration::from_secs(30),
        // Core itself waits no longer (`--thrift_timeout`).
        reply_timeout: Duration::from_secs(300),
    };
}

/// Why a server could not start.
#[derive(Debug, thiserror::Error)]
#[error("failed to listen at {path}: {source}")]
pub struct ServerError {
    /// The socket.
    pub path: PathBuf,
    /// What the system said.
    pub source: std::io::Error,
}

/// A whole reply message, and who wants to know whether it was sent.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) bytes: Vec<u8>,
    pub(crate) sent: OnSent,
}

impl From<Vec<u8>> for Reply {
    fn from(bytes: Vec<u8>) -> Reply {
        Reply { bytes, sent: OnSent::default() }
    }
}

/// What remains to be done for a request once it is read.
pub(crate) type Answer<'a> = Box<dyn FnOnce() -> Reply + 'a>;

/// Answers the requests of one socket.
pub(crate) trait Service: Send + Sync {
    /// Reads the arguments of `head`. `stopping` turns true when the answer is no longer wanted.
    ///
    /// # Errors
    /// When the request cannot be read; the connection is closed then.
    fn request<'a>(
        &'a self,
        head: &'a Head,
        arguments: &mut Reader<'_>,
        stopping: &'a Arc<AtomicBool>,
    ) -> Result<Answer<'a>, WireError>;
}

/// A socket that is being served until it is stopped or dropped.
#[derive(Debug)]
pub(crate) struct Server {
    shared: Arc<Shared>,
    waker: Waker,
    acceptor: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(
        path: &Path,
        service: Arc<dyn Service>,
        limits: ServerLimits,
        counters: Arc<Counters>,
    ) -> Result<Server, ServerError> {
        let failed = |source| ServerError { path: path.to_owned(), source };
        let listener = Listener::bind(path).map_err(failed)?;
        let (waker, wake) = waker().map_err(failed)?;
        let shared = Arc::new(Shared {
            service,
            limits,
            counters,
            stopping: Arc::default(),
            connections: Mutex::default(),
            ended: Condvar::new(),
        });
        let acceptor = thread::Builder::new()
            .name("osquery-accept".to_owned())
            .spawn({
                let shared = Arc::clone(&shared);
                move || accept_all(&shared, &listener, &wake)
            })
            .map_err(failed)?;
        Ok(Server { shared, waker, acceptor: Some(acceptor) })
    }

    /// Connections open now.
    #[cfg(test)]
    pub(crate) fn connections(&self) -> usize {
        self.shared.connections().open.len()
    }

    /// Closes everything. An answer that is not ready within 80 ms is left to end by itself (its
    /// query is told that it is cancelled) and counted.
    pub(crate) fn stop(&mut self) {
        self.shared.stopping.store(true, Ordering::Relaxed);
        self.waker.wake();
        if let Some(acceptor) = self.acceptor.take() {
            // A panic there was reported by the panic hook; the listener is dropped either way.
            let _ = acceptor.join();
        }
        let deadline = Instant::now() + STOP_WAIT;
        let mut connections = self.shared.connections();
        for open in connections.open.values() {
            open.stream.close();
        }
        while !connections.open.is_empty() {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                self.shared.counters.left_running.add(connections.open.len());
                connections.open.clear();
                return;
            }
            connections = self
                .shared
                .ended
                .wait_timeout(connections, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

struct Shared {
    service: Arc<dyn Service>,
    limits: ServerLimits,
    counters: Arc<Counters>,
    stopping: Arc<AtomicBool>,
    connections: Mutex<Connections>,
    ended: Condvar,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Shared").field("limits", &self.limits).finish_non_exhaustive()
    }
}

#[derive(Debug, Default)]
struct Connections {
    open: HashMap<u64, Open>,
    next: u64,
}

#[derive(Debug)]
struct Open {
    stream: Arc<Stream>,
    /// Since when it waits for bytes; `None` while it is being answered.
    waiting_since: Option<Instant>,
}

impl Shared {
    fn connections(&self) -> MutexGuard<'_, Connections> {
        // The map stays whole even if a thread panicked with the lock held.
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the connection in, at the price of the longest waiting one when there are too many.
    fn admit(&self, stream: &Arc<Stream>) -> Option<u64> {
        let mut connections = self.connections();
        if connections.open.len() >= self.limits.connections_max {
            let longest = connections
                .open
                .iter()
                .filter_map(|(id, open)| Some((open.waiting_since?, *id)))
                .min();
            let Some((_, id)) = longest else {
                self.counters.refused.add(1);
                return None;
            };
            if let Some(open) = connections.open.remove(&id) {
                open.stream.close();
            }
            self.counters.evicted.add(1);
        }
        let id = connections.next;
        connections.next += 1;
        let open = Open { stream: Arc::clone(stream), waiting_since: Some(Instant::now()) };
        connections.open.insert(id, open);
        Some(id)
    }

    /// Notes what the connection does; `false` when it was evicted meanwhile.
    fn mark(&self, id: u64, waiting_since: Option<Instant>) -> bool {
        match self.connections().open.get_mut(&id) {
            Some(open) => {
                open.waiting_since = waiting_since;
                true
            }
            None => false,
        }
    }

    fn release(&self, id: u64) {
        self.connections().open.remove(&id);
        self.ended.notify_all();
    }
}

fn accept_all(shared: &Arc<Shared>, listener: &Listener, wake: &Wake) {
    loop {
        match listener.accept(wake) {
            Ok(Accepted::Stream(stream)) => open(shared, Arc::new(stream)),
            Ok(Accepted::Nothing) => {}
            Ok(Accepted::Woken) => return,
            Err(error) => {
                tracing::warn!(%error, "failed to accept a connection");
                shared.counters.refused.add(1);
                if !matches!(wake.pause(ACCEPT_PAUSE), Ok(false)) {
                    return;
                }
            }
        }
    }
}

fn open(shared: &Arc<Shared>, stream: Arc<Stream>) {
    shared.counters.connections.add(1);
    let Some(id) = shared.admit(&stream) else { return };
    let thread = thread::Builder::new().name("osquery-serve".to_owned()).spawn({
        let shared = Arc::clone(shared);
        move || {
            let leave = Leave { shared: &shared, id };
            serve(&shared, id, stream);
            drop(leave);
        }
    });
    if thread.is_err() {
        shared.counters.refused.add(1);
        shared.release(id);
    }
}

/// Takes a connection off the list however its thread ends.
struct Leave<'a> {
    shared: &'a Shared,
    id: u64,
}

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        self.shared.release(self.id);
    }
}

fn serve(shared: &Shared, id: u64, stream: Arc<Stream>) {
    let mut connection = Connection::new(stream);
    let mut waiting_since = Instant::now();
    while !shared.stopping.load(Ordering::Relaxed) {
        match serve_one(shared, id, waiting_since, &mut connection) {
            Ok(()) => {}
            Err(WireError::Closed) => return,
            Err(_) if shared.stopping.load(Ordering::Relaxed) => return,
            Err(WireError::TimedOut) => return shared.counters.timed_out.add(1),
            Err(error) => {
                shared.counters.malformed.add(1);
                tracing::debug!(%error, "connection closed");
                return;
            }
        }
        waiting_since = Instant::now();
        if !shared.mark(id, Some(waiting_since)) {
            return;
        }
    }
}

fn serve_one(
    shared: &Shared,
    id: u64,
    since: Instant,
    connection: &mut Connection,
) -> Result<(), WireError> {
    connection.read_until(Some(since + shared.limits.idle_timeout));
    if !connection.wait()? {
        return Err(WireError::Closed);
    }
    connection.read_until(Some(Instant::now() + shared.limits.request_timeout));
    let mut reader = Reader::new(connection, shared.limits.request);
    let head = reader.head()?;
    if !matches!(head.kind, Kind::Call | Kind::Oneway) {
        return Err(WireError::Kind(head.kind as u8));
    }
    let answer = shared.service.request(&head, &mut reader, &shared.stopping)?;
    if !shared.mark(id, None) {
        return Err(WireError::Closed);
    }
    let reply = answer();
    if head.kind == Kind::Call {
        let limits = &shared.limits;
        connection.send(&reply.bytes, limits.write_timeout, limits.reply_timeout)?;
        reply.sent.sent();
    }
    Ok(())
}
