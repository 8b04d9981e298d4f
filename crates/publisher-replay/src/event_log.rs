// SPDX-License-Identifier: Apache-2.0
//! Event XML as rows of `win_event_log_data`, for whoever asks the event log itself.

use crate::lines::XmlEvents;
use crate::mapper::Mapper;
use crate::record::{BLOCK_RECORDS_MAX, Block};
use crate::report::Report;
use evtables_schema::EventBatch;
use evtables_schema::generated::event_log_data::windows::TABLE;

/// Rows of the events in a text, one after the other, and how many could not be read.
///
/// # Errors
/// Never, but for a fault in the mapping files that this crate holds.
pub fn event_log_rows(xml: &str) -> Result<(Vec<EventBatch>, usize), String> {
    let mut mapper = Mapper::new()?;
    let mut reader = XmlEvents::new(xml.as_bytes());
    let (mut report, mut bad, mut batches) = (Report::default(), Vec::new(), Vec::new());
    let mut keep = |batch: EventBatch| {
        if batch.table == &TABLE {
            batches.push(batch);
        }
    };
    loop {
        let mut block = Block::new(BLOCK_RECORDS_MAX);
        let more = reader.read(&mut block, &mut bad).map_err(|error| error.to_string())?;
        for record in block.records() {
            mapper.push(record, &mut report, &mut keep);
        }
        if !more {
            break;
        }
    }
    mapper.flush(&mut keep);
    Ok((batches, bad.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_one_after_the_other() {
        let event = |id: u32| {
            format!(
                "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>\
                 <Provider Name='P'/><EventID>{id}</EventID><Level>4</Level>\
                 <TimeCreated SystemTime='2026-11-24T06:30:05.1234567Z'/><EventRecordID>9</EventRecordID>\
                 <Channel>Security</Channel></System><EventData><Data Name='A'>b</Data></EventData></Event>\n"
            )
        };
        let text = format!("{}<Event><broken></Event>\n{}", event(1), event(2));
        let (batches, bad) = event_log_rows(&text).unwrap();
        let rows: usize = batches.iter().map(|batch| batch.rows).sum();
        assert_eq!((rows, bad), (2, 1));
        assert!(event_log_rows("").unwrap().0.is_empty());
    }
}
