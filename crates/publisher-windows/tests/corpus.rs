// SPDX-License-Identifier: Apache-2.0
//! Traces of the shared corpus against what other tools say of them. Skipped, with a message, where
//! `../shared/corpus` is absent.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss
)]

#[path = "corpus/baseline.rs"]
mod baseline;
#[path = "corpus/classes.rs"]
mod classes;
#[path = "corpus/fields.rs"]
mod fields;
#[path = "corpus/rows.rs"]
mod rows;
#[path = "corpus/traces.rs"]
mod traces;
