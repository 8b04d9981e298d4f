// SPDX-License-Identifier: Apache-2.0
//! `evtables_hooks`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `evtables_hooks`.
pub mod any {
    use crate::batch::EventBatch;
    use crate::columns::*;
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};
    use arrow_array::ArrayRef;

    const _: Option<Virtual> = None;

    /// Position of `hook`.
    pub const HOOK: usize = 0;
    /// Position of `event_table`.
    pub const EVENT_TABLE: usize = 1;
    /// Position of `tier`.
    pub const TIER: usize = 2;
    /// Position of `mechanism`.
    pub const MECHANISM: usize = 3;
    /// Position of `state`.
    pub const STATE: usize = 4;
    /// Position of `error`.
    pub const ERROR: usize = 5;
    /// Position of `reason`.
    pub const REASON: usize = 6;
    /// Position of `run_count`.
    pub const RUN_COUNT: usize = 7;
    /// Position of `avg_ns`.
    pub const AVG_NS: usize = 8;

    /// Each place in the operating system where events are taken, and whether it works.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(0), kind: "evtables_hooks", name: "evtables_hooks",
        class: Class::State, platform: Platform::Any,
        summary: "Each place in the operating system where events are taken, and whether it works.",
        example: "SELECT hook, state, reason FROM evtables_hooks WHERE state <> 'attached';",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "hook", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Name of the hook." },
            ColumnSpec { id: ColumnId(1), name: "event_table", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Table that it feeds." },
            ColumnSpec { id: ColumnId(2), name: "tier", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "`A` (tracepoints, loads everywhere) or `B` (function hooks)." },
            ColumnSpec { id: ColumnId(3), name: "mechanism", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "`tp_btf`, `iter`, …" },
            ColumnSpec { id: ColumnId(4), name: "state", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "`attached`, `failed` or `off`." },
            ColumnSpec { id: ColumnId(5), name: "error", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "errno of the failure." },
            ColumnSpec { id: ColumnId(6), name: "reason", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Why it failed or is off." },
            ColumnSpec { id: ColumnId(7), name: "run_count", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Runs of the program, when the kernel keeps statistics." },
            ColumnSpec { id: ColumnId(8), name: "avg_ns", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, ocsf: "", sigma: "", sysmon: "", description: "Mean time of a run, when the kernel keeps statistics." },
        ],
    };

    /// One row as a decode function gives it: every field must be named.
    #[derive(Debug, Clone, PartialEq)]
    #[cfg_attr(feature = "testing", derive(Default))]
    pub struct Row<'a> {
        /// Name of the hook.
        pub hook: &'a str,
        /// Table that it feeds.
        pub event_table: &'a str,
        /// `A` (tracepoints, loads everywhere) or `B` (function hooks).
        pub tier: &'a str,
        /// `tp_btf`, `iter`, …
        pub mechanism: &'a str,
        /// `attached`, `failed` or `off`.
        pub state: &'a str,
        /// errno of the failure.
        pub error: Option<i32>,
        /// Why it failed or is off.
        pub reason: Option<&'a str>,
        /// Runs of the program, when the kernel keeps statistics.
        pub run_count: Option<i64>,
        /// Mean time of a run, when the kernel keeps statistics.
        pub avg_ns: Option<i64>,
    }

    /// Collects rows column by column.
    #[derive(Default)]
    pub struct Builder {
        row_count: usize,
        hook: DictBuilder,
        event_table: DictBuilder,
        tier: DictBuilder,
        mechanism: DictBuilder,
        state: DictBuilder,
        error: IntBuilder,
        reason: DictBuilder,
        run_count: BigIntBuilder,
        avg_ns: BigIntBuilder,
    }

    impl Builder {
        /// Rows collected since the last batch was taken.
        #[must_use]
        pub fn rows(&self) -> usize {
            self.row_count
        }

        /// Appends one row.
        pub fn push(&mut self, row: &Row<'_>) {
            self.row_count += 1;
            self.hook.push(Some(row.hook));
            self.event_table.push(Some(row.event_table));
            self.tier.push(Some(row.tier));
            self.mechanism.push(Some(row.mechanism));
            self.state.push(Some(row.state));
            self.error.push(row.error);
            self.reason.push(row.reason);
            self.run_count.push(row.run_count);
            self.avg_ns.push(row.avg_ns);
        }

        /// Takes what was collected as a batch; the builder is empty again. Columns that others fill are `None`.
        #[must_use]
        pub fn finish(&mut self) -> EventBatch {
            let columns: Vec<Option<ArrayRef>> = vec![
                Some(self.hook.finish()),
                Some(self.event_table.finish()),
                Some(self.tier.finish()),
                Some(self.mechanism.finish()),
                Some(self.state.finish()),
                Some(self.error.finish()),
                Some(self.reason.finish()),
                Some(self.run_count.finish()),
                Some(self.avg_ns.finish()),
            ];
            let rows = std::mem::take(&mut self.row_count);
            EventBatch::new(&TABLE, rows, columns).expect("generated columns fit their table")
        }
    }
}
