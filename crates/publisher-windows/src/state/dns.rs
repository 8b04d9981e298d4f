// SPDX-License-Identifier: Apache-2.0
//! Which server a query was sent to, and whose query it is. The asking process records begin and
//! end of a query; the cache service, another process, records the servers, by name and type only,
//! and copies of queries that it makes for others.

use super::SECOND;
use super::bounded::Bounded;
use std::collections::VecDeque;
use std::sync::Arc;

/// Queries that wait for their server.
const WAITING_MAX: usize = 1_024;

/// Names whose servers and askers are remembered.
const NAMES_MAX: usize = 4_096;

/// How long a query waits for its server.
const WAIT_NS: i64 = SECOND / 2;

/// How long a server or an asker is believed to belong to a query of that name.
const BELIEVE_NS: i64 = 15 * SECOND;

/// Name in lower case, and type.
pub(crate) type Question = (Arc<str>, u32);

/// A query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Query {
    pub(crate) question: Question,
    /// As it was written.
    pub(crate) name: Arc<str>,
    pub(crate) pid: Option<u32>,
    pub(crate) time_ns: i64,
    pub(crate) server: Option<Arc<str>>,
}

/// What a record of a query came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// It will come out of [`Queries::due`] or with its answer.
    Waits,
    /// The cache service's copy of a query that is known.
    Copy,
}

/// Queries and servers.
#[derive(Debug)]
pub(crate) struct Queries {
    waiting: VecDeque<Query>,
    askers: Bounded<Question, (Option<u32>, i64)>,
    servers: Bounded<Question, (Arc<str>, i64)>,
    /// The cache service: whoever records servers.
    cache_pid: Option<u32>,
}

impl Queries {
    pub(crate) fn new() -> Self {
        Self {
            waiting: VecDeque::new(),
            askers: Bounded::new(NAMES_MAX),
            servers: Bounded::new(NAMES_MAX),
            cache_pid: None,
        }
    }

    /// Name and type of a question, so that they compare.
    pub(crate) fn question(name: &str, query_type: u32) -> Question {
        (name.trim_end_matches('.').to_ascii_lowercase().into(), query_type)
    }

    /// True when `pid` is the cache service and somebody else has asked the same lately.
    pub(crate) fn is_copy(&self, question: &Question, pid: Option<u32>, time_ns: i64) -> bool {
        pid.is_some()
            && pid == self.cache_pid
            && self.askers.get(question).is_some_and(|(asker, at)| {
                *asker != pid && time_ns.abs_diff(*at) <= BELIEVE_NS.unsigned_abs()
            })
    }

    /// A query began.
    pub(crate) fn asked(&mut self, query: Query) -> Asked {
        if self.is_copy(&query.question, query.pid, query.time_ns) {
            return Asked::Copy;
        }
        self.askers.insert(query.question.clone(), (query.pid, query.time_ns));
        self.waiting.push_back(query);
        Asked::Waits
    }

    /// The service sent a query of that name to a server.
    pub(crate) fn sent(
        &mut self,
        question: &Question,
        server: &Arc<str>,
        by: Option<u32>,
        time_ns: i64,
    ) {
        self.cache_pid = by.or(self.cache_pid);
        self.servers.insert(question.clone(), (Arc::clone(server), time_ns));
        for query in &mut self.waiting {
            if query.question == *question && query.server.is_none() {
                query.server = Some(Arc::clone(server));
            }
        }
    }

    /// The server that was last asked for that name.
    pub(crate) fn server(&self, question: &Question, time_ns: i64) -> Option<&Arc<str>> {
        let (server, at) = self.servers.get(question)?;
        (time_ns.abs_diff(*at) <= BELIEVE_NS.unsigned_abs()).then_some(server)
    }

    /// Takes the query of that process and name, whose answer has come.
    pub(crate) fn answered(&mut self, question: &Question, pid: Option<u32>) -> Option<Query> {
        let at = self.waiting.iter().position(|q| q.question == *question && q.pid == pid)?;
        self.waiting.remove(at)
    }

    /// Takes a query that has its server or has waited long enough.
    pub(crate) fn due(&mut self, now_ns: i64) -> Option<Query> {
        let at = self.waiting.iter().position(|query| {
            query.server.is_some() || now_ns >= query.time_ns.saturating_add(WAIT_NS)
        });
        match at {
            Some(at) => self.waiting.remove(at),
            None if self.waiting.len() > WAITING_MAX => self.waiting.pop_front(),
            None => None,
        }
    }

    /// Whether [`Queries::due`] may have something.
    pub(crate) fn is_idle(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Takes all that wait.
    pub(crate) fn all(&mut self) -> impl Iterator<Item = Query> + '_ {
        self.waiting.drain(..)
    }

    /// Names that had to be forgotten.
    pub(crate) fn forgotten(&self) -> u64 {
        self.askers.forgotten() + self.servers.forgotten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn query(name: &str, pid: u32, time_ns: i64) -> Query {
        Query {
            question: Queries::question(name, 1),
            name: name.into(),
            pid: Some(pid),
            time_ns,
            server: None,
        }
    }

    #[test]
    fn servers_are_joined_by_name_and_copies_are_known() {
        let mut queries = Queries::new();
        assert_eq!(queries.asked(query("Example.org", 10, 0)), Asked::Waits);
        assert_eq!(queries.due(0), None);
        let question = Queries::question("example.org.", 1);
        queries.sent(&question, &"192.0.2.53".into(), Some(99), 5);
        assert_eq!(queries.asked(query("example.org", 99, 6)), Asked::Copy);
        let due = queries.due(7).unwrap();
        assert_eq!((due.name.as_ref(), due.server.as_deref()), ("Example.org", Some("192.0.2.53")));
        assert_eq!(queries.server(&question, 10).map(AsRef::as_ref), Some("192.0.2.53"));
        assert_eq!(queries.server(&question, 60 * SECOND), None, "too old to be believed");
        assert_eq!(queries.asked(query("other.org", 99, 8)), Asked::Waits, "its own");
        assert_eq!(queries.asked(query("example.org", 99, 60 * SECOND)), Asked::Waits);
    }

    #[test]
    fn a_query_waits_for_its_server_only_so_long() {
        let mut queries = Queries::new();
        queries.asked(query("a", 1, 0));
        assert_eq!(queries.due(WAIT_NS - 1), None);
        assert!(queries.due(WAIT_NS).is_some());
        queries.asked(query("a", 1, 0));
        assert!(queries.answered(&Queries::question("a", 1), Some(1)).is_some());
        assert!(queries.answered(&Queries::question("a", 1), Some(1)).is_none());
        assert!(queries.is_idle());
    }

    proptest! {
        /// Every query that waits comes out exactly once, whatever else comes and in any order.
        #[test]
        fn no_query_is_lost_or_doubled(steps in prop::collection::vec((0u8..4, 0usize..5, 0u32..4, -2i64..20), 0..300)) {
            let names = ["a", "b", "c", "d", "e"];
            let mut queries = Queries::new();
            let (mut time, mut asked, mut out) = (0, 0, 0);
            for (what, name, pid, step) in steps {
                time += step * SECOND / 10;
                let question = Queries::question(names[name], 1);
                match what {
                    0 => asked += usize::from(queries.asked(query(names[name], pid, time)) == Asked::Waits),
                    1 => queries.sent(&question, &"s".into(), Some(3), time),
                    2 => out += usize::from(queries.answered(&question, Some(pid)).is_some()),
                    _ => while queries.due(time).is_some() { out += 1 },
                }
            }
            out += queries.all().count();
            prop_assert_eq!(asked, out);
        }
    }
}
