// SPDX-License-Identifier: Apache-2.0
//! `evtables install|uninstall|verify` on Windows: the program in a folder that only administrators may write
//! to, its line in osquery's list, and what osquery's flag file says about both. Access lists are set and shown
//! by `icacls`, a part of every Windows.

use super::flags::Flags;
use super::sddl::writers;
use super::{change_list, failed, remove};
use crate::args::InstallArgs;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const BINARY: &str = r"Program Files\osquery\extensions\evtables.ext.exe";
/// osquery's list of extensions to start (default of `--extensions_autoload`).
const LIST: &str = r"Program Files\osquery\extensions.load";
const FLAGS: &str = r"Program Files\osquery\osquery.flags";
const DATA: &str = r"ProgramData\evtables";
/// SYSTEM and the administrators everything, users read and execute.
const GRANTS: [&str; 3] =
    ["*S-1-5-18:(OI)(CI)F", "*S-1-5-32-544:(OI)(CI)F", "*S-1-5-32-545:(OI)(CI)RX"];
const ADMINISTRATORS: &str = "*S-1-5-32-544";

struct Places {
    binary: PathBuf,
    list: PathBuf,
    data: PathBuf,
    flags: Flags,
}

impl Places {
    fn below(root: &Path) -> Result<Self, String> {
        let flags = Flags::read(&root.join(FLAGS))?;
        let list = flags.list.clone().unwrap_or_else(|| root.join(LIST));
        Ok(Self { binary: root.join(BINARY), list, data: root.join(DATA), flags })
    }

    fn line(&self) -> String {
        self.binary.display().to_string()
    }

    fn folder(&self) -> Result<&Path, String> {
        self.binary.parent().ok_or_else(|| "failed to install: no folder".to_owned())
    }
}

/// Places the program, names it in osquery's list, and checks the result.
pub(crate) fn install(args: &InstallArgs) -> Result<(), String> {
    let places = Places::below(&args.root)?;
    if !args.in_place {
        place(&places)?;
    }
    let line = places.line();
    change_list(&places.list, |lines| {
        if !lines.iter().any(|known| known.trim().eq_ignore_ascii_case(&line)) {
            lines.push(line.clone());
        }
    })?;
    println!("installed {line}; osquery starts it when it starts next");
    verify(args)
}

/// Takes away what `install` placed, and the events unless they are to be kept.
pub(crate) fn uninstall(args: &InstallArgs) -> Result<(), String> {
    let places = Places::below(&args.root)?;
    let line = places.line();
    if places.list.exists() {
        change_list(&places.list, |lines| {
            lines.retain(|known| !known.trim().eq_ignore_ascii_case(&line));
        })?;
    }
    if !args.in_place {
        remove(&places.binary, fs::remove_file)
            .map_err(|error| format!("{error}; stop the service osqueryd first: it runs it"))?;
        // Goes only when nothing else is in it.
        let _ = fs::remove_dir(places.folder()?);
        if !args.keep_data {
            remove(&places.data, fs::remove_dir_all)?;
        }
    }
    println!("removed {line}");
    Ok(())
}

/// Checks every rule of osquery's for the installed program.
pub(crate) fn verify(args: &InstallArgs) -> Result<(), String> {
    let places = Places::below(&args.root)?;
    let line = places.line();
    let listed = fs::read_to_string(&places.list).unwrap_or_default();
    if !listed.lines().any(|known| known.trim().eq_ignore_ascii_case(&line)) {
        return Err(format!(
            "{} does not name {line}: run `evtables install`",
            places.list.display()
        ));
    }
    let broken = |rule: &str, mend: &str| {
        Err(format!("osquery will not start {line}: {rule}; mend: {mend}"))
    };
    if places.flags.are_extensions_off {
        return broken("its flag file switches extensions off", "take --disable_extensions out");
    }
    if !places.binary.is_file() {
        return broken("it is not there", "run `evtables install`");
    }
    for path in [places.binary.as_path(), places.folder()?] {
        let Some(list) = access_list(path) else {
            println!("note: the access list of {} could not be read", path.display());
            continue;
        };
        if let Some(who) = writers(&list).first() {
            let rule = format!("{who} may write to {}", path.display());
            return broken(&rule, "run `evtables install` as an administrator");
        }
    }
    println!("ok: osquery will start {line}");
    Ok(())
}

/// Copies this program by rename, into a folder that only administrators may write to.
fn place(places: &Places) -> Result<(), String> {
    let source =
        std::env::current_exe().map_err(|e| format!("failed to find this program: {e}"))?;
    let folder = places.folder()?;
    fs::create_dir_all(folder).map_err(failed("make", folder))?;
    let mut grants = vec!["/inheritance:r", "/grant:r"];
    grants.extend(GRANTS);
    icacls(folder, &grants)?;
    icacls(folder, &["/setowner", ADMINISTRATORS])?;
    if source == places.binary {
        return Ok(());
    }
    let temporary = places.binary.with_extension("new");
    fs::copy(&source, &temporary).map_err(failed("write", &temporary))?;
    // What was placed before takes the list of the folder anew.
    icacls(&temporary, &["/reset"])?;
    icacls(&temporary, &["/setowner", ADMINISTRATORS])?;
    fs::rename(&temporary, &places.binary).map_err(failed("place", &places.binary))
}

fn icacls(path: &Path, arguments: &[&str]) -> Result<(), String> {
    let said = tool().arg(path).args(arguments).arg("/q").output();
    let said = said.map_err(|error| format!("failed to run icacls: {error}"))?;
    match said.status.success() {
        true => Ok(()),
        false => Err(format!(
            "failed to set who may write to {} (run as an administrator): {}",
            path.display(),
            String::from_utf8_lossy(&said.stderr).trim()
        )),
    }
}

/// The system's own, not one that stands nearer.
fn tool() -> Command {
    let root = std::env::var_os("SystemRoot").unwrap_or_else(|| r"C:\Windows".into());
    Command::new(PathBuf::from(root).join(r"System32\icacls.exe"))
}

/// The access list in the words of Windows; `None` when it is not told.
fn access_list(path: &Path) -> Option<String> {
    let name = format!("evtables-access-{}", std::process::id());
    let file = std::env::temp_dir().join(name);
    let said = tool().arg(path).arg("/save").arg(&file).arg("/q").output().ok();
    let bytes = fs::read(&file).ok();
    let _ = fs::remove_file(&file);
    said.filter(|said| said.status.success())?;
    // The file's name in one line, the list in the next, in UTF-16.
    let units = bytes?
        .chunks_exact(2)
        .map(|pair| match pair {
            [low, high] => u16::from_le_bytes([*low, *high]),
            _ => 0,
        })
        .collect::<Vec<u16>>();
    let text = String::from_utf16_lossy(&units);
    text.lines().find(|line| line.starts_with("D:")).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn install_verify_uninstall_leaves_nothing() {
        let root = tempfile::tempdir().unwrap();
        let args = InstallArgs { root: root.path().to_owned(), in_place: false, keep_data: false };
        assert!(verify(&args).unwrap_err().contains("run `evtables install`"));
        install(&args).unwrap();
        install(&args).unwrap();
        let places = Places::below(root.path()).unwrap();
        assert_eq!(fs::read_to_string(&places.list).unwrap(), format!("{}\n", places.line()));
        let flags = root.path().join(FLAGS);
        fs::write(&flags, "--disable_extensions=true\n").unwrap();
        assert!(verify(&args).unwrap_err().contains("switches extensions off"));
        fs::remove_file(&flags).unwrap();
        fs::create_dir_all(&places.data).unwrap();
        fs::write(places.data.join("x"), "x").unwrap();
        uninstall(&args).unwrap();
        assert!(!places.binary.exists() && !places.list.exists() && !places.data.exists());
        assert!(!places.folder().unwrap().exists(), "nor an empty folder");
        uninstall(&args).unwrap();
    }

    #[test]
    fn the_list_is_that_of_the_flag_file() {
        let root = tempfile::tempdir().unwrap();
        let args = InstallArgs { root: root.path().to_owned(), in_place: false, keep_data: true };
        let list = root.path().join("own.load");
        let flags = root.path().join(FLAGS);
        fs::create_dir_all(flags.parent().unwrap()).unwrap();
        fs::write(&flags, format!("--extensions_autoload={}\n", list.display())).unwrap();
        fs::write(&list, "C:\\other.ext.exe\n").unwrap();
        install(&args).unwrap();
        assert_eq!(fs::read_to_string(&list).unwrap().lines().count(), 2);
        uninstall(&args).unwrap();
        assert_eq!(fs::read_to_string(&list).unwrap(), "C:\\other.ext.exe\n");
    }
}
