// SPDX-License-Identifier: Apache-2.0
//! What events never say of their machine.
//!
//! Why unsafe: std knows neither volumes nor the time of the boot. Why sound: each call fills a buffer of the
//! length that it is told, and keeps no pointer. Tests: `tests.rs` under Wine.
#![allow(unsafe_code)]

use super::wide;
use crate::raw::PointerSize;
use crate::recording::Machine;
use std::ffi::c_void;
use windows_sys::Wdk::System::SystemInformation::{
    NtQuerySystemInformation, SystemTimeOfDayInformation,
};
use windows_sys::Win32::Storage::FileSystem::QueryDosDeviceW;

/// Units of a volume's name.
const VOLUME_MAX: usize = 1_024;
/// Hundreds of nanoseconds from 1601 to 1970.
const FILETIME_AT_EPOCH: i64 = 116_444_736_000_000_000;

/// Name, boot, folder and volumes of this machine; what cannot be had is left empty.
#[must_use]
pub fn this_machine() -> Machine {
    let folder = std::env::var("SystemRoot").unwrap_or_else(|_| r"C:\Windows".to_owned());
    Machine {
        host_name: std::env::var("COMPUTERNAME").unwrap_or_default(),
        boot_ns: boot_ns(),
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

/// The beginning of `SYSTEM_TIMEOFDAY_INFORMATION`.
#[repr(C)]
#[derive(Default)]
struct TimeOfDay {
    boot: i64,
    current: i64,
    zone_bias: i64,
    zone: u32,
    reserved: u32,
    boot_bias: u64,
    sleep_bias: u64,
}

/// When this boot began: stays the same when somebody sets the clock. 0 when unknown.
fn boot_ns() -> i64 {
    let mut time = TimeOfDay::default();
    // SAFETY: `time` has the size that is told; the length of the answer is not asked for.
    let status = unsafe {
        NtQuerySystemInformation(
            SystemTimeOfDayInformation,
            (&raw mut time).cast::<c_void>(),
            u32::try_from(size_of::<TimeOfDay>()).unwrap_or(0),
            std::ptr::null_mut(),
        )
    };
    if status != 0 {
        return 0;
    }
    let boot = time.boot.wrapping_sub(time.boot_bias.cast_signed());
    boot.wrapping_sub(FILETIME_AT_EPOCH).saturating_mul(100)
}
