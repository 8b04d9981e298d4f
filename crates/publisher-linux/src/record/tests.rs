// SPDX-License-Identifier: Apache-2.0
//! Tests of the record parser: layout against wire.h, and any bytes at all.

use super::*;
use proptest::prelude::*;

const HEADER: &str = include_str!("../../bpf/wire.h");

/// Fields of a struct of wire.h with their sizes, nested structs left out.
fn fields(name: &str) -> Vec<(&'static str, usize)> {
    let body = HEADER.split(&format!("struct {name} {{\n")).nth(1).unwrap();
    let body = body.split("\n}").next().unwrap();
    body.lines()
        .map(|line| line.trim().trim_end_matches(';'))
        .filter(|line| !line.starts_with("struct "))
        .map(|line| {
            let (ty, name) = line.split_once(' ').unwrap();
            let (name, times) = match name.split_once('[') {
                Some((name, times)) => (name, times.trim_end_matches(']').parse().unwrap()),
                None => (name, 1),
            };
            let size = match ty {
                "char" | "__u8" => 1,
                "__u16" => 2,
                "__u32" => 4,
                "__u64" | "__s64" => 8,
                other => panic!("unknown type {other}"),
            };
            (name, size * times)
        })
        .collect()
}

fn assert_aligned(fields: &[(&str, usize)]) {
    let mut offset = 0;
    for (name, size) in fields {
        assert_eq!(offset % (*size).min(8), 0, "{name} would be padded");
        offset += size;
    }
    assert_eq!(offset % 8, 0, "the struct would be padded at its end");
}

#[test]
fn layout_is_that_of_the_header() {
    for (name, ours) in [
        ("wire_process", Process::FIELDS),
        ("wire_exec", Image::FIELDS),
        ("wire_exit", Usage::FIELDS),
        ("wire_actor", Actor::FIELDS),
        ("wire_inode", Inode::FIELDS),
        ("wire_file", file::Fixed::FIELDS),
        ("wire_call", call::Fixed::FIELDS),
        ("wire_ends", Ends::FIELDS),
        ("wire_socket", socket::SocketFixed::FIELDS),
        ("wire_packet", socket::PacketFixed::FIELDS),
    ] {
        let theirs = fields(name);
        assert_eq!(theirs, ours, "{name}");
        assert_aligned(&theirs);
    }
    for (name, value) in kind::ALL {
        assert!(
            HEADER
                .lines()
                .any(|line| line.trim_start().starts_with(&format!("KIND_{name} = {value},"))),
            "{name}"
        );
    }
    assert!(HEADER.contains(&format!("#define WIRE_KINDS {}", kind::COUNT)));
}

/// A record as the kernel writes it.
pub(crate) fn exec_record(parts: [&[u8]; 7], flags: u16) -> Vec<u8> {
    let total = Process::SIZE
        + Inode::SIZE
        + Image::SIZE
        + parts.iter().map(|part| part.len()).sum::<usize>();
    let mut bytes = Vec::new();
    for (name, size) in Process::FIELDS {
        let value: u64 = match *name {
            "kind" => kind::EXEC.into(),
            "flags" => flags.into(),
            "len" => total as u64,
            "pid" => 42,
            _ => 7,
        };
        bytes.extend_from_slice(&value.to_le_bytes()[..(*size).min(8)]);
        bytes.resize(bytes.len() + size.saturating_sub(8), 0);
    }
    bytes.resize(bytes.len() + Inode::SIZE, 7);
    let [exe, cwd, cgroup, filename, interp, tty, argv] = parts.map(<[u8]>::len);
    for (name, size) in Image::FIELDS {
        let value = match *name {
            "exe_len" => exe,
            "cwd_len" => cwd,
            "cgroup_len" => cgroup,
            "filename_len" => filename,
            "interp_len" => interp,
            "tty_len" => tty,
            "argv_len" | "argv_size" => argv,
            _ => 7,
        };
        bytes.extend_from_slice(&value.to_le_bytes()[..*size]);
    }
    bytes.extend(parts.concat());
    bytes
}

fn joined(components: &[u8]) -> String {
    let mut out = Vec::new();
    Components(components).join_into(&mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn exec_is_read() {
    let bytes =
        exec_record([b"sh\0bin\0", b"", b"a\0", b"/bin/sh\0", b"", b"pts0\0", b"sh\0-c\0"], 0);
    let Ok(Record::Exec(exec)) = parse(&bytes) else { panic!("not an exec") };
    assert_eq!(joined(exec.exe.0), "/bin/sh");
    assert_eq!(joined(exec.cwd.0), "/");
    assert_eq!(exec.filename, b"/bin/sh");
    assert_eq!(exec.tty, b"pts0");
    assert_eq!(exec.argv, b"sh\0-c\0");
    assert_eq!(exec.process.pid, 42);
    assert!(!exec.memfd());
}

#[test]
fn memfd_is_told_by_name_and_place() {
    let parts: [&[u8]; 7] = [b"memfd:x\0", b"", b"", b"", b"", b"", b""];
    let detached = exec_record(parts, 64);
    let Ok(Record::Exec(exec)) = parse(&detached) else { panic!("not an exec") };
    assert!(exec.memfd());
    assert_eq!(joined(exec.exe.0), "/memfd:x");
    // A file of that name in a real folder is none.
    let placed = exec_record(parts, 0);
    let Ok(Record::Exec(exec)) = parse(&placed) else { panic!("not an exec") };
    assert!(!exec.memfd());
}

#[test]
fn damage_has_a_reason() {
    let good = exec_record([b"sh\0", b"", b"", b"", b"", b"", b"sh\0"], 0);
    assert_eq!(parse(&[]), Err(RecordError::Short));
    assert_eq!(parse(&good[..good.len() - 1]), Err(RecordError::Length));
    let mut unknown = good.clone();
    unknown[0] = 255;
    assert_eq!(parse(&unknown), Err(RecordError::Kind));
    let mut parts = good;
    let at = Process::SIZE + Inode::SIZE + Image::SIZE - 16;
    parts[at] = 200;
    assert_eq!(parse(&parts), Err(RecordError::Parts));
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = parse(&bytes);
        let _ = split_first(&bytes);
    }

    #[test]
    fn flipped_bytes_are_survived(at in 0_usize..480, value: u8) {
        let mut bytes = exec_record([b"sh\0bin\0", b"x\0", b"a\0", b"f\0", b"i\0", b"t\0", b"sh\0"], 0);
        if let Some(byte) = bytes.get_mut(at) {
            *byte = value;
        }
        if let Ok(Record::Exec(exec)) = parse(&bytes) {
            joined_lossy(exec.exe.0);
        }
    }
}

fn joined_lossy(components: &[u8]) {
    let mut out = Vec::new();
    Components(components).join_into(&mut out);
}
