// SPDX-License-Identifier: Apache-2.0
//! Which registry key an open object is. Most records name the object alone; opens say the object
//! they start from and a relative name. An object may be closed before a record about it comes, and
//! its number is used again.

use super::SECOND;
use super::bounded::Bounded;
use std::sync::Arc;

/// Objects that are remembered.
const OBJECTS_MAX: usize = 65_536;

/// Longest path that is put together (the registry's own limit is below).
const PATH_BYTES_MAX: usize = 8_192;

/// How long after its close an object is still what it was.
const CLOSED_GRACE_NS: i64 = SECOND;

#[derive(Debug)]
struct Key {
    path: Arc<str>,
    closed_ns: Option<i64>,
}

/// Keys by object.
#[derive(Debug)]
pub(crate) struct Keys {
    objects: Bounded<u64, Key>,
}

/// How an open names its key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Opened<'a> {
    /// Object that it starts from; 0 for none.
    pub(crate) base: u64,
    /// Name of that object, mostly empty.
    pub(crate) base_name: &'a str,
    /// Name of the key from there.
    pub(crate) relative: &'a str,
}

impl Keys {
    pub(crate) fn new() -> Self {
        Self { objects: Bounded::new(OBJECTS_MAX) }
    }

    /// The path that an open leads to; `None` when its beginning is not known.
    pub(crate) fn resolve(&self, opened: Opened<'_>, time_ns: i64) -> Option<Arc<str>> {
        if opened.relative.starts_with('\\') {
            return Some(opened.relative.into());
        }
        let known = self.path(opened.base, time_ns);
        let base =
            if opened.base_name.starts_with('\\') { opened.base_name } else { known.as_deref()? };
        if opened.relative.is_empty() {
            return Some(base.into());
        }
        let length = base.len() + 1 + opened.relative.len();
        (length <= PATH_BYTES_MAX)
            .then(|| format!("{}\\{}", base.trim_end_matches('\\'), opened.relative).into())
    }

    /// An object is a key. Failed opens have no object.
    pub(crate) fn named(&mut self, object: u64, path: &Arc<str>) {
        if object != 0 {
            self.objects.insert(object, Key { path: Arc::clone(path), closed_ns: None });
        }
    }

    /// A list of what is open says that an object is a key: what records have said of it is newer.
    pub(crate) fn seeded(&mut self, object: u64, path: &Arc<str>) {
        if self.objects.get(&object).is_none() {
            self.named(object, path);
        }
    }

    /// The key of an object.
    pub(crate) fn path(&self, object: u64, time_ns: i64) -> Option<Arc<str>> {
        let key = self.objects.get(&object)?;
        let late = key.closed_ns.is_some_and(|at| time_ns > at.saturating_add(CLOSED_GRACE_NS));
        (!late).then(|| Arc::clone(&key.path))
    }

    /// The object was closed.
    pub(crate) fn closed(&mut self, object: u64, time_ns: i64) {
        if let Some(key) = self.objects.get_mut(&object) {
            key.closed_ns.get_or_insert(time_ns);
        }
    }

    /// Whether any key was named.
    pub(crate) fn is_used(&self) -> bool {
        self.objects.len() > 0
    }

    /// Objects that had to be forgotten.
    pub(crate) fn forgotten(&self) -> u64 {
        self.objects.forgotten()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss)]

    use super::*;
    use proptest::prelude::*;

    fn open(keys: &mut Keys, base: u64, object: u64, relative: &str) -> Option<String> {
        let path = keys.resolve(Opened { base, base_name: "", relative }, 0)?;
        keys.named(object, &path);
        Some(path.to_string())
    }

    #[test]
    fn relative_names_follow_their_base() {
        let mut keys = Keys::new();
        assert_eq!(
            open(&mut keys, 0, 1, "\\REGISTRY\\MACHINE\\SOFTWARE").as_deref(),
            Some("\\REGISTRY\\MACHINE\\SOFTWARE")
        );
        assert_eq!(
            open(&mut keys, 1, 2, "Classes\\x").as_deref(),
            Some("\\REGISTRY\\MACHINE\\SOFTWARE\\Classes\\x")
        );
        assert_eq!(
            open(&mut keys, 2, 3, "").as_deref(),
            Some("\\REGISTRY\\MACHINE\\SOFTWARE\\Classes\\x")
        );
        assert_eq!(open(&mut keys, 77, 4, "y"), None, "a base that was opened before the trace");
        let named = Opened { base: 77, base_name: "\\REGISTRY\\USER", relative: "y" };
        assert_eq!(keys.resolve(named, 0).as_deref(), Some("\\REGISTRY\\USER\\y"));
    }

    #[test]
    fn a_close_that_comes_early_does_not_hide_the_key() {
        let mut keys = Keys::new();
        open(&mut keys, 0, 1, "\\REGISTRY\\MACHINE");
        keys.closed(1, 5);
        assert!(keys.path(1, 5 + SECOND).is_some());
        assert!(keys.path(1, 6 + SECOND).is_none(), "the number may mean another key");
        open(&mut keys, 0, 1, "\\REGISTRY\\USER");
        assert_eq!(keys.path(1, 9 * SECOND).as_deref(), Some("\\REGISTRY\\USER"));
        keys.named(0, &"nothing".into());
        assert_eq!(keys.path(0, 0), None, "failed opens have no object");
    }

    proptest! {
        #[test]
        fn paths_are_bounded(steps in prop::collection::vec((0u64..6, 0u64..6, "[a-z\\\\]{0,600}", 0u8..4), 0..100)) {
            let mut keys = Keys::new();
            for (i, (base, object, relative, what)) in steps.into_iter().enumerate() {
                if what == 0 {
                    keys.closed(object, i as i64 * SECOND / 4);
                } else if let Some(path) = keys.resolve(Opened { base, base_name: "", relative: &relative }, i as i64 * SECOND / 4) {
                    prop_assert!(path.len() <= PATH_BYTES_MAX.max(600));
                    prop_assert!(path.starts_with('\\'));
                    keys.named(object, &path);
                }
            }
        }
    }
}
