// SPDX-License-Identifier: Apache-2.0
//! `evtables doctor`: what this machine can and cannot do, each finding with its mend.

use crate::args::{DoctorArgs, data_dir};
use crate::config::Config;
use crate::out::say;
use crate::publishers;
use std::fmt;
use std::path::Path;

#[cfg(unix)]
mod linux;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use linux as system;
#[cfg(windows)]
use windows as system;

/// One finding.
enum Finding {
    Good(String),
    /// Works, but a person should know.
    Note(String),
    /// What does not work, and the mend.
    Bad(String, String),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Good(what) => write!(f, "ok    {what}"),
            Self::Note(what) => write!(f, "note  {what}"),
            Self::Bad(what, mend) => write!(f, "FAIL  {what}\n      mend: {mend}"),
        }
    }
}

pub(crate) fn doctor(args: &DoctorArgs) -> Result<(), String> {
    let dir = data_dir(args.data_dir.as_ref())?;
    let mut findings = system::system();
    findings.extend(hooks());
    findings.push(data(&dir));
    findings.extend(system::autoload());
    for finding in &findings {
        say!("{finding}")?;
    }
    match findings.iter().filter(|finding| matches!(finding, Finding::Bad(..))).count() {
        0 => Ok(()),
        bad => Err(format!("{bad} of {} checks failed: see their mends above", findings.len())),
    }
}

/// Loads and attaches every hook for a moment, watching nobody but this process: only a trial is a
/// valid probe.
fn hooks() -> Vec<Finding> {
    let publishers = match publishers::of_this_system(&Config::standard(), Some(std::process::id()))
    {
        Ok(publishers) => publishers,
        Err(reason) => return vec![Finding::Note(reason)],
    };
    let mut findings = Vec::new();
    for mut publisher in publishers {
        let (emitter, bus) = evtables_sdk::emitter(4);
        let started = publisher.start(emitter);
        publishers::wait_open(&*publisher);
        for hook in publisher.hooks() {
            let what = format!(
                "hook {} ({}, tier {}, for {})",
                hook.hook, hook.mechanism, hook.tier, hook.event_table
            );
            findings.push(match (hook.state, hook.reason) {
                (evtables_sdk::HookState::Attached, Some(reason)) => {
                    Finding::Good(format!("{what}; {reason}"))
                }
                (evtables_sdk::HookState::Attached, None) => Finding::Good(what),
                (evtables_sdk::HookState::Off, Some(reason)) => {
                    Finding::Note(format!("{what} is off: {reason}"))
                }
                (evtables_sdk::HookState::Off, None) => Finding::Note(format!("{what} is off")),
                (evtables_sdk::HookState::Failed, reason) => Finding::Bad(
                    format!("{what}: {}", reason.unwrap_or_default()),
                    "see the checks above; `evtables run --verbose` shows the kernel's own words"
                        .into(),
                ),
            });
        }
        match started {
            Ok(()) => publisher.stop(),
            Err(error) => findings.push(Finding::Bad(
                format!("failed to {error}"),
                "mend the failed checks above".into(),
            )),
        }
        drop(bus);
    }
    findings
}

fn data(dir: &Path) -> Finding {
    if !dir.exists() {
        return Finding::Note(format!(
            "data dir {} is not there yet; `run` makes it",
            dir.display()
        ));
    }
    match evtables_store::StoreReader::open(dir) {
        Ok(_) => Finding::Good(format!("data dir {} can be read", dir.display())),
        Err(error) => Finding::Bad(
            format!("data dir {}: {error}", dir.display()),
            "name another with --data-dir, or move it away".into(),
        ),
    }
}
