// SPDX-License-Identifier: Apache-2.0
//! The contracts between evtables and its parts: [`Publisher`] (takes events from an operating
//! system or a file), [`Enricher`] (adds columns to batches) and [`Emitter`] (the bounded way in).
//! All that a plug-in needs; knows nothing of store, SQL or osquery.

pub mod accounts;
pub mod emitter;
pub mod ledger;
pub mod publisher;
pub mod state;

pub use accounts::Accounts;
pub use emitter::{Emitter, emitter};
pub use evtables_filter::rules;
pub use evtables_schema as schema;
pub use ledger::{LossCount, Outcome, Stage};
pub use publisher::{
    Enricher, HookState, HookStatus, Publisher, PublisherError, RuleCount, TableStatus,
};
pub use state::{AbsentTable, StateRows, StateSource};
