// SPDX-License-Identifier: Apache-2.0
//! `win_event_log_channels` and the live face of `win_event_log_data`: a query in the event log's own
//! language out of what SQL compares, and rows out of the XML that comes back.

use crate::registry::Values;
use crate::sources::{EventLog, Key, Registry};
use crate::{ReadEvents, wanted};
use arrow_array::{Array as _, Int64Array, TimestampNanosecondArray};
use evtables_filter::Predicate;
use evtables_schema::EventBatch;
use evtables_schema::columns::{BigIntBuilder, UuidBuilder};
use evtables_schema::generated::event_log_channels::windows as channels_table;
use evtables_schema::generated::event_log_data::windows as table;
use evtables_schema::ids::{HostBoot, event_id};
use evtables_schema::time::write_iso_text;
use evtables_sdk::StateRows;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

const CHANNELS: &str = r"SOFTWARE\Microsoft\Windows\CurrentVersion\WINEVT\Channels";
const CLASSIC: &str = r"SYSTEM\CurrentControlSet\Services\EventLog";
/// Events of one call, their XML, and the time to get them.
const EVENTS_MAX: usize = 10_000;
const TEXT_MAX: usize = 64 << 20;
const TIME_MAX: Duration = Duration::from_secs(10);
/// Values of one comparison that the event log is told; more are left to SQL.
const VALUES_MAX: usize = 20;

/// Names of the channels. When the service does not answer, the registry does.
pub(crate) fn channels(log: &dyn EventLog, registry: &dyn Registry) -> StateRows {
    let names = log.channels().unwrap_or_else(|error| {
        tracing::debug!("the event log names no channels, the registry does: {error}");
        let mut names = registry.subkeys(&Key::machine(CHANNELS));
        names.extend(registry.subkeys(&Key::machine(CLASSIC)));
        names
    });
    let mut builder = channels_table::Builder::default();
    for source in names.into_iter().collect::<BTreeSet<_>>() {
        builder.push(&channels_table::Row { source: &source });
    }
    StateRows::all(builder.finish())
}

/// Events of the channels that the query names.
pub(crate) fn events(
    (log, registry): (&dyn EventLog, &dyn Registry),
    host: HostBoot,
    read: ReadEvents,
    wanted: &Predicate,
) -> Result<StateRows, String> {
    let Some(channels) = wanted::texts(wanted, table::SOURCE) else {
        return Err("name a channel: WHERE source = 'Security'; win_event_log_channels lists them"
            .to_owned());
    };
    let (query, begun) = (query(wanted), Instant::now());
    let (mut xml, mut count, mut cut) = (String::new(), 0_usize, None);
    let mut without_xml = 0_usize;
    for channel in &channels {
        log.events(channel, &query, &mut |event| {
            count += 1;
            match event {
                Some(event) => {
                    xml.push_str(&event);
                    xml.push('\n');
                }
                None => without_xml += 1,
            }
            let is_full =
                count >= EVENTS_MAX || xml.len() >= TEXT_MAX || begun.elapsed() > TIME_MAX;
            if is_full {
                cut = Some(format!("events: the newest {count} were read"));
            }
            !is_full
        })
        .map_err(|error| about(channel, &error, registry))?;
        if cut.is_some() {
            break;
        }
    }
    let (mut batches, unread) = read(&xml)?;
    let unread = unread + without_xml;
    if unread > 0 {
        let unread = format!("{unread} could not be read");
        cut =
            Some(cut.map_or_else(|| format!("events: {unread}"), |cut| format!("{cut}; {unread}")));
    }
    let mut number = 0;
    for batch in &mut batches {
        fill(batch, host, &mut number);
    }
    Ok(StateRows { batches, cut })
}

/// Why a channel gave nothing, with the mend where the channel is the fault.
fn about(channel: &str, error: &str, registry: &dyn Registry) -> String {
    let folder = Key::machine(CHANNELS).below(channel);
    let known = Values::of(registry, &folder).number("Enabled");
    match known {
        Some(0) => format!("channel {channel} is switched off ({error})"),
        _ => format!("channel {channel}: {error}; win_event_log_channels lists the channels"),
    }
}

/// What the store gives rows that it keeps: here numbers in the order read, and ids that stay the same.
fn fill(batch: &mut EventBatch, host: HostBoot, number: &mut i64) {
    let (mut seqs, mut ids) = (BigIntBuilder::default(), UuidBuilder::default());
    let column = |at: usize| batch.column(at).map(|array| array.as_any());
    let times =
        column(table::TIME).and_then(|array| array.downcast_ref::<TimestampNanosecondArray>());
    let records = column(table::RECORD_ID).and_then(|array| array.downcast_ref::<Int64Array>());
    for row in 0..batch.rows {
        *number += 1;
        seqs.push(Some(*number));
        let record = records.filter(|array| array.is_valid(row)).map(|array| array.value(row));
        let time = times.filter(|array| array.is_valid(row)).map_or(0, |array| array.value(row));
        let record = u64::try_from(record.unwrap_or(*number)).unwrap_or(0);
        ids.push(Some(event_id(host, table::TABLE.id, time, record)));
    }
    batch.set_column(table::SEQ, seqs.finish());
    batch.set_column(table::EID, ids.finish());
}

/// What of the comparisons the event log understands. It compares text by case, and SQL here does not, so
/// names are left to SQL.
fn query(wanted: &Predicate) -> String {
    let mut parts = Vec::new();
    let any = |column: usize, part: &dyn Fn(&str) -> Option<String>| {
        let values =
            wanted::texts(wanted, column).filter(|v| (1..=VALUES_MAX).contains(&v.len()))?;
        let parts: Vec<String> = values.iter().map(|v| part(v)).collect::<Option<_>>()?;
        Some(format!("({})", parts.join(" or ")))
    };
    let number = |name: &'static str| {
        move |value: &str| Some(format!("{name}={}", value.parse::<u32>().ok()?))
    };
    parts.extend(any(table::EVENTID, &number("EventID")));
    parts.extend(any(table::LEVEL, &number("Level")));
    parts.extend(any(table::TASK, &number("Task")));
    let (from, to) = wanted.time_range();
    let mut times = Vec::new();
    for (bound, op) in [(from, ">="), (to, "<=")] {
        let Some(bound) = bound else { continue };
        let mut text = String::new();
        write_iso_text(bound, &mut text);
        times.push(format!("@SystemTime{op}'{text}'"));
    }
    if !times.is_empty() {
        parts.push(format!("TimeCreated[{}]", times.join(" and ")));
    }
    if parts.is_empty() {
        return "*".to_owned();
    }
    let mut query = String::new();
    // A text takes everything.
    let _ = write!(query, "*[System[{}]]", parts.join(" and "));
    query
}
