// SPDX-License-Identifier: Apache-2.0
//! Rules of the configuration that run in the kernel (bpf/rules.h): those that the path of the acting
//! process and the kind of a record decide, whatever else stands in the row.
//!
//! Each program is judged once, by its path, with the code that judges rows ([`Foresight`]); the verdict
//! waits in a map under a hash of the path. So any operator can run there, and kernel and engine cannot
//! disagree. A program that is not judged yet goes the long way: the engine judges every row that comes.
//! Rules of the process table stay with the engine, which learns from its rows who everybody is.

use crate::decode::write_path;
use crate::hooks::TableHooks;
use crate::load::{Kernel, LoadError};
use crate::record::{Components, Exec, kind};
use crate::snapshot::Pass;
use evtables_schema::TableSpec;
use evtables_sdk::RuleCount;
use evtables_sdk::rules::{Action, FilterSet, Foresight, Foretold, Operator, Reach, Rules, When};
use libbpf_rs::{MapCore, MapFlags, MapHandle};
use std::collections::{BTreeMap, HashSet};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};

/// `SLOT_SOCKET`, `WIRE_SLOTS`, `WIRE_RULES` and `RULE_PROGRAMS_MAX` of wire.h; HASHED_MAX of process.bpf.c.
const SLOT_SOCKET: usize = 48;
const SLOTS: usize = 64;
const RULES: usize = 64;
const PROGRAMS_MAX: usize = 8_192;
const HASHED_MAX: usize = 512;
/// Number of "no include rule matches". Rules behind the ones below it run in the engine.
const UNWANTED: usize = RULES - 1;

/// Key of the hash of paths; a secret, so that nobody can choose a path that passes for another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Secret([u64; 2]);

impl Secret {
    pub(crate) fn random() -> Self {
        let random = || RandomState::new().build_hasher().finish();
        Self([random(), random()])
    }

    /// As the kernel side has it: low words first.
    pub(crate) fn words(self) -> [u32; 4] {
        let low = |word: u64| u32::try_from(word & 0xffff_ffff).unwrap_or(0);
        let [first, second] = self.0;
        [low(first), low(first >> 32), low(second), low(second >> 32)]
    }

    /// Hash of a path as the kernel walked it; `None` when it is not judged there.
    fn hash(self, path: Components<'_>) -> Option<u64> {
        if path.0.is_empty() || path.0.len() >= HASHED_MAX {
            return None;
        }
        let [first, second] = self.0;
        // The kernel side needs just this function, with keys; the replacement takes none.
        #[allow(deprecated)]
        let mut hasher = std::hash::SipHasher::new_with_keys(first, second);
        hasher.write(path.0);
        Some(hasher.finish()).filter(|hash| *hash != 0)
    }
}

/// Records of one kind, as a table's rules see them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Slot {
    slot: usize,
    /// Their action, where all have the same.
    action: Option<&'static str>,
}

fn slots_of(kinds: &[u16]) -> Vec<Slot> {
    let mut slots = Vec::new();
    for kind in kinds {
        let one = |action| Slot { slot: usize::from(*kind), action };
        match *kind {
            kind::SOCKET => slots.extend(
                (1..)
                    .zip(crate::decode::SOCKET_ACTIONS)
                    .map(|(action, word)| Slot { slot: SLOT_SOCKET + action, action: Some(*word) }),
            ),
            kind::FILE_CREATE => slots.push(one(Some("FILE_CREATE"))),
            kind::FILE_WRITE | kind::ELF_WRITE => slots.push(one(Some("FILE_WRITE"))),
            _ => slots.push(one(None)),
        }
    }
    slots
}

/// The rules of one table, as far as they can run here.
struct TablePlan {
    spec: &'static TableSpec,
    slots: Vec<Slot>,
    /// Through the path alone, and through path and action.
    by_path: Foresight,
    by_action: Foresight,
    reach: Vec<Reach>,
    /// Of "no include rule matches".
    include_reach: Reach,
}

impl TablePlan {
    /// `None` when no rule of the table can run here.
    fn new(table: &TableHooks, rules: &Rules) -> Option<Self> {
        let columns = table.spec.columns.iter();
        let path = columns.enumerate().find(|(_, column)| column.fill == "process.path")?.0;
        let slots = slots_of(table.kinds);
        let by_path = Foresight::new(rules, vec![path]);
        let action = table.spec.column("action");
        let both = action.map_or_else(|| vec![path], |action| vec![path, action]);
        let by_action = Foresight::new(rules, both);
        let everywhere = slots.iter().all(|slot| slot.action.is_some());
        let path_alone = by_path.reach(rules);
        let mut reach = by_action.reach(rules);
        for (at, (reach, alone)) in reach.iter_mut().zip(path_alone).enumerate() {
            if at >= UNWANTED - 1 {
                *reach = Reach::None;
            } else if !everywhere && *reach == Reach::Whole && alone != Reach::Whole {
                *reach = Reach::Part;
            }
        }
        let is_used = reach.iter().any(|reach| *reach != Reach::None);
        let mut includes = rules.rules().iter().zip(&reach);
        let include = includes.find(|(rule, _)| rule.action == Action::Include);
        let include_reach = include.map_or(Reach::None, |(_, reach)| *reach);
        is_used.then_some(Self {
            spec: table.spec,
            slots,
            by_path,
            by_action,
            reach,
            include_reach,
        })
    }

    /// Number of the rule that leaves out what this program does in the slot.
    fn number(&self, rules: &Rules, path: &str, action: Option<&str>) -> Option<u8> {
        let foretold = match action {
            Some(_) => self.by_action.foretell(rules, &[Some(path), action]),
            None => self.by_path.foretell(rules, &[Some(path)]),
        };
        let number = match foretold {
            Foretold::Open => return None,
            Foretold::Excluded(rule) if rule >= UNWANTED - 1 => return None,
            Foretold::Excluded(rule) => rule + 1,
            Foretold::Unwanted => UNWANTED,
        };
        u8::try_from(number).ok()
    }
}

/// `struct wire_verdict`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Verdict([u8; SLOTS]);

impl Verdict {
    fn bytes(self) -> Vec<u8> {
        let is_set = |(slot, rule): (usize, &u8)| u64::from(*rule != 0) << slot;
        let drops = self.0.iter().enumerate().fold(0, |bits, rule| bits | is_set(rule));
        let mut bytes = drops.to_ne_bytes().to_vec();
        bytes.extend_from_slice(&self.0);
        let mut rules = self.0.iter().filter(|rule| **rule != 0);
        let first = rules.next().copied().unwrap_or(0);
        let same = if rules.all(|rule| *rule == first) { first } else { 0 };
        bytes.extend_from_slice(&u32::from(same).to_ne_bytes());
        bytes.extend_from_slice(&[0; 4]);
        bytes
    }
}

/// One version of the rules.
struct Plan {
    version: u32,
    set: FilterSet,
    on: Vec<&'static TableHooks>,
    tables: Vec<TablePlan>,
    /// What was counted before, by place in the map of hits.
    before: BTreeMap<u32, u64>,
    /// Hashes of the programs that are judged.
    judged: Mutex<HashSet<u64>>,
}

impl Plan {
    fn judge(&self, path: &str) -> Verdict {
        let mut verdict = Verdict([0; SLOTS]);
        for table in &self.tables {
            let Some(rules) = self.set.of(table.spec) else { continue };
            for slot in &table.slots {
                if let Some(place) = verdict.0.get_mut(slot.slot) {
                    *place = table.number(rules, path, slot.action).unwrap_or(0);
                }
            }
        }
        // What another table makes rows of too goes only when that one wants none either.
        for table in &self.on {
            for kind in table.derived {
                let plan = self.tables.iter().find(|plan| plan.spec == table.spec);
                let rules = plan.and_then(|plan| Some((plan, self.set.of(plan.spec)?)));
                let goes =
                    rules.is_some_and(|(plan, rules)| plan.number(rules, path, None).is_some());
                if let Some(place) = verdict.0.get_mut(usize::from(*kind)).filter(|_| !goes) {
                    *place = 0;
                }
            }
        }
        verdict
    }

    /// Paths that rules name as a whole: judged before any process runs them.
    fn named(&self) -> Vec<String> {
        let mut named = Vec::new();
        for table in &self.tables {
            let rules = self.set.of(table.spec).map(Rules::rules).unwrap_or_default();
            rules.iter().for_each(|rule| texts_of(&rule.when, &mut named));
        }
        named.retain(|text| text.starts_with('/'));
        named.truncate(PROGRAMS_MAX / 2);
        named
    }
}

fn texts_of(when: &When, out: &mut Vec<String>) {
    match when {
        When::All(all) | When::Any(all) => all.iter().for_each(|when| texts_of(when, out)),
        When::Not(not) => texts_of(not, out),
        When::Is(_, Operator::Equals(text) | Operator::Glob(text)) => out.push(text.clone()),
        When::Is(_, Operator::In(texts)) => out.extend(texts.iter().cloned()),
        When::Is(..) => {}
    }
}

/// The components of a path as the kernel walks them: leaf first, NUL after each.
fn components_of(path: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(path.len());
    for name in path.split('/').skip(1).collect::<Vec<_>>().into_iter().rev() {
        bytes.extend_from_slice(name.as_bytes());
        bytes.push(0);
    }
    bytes
}

/// The kernel's side of the filters. The ring thread teaches it, the engine changes it.
pub(crate) struct KernelRules {
    secret: Secret,
    on: Vec<&'static TableHooks>,
    programs: MapHandle,
    judged: MapHandle,
    version: MapHandle,
    hits: MapHandle,
    /// The version in force, and the number of the last one.
    plan: Mutex<(Option<Arc<Plan>>, u32)>,
}

impl KernelRules {
    /// Over the maps of a loaded kernel side, for these tables; no rule is in force.
    pub(crate) fn new(
        kernel: &Kernel,
        secret: Secret,
        on: Vec<&'static TableHooks>,
    ) -> Result<Self, LoadError> {
        Ok(Self {
            secret,
            on,
            programs: kernel.map("programs")?,
            judged: kernel.map("judged")?,
            version: kernel.map("rules_version")?,
            hits: kernel.map("rule_hits")?,
            plan: Mutex::new((None, 0)),
        })
    }

    /// Puts a set in force. `pass` reads the processes that run; it is called when there is use for it.
    ///
    /// From one set to the next there is no moment without rules, and none of two at once: the kernel
    /// looks verdicts up under the version that it reads first.
    pub(crate) fn change(&self, set: &FilterSet, pass: impl FnOnce() -> Option<Pass>) {
        let (before, version) = {
            let plan = self.plan.lock().unwrap_or_else(PoisonError::into_inner);
            (plan.0.clone(), plan.1 + 1)
        };
        let tables = self.on.iter().skip(1).filter_map(|table| {
            let rules = set.of(table.spec)?;
            TablePlan::new(table, rules)
        });
        let tables: Vec<TablePlan> = tables.collect();
        if tables.is_empty() {
            self.set_version(0);
            *self.plan.lock().unwrap_or_else(PoisonError::into_inner) = (None, version);
            clear(&self.programs);
            clear(&self.judged);
            return;
        }
        let counted = self.places(&tables, set).into_iter().map(|at| (at, self.count(at)));
        let before_hits = counted.collect();
        let judged = Mutex::default();
        let set = set.clone();
        let plan = Arc::new(Plan {
            version,
            set,
            on: self.on.clone(),
            tables,
            before: before_hits,
            judged,
        });
        for path in plan.named() {
            self.judge(&plan, Components(&components_of(&path)));
        }
        if before.is_none() {
            // Left over from earlier rules: nobody has kept them true since.
            clear(&self.programs);
            self.install(&plan);
            self.set_version(version);
            pass().iter().for_each(|pass| self.seed(&plan, pass));
        } else {
            pass().iter().for_each(|pass| self.seed(&plan, pass));
            self.install(&plan);
            self.set_version(version);
        }
        self.forget_before(version);
    }

    fn install(&self, plan: &Arc<Plan>) {
        let now = (Some(Arc::clone(plan)), plan.version);
        *self.plan.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    fn in_force(&self) -> Option<Arc<Plan>> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner).0.clone()
    }

    /// Learns what the processes run that were there before the hooks.
    pub(crate) fn see(&self, pass: &Pass) {
        if let Some(plan) = self.in_force() {
            self.seed(&plan, pass);
        }
    }

    fn seed(&self, plan: &Plan, pass: &Pass) {
        for exec in pass.processes() {
            let Some(path) = self.judge_exec(plan, &exec) else { continue };
            // struct program: start, path, drops, version, same, check.
            let mut value = exec.process.start_ns.to_ne_bytes().to_vec();
            value.extend_from_slice(&path.to_ne_bytes());
            value.extend_from_slice(&[0; 24]);
            // What a hook has noted meanwhile is newer.
            let _ =
                self.programs.update(&exec.process.pid.to_ne_bytes(), &value, MapFlags::NO_EXIST);
        }
    }

    /// Judges the program of an exec, if that has not been done.
    pub(crate) fn learn(&self, exec: &Exec<'_>) {
        if let Some(plan) = self.in_force() {
            self.judge_exec(&plan, exec);
        }
    }

    fn judge_exec(&self, plan: &Plan, exec: &Exec<'_>) -> Option<u64> {
        let told = !exec.kernel_thread() && !exec.exe_cut() && !exec.exe_detached();
        if told { self.judge(plan, exec.exe) } else { None }
    }

    /// The hash of a path whose verdict is in the map then, if there was room.
    fn judge(&self, plan: &Plan, path: Components<'_>) -> Option<u64> {
        let hash = self.secret.hash(path)?;
        let mut judged = plan.judged.lock().unwrap_or_else(PoisonError::into_inner);
        if judged.contains(&hash) || judged.len() >= PROGRAMS_MAX {
            return Some(hash);
        }
        let (mut text, mut bytes) = (String::new(), Vec::new());
        write_path(&mut text, &mut bytes, path, false);
        let key = key_of(hash, plan.version);
        if self.judged.update(&key, &plan.judge(&text).bytes(), MapFlags::ANY).is_ok() {
            judged.insert(hash);
        }
        Some(hash)
    }

    fn set_version(&self, version: u32) {
        let set = self.version.update(&0_u32.to_ne_bytes(), &version.to_ne_bytes(), MapFlags::ANY);
        if let Err(error) = set {
            tracing::error!(%error, "failed to change the rules in the kernel");
        }
    }

    /// Removes the verdicts of other versions.
    fn forget_before(&self, version: u32) {
        let old = |key: &Vec<u8>| key.get(8..12) != Some(version.to_ne_bytes().as_slice());
        let keys: Vec<Vec<u8>> = self.judged.keys().take(2 * PROGRAMS_MAX).filter(old).collect();
        for key in keys {
            let _ = self.judged.delete(&key);
        }
    }

    /// Places of the rules in the map of hits.
    fn places(&self, tables: &[TablePlan], set: &FilterSet) -> Vec<u32> {
        let mut places = Vec::new();
        for table in tables {
            let rules = set.of(table.spec).map_or(0, |rules| rules.rules().len());
            let numbers = (1..=rules.min(UNWANTED - 1)).chain([UNWANTED]);
            for number in numbers {
                places.extend(table.slots.iter().map(|slot| place(slot.slot, number)));
            }
        }
        places
    }

    fn count(&self, place: u32) -> u64 {
        let values = self.hits.lookup_percpu(&place.to_ne_bytes(), MapFlags::ANY);
        let word =
            |value: &Vec<u8>| value.first_chunk().map_or(0, |word| u64::from_ne_bytes(*word));
        values.ok().flatten().unwrap_or_default().iter().map(word).sum()
    }

    /// What the rules in force have done here.
    pub(crate) fn counts(&self) -> Vec<RuleCount> {
        let Some(plan) = self.in_force() else { return Vec::new() };
        let mut counts = Vec::new();
        for table in &plan.tables {
            let hits = |number: usize| -> u64 {
                let places = table.slots.iter().map(|slot| place(slot.slot, number));
                let since = |at: u32| {
                    self.count(at).saturating_sub(plan.before.get(&at).copied().unwrap_or(0))
                };
                places.map(since).sum()
            };
            for (rule, reach) in table.reach.iter().enumerate() {
                let hits = if *reach == Reach::None { 0 } else { hits(rule + 1) };
                counts.push(RuleCount { table: table.spec, rule: Some(rule), reach: *reach, hits });
            }
            let hits = hits(UNWANTED);
            let reach = table.include_reach;
            counts.push(RuleCount { table: table.spec, rule: None, reach, hits });
        }
        counts
    }
}

fn place(slot: usize, number: usize) -> u32 {
    u32::try_from(slot * RULES + number).unwrap_or(0)
}

fn key_of(hash: u64, version: u32) -> Vec<u8> {
    let mut key = hash.to_ne_bytes().to_vec();
    key.extend_from_slice(&version.to_ne_bytes());
    key.extend_from_slice(&[0; 4]);
    key
}

fn clear(map: &MapHandle) {
    let keys: Vec<Vec<u8>> = map.keys().take(1 << 17).collect();
    for key in keys {
        let _ = map.delete(&key);
    }
}

#[cfg(test)]
mod tests;
