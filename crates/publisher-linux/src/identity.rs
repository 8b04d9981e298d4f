// SPDX-License-Identifier: Apache-2.0
//! Which host and boot this is: the part of a process guid that is not in a record.

use evtables_schema::HostBoot;
use std::fs;

/// From /etc/machine-id and the kernel's boot id. A file that is missing counts as empty, which
/// keeps ids unique per boot as long as the other one is there.
#[must_use]
pub fn host_boot() -> HostBoot {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    HostBoot::new(&read("/etc/machine-id"), &read("/proc/sys/kernel/random/boot_id"))
}
