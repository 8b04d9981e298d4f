// SPDX-License-Identifier: Apache-2.0
//! `evtables pack check`: what is wrong with the queries of an osquery pack or configuration, before
//! they run on a thousand machines and find nothing.
//!
//! Each query is run over empty tables: SQLite then says what it does not know, and the tables say
//! which comparisons reached them.

use crate::args::PackArgs;
use crate::out::say;
use crate::pack_literals::never_matching;
use crate::schedule::{self, PackQuery, queries_of, reads_events, tables_in};
use arrow_array::RecordBatch;
use evtables_engine::{Batches, ScanSpec, Source, SourceError};
use evtables_filter::Predicate;
use evtables_schema::{Class, TableSpec};
use evtables_sql::{Database, SqlError, Unread};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Largest pack file, bytes.
const FILE_BYTES_MAX: u64 = 16 << 20;
/// How long events are kept unless told otherwise, seconds.
const RETENTION: u64 = 86_400;
/// A table is read whole at most so often without a remark, seconds.
const WHOLE_READ_MIN: u64 = 60;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weight {
    /// The query works, and could work better.
    Remark,
    /// The query finds nothing, or not all.
    Fault,
}

/// One thing about one query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) query: String,
    pub(crate) weight: Weight,
    pub(crate) text: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weight = match self.weight {
            Weight::Fault => "fault",
            Weight::Remark => "remark",
        };
        write!(out, "{}: {weight}: {}", self.query, self.text)
    }
}

/// Checks each file; fails when there is a fault in any.
pub(crate) fn check(args: &PackArgs) -> Result<(), String> {
    let mut faults = 0;
    for path in &args.files {
        let (queries, findings) = check_file(path, args.retention)?;
        for finding in &findings {
            say!("{}: {finding}", path.display())?;
        }
        let wrong = findings.iter().filter(|f| f.weight == Weight::Fault).count();
        faults += wrong;
        say!(
            "{}: {queries} queries, {wrong} faults, {} remarks",
            path.display(),
            findings.len() - wrong
        )?;
    }
    match faults {
        0 => Ok(()),
        1 => Err("1 fault".into()),
        _ => Err(format!("{faults} faults")),
    }
}

fn check_file(path: &Path, retention: Option<u64>) -> Result<(usize, Vec<Finding>), String> {
    let fail = |what: &dyn fmt::Display| format!("{}: {what}", path.display());
    let size = path.metadata().map_err(|e| fail(&e))?.len();
    if size > FILE_BYTES_MAX {
        return Err(fail(&format!("larger than {FILE_BYTES_MAX} bytes")));
    }
    let text = std::fs::read_to_string(path).map_err(|e| fail(&e))?;
    let json = schedule::value(&text).map_err(|e| fail(&e))?;
    let queries = queries_of(&json);
    if queries.is_empty() {
        return Err(fail(&schedule::NO_QUERIES));
    }
    let retention = retention.unwrap_or_else(|| retention_of(&json));
    let mut findings = Vec::new();
    for query in &queries {
        check_query(query, retention, &mut findings)?;
    }
    Ok((queries.len(), findings))
}

/// Seconds that the file's own settings keep events.
fn retention_of(json: &Value) -> u64 {
    let number =
        |value: Option<&Value>| value.and_then(|v| v.as_u64().or_else(|| v.as_str()?.parse().ok()));
    let own = number(json.pointer("/evtables/retention/seconds"));
    let flag = number(json.pointer("/options/events_expiry")).filter(|seconds| *seconds != 3_600);
    own.or(flag).unwrap_or(RETENTION)
}

/// Tables without rows that remember how they were asked.
#[derive(Default)]
struct Empty(Mutex<Vec<(&'static TableSpec, Predicate)>>);

impl Source for Empty {
    fn tables(&self) -> Vec<&'static TableSpec> {
        evtables_schema::tables().to_vec()
    }

    fn scan(&self, spec: &ScanSpec) -> Result<Batches, SourceError> {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.push((spec.table(), spec.predicate.clone()));
        let empty = RecordBatch::new_empty(spec.table().stored_schema());
        Ok(Box::new(std::iter::once(Ok(empty))))
    }
}

fn check_query(
    query: &PackQuery,
    retention: u64,
    findings: &mut Vec<Finding>,
) -> Result<(), String> {
    let name = match &query.pack {
        Some(pack) => format!("{pack}/{}", query.name),
        None => query.name.clone(),
    };
    let mut find = |weight, text: String| {
        findings.push(Finding { query: name.clone(), weight, text });
    };
    let asked = Arc::new(Empty::default());
    let database =
        Database::open(Arc::clone(&asked) as Arc<dyn Source>).map_err(|e| e.to_string())?;
    match database.query(&query.sql, &mut Unread) {
        Ok(_) => {}
        // A table of osquery core: what it has cannot be known here.
        Err(SqlError::Statement { message, .. }) if is_foreign(&message) => {
            find(
                Weight::Remark,
                format!("not checked, because it asks a table of osquery: {message}"),
            );
        }
        Err(error) => {
            find(Weight::Fault, error.to_string());
            return Ok(());
        }
    }
    let tables = tables_in(&query.sql);
    for text in never_matching(&query.sql, &tables) {
        find(Weight::Fault, text);
    }
    if reads_events(&query.sql) && query.interval > retention {
        find(
            Weight::Fault,
            format!(
                "runs every {} s, and events are kept {retention} s: most are gone by then",
                query.interval
            ),
        );
    }
    for table in &tables {
        let word = table.platform.word();
        if word != "any" && !query.platform.is_empty() && !runs_on(&query.platform, word) {
            find(
                Weight::Fault,
                format!(
                    "{} has rows on {word} only, and the pack is for {}",
                    table.name, query.platform
                ),
            );
        }
    }
    let seen = asked.0.lock().unwrap_or_else(PoisonError::into_inner);
    let whole: BTreeSet<&str> = seen
        .iter()
        .filter(|(table, predicate)| table.class == Class::Event && predicate.is_all())
        .map(|(table, _)| table.name)
        .collect();
    let filters = query.sql.to_ascii_lowercase().contains("where");
    for table in whole {
        if filters && query.interval < WHOLE_READ_MIN {
            find(
                Weight::Remark,
                format!("no comparison reaches {table}: each run reads all new rows"),
            );
        } else if filters {
            find(
                Weight::Remark,
                format!("no comparison reaches {table}: rows are filtered one by one"),
            );
        }
    }
    Ok(())
}

/// Whether a message is about a table that is none of ours by its name.
fn is_foreign(message: &str) -> bool {
    let Some(rest) = message.strip_prefix("no such table: ") else { return false };
    let name = rest.split([' ', ',', ';', ':']).next().unwrap_or_default();
    !["win_", "linux_", "evtables_", "windows_events"].iter().any(|own| name.starts_with(own))
}

fn runs_on(platform: &str, word: &str) -> bool {
    platform.split(',').map(str::trim).any(|name| {
        name == word || name == "all" || name == "any" || (name == "posix" && word == "linux")
    })
}

#[cfg(test)]
#[path = "pack_tests.rs"]
mod tests;
