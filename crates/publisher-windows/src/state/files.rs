// SPDX-License-Identifier: Apache-2.0
//! Which file an open object or a file key is. Opens name the object, names are given to keys, and
//! reads and writes say only both numbers. An object's number is used again after its close; a
//! record may come a little after the close.

use super::SECOND;
use super::bounded::Bounded;
use std::sync::Arc;

/// Open objects that are remembered.
const OBJECTS_MAX: usize = 65_536;

/// Keys that are remembered.
const KEYS_MAX: usize = 65_536;

/// Requests whose end is awaited.
const REQUESTS_MAX: usize = 4_096;

/// How long after its close an object is still what it was.
const CLOSED_GRACE_NS: i64 = SECOND;

/// An open object.
#[derive(Debug, Clone)]
struct Object {
    path: Arc<str>,
    closed_ns: Option<i64>,
    written: bool,
}

/// An open that may turn out to have made the file.
#[derive(Debug, Clone)]
pub(crate) struct Opening {
    pub(crate) path: Arc<str>,
    pub(crate) pid: Option<u32>,
    pub(crate) time_ns: i64,
}

/// Files by object and by key.
#[derive(Debug)]
pub(crate) struct Files {
    objects: Bounded<u64, Object>,
    keys: Bounded<u64, Arc<str>>,
    openings: Bounded<u64, Opening>,
}

impl Files {
    pub(crate) fn new() -> Self {
        Self {
            objects: Bounded::new(OBJECTS_MAX),
            keys: Bounded::new(KEYS_MAX),
            openings: Bounded::new(REQUESTS_MAX),
        }
    }

    /// An object was opened.
    pub(crate) fn opened(&mut self, object: u64, path: &Arc<str>) {
        if object != 0 {
            let opened = Object { path: Arc::clone(path), closed_ns: None, written: false };
            self.objects.insert(object, opened);
        }
    }

    /// A request to open has begun; its end says whether it made the file.
    pub(crate) fn opening(&mut self, irp: u64, opening: Opening) {
        self.openings.insert(irp, opening);
    }

    /// A request has ended: the open that it was, if it was one.
    pub(crate) fn request_ended(&mut self, irp: u64) -> Option<Opening> {
        self.openings.remove(&irp)
    }

    /// A key was given a name.
    pub(crate) fn named(&mut self, key: u64, path: &Arc<str>) {
        if key != 0 {
            self.keys.insert(key, Arc::clone(path));
        }
    }

    /// A list of what is open says that a key has a name: what records have said of it is newer.
    pub(crate) fn seeded(&mut self, key: u64, path: &Arc<str>) {
        if self.keys.get(&key).is_none() {
            self.named(key, path);
        }
    }

    /// A key has lost its name.
    pub(crate) fn unnamed(&mut self, key: u64) {
        self.keys.remove(&key);
    }

    fn object(&self, object: u64, time_ns: i64) -> Option<&Object> {
        self.objects.get(&object).filter(|found| {
            found.closed_ns.is_none_or(|closed| time_ns <= closed.saturating_add(CLOSED_GRACE_NS))
        })
    }

    /// The path of a file by its object, else by its key. What one knows the other learns.
    pub(crate) fn path(&mut self, object: u64, key: u64, time_ns: i64) -> Option<Arc<str>> {
        let by_object = self.object(object, time_ns).map(|found| Arc::clone(&found.path));
        if let Some(path) = by_object {
            if key != 0 && self.keys.get(&key).is_none_or(|known| *known != path) {
                self.named(key, &path);
            }
            return Some(path);
        }
        let path = Arc::clone(self.keys.get(&key)?);
        self.opened(object, &path);
        Some(path)
    }

    /// True when this is the first write to the object since it was opened.
    pub(crate) fn first_write(&mut self, object: u64, time_ns: i64) -> bool {
        let known = self.object(object, time_ns).is_some();
        match self.objects.get_mut(&object).filter(|_| known) {
            Some(found) => !std::mem::replace(&mut found.written, true),
            None => false,
        }
    }

    /// The file has a new path; returns the old one.
    pub(crate) fn renamed(
        &mut self,
        object: u64,
        key: u64,
        path: &Arc<str>,
        time_ns: i64,
    ) -> Option<Arc<str>> {
        let old = self.path(object, key, time_ns).filter(|old| old != path);
        let written = self.objects.get(&object).is_some_and(|found| found.written);
        self.opened(object, path);
        if let Some(found) = self.objects.get_mut(&object) {
            found.written = written;
        }
        self.named(key, path);
        old
    }

    /// The object was closed; its number may be used again.
    pub(crate) fn closed(&mut self, object: u64, time_ns: i64) {
        if let Some(found) = self.objects.get_mut(&object) {
            found.closed_ns.get_or_insert(time_ns);
        }
    }

    /// Objects, keys and requests that had to be forgotten.
    pub(crate) fn forgotten(&self) -> u64 {
        self.objects.forgotten() + self.keys.forgotten() + self.openings.forgotten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn path(text: &str) -> Arc<str> {
        text.into()
    }

    #[test]
    fn objects_first_then_keys() {
        let mut files = Files::new();
        files.opened(1, &path("a"));
        files.named(50, &path("b"));
        assert_eq!(files.path(1, 50, 0).as_deref(), Some("a"), "the object is nearer");
        assert_eq!(files.path(2, 50, 0).as_deref(), Some("a"), "the key has learnt");
        assert_eq!(files.path(3, 51, 0), None);
        assert!(files.first_write(1, 0));
        assert!(!files.first_write(1, 0));
        files.opened(1, &path("c"));
        assert!(files.first_write(1, 0), "a new handle");
        assert!(!files.first_write(99, 0), "nobody knows what was written");
    }

    #[test]
    fn a_closed_object_is_itself_for_a_moment() {
        let mut files = Files::new();
        files.opened(1, &path("a"));
        files.closed(1, 10);
        assert_eq!(files.path(1, 0, 10 + SECOND).as_deref(), Some("a"), "a late record");
        assert_eq!(files.path(1, 0, 11 + SECOND), None, "used again, but the open was lost");
        assert!(!files.first_write(1, 11 + SECOND));
    }

    #[test]
    fn renames_tell_the_old_path() {
        let mut files = Files::new();
        files.opened(1, &path("old"));
        assert!(files.first_write(1, 0));
        assert_eq!(files.renamed(1, 7, &path("new"), 0).as_deref(), Some("old"));
        assert_eq!(files.path(1, 7, 0).as_deref(), Some("new"));
        assert!(!files.first_write(1, 0), "the same handle");
        assert_eq!(files.renamed(2, 8, &path("x"), 0), None);
        files.unnamed(7);
        assert_eq!(files.path(9, 7, 0), None);
    }

    proptest! {
        /// Any order of events: a path that is told is one that was given to that object or key.
        #[test]
        fn no_path_comes_from_nowhere(events in prop::collection::vec((0u8..6, 0u64..4, 0u64..4, 0i64..5), 0..300)) {
            let mut files = Files::new();
            let mut time = 0;
            let mut given = std::collections::HashSet::new();
            for (i, (what, object, key, step)) in events.into_iter().enumerate() {
                time += step * SECOND / 2;
                let name = path(&i.to_string());
                match what {
                    0 => { given.insert(i); files.opened(object, &name) }
                    1 => { given.insert(i); files.named(key, &name) }
                    2 => files.closed(object, time),
                    3 => files.unnamed(key),
                    4 => { given.insert(i); files.renamed(object, key, &name, time); }
                    _ => {}
                }
                if let Some(found) = files.path(object, key, time) {
                    prop_assert!(given.contains(&found.parse().unwrap()));
                }
                files.first_write(object, time);
            }
        }
    }
}
