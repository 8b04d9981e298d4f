// SPDX-License-Identifier: Apache-2.0
//! Filters of the configuration in the path of events: between the enrichers and the store. A batch is
//! judged by the one configuration that is in force when it comes, never by two.

use crate::host;
use crate::state::FilterState;
use arrow_select::filter::filter;
pub use evtables_filter::rules::FilterSet;
use evtables_filter::rules::{Action, Reach, Rules};
use evtables_schema::{EventBatch, TableSpec};
use evtables_sdk::RuleCount;
use std::collections::BTreeMap;

/// The rows of a batch that pass; `None` when the arrays refuse.
#[must_use]
pub fn passing(batch: &EventBatch, keep: &arrow_array::BooleanArray) -> Option<EventBatch> {
    let columns = (0..batch.table.columns.len())
        .map(|at| batch.column(at).map(|array| filter(array, keep)).transpose().ok());
    EventBatch::new(batch.table, keep.true_count(), columns.collect::<Option<Vec<_>>>()?)
}

/// Filters at work, with what they did.
#[derive(Debug, Default)]
pub(crate) struct Filtering {
    set: FilterSet,
    /// Counts the configurations since start; 1 is the first.
    version: i64,
    /// By table and rule; those of the set in force.
    rules: BTreeMap<&'static str, Vec<Work>>,
    /// Rows left out by table, since start.
    filtered: BTreeMap<&'static str, (&'static TableSpec, u64)>,
}

/// What one rule did; the last of a table stands for "no include rule matched".
#[derive(Debug, Clone, Copy, Default)]
struct Work {
    hits: u64,
    bytes_saved: u64,
    last_hit: i64,
    /// Hits that sources had told of by the last look.
    early: u64,
}

impl Filtering {
    pub(crate) fn new(set: FilterSet) -> Self {
        let mut filtering = Self::default();
        filtering.change(set);
        filtering
    }

    /// From the next batch on.
    pub(crate) fn change(&mut self, set: FilterSet) {
        let work = |rules: &Rules| vec![Work::default(); rules.rules().len() + 1];
        self.rules = set.all().map(|rules| (rules.table().name, work(rules))).collect();
        self.set = set;
        self.version += 1;
    }

    pub(crate) fn version(&self) -> i64 {
        self.version
    }

    /// The rows that are kept; `None` when there are none.
    pub(crate) fn judge(&mut self, batch: EventBatch) -> Option<EventBatch> {
        let Some(rules) = self.set.of(batch.table) else { return Some(batch) };
        let verdict = rules.judge(&batch);
        let now = host::now_seconds();
        let bytes_per_row = (batch.bytes() / batch.rows.max(1)) as u64;
        if let Some(work) = self.rules.get_mut(batch.table.name) {
            let mut add = |at: usize, count: u64, is_drop: bool| {
                let Some(work) = work.get_mut(at).filter(|_| count > 0) else { return };
                work.hits += count;
                work.bytes_saved += if is_drop { count * bytes_per_row } else { 0 };
                work.last_hit = now;
            };
            for (rule, count) in &verdict.hits {
                let drops = rules.rules().get(*rule).is_some_and(|r| r.action == Action::Exclude);
                add(*rule, *count, drops);
            }
            add(rules.rules().len(), verdict.unwanted, true);
        }
        let kept = verdict.keep.true_count();
        if kept == batch.rows {
            return Some(batch);
        }
        // Arrays of a batch always fit each other: kept whole rather than lost.
        let passing = match kept {
            0 => None,
            _ => Some(passing(&batch, &verdict.keep).unwrap_or_else(|| batch.clone())),
        };
        let left = batch.rows - passing.as_ref().map_or(0, |batch| batch.rows);
        let (_, count) = self.filtered.entry(batch.table.name).or_insert((batch.table, 0));
        *count += left as u64;
        passing
    }

    /// Rows left out, by table.
    pub(crate) fn filtered(&self) -> impl Iterator<Item = (&'static TableSpec, u64)> + '_ {
        self.filtered.values().copied()
    }

    pub(crate) fn filtered_of(&self, table: &TableSpec) -> u64 {
        self.filtered.get(table.name).map_or(0, |(_, count)| *count)
    }

    /// Takes note of when sources left out something last.
    pub(crate) fn note_early(&mut self, early: &[RuleCount], now: i64) {
        for count in early {
            let Some(work) = self.rules.get_mut(count.table.name) else { continue };
            let at = count.rule.unwrap_or(work.len() - 1);
            if let Some(work) = work.get_mut(at).filter(|work| work.early < count.hits) {
                work.early = count.hits;
                work.last_hit = now;
            }
        }
    }

    /// Rows of `evtables_filters`, with what sources did.
    pub(crate) fn states(&self, early: &[RuleCount]) -> Vec<FilterState> {
        let mut states = Vec::new();
        for rules in self.set.all() {
            let table = rules.table().name;
            let work = self.rules.get(table).map(Vec::as_slice).unwrap_or_default();
            let mut add = |rule: &str, action: &str, at: Option<usize>, work: Option<&Work>| {
                let work = work.copied().unwrap_or_default();
                let early = early.iter().find(|e| e.table.name == table && e.rule == at);
                states.push(FilterState {
                    event_table: table.into(),
                    rule: rule.into(),
                    action: action.into(),
                    runs_in: runs_in(early).into(),
                    hits: work.hits + early.map_or(0, |early| early.hits),
                    bytes_saved: work.bytes_saved,
                    last_hit: work.last_hit,
                    config_version: self.version,
                });
            };
            for (at, (rule, work)) in rules.rules().iter().zip(work).enumerate() {
                add(&rule.name, rule.action.word(), Some(at), Some(work));
            }
            if rules.rules().iter().any(|rule| rule.action == Action::Include) {
                add("(no include rule matches)", "exclude", None, work.last());
            }
        }
        states
    }
}

/// Where a rule runs. What sources leave to others is judged in the engine.
fn runs_in(early: Option<&RuleCount>) -> &'static str {
    match early.map_or(Reach::None, |early| early.reach) {
        Reach::Whole => "kernel",
        Reach::Part => "kernel, engine",
        Reach::None => "engine",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{ProcessRow, batch, read};
    use evtables_filter::rules::{Operator, Rule, When};
    use evtables_schema::generated::process_events::linux as process;

    fn set(action: Action, path: &str) -> FilterSet {
        let when = When::Is(process::PATH, Operator::Glob(path.into()));
        let rule = Rule { name: path.into(), action, when };
        FilterSet::new(vec![Rules::new(&process::TABLE, vec![rule]).unwrap()])
    }

    fn rows() -> EventBatch {
        batch(&[ProcessRow::exec(1, 0, "/a", "x"), ProcessRow::exec(2, 0, "/b", "x")])
    }

    #[test]
    fn what_is_left_out_is_counted_with_its_rule() {
        let mut filtering = Filtering::new(set(Action::Exclude, "/a"));
        let kept = filtering.judge(rows()).unwrap();
        assert_eq!(read(kept, &["path"]), [[Some("/b".to_owned())]]);
        let state = &filtering.states(&[])[0];
        assert_eq!((state.hits, state.config_version, state.rule.as_str()), (1, 1, "/a"));
        assert!(state.bytes_saved > 0 && state.last_hit > 0);
        // Another configuration: its own counts, one ledger.
        filtering.change(set(Action::Include, "/nothing"));
        assert!(filtering.judge(rows()).is_none());
        let states = filtering.states(&[]);
        assert_eq!((states[0].hits, states[1].hits, states[1].config_version), (0, 2, 2));
        assert_eq!(filtering.filtered_of(&process::TABLE), 3);
        filtering.change(FilterSet::default());
        assert_eq!(filtering.judge(rows()).unwrap().rows, 2);
    }
}
