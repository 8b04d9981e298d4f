// SPDX-License-Identifier: Apache-2.0
//! What `evtables doctor` looks at on Linux.

use super::Finding;
use crate::config::Config;
use crate::install;
use crate::system::is_administrator;
use std::path::Path;

const EXTENSIONS_LOAD: &str = "/etc/osquery/extensions.load";
const KERNEL_MIN: (u32, u32) = (5, 10);

/// What the system offers.
pub(super) fn system() -> Vec<Finding> {
    let users = Config::standard().users;
    vec![kernel(), btf(), privileges(), lockdown(), logins(&[&users.wtmp, &users.btmp])]
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
    if is_administrator() {
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

/// The files that logins are read from, beside the hooks.
fn logins(files: &[&Path]) -> Finding {
    let what = "hook wtmp, btmp (poll, for linux_user_events)";
    let (mut there, mut missing) = (Vec::new(), Vec::new());
    for file in files {
        let shown = file.display().to_string();
        match std::fs::File::open(file) {
            Ok(_) => there.push(shown),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => missing.push(shown),
            Err(error) => {
                let mend = "run as root, or name another file in evtables.sources.users";
                return Finding::Bad(format!("{what}: {shown}: {error}"), mend.into());
            }
        }
    }
    match (there.is_empty(), missing.is_empty()) {
        (_, true) => Finding::Good(format!("{what}: {}", there.join(", "))),
        (false, false) => Finding::Good(format!(
            "{what}: {}; {} is not there yet",
            there.join(", "),
            missing.join(", ")
        )),
        (true, false) => Finding::Note(format!("{what}: {} are not there yet", missing.join(", "))),
    }
}

/// osquery's rules for extensions that it starts itself.
pub(super) fn autoload() -> Vec<Finding> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_logins_are_looked_at() {
        let folder = tempfile::tempdir().unwrap();
        let (there, missing) = (folder.path().join("wtmp"), folder.path().join("btmp"));
        std::fs::write(&there, "").unwrap();
        let said = |files: &[&Path]| logins(files).to_string();
        let text = said(&[&there, &missing]);
        assert!(text.starts_with("ok    hook wtmp, btmp (poll, for linux_user_events)"), "{text}");
        assert!(text.contains("btmp is not there yet"), "{text}");
        assert!(said(&[&missing]).starts_with("note  "));
        // Not to be opened: what should be a folder is a file.
        assert!(said(&[&there.join("x")]).starts_with("FAIL  "));
    }
}
