// SPDX-License-Identifier: Apache-2.0
//! Rules of the configuration that run in the kernel (bpf/rules.h): those that the path of the acting
//! process and the kind of a record decide, whatever else stands in the row.
//!
//! Each program is judged once, by its path and, where a rule asks for them, its container and the account that it acts
//! as, with the code that judges rows ([`Foresight`]); the verdict waits in a map under a hash of the path. So any operator can run there, and kernel and engine cannot
//! disagree. A program that is not judged yet goes the long way: the engine judges every row that comes.
//! Rules of the process table stay with the engine, which learns from its rows who everybody is.

mod acting;
mod placed;

use crate::decode::{container_of, write_path};
use crate::hooks::TableHooks;
use crate::load::{Kernel, LoadError};
use crate::record::{Actor, Components, Exec, File, Process, Socket, kind};
use crate::snapshot::Pass;
use acting::Acting;
use evtables_schema::TableSpec;
use evtables_sdk::rules::{
    AHEAD_RULES_MAX, Action, FilterSet, Foresight, Foretold, Known, KnownAhead, Operator, Reach,
    Rules, When,
};
use evtables_sdk::{Accounts, RuleCount};
use libbpf_rs::{MapCore, MapFlags, MapHandle};
use placed::{NameEnds, Placed, Spot};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};

/// `SLOT_SOCKET`, `WIRE_SLOTS`, `WIRE_RULES` and `RULE_PROGRAMS_MAX` of wire.h; HASHED_MAX of process.bpf.c.
const SLOT_SOCKET: usize = 48;
const SLOTS: usize = 64;
const RULES: usize = 64;
const PROGRAMS_MAX: usize = 8_192;
const HASHED_MAX: usize = 512;
/// Number of "no include rule matches". Rules behind the ones below it run in the engine.
const UNWANTED: usize = AHEAD_RULES_MAX + 1;
/// `SLOT_WRITES`, `SLOT_SILENT` and `RULES_…` of wire.h; a version has those bits below its number.
const SLOT_WRITES: usize = 0;
const SLOT_SILENT: usize = SLOT_SOCKET;
const RULES_CONTAINER: u32 = 1;
const RULES_ENDS: u32 = 2;
const RULES_USER: u32 = 4;
const RULES_PLACE: u32 = 8;
const FLAG_BITS: u32 = 4;
/// Actors that are known to have been judged. When there are more, they are judged anew.
const ACTORS_MAX: usize = 16_384;
/// Processes whose program is remembered. When there are more, the kernel's map is asked for those that still run.
const RUNNING_MAX: usize = 65_536;

/// Where the engine looks up accounts too.
const ACCOUNTS: &str = "/etc/passwd";

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
    /// Whether the kernel side walks the whole path of the file.
    placed: bool,
}

fn slots_of(kinds: &[u16]) -> Vec<Slot> {
    let mut slots = Vec::new();
    for kind in kinds {
        let one = |action| Slot { slot: usize::from(*kind), action, placed: false };
        match *kind {
            kind::SOCKET => slots.extend(
                (1..)
                    .zip(crate::decode::SOCKET_ACTIONS)
                    .map(|(action, word)| Slot { slot: SLOT_SOCKET + action, ..one(Some(*word)) }),
            ),
            kind::FILE_CREATE => slots.push(Slot { placed: true, ..one(Some("FILE_CREATE")) }),
            kind::FILE_WRITE | kind::ELF_WRITE => {
                slots.push(Slot { placed: true, ..one(Some("FILE_WRITE")) });
            }
            _ => slots.push(one(None)),
        }
    }
    slots
}

/// The rules of one table, as far as they can run here.
struct TablePlan {
    spec: &'static TableSpec,
    slots: Vec<Slot>,
    /// Through the program alone, through program and action, and through those and the ends of a socket or the
    /// place of a file.
    by_program: Foresight,
    by_action: Foresight,
    acting: Option<Acting>,
    placed: Option<Placed>,
    /// Whether the container of a program, and the account that it acts as, are looked at.
    by_container: bool,
    by_user: bool,
    reach: Vec<Reach>,
    /// Of "no include rule matches".
    include_reach: Reach,
}

impl TablePlan {
    /// `None` when no rule of the table can run here.
    fn new(table: &TableHooks, rules: &Rules) -> Option<Self> {
        let KnownAhead { program, action, ends, place } = KnownAhead::new(rules)?;
        // Records that are another table's alone are left out by what that one wants.
        let slots = Some(slots_of(table.kinds)).filter(|slots| !slots.is_empty())?;
        let by_program = Foresight::new(rules, program.clone());
        let both: Vec<usize> = program.iter().copied().chain(action).collect();
        let by_action = Foresight::new(rules, both.clone());
        let placed = Placed::new(rules, both.clone(), place);
        let acting = Acting::new(table.spec, rules, both, ends);
        let mut looked = program.iter().filter(|column| rules.looks_at(**column));
        let fills = |column: &usize| table.spec.columns.get(*column).map_or("", |spec| spec.fill);
        let by_user = looked.clone().any(|column| fills(column) == "user.name");
        let by_container = looked.any(|column| fills(column) == "process.container_id");
        let everywhere = slots.iter().all(|slot| slot.action.is_some());
        let program_alone = by_program.reach(rules);
        let mut reach = by_action.reach(rules);
        for (at, (reach, alone)) in reach.iter_mut().zip(program_alone).enumerate() {
            if !everywhere && *reach == Reach::Whole && alone != Reach::Whole {
                *reach = Reach::Part;
            }
            // Not every event has another end, or a path that is walked.
            let by_ends = acting.as_ref().is_some_and(|acting| acting.reaches(at));
            let by_place = placed.as_ref().is_some_and(|placed| placed.reaches(at));
            if *reach == Reach::None && (by_ends || by_place) {
                *reach = Reach::Part;
            }
            if at >= AHEAD_RULES_MAX {
                *reach = Reach::None;
            }
        }
        let is_used = reach.iter().any(|reach| *reach != Reach::None);
        let mut includes = rules.rules().iter().zip(&reach);
        let include = includes.find(|(rule, _)| rule.action == Action::Include);
        let include_reach = include.map_or(Reach::None, |(_, reach)| *reach);
        is_used.then_some(Self {
            spec: table.spec,
            slots,
            by_program,
            by_action,
            acting,
            placed,
            by_container,
            by_user,
            reach,
            include_reach,
        })
    }

    /// Number of the rule that leaves out what this program does in the slot.
    fn number(&self, rules: &Rules, program: Program<'_>, action: Option<&str>) -> Option<u8> {
        let known = program.known(self.spec);
        number_of(match action {
            Some(_) => {
                let known: Vec<_> = known.chain([action.into()]).collect();
                self.by_action.foretell(rules, &known)
            }
            None => self.by_program.foretell(rules, &known.collect::<Vec<_>>()),
        })
    }

    /// Where what the rules left out is counted.
    fn counted(&self) -> impl Iterator<Item = usize> + '_ {
        let any = |is: fn(usize) -> bool| self.slots.iter().any(|slot| is(slot.slot));
        let silent = any(|slot| slot > SLOT_SOCKET).then_some(SLOT_SILENT);
        let writes = any(|slot| slot == usize::from(kind::FILE_WRITE)).then_some(SLOT_WRITES);
        self.slots.iter().map(|slot| slot.slot).chain(silent).chain(writes)
    }
}

/// Number of the rule, as verdicts have it.
fn number_of(foretold: Foretold) -> Option<u8> {
    let number = match foretold {
        Foretold::Open => return None,
        Foretold::Excluded(rule) if rule >= AHEAD_RULES_MAX => return None,
        Foretold::Excluded(rule) => rule + 1,
        Foretold::Unwanted => UNWANTED,
    };
    u8::try_from(number).ok()
}

/// What is known of a program ahead.
#[derive(Debug, Clone, Copy)]
struct Program<'a> {
    path: &'a str,
    container: Option<&'a str>,
    /// Name of the account, or its number.
    user: Option<&'a str>,
}

impl<'a> Program<'a> {
    /// In the order of [`KnownAhead::program`].
    fn known(self, spec: &TableSpec) -> impl Iterator<Item = Known<'a>> {
        let filled = |fill| spec.columns.iter().any(|column| column.fill == fill);
        let container = filled("process.container_id").then(|| self.container.into());
        let user = filled("user.name").then(|| self.user.into());
        [Known::Text(self.path)].into_iter().chain(container).chain(user)
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
    name_ends: NameEnds,
    /// What was counted before, by place in the map of hits.
    before: BTreeMap<u32, u64>,
    judged: Mutex<Judged>,
}

/// What has been judged under a plan.
#[derive(Debug, Default)]
struct Judged {
    /// Programs by the hash of their path, their cgroup and the account.
    programs: HashSet<(u64, u64, u32)>,
    paths: HashMap<u64, String>,
    containers: HashMap<u64, Option<String>>,
    /// What processes run, by number; one that has ended stays until its number is given again.
    running: HashMap<u32, Running>,
    /// Processes, by number and start, and the accounts that they acted as.
    actors: HashSet<(u32, u64, u32)>,
    /// Keys of places of what is kept.
    kept: HashSet<Vec<u8>>,
}

/// What a process runs.
#[derive(Debug, Clone, Copy)]
struct Running {
    start_ns: u64,
    /// Hash of its path.
    path: u64,
    /// 0 where no rule asks for it.
    cgroup: u64,
}

impl Judged {
    fn note(&mut self, pid: u32, running: Running) {
        if self.running.len() >= RUNNING_MAX {
            self.running.clear();
        }
        self.running.insert(pid, running);
    }
}

impl Plan {
    fn judge(&self, program: Program<'_>) -> Verdict {
        let mut verdict = Verdict([0; SLOTS]);
        for table in &self.tables {
            let Some(rules) = self.set.of(table.spec) else { continue };
            for slot in &table.slots {
                if let Some(place) = verdict.0.get_mut(slot.slot) {
                    *place = table.number(rules, program, slot.action).unwrap_or(0);
                }
            }
        }
        // What another table makes rows of too goes only when that one wants none either.
        for table in &self.on {
            for kind in table.derived {
                let plan = self.tables.iter().find(|plan| plan.spec == table.spec);
                let rules = plan.and_then(|plan| Some((plan, self.set.of(plan.spec)?)));
                let goes =
                    rules.is_some_and(|(plan, rules)| plan.number(rules, program, None).is_some());
                if let Some(place) = verdict.0.get_mut(usize::from(*kind)).filter(|_| !goes) {
                    *place = 0;
                }
            }
        }
        let unkept =
            [(SLOT_WRITES, self.unkept_writes(&verdict)), (SLOT_SILENT, self.silent(&verdict))];
        for (slot, rule) in unkept {
            if let Some(place) = verdict.0.get_mut(slot) {
                *place = rule;
            }
        }
        verdict
    }

    /// The rule that leaves out what a program writes, if no other table looks at it. The account is that of
    /// the end of an open, which nobody knows when it begins.
    fn unkept_writes(&self, verdict: &Verdict) -> u8 {
        if self.has(RULES_USER) {
            return 0;
        }
        let of = |kind: u16| verdict.0.get(usize::from(kind)).copied().unwrap_or(0);
        let looks = self.on.iter().any(|table| table.kinds.contains(&kind::ELF_WRITE));
        if looks && of(kind::ELF_WRITE) == 0 { 0 } else { of(kind::FILE_WRITE) }
    }

    /// The rule that leaves out all that a program does with sockets, if nothing of it is told elsewhere either:
    /// the tables of packets learn from the sockets whose they are.
    fn silent(&self, verdict: &Verdict) -> u8 {
        if self.has(RULES_USER) {
            return 0;
        }
        let sockets =
            verdict.0.iter().skip(SLOT_SOCKET + 1).take(crate::decode::SOCKET_ACTIONS.len());
        let first = verdict.0.get(SLOT_SOCKET + 1).copied().unwrap_or(0);
        let packets = [kind::DNS_QUERY, kind::DNS_ANSWER, kind::TLS, kind::HTTP];
        let mut told =
            self.on.iter().flat_map(|table| table.kinds).filter(|kind| packets.contains(kind));
        let goes = |kind: &u16| verdict.0.get(usize::from(*kind)).is_some_and(|rule| *rule != 0);
        let all = sockets.copied().all(|rule| rule == first) && told.all(goes);
        if all { first } else { 0 }
    }

    /// Bits below the number of the version.
    fn flags(tables: &[TablePlan]) -> u32 {
        let flag =
            |flag, has: fn(&TablePlan) -> bool| if tables.iter().any(has) { flag } else { 0 };
        flag(RULES_CONTAINER, |table| table.by_container)
            | flag(RULES_ENDS, |table| table.acting.is_some())
            | flag(RULES_USER, |table| table.by_user)
            | flag(RULES_PLACE, |table| table.placed.is_some())
    }

    /// Whether the rules look at what the flag says.
    fn has(&self, flag: u32) -> bool {
        self.version & flag != 0
    }

    /// What a table's rules say of a program at a place; `None` when they leave out nothing.
    fn judge_place(&self, program: Program<'_>, spot: &Spot) -> Option<Verdict> {
        let mut verdict = Verdict([0; SLOTS]);
        for table in &self.tables {
            let rules = self.set.of(table.spec);
            let Some((placed, rules)) = table.placed.as_ref().zip(rules) else { continue };
            let place = spot.place(&self.name_ends);
            placed.judge(rules, program.known(table.spec), &table.slots, place, &mut verdict);
        }
        for kind in self.on.iter().flat_map(|table| table.derived) {
            if let Some(place) = verdict.0.get_mut(usize::from(*kind)) {
                *place = 0;
            }
        }
        verdict.0.iter().any(|rule| *rule != 0).then_some(verdict)
    }

    fn acting(&self) -> Option<(&TablePlan, &Acting)> {
        self.tables.iter().find_map(|table| Some((table, table.acting.as_ref()?)))
    }

    /// Paths that rules name as a whole: judged before any process runs them.
    fn named(&self) -> Vec<String> {
        let mut named = Vec::new();
        if self.has(RULES_CONTAINER | RULES_USER) {
            return named;
        }
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
    classes: MapHandle,
    acting: MapHandle,
    name_ends: MapHandle,
    placed: MapHandle,
    version: MapHandle,
    hits: MapHandle,
    /// Names as the engine writes them into rows.
    accounts: Mutex<Accounts>,
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
            classes: kernel.map("classes")?,
            acting: kernel.map("acting")?,
            name_ends: kernel.map("name_ends")?,
            placed: kernel.map("placed")?,
            version: kernel.map("rules_version")?,
            hits: kernel.map("rule_hits")?,
            accounts: Mutex::new(Accounts::new(ACCOUNTS.into())),
            plan: Mutex::new((None, 0)),
        })
    }

    /// Puts a set in force. `pass` reads the processes that run; it is called when there is use for it.
    ///
    /// From one set to the next there is no moment without rules, and none of two at once: the kernel
    /// looks verdicts up under the version that it reads first.
    pub(crate) fn change(&self, set: &FilterSet, pass: impl FnOnce() -> Option<Pass>) {
        self.change_from(set, None, pass);
    }

    /// `counted`: what is no part of the counts of these rules; what there is now when it is not given.
    fn change_from(
        &self,
        set: &FilterSet,
        counted: Option<&BTreeMap<u32, u64>>,
        pass: impl FnOnce() -> Option<Pass>,
    ) {
        let (before, number) = {
            let plan = self.plan.lock().unwrap_or_else(PoisonError::into_inner);
            (plan.0.clone(), plan.1 + 1)
        };
        let tables = self.on.iter().skip(1).filter_map(|table| {
            let rules = set.of(table.spec)?;
            TablePlan::new(table, rules)
        });
        let mut tables: Vec<TablePlan> = tables.collect();
        let ends = tables.iter().filter_map(|table| table.placed.as_ref()).flat_map(Placed::ends);
        let name_ends = NameEnds::new(ends).unwrap_or_else(|| {
            tables.iter_mut().for_each(|table| table.placed = None);
            NameEnds::default()
        });
        if tables.is_empty() {
            self.set_version(0);
            *self.plan.lock().unwrap_or_else(PoisonError::into_inner) = (None, number);
            clear(&self.programs);
            self.forget_before(0);
            return;
        }
        let now = || self.places(&tables, set).into_iter().map(|at| (at, self.count(at))).collect();
        let before_hits = counted.map_or_else(now, BTreeMap::clone);
        let judged = Mutex::default();
        let version = number << FLAG_BITS | Plan::flags(&tables);
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner).refresh();
        let set = set.clone();
        let plan = Arc::new(Plan {
            version,
            set,
            on: self.on.clone(),
            tables,
            name_ends,
            before: before_hits,
            judged,
        });
        for path in plan.named() {
            self.judge(&plan, Components(&components_of(&path)), (0, 0), None);
        }
        for (key, class) in plan.name_ends.classes(version) {
            let _ = self.name_ends.update(&key, &class.to_ne_bytes(), MapFlags::ANY);
        }
        if let Some((_, acting)) = plan.acting() {
            for (key, class) in acting.classes(version) {
                let _ = self.classes.update(&key, &class.to_ne_bytes(), MapFlags::ANY);
            }
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
        let now = (Some(Arc::clone(plan)), plan.version >> FLAG_BITS);
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
            // struct program: start, path, drops, version, same, check, cgroup, user.
            let mut value = exec.process.start_ns.to_ne_bytes().to_vec();
            value.extend_from_slice(&path.to_ne_bytes());
            value.extend_from_slice(&[0; 24]);
            value.extend_from_slice(&exec.process.cgroup_id.to_ne_bytes());
            value.extend_from_slice(&[0; 8]);
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
        if !told {
            return None;
        }
        let by_container = plan.has(RULES_CONTAINER);
        let cgroup = if by_container { exec.process.cgroup_id } else { 0 };
        let user = if plan.has(RULES_USER) { exec.process.euid } else { 0 };
        let mut text = String::new();
        let container = if by_container { container_of(exec, &mut text) } else { None };
        let path = self.judge(plan, exec.exe, (cgroup, user), container)?;
        let mut judged = plan.judged.lock().unwrap_or_else(PoisonError::into_inner);
        judged.note(exec.process.pid, Running { start_ns: exec.process.start_ns, path, cgroup });
        Some(path)
    }

    /// A child runs what its parent does.
    pub(crate) fn learn_fork(&self, child: &Process) {
        let Some(plan) = self.in_force() else { return };
        let mut judged = plan.judged.lock().unwrap_or_else(PoisonError::into_inner);
        let parent = judged.running.get(&child.parent_pid).copied();
        if let Some(parent) = parent.filter(|parent| parent.start_ns == child.parent_start_ns) {
            judged.note(child.pid, Running { start_ns: child.start_ns, ..parent });
        }
    }

    /// The hash of the path of what a process runs and its cgroup, as far as rules ask for it. A process may have
    /// ended since: then only user space remembers it.
    fn program_of(&self, plan: &Plan, actor: &Actor) -> Option<(u64, u64)> {
        {
            let judged = plan.judged.lock().unwrap_or_else(PoisonError::into_inner);
            let running = judged.running.get(&actor.pid);
            if let Some(one) = running.filter(|one| one.start_ns == actor.start_ns) {
                return Some((one.path, one.cgroup));
            }
        }
        // struct program, as in `seed`.
        let value = self.programs.lookup(&actor.pid.to_ne_bytes(), MapFlags::ANY).ok()??;
        let word = |at: usize| Some(u64::from_ne_bytes(*value.get(at..at + 8)?.first_chunk()?));
        let (start, path) = (word(0)?, word(8)?);
        let cgroup = if plan.has(RULES_CONTAINER) { word(40)? } else { 0 };
        (start == actor.start_ns && path != 0).then_some((path, cgroup))
    }

    /// The account, and its name as rows have it.
    fn user_of(&self, plan: &Plan, euid: u32) -> (u32, Option<String>) {
        if !plan.has(RULES_USER) {
            return (0, None);
        }
        let accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let name =
            accounts.name(euid.into()).map_or_else(|| euid.to_string(), |name| name.to_string());
        (euid, Some(name))
    }

    /// Judges a program with the account that it acts as, if that has not been done: it may change without an exec.
    pub(crate) fn learn_user(&self, actor: &Actor) {
        let Some(plan) = self.in_force().filter(|plan| plan.has(RULES_USER)) else { return };
        let seen = (actor.pid, actor.start_ns, actor.euid);
        {
            let mut judged = plan.judged.lock().unwrap_or_else(PoisonError::into_inner);
            if judged.actors.len() >= ACTORS_MAX {
                judged.actors.clear();
            }
            if !judged.actors.insert(seen) {
                return;
            }
        }
        let Some((path, cgroup)) = self.program_of(&plan, actor) else { return };
        let texts = {
            let judged = plan.judged.lock().unwrap_or_else(PoisonError::into_inner);
            let text = judged.paths.get(&path).cloned();
            text.zip(judged.containers.get(&cgroup).cloned())
        };
        if let Some((text, container)) = texts {
            self.put(&plan, path, (cgroup, actor.euid), &text, container.as_deref());
        }
    }

    /// Judges what a program does with a file at such a place, if that has not been done.
    pub(crate) fn learn_place(&self, file: &File<'_>) {
        let Some(plan) = self.in_force().filter(|plan| plan.has(RULES_PLACE)) else { return };
        let Some(spot) = Spot::new(self.secret, &plan.name_ends, file) else { return };
        let Some((path, cgroup)) = self.program_of(&plan, &file.actor) else { return };
        let (user, name) = self.user_of(&plan, file.actor.euid);
        let key = spot.key(path, cgroup, plan.version, user);
        let mut judged = plan.judged.lock().unwrap_or_else(PoisonError::into_inner);
        if judged.kept.contains(&key) {
            return;
        }
        let Some(text) = judged.paths.get(&path) else { return };
        let container = judged.containers.get(&cgroup).and_then(Option::as_deref);
        let program = Program { path: text, container, user: name.as_deref() };
        if let Some(verdict) = plan.judge_place(program, &spot) {
            let _ = self.placed.update(&key, &verdict.bytes(), MapFlags::ANY);
            return;
        }
        if judged.kept.len() >= placed::PLACED_MAX {
            judged.kept.clear();
        }
        judged.kept.insert(key);
    }

    /// Judges what a program does on such a socket, if that has not been done.
    pub(crate) fn learn_ends(&self, socket: &Socket) {
        let Some(plan) = self.in_force() else { return };
        let Some((table, acting)) = plan.acting() else { return };
        let Some(rules) = plan.set.of(table.spec) else { return };
        let Some((path, cgroup)) = self.program_of(&plan, &socket.actor) else { return };
        let (user, name) = self.user_of(&plan, socket.actor.euid);
        let judged = plan.judged.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(text) = judged.paths.get(&path) else { return };
        let container = judged.containers.get(&cgroup).and_then(Option::as_deref);
        let program = Program { path: text, container, user: name.as_deref() };
        let verdict = acting.judge(rules, program.known(table.spec), &table.slots, &socket.ends);
        // What is kept needs no verdict; it is asked for again, and seldom.
        if let Some(verdict) = verdict {
            let key = acting.key((path, cgroup, user), plan.version, &socket.ends);
            let _ = self.acting.update(&key, &verdict.bytes(), MapFlags::ANY);
        }
    }

    /// The hash of a path whose verdict is in the map then, if there was room.
    fn judge(
        &self,
        plan: &Plan,
        path: Components<'_>,
        (cgroup, user): (u64, u32),
        container: Option<&str>,
    ) -> Option<u64> {
        let hash = self.secret.hash(path)?;
        let there = {
            let judged = plan.judged.lock().unwrap_or_else(PoisonError::into_inner);
            judged.programs.contains(&(hash, cgroup, user))
        };
        if !there {
            let (mut text, mut bytes) = (String::new(), Vec::new());
            write_path(&mut text, &mut bytes, path, false);
            self.put(plan, hash, (cgroup, user), &text, container);
        }
        Some(hash)
    }

    /// Puts the verdict on a program into the map, if there is room.
    fn put(
        &self,
        plan: &Plan,
        hash: u64,
        (cgroup, user): (u64, u32),
        text: &str,
        container: Option<&str>,
    ) {
        let (user, name) = self.user_of(plan, user);
        let mut judged = plan.judged.lock().unwrap_or_else(PoisonError::into_inner);
        if judged.programs.len() >= PROGRAMS_MAX {
            return;
        }
        let key = key_of(hash, cgroup, plan.version, user);
        let verdict = plan.judge(Program { path: text, container, user: name.as_deref() });
        if self.judged.update(&key, &verdict.bytes(), MapFlags::ANY).is_ok() {
            judged.programs.insert((hash, cgroup, user));
            judged.paths.insert(hash, text.to_owned());
            judged.containers.insert(cgroup, container.map(ToOwned::to_owned));
        }
    }

    /// The rules once more, when names of accounts have changed and rules ask for them.
    pub(crate) fn refresh(&self, pass: impl FnOnce() -> Option<Pass>) {
        let Some(plan) = self.in_force().filter(|plan| plan.has(RULES_USER)) else { return };
        let changed = self.accounts.lock().unwrap_or_else(PoisonError::into_inner).refresh();
        if changed {
            self.change_from(&plan.set, Some(&plan.before), pass);
        }
    }

    fn set_version(&self, version: u32) {
        let set = self.version.update(&0_u32.to_ne_bytes(), &version.to_ne_bytes(), MapFlags::ANY);
        if let Err(error) = set {
            tracing::error!(%error, "failed to change the rules in the kernel");
        }
    }

    /// Removes the verdicts of other versions.
    fn forget_before(&self, version: u32) {
        // Where the version stands in struct wire_program, wire_class, wire_acting, wire_name_end and wire_placed.
        for (map, at) in [
            (&self.judged, 16),
            (&self.classes, 4),
            (&self.acting, 16),
            (&self.name_ends, 4),
            (&self.placed, 24),
        ] {
            let now = version.to_ne_bytes();
            let old = |key: &Vec<u8>| key.get(at..at + 4) != Some(now.as_slice());
            let keys: Vec<Vec<u8>> = map.keys().take(2 * acting::ENTRIES_MAX).filter(old).collect();
            for key in keys {
                let _ = map.delete(&key);
            }
        }
    }

    /// Places of the rules in the map of hits.
    fn places(&self, tables: &[TablePlan], set: &FilterSet) -> Vec<u32> {
        let mut places = Vec::new();
        for table in tables {
            let rules = set.of(table.spec).map_or(0, |rules| rules.rules().len());
            let numbers = (1..=rules.min(UNWANTED - 1)).chain([UNWANTED]);
            for number in numbers {
                places.extend(table.counted().map(|slot| place(slot, number)));
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
                let places = table.counted().map(|slot| place(slot, number));
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

fn key_of(hash: u64, cgroup: u64, version: u32, user: u32) -> Vec<u8> {
    let mut key = hash.to_ne_bytes().to_vec();
    key.extend_from_slice(&cgroup.to_ne_bytes());
    key.extend_from_slice(&version.to_ne_bytes());
    key.extend_from_slice(&user.to_ne_bytes());
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
