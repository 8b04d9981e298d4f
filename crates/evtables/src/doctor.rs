// SPDX-License-Identifier: Apache-2.0
//! `evtables doctor`: what this machine can and cannot do, each finding with its mend.

use crate::args::{DoctorArgs, data_dir};
use crate::config::Config;
use crate::install;
use crate::publishers;
use std::fmt;
use std::path::Path;

const EXTENSIONS_LOAD: &str = "/etc/osquery/extensions.load";
const KERNEL_MIN: (u32, u32) = (5, 10);

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
    let mut findings = vec![kernel(), btf(), privileges(), lockdown()];
    findings.extend(hooks());
    findings.push(data(&dir));
    findings.extend(autoload());
    for finding in &findings {
        println!("{finding}");
    }
    match findings.iter().filter(|finding| matches!(finding, Finding::Bad(..))).count() {
        0 => Ok(()),
        bad => Err(format!("{bad} of {} checks failed: see their mends above", findings.len())),
    }
}

fn kernel() -> Finding {
    let name = rustix::system::uname();
    let release = name.release().to_string_lossy().into_owned();
    let mut numbers = release.split(['.', '-']).map(|part| part.parse::<u32>().unwrap_or(0));
    let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if version >= KERNEL_MIN {
        Finding::Good(format!("kernel {release} (5.10 or newer)"))
    } else {
        Finding::Bad(format!("kernel {release} is older than 5.10"), "boot a newer kernel".into())
    }
}

fn btf() -> Finding {
    if std::fs::File::open("/sys/kernel/btf/vmlinux").is_ok() {
        Finding::Good("the kernel describes its types (BTF)".into())
    } else {
        Finding::Bad(
            "the kernel has no BTF (/sys/kernel/btf/vmlinux)".into(),
            "use a kernel built with CONFIG_DEBUG_INFO_BTF=y (every current distribution's is)"
                .into(),
        )
    }
}

fn privileges() -> Finding {
    if rustix::process::geteuid().is_root() {
        Finding::Good("runs as root".into())
    } else {
        Finding::Bad("does not run as root: nothing can be captured".into(), "run as root".into())
    }
}

fn lockdown() -> Finding {
    let text = std::fs::read_to_string("/sys/kernel/security/lockdown").unwrap_or_default();
    match text.split(['[', ']']).nth(1) {
        Some("confidentiality") => Finding::Bad(
            "the kernel is in lockdown `confidentiality`: programs cannot read kernel memory"
                .into(),
            "boot with lockdown=integrity".into(),
        ),
        Some(mode) => Finding::Good(format!("kernel lockdown: {mode} (tracepoints work)")),
        None => Finding::Good("kernel lockdown: not in use".into()),
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
        for hook in publisher.hooks() {
            let what = format!("hook {} ({}, for {})", hook.hook, hook.mechanism, hook.event_table);
            findings.push(match hook.state {
                evtables_sdk::HookState::Attached => Finding::Good(what),
                evtables_sdk::HookState::Off => Finding::Note(format!("{what} is off")),
                evtables_sdk::HookState::Failed => Finding::Bad(
                    format!("{what}: {}", hook.reason.unwrap_or_default()),
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

/// osquery's rules for extensions that it starts itself.
fn autoload() -> Vec<Finding> {
    let on_path = |name: &str| {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).any(|dir| dir.join(name).is_file())
    };
    if !on_path("osqueryd") {
        return vec![Finding::Note("osquery is not installed (osqueryd is not on PATH)".into())];
    }
    let Ok(text) = std::fs::read_to_string(EXTENSIONS_LOAD) else {
        return vec![Finding::Note(format!(
            "{EXTENSIONS_LOAD} is not there: osquery starts no extension"
        ))];
    };
    let ours = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.starts_with(['#', ';']))
        .find(|line| line.contains("evtables"));
    match ours {
        Some(line) => vec![autoload_rules(Path::new(line))],
        None => vec![Finding::Note(format!("{EXTENSIONS_LOAD} does not name evtables.ext"))],
    }
}

fn autoload_rules(file: &Path) -> Finding {
    match install::broken_rule(file) {
        Some((rule, mend)) => {
            Finding::Bad(format!("osquery will not start {}: {rule}", file.display()), mend)
        }
        None => Finding::Good(format!("osquery will start {}", file.display())),
    }
}
