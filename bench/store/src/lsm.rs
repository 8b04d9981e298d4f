// SPDX-License-Identifier: Apache-2.0
//! fjall, an LSM tree: the key is `seq`, the value the row, one after the other; no index but the key.

use crate::events::Event;
use crate::measure::{Clock, Question, Report, Wanted};
use fjall::{Database, Keyspace, KeyspaceCreateOptions, PersistMode};
use std::collections::BTreeSet;
use std::path::Path;

const TEXTS: usize = 8;

fn encode(e: &Event, eid: u128) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    for number in [e.time, e.pid, e.parent_pid, e.uid, e.exit_code.map_or(-1, i64::from)] {
        out.extend_from_slice(&number.to_be_bytes());
    }
    for id in [eid, e.process_guid, e.parent_process_guid] {
        out.extend_from_slice(&id.to_be_bytes());
    }
    let texts: [&str; TEXTS] = [
        e.action,
        &e.path,
        &e.cmdline,
        &e.parent_path,
        e.owner_uid,
        e.cwd,
        &e.sha256,
        &e.cgroup_path,
    ];
    for text in texts {
        out.extend_from_slice(&u16::try_from(text.len()).unwrap_or(0).to_be_bytes());
        out.extend_from_slice(text.as_bytes());
    }
    out
}

fn text(value: &[u8], which: usize) -> &[u8] {
    let mut rest = &value[5 * 8 + 3 * 16..];
    for _ in 0..which {
        let length = usize::from(u16::from_be_bytes([rest[0], rest[1]]));
        rest = &rest[2 + length..];
    }
    &rest[2..2 + usize::from(u16::from_be_bytes([rest[0], rest[1]]))]
}

/// Writes all events, measures, asks.
pub fn run(dir: &Path, events: impl Iterator<Item = Vec<Event>>, wanted: &Wanted) -> Report {
    let mut report = Report::new("fjall");
    let db = Database::builder(dir).open().expect("a database");
    let rows = db.keyspace("events", KeyspaceCreateOptions::default).expect("a keyspace");
    let (mut cpu, mut count, mut since_sync) = (0.0, 0_u64, Clock::start());
    for batch in events {
        let clock = Clock::start();
        let mut write = db.batch();
        for event in &batch {
            count += 1;
            let eid = u128::try_from(event.time).unwrap_or(0) << 64 | u128::from(count);
            write.insert(&rows, count.to_be_bytes(), encode(event, eid));
        }
        write.commit().expect("a commit");
        if since_sync.wall() > 1.0 {
            db.persist(PersistMode::SyncData).expect("a sync");
            since_sync = Clock::start();
        }
        cpu += clock.cpu();
    }
    let clock = Clock::start();
    db.persist(PersistMode::SyncAll).expect("a sync");
    report.written(usize::try_from(count).unwrap_or(0), cpu + clock.cpu(), dir);
    for question in Question::ALL {
        report.ask(question, || answer(&rows, question, wanted));
    }
    report
}

fn answer(rows: &Keyspace, question: Question, wanted: &Wanted) -> u64 {
    let scan = |from: u64, passes: &dyn Fn(&[u8]) -> bool| {
        let mut count = 0;
        for guard in rows.range(from.to_be_bytes()..) {
            let value = guard.value().expect("a row");
            count += u64::from(passes(&value));
        }
        count
    };
    let find = |value: &[u8], needle: &[u8]| value.windows(needle.len()).any(|part| part == needle);
    let needle = wanted.like.trim_matches('%').as_bytes();
    let guid = wanted.guid.to_be_bytes();
    let since = wanted.last - 9_999_999_999;
    match question {
        // Times ascend with the key in this set, so that a range does.
        Question::Last10 => {
            scan(wanted.rows.saturating_sub(11_000), &|v| v[..8] >= since.to_be_bytes()[..])
        }
        Question::Hash => scan(0, &|v| text(v, 6) == wanted.sha256.as_bytes()),
        Question::Guid => scan(0, &|v| v[56..72] == guid),
        Question::Like => scan(0, &|v| find(text(v, 2), needle)),
        Question::Group => {
            let mut paths: BTreeSet<Vec<u8>> = BTreeSet::new();
            for guard in rows.range(0_u64.to_be_bytes()..) {
                let value = guard.value().expect("a row");
                let path = text(&value, 1);
                if !paths.contains(path) {
                    paths.insert(path.to_vec());
                }
            }
            paths.len() as u64
        }
        Question::Full => scan(0, &|v| !v.is_empty()),
        Question::Expire => {
            for key in 0..=wanted.rows - wanted.rows / 2 {
                rows.remove(key.to_be_bytes()).expect("a row expires");
            }
            0
        }
    }
}
