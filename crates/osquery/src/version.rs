// SPDX-License-Identifier: Apache-2.0
//! Which osquery we talk to, and what an older one lacks. The protocol is the same since 4.0; what came
//! later changes how much a table is told, never whether its rows are right.

use std::fmt;

use crate::manager::{Manager, ManagerError};

#[cfg(test)]
mod tests;

/// Version of osquery: 5.23.0. What a build appends (`5.23.0-38-gabc`) is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CoreVersion {
    /// First number.
    pub major: u32,
    /// Second number.
    pub minor: u32,
    /// Third number.
    pub patch: u32,
}

impl CoreVersion {
    /// The oldest one whose protocol this crate speaks.
    pub const OLDEST: CoreVersion = CoreVersion::new(4, 0, 0);
    /// The one whose bytes were recorded and are compared in this crate's tests.
    pub const TESTED: CoreVersion = CoreVersion::new(5, 23, 0);

    /// From its three numbers.
    pub const fn new(major: u32, minor: u32, patch: u32) -> CoreVersion {
        CoreVersion { major, minor, patch }
    }

    /// From text that begins with two or three numbers; `None` when it does not.
    pub fn parse(text: &str) -> Option<CoreVersion> {
        let mut rest = text.trim();
        let mut numbers = [None; 3];
        for number in &mut numbers {
            let digits = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
            let (head, tail) = rest.split_at(digits);
            *number = head.parse().ok();
            match tail.strip_prefix('.') {
                Some(after) if number.is_some() => rest = after,
                _ => break,
            }
        }
        let [major, minor, patch] = numbers;
        Some(CoreVersion { major: major?, minor: minor?, patch: patch.unwrap_or(0) })
    }
}

impl fmt::Display for CoreVersion {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// Something that a core lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Degraded {
    /// A word for it that stays the same over versions.
    pub feature: &'static str,
    /// The first version that has it.
    pub since: CoreVersion,
    /// What an older core does instead, as a sentence.
    pub meaning: &'static str,
}

impl fmt::Display for Degraded {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} (osquery {}): {}", self.feature, self.since, self.meaning)
    }
}

/// All that came after [`CoreVersion::OLDEST`] and that an extension can feel, oldest first. The versions are
/// those of osquery's own history (pull requests 7675, 8214, 8250, 8263); only [`CoreVersion::TESTED`] was run.
pub const FEATURES: &[Degraded] = &[
    Degraded {
        feature: "protocol",
        since: CoreVersion::OLDEST,
        meaning: "this osquery is older than any whose extension protocol is known to fit",
    },
    Degraded {
        feature: "distributed_running",
        since: CoreVersion::new(5, 5, 1),
        meaning: "osquery does not list running live queries, so one that reads a table while a scheduled query runs cannot be told from it",
    },
    Degraded {
        feature: "collation",
        since: CoreVersion::new(5, 11, 0),
        meaning: "osquery ignores the collation that an extension's column declares, so its SQL compares text with case",
    },
    Degraded {
        feature: "query_performance",
        since: CoreVersion::new(5, 12, 0),
        meaning: "osquery does not record in its database that a run ended, so a run that was killed cannot be told from one that ended",
    },
    Degraded {
        feature: "in_list",
        since: CoreVersion::new(5, 14, 0),
        meaning: "osquery sends one call per value of an IN list instead of one call with all values",
    },
];

/// What core of this version lacks; empty for a new one.
///
/// ```
/// use evtables_osquery::{CoreVersion, degraded};
/// let missing: Vec<&str> = degraded(CoreVersion::new(5, 12, 2)).map(|found| found.feature).collect();
/// assert_eq!(missing, ["in_list"]);
/// ```
pub fn degraded(version: CoreVersion) -> impl Iterator<Item = &'static Degraded> {
    FEATURES.iter().filter(move |feature| version < feature.since)
}

/// The question that tells core's version.
pub(crate) const VERSION_SQL: &str = "SELECT version FROM osquery_info";

impl Manager {
    /// Core's version; `None` when it says none that can be read (a build of one's own, for example).
    ///
    /// # Errors
    /// Any [`ManagerError`].
    pub fn core_version(&mut self) -> Result<Option<CoreVersion>, ManagerError> {
        let rows = self.query(VERSION_SQL)?;
        let version = rows.first().and_then(|row| row.get("version"));
        Ok(version.and_then(|text| CoreVersion::parse(text)))
    }
}
