// SPDX-License-Identifier: Apache-2.0
//! What the C library does with memory that is freed.
//!
//! Why unsafe: glibc takes these settings by a C call alone (or from the environment, before `main`). What large
//! blocks cost by default, a call to map each and a fault per page, was 6 % of a replay's CPU (`./dev bench
//! replay`, 2026-11-24). Why sound: the calls set numbers inside the allocator, under its own lock. Test: all that
//! replay by the binary, in `tests/`.
#![cfg_attr(all(target_os = "linux", target_env = "gnu"), allow(unsafe_code))]

/// Blocks from this size on are mapped on their own; bytes.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const MAPPED_MIN: i32 = 8 << 20;
/// Free memory at the end of a heap that is kept; bytes.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const KEPT_MAX: i32 = 32 << 20;
/// By how much a heap grows at least; bytes.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const GROWTH: i32 = 1 << 20;

/// Keeps freed memory for what comes next: for work that allocates much, and then ends.
pub(crate) fn keep_freed() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    for (setting, bytes) in [
        (libc::M_MMAP_THRESHOLD, MAPPED_MIN),
        (libc::M_TRIM_THRESHOLD, KEPT_MAX),
        (libc::M_TOP_PAD, GROWTH),
    ] {
        // SAFETY: takes two numbers; one that it does not like changes nothing.
        unsafe { libc::mallopt(setting, bytes) };
    }
}
