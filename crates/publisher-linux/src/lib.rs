// SPDX-License-Identifier: Apache-2.0
//! Events of Linux by eBPF, as rows of the `linux_*` tables.
//!
//! The kernel side (`bpf/`, C, CO-RE, a licence of its own) writes raw records into a ring;
//! [`LinuxPublisher`] loads it, empties the ring on one thread, and makes rows.
//! Not here: what needs other rows or files (parents' paths, account names, hashes): enrichers do that.
//!
//! | file | holds |
//! |---|---|
//! | `bpf/wire.h` | shape of the records, mirrored by `record/` |
//! | `bpf/*.bpf.c` | the programs, one family of hooks per file |
//! | `hooks/` | declared: which table needs which hooks, and the ways to get each |
//! | `load/` | loads the ways that this kernel takes, attaches them, tries those on functions; state of each hook |
//! | `rules.rs` | filters of the configuration that run in the kernel |
//! | `ring.rs` | the drain thread |
//! | `sink.rs` | records to batches, and what is counted on the way |
//! | `decode/` | record to row, one file per table |
//! | `media/` | removable media: a thread of its own, without eBPF |
//! | `publisher.rs` | all of it as `sdk::Publisher` |
//! | `sys/` | system calls without a safe wrapper |

#[cfg(not(target_os = "linux"))]
compile_error!("evtables-publisher-linux builds on Linux only");

mod clock;
mod decode;
mod hooks;
mod load;
mod media;
mod publisher;
pub mod record;
mod ring;
mod rules;
mod sink;
mod snapshot;
mod sys;

pub use load::KernelCounts;
pub use publisher::{LinuxOptions, LinuxPublisher};
