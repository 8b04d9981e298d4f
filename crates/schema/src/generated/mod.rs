// SPDX-License-Identifier: Apache-2.0
//! Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

use crate::spec::TableSpec;

#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod bpf_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod container_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod credential_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod disk_index;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod dns_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod dns_response_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod epp_table;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod event_log_channels;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod event_log_data;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod evtables_columns;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod evtables_config;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod evtables_consumers;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod evtables_core_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod evtables_filters;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod evtables_gaps;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod evtables_hooks;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod evtables_loss;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod evtables_queries;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod evtables_status;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod evtables_tables;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod file_attr_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod file_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod file_timestomp_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod hash;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod http_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod image_load_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod image_load_process_map;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod io_uring_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod kernel_module_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod logger_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod mem_perf;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod memory_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod mount_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod named_pipe_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod namespace_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod network_stats;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod pefile_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod prctl_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod process_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod process_handles;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod process_open_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod process_perf;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod programs;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod registry_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod remote_thread_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod removable_media_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod services;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod signal_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod socket_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod ssl_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod startup_items;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod sysctl_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod user_events;
#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]
pub mod yara_events;

/// Every table.
pub static TABLES: &[&TableSpec] = &[
    &bpf_events::linux::TABLE,
    &container_events::linux::TABLE,
    &credential_events::linux::TABLE,
    &disk_index::windows::TABLE,
    &dns_events::linux::TABLE,
    &dns_events::windows::TABLE,
    &dns_response_events::linux::TABLE,
    &dns_response_events::windows::TABLE,
    &epp_table::windows::TABLE,
    &event_log_channels::windows::TABLE,
    &event_log_data::windows::TABLE,
    &evtables_columns::any::TABLE,
    &evtables_config::any::TABLE,
    &evtables_consumers::any::TABLE,
    &evtables_core_events::any::TABLE,
    &evtables_filters::any::TABLE,
    &evtables_gaps::any::TABLE,
    &evtables_hooks::any::TABLE,
    &evtables_loss::any::TABLE,
    &evtables_queries::any::TABLE,
    &evtables_status::any::TABLE,
    &evtables_tables::any::TABLE,
    &file_attr_events::linux::TABLE,
    &file_events::linux::TABLE,
    &file_events::windows::TABLE,
    &file_timestomp_events::linux::TABLE,
    &file_timestomp_events::windows::TABLE,
    &hash::windows::TABLE,
    &http_events::linux::TABLE,
    &http_events::windows::TABLE,
    &image_load_events::linux::TABLE,
    &image_load_events::windows::TABLE,
    &image_load_process_map::linux::TABLE,
    &image_load_process_map::windows::TABLE,
    &io_uring_events::linux::TABLE,
    &kernel_module_events::linux::TABLE,
    &logger_events::linux::TABLE,
    &logger_events::windows::TABLE,
    &mem_perf::windows::TABLE,
    &memory_events::linux::TABLE,
    &mount_events::linux::TABLE,
    &named_pipe_events::linux::TABLE,
    &named_pipe_events::windows::TABLE,
    &namespace_events::linux::TABLE,
    &network_stats::windows::TABLE,
    &pefile_events::linux::TABLE,
    &pefile_events::windows::TABLE,
    &prctl_events::linux::TABLE,
    &process_events::linux::TABLE,
    &process_events::windows::TABLE,
    &process_handles::windows::TABLE,
    &process_open_events::linux::TABLE,
    &process_open_events::windows::TABLE,
    &process_perf::windows::TABLE,
    &programs::windows::TABLE,
    &registry_events::windows::TABLE,
    &remote_thread_events::linux::TABLE,
    &remote_thread_events::windows::TABLE,
    &removable_media_events::linux::TABLE,
    &removable_media_events::windows::TABLE,
    &services::windows::TABLE,
    &signal_events::linux::TABLE,
    &socket_events::linux::TABLE,
    &socket_events::windows::TABLE,
    &ssl_events::linux::TABLE,
    &ssl_events::windows::TABLE,
    &startup_items::windows::TABLE,
    &sysctl_events::linux::TABLE,
    &user_events::linux::TABLE,
    &yara_events::windows::TABLE,
];
