// SPDX-License-Identifier: Apache-2.0
//! `evtables run`: collect in the foreground until told to stop.

use crate::args::{RunArgs, data_dir};
use crate::config::Config;
use crate::extension::StartError;
use crate::publishers;
use evtables_engine::{Collector, CollectorError, CollectorOptions, host};
use evtables_sdk::Publisher;
use evtables_store::{ErrorKind, Options};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Runs until SIGTERM or SIGINT.
pub(crate) fn run(args: &RunArgs) -> Result<(), String> {
    let config = match &args.config {
        Some(path) => Config::read(path)?,
        None => Config::standard(),
    };
    let dir = data_dir(args.data_dir.as_ref())?;
    // Before anything is attached, so that no signal finds us half way.
    let stop = stop_flag()?;
    let collector = start(&dir, &config, args.subtree, "run")?;
    tracing::info!("collecting into {}; Ctrl-C stops", dir.display());
    while !stop.load(Ordering::Relaxed) {
        if !collector.is_running() {
            return Err("the collector stopped by itself: see the log above".into());
        }
        std::thread::park_timeout(Duration::from_millis(200));
    }
    collector.stop().map_err(|e| format!("failed to stop cleanly: {e}"))
}

/// Like [`start`], with more publishers; tells a data dir in use from other reasons.
pub(crate) fn start_collector(
    dir: &Path,
    config: &Config,
    (subtree, mode): (Option<u32>, &'static str),
    more: Vec<Box<dyn Publisher>>,
) -> Result<Collector, StartError> {
    let mut publishers = publishers::of_this_system(config, subtree).map_err(StartError::Failed)?;
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
    let publishers = publishers::of_this_system(config, subtree)?;
    Collector::start(options(dir, config, mode), publishers).map_err(|e| e.to_string())
}

pub(crate) fn options(dir: &Path, config: &Config, mode: &'static str) -> CollectorOptions {
    let mut store = Options::new(host::host_boot());
    store.retention = config.retention.clone();
    CollectorOptions { data_dir: dir.to_owned(), mode, configured: config.configured(), store }
}

/// A flag that SIGTERM and SIGINT set; a second signal ends the process at once.
pub(crate) fn stop_flag() -> Result<Arc<AtomicBool>, String> {
    let mut signals =
        Signals::new([SIGTERM, SIGINT]).map_err(|e| format!("failed to catch signals: {e}"))?;
    let flag = Arc::new(AtomicBool::new(false));
    let set = Arc::clone(&flag);
    let main = std::thread::current();
    std::thread::Builder::new()
        .name("signals".into())
        .spawn(move || {
            for _ in signals.forever() {
                if set.swap(true, Ordering::Relaxed) {
                    std::process::exit(1);
                }
                main.unpark();
            }
        })
        .map_err(|e| format!("failed to start a thread: {e}"))?;
    Ok(flag)
}
