// SPDX-License-Identifier: Apache-2.0
//! The table of events, a file per subject.

pub mod audit;
pub mod device;
pub mod dns;
pub mod file;
pub mod network;
pub mod packet;
pub mod process;
pub mod registry;
pub mod script;
pub mod system;
pub mod web;

use crate::fields::Layout;

/// Rows of all files.
pub(super) const ALL: &[&[&Layout]] = &[
    audit::LAYOUTS,
    device::LAYOUTS,
    dns::LAYOUTS,
    file::LAYOUTS,
    network::LAYOUTS,
    packet::LAYOUTS,
    process::LAYOUTS,
    registry::LAYOUTS,
    script::LAYOUTS,
    system::LAYOUTS,
    web::LAYOUTS,
];
