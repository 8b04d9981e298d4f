// SPDX-License-Identifier: Apache-2.0
//! Paths of the kernel in the form that people know: volumes as drive letters, shares with two
//! backslashes, registry roots as `HKLM` and `HKU`.

use std::borrow::Cow;

/// Volumes that are remembered; Windows has 26 letters and few links.
const VOLUMES_MAX: usize = 256;

/// Kernel prefixes and what stands for them.
#[derive(Debug)]
pub(crate) struct Paths {
    /// Prefix with its last backslash, lower case; and its replacement.
    volumes: Vec<(String, String)>,
}

impl Paths {
    pub(crate) fn new() -> Self {
        let mut paths = Self { volumes: Vec::new() };
        paths.learn("\\??\\", "");
        paths.learn("\\DosDevices\\", "");
        paths.learn("\\Device\\Mup\\", "\\\\");
        paths.learn("\\Device\\LanmanRedirector\\", "\\\\");
        paths
    }

    /// A prefix of the kernel stands for another; the last that was told is right.
    pub(crate) fn learn(&mut self, kernel: &str, dos: &str) {
        let mut kernel = kernel.to_ascii_lowercase();
        let mut dos = dos.to_owned();
        if kernel.is_empty() {
            return;
        }
        if !kernel.ends_with('\\') {
            kernel.push('\\');
            if !dos.is_empty() && !dos.ends_with('\\') {
                dos.push('\\');
            }
        }
        if let Some((_, known)) = self.volumes.iter_mut().find(|(known, _)| *known == kernel) {
            *known = dos;
        } else if self.volumes.len() < VOLUMES_MAX {
            self.volumes.push((kernel, dos));
            // The longest prefix is tried first.
            self.volumes.sort_by_key(|(known, _)| std::cmp::Reverse(known.len()));
        }
    }

    /// The path with its longest known prefix replaced; as it is when none is known.
    pub(crate) fn dos<'a>(&self, path: &'a str) -> Cow<'a, str> {
        if !path.starts_with('\\') {
            return Cow::Borrowed(path);
        }
        for (kernel, dos) in &self.volumes {
            let Some(head) = path.get(..kernel.len()) else { continue };
            if head.eq_ignore_ascii_case(kernel) {
                let rest = path.get(kernel.len()..).unwrap_or("");
                return if dos.is_empty() {
                    Cow::Borrowed(rest)
                } else {
                    Cow::Owned(format!("{dos}{rest}"))
                };
            }
        }
        Cow::Borrowed(path)
    }
}

/// The name of a pipe, `\name`, when the path is one.
pub(crate) fn pipe_name(path: &str) -> Option<&str> {
    const PIPES: &str = "\\Device\\NamedPipe";
    let head = path.get(..PIPES.len())?;
    let rest = path.get(PIPES.len()..)?;
    (head.eq_ignore_ascii_case(PIPES) && rest.len() > 1 && rest.starts_with('\\')).then_some(rest)
}

/// A registry path in the short form of Sysmon and Sigma.
pub(crate) fn short_key(path: &str) -> Cow<'_, str> {
    for (kernel, short) in [("\\REGISTRY\\MACHINE", "HKLM"), ("\\REGISTRY\\USER", "HKU")] {
        let Some(head) = path.get(..kernel.len()) else { continue };
        let rest = path.get(kernel.len()..).unwrap_or("");
        if head.eq_ignore_ascii_case(kernel) && (rest.is_empty() || rest.starts_with('\\')) {
            return Cow::Owned(format!("{short}{rest}"));
        }
    }
    Cow::Borrowed(path)
}

/// The last part of a path.
pub(crate) fn base_name(path: &str) -> &str {
    path.rsplit('\\').next().unwrap_or(path)
}

/// Suffixes of executable images.
const EXECUTABLE: &[&str] =
    &[".exe", ".dll", ".sys", ".scr", ".ocx", ".cpl", ".com", ".drv", ".efi", ".mui", ".ax"];

/// Whether a path has the suffix of an executable image.
pub(crate) fn looks_executable(path: &str) -> bool {
    let name = base_name(path);
    EXECUTABLE.iter().any(|suffix| {
        let at = name.len().checked_sub(suffix.len());
        at.and_then(|at| name.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(suffix))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_longest_known_prefix_is_replaced() {
        let mut paths = Paths::new();
        paths.learn("\\Device\\HarddiskVolume1\\", "D:\\");
        paths.learn("\\Device\\HarddiskVolume12", "C:");
        paths.learn("\\SystemRoot\\", "C:\\Windows\\");
        paths.learn("\\??\\", "");
        for (kernel, dos) in [
            ("\\Device\\HarddiskVolume12\\a\\b.exe", "C:\\a\\b.exe"),
            ("\\device\\harddiskvolume1\\A", "D:\\A"),
            ("\\Device\\HarddiskVolume3\\x", "\\Device\\HarddiskVolume3\\x"),
            ("\\SystemRoot\\System32\\ntoskrnl.exe", "C:\\Windows\\System32\\ntoskrnl.exe"),
            ("\\??\\C:\\x", "C:\\x"),
            ("\\Device\\Mup\\server\\share\\f", "\\\\server\\share\\f"),
            ("C:\\x", "C:\\x"),
            ("", ""),
        ] {
            assert_eq!(paths.dos(kernel), dos);
        }
        paths.learn("\\Device\\HarddiskVolume1\\", "E:\\");
        assert_eq!(paths.dos("\\Device\\HarddiskVolume1\\A"), "E:\\A");
    }

    #[test]
    fn pipes_keys_and_names() {
        assert_eq!(pipe_name("\\Device\\NamedPipe\\lsass"), Some("\\lsass"));
        assert_eq!(pipe_name("\\Device\\NamedPipe\\"), None);
        assert_eq!(pipe_name("\\Device\\NamedPipes\\x"), None);
        assert_eq!(short_key("\\REGISTRY\\MACHINE\\SOFTWARE\\x"), "HKLM\\SOFTWARE\\x");
        assert_eq!(short_key("\\Registry\\User\\S-1-5-18"), "HKU\\S-1-5-18");
        assert_eq!(short_key("\\REGISTRY\\MACHINES\\x"), "\\REGISTRY\\MACHINES\\x");
        assert_eq!(base_name("C:\\a\\b.exe"), "b.exe");
        assert!(looks_executable("C:\\a\\B.DLL") && !looks_executable("C:\\a.exe\\b"));
    }

    proptest! {
        #[test]
        fn any_text_is_a_path(path in "\\PC{0,40}", kernel in "\\PC{0,10}", dos in "\\PC{0,5}") {
            let mut paths = Paths::new();
            paths.learn(&kernel, &dos);
            let _ = (paths.dos(&path), pipe_name(&path), short_key(&path), looks_executable(&path));
        }
    }
}
