// SPDX-License-Identifier: Apache-2.0
//! Filters of the configuration in the path of events: between the enrichers and the store. A batch is
//! judged by the one configuration that is in force when it comes, never by two.

use crate::host;
use crate::state::FilterState;
use arrow_select::filter::filter;
use evtables_filter::rules::{Action, Rules};
use evtables_schema::{EventBatch, TableSpec};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The rules of all tables. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct FilterSet(Arc<BTreeMap<&'static str, Rules>>);

impl FilterSet {
    /// From the rules of each table.
    #[must_use]
    pub fn new(rules: Vec<Rules>) -> Self {
        Self(Arc::new(rules.into_iter().map(|rules| (rules.table().name, rules)).collect()))
    }

    /// Whether every event is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those of one table.
    #[must_use]
    pub fn of(&self, table: &TableSpec) -> Option<&Rules> {
        self.0.get(table.name)
    }

    /// All of them, by table.
    pub fn all(&self) -> impl Iterator<Item = &Rules> {
        self.0.values()
    }
}

/// Whether they were written alike.
impl PartialEq for FilterSet {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || (self.0.keys().eq(other.0.keys())
                && self.all().map(Rules::rules).eq(other.all().map(Rules::rules)))
    }
}

impl Eq for FilterSet {}

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

    /// Rows of `evtables_filters`.
    pub(crate) fn states(&self) -> Vec<FilterState> {
        let mut states = Vec::new();
        for rules in self.set.all() {
            let table = rules.table().name;
            let work = self.rules.get(table).map(Vec::as_slice).unwrap_or_default();
            let mut add = |rule: &str, action: &str, work: Option<&Work>| {
                let work = work.copied().unwrap_or_default();
                states.push(FilterState {
                    event_table: table.into(),
                    rule: rule.into(),
                    action: action.into(),
                    runs_in: "engine".into(),
                    hits: work.hits,
                    bytes_saved: work.bytes_saved,
                    last_hit: work.last_hit,
                    config_version: self.version,
                });
            };
            for (rule, work) in rules.rules().iter().zip(work) {
                add(&rule.name, rule.action.word(), Some(work));
            }
            if rules.rules().iter().any(|rule| rule.action == Action::Include) {
                add("(no include rule matches)", "exclude", work.last());
            }
        }
        states
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
        let state = &filtering.states()[0];
        assert_eq!((state.hits, state.config_version, state.rule.as_str()), (1, 1, "/a"));
        assert!(state.bytes_saved > 0 && state.last_hit > 0);
        // Another configuration: its own counts, one ledger.
        filtering.change(set(Action::Include, "/nothing"));
        assert!(filtering.judge(rows()).is_none());
        let states = filtering.states();
        assert_eq!((states[0].hits, states[1].hits, states[1].config_version), (0, 2, 2));
        assert_eq!(filtering.filtered_of(&process::TABLE), 3);
        filtering.change(FilterSet::default());
        assert_eq!(filtering.judge(rows()).unwrap().rows, 2);
    }
}
