// SPDX-License-Identifier: Apache-2.0
//! Decoded fields against PerfView's: every example event of the classes that tables are made of,
//! every field of them. Values that PerfView cuts with `...` are compared as far as they go.

use super::classes::NAMED;
use super::traces::{corpus, net, read_all};
use evtables_publisher_windows::fields::{Value, Wide, classes, layout};
use evtables_publisher_windows::{EventClass, RawEvent};
use std::collections::BTreeMap;

/// How a value of ours becomes one of PerfView's.
#[derive(Clone, Copy)]
enum As {
    /// The same.
    Plain,
    /// A path of the kernel with its drive letter.
    Path,
    /// An open's options without the disposition.
    Options,
    /// An open's disposition by name.
    Disposition,
    /// Sharing by name.
    Share,
    /// Flags of a process by name.
    ProcessFlags,
    /// Whether an address was learnt, by name.
    Dynamic,
    /// The address of a socket address, in brackets, port and all.
    Socket,
    /// Not in the record: PerfView adds it up from elsewhere.
    Derived,
}
use As::{Derived, Disposition, Dynamic, Options, Path, Plain, ProcessFlags, Share, Socket};

type Fields = &'static [(&'static str, &'static str, As)];

const PROCESS: Fields = &[
    ("ProcessID", "process_id", Plain),
    ("ParentID", "parent_id", Plain),
    ("ImageFileName", "image_file_name", Plain),
    ("PageDirectoryBase", "directory_table_base", Plain),
    ("Flags", "flags", ProcessFlags),
    ("SessionID", "session_id", Plain),
    ("ExitStatus", "exit_status", Plain),
    ("UniqueProcessKey", "unique_process_key", Plain),
    ("CommandLine", "command_line", Plain),
    ("PackageFullName", "package_full_name", Plain),
    ("ApplicationID", "application_id", Plain),
];

const COUNTERS: Fields = &[
    ("ProcessID", "process_id", Plain),
    ("MemoryCount", "page_fault_count", Plain),
    ("HandleCount", "handle_count", Plain),
    ("PeakVirtualSize", "peak_virtual_size", Plain),
    ("PeakWorkingSetSize", "peak_working_set_size", Plain),
    ("PeakPagefileUsage", "peak_pagefile_usage", Plain),
    ("QuotaPeakPagedPoolUsage", "quota_peak_paged_pool_usage", Plain),
    ("QuotaPeakNonPagedPoolUsage", "quota_peak_nonpaged_pool_usage", Plain),
    ("VirtualSize", "virtual_size", Plain),
    ("WorkingSetSize", "working_set_size", Plain),
    ("PagefileUsage", "pagefile_usage", Plain),
    ("QuotaPagedPoolUsage", "quota_paged_pool_usage", Plain),
    ("QuotaNonPagedPoolUsage", "quota_nonpaged_pool_usage", Plain),
    ("PrivatePageCount", "private_page_count", Plain),
];

const THREAD: Fields = &[
    ("StackBase", "stack_base", Plain),
    ("StackLimit", "stack_limit", Plain),
    ("UserStackBase", "user_stack_base", Plain),
    ("UserStackLimit", "user_stack_limit", Plain),
    // PerfView still calls the affinity of version 3 by the name of version 2.
    ("StartAddr", "affinity", Plain),
    ("Win32StartAddr", "win32_start_address", Plain),
    ("TebBase", "teb_base", Plain),
    ("SubProcessTag", "sub_process_tag", Plain),
    ("BasePriority", "base_priority", Plain),
    ("PagePriority", "page_priority", Plain),
    ("IoPriority", "io_priority", Plain),
    ("ThreadFlags", "thread_flags", Plain),
    ("ThreadName", "", Derived),
    ("ParentThreadID", "", Derived),
    ("ParentProcessID", "", Derived),
];

const IMAGE: Fields = &[
    ("ImageBase", "image_base", Plain),
    ("ImageSize", "image_size", Plain),
    ("ImageChecksum", "image_checksum", Plain),
    ("TimeDateStamp", "time_date_stamp", Plain),
    ("DefaultBase", "default_base", Plain),
    ("BuildTime", "", Derived),
    ("FileName", "file_name", Path),
];

const TCP_SEND: Fields = &[
    ("size", "size", Plain),
    ("daddr", "daddr", Plain),
    ("saddr", "saddr", Plain),
    ("dport", "dport", Plain),
    ("sport", "sport", Plain),
    ("startime", "start_time", Plain),
    ("endtime", "end_time", Plain),
    ("seqnum", "sequence", Plain),
    ("connid", "connection", Plain),
];

const NET: Fields = &[
    ("size", "size", Plain),
    ("daddr", "daddr", Plain),
    ("saddr", "saddr", Plain),
    ("dport", "dport", Plain),
    ("sport", "sport", Plain),
    ("seqnum", "sequence", Plain),
    ("connid", "connection", Plain),
    // Process and size in one number, and a field that no version has.
    ("context", "", Derived),
    ("dsize", "", Derived),
];

const CLASSES: &[(&str, Fields)] = &[
    (
        "Microsoft-Windows-Kernel-Process/ProcessStart/Start",
        &[
            ("ProcessID", "process_id", Plain),
            ("CreateTime", "create_time", Plain),
            ("ParentProcessID", "parent_process_id", Plain),
            ("SessionID", "session_id", Plain),
            ("Flags", "flags", Plain),
            ("ImageName", "image_name", Plain),
        ],
    ),
    (
        "Microsoft-Windows-Kernel-Process/ProcessStop/Stop",
        &[
            ("ProcessID", "process_id", Plain),
            ("CreateTime", "create_time", Plain),
            ("ExitTime", "exit_time", Plain),
            ("ExitCode", "exit_code", Plain),
            ("TokenElevationType", "token_elevation_type", Plain),
            ("HandleCount", "handle_count", Plain),
            ("CommitCharge", "commit_charge", Plain),
            ("CommitPeak", "commit_peak", Plain),
            ("CPUCycleCount", "cpu_cycle_count", Plain),
            ("ReadOperationCount", "read_operation_count", Plain),
            ("WriteOperationCount", "write_operation_count", Plain),
            ("ReadTransferKiloBytes", "read_transfer_kilobytes", Plain),
            ("WriteTransferKiloBytes", "write_transfer_kilobytes", Plain),
            ("HardFaultCount", "hard_fault_count", Plain),
            ("ImageName", "image_name", Plain),
        ],
    ),
    (
        "Microsoft-Windows-Kernel-File/Create",
        &[
            ("IrpPtr", "irp", Plain),
            ("FileObject", "file_object", Plain),
            ("CreateOptions", "create_options", Options),
            ("CreateDisposition", "create_options", Disposition),
            ("FileAttributes", "create_attributes", Plain),
            ("ShareAccess", "share_access", Share),
            ("FileName", "file_name", Path),
        ],
    ),
    (
        "Microsoft-Windows-DNS-Client/DnsServerForInterface",
        &[
            ("Interface", "interface", Plain),
            ("TotalServerCount", "server_count", Plain),
            ("Index", "index", Plain),
            ("DynamicAddress", "dynamic", Dynamic),
            ("Address", "address", Socket),
        ],
    ),
    ("Windows Kernel/Process/Start", PROCESS),
    ("Windows Kernel/Process/Stop", PROCESS),
    ("Windows Kernel/Process/DCStart", PROCESS),
    ("Windows Kernel/Process/DCStop", PROCESS),
    ("Windows Kernel/Process/Defunct", PROCESS),
    ("Windows Kernel/Process/PerfCtr", COUNTERS),
    ("Windows Kernel/Process/PerfCtrRundown", COUNTERS),
    ("Windows Kernel/Thread/Start", THREAD),
    ("Windows Kernel/Thread/Stop", THREAD),
    ("Windows Kernel/Image/Load", IMAGE),
    ("Windows Kernel/Image/Unload", IMAGE),
    ("Windows Kernel/Image/DCStart", IMAGE),
    ("Windows Kernel/Image/DCStop", IMAGE),
    ("Windows Kernel/TcpIp/SendIPV6", TCP_SEND),
    ("Windows Kernel/TcpIp/RecvIPV6", NET),
    ("Windows Kernel/UdpIp/Send", NET),
    ("Windows Kernel/UdpIp/Recv", NET),
    ("Windows Kernel/UdpIp/SendIPV6", NET),
    ("Windows Kernel/UdpIp/RecvIPV6", NET),
    (
        "Windows Kernel/SysConfig/BuildInfo",
        &[
            ("InstallDate", "install_date", Plain),
            ("BuildLab", "build_lab", Plain),
            ("ProductName", "product_name", Plain),
        ],
    ),
    (
        "Windows Kernel/SysConfig/SystemPaths",
        &[
            ("SystemDirectory", "system_directory", Plain),
            ("SystemWindowsDirectory", "windows_directory", Plain),
        ],
    ),
    ("Windows Kernel/SysConfig/UnknownVolume", &[("Value", "nt_path", Plain)]),
    (
        "Windows Kernel/SysConfig/VolumeMapping",
        &[("NtPath", "nt_path", Plain), ("DosPath", "dos_path", Plain)],
    ),
];

/// A field of ours, owned.
#[derive(Debug, Clone)]
enum Ours {
    Number(i128),
    Text(String),
    Bytes(Vec<u8>),
}

fn ours(value: Value<'_>) -> Ours {
    match value {
        Value::Unsigned(number) | Value::Pointer(number) => Ours::Number(number.into()),
        Value::Signed(number) => Ours::Number(number.into()),
        Value::Time(ns) => Ours::Text(time(ns)),
        Value::Wide(text) => Ours::Text(text.to_string()),
        Value::Ansi(text) => Ours::Text(text.to_string()),
        Value::Sid(sid) => Ours::Text(format!("{sid:?}")),
        Value::Address(address) => Ours::Text(address.to_string()),
        Value::Guid(guid) => Ours::Text(guid.to_string()),
        Value::Bytes(bytes) => Ours::Bytes(bytes.to_vec()),
    }
}

/// `20/07/29 00:07:03.352`, as PerfView writes times.
fn time(ns: i64) -> String {
    let (days, rest) = (ns.div_euclid(86_400_000_000_000), ns.rem_euclid(86_400_000_000_000));
    let z = days + 719_468;
    let (era, day_of_era) = (z.div_euclid(146_097), z.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let (day, month) = (day_of_year - (153 * shifted + 2) / 5 + 1, (shifted + 2) % 12 + 1);
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let second = rest / 1_000_000_000;
    format!(
        "{:02}/{month:02}/{day:02} {:02}:{:02}:{:02}.{:03}",
        year % 100,
        second / 3_600,
        second / 60 % 60,
        second % 60,
        rest / 1_000_000 % 1_000
    )
}

/// The number that PerfView wrote.
fn number(text: &str) -> Option<i128> {
    match text.strip_prefix("0x") {
        Some(digits) => i128::from_str_radix(digits, 16).ok(),
        None => text.replace(',', "").parse().ok(),
    }
}

/// Whether ours says the same; a 32-bit number may have been given a sign.
fn same_number(ours: i128, theirs: i128) -> bool {
    ours == theirs || (theirs < 0 && ours == theirs + (1 << 32))
}

fn same_text(ours: &str, theirs: &str) -> bool {
    match theirs.strip_suffix("...") {
        Some(head) => ours.starts_with(head),
        None => ours == theirs,
    }
}

fn agrees(ours: &Ours, theirs: &str, how: As, volumes: &BTreeMap<String, String>) -> bool {
    match (how, ours) {
        (Plain, Ours::Number(ours)) => number(theirs).is_some_and(|n| same_number(*ours, n)),
        (Plain, Ours::Text(ours)) => same_text(ours, theirs),
        (Path, Ours::Text(ours)) => same_text(&dos_path(ours, volumes), theirs),
        // PerfView has a name for one of the bits, that of a file attribute of the same number.
        (Options, Ours::Number(ours)) => match ours & 0xff_ffff {
            0x20 => same_text("FILE_ATTRIBUTE_ARCHIVE", theirs),
            options => number(theirs) == Some(options),
        },
        (Disposition, Ours::Number(ours)) => {
            const NAMES: [&str; 6] = [
                "SUPERSEDE",
                "OPEN_EXISTING",
                "CREATE_NEW",
                "OPEN_ALWAYS",
                "TRUNCATE_EXISTING",
                "CREATE_ALWAYS",
            ];
            NAMES.get((ours >> 24) as usize) == Some(&theirs)
        }
        (Share, Ours::Number(ours)) => {
            let theirs: Vec<&str> = theirs.split(", ").collect();
            let both = theirs.contains(&"ReadWrite");
            let has = |name, bit: i128| {
                (theirs.contains(&name) || (both && bit < 4)) == (ours & bit != 0)
            };
            has("Read", 1) && has("Write", 2) && has("Delete", 4)
        }
        (ProcessFlags, Ours::Number(ours)) => {
            let names: Vec<&str> = [(1, "PackageApp"), (2, "Wow64"), (4, "Protected")]
                .into_iter()
                .filter(|(bit, _)| ours & bit != 0)
                .map(|(_, name)| name)
                .collect();
            same_text(&if names.is_empty() { "None".to_owned() } else { names.join(", ") }, theirs)
        }
        (Dynamic, Ours::Number(ours)) => theirs == if *ours == 1 { "dynamic" } else { "static" },
        (Socket, Ours::Bytes(bytes)) => {
            let (address, port) =
                evtables_publisher_windows::fields::socket_address(bytes).unwrap();
            let shown = if address.is_ipv6() {
                format!("[{address}]:{port}")
            } else {
                format!("{address}:{port}")
            };
            same_text(&shown, theirs)
        }
        _ => false,
    }
}

/// PerfView shows shares with two backslashes, and volumes by letter; what stands on no volume
/// stands on the one of Windows.
fn dos_path(path: &str, volumes: &BTreeMap<String, String>) -> String {
    if let Some(share) = path.strip_prefix("\\Device\\Mup\\") {
        return format!("\\\\{share}");
    }
    for (kernel, dos) in volumes {
        if let Some(rest) = path.strip_prefix(kernel.as_str()) {
            return format!("{dos}{rest}");
        }
    }
    match path.strip_prefix("\\Windows\\") {
        Some(rest) => format!("C:\\Windows\\{rest}"),
        None => path.to_owned(),
    }
}

#[derive(Debug)]
struct Seen {
    since_start_us: i64,
    processor: u16,
    bytes: usize,
    pid: Option<u32>,
    fields: BTreeMap<&'static str, Ours>,
}

fn wanted_class(event: &RawEvent<'_>) -> Option<&'static str> {
    let key = (event.class, event.provider.0, event.id);
    let named = NAMED.iter().find(|named| (named.0, named.1, named.2) == key)?;
    CLASSES.iter().find(|(name, _)| *name == named.3).map(|(name, _)| *name)
}

#[test]
fn fields_equal_the_baseline() {
    let (Some(bytes), Some(baseline)) = (net(), corpus("net.4.5.2.x64.baseline.txt")) else {
        return;
    };
    let mut seen = BTreeMap::<&str, Vec<Seen>>::new();
    let mut volumes = BTreeMap::<String, String>::new();
    let mut start_ns = None;
    read_all(&bytes, |event| {
        let start = *start_ns.get_or_insert(event.time_ns);
        let Some(class) = wanted_class(event) else { return };
        let of_class = seen.entry(class).or_default();
        if of_class.len() >= 10 {
            return;
        }
        let mut fields = BTreeMap::new();
        (layout(event).unwrap().visit)(event, &mut |name, value| {
            fields.insert(name, ours(value));
        });
        if event.provider == classes::SYSTEM_PATHS
            && event.id == 35
            && let (Ours::Text(kernel), Ours::Text(dos)) = (&fields["nt_path"], &fields["dos_path"])
        {
            volumes.insert(kernel.clone(), dos.clone());
        }
        of_class.push(Seen {
            since_start_us: (event.time_ns - start) / 1_000,
            processor: event.processor,
            bytes: event.payload.len(),
            pid: event.pid.filter(|_| event.class == EventClass::Manifest),
            fields,
        });
    });
    let baseline = String::from_utf8(baseline).unwrap();
    let mut next = BTreeMap::<&str, usize>::new();
    let (mut events, mut values) = (0, 0);
    for line in baseline.lines().filter_map(|line| line.strip_prefix("EVENT ")) {
        let (at, rest) = line.split_once(": ").unwrap();
        let (class, rest) = rest.split_once(" PID=").unwrap();
        let Some((class, map)) = CLASSES.iter().find(|(name, _)| *name == class) else { continue };
        let position = next.entry(class).or_default();
        let ours = &seen[class][*position];
        *position += 1;
        events += 1;
        let told_us = (at.replace(',', "").parse::<f64>().unwrap() * 1_000.0).round() as i64;
        assert!(ours.since_start_us.abs_diff(told_us) <= 1, "{line}\n{ours:?}");
        for pair in format!("PID={rest}").trim_end().trim_end_matches(';').split("; ") {
            let Some((name, theirs)) = pair.split_once('=') else { continue };
            let theirs = theirs.trim_end_matches(';');
            match name {
                "PID" => {
                    assert!(ours.pid.is_none_or(|pid| number(theirs) == Some(pid.into())), "{line}")
                }
                "TID" | "PName" => {}
                "ProceNum" => assert_eq!(number(theirs), Some(ours.processor.into()), "{line}"),
                "DataLen" => assert_eq!(number(theirs), Some(ours.bytes as i128), "{line}"),
                _ => {
                    let (_, field, how) = map
                        .iter()
                        .find(|(told, _, _)| *told == name)
                        .unwrap_or_else(|| panic!("{class} has no field {name}"));
                    if matches!(how, Derived) {
                        continue;
                    }
                    let value = ours.fields.get(field);
                    let value = value.unwrap_or_else(|| panic!("no {field}: {line}\n{ours:?}"));
                    assert!(
                        agrees(value, theirs, *how, &volumes),
                        "{name}: {theirs} or {value:?}?\n{line}"
                    );
                    values += 1;
                }
            }
        }
    }
    let _ = Wide::default();
    println!("{events} events, {values} values");
    assert!(CLASSES.iter().all(|(name, _)| next.contains_key(name)), "{next:?}");
}
