// SPDX-License-Identifier: Apache-2.0
//! Events of Linux by eBPF: the life of processes, as rows of `linux_process_events`.
//!
//! The kernel side (`bpf/`, C, CO-RE, a licence of its own) writes raw records into a ring;
//! [`LinuxPublisher`] loads it, empties the ring on one thread, and makes rows.
//! Not here: what needs other rows or files (parents' paths, account names, hashes): enrichers do that.
//!
//! | file | holds |
//! |---|---|
//! | `bpf/wire.h` | shape of the records, mirrored by `record.rs` |
//! | `bpf/process.bpf.c`, `bpf/snapshot.bpf.c` | hooks; iterator for the start-up snapshot |
//! | `load.rs` | opens, loads, attaches; state of each hook |
//! | `ring.rs` | the drain thread |
//! | `decode/` | record to row |
//! | `publisher.rs` | all of it as `sdk::Publisher` |
//! | `sys/` | system calls without a safe wrapper |

#[cfg(not(target_os = "linux"))]
compile_error!("evtables-publisher-linux builds on Linux only");

mod clock;
mod decode;
mod load;
mod publisher;
pub mod record;
mod ring;
mod snapshot;
mod sys;

pub use load::KernelCounts;
pub use publisher::{LinuxOptions, LinuxPublisher};
