// SPDX-License-Identifier: Apache-2.0
//! Filters of the configuration in the path of events: between the enrichers and the store. A batch is
//! judged by the one configuration that is in force when it comes, never by two.

use crate::host;
use crate::limits::{Limiting, Limits};
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

/// Rows of `evtables_filters`: the state file is written each second.
pub const ROWS_MAX: usize = 1_024;
const NAME_CHARS_MAX: usize = 256;

/// Filters at work, with what they did.
#[derive(Debug, Default)]
pub(crate) struct Filtering {
    set: FilterSet,
    /// Counts the configurations since start; 1 is the first.
    version: i64,
    /// By table and rule; those of the set in force.
    rules: BTreeMap<&'static str, Vec<Work>>,
    /// What one in so many and the rates of a table did.
    limited: BTreeMap<&'static str, [Work; 2]>,
    limiting: Limiting,
    /// Rows left out by table and reason, since start.
    filtered: BTreeMap<(&'static str, &'static str), (&'static TableSpec, u64)>,
}

/// Reasons in the ledger.
const RULE: &str = "rule";
const SAMPLE: &str = "sample";
const RATE: &str = "rate";
const SHED: &str = "shed";

/// What one rule did; the last of a table stands for "no include rule matched".
#[derive(Debug, Clone, Copy, Default)]
struct Work {
    hits: u64,
    bytes_saved: u64,
    last_hit: i64,
    /// Hits that sources had told of by the last look.
    early: u64,
}

impl Work {
    fn hit(&mut self, count: u64, bytes_per_row: u64, now: i64) {
        if count > 0 {
            self.hits += count;
            self.bytes_saved += count * bytes_per_row;
            self.last_hit = now;
        }
    }
}

impl Filtering {
    pub(crate) fn new(set: FilterSet, limits: Limits) -> Self {
        let mut filtering = Self::default();
        filtering.change(set, limits);
        filtering
    }

    /// From the next batch on.
    pub(crate) fn change(&mut self, set: FilterSet, limits: Limits) {
        let work = |rules: &Rules| vec![Work::default(); rules.rules().len() + 1];
        self.rules = set.all().map(|rules| (rules.table().name, work(rules))).collect();
        self.set = set;
        self.limited.clear();
        // Windows of a rate go on when the rates stay.
        if *self.limiting.limits() != limits {
            self.limiting = Limiting::new(limits);
        }
        self.version += 1;
    }

    pub(crate) fn version(&self) -> i64 {
        self.version
    }

    /// Counts a batch of a table that is given up.
    pub(crate) fn shed(&mut self, batch: &EventBatch) {
        let (_, count) = self.filtered.entry((batch.table.name, SHED)).or_insert((batch.table, 0));
        *count += batch.rows as u64;
    }

    /// The rows that are kept; `None` when there are none.
    pub(crate) fn judge(&mut self, batch: EventBatch) -> Option<EventBatch> {
        let batch = self.by_rules(batch)?;
        self.by_limits(batch)
    }

    fn by_rules(&mut self, batch: EventBatch) -> Option<EventBatch> {
        let Some(rules) = self.set.of(batch.table) else { return Some(batch) };
        let verdict = rules.judge(&batch);
        let now = host::now_seconds();
        let bytes_per_row = bytes_per_row(&batch);
        if let Some(work) = self.rules.get_mut(batch.table.name) {
            let mut add = |at: usize, count: u64, is_drop: bool| {
                let Some(work) = work.get_mut(at).filter(|_| count > 0) else { return };
                work.hit(count, if is_drop { bytes_per_row } else { 0 }, now);
            };
            for (rule, count) in &verdict.hits {
                let drops = rules.rules().get(*rule).is_some_and(|r| r.action == Action::Exclude);
                add(*rule, *count, drops);
            }
            add(rules.rules().len(), verdict.unwanted, true);
        }
        let left = (batch.rows - verdict.keep.true_count()) as u64;
        self.leave_out(batch, &verdict.keep, &[(RULE, left)])
    }

    fn by_limits(&mut self, batch: EventBatch) -> Option<EventBatch> {
        let Some(limited) = self.limiting.judge(&batch) else { return Some(batch) };
        let (now, bytes_per_row) = (host::now_seconds(), bytes_per_row(&batch));
        let [sample, rate] = self.limited.entry(batch.table.name).or_default();
        sample.hit(limited.sampled, bytes_per_row, now);
        rate.hit(limited.rated, bytes_per_row, now);
        self.leave_out(batch, &limited.keep, &[(SAMPLE, limited.sampled), (RATE, limited.rated)])
    }

    /// The rows of `keep`, the others counted by reason.
    fn leave_out(
        &mut self,
        batch: EventBatch,
        keep: &arrow_array::BooleanArray,
        reasons: &[(&'static str, u64)],
    ) -> Option<EventBatch> {
        let passing = match keep.true_count() {
            kept if kept == batch.rows => return Some(batch),
            0 => None,
            // Arrays of a batch always fit each other: kept whole rather than lost.
            _ => match passing(&batch, keep) {
                Some(passing) => Some(passing),
                None => return Some(batch),
            },
        };
        for (reason, rows) in reasons.iter().filter(|(_, rows)| *rows > 0) {
            let place = (batch.table.name, *reason);
            let (_, count) = self.filtered.entry(place).or_insert((batch.table, 0));
            *count += rows;
        }
        passing
    }

    /// Rows that an enricher left out.
    pub(crate) fn note_left_out(
        &mut self,
        table: &'static TableSpec,
        reason: &'static str,
        rows: u64,
    ) {
        if rows > 0 {
            let (_, count) = self.filtered.entry((table.name, reason)).or_insert((table, 0));
            *count += rows;
        }
    }

    /// Rows left out, by table and reason.
    pub(crate) fn filtered(
        &self,
    ) -> impl Iterator<Item = (&'static TableSpec, &'static str, u64)> + '_ {
        self.filtered.iter().map(|((_, reason), (table, count))| (*table, *reason, *count))
    }

    pub(crate) fn filtered_of(&self, table: &TableSpec) -> u64 {
        self.filtered().filter(|(of, ..)| *of == table).map(|(_, _, count)| count).sum()
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

    /// Rows of `evtables_filters`, with what sources did. Of more rules than [`ROWS_MAX`] those with the
    /// most hits have a row, and the others of a table one together.
    pub(crate) fn states(&self, early: &[RuleCount]) -> Vec<FilterState> {
        let early: BTreeMap<(&str, Option<usize>), &RuleCount> =
            early.iter().map(|count| ((count.table.name, count.rule), count)).collect();
        let mut entries = self.entries(&early);
        let mut others: BTreeMap<&'static str, (u64, Work)> = BTreeMap::new();
        if entries.len() > ROWS_MAX {
            entries.select_nth_unstable_by_key(ROWS_MAX - 1, |entry| {
                (std::cmp::Reverse(entry.work.hits), entry.rules.table().name, entry.at)
            });
            for entry in entries.split_off(ROWS_MAX) {
                let (count, work) = others.entry(entry.rules.table().name).or_default();
                *count += 1;
                work.hits += entry.work.hits;
                work.bytes_saved += entry.work.bytes_saved;
                work.last_hit = work.last_hit.max(entry.work.last_hit);
            }
            entries.sort_by_key(|entry| (entry.rules.table().name, entry.at));
        }
        let mut states: Vec<FilterState> = entries.iter().map(|e| self.state_of(e)).collect();
        for (table, (count, work)) in others {
            let name = format!("({count} more rules)");
            states.push(self.row(table, &name, ("", "engine"), work));
        }
        let limits = self.limiting.limits();
        let work_of = |table: &str| self.limited.get(table).copied().unwrap_or_default();
        for (table, sample) in &limits.samples {
            let [work, _] = work_of(table);
            states.push(self.row(table, &sample.name(), (SAMPLE, "engine"), work));
        }
        for (table, rate) in &limits.rates {
            let [_, work] = work_of(table);
            states.push(self.row(table, &rate.name(), (RATE, "engine"), work));
        }
        states
    }

    fn entries<'a>(
        &'a self,
        early: &BTreeMap<(&str, Option<usize>), &'a RuleCount>,
    ) -> Vec<Entry<'a>> {
        let mut entries = Vec::new();
        for rules in self.set.all() {
            let table = rules.table().name;
            let work = self.rules.get(table).map(Vec::as_slice).unwrap_or_default();
            let mut add = |at: Option<usize>, work: Option<&Work>| {
                let early = early.get(&(table, at)).copied();
                let mut work = work.copied().unwrap_or_default();
                work.hits += early.map_or(0, |early| early.hits);
                entries.push(Entry { rules, at, runs_in: runs_in(early), work });
            };
            for (at, work) in (0..rules.rules().len()).zip(work) {
                add(Some(at), Some(work));
            }
            if rules.rules().iter().any(|rule| rule.action == Action::Include) {
                add(None, work.last());
            }
        }
        entries
    }

    fn state_of(&self, entry: &Entry<'_>) -> FilterState {
        let rule = entry.at.and_then(|at| entry.rules.rules().get(at));
        let (name, action) = match rule {
            Some(rule) => (rule.name.as_str(), rule.action.word()),
            None => ("(no include rule matches)", "exclude"),
        };
        self.row(entry.rules.table().name, name, (action, entry.runs_in), entry.work)
    }

    fn row(
        &self,
        table: &str,
        rule: &str,
        (action, runs_in): (&str, &str),
        work: Work,
    ) -> FilterState {
        FilterState {
            event_table: table.into(),
            rule: shown(rule),
            action: action.into(),
            runs_in: runs_in.into(),
            hits: work.hits,
            bytes_saved: work.bytes_saved,
            last_hit: work.last_hit,
            config_version: self.version,
        }
    }
}

/// One rule, or "no include rule matches", with what it did.
struct Entry<'a> {
    rules: &'a Rules,
    at: Option<usize>,
    runs_in: &'static str,
    work: Work,
}

/// The beginning of a name.
fn shown(name: &str) -> String {
    let mut shown: String = name.chars().take(NAME_CHARS_MAX).collect();
    if shown.len() < name.len() {
        shown.push('…');
    }
    shown
}

fn bytes_per_row(batch: &EventBatch) -> u64 {
    (batch.bytes() / batch.rows.max(1)) as u64
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
    use crate::limits::{Rate, Sample};
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
        let mut filtering = Filtering::new(set(Action::Exclude, "/a"), Limits::default());
        let kept = filtering.judge(rows()).unwrap();
        assert_eq!(read(kept, &["path"]), [[Some("/b".to_owned())]]);
        let state = &filtering.states(&[])[0];
        assert_eq!((state.hits, state.config_version, state.rule.as_str()), (1, 1, "/a"));
        assert!(state.bytes_saved > 0 && state.last_hit > 0);
        // Another configuration: its own counts, one ledger.
        filtering.change(set(Action::Include, "/nothing"), Limits::default());
        assert!(filtering.judge(rows()).is_none());
        let states = filtering.states(&[]);
        assert_eq!((states[0].hits, states[1].hits, states[1].config_version), (0, 2, 2));
        assert_eq!(filtering.filtered_of(&process::TABLE), 3);
        filtering.change(FilterSet::default(), Limits::default());
        assert_eq!(filtering.judge(rows()).unwrap().rows, 2);
    }

    #[test]
    fn limits_act_behind_the_rules_and_are_counted() {
        let rate = Rate { table: &process::TABLE, per: Vec::new(), per_second: 10 };
        let sample = Sample { table: &process::TABLE, per: Vec::new(), one_in: 2 };
        let limits = Limits {
            rates: [(process::TABLE.name, rate)].into(),
            samples: [(process::TABLE.name, sample)].into(),
        };
        let mut filtering = Filtering::new(set(Action::Exclude, "/a"), limits);
        let row = |n| ProcessRow::exec(n, 0, if n % 4 == 0 { "/a" } else { "/b" }, "x");
        let kept = filtering.judge(batch(&(0..100).map(row).collect::<Vec<_>>())).unwrap();
        assert_eq!(kept.rows, 10);
        let counts: Vec<(&str, u64)> =
            filtering.filtered().map(|(_, reason, count)| (reason, count)).collect();
        assert_eq!(counts, [("rate", 28), ("rule", 25), ("sample", 37)]);
        assert_eq!(filtering.filtered_of(&process::TABLE), 90);
        let states = filtering.states(&[]);
        let told: Vec<(&str, &str, u64)> =
            states.iter().map(|s| (s.action.as_str(), s.rule.as_str(), s.hits)).collect();
        assert_eq!(
            told,
            [("exclude", "/a", 25), ("sample", "one in 2", 37), ("rate", "10 per second", 28)]
        );
        assert!(states.iter().all(|state| state.bytes_saved > 0 && state.last_hit > 0));
    }

    #[test]
    fn rows_of_many_rules_are_bounded_and_add_up() {
        let rule = |n: usize| Rule {
            name: format!("{n}{}", "x".repeat(1_000)),
            action: Action::Exclude,
            when: When::Is(process::PATH, Operator::Equals(format!("/{n}"))),
        };
        let rules = Rules::new(&process::TABLE, (0..100_000).map(rule).collect()).unwrap();
        let mut filtering = Filtering::new(FilterSet::new(vec![rules]), Limits::default());
        let row = |n: u128| ProcessRow::exec(n, 0, &format!("/{}", 90_000 + n), "x");
        assert!(filtering.judge(batch(&(0..1_000).map(row).collect::<Vec<_>>())).is_none());
        let states = filtering.states(&[]);
        assert_eq!(states.len(), ROWS_MAX + 1);
        assert_eq!(states.iter().map(|state| state.hits).sum::<u64>(), 1_000);
        assert_eq!(states.iter().filter(|state| state.hits == 1).count(), 1_000, "those with hits");
        assert_eq!(states[ROWS_MAX].rule, "(98976 more rules)");
        assert!(states.iter().all(|state| state.rule.chars().count() <= NAME_CHARS_MAX + 1));
    }
}
