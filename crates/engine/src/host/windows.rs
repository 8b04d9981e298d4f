// SPDX-License-Identifier: Apache-2.0
//! What Windows says of this host and this process.
//!
//! Why unsafe (docs/decisions, 2026-11-24): std asks none of this. Why sound: every call writes into a
//! variable of the very type and size that it is told, and keeps no pointer. Tests: `host.rs` under Wine.
#![allow(unsafe_code)]

use evtables_schema::HostBoot;
use std::ffi::c_void;
use windows_sys::Wdk::System::SystemInformation::{
    NtQuerySystemInformation, SystemTimeOfDayInformation,
};
use windows_sys::Win32::Foundation::FILETIME;
use windows_sys::Win32::System::ProcessStatus::{GetProcessMemoryInfo, PROCESS_MEMORY_COUNTERS};
use windows_sys::Win32::System::Registry::{HKEY_LOCAL_MACHINE, RRF_RT_REG_SZ, RegGetValueW};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, GetProcessTimes};

/// Hundreds of nanoseconds from 1601 to 1970.
const FILETIME_AT_EPOCH: i64 = 116_444_736_000_000_000;
/// A machine's GUID has 36 characters.
const MACHINE_GUID_MAX: usize = 64;

/// This host in this boot, from the machine's GUID and the time of the boot (both may be missing).
#[must_use]
pub fn host_boot() -> HostBoot {
    HostBoot::new(&machine_guid(), &boot_time().to_string())
}

/// When this boot began, nanoseconds since the unix epoch: does not change when somebody sets the clock. 0 when
/// unknown. Everything here that asks takes it from this function: identities of processes are made of it.
#[must_use]
pub fn boot_ns() -> i64 {
    match boot_time() {
        0 => 0,
        ticks => ticks.wrapping_sub(FILETIME_AT_EPOCH).saturating_mul(100),
    }
}

/// The host's name; empty when unknown.
#[must_use]
pub fn host_name() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_default()
}

/// Resident memory of this process in bytes; 0 when unknown.
#[must_use]
pub fn rss_bytes() -> i64 {
    let mut counters = PROCESS_MEMORY_COUNTERS::default();
    let size = size_of_u32::<PROCESS_MEMORY_COUNTERS>();
    // SAFETY: `counters` has the size that is told; the pseudo handle needs no closing.
    let known = unsafe { GetProcessMemoryInfo(GetCurrentProcess(), &raw mut counters, size) } != 0;
    if known { i64::try_from(counters.WorkingSetSize).unwrap_or(i64::MAX) } else { 0 }
}

/// CPU time that this process has used, nanoseconds.
#[must_use]
pub fn cpu_ns() -> i64 {
    let [mut created, mut ended, mut kernel, mut user] = [FILETIME::default(); 4];
    // SAFETY: four times of the type that is asked for; the pseudo handle needs no closing.
    let known = unsafe {
        GetProcessTimes(
            GetCurrentProcess(),
            &raw mut created,
            &raw mut ended,
            &raw mut kernel,
            &raw mut user,
        )
    };
    if known == 0 {
        return 0;
    }
    let ticks =
        |time: FILETIME| i64::from(time.dwHighDateTime) << 32 | i64::from(time.dwLowDateTime);
    ticks(kernel).saturating_add(ticks(user)).saturating_mul(100)
}

/// Made once, when Windows was installed; empty when it cannot be read.
fn machine_guid() -> String {
    let wide = |text: &str| text.encode_utf16().chain([0]).collect::<Vec<u16>>();
    let (key, value) = (wide(r"SOFTWARE\Microsoft\Cryptography"), wide("MachineGuid"));
    let mut text = [0_u16; MACHINE_GUID_MAX];
    let mut bytes = size_of_u32::<[u16; MACHINE_GUID_MAX]>();
    // SAFETY: both names end in 0; `text` has `bytes` bytes; the type of the value is not asked for.
    let error = unsafe {
        RegGetValueW(
            HKEY_LOCAL_MACHINE,
            key.as_ptr(),
            value.as_ptr(),
            RRF_RT_REG_SZ,
            std::ptr::null_mut(),
            text.as_mut_ptr().cast::<c_void>(),
            &raw mut bytes,
        )
    };
    if error != 0 {
        return String::new();
    }
    let guid: Vec<u16> = text.into_iter().take_while(|unit| *unit != 0).collect();
    String::from_utf16_lossy(&guid)
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

/// When this boot began, in Windows' ticks: does not change when somebody sets the clock. 0 when unknown.
fn boot_time() -> i64 {
    let mut time = TimeOfDay::default();
    // SAFETY: `time` has the size that is told; the length of the answer is not asked for.
    let status = unsafe {
        NtQuerySystemInformation(
            SystemTimeOfDayInformation,
            (&raw mut time).cast::<c_void>(),
            size_of_u32::<TimeOfDay>(),
            std::ptr::null_mut(),
        )
    };
    if status == 0 { time.boot.wrapping_sub(time.boot_bias.cast_signed()) } else { 0 }
}

fn size_of_u32<T>() -> u32 {
    u32::try_from(size_of::<T>()).unwrap_or(0)
}
