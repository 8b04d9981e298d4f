// SPDX-License-Identifier: Apache-2.0
//! The few system calls that no safe crate offers. All `unsafe` of this crate is here.
#![allow(unsafe_code)]

use std::mem::size_of;
use std::os::fd::{AsRawFd, BorrowedFd};

/// What the kernel counts for a loaded program.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ProgramCount {
    /// Runs; 0 unless `kernel.bpf_stats_enabled` is set.
    pub(crate) runs: u64,
    /// Nanoseconds of all runs.
    pub(crate) run_ns: u64,
    /// Runs skipped because the program was running on that CPU already.
    pub(crate) recursion_misses: u64,
}

/// Reads the counters of a program.
pub(crate) fn program_count(program: BorrowedFd<'_>) -> Option<ProgramCount> {
    let mut info = libbpf_sys::bpf_prog_info::default();
    let mut len = u32::try_from(size_of::<libbpf_sys::bpf_prog_info>()).ok()?;
    // Needed: libbpf-rs reads these only for all programs of the host together.
    // Sound: `info` is a plain C struct of zeros (no buffers asked for), `len` its true size, the
    // kernel writes at most `len` bytes, and the descriptor is borrowed for the call.
    // Covered by tests/kernel.rs, which reads the hooks' state.
    let failed = unsafe {
        libbpf_sys::bpf_prog_get_info_by_fd(program.as_raw_fd(), &raw mut info, &raw mut len)
    };
    (failed == 0).then_some(ProgramCount {
        runs: info.run_cnt,
        run_ns: info.run_time_ns,
        recursion_misses: info.recursion_misses,
    })
}

/// Gives the calling thread ordinary I/O priority: osquery starts extensions as idle I/O class.
/// Best effort.
pub(crate) fn restore_io_priority() {
    const WHO_PROCESS: libc::c_int = 1;
    const BEST_EFFORT_4: libc::c_int = (2 << 13) | 4;
    // Needed: no safe wrapper exists for ioprio_set. Sound: three integers, no memory; id 0 is the
    // calling thread. Covered by every test that starts the drain thread.
    let _ = unsafe { libc::syscall(libc::SYS_ioprio_set, WHO_PROCESS, 0, BEST_EFFORT_4) };
}
