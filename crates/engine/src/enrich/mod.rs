// SPDX-License-Identifier: Apache-2.0
//! Enrichers: what is added to events between the kernel and the store.

pub mod hashes;
pub mod process_tree;
pub mod users;

pub use hashes::Hashes;
pub use process_tree::ProcessTree;
pub use users::Users;
