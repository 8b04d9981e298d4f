// SPDX-License-Identifier: Apache-2.0
//! What events never say of their machine.
//!
//! Why unsafe: std knows no volumes. Why sound: the call fills a buffer of the length that it is told, and keeps no
//! pointer. Tests: `tests.rs` under Wine.
#![allow(unsafe_code)]

use super::wide;
use crate::raw::PointerSize;
use crate::recording::Machine;
use windows_sys::Win32::Storage::FileSystem::QueryDosDeviceW;

/// Units of a volume's name.
const VOLUME_MAX: usize = 1_024;

/// This machine with its folder and volumes, under the name and in the boot that the caller knows: the same that other
/// tables make identities of.
#[must_use]
pub fn this_machine(host_name: String, boot_ns: i64) -> Machine {
    let folder = std::env::var("SystemRoot").unwrap_or_else(|_| r"C:\Windows".to_owned());
    Machine {
        host_name,
        boot_ns,
        pointer_size: PointerSize::Eight,
        windows_directory: format!("{}\\", folder.trim_end_matches('\\')),
        volumes: ('A'..='Z').filter_map(volume).collect(),
    }
}

/// What a letter stands for: `\Device\HarddiskVolume4\` and `C:\`.
fn volume(letter: char) -> Option<(String, String)> {
    let (name, mut target) = (wide(&format!("{letter}:")), [0_u16; VOLUME_MAX]);
    let units_max = u32::try_from(target.len()).unwrap_or(0);
    // SAFETY: the name ends in 0; `target` has `units_max` units.
    let units = unsafe { QueryDosDeviceW(name.as_ptr(), target.as_mut_ptr(), units_max) };
    let first: Vec<u16> = target.into_iter().take_while(|unit| *unit != 0).collect();
    (units > 0 && !first.is_empty())
        .then(|| (format!("{}\\", String::from_utf16_lossy(&first)), format!("{letter}:\\")))
}
