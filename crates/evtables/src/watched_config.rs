// SPDX-License-Identifier: Apache-2.0
//! The configuration file of `evtables run` while it runs: looked at by times, size and number of the file
//! and of the lists that it names, and read again when one of them changed. A wrong one leaves the last
//! good one in force, and is told once.

use crate::config::{Config, listed};
use crate::system::{FileStamp, file_stamp};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A file that was changed so short a time ago may change again without another time.
const FRESH: Duration = Duration::from_secs(2);

/// `None`: the file is not there.
type Stamp = Option<FileStamp>;

/// A file and the configuration in force.
#[derive(Debug)]
pub(crate) struct WatchedConfig {
    path: PathBuf,
    config: Config,
    /// Of the file and of its lists.
    stamps: Vec<(PathBuf, Stamp)>,
    /// Whether what was read may have changed behind the stamps.
    is_fresh: bool,
    /// What is wrong with the file as it is; empty when nothing.
    wrong: String,
}

/// What a look found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// Another configuration is in force, or the one in force is right again.
    Changed,
    /// The file is wrong, for these reasons; the last good one stays, and shows them.
    Wrong(String),
}

impl WatchedConfig {
    /// Reads it for the first time.
    ///
    /// # Errors
    /// The file, and every problem with its path.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        // Before it is read: what changes in between is seen as changed.
        let own = file_stamp(path);
        let config = Config::read(path)?;
        let mut watched = Self {
            path: path.to_owned(),
            config,
            stamps: vec![(path.to_owned(), own)],
            is_fresh: true,
            wrong: String::new(),
        };
        watched.watch_lists();
        Ok(watched)
    }

    /// What is in force.
    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// Whether there is something new.
    pub(crate) fn look(&mut self) -> Option<Look> {
        let now: Vec<Stamp> = self.stamps.iter().map(|(path, _)| file_stamp(path)).collect();
        if self.stamps.iter().map(|(_, stamp)| stamp).eq(&now) && !self.is_fresh {
            return None;
        }
        self.is_fresh = now.iter().any(changed_just_now);
        self.stamps.iter_mut().zip(now).for_each(|((_, stamp), now)| *stamp = now);
        match Config::read_file(&self.path) {
            Ok(config) => {
                let was_wrong = !std::mem::take(&mut self.wrong).is_empty();
                if config == self.config {
                    return None;
                }
                self.config = config;
                self.watch_lists();
                tracing::info!(
                    "the configuration {} {} in force",
                    self.path.display(),
                    if was_wrong { "is right again and" } else { "changed and is" }
                );
                Some(Look::Changed)
            }
            Err(problems) => {
                let wrong = listed(&problems);
                if wrong == self.wrong {
                    return None;
                }
                self.wrong.clone_from(&wrong);
                self.config = self.config.clone().with_rejected(&problems);
                let reason = format!("configuration {}: {wrong}", self.path.display());
                tracing::error!("{reason}; the last good one stays in force");
                Some(Look::Wrong(reason))
            }
        }
    }

    /// A list that is new here was read a moment ago.
    fn watch_lists(&mut self) {
        let old = std::mem::take(&mut self.stamps);
        let files = std::iter::once(&self.path).chain(&self.config.files);
        self.stamps = files
            .map(|path| {
                let known = old.iter().find(|(of, _)| of == path);
                self.is_fresh |= known.is_none();
                (path.clone(), known.map_or_else(|| file_stamp(path), |(_, stamp)| *stamp))
            })
            .collect();
    }
}

fn changed_just_now(stamp: &Stamp) -> bool {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let seconds = i64::try_from(now.saturating_sub(FRESH).as_secs()).unwrap_or(0);
    stamp.is_some_and(|stamp| stamp.changed.0 >= seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run;
    use crate::testing::{Feed, collect, wait};
    use evtables_engine::state::State;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    fn excluding(path: &str) -> String {
        format!(
            r#"{{"plgx_event_filters": {{"linux_process_events": {{"path": {{"exclude": {{"values": ["{path}"]}}}}}}}}}}"#
        )
    }

    fn rules(watched: &WatchedConfig) -> String {
        watched.config().filters.all().map(|rules| rules.rules()[0].name.clone()).collect()
    }

    #[test]
    fn a_wrong_file_leaves_the_last_good_one_and_is_told_once() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("conf");
        std::fs::write(&path, excluding("/a")).unwrap();
        let mut watched = WatchedConfig::read(&path).unwrap();
        assert_eq!((watched.look(), rules(&watched).as_str()), (None, "path exclude /a"));
        std::fs::write(&path, r#"{"evtables": {"filtres": {}}}"#).unwrap();
        let Some(Look::Wrong(reason)) = watched.look() else { panic!("not told") };
        assert!(reason.contains("did you mean filters?"), "{reason}");
        assert_eq!((watched.look(), rules(&watched).as_str()), (None, "path exclude /a"));
        assert!(watched.config().rows.iter().any(|row| row.state == "rejected"));
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(watched.look(), Some(Look::Wrong(_))));
        // By rename, as careful editors write; the same again.
        std::fs::write(dir.path().join("new"), excluding("/a")).unwrap();
        std::fs::rename(dir.path().join("new"), &path).unwrap();
        assert_eq!(watched.look(), Some(Look::Changed));
        assert!(watched.config().rows.iter().all(|row| row.state == "active"));
        assert_eq!(watched.look(), None);
        std::fs::write(&path, excluding("/b")).unwrap();
        assert_eq!(watched.look(), Some(Look::Changed));
        assert_eq!(rules(&watched), "path exclude /b");
        assert!(WatchedConfig::read(&dir.path().join("new")).is_err());
    }

    #[test]
    fn lists_are_watched_too() {
        let dir = tempfile::tempdir().unwrap();
        let (path, list) = (dir.path().join("conf"), dir.path().join("list"));
        std::fs::write(&list, "/a\n").unwrap();
        let text = format!(
            r#"{{"evtables": {{"lists": {{"l": {{"file": "{}"}}}}, "filters": {{"linux_process_events": [
                {{"action": "exclude", "when": {{"column": "path", "in": "l"}}}}]}}}}}}"#,
            list.display()
        );
        std::fs::write(&path, text).unwrap();
        let mut watched = WatchedConfig::read(&path).unwrap();
        let before = watched.config().filters.clone();
        assert_eq!(watched.look(), None);
        std::fs::write(&list, "/a\n/b\n").unwrap();
        assert_eq!(watched.look(), Some(Look::Changed));
        assert_ne!(watched.config().filters, before);
    }

    #[test]
    fn a_running_collector_follows_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let (path, dir) = (folder.path().join("conf"), folder.path().join("data"));
        std::fs::write(&path, excluding("/bin/other")).unwrap();
        let feed = Arc::<Feed>::default();
        let watched = WatchedConfig::read(&path).unwrap();
        let start = |config: &Config| {
            collect(&feed, &dir, config, Vec::new()).map_err(|_| "no collector".to_owned())
        };
        let collector = start(watched.config()).unwrap();
        let stop = AtomicBool::new(false);
        let state = || State::read(&dir).unwrap().unwrap();
        std::thread::scope(|scope| {
            let kept = scope.spawn(|| run::keep(collector, Some(watched), &start, &stop));
            assert!(feed.send(1, 100));
            wait("nothing was filtered", || state().filters.iter().any(|f| f.hits == 10));
            std::fs::write(&path, excluding("/bin/task")).unwrap();
            wait("never followed", || state().status.config_version == 2);
            assert!(feed.send(101, 100));
            wait("nothing was filtered", || state().filters.iter().any(|f| f.hits == 90));
            std::fs::write(&path, "{").unwrap();
            wait("never told", || state().status.message.contains("configuration"));
            assert!(state().config.iter().any(|row| row.state == "rejected"));
            assert_eq!(state().status.config_version, 2, "the last good one stays");
            // Other sources take another collector.
            std::fs::write(&path, r#"{"evtables": {"sources": {"linux": {"enabled": false}}}}"#)
                .unwrap();
            wait("sources stayed", || !feed.is_attached());
            wait("never began again", || {
                let state = state();
                state.status.config_version == 1 && state.status.message.is_empty()
            });
            stop.store(true, Ordering::Relaxed);
            kept.join().unwrap().unwrap();
        });
        assert_eq!(state().status.state, "stopped");
    }
}
