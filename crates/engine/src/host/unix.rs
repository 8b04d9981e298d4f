// SPDX-License-Identifier: Apache-2.0
//! What Linux says of this host and this process.

use evtables_schema::HostBoot;

/// This host in this boot, from the machine id and the kernel's boot id (both may be missing).
#[must_use]
pub fn host_boot() -> HostBoot {
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    HostBoot::new(&read("/etc/machine-id"), &read("/proc/sys/kernel/random/boot_id"))
}

/// The host's name; empty when unknown.
#[must_use]
pub fn host_name() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

/// Resident memory of this process in bytes; 0 when unknown.
#[must_use]
pub fn rss_bytes() -> i64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = text.split(' ').nth(1).and_then(|field| field.parse::<i64>().ok()).unwrap_or(0);
    pages.saturating_mul(i64::try_from(rustix::param::page_size()).unwrap_or(4096))
}

/// CPU time that this process has used, nanoseconds.
#[must_use]
pub fn cpu_ns() -> i64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec.saturating_mul(1_000_000_000).saturating_add(time.tv_nsec)
}
