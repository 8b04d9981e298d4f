// SPDX-License-Identifier: Apache-2.0
//! `evtables install|uninstall|verify` on Linux: puts this binary where osquery starts it by itself, takes it
//! away again, and checks every rule that osquery has for extensions.

use super::{failed, list, remove, unlist};
use crate::args::InstallArgs;
use crate::out::say;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// Below the root: where the binary goes.
const BINARY: &str = "usr/lib/osquery/evtables.ext";
/// Below the root: osquery's list of extensions to start (default of `--extensions_autoload`).
const LIST: &str = "etc/osquery/extensions.load";
/// Below the root: the events.
const DATA: &str = "var/lib/evtables";

struct Places {
    binary: PathBuf,
    list: PathBuf,
    data: PathBuf,
}

impl Places {
    fn below(root: &Path) -> Self {
        Self { binary: root.join(BINARY), list: root.join(LIST), data: root.join(DATA) }
    }

    /// The line in osquery's list.
    fn line(&self) -> String {
        self.binary.display().to_string()
    }
}

/// Places the binary, names it in osquery's list, and checks the result.
pub(crate) fn install(args: &InstallArgs) -> Result<(), String> {
    let places = Places::below(&args.root);
    if !args.in_place {
        place_binary(&places.binary)?;
    }
    let line = places.line();
    list(&places.list, &line, |known| known == line)?;
    say!("installed {line}; osquery starts it when it starts next")?;
    verify(args)
}

/// Takes away what `install` placed, and the events unless they are to be kept.
pub(crate) fn uninstall(args: &InstallArgs) -> Result<(), String> {
    let places = Places::below(&args.root);
    let line = places.line();
    unlist(&places.list, |known| known == line)?;
    if !args.in_place {
        remove(&places.binary, fs::remove_file)?;
        if !args.keep_data {
            remove(&places.data, fs::remove_dir_all)?;
        }
    }
    say!("removed {line}")?;
    Ok(())
}

/// Checks every rule of osquery's for the installed binary.
pub(crate) fn verify(args: &InstallArgs) -> Result<(), String> {
    let places = Places::below(&args.root);
    let listed = fs::read_to_string(&places.list).unwrap_or_default();
    let line = places.line();
    if !listed.lines().any(|known| known.trim() == line) {
        return Err(format!(
            "{} does not name {line}: run `evtables install`",
            places.list.display()
        ));
    }
    if let Some((rule, mend)) = broken_rule(&places.binary) {
        return Err(format!("osquery will not start {line}: {rule}; mend: {mend}"));
    }
    say!("ok: osquery will start {line}")?;
    Ok(())
}

/// The first of osquery's rules for extensions that `file` breaks, with the mend.
pub(crate) fn broken_rule(file: &Path) -> Option<(String, String)> {
    let shown = file.display();
    let rule = |what: &str, mend: String| Some((what.to_owned(), mend));
    if file.extension().is_none_or(|end| end != "ext") {
        return rule("its name does not end in .ext", format!("mv {shown} {shown}.ext"));
    }
    let Ok(meta) = fs::metadata(file) else {
        return rule("it is not there", "run `evtables install`".into());
    };
    if meta.uid() != 0 {
        return rule("it is not owned by root", format!("chown root {shown}"));
    }
    if meta.mode() & 0o022 != 0 {
        return rule("others may write to it", format!("chmod 755 {shown}"));
    }
    if meta.mode() & 0o111 == 0 {
        return rule("it is not executable", format!("chmod 755 {shown}"));
    }
    let folder = file.parent().filter(|folder| {
        fs::metadata(folder).is_ok_and(|meta| meta.mode() & 0o1000 != 0 && meta.mode() & 0o002 != 0)
    })?;
    rule(
        &format!("its folder {} is open to everybody (like /tmp)", folder.display()),
        "move it to /usr/lib/osquery".into(),
    )
}

/// Copies this binary by rename, so that a running one is not written over.
fn place_binary(target: &Path) -> Result<(), String> {
    let source = std::env::current_exe().map_err(|e| format!("failed to find this binary: {e}"))?;
    if source == target {
        return Ok(());
    }
    let folder = target.parent().ok_or("failed to install: no folder")?;
    fs::create_dir_all(folder).map_err(failed("make", folder))?;
    let temporary = target.with_extension("ext.new");
    fs::copy(&source, &temporary).map_err(failed("write", &temporary))?;
    fs::set_permissions(&temporary, fs::Permissions::from_mode(0o755))
        .map_err(failed("set the mode of", &temporary))?;
    std::os::unix::fs::chown(&temporary, Some(0), Some(0))
        .map_err(failed("give to root (run as root)", &temporary))?;
    fs::rename(&temporary, target).map_err(failed("place", target))
}

/// Owner, group and mode of another file.
pub(super) fn copy_access(from: &Path, to: &Path) -> std::io::Result<()> {
    let meta = fs::metadata(from)?;
    std::os::unix::fs::chown(to, Some(meta.uid()), Some(meta.gid()))?;
    fs::set_permissions(to, meta.permissions())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(root: &Path) -> InstallArgs {
        InstallArgs { root: root.to_owned(), in_place: false, keep_data: false }
    }

    fn files_below(dir: &Path, out: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files_below(&path, out);
            } else {
                out.push(path);
            }
        }
    }

    #[test]
    fn install_verify_uninstall_leaves_nothing() {
        if !rustix::process::geteuid().is_root() {
            println!("skipped: needs root to give the file to root");
            return;
        }
        let root = tempfile::tempdir().unwrap();
        let args = args(root.path());
        assert!(verify(&args).unwrap_err().contains("run `evtables install`"));
        install(&args).unwrap();
        install(&args).unwrap();
        let places = Places::below(root.path());
        assert_eq!(fs::read_to_string(&places.list).unwrap(), format!("{}\n", places.line()));
        fs::create_dir_all(&places.data).unwrap();
        fs::write(places.data.join("x"), "x").unwrap();
        uninstall(&args).unwrap();
        let mut left = Vec::new();
        files_below(root.path(), &mut left);
        assert!(left.is_empty(), "{left:?}");
        assert!(!places.list.parent().unwrap().exists(), "nor an empty folder");
        uninstall(&args).unwrap();
    }

    #[test]
    fn other_lines_of_the_list_stay() {
        if !rustix::process::geteuid().is_root() {
            println!("skipped: needs root to give the file to root");
            return;
        }
        let root = tempfile::tempdir().unwrap();
        let args = args(root.path());
        let places = Places::below(root.path());
        fs::create_dir_all(places.list.parent().unwrap()).unwrap();
        fs::write(&places.list, "# ours\n/usr/lib/other.ext\n").unwrap();
        install(&args).unwrap();
        assert!(
            fs::read_to_string(&places.list).unwrap().ends_with(&format!("{}\n", places.line()))
        );
        uninstall(&args).unwrap();
        assert_eq!(fs::read_to_string(&places.list).unwrap(), "# ours\n/usr/lib/other.ext\n");
    }

    #[test]
    fn each_broken_rule_is_named() {
        if !rustix::process::geteuid().is_root() {
            println!("skipped: needs root to give the file to root");
            return;
        }
        let root = tempfile::tempdir().unwrap();
        let args = args(root.path());
        install(&args).unwrap();
        let file = Places::below(root.path()).binary;
        let mode = |bits| fs::set_permissions(&file, fs::Permissions::from_mode(bits)).unwrap();
        mode(0o775);
        assert!(verify(&args).unwrap_err().contains("others may write"));
        mode(0o644);
        assert!(verify(&args).unwrap_err().contains("not executable"));
        mode(0o755);
        std::os::unix::fs::chown(&file, Some(1), None).unwrap();
        assert!(verify(&args).unwrap_err().contains("not owned by root"));
        std::os::unix::fs::chown(&file, Some(0), None).unwrap();
        let folder = file.parent().unwrap();
        fs::set_permissions(folder, fs::Permissions::from_mode(0o1777)).unwrap();
        assert!(verify(&args).unwrap_err().contains("open to everybody"));
        assert!(broken_rule(Path::new("/x/evtables")).unwrap().0.contains(".ext"));
    }
}
