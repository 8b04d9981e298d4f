// SPDX-License-Identifier: Apache-2.0
//! What osquery's flag file says about extensions.
#![cfg_attr(not(windows), allow(dead_code))] // only Windows asks so far

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

#[cfg(test)]
mod tests {
    use super::*;

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
