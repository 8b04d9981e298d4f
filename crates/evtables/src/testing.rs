// SPDX-License-Identifier: Apache-2.0
//! A whole extension in the test's own process: the real host, collector and store, osquery's double on
//! the other side, and a publisher whose events the test makes.

use crate::args::{Format, ReplayArgs};
use crate::config::Config;
use crate::extension::{Host, REPLAYED, SERVED, Served, StartCollector, StartError};
use crate::replay::replay;
use crate::run;
use crate::serving::Serving;
use crate::settings::HOST_SQL;
use evtables_engine::{Collector, CollectorError, DataDir, REPLAY, Source};
use evtables_osquery::{DoubleOptions, ManagerDouble, Row as OsqueryRow, Rows};
use evtables_schema::generated::process_events::linux::{Builder, Row, TABLE as PROCESSES};
use evtables_schema::{EventBatch, TableSpec};
use evtables_sdk::{Emitter, HookStatus, LossCount, Outcome, Publisher, PublisherError, Stage};
use evtables_sql::{Column, Database, RowSink, SqlValue};
use evtables_store::ErrorKind;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

pub(crate) const TABLE: &str = "linux_process_events";
pub(crate) const WAIT: Duration = Duration::from_secs(30);

/// Waits for `done`.
pub(crate) fn wait(what: &str, mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + WAIT;
    while !done() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

/// What the test's events come from; outlives the collectors.
#[derive(Default)]
pub(crate) struct Feed {
    emitter: Mutex<Option<Emitter>>,
    pub(crate) sent: AtomicU64,
    /// Events that the ledger is told were lost.
    pub(crate) lost: AtomicU64,
    /// While set, no collector starts.
    pub(crate) held: AtomicBool,
    /// See [`Feed::eager`].
    is_eager: bool,
}

/// Paths `/bin/m0` and on, all of them in each marked batch.
pub(crate) const MARKERS: u64 = 101;
/// Rows of a marked batch.
pub(crate) const MARKED_ROWS: u64 = MARKERS * 5;

impl Feed {
    /// One that sends a marked batch the moment that something captures.
    pub(crate) fn eager() -> Self {
        Self { is_eager: true, ..Self::default() }
    }

    /// Sends processes with pids from `first`, one batch of 1,000 after the other; `false` when
    /// nothing captures.
    pub(crate) fn send(&self, first: u64, count: u64) -> bool {
        let emitter = self.emitter.lock().unwrap();
        let Some(emitter) = &*emitter else { return false };
        for start in (first..first + count).step_by(1_000) {
            let mut builder = Builder::default();
            for pid in start..(start + 1_000).min(first + count) {
                let number = i64::try_from(pid).unwrap();
                let cmdline = format!("/bin/task --number {pid}");
                builder.push(&Row {
                    action: "PROC_CREATE",
                    pid: number,
                    process_guid: u128::from(pid),
                    path: Some(["/bin/task", "/bin/other"][usize::from(pid % 10 == 0)]),
                    cmdline: Some(&cmdline),
                    time: evtables_engine::host::now_ns(),
                    comm: "task",
                    cap_effective: "0000000000000000",
                    ..Row::default()
                });
            }
            assert!(emitter.send(builder.finish()), "the bus is full");
        }
        self.sent.fetch_add(count, Ordering::Relaxed);
        true
    }

    /// Sends one batch with pids from `first`, whose rows have the markers by turns; `false` when nothing
    /// captures.
    pub(crate) fn send_marked(&self, first: u64) -> bool {
        let emitter = self.emitter.lock().unwrap();
        let Some(emitter) = &*emitter else { return false };
        let mut builder = Builder::default();
        for pid in first..first + MARKED_ROWS {
            let path = format!("/bin/m{}", pid % MARKERS);
            builder.push(&Row {
                action: "PROC_CREATE",
                pid: i64::try_from(pid).unwrap(),
                process_guid: u128::from(pid),
                path: Some(&path),
                time: evtables_engine::host::now_ns(),
                comm: "m",
                cap_effective: "0000000000000000",
                ..Row::default()
            });
        }
        assert!(emitter.send(builder.finish()), "the bus is full");
        self.sent.fetch_add(MARKED_ROWS, Ordering::Relaxed);
        true
    }

    pub(crate) fn is_attached(&self) -> bool {
        self.emitter.lock().unwrap().is_some()
    }
}

struct FeedPublisher(Arc<Feed>);

impl Publisher for FeedPublisher {
    fn name(&self) -> &'static str {
        "feed"
    }

    fn tables(&self) -> Vec<&'static TableSpec> {
        vec![&PROCESSES]
    }

    fn start(&mut self, emitter: Emitter) -> Result<(), PublisherError> {
        *self.0.emitter.lock().unwrap() = Some(emitter);
        if self.0.is_eager {
            assert!(self.0.send_marked(1));
        }
        Ok(())
    }

    fn hooks(&self) -> Vec<HookStatus> {
        Vec::new()
    }

    fn ledger(&self) -> Vec<LossCount> {
        let line = |outcome, count: &AtomicU64| {
            LossCount::new(&PROCESSES, Stage::Kernel, outcome, "", count.load(Ordering::Relaxed))
        };
        vec![line(Outcome::Lost, &self.0.lost), line(Outcome::Seen, &self.0.sent)]
    }

    fn stop(&mut self) {
        *self.0.emitter.lock().unwrap() = None;
    }
}

type Starting =
    dyn Fn(&Path, &Config, Vec<Box<dyn Publisher>>) -> Result<Collector, StartError> + Send;

/// Sends what it was given, once.
struct Given(Option<EventBatch>);

impl Publisher for Given {
    fn name(&self) -> &'static str {
        "given"
    }

    fn tables(&self) -> Vec<&'static TableSpec> {
        self.0.iter().map(|batch| batch.table).collect()
    }

    fn start(&mut self, emitter: Emitter) -> Result<(), PublisherError> {
        self.0.take().into_iter().for_each(|batch| assert!(emitter.send(batch)));
        Ok(())
    }

    fn hooks(&self) -> Vec<HookStatus> {
        Vec::new()
    }

    fn ledger(&self) -> Vec<LossCount> {
        Vec::new()
    }

    fn stop(&mut self) {}
}

/// One extension process, as a thread.
pub(crate) struct Running {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<Result<(), String>>>,
    pub(crate) serving: Arc<Serving>,
}

impl Running {
    pub(crate) fn start(dir: &Path, socket: &Path, feed: &Arc<Feed>) -> Self {
        Self::start_as_child_of(dir, socket, feed, None)
    }

    pub(crate) fn start_as_child_of(
        dir: &Path,
        socket: &Path,
        feed: &Arc<Feed>,
        parent: Option<u32>,
    ) -> Self {
        let feed = Arc::clone(feed);
        let start = move |dir: &Path, config: &Config, more| collect(&feed, dir, config, more);
        Self::serve(dir, socket, SERVED, parent, Box::new(start))
    }

    /// As with `--replay`: nothing captures.
    pub(crate) fn start_replay(dir: &Path, socket: &Path) -> Self {
        let start = |_: &Path, _: &Config, _| Err(StartError::Failed("they are a replay".into()));
        Self::serve(dir, socket, REPLAYED, None, Box::new(start))
    }

    fn serve(
        dir: &Path,
        socket: &Path,
        platforms: Served,
        parent: Option<u32>,
        start: Box<Starting>,
    ) -> Self {
        let stop = Arc::<AtomicBool>::default();
        let (told, serving) = mpsc::channel();
        let (dir, socket, flag) = (dir.to_owned(), socket.to_owned(), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            let interval = Duration::from_millis(50);
            let host = Host::serve(&dir, &socket, interval, platforms);
            let mut host = host.map_err(|e| e.to_string())?;
            host.orphaned_after = Duration::from_millis(300);
            host.capture_after = Instant::now() + Duration::from_millis(300);
            told.send(Arc::clone(&host.serving)).unwrap();
            host.keep(&*start as &StartCollector, &flag, parent);
            host.stop()
        });
        let serving = serving.recv_timeout(WAIT).expect("the host starts");
        Self { stop, thread: Some(thread), serving }
    }

    /// As SIGTERM does.
    pub(crate) fn stop(mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.take().unwrap().join().unwrap().unwrap();
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.thread.as_ref().unwrap().is_finished()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

pub(crate) fn collect(
    feed: &Arc<Feed>,
    dir: &Path,
    config: &Config,
    more: Vec<Box<dyn Publisher>>,
) -> Result<Collector, StartError> {
    while feed.held.load(Ordering::Relaxed) {
        std::thread::park_timeout(Duration::from_millis(5));
    }
    let mut publishers: Vec<Box<dyn Publisher>> = Vec::new();
    if config.sources_enabled {
        publishers.push(Box::new(FeedPublisher(Arc::clone(feed))));
    }
    publishers.extend(more);
    Collector::start(run::options(dir, config, "extension"), publishers).map_err(|error| {
        match &error {
            CollectorError::Store(store) if store.kind == ErrorKind::Locked => StartError::Busy,
            _ => StartError::Failed(error.to_string()),
        }
    })
}

/// An osquery with our extension beside it.
pub(crate) struct Site {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) double: ManagerDouble,
    pub(crate) feed: Arc<Feed>,
    pub(crate) running: Option<Running>,
    /// Runs that ended, by query.
    ended: BTreeMap<String, u32>,
    clock: i64,
}

impl Site {
    /// With two scheduled queries, `q1` and `q2`, over all process events.
    pub(crate) fn start() -> Self {
        let query = format!(r#"{{"query": "SELECT * FROM {TABLE}", "interval": 1}}"#);
        Self::with_config(&format!(r#"{{"schedule": {{"q1": {query}, "q2": {query}}}}}"#))
    }

    pub(crate) fn with_config(config: &str) -> Self {
        Self::prepared(config, |_| {})
    }

    /// `prepare` changes the double before the extension starts.
    pub(crate) fn prepared(config: &str, prepare: impl FnOnce(&ManagerDouble)) -> Self {
        Self::fed(config, prepare, Feed::default())
    }

    /// With this feed.
    pub(crate) fn fed(config: &str, prepare: impl FnOnce(&ManagerDouble), feed: Feed) -> Self {
        let mut site = Self { feed: Arc::new(feed), ..Self::without_extension(config) };
        prepare(&site.double);
        site.start_extension();
        site
    }

    /// With an extension that serves what is in these recordings, and has read the configuration.
    pub(crate) fn replayed(config: &str, paths: &[PathBuf]) -> Self {
        let paths = paths.to_vec();
        Self::over(config, |dir| {
            let data_dir = Some(dir.to_owned());
            let (pace, strict, format) = (None, false, Format::Table);
            replay(&ReplayArgs { data_dir, pace, strict, format, paths }).unwrap();
        })
    }

    /// The same for these rows.
    pub(crate) fn stored(config: &str, batch: EventBatch) -> Self {
        Self::over(config, |dir| {
            let options = run::options(dir, &Config::standard(), REPLAY);
            let publisher = Box::new(Given(Some(batch)));
            Collector::start(options, vec![publisher]).unwrap().stop().unwrap();
        })
    }

    fn over(config: &str, fill: impl FnOnce(&Path)) -> Self {
        let mut site = Self::without_extension(config);
        fill(&site.dir());
        let running = Running::start_replay(&site.dir(), site.double.socket());
        assert!(site.double.wait_table("evtables_status", WAIT), "never registered");
        wait("the configuration is never read", || running.serving.are_settings_read());
        wait("nothing is served", || matches!(running.serving.data_dir(), Ok(Some(_))));
        site.running = Some(running);
        site
    }

    fn without_extension(config: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("osquery.em");
        let double = ManagerDouble::start(&socket, DoubleOptions::QUICK).unwrap();
        double.set_config(config);
        // As in an osquery that has run before: records of performance are kept.
        double.set_database("query_performance", "other", "1,1,0,0,0,0,0,0,0,0");
        let site = Self {
            folder,
            double,
            feed: Arc::default(),
            running: None,
            ended: BTreeMap::new(),
            clock: 1_700_000_000,
        };
        site.set_host("1", "hash-1", "5.23.0");
        site
    }

    pub(crate) fn dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// What `osquery_info` says: pid of the worker, hash of the configuration, version.
    pub(crate) fn set_host(&self, pid: &str, hash: &str, version: &str) {
        let entries = [
            ("config_hash", hash),
            ("pid", pid),
            ("start_time", "1"),
            ("version", version),
            ("uuid", "U"),
            ("instance_id", "I"),
        ];
        let row: OsqueryRow =
            entries.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        self.double.set_answer(HOST_SQL, vec![row]);
    }

    /// Starts the extension and waits until it captures.
    pub(crate) fn start_extension(&mut self) {
        let socket = self.double.socket().to_owned();
        self.running = Some(Running::start(&self.dir(), &socket, &self.feed));
        // All tables come at once; the name of another may be taken.
        assert!(self.double.wait_table("evtables_status", WAIT), "never registered");
        let feed = Arc::clone(&self.feed);
        wait("nothing captures", || feed.is_attached());
    }

    pub(crate) fn stop_extension(&mut self) {
        self.running.take().unwrap().stop();
    }

    pub(crate) fn serving(&self) -> Arc<Serving> {
        Arc::clone(&self.running.as_ref().unwrap().serving)
    }

    /// Changes the configuration and waits until the extension has it.
    pub(crate) fn reconfigure(&self, hash: &str, config: &str, done: impl FnMut() -> bool) {
        self.double.set_config(config);
        self.set_host("1", hash, "5.23.0");
        wait("the configuration never came", done);
    }

    /// Feeds processes and waits until they are stored.
    pub(crate) fn feed(&self, first: u64, count: u64) {
        assert!(self.feed.send(first, count), "nothing captures");
        let last = i64::try_from(first + count - 1).unwrap();
        wait("events never arrived", || {
            self.number(&format!("SELECT count(*) FROM {TABLE} WHERE pid = {last}")) > 0
        });
    }

    /// Rows of our own SQL over the data dir, values as text.
    pub(crate) fn sql(&self, sql: &str) -> Vec<BTreeMap<String, String>> {
        let source = DataDir::open(&self.dir()).unwrap();
        assert!(!source.tables().is_empty());
        rows_of(Arc::new(source), sql)
    }

    pub(crate) fn number(&self, sql: &str) -> i64 {
        let rows = self.sql(sql);
        rows[0].values().next().unwrap().parse().unwrap_or_else(|_| panic!("{sql}: {rows:?}"))
    }

    /// A run of a scheduled query begins.
    pub(crate) fn begin(&mut self, query: &str) {
        self.clock += 10;
        let start = self.clock.to_string();
        self.double.set_database("configurations", &format!("timestamp.{query}"), &start);
        self.double.set_database("configurations", "executing_query", query);
    }

    /// Its SQL has ended.
    pub(crate) fn end(&mut self, query: &str) {
        let ended = self.ended.entry(query.to_owned()).or_default();
        *ended += 1;
        let record = format!("{ended},{},0,0,0,0,0,0,0,0", self.clock);
        self.double.set_database("query_performance", query, &record);
        self.die();
    }

    /// The worker dies, or goes on, without a word about the run.
    pub(crate) fn die(&mut self) {
        self.double.set_database("configurations", "executing_query", "");
    }

    /// A whole run: its rows' pids.
    pub(crate) fn run(&mut self, query: &str) -> Vec<u64> {
        self.begin(query);
        let rows = self.double.select_all(TABLE);
        self.end(query);
        pids(&rows.unwrap())
    }

    /// Pids that an ad-hoc query sees.
    pub(crate) fn ad_hoc(&self) -> Vec<u64> {
        pids(&self.double.generate(TABLE, &[], &["pid"]).unwrap())
    }
}

/// Rows of our own SQL, values as text.
pub(crate) fn rows_of(source: Arc<dyn Source>, sql: &str) -> Vec<BTreeMap<String, String>> {
    let mut sink = Collected::default();
    let done = Database::open(source).unwrap().query(sql, &mut sink);
    done.unwrap_or_else(|error| panic!("{sql}: {error}"));
    sink.rows
}

pub(crate) fn pids(rows: &Rows) -> Vec<u64> {
    rows.iter().map(|row| row["pid"].parse().unwrap()).collect()
}

#[derive(Default)]
struct Collected {
    columns: Vec<String>,
    rows: Vec<BTreeMap<String, String>>,
}

impl RowSink for Collected {
    fn begin(&mut self, columns: &[Column]) -> std::io::Result<()> {
        self.columns = columns.iter().map(|column| column.name.clone()).collect();
        Ok(())
    }

    fn row(&mut self, values: &[SqlValue<'_>]) -> std::io::Result<()> {
        let text = |value: &SqlValue<'_>| match value {
            SqlValue::Null => String::new(),
            SqlValue::Int(number) => number.to_string(),
            SqlValue::Real(number) => number.to_string(),
            SqlValue::Text(text) => (*text).to_owned(),
            SqlValue::Blob(_) => "blob".to_owned(),
        };
        self.rows.push(self.columns.iter().cloned().zip(values.iter().map(text)).collect());
        Ok(())
    }

    fn end(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
