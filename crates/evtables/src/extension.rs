// SPDX-License-Identifier: Apache-2.0
//! Extension mode: the process that osquery starts with `--socket`. Collects, and serves its tables.

use crate::args::{ExtensionArgs, data_dir};
use crate::config::Config;
use crate::osquery_table::OsqueryTable;
use crate::run;
use evtables_engine::{DataDir, Source};
use evtables_osquery::{Extension, ExtensionEvent, ExtensionInfo, ExtensionOptions, Owner, Table};
use evtables_schema::{Class, Platform};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Runs until SIGTERM. `shutdown` from core alone does not end us: a worker that was killed sends it
/// too, and comes back.
pub(crate) fn run(args: &ExtensionArgs, socket: &Path) -> Result<(), String> {
    let dir = data_dir(args.data_dir.as_ref())?;
    let stop = run::stop_flag()?;
    let (collector, source) = match run::start(&dir, &Config::standard(), args.subtree, "extension")
    {
        Ok(collector) => {
            let source = DataDir::with_reader(&dir, collector.reader());
            (Some(collector), source)
        }
        // Another collector has the data dir, or nothing can be captured here: serve what is stored.
        Err(error) => {
            tracing::warn!("serving stored events only: {error}");
            (None, DataDir::open(&dir).map_err(|e| e.to_string())?)
        }
    };
    let source: Arc<dyn Source> = Arc::new(source);
    let tables = source
        .tables()
        .into_iter()
        .filter(|table| table.class == Class::State || table.platform == HERE)
        .map(|table| Arc::new(OsqueryTable::new(table, Arc::clone(&source))) as Arc<dyn Table>)
        .collect();
    let info = ExtensionInfo::new("evtables", env!("CARGO_PKG_VERSION"));
    let mut options = ExtensionOptions::new(socket, info);
    options.interval = Duration::from_secs(args.interval.max(1));
    let extension =
        Extension::start(options, tables, Vec::new(), Arc::new(Log)).map_err(|e| e.to_string())?;
    while !stop.load(Ordering::Relaxed) {
        std::thread::park_timeout(Duration::from_millis(200));
    }
    extension.stop();
    match collector {
        Some(collector) => collector.stop().map_err(|e| format!("failed to stop cleanly: {e}")),
        None => Ok(()),
    }
}

#[cfg(target_os = "linux")]
const HERE: Platform = Platform::Linux;
#[cfg(not(target_os = "linux"))]
const HERE: Platform = Platform::Windows;

/// Says in the log what happens with osquery.
struct Log;

impl Owner for Log {
    fn event(&self, event: ExtensionEvent) {
        match event {
            ExtensionEvent::Registered(report) => {
                tracing::info!("registered with osquery as {}", report.uuid);
                for table in report.tables {
                    match table.registered_as {
                        Some(name) if name == table.name => {}
                        Some(name) => {
                            tracing::warn!("{} is served as {name}: its name is taken", table.name)
                        }
                        None => tracing::warn!("{} is left out: its name is taken", table.name),
                    }
                }
            }
            ExtensionEvent::Waiting { reason } => tracing::debug!("waiting for osquery: {reason}"),
            ExtensionEvent::Lost { reason } => tracing::warn!("osquery dropped us: {reason}"),
            ExtensionEvent::ShutdownAsked => {
                tracing::info!("osquery asked to shut down; still collecting")
            }
        }
    }

    fn other_name(&self, table: &str) -> Option<String> {
        (!table.starts_with("evtables_")).then(|| format!("evtables_{table}"))
    }
}
