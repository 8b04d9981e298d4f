// SPDX-License-Identifier: Apache-2.0
//! `evtables record` where there is no event tracing, or no publisher in the build.

use crate::args::RecordArgs;

/// Says that it is not for here.
pub(crate) fn record(args: &RecordArgs) -> Result<(), String> {
    Err(format!(
        "failed to record to {}: only Windows has these events (and builds with its publishers)",
        args.file.display()
    ))
}
