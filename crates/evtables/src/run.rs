// SPDX-License-Identifier: Apache-2.0
//! `evtables run`: collect in the foreground until told to stop; a service does the same.

use crate::args::{RunArgs, data_dir};
use crate::config::Config;
use crate::extension::StartError;
use crate::publishers;
use crate::system;
use crate::watched_config::{Look, WatchedConfig};
use evtables_engine::{Collector, CollectorError, CollectorOptions, Command, host};
use evtables_sdk::Publisher;
use evtables_store::{ErrorKind, Options};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Runs until SIGTERM or SIGINT.
pub(crate) fn run(args: &RunArgs) -> Result<(), String> {
    // Before anything is attached, so that no signal finds us half way.
    let stop = system::stop_flag()?;
    until(args, "run", &stop, &|| tracing::info!("Ctrl-C stops"))
}

/// Collects until `stop` is set; `started` is called when it does.
pub(crate) fn until(
    args: &RunArgs,
    mode: &'static str,
    stop: &AtomicBool,
    started: &dyn Fn(),
) -> Result<(), String> {
    let watched = args.config.as_ref().map(|path| WatchedConfig::read(path)).transpose()?;
    let config = watched.as_ref().map_or_else(Config::standard, |watched| watched.config().clone());
    let dir = data_dir(args.data_dir.as_ref())?;
    let begin = |config: &Config| start(&dir, config, args.subtree, mode);
    let collector = begin(&config)?;
    tracing::info!("collecting into {}", dir.display());
    started();
    keep(collector, watched, &begin, stop)
}

/// Follows the configuration until told to stop. The file is looked at each second.
pub(crate) fn keep(
    mut collector: Collector,
    mut watched: Option<WatchedConfig>,
    begin: &dyn Fn(&Config) -> Result<Collector, String>,
    stop: &AtomicBool,
) -> Result<(), String> {
    const LOOK: Duration = Duration::from_secs(1);
    let stopped = |e: String| format!("failed to stop cleanly: {e}");
    let mut looked = Instant::now();
    while !stop.load(Ordering::Relaxed) {
        if !collector.is_running() {
            return Err("the collector stopped by itself: see the log above".into());
        }
        std::thread::park_timeout(Duration::from_millis(200));
        if looked.elapsed() < LOOK {
            continue;
        }
        looked = Instant::now();
        let Some(watched) = &mut watched else { continue };
        let before = watched.config().clone();
        match watched.look() {
            Some(Look::Changed) if before.sources() != watched.config().sources() => {
                // Sources are attached when a collector starts.
                collector.stop().map_err(stopped)?;
                collector = begin(watched.config())?;
            }
            Some(Look::Changed) => apply(&collector, watched.config(), ""),
            Some(Look::Wrong(reason)) => apply(&collector, watched.config(), &reason),
            None => {}
        }
    }
    collector.stop().map_err(stopped)
}

/// From one batch to the next.
fn apply(collector: &Collector, config: &Config, remark: &str) {
    let told = collector.tell(Command::Configure(Box::new(config.configured())))
        && collector.tell(Command::Retain(config.retention.clone()))
        && collector.tell(Command::Remark("config", remark.to_owned()));
    if !told {
        tracing::warn!("the collector does not listen: its configuration is an older one");
    }
}

/// Like [`start`], with more publishers; tells a data dir in use from other reasons.
pub(crate) fn start_collector(
    dir: &Path,
    config: &Config,
    (subtree, mode): (Option<u32>, &'static str),
    more: Vec<Box<dyn Publisher>>,
) -> Result<Collector, StartError> {
    system::make_private(dir).map_err(StartError::Failed)?;
    let mut publishers = publishers::all(dir, config, subtree).map_err(StartError::Failed)?;
    publishers.extend(more);
    Collector::start(options(dir, config, mode), publishers).map_err(|error| match &error {
        CollectorError::Store(store) if store.kind == ErrorKind::Locked => StartError::Busy,
        _ => StartError::Failed(error.to_string()),
    })
}

/// Opens the data dir and starts this system's publishers.
pub(crate) fn start(
    dir: &Path,
    config: &Config,
    subtree: Option<u32>,
    mode: &'static str,
) -> Result<Collector, String> {
    system::make_private(dir)?;
    let publishers = publishers::all(dir, config, subtree)?;
    Collector::start(options(dir, config, mode), publishers).map_err(|e| e.to_string())
}

pub(crate) fn options(dir: &Path, config: &Config, mode: &'static str) -> CollectorOptions {
    let mut store = Options::new(host::host_boot());
    store.retention = config.retention.clone();
    CollectorOptions { data_dir: dir.to_owned(), mode, configured: config.configured(), store }
}
