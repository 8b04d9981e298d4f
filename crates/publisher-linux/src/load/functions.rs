// SPDX-License-Identifier: Apache-2.0
//! Whether hooks on functions of the kernel (tier B) do their work, beyond that they load: no other thread comes in
//! between while they run, functions take what the programs read, and they are what the kernel really calls. A
//! compiler may put a part of a function into its caller: then only others call it (`vfs_rmdir` in Debian's 5.10).

use super::{Kernel, LoadError, counts_by_cpu, sum};
use crate::hooks::{Function, Place, Source, Way};
use crate::record::kind;
use libbpf_rs::ReferencesType;
use libbpf_rs::btf::types::{Func, FuncProto, Ptr, Struct};
use libbpf_rs::btf::{Btf, BtfType};
use libbpf_rs::{MapCore, MapFlags};
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

/// Why none of them is to be tried; `None`: let the kernel say.
pub(super) fn unfit(wanted: bool) -> Option<LoadError> {
    if !wanted {
        return Some(refusal("evtables.sources.linux.kernel_functions is false"));
    }
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    let model = preemption(
        &read("/sys/kernel/debug/sched/preempt"),
        &read("/proc/sys/kernel/version"),
        &read("/proc/cmdline"),
    );
    let said = |model| {
        refusal(&format!("preemption is {model}: runs of a program that is interrupted are missed"))
    };
    model.map(said)
}

/// How the kernel lets threads come in between in its own code, when it does so at any place: a program is then not
/// run for a second thread as long as the first is not through. From the scheduler's file where it can be
/// read, else the kernel's version and command line.
fn preemption(scheduler: &str, version: &str, command_line: &str) -> Option<&'static str> {
    let says = |text: &str, word: &str| text.split_whitespace().any(|other| other == word);
    if says(version, "PREEMPT_RT") {
        return Some("real-time");
    }
    let full = if scheduler.contains('(') {
        says(scheduler, "(full)")
    } else {
        says(version, "PREEMPT") || says(command_line, "preempt=full")
    };
    full.then_some("full")
}

/// Programs of ways whose functions take something else than what is read there.
pub(super) fn strangers(ways: &[&'static Way]) -> Vec<(&'static str, LoadError)> {
    let kernel = match Btf::from_vmlinux() {
        Ok(kernel) => kernel,
        Err(error) => {
            let error = LoadError::new("read the kernel's types", &error);
            return ways.iter().map(|way| (way.program, error.clone())).collect();
        }
    };
    let later = has_owner(&kernel);
    let mut strangers = Vec::new();
    for way in ways {
        let Place::Functions(functions) = way.place else { continue };
        if let Some(function) = functions.iter().find(|function| !fits(&kernel, function, later)) {
            let reason = format!("{} has other parameters in this kernel", function.name);
            strangers.push((way.program, refusal(&reason)));
        }
    }
    strangers
}

/// As the programs ask: `has_owner` of bpf/function.bpf.c.
fn has_owner(kernel: &Btf<'_>) -> bool {
    kernel.type_by_name::<Struct<'_>>("vfsmount").is_some_and(|mount| {
        let mut fields = mount.iter().filter_map(|field| field.name);
        fields.any(|name| name == "mnt_userns" || name == "mnt_idmap")
    })
}

fn fits(kernel: &Btf<'_>, function: &Function, later: bool) -> bool {
    let Some(found) = kernel.type_by_name::<Func<'_>>(function.name) else { return false };
    let Some(shape) = kernel.type_by_id::<FuncProto<'_>>(found.referenced_type_id()) else {
        return false;
    };
    function.takes.iter().any(|(type_name, at)| {
        let at = if later && function.has_owner && *at > 0 { at + 1 } else { *at };
        let parameter = shape.iter().nth(at);
        parameter.is_some_and(|parameter| {
            let of: Option<BtfType<'_>> = kernel.type_by_id(parameter.ty);
            of.and_then(pointee).is_some_and(|name| name == OsStr::new(type_name))
        })
    })
}

/// Name of the type that a pointer points to.
fn pointee(of: BtfType<'_>) -> Option<&OsStr> {
    let pointer = Ptr::try_from(of.skip_mods_and_typedefs()).ok()?;
    pointer.referenced_type().skip_mods_and_typedefs().name()
}

/// An operation, and the program that must tell of it.
struct Trial {
    program: &'static str,
    what: &'static str,
    act: fn(&Path) -> io::Result<()>,
}

/// Each leaves what the next ones need.
const TRIALS: [Trial; 7] = [
    Trial {
        program: "mkdir_done",
        what: "mkdir",
        act: |at| std::fs::create_dir(at.join("folder")),
    },
    Trial {
        program: "symlink_done",
        what: "symlink",
        act: |at| std::os::unix::fs::symlink("nothing", at.join("one")),
    },
    Trial {
        program: "link_done",
        what: "link",
        act: |at| std::fs::hard_link(at.join("one"), at.join("two")),
    },
    Trial {
        program: "rename_done",
        what: "rename",
        act: |at| std::fs::rename(at.join("two"), at.join("three")),
    },
    Trial {
        program: "unlink_done",
        what: "unlink",
        act: |at| std::fs::remove_file(at.join("three")),
    },
    Trial {
        program: "unlink_done",
        what: "unlink",
        act: |at| std::fs::remove_file(at.join("one")),
    },
    Trial {
        program: "unlink_done",
        what: "rmdir",
        act: |at| std::fs::remove_dir(at.join("folder")),
    },
];

/// Does what the attached programs are to tell of, in a folder of its own; the programs that did not, and
/// those that could not be tried. What is done is counted as done by the collector itself.
pub(super) fn silent(kernel: &Kernel) -> Result<Vec<(&'static str, LoadError)>, LoadError> {
    let folder = Folder::new().map_err(|error| {
        refusal(&format!("no folder to try them in, {}: {error}", Folder::path().display()))
    })?;
    let (changes, counts) = (kernel.map_of(Source::Function, "changes")?, kernel.map("counts")?);
    let thread = this_thread().ok_or_else(|| refusal("this thread has no number"))?.to_ne_bytes();
    let empty = vec![0; usize::try_from(changes.value_size()).unwrap_or(0)];
    let seen = || sum(&counts_by_cpu(&counts, &[kind::FILE_PATH, kind::ELF_PATH])).seen;
    let mut silent = Vec::new();
    for trial in &TRIALS {
        let (put, before) = (changes.update(&thread, &empty, MapFlags::ANY), seen());
        let acted = (trial.act)(&folder.0);
        // At its end an operation takes away what was noted at its beginning, in the place of ours.
        let gone = matches!(changes.lookup(&thread, MapFlags::ANY), Ok(None));
        let told = put.is_ok() && gone && seen() > before;
        if let Err(error) = acted {
            silent
                .push((trial.program, refusal(&format!("failed to try {}: {error}", trial.what))));
        } else if !told {
            let reason = format!("a trial: this kernel's {} does not pass there", trial.what);
            silent.push((trial.program, refusal(&reason)));
        }
    }
    let _ = changes.delete(&thread);
    Ok(silent)
}

/// Process and thread, as the programs have them.
fn this_thread() -> Option<u64> {
    let link = std::fs::read_link("/proc/thread-self").ok()?;
    let mut parts = link.to_str()?.split("/task/").map(str::parse::<u64>);
    let (process, thread) = (parts.next()?.ok()?, parts.next()?.ok()?);
    Some(process << 32 | thread)
}

/// For trials; goes with what is in it.
struct Folder(PathBuf);

impl Folder {
    fn path() -> PathBuf {
        std::env::temp_dir().join(format!("evtables-trial-{}", std::process::id()))
    }

    fn new() -> io::Result<Self> {
        let path = Self::path();
        // Left behind by one that was killed, under the same number.
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn refusal(reason: &str) -> LoadError {
    LoadError { what: "use functions of the kernel", reason: reason.to_owned(), error: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_come_in_between_where_the_kernel_says_so() {
        let dynamic = "#1 SMP PREEMPT_DYNAMIC Debian 6.12.1-1 (2026-01-01)\n";
        for (scheduler, version, command_line, model) in [
            ("none (voluntary) full \n", dynamic, "", None),
            ("none voluntary (full) lazy\n", dynamic, "", Some("full")),
            ("none voluntary full (lazy)\n", dynamic, "preempt=full", None),
            ("", dynamic, "quiet preempt=full panic=-1\n", Some("full")),
            ("", dynamic, "quiet\n", None),
            ("", "#1 SMP PREEMPT Debian\n", "", Some("full")),
            ("none (voluntary) full", "#1 SMP PREEMPT_RT Debian\n", "", Some("real-time")),
            ("", "#1 SMP Debian 5.10.1-1\n", "", None),
        ] {
            assert_eq!(preemption(scheduler, version, command_line), model, "{version}{scheduler}");
        }
        assert!(unfit(false).is_some_and(|error| error.reason.contains("kernel_functions")));
    }

    /// On the kernel that runs the test.
    #[test]
    fn functions_that_take_something_else_are_told() {
        static FUNCTIONS: [Function; 4] = [
            Function { name: "kfree", takes: &[("dentry", 1)], has_owner: false },
            Function { name: "vfs_rmdir", takes: &[("dentry", 0)], has_owner: true },
            Function { name: "no_such_function", takes: &[("dentry", 1)], has_owner: true },
            // struct file * on every kernel: nothing of it was ever moved.
            Function { name: "filp_close", takes: &[("file", 0)], has_owner: false },
        ];
        let Ok(kernel) = Btf::from_vmlinux() else {
            eprintln!("skipped: this kernel has no BTF");
            return;
        };
        let fitting: Vec<&str> = FUNCTIONS
            .iter()
            .filter(|function| fits(&kernel, function, has_owner(&kernel)))
            .map(|function| function.name)
            .collect();
        assert_eq!(fitting, ["filp_close"]);
    }

    #[test]
    fn trials_can_be_done_and_leave_nothing() {
        let folder = Folder::new().unwrap();
        for trial in &TRIALS {
            (trial.act)(&folder.0).unwrap();
        }
        let left = std::fs::read_dir(&folder.0).unwrap().count();
        assert_eq!(left, 0);
        let path = folder.0.clone();
        drop(folder);
        assert!(!path.exists());
        let [process, thread] = [std::process::id().into(), this_thread().unwrap() >> 32];
        assert_eq!(thread, process);
        // Each that works together with others is tried; for io_uring there is nothing to try it with.
        let ways = crate::hooks::TABLES.iter().flat_map(|table| table.hooks);
        let ways = ways.flat_map(|hook| hook.ways).filter(|way| way.source == Source::Function);
        for way in ways.filter(|way| !way.with.is_empty()) {
            assert!(TRIALS.iter().any(|trial| trial.program == way.program), "{}", way.program);
        }
    }
}
