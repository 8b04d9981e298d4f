// SPDX-License-Identifier: Apache-2.0
//! Records to rows: each record becomes one row of the event log, and a row of every table that a
//! mapping leads to. Batches leave when they are full.

use crate::expr::Expr;
use crate::finish::SYSMON;
use crate::functions::{Context, is_true, sensor_guid};
use crate::mapping::Mappings;
use crate::place;
use crate::processes::Processes;
use crate::record::{Block, Record};
use crate::report::Report;
use bumpalo::Bump;
use evtables_schema::generated::event_log_data::windows as event_log;
use evtables_schema::rows::{RowBuilder, Value};
use evtables_schema::{EventBatch, TableSpec};

/// Rows at which a batch leaves.
const BATCH_ROWS_MAX: usize = 1_024;
/// Text of records at which the batch of the event log leaves.
const BATCH_TEXT_MAX: usize = 1 << 20;

/// Sysmon's event of a start.
const SYSMON_START: i64 = 1;

/// Channels whose records may come without the name of their provider.
const PROVIDERS: &[(&str, &str)] = &[
    ("Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon"),
    ("Security", "Microsoft-Windows-Security-Auditing"),
    ("Microsoft-Windows-DNS-Client/Operational", "Microsoft-Windows-DNS-Client"),
    ("Microsoft-Windows-Bits-Client/Operational", "Microsoft-Windows-Bits-Client"),
];

/// Makes rows.
pub(crate) struct Mapper {
    mappings: Mappings,
    kinds: Kinds,
    processes: Processes,
    texts: Bump,
    /// By position of the mapping.
    slots: Vec<usize>,
    builders: Vec<RowBuilder>,
    log: event_log::Builder,
    log_text: usize,
}

impl Mapper {
    /// # Errors
    /// When a mapping file is wrong.
    pub(crate) fn new() -> Result<Self, String> {
        Ok(Self {
            mappings: Mappings::load()?,
            kinds: Kinds::default(),
            processes: Processes::new(),
            texts: Bump::new(),
            slots: Vec::new(),
            builders: Vec::new(),
            log: event_log::Builder::default(),
            log_text: 0,
        })
    }

    /// Looks at records before it is their turn: the Security log tells of a start a moment before Sysmon
    /// does, and both rows have Sysmon's guid.
    pub(crate) fn look_ahead(&mut self, block: &Block) {
        let (mut guid_at, mut pid_at) = (0, 0);
        for record in block.records() {
            if record.head.event_id != SYSMON_START || provider_of(&record) != SYSMON {
                continue;
            }
            let guid = record.field("ProcessGuid", &mut guid_at).and_then(sensor_guid);
            let pid = record.field("ProcessId", &mut pid_at).and_then(place::number);
            if let (Some(guid), Some(pid)) = (guid, pid) {
                self.processes.will_start(record.computer(), pid, record.head.time_ns, guid);
            }
        }
    }

    /// Takes one record in; full batches go to `out`.
    pub(crate) fn push(
        &mut self,
        record: Record<'_>,
        report: &mut Report,
        out: &mut impl FnMut(EventBatch),
    ) {
        let provider = provider_of(&record);
        let mut table = None;
        let kind = self.kinds.find(provider, record.head.event_id, &self.mappings, report);
        for (at, mapping) in self.mappings.at(&kind.mappings) {
            let mut context =
                Context { record, texts: &self.texts, processes: &mut self.processes };
            if let Some(when) = &mapping.when
                && !is_true(when.evaluate(&mut context))
            {
                continue;
            }
            let mut values =
                bumpalo::collections::Vec::with_capacity_in(mapping.columns.len(), &self.texts);
            for column in &mapping.columns {
                values.push(
                    column.as_ref().map_or(Value::Null, |expr| Expr::evaluate(expr, &mut context)),
                );
            }
            let slot = slot_of(&mut self.slots, &mut self.builders, at, mapping.table);
            table = table.or(Some(mapping.table));
            if let Some(builder) = self.builders.get_mut(slot) {
                builder.push(&values);
                report.row(mapping.table);
                if builder.rows() >= BATCH_ROWS_MAX {
                    out(builder.finish());
                }
            }
        }
        self.texts.reset();
        report.record(table.is_some());
        kind.unmapped += u64::from(table.is_none());
        self.push_log(&record, provider, table, out);
    }

    fn push_log(
        &mut self,
        record: &Record<'_>,
        provider: &str,
        table: Option<&'static TableSpec>,
        out: &mut impl FnMut(EventBatch),
    ) {
        let some = |text: &'static str| text;
        let head = record.head;
        let small = |number: Option<i64>| number.and_then(|number| i32::try_from(number).ok());
        let sid = record.text(head.sid);
        let (channel, computer) = (record.channel(), record.computer());
        self.log.push(&event_log::Row {
            time: head.time_ns,
            source: Some(channel).filter(|text| !text.is_empty()),
            provider_name: Some(provider).filter(|text| !text.is_empty()),
            provider_guid: head.provider_guid,
            eventid: small(Some(head.event_id)),
            task: small(head.task),
            level: small(head.level),
            keywords: head.keywords,
            data: Some(record.data()),
            version: small(head.version),
            opcode: small(head.opcode),
            pid: head.pid,
            tid: head.tid,
            user_sid: Some(sid).filter(|text| !text.is_empty()),
            record_id: head.record_id,
            host_name: Some(computer).filter(|text| !text.is_empty()),
            event_table: table.map(|table| some(table.name)),
        });
        self.log_text += record.data().len();
        if self.log.rows() >= BATCH_ROWS_MAX || self.log_text >= BATCH_TEXT_MAX {
            self.log_text = 0;
            out(self.log.finish());
        }
    }

    /// Brings the report's counts by kind up to date.
    pub(crate) fn settle(&mut self, report: &mut Report) {
        self.kinds.settle(report);
    }

    /// Hands over what was collected.
    pub(crate) fn flush(&mut self, out: &mut impl FnMut(EventBatch)) {
        for builder in &mut self.builders {
            if builder.rows() > 0 {
                out(builder.finish());
            }
        }
        if self.log.rows() > 0 {
            self.log_text = 0;
            out(self.log.finish());
        }
    }
}

/// Kinds of records seen lately, each at a place of its own: what is to do with one is mostly known.
struct Kinds {
    places: Vec<Kind>,
    /// For a place that is none.
    other: Kind,
}

/// Places of [`Kinds`].
const KINDS: usize = 256;

/// A provider's event id.
#[derive(Clone, Default)]
struct Kind {
    provider: String,
    event_id: i64,
    mappings: Vec<usize>,
    /// Records without a row of their own that the report does not know of yet.
    unmapped: u64,
}

impl Default for Kinds {
    fn default() -> Self {
        Self { places: vec![Kind::default(); KINDS], other: Kind::default() }
    }
}

impl Kinds {
    fn find(
        &mut self,
        provider: &str,
        event_id: i64,
        mappings: &Mappings,
        report: &mut Report,
    ) -> &mut Kind {
        let last = provider.bytes().next_back().unwrap_or(0);
        let [low, high, ..] = event_id.to_le_bytes();
        let mix =
            usize::from(low) + 7 * usize::from(high) + 31 * provider.len() + usize::from(last);
        let kind = self.places.get_mut(mix % KINDS).unwrap_or(&mut self.other);
        if kind.event_id != event_id || kind.provider != provider {
            kind.settle(report);
            provider.clone_into(&mut kind.provider);
            kind.event_id = event_id;
            kind.mappings.clear();
            kind.mappings.extend_from_slice(mappings.of(provider, event_id));
        }
        kind
    }

    fn settle(&mut self, report: &mut Report) {
        self.places.iter_mut().for_each(|kind| kind.settle(report));
        self.other.settle(report);
    }
}

impl Kind {
    fn settle(&mut self, report: &mut Report) {
        let count = std::mem::take(&mut self.unmapped);
        if count > 0 {
            report.unmapped(&self.provider, self.event_id, count);
        }
    }
}

/// The builder of a mapping's table.
fn slot_of(
    slots: &mut Vec<usize>,
    builders: &mut Vec<RowBuilder>,
    at: usize,
    table: &'static TableSpec,
) -> usize {
    if let Some(slot) = slots.get(at).filter(|slot| **slot != usize::MAX) {
        return *slot;
    }
    let slot = builders.iter().position(|builder| builder.table() == table).unwrap_or_else(|| {
        builders.push(RowBuilder::new(table));
        builders.len() - 1
    });
    if slots.len() <= at {
        slots.resize(at + 1, usize::MAX);
    }
    if let Some(entry) = slots.get_mut(at) {
        *entry = slot;
    }
    slot
}

fn provider_of<'r>(record: &Record<'r>) -> &'r str {
    let provider = record.provider();
    if !provider.is_empty() {
        return provider;
    }
    let channel = record.channel();
    let known = PROVIDERS.iter().find(|(name, _)| name.eq_ignore_ascii_case(channel));
    known.map_or("", |(_, provider)| provider)
}
