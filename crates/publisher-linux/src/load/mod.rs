// SPDX-License-Identifier: Apache-2.0
//! Gets the hooks of the tables that are on, each by the best way that this kernel takes. The only valid
//! probe of a hook is to load it: an object that is refused as a whole is tried again program by
//! program, and a hook whose program is refused goes on to its next way.

mod counts;
mod functions;
mod object;

use crate::hooks::{CALLS_MAX, HookSpec, PLANS_MAX, Place, Planned, Source, TableHooks, Way};
use crate::sys::{self, ProgramCount};
use evtables_sdk::HookState;
use libbpf_rs::{Link, MapCore, MapFlags, MapHandle, Object};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::os::fd::{AsFd, AsRawFd};

pub use counts::KernelCounts;
pub(crate) use counts::{counts_by_cpu, sum};
pub(crate) use object::{Constants, LoadError, SnapshotIterator};

/// How far one hook of one table came.
#[derive(Debug, Clone)]
pub(crate) struct Hook {
    /// Name of the tracepoint, call or iterator.
    pub(crate) name: &'static str,
    /// Name of the table.
    pub(crate) table: &'static str,
    /// Whether it works.
    pub(crate) state: HookState,
    /// How it was got.
    pub(crate) way: Option<Way>,
    /// errno of the failure.
    pub(crate) error: Option<i32>,
    /// What the kernel or libbpf said.
    pub(crate) reason: Option<String>,
}

/// A hook that is wanted, and how far the search for a way has come.
struct Wanted {
    table: &'static TableHooks,
    spec: &'static HookSpec,
    /// Position of the way in hand.
    at: usize,
    refused: Option<LoadError>,
}

impl Wanted {
    fn way(&self) -> Option<&'static Way> {
        self.spec.ways.get(self.at)
    }
}

/// What the kernel has loaded for us.
pub(crate) struct Kernel {
    objects: BTreeMap<Source, Object>,
    shared: BTreeMap<&'static str, MapHandle>,
    wanted: Vec<Wanted>,
    hooks: Vec<Hook>,
    links: Vec<Link>,
    constants: Constants,
}

impl Kernel {
    /// Loads what this kernel takes of the hooks of `tables`. Nothing is attached yet. `functions`: whether
    /// hooks may hang on functions of the kernel.
    pub(crate) fn load(
        tables: &[&'static TableHooks],
        constants: Constants,
        functions: bool,
    ) -> Result<Self, LoadError> {
        let wanted = tables
            .iter()
            .flat_map(|table| {
                let hooks = table.hooks.iter();
                hooks.map(|spec| Wanted { table, spec, at: 0, refused: None })
            })
            .collect();
        let mut kernel = Self {
            objects: BTreeMap::new(),
            shared: BTreeMap::new(),
            wanted,
            hooks: Vec::new(),
            links: Vec::new(),
            constants,
        };
        if let Some(error) = functions::unfit(functions) {
            kernel.refuse_source(Source::Function, &error);
        }
        // The object that makes the shared maps comes first.
        kernel.load_source(Source::Process, constants)?;
        while let Some(source) = kernel.next_source() {
            // What is refused is known by hook now; nothing of this object may be left.
            let _ = kernel.load_source(source, constants);
            if source == Source::Function {
                kernel.check_functions();
            }
        }
        Ok(kernel)
    }

    /// An object that a way in hand needs and that is not loaded.
    fn next_source(&self) -> Option<Source> {
        let ways = self.wanted.iter().filter_map(Wanted::way);
        ways.map(|way| way.source).find(|source| !self.objects.contains_key(source))
    }

    fn programs(&self, source: Source) -> Vec<&'static str> {
        let ways = self.wanted.iter().filter_map(Wanted::way);
        let programs = ways.filter(|way| way.source == source).flat_map(Way::programs);
        programs.collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn load_source(&mut self, source: Source, constants: Constants) -> Result<(), LoadError> {
        let programs = self.programs(source);
        let mut first = match object::load(source, &programs, constants, &self.shared) {
            Ok(object) => return self.keep(source, object),
            Err(error) => error,
        };
        // What may not be done at all need not be tried one by one.
        if first.error != Some(libc::EPERM) {
            for program in programs {
                if let Err(error) = object::load(source, &[program], constants, &self.shared) {
                    self.refuse(source, program, &error);
                }
            }
            let programs = self.programs(source);
            if !programs.is_empty() {
                match object::load(source, &programs, constants, &self.shared) {
                    Ok(object) => return self.keep(source, object),
                    Err(error) => first = error,
                }
            }
        }
        self.refuse_source(source, &first);
        Err(first)
    }

    fn refuse_source(&mut self, source: Source, error: &LoadError) {
        for program in self.programs(source) {
            self.refuse(source, program, error);
        }
    }

    /// Programs read parameters by their places: only of functions that have them there.
    fn check_functions(&mut self) {
        for (program, error) in functions::strangers(&self.function_ways()) {
            self.refuse(Source::Function, program, &error);
        }
    }

    /// Ways in hand that hang on functions, each once.
    fn function_ways(&self) -> Vec<&'static Way> {
        let ways = self.wanted.iter().filter(|wanted| self.table_works(wanted.table));
        let ways = ways.filter_map(Wanted::way).filter(|way| way.source == Source::Function);
        ways.map(|way| (way.program, way)).collect::<BTreeMap<_, _>>().into_values().collect()
    }

    /// Attaches the programs on functions and tries whether they are run. Those that are not go again.
    fn attach_functions(&mut self) {
        let mut links: BTreeMap<&'static str, Vec<Link>> = BTreeMap::new();
        for way in self.function_ways() {
            let attached = way.programs().map(|program| {
                let program = find(&self.objects, way.source, program)
                    .ok_or_else(|| missing("program", program))?;
                program.attach().map_err(|error| LoadError::new("attach", &error))
            });
            match attached.collect::<Result<Vec<_>, LoadError>>() {
                Ok(attached) => {
                    links.insert(way.program, attached);
                }
                Err(error) => self.refuse(Source::Function, way.program, &error),
            }
        }
        if links.is_empty() {
            return;
        }
        match functions::silent(self) {
            Ok(silent) => {
                for (program, error) in silent {
                    links.remove(program);
                    self.refuse(Source::Function, program, &error);
                }
                self.links.extend(links.into_values().flatten());
            }
            Err(error) => self.refuse_source(Source::Function, &error),
        }
    }

    fn keep(&mut self, source: Source, object: Object) -> Result<(), LoadError> {
        for shared in object::shared_maps(&object) {
            let (name, map) = shared?;
            self.shared.entry(name).or_insert(map);
        }
        self.objects.insert(source, object);
        Ok(())
    }

    /// Hooks that wanted this program go on to their next way.
    fn refuse(&mut self, source: Source, program: &str, error: &LoadError) {
        for wanted in &mut self.wanted {
            let same = |way: &Way| way.source == source && way.programs().any(|own| own == program);
            if wanted.way().is_some_and(same) {
                wanted.at += 1;
                wanted.refused = Some(error.clone());
            }
        }
    }

    /// Loads the dispatcher, when any hook is reached by a jump, and sets the jumps and plans.
    fn jumps(&mut self) -> Result<(), LoadError> {
        let mut begins = Vec::new();
        let mut ends = Vec::new();
        for wanted in self.wanted.iter().filter(|wanted| self.table_works(wanted.table)) {
            let Some(way) = wanted.way() else { continue };
            match way.place {
                Place::Trace | Place::Cgroup | Place::Functions(_) => {}
                Place::Begin(calls) => begins.extend(calls.iter().map(|call| (*call, way))),
                Place::End(calls) => ends.extend(calls.iter().map(|call| (*call, way))),
                Place::Plans(plans) => {
                    ends.extend(plans.iter().map(|planned| (planned.call, way)));
                    self.set_plans(plans)?;
                }
            }
        }
        let mut programs = Vec::new();
        for (jumps, program) in [(&begins, "call_begin"), (&ends, "call_end")] {
            if !jumps.is_empty() {
                programs.push(program);
            }
        }
        if programs.is_empty() {
            return Ok(());
        }
        let dispatch = object::load(Source::Dispatch, &programs, self.constants, &self.shared)?;
        self.keep(Source::Dispatch, dispatch)?;
        self.set_jumps("at_begin", &begins)?;
        self.set_jumps("at_end", &ends)
    }

    fn set_jumps(&self, map: &str, jumps: &[(i64, &'static Way)]) -> Result<(), LoadError> {
        let map = self.map_of(Source::Dispatch, map)?;
        for (call, way) in jumps {
            let key = u32::try_from(*call).unwrap_or(u32::MAX).to_ne_bytes();
            let program = self.program(way).ok_or_else(|| missing("program", way.program))?;
            let fd = program.as_fd().as_raw_fd().to_ne_bytes();
            map.update(&key, &fd, MapFlags::ANY)
                .map_err(|error| LoadError::new("set a jump", &error))?;
        }
        Ok(())
    }

    fn set_plans(&self, plans: &[Planned]) -> Result<(), LoadError> {
        let map = self.map_of(Source::Call, "plans")?;
        for planned in plans {
            let call = u32::try_from(planned.call).unwrap_or(u32::MAX);
            let bytes = planned.plan.bytes();
            // The first place that no other table has taken, or that has taken it for the same.
            let free = (0..PLANS_MAX).map(|at| (call + at * CALLS_MAX).to_ne_bytes()).find(|key| {
                let there = map.lookup(key, MapFlags::ANY).ok().flatten();
                there.is_some_and(|plan| plan.first() == Some(&0) || plan == bytes)
            });
            let key = free.ok_or_else(|| missing("place for a plan of", planned.name))?;
            map.update(&key, &bytes, MapFlags::ANY)
                .map_err(|error| LoadError::new("set a plan", &error))?;
        }
        Ok(())
    }

    /// Attaches what is loaded. An error when nothing could be attached.
    pub(crate) fn attach(&mut self) -> Result<(), LoadError> {
        self.attach_functions();
        self.jumps()?;
        let mut attached: BTreeMap<(Source, &'static str), Result<(), LoadError>> = BTreeMap::new();
        let mut links = Vec::new();
        let root = cgroup_root();
        let mut attach =
            |objects: &BTreeMap<Source, Object>, source, program: &'static str, cgroup| {
                let result = attached.entry((source, program)).or_insert_with(|| {
                    let program = find(objects, source, program)
                        .ok_or_else(|| missing("program", program))?;
                    let link = if cgroup {
                        let root = root.as_ref().map_err(Clone::clone)?;
                        program.attach_cgroup(root.as_raw_fd())
                    } else {
                        program.attach()
                    };
                    links.push(link.map_err(|e| LoadError::new("attach", &e))?);
                    Ok(())
                });
                result.clone()
            };
        for wanted in &self.wanted {
            let works = self.table_works(wanted.table);
            let mut hook = Hook {
                name: wanted.spec.name,
                table: wanted.table.spec.name,
                state: HookState::Off,
                // Of one that there is no way to, the last that was tried.
                way: wanted.way().or(wanted.spec.ways.last()).copied(),
                error: None,
                reason: None,
            };
            match (wanted.way(), &wanted.refused) {
                (Some(_), _) if !works => {
                    hook.reason = Some("the table lacks a hook that it needs".to_owned());
                }
                (Some(way), _) => {
                    let done = match way.place {
                        Place::Trace => attach(&self.objects, way.source, way.program, false),
                        // That is done.
                        Place::Functions(_) => Ok(()),
                        Place::Cgroup => attach(&self.objects, way.source, way.program, true),
                        Place::Begin(_) => {
                            attach(&self.objects, Source::Dispatch, "call_begin", false)
                        }
                        Place::End(_) | Place::Plans(_) => {
                            attach(&self.objects, Source::Dispatch, "call_end", false)
                        }
                    };
                    match done {
                        Ok(()) => {
                            hook.state = HookState::Attached;
                            if let Some(error) = &wanted.refused {
                                hook.error = error.error;
                                let better = wanted.spec.ways.first().map_or("", |way| way.tier);
                                hook.reason = Some(format!("tier {better}: {}", error.reason));
                            }
                        }
                        Err(error) => fail(&mut hook, error),
                    }
                }
                // Younger than this kernel: no fault that somebody could mend.
                (None, Some(error)) if error.error == Some(libc::ESRCH) => {
                    hook.reason = Some(format!("this kernel does not have it: {}", error.reason));
                }
                // More than what every kernel allows.
                (None, Some(error)) if wanted.spec.ways.iter().all(|way| way.tier == "B") => {
                    hook.error = error.error;
                    hook.reason = Some(format!("tier B: {}", error.reason));
                }
                (None, Some(error)) => fail(&mut hook, error.clone()),
                (None, None) => hook.reason = Some("there is no way to get it".to_owned()),
            }
            self.hooks.push(hook);
        }
        self.links.extend(links);
        let failed = self.hooks.iter().find(|hook| hook.state == HookState::Failed);
        match failed {
            Some(hook) if self.links.is_empty() => Err(LoadError {
                what: "attach the hooks",
                reason: hook.reason.clone().unwrap_or_default(),
                error: hook.error,
            }),
            _ => Ok(()),
        }
    }

    /// Whether every hook that the table needs has a way.
    fn table_works(&self, table: &TableHooks) -> bool {
        let of_table = self.wanted.iter().filter(|wanted| wanted.table.spec == table.spec);
        of_table.filter(|wanted| wanted.spec.needed).all(|wanted| wanted.way().is_some())
    }

    /// Why a table delivers nothing; `None` when it does.
    pub(crate) fn refusal(&self, table: &TableHooks) -> Option<String> {
        let of_table = self.wanted.iter().filter(|wanted| wanted.table.spec == table.spec);
        let mut lacking = of_table.filter(|wanted| wanted.spec.needed && wanted.way().is_none());
        let wanted = lacking.next()?;
        let said = wanted.refused.as_ref().map_or("no way", |error| error.reason.as_str());
        Some(format!("this kernel refuses the hook {}: {said}", wanted.spec.name))
    }

    /// Detaches every hook; maps and counters stay.
    pub(crate) fn detach(&mut self) {
        self.links.clear();
        for hook in &mut self.hooks {
            if hook.state == HookState::Attached {
                hook.state = HookState::Off;
                hook.reason = Some("stopped".to_owned());
            }
        }
    }

    /// State of each hook, with the kernel's own counters of its program.
    pub(crate) fn hooks(&self) -> Vec<(Hook, Option<ProgramCount>)> {
        let count_of = |hook: &Hook| {
            let way = hook.way?;
            let of = |program| {
                let program = find(&self.objects, way.source, program)?;
                sys::program_count(program.as_fd())
            };
            let mut count = of(way.program)?;
            let others = way.with.iter().filter_map(|program| of(program));
            count.recursion_misses += others.map(|other| other.recursion_misses).sum::<u64>();
            Some(count)
        };
        self.hooks.iter().map(|hook| (hook.clone(), count_of(hook))).collect()
    }

    fn program(&self, way: &Way) -> Option<libbpf_rs::ProgramMut<'_>> {
        find(&self.objects, way.source, way.program)
    }

    /// A handle of its own on a map that all objects share.
    pub(crate) fn map(&self, name: &str) -> Result<MapHandle, LoadError> {
        let map = self.shared.get(name).ok_or_else(|| missing("map", name))?;
        MapHandle::try_from(map).map_err(|error| LoadError {
            what: "open a map",
            reason: error.to_string(),
            error: None,
        })
    }

    fn map_of(&self, source: Source, name: &str) -> Result<MapHandle, LoadError> {
        let object = self.objects.get(&source).ok_or_else(|| missing("object of", name))?;
        let map = object.maps().find(|map| map.name().to_str() == Some(name));
        MapHandle::try_from(&map.ok_or_else(|| missing("map", name))?)
            .map_err(|error| LoadError::new("open a map", &error))
    }
}

fn find<'a>(
    objects: &'a BTreeMap<Source, Object>,
    source: Source,
    name: &str,
) -> Option<libbpf_rs::ProgramMut<'a>> {
    objects.get(&source)?.progs_mut().find(|program| program.name().to_str() == Some(name))
}

/// The root of the cgroup tree of version 2.
fn cgroup_root() -> Result<File, LoadError> {
    let fail =
        |reason: String, error: Option<i32>| LoadError { what: "open cgroup2", reason, error };
    let mounts = std::fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let mut lines = mounts.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    let path = lines.find_map(|words| match words.as_slice() {
        [_, path, "cgroup2", ..] => Some((*path).to_owned()),
        _ => None,
    });
    let path = path.ok_or_else(|| fail("cgroup2 is mounted nowhere".to_owned(), None))?;
    File::open(&path).map_err(|error| fail(format!("{path}: {error}"), error.raw_os_error()))
}

fn missing(what: &str, name: &str) -> LoadError {
    LoadError { what: "use an object", reason: format!("no {what} {name}"), error: None }
}

fn fail(hook: &mut Hook, error: LoadError) {
    hook.state = HookState::Failed;
    hook.error = error.error;
    hook.reason = Some(error.reason);
}
