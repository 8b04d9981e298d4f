// SPDX-License-Identifier: Apache-2.0
//! `evtables run`: collect in the foreground until told to stop.

use crate::args::{RunArgs, data_dir};
use crate::config::Config;
use crate::publishers;
use evtables_engine::{Collector, CollectorOptions, host};
use evtables_store::Options;
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

/// Opens the data dir and starts this system's publishers.
pub(crate) fn start(
    dir: &Path,
    config: &Config,
    subtree: Option<u32>,
    mode: &'static str,
) -> Result<Collector, String> {
    let mut store = Options::new(host::host_boot());
    store.retention = config.retention.clone();
    let options = CollectorOptions {
        data_dir: dir.to_owned(),
        mode,
        config_hash: config.hash.clone(),
        store,
    };
    let publishers = publishers::of_this_system(config, subtree)?;
    Collector::start(options, publishers).map_err(|e| e.to_string())
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
