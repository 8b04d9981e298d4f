// SPDX-License-Identifier: Apache-2.0
//! Rows of state tables that are made when a query asks, from the operating system: what it is like
//! now. Nothing of it is stored.

use evtables_filter::Predicate;
use evtables_schema::{EventBatch, TableSpec};

/// Rows made for one call.
#[derive(Debug)]
pub struct StateRows {
    /// The rows; whoever asked tests them again.
    pub batches: Vec<EventBatch>,
    /// Which bound cut them; `None` when all are there.
    pub cut: Option<String>,
}

impl StateRows {
    /// All that there are.
    #[must_use]
    pub fn all(batch: EventBatch) -> Self {
        Self { batches: vec![batch], cut: None }
    }
}

/// A table of the predecessor that evtables does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AbsentTable {
    /// Its name.
    pub name: &'static str,
    /// What it held.
    pub summary: &'static str,
    /// Why it is absent.
    pub reason: &'static str,
}

/// State of an operating system as tables.
pub trait StateSource: Send + Sync {
    /// Tables whose rows it makes, on its own system.
    fn tables(&self) -> &[&'static TableSpec];

    /// Why it makes none here; `None` when it does.
    fn unavailable(&self) -> Option<&'static str>;

    /// Tables that people may look for in vain.
    fn absent(&self) -> &'static [AbsentTable];

    /// Rows of one of its tables, at least all that the predicate lets through.
    ///
    /// # Errors
    /// When the system does not answer, or when the query does not say what the table needs; completes
    /// "<table>: …".
    fn rows(&self, wanted: &Predicate) -> Result<StateRows, String>;
}
