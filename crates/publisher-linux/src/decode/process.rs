// SPDX-License-Identifier: Apache-2.0
//! Rows of `linux_process_events`.

use super::{Context, Made, Rows, container, signed, stat_device, text, write_mode, write_path};
use crate::record::{Exec, Exit, Process, Record};
use evtables_schema::EventBatch;
use evtables_schema::generated::process_events::linux::{Builder, Row};
use evtables_schema::ids::process_guid;
use std::fmt::Write;

/// Text columns of the row in work; kept to reuse their memory.
#[derive(Debug, Default)]
struct Texts {
    bytes: Vec<u8>,
    comm: String,
    capabilities: String,
    path: String,
    cwd: String,
    cgroup: String,
    script: String,
    tty: String,
    mode: String,
    cmdline: String,
    argv: String,
    argv_base64: String,
}

/// Collects rows of processes.
#[derive(Default)]
pub(crate) struct ProcessRows {
    builder: Builder,
    texts: Texts,
}

/// Arguments of a process that is not read at exec: `None` when they could not be had.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arguments<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) size: u64,
    pub(crate) cut: bool,
}

impl Rows for ProcessRows {
    fn push(&mut self, context: &Context, record: &Record<'_>) -> Made {
        match record {
            Record::Exec(exec) => {
                let arguments = Arguments {
                    bytes: exec.argv,
                    size: exec.image.argv_size.into(),
                    cut: exec.argv_fault() || exec.image.argv_len < exec.image.argv_size,
                };
                self.push_exec(context, "PROC_CREATE", exec, Some(arguments));
            }
            Record::Running(exec) => self.push_exec(context, "PROC_RUNNING", exec, None),
            Record::Fork(process) => self.push_fork(context, process),
            Record::Exit(exit) => self.push_exit(context, exit),
            _ => return Made::Nothing,
        }
        Made::Row
    }

    fn rows(&self) -> usize {
        self.builder.rows()
    }

    fn finish(&mut self) -> EventBatch {
        self.builder.finish()
    }
}

impl ProcessRows {
    /// Appends the row of a process that was found running.
    pub(crate) fn push_running(
        &mut self,
        context: &Context,
        exec: &Exec<'_>,
        arguments: Option<Arguments<'_>>,
    ) {
        self.push_exec(context, "PROC_RUNNING", exec, arguments);
    }

    fn push_fork(&mut self, context: &Context, process: &Process) {
        self.texts.write_process(process);
        let row = Self::row(context, "PROC_FORK", process);
        push(&mut self.builder, &self.texts, row);
    }

    fn push_exit(&mut self, context: &Context, exit: &Exit) {
        let Exit { process, usage } = exit;
        self.texts.write_process(process);
        let mut row = Self::row(context, "PROC_TERMINATE", process);
        let signal = usage.exit_code & 0x7f;
        if signal == 0 {
            row.exit_code = i32::try_from(usage.exit_code >> 8 & 0xff).ok();
        } else {
            row.exit_signal = i32::try_from(signal).ok();
        }
        row.core_dumped = Some(i32::from(usage.exit_code & 0x80 != 0));
        row.duration_us = Some(signed(process.time_ns.saturating_sub(process.start_ns) / 1_000));
        row.utime_us = Some(signed(usage.utime_ns / 1_000));
        row.stime_us = Some(signed(usage.stime_ns / 1_000));
        row.max_rss_kb =
            Some(signed(usage.maxrss_pages.saturating_mul(context.page_bytes) / 1_024));
        push(&mut self.builder, &self.texts, row);
    }

    fn push_exec(
        &mut self,
        context: &Context,
        action: &'static str,
        exec: &Exec<'_>,
        arguments: Option<Arguments<'_>>,
    ) {
        self.texts.write_process(&exec.process);
        self.texts.write_exec(exec);
        let image = &exec.image;
        let mut row = Self::row(context, action, &exec.process);
        if !exec.kernel_thread() && image.exe_len > 0 {
            row.path = Some("");
            row.inode = Some(signed(exec.file.inode));
            row.device = Some(signed(stat_device(exec.file.dev)));
            row.mode = Some("");
            row.file_uid = Some(exec.file.uid.into());
            row.file_gid = Some(exec.file.gid.into());
            row.mtime = Some(exec.file.mtime_ns.div_euclid(1_000_000_000));
            row.size = Some(signed(exec.file.size));
            row.memfd = Some(i32::from(exec.memfd()));
            row.deleted = Some(i32::from(exec.file.nlink == 0));
        }
        row.cwd = (!exec.kernel_thread()).then_some("");
        row.cgroup_path = Some("");
        row.tty = (!exec.tty.is_empty()).then_some("");
        if !exec.interp.is_empty() {
            row.script_path = Some("");
            row.interpreter = Some("");
        }
        if let Some(arguments) = arguments {
            let escaped = self.texts.write_arguments(arguments.bytes);
            row.cmdline = Some("");
            row.argv = Some("");
            row.argv_base64 = escaped.then_some("");
            row.cmdline_size = Some(signed(arguments.size));
            row.cmdline_truncated = Some(i32::from(arguments.cut));
        }
        push(&mut self.builder, &self.texts, row);
    }

    /// What every row has. Text columns hold a mark (`Some("")`) that [`push`] replaces.
    fn row(context: &Context, action: &'static str, process: &Process) -> Row<'static> {
        let set = |id: u32| (id != u32::MAX).then_some(i64::from(id));
        let known = |inode: u32| (inode != 0).then_some(i64::from(inode));
        Row {
            action,
            pid: process.pid.into(),
            process_guid: process_guid(context.host, process.start_ns, process.pid),
            path: None,
            cmdline: None,
            parent_pid: process.parent_pid.into(),
            parent_process_guid: process_guid(
                context.host,
                process.parent_start_ns,
                process.parent_pid,
            ),
            time: context.clock.wall_ns(process.time_ns),
            comm: "",
            argv: None,
            argv_base64: None,
            cmdline_size: None,
            cmdline_truncated: None,
            cwd: None,
            script_path: None,
            interpreter: None,
            tid: process.tid.into(),
            uid: process.uid.into(),
            euid: process.euid.into(),
            suid: process.suid.into(),
            gid: process.gid.into(),
            egid: process.egid.into(),
            auid: set(process.auid),
            session_id: set(process.session_id),
            sid: process.sid.into(),
            tty: None,
            cap_effective: "",
            mnt_ns: known(process.mnt_ns),
            pid_ns: known(process.pid_ns),
            net_ns: known(process.net_ns),
            user_ns: known(process.user_ns),
            ns_pid: process.ns_pid.into(),
            cgroup_id: signed(process.cgroup_id),
            cgroup_path: None,
            container_id: None,
            container_runtime: None,
            inode: None,
            device: None,
            mode: None,
            file_uid: None,
            file_gid: None,
            mtime: None,
            size: None,
            memfd: None,
            deleted: None,
            start_time: context.clock.wall_ns(process.start_ns).div_euclid(1_000_000_000),
            exit_code: None,
            exit_signal: None,
            core_dumped: None,
            duration_us: None,
            utime_us: None,
            stime_us: None,
            max_rss_kb: None,
        }
    }
}

/// Appends `row` with its marked text columns taken from `texts`.
fn push(builder: &mut Builder, texts: &Texts, row: Row<'static>) {
    let container = row.cgroup_path.and_then(|_| container::of_cgroup(&texts.cgroup));
    builder.push(&Row {
        comm: &texts.comm,
        cap_effective: &texts.capabilities,
        path: row.path.map(|_| texts.path.as_str()),
        cwd: row.cwd.map(|_| texts.cwd.as_str()),
        cgroup_path: row.cgroup_path.map(|_| texts.cgroup.as_str()),
        container_id: container.map(|container| container.id),
        container_runtime: container
            .map(|container| container.runtime)
            .filter(|runtime| !runtime.is_empty()),
        script_path: row.script_path.map(|_| texts.script.as_str()),
        interpreter: row.interpreter.map(|_| texts.path.as_str()),
        tty: row.tty.map(|_| texts.tty.as_str()),
        mode: row.mode.map(|_| texts.mode.as_str()),
        cmdline: row.cmdline.map(|_| texts.cmdline.as_str()),
        argv: row.argv.map(|_| texts.argv.as_str()),
        argv_base64: row.argv_base64.map(|_| texts.argv_base64.as_str()),
        ..row
    });
}

impl Texts {
    fn write_process(&mut self, process: &Process) {
        self.comm.clear();
        text::push_lossless(&mut self.comm, process.comm());
        self.capabilities.clear();
        let written = write!(self.capabilities, "{:016x}", process.cap_effective);
        debug_assert!(written.is_ok(), "a string takes all text");
    }

    fn write_exec(&mut self, exec: &Exec<'_>) {
        let bytes = &mut self.bytes;
        write_path(&mut self.path, bytes, exec.exe, exec.exe_cut());
        write_path(&mut self.cgroup, bytes, exec.cgroup, exec.cgroup_cut());
        // Last, because the script's path is resolved against these bytes.
        write_path(&mut self.cwd, bytes, exec.cwd, exec.cwd_cut());
        self.script.clear();
        if !exec.interp.is_empty() {
            let mut script = Vec::with_capacity(bytes.len() + exec.filename.len() + 1);
            text::push_absolute(&mut script, bytes, exec.filename);
            text::push_lossless(&mut self.script, &script);
        }
        self.tty.clear();
        text::push_lossless(&mut self.tty, exec.tty);
        write_mode(&mut self.mode, exec.file.mode.into());
    }

    /// True when the bytes were not all UTF-8.
    fn write_arguments(&mut self, argv: &[u8]) -> bool {
        self.cmdline.clear();
        text::push_cmdline(&mut self.cmdline, argv);
        self.argv.clear();
        let escaped = text::push_json(&mut self.argv, argv);
        self.argv_base64.clear();
        if escaped {
            text::push_base64(&mut self.argv_base64, argv);
        }
        escaped
    }
}
