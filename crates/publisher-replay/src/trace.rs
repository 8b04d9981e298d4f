// SPDX-License-Identifier: Apache-2.0
//! A trace (`.etl`) as rows: read and decoded by publisher-windows. Here it is only paced, handed
//! over, and counted.

use crate::report::Report;
use evtables_publisher_windows::etl::{DAMAGE_PLACES_MAX, EtlReader};
use evtables_publisher_windows::{
    DecodeCounts, DecodeSettings, Decoder, Fetched, RawEvent, RawEventSink, RawEventSource,
};
use evtables_schema::EventBatch;
use std::io::{Read, Seek};
use std::ops::ControlFlow;

/// Events that are read between two looks at the surroundings.
const EVENTS_AT_ONCE: usize = 4_096;

/// What the reading of a trace tells its surroundings.
pub(crate) trait Surroundings {
    /// So many events were read, the last of this time. Breaking ends the reading.
    fn read(&mut self, events: usize, time_ns: i64) -> ControlFlow<()>;
    /// Rows.
    fn batch(&mut self, batch: EventBatch) -> ControlFlow<()>;
}

/// Reads a trace to its end. `Ok(false)` when the surroundings ended it.
///
/// # Errors
/// Why it cannot be read, or not to its end; what was read by then is handed over and counted.
pub(crate) fn replay(
    input: &str,
    file: impl Read + Seek,
    report: &mut Report,
    around: &mut dyn Surroundings,
) -> Result<bool, String> {
    let mut reader = EtlReader::open(file).map_err(|error| error.to_string())?;
    let settings = DecodeSettings { host_name: None, boot_ns: reader.header().boot_ns };
    let mut decoder = Decoder::new(&settings);
    let read = events(&mut reader, &mut decoder, around);
    let mut batches = Vec::new();
    decoder.finish(&mut batches);
    let mut whole = matches!(read, Ok(true));
    for batch in batches {
        whole &= around.batch(batch).is_continue();
    }
    for damage in reader.damage().iter().take(DAMAGE_PLACES_MAX) {
        report.place(format!("{input}: byte {}: {}", damage.place, damage.reason));
    }
    count(report, &reader, &decoder.counts());
    read.map(|_| whole)
}

fn events<R: Read + Seek>(
    reader: &mut EtlReader<R>,
    decoder: &mut Decoder,
    around: &mut dyn Surroundings,
) -> Result<bool, String> {
    let mut batches = Vec::new();
    loop {
        let mut last_ns = i64::MIN;
        let fetched = reader.fetch(EVENTS_AT_ONCE, &mut |event: &RawEvent<'_>| {
            last_ns = event.time_ns;
            decoder.event(event);
        });
        let read = match fetched.map_err(|error| error.to_string())? {
            Fetched::Events(read) => read,
            Fetched::Idle | Fetched::End => return Ok(true),
        };
        decoder.take_full(&mut batches);
        let mut open = around.read(read, last_ns);
        for batch in batches.drain(..) {
            if open.is_continue() {
                open = around.batch(batch);
            }
        }
        if open.is_break() {
            return Ok(false);
        }
    }
}

fn count<R: Read + Seek>(report: &mut Report, reader: &EtlReader<R>, counts: &DecodeCounts) {
    let traces = &mut report.traces;
    traces.traces += 1;
    traces.events += counts.seen;
    traces.mapped += counts.rows;
    traces.learnt += counts.learnt;
    traces.late += reader.out_of_order();
    traces.newer += counts.newer.values().sum::<u64>();
    traces.forgotten += counts.forgotten;
    for (reason, count) in &counts.left_out {
        *traces.left_out.entry(reason).or_default() += count;
    }
    for loss in reader.losses() {
        *traces.lost.entry(loss.reason).or_default() += loss.count;
    }
    for (kind, count) in &counts.unmapped {
        let provider = format!("{:?} {}", kind.class, kind.provider);
        report.trace_unmapped(provider, kind.id.into(), *count);
    }
    if counts.unmapped_more > 0 {
        report.trace_unmapped("(others)".to_owned(), -1, counts.unmapped_more);
    }
}
