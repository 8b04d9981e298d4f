// SPDX-License-Identifier: Apache-2.0
//! What osquery's flag file says about extensions, and the lines that have it start ours.
#![cfg_attr(not(windows), allow(dead_code))] // only Windows asks so far

use super::lines::{self, Edited};
use std::path::{Path, PathBuf};

const BYTES_MAX: u64 = 1 << 20;

/// The flags that matter here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Flags {
    /// The list of extensions to start, where it is not the standard one.
    pub(super) list: Option<PathBuf>,
    pub(super) are_extensions_off: bool,
}

impl Flags {
    /// Nothing when there is no file.
    pub(super) fn read(file: &Path) -> Result<Self, String> {
        match std::fs::metadata(file) {
            Ok(meta) if meta.len() > BYTES_MAX => {
                Err(format!("failed to read {}: larger than 1 MiB", file.display()))
            }
            Ok(_) => std::fs::read_to_string(file)
                .map(|text| Self::parse(&text))
                .map_err(|error| format!("failed to read {}: {error}", file.display())),
            Err(_) => Ok(Self::default()),
        }
    }

    /// One flag a line; of one that comes twice the last counts.
    pub(super) fn parse(text: &str) -> Self {
        let mut flags = Self::default();
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';'])) {
            let (name, value) = line.split_once('=').unwrap_or((line, "true"));
            let (name, value) = (name.trim_start_matches('-').trim(), value.trim());
            let value = value.trim_matches('"');
            match name {
                "extensions_autoload" => flags.list = Some(PathBuf::from(value)),
                "disable_extensions" => flags.are_extensions_off = matches!(value, "true" | "1"),
                "nodisable_extensions" => flags.are_extensions_off = false,
                _ => {}
            }
        }
        flags
    }
}

/// Before each line of ours.
const MARK: &str = "# by `evtables install`; `evtables uninstall` takes it out:";
const ON: &str = "--disable_extensions=false";
const LIST: &str = "--extensions_autoload=";

/// Names the list, and switches extensions on, where the file does not do so. Nothing is changed where there is no
/// flag file, because osquery's own values are right.
pub(super) fn enable(file: Option<&[u8]>, list: &Path) -> Edited {
    let Some(file) = file else { return Edited::Same };
    let flags = Flags::parse(&String::from_utf8_lossy(file));
    let mut ours = Vec::new();
    if flags.list.is_none() {
        ours.extend([MARK.to_owned(), format!("{LIST}{}", list.display())]);
    }
    if flags.are_extensions_off {
        ours.extend([MARK.to_owned(), ON.to_owned()]);
    }
    lines::put(Some(file), &ours)
}

/// Takes out what [`enable`] put in.
pub(super) fn disable(file: Option<&[u8]>) -> Edited {
    let count = |lines: &[&str]| match lines {
        [MARK, line, ..] if *line == ON || line.starts_with(LIST) => 2,
        [MARK, ..] => 1,
        _ => 0,
    };
    file.map_or(Edited::Same, |file| lines::take(file, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_is_taken_out() {
        let list = Path::new(r"C:\Program Files\osquery\extensions.load");
        let files =
            ["--disable_extensions\r\n--x=1\r\n", "--x=1", "", "# --disable_extensions=true\n"];
        for file in files {
            let Edited::Text(put) = enable(Some(file.as_bytes()), list) else {
                panic!("{file:?}");
            };
            let flags = Flags::parse(std::str::from_utf8(&put).unwrap());
            assert_eq!(flags, Flags { list: Some(list.into()), are_extensions_off: false });
            assert_eq!(enable(Some(&put), list), Edited::Same, "once is enough");
            assert_eq!(disable(Some(&put)), Edited::Text(file.into()), "{file:?}");
        }
        // What the administrator said stays.
        let own = b"--extensions_autoload=C:\\own.load\n";
        assert_eq!(enable(Some(own), list), Edited::Same);
        assert_eq!(disable(Some(own)), Edited::Same);
        assert_eq!((enable(None, list), disable(None)), (Edited::Same, Edited::Same));
    }

    #[test]
    fn the_last_of_a_flag_counts() {
        let text =
            "# --disable_extensions\n--extensions_autoload=\"/a b\"\n--disable_extensions\n--x=1\n";
        let flags = Flags { list: Some("/a b".into()), are_extensions_off: true };
        assert_eq!(Flags::parse(text), flags);
        let text = format!("{text}--disable_extensions=false\n--extensions_autoload=/c\n");
        assert_eq!(
            Flags::parse(&text),
            Flags { list: Some("/c".into()), are_extensions_off: false }
        );
        assert_eq!(Flags::parse(""), Flags::default());
        assert_eq!(Flags::read(Path::new("/nowhere/at all")), Ok(Flags::default()));
    }
}
