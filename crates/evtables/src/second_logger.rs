// SPDX-License-Identifier: Apache-2.0
//! evtables as a logger plug-in of osquery, where the site names it: `--logger_plugin=filesystem,evtables`.
//!
//! Result lines acknowledge the windows of their queries' cursors, in the call itself: osquery logs a
//! run's lines before it begins the query's next run. Rows of osquery's own event tables go into a
//! bounded queue, whence [`crate::core_events`] takes them. Lines that evtables pushed are not its
//! business and are ignored.

use crate::push::LINE_PREFIX;
use crate::serving::Serving;
use crate::settings::LOGGER_NAME;
use evtables_osquery::{
    LogEntry, LogFull, LogQueue, LogQueueLimits, Logger, LoggerFeatures, LoggerPlugin, Plugin,
};
use serde::Deserialize;
use std::borrow::Cow;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

/// osquery asks for features right after the registration, perhaps before its flags were read here.
const SETTINGS_WAIT: Duration = Duration::from_millis(500);

/// The rows of core's event tables on their way.
pub(crate) fn queue() -> Arc<LogQueue> {
    LogQueue::new(LOGGER_NAME, LoggerFeatures::EVENT, LogQueueLimits::CORE)
}

/// The plug-in.
pub(crate) fn plugin(serving: &Arc<Serving>) -> Arc<dyn Plugin> {
    Arc::new(LoggerPlugin::new(Arc::new(SecondLogger { serving: Arc::clone(serving) })))
}

struct SecondLogger {
    serving: Arc<Serving>,
}

/// What is read of a result line.
#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
}

impl Logger for SecondLogger {
    fn name(&self) -> &str {
        LOGGER_NAME
    }

    fn features(&self) -> LoggerFeatures {
        match self.serving.settings_once_read(SETTINGS_WAIT).config.core_events {
            true => LoggerFeatures::EVENT,
            false => LoggerFeatures::NONE,
        }
    }

    fn log(&self, entry: LogEntry) -> Result<(), LogFull> {
        match entry {
            LogEntry::Result { line, .. } => {
                let name = serde_json::from_str(&line).ok().map(|line: Line<'_>| line.name);
                if let Some(name) = name.filter(|name| !name.starts_with(LINE_PREFIX)) {
                    let cursors = &self.serving.cursors;
                    cursors.lock().unwrap_or_else(PoisonError::into_inner).acknowledge(&name);
                }
                Ok(())
            }
            event @ LogEntry::Event(_) => self.serving.core_events.log(event),
            // Snapshots have no cursors; the start and status lines are not about events.
            LogEntry::Snapshot(_) | LogEntry::Init { .. } | LogEntry::Status(_) => Ok(()),
        }
    }
}
