// SPDX-License-Identifier: Apache-2.0
//! `evtables record`: raw events of this machine into a file that `evtables replay` reads anywhere.
//! Not exercised on Windows by this project: `evtables selftest` tells.

use crate::args::RecordArgs;
use crate::out::say;
use crate::system;
use crate::system_state::OpenKeys;
use evtables_engine::host;
use evtables_publisher_windows::live;
use evtables_publisher_windows::native::{Etw, this_machine};
use std::fs::File;
use std::io::BufWriter;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Records until told to stop, or for as long as was asked.
pub(crate) fn record(args: &RecordArgs) -> Result<(), String> {
    let failed =
        |error: std::io::Error| format!("failed to record to {}: {error}", args.file.display());
    let file = File::create_new(&args.file).map_err(failed)?;
    let (flag, began) = (system::stop_flag()?, Instant::now());
    let whole = args.seconds.map(Duration::from_secs);
    let stop =
        || flag.load(Ordering::Relaxed) || whole.is_some_and(|whole| began.elapsed() >= whole);
    tracing::info!("recording to {}; Ctrl-C stops", args.file.display());
    let out = BufWriter::new(file);
    let machine = this_machine(host::host_name(), host::boot_ns());
    let recorded = live::record(Arc::new(Etw::new()), &machine, Some(&OpenKeys), out, &stop);
    if recorded.as_ref().is_err_and(|error| error.kind() == std::io::ErrorKind::Unsupported) {
        let _ = std::fs::remove_file(&args.file);
    }
    let (counts, losses) = recorded.map_err(failed)?;
    say!("{} events recorded, {} too large", counts.recorded, counts.too_large)?;
    for loss in losses {
        say!("lost: {} {}", loss.count, loss.reason)?;
    }
    Ok(())
}
