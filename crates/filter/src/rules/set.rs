// SPDX-License-Identifier: Apache-2.0
//! The rules of all tables together.

use super::Rules;
use evtables_schema::TableSpec;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The rules of all tables. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct FilterSet(Arc<BTreeMap<&'static str, Rules>>);

impl FilterSet {
    /// From the rules of each table.
    #[must_use]
    pub fn new(rules: Vec<Rules>) -> Self {
        Self(Arc::new(rules.into_iter().map(|rules| (rules.table().name, rules)).collect()))
    }

    /// Whether every event is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those of one table.
    #[must_use]
    pub fn of(&self, table: &TableSpec) -> Option<&Rules> {
        self.0.get(table.name)
    }

    /// All of them, by table.
    pub fn all(&self) -> impl Iterator<Item = &Rules> {
        self.0.values()
    }
}

/// Whether they were written alike.
impl PartialEq for FilterSet {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || (self.0.keys().eq(other.0.keys())
                && self.all().map(Rules::rules).eq(other.all().map(Rules::rules)))
    }
}

impl Eq for FilterSet {}
