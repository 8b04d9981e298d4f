// SPDX-License-Identifier: Apache-2.0
//! Which table needs which hooks, each with the ways to get it, best first. Declarations only: the
//! loader ([`crate::load`]) tries them.

mod calls;
mod tables;

use crate::decode::Rows;
use evtables_schema::TableSpec;

pub(crate) use calls::{CALLS_MAX, FCHMODAT2, NAMESPACE_FLAGS, PLANS_MAX, Planned};
pub(crate) use tables::TABLES;

/// A BPF object: its maps exist only while it is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Source {
    /// Life of processes; owns the maps that all share.
    Process,
    /// Jumps of system calls.
    Dispatch,
    /// Files created and written.
    File,
    /// System calls by plan.
    Call,
    /// Functions of the kernel.
    Function,
    /// Sockets of IPv4 and IPv6.
    Socket,
    /// Packets, and whose they are.
    Packet,
    /// Settings of the kernel, control groups.
    Misc,
}

/// Where a program is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Its own tracepoint.
    Trace,
    /// Jumped to when these calls begin.
    Begin(&'static [i64]),
    /// Jumped to when these calls end.
    End(&'static [i64]),
    /// Jumped to at the end of the calls that these plans are for.
    Plans(&'static [Planned]),
    /// Functions of the kernel.
    Functions(&'static [Function]),
    /// The root of the cgroup tree (version 2).
    Cgroup,
}

/// A function of the kernel whose parameters a program reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Function {
    pub(crate) name: &'static str,
    /// What a parameter points to, and which one it is, from 0 on; any of these.
    pub(crate) takes: &'static [(&'static str, usize)],
    /// Since 5.12 one more stands before all but the first: it is not counted.
    pub(crate) has_owner: bool,
}

/// One way to get a hook.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Way {
    pub(crate) source: Source,
    /// Name of the program in the object.
    pub(crate) program: &'static str,
    /// Others that it works together with: without one of them it is of no use.
    pub(crate) with: &'static [&'static str],
    pub(crate) place: Place,
    /// `A`: works under lockdown; `B`: hangs on a function of the kernel.
    pub(crate) tier: &'static str,
    /// Word of `evtables_hooks`.
    pub(crate) mechanism: &'static str,
}

impl Way {
    /// A program on its own typed tracepoint.
    const fn trace(source: Source, program: &'static str) -> Self {
        Self { source, program, with: &[], place: Place::Trace, tier: "A", mechanism: "tp_btf" }
    }

    /// A program on what sockets do below the root of the cgroup tree.
    const fn cgroup(source: Source, program: &'static str, mechanism: &'static str) -> Self {
        Self { source, program, with: &[], place: Place::Cgroup, tier: "A", mechanism }
    }

    /// A program that the dispatcher of system calls jumps to.
    const fn call(source: Source, program: &'static str, place: Place) -> Self {
        Self { source, program, with: &[], place, tier: "A", mechanism: "tp_btf" }
    }

    /// A program that tells of the end of operations, with those that it needs.
    const fn functions(
        program: &'static str,
        with: &'static [&'static str],
        functions: &'static [Function],
    ) -> Self {
        let (source, place) = (Source::Function, Place::Functions(functions));
        Self { source, program, with, place, tier: "B", mechanism: "fexit" }
    }

    /// All programs of it.
    pub(crate) fn programs(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.with.iter().copied().chain([self.program])
    }
}

/// One hook of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HookSpec {
    pub(crate) name: &'static str,
    /// Without it the table is off.
    pub(crate) needed: bool,
    pub(crate) ways: &'static [Way],
}

/// What fills a table.
#[derive(Clone, Copy)]
pub(crate) struct TableHooks {
    pub(crate) spec: &'static TableSpec,
    /// Whether it is on unless the configuration says otherwise.
    pub(crate) on: bool,
    /// Kinds of records that are counted as its.
    pub(crate) kinds: &'static [u16],
    /// Kinds of other tables that it makes rows of too.
    pub(crate) derived: &'static [u16],
    pub(crate) hooks: &'static [HookSpec],
    pub(crate) rows: fn() -> Box<dyn Rows>,
}

#[cfg(test)]
mod tests;
