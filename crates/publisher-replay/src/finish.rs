// SPDX-License-Identifier: Apache-2.0
//! What is done to every record, whatever it was read from, before it counts as one.

use crate::record::Draft;
use crate::time;

/// Name of Sysmon as provider.
pub(crate) const SYSMON: &str = "Microsoft-Windows-Sysmon";
const SYSMON_CHANNEL: &str = "Microsoft-Windows-Sysmon/Operational";

/// The time that the sensor itself gives, which is worth more than that of the log or of a collector.
pub(crate) fn sensor_time(draft: &Draft<'_>) -> Option<i64> {
    let is_sysmon = draft.str(draft.head.provider) == SYSMON
        || draft.str(draft.head.channel).eq_ignore_ascii_case(SYSMON_CHANNEL);
    if !is_sysmon {
        return None;
    }
    time::parse(draft.find("UtcTime")?)
}

/// Commits a record, or says in a word why it is none.
pub(crate) fn commit(mut draft: Draft<'_>) -> Result<(), &'static str> {
    if let Some(ns) = sensor_time(&draft) {
        draft.head.time_ns = ns;
    }
    if draft.head.time_ns == 0 {
        return Err("no_time");
    }
    let named =
        !draft.str(draft.head.provider).is_empty() || !draft.str(draft.head.channel).is_empty();
    if draft.head.event_id < 0 || !named {
        return Err("no_event_id");
    }
    draft.commit();
    Ok(())
}
