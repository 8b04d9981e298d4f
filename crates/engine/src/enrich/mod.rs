// SPDX-License-Identifier: Apache-2.0
//! Enrichers: what is added to events between the kernel and the store.

pub mod elf;
pub mod hashes;
pub(crate) mod looks;
pub mod process_tree;
pub mod users;

pub use hashes::Hashes;
pub(crate) use looks::Looks;
pub use process_tree::ProcessTree;
pub use users::Users;
