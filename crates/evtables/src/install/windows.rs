// SPDX-License-Identifier: Apache-2.0
//! `evtables install|uninstall|verify` on Windows: the program in a folder that only administrators may write
//! to, its line in osquery's list, and what osquery's flag file says about both.

use super::flags::Flags;
use super::sddl::writers;
use super::{edit, failed, flags, list, remove, unlist};
use crate::args::InstallArgs;
use crate::out::say;
use crate::service;
use crate::system::{PRIVATE, ROOT, access_of, set_access};
use std::fs;
use std::path::{Path, PathBuf};

const BINARY: &str = r"Program Files\osquery\extensions\evtables.ext.exe";
/// osquery's list of extensions to start (default of `--extensions_autoload`).
const LIST: &str = r"Program Files\osquery\extensions.load";
const FLAGS: &str = r"Program Files\osquery\osquery.flags";
const DATA: &str = r"ProgramData\evtables";
/// Owned by the administrators; they and SYSTEM everything, users read and execute.
const PROGRAMS: &str = "O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)";

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
    fs::create_dir_all(&places.data).map_err(failed("make", &places.data))?;
    set(&places.data, PRIVATE)?;
    let line = places.line();
    list(&places.list, &line, |known| known.eq_ignore_ascii_case(&line))?;
    edit(&args.root.join(FLAGS), |text| flags::enable(text, &places.list))?;
    if places.flags.are_extensions_off {
        say!("osquery's flag file switched extensions off: switched on")?;
    }
    say!("installed {line}; osquery starts it when it starts next")?;
    verify(args)
}

/// Takes away what `install` placed, and the events unless they are to be kept.
pub(crate) fn uninstall(args: &InstallArgs) -> Result<(), String> {
    let places = Places::below(&args.root)?;
    let line = places.line();
    // Another folder that stands for the root is no system that runs.
    if args.root == Path::new(ROOT) {
        if service::delete_ours()? {
            say!("the service evtables is gone")?;
        }
        stop_sessions();
    }
    unlist(&places.list, |known| known.eq_ignore_ascii_case(&line))?;
    edit(&args.root.join(FLAGS), flags::disable)?;
    if !args.in_place {
        remove(&places.binary, fs::remove_file)
            .map_err(|error| format!("{error}; stop the service osqueryd first: it runs it"))?;
        // Goes only when nothing else is in it.
        let _ = fs::remove_dir(places.folder()?);
        if !args.keep_data {
            remove(&places.data, fs::remove_dir_all)?;
        }
    }
    // An empty one, without events, is of no use to anybody.
    let _ = fs::remove_dir(&places.data);
    say!("removed {line}")?;
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
    if let Some(rule) = untrusted_writer(&places.binary) {
        return broken(&rule, "run `evtables install` as an administrator");
    }
    say!("ok: osquery will start {line}")?;
    Ok(())
}

/// Copies this program by rename, into a folder that only administrators may write to.
fn place(places: &Places) -> Result<(), String> {
    let source =
        std::env::current_exe().map_err(|e| format!("failed to find this program: {e}"))?;
    let folder = places.folder()?;
    fs::create_dir_all(folder).map_err(failed("make", folder))?;
    set(folder, PROGRAMS)?;
    if source == places.binary {
        return Ok(());
    }
    let temporary = places.binary.with_extension("new");
    fs::copy(&source, &temporary).map_err(failed("write", &temporary))?;
    set(&temporary, PROGRAMS)?;
    fs::rename(&temporary, &places.binary).map_err(failed("place", &places.binary))
}

/// Sessions of event tracing outlive the process that started them.
#[cfg(feature = "os-publishers")]
fn stop_sessions() {
    use evtables_publisher_windows::live::Tracing as _;
    use evtables_publisher_windows::providers::Session;
    let tracing = evtables_publisher_windows::native::Etw::new();
    for session in Session::LIVE {
        if let Err(error) = tracing.stop(session) {
            tracing::warn!("the session {} is not stopped: {error}", session.name());
        }
    }
}

#[cfg(not(feature = "os-publishers"))]
fn stop_sessions() {}

/// Owner and access list of another file.
pub(super) fn copy_access(from: &Path, to: &Path) -> std::io::Result<()> {
    set_access(to, &access_of(from)?)
}

fn set(path: &Path, access: &str) -> Result<(), String> {
    set_access(path, access).map_err(|error| {
        format!(
            "failed to set who may write to {} (run as an administrator): {error}",
            path.display()
        )
    })
}

/// Who may change a program, or what is beside it, without being an administrator; in words. Whoever runs this is one.
pub(crate) fn untrusted_writer(program: &Path) -> Option<String> {
    let (folder, user) = (program.parent(), evtables_osquery::current_user().unwrap_or_default());
    [Some(program), folder].into_iter().flatten().find_map(|path| match access_of(path) {
        Ok(access) => writers(&access)
            .into_iter()
            .find(|who| *who != user)
            .map(|who| format!("{who} may write to {}", path.display())),
        Err(error) => Some(format!("who may write to {} is not told: {error}", path.display())),
    })
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
        assert_eq!(fs::read_to_string(&places.list).unwrap(), format!("{}\r\n", places.line()));
        let flags = root.path().join(FLAGS);
        fs::write(&flags, "--disable_extensions=true\n").unwrap();
        assert!(verify(&args).unwrap_err().contains("switches extensions off"));
        install(&args).unwrap();
        fs::create_dir_all(&places.data).unwrap();
        fs::write(places.data.join("x"), "x").unwrap();
        uninstall(&args).unwrap();
        assert!(!places.binary.exists() && !places.list.exists() && !places.data.exists());
        assert!(!places.folder().unwrap().exists(), "nor an empty folder");
        assert_eq!(fs::read_to_string(&flags).unwrap(), "--disable_extensions=true\n");
        uninstall(&args).unwrap();
    }

    #[test]
    fn the_list_is_that_of_the_flag_file() {
        let root = tempfile::tempdir().unwrap();
        let args = InstallArgs { root: root.path().to_owned(), in_place: false, keep_data: true };
        let list = root.path().join("own.load");
        let text = "C:\\other.ext.exe\n# no end";
        let flags = root.path().join(FLAGS);
        fs::create_dir_all(flags.parent().unwrap()).unwrap();
        fs::write(&flags, format!("--extensions_autoload={}\n", list.display())).unwrap();
        fs::write(&list, text).unwrap();
        install(&args).unwrap();
        assert_eq!(fs::read_to_string(&list).unwrap().lines().count(), 3);
        uninstall(&args).unwrap();
        assert_eq!(fs::read_to_string(&list).unwrap(), text);
    }
}
