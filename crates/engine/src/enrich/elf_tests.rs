// SPDX-License-Identifier: Apache-2.0
//! Files made here, of both classes and both byte orders, whole, cut and scrambled.

use super::*;

struct Bytes<'a>(&'a [u8]);

impl Pieces for Bytes<'_> {
    fn piece(&mut self, from: u64, len: u64) -> Vec<u8> {
        let from = usize::try_from(from).unwrap_or(usize::MAX).min(self.0.len());
        let end = from.saturating_add(usize::try_from(len).unwrap()).min(self.0.len());
        self.0[from..end].to_vec()
    }
}

/// Writes numbers in a class and byte order.
struct Maker {
    wide: bool,
    big: bool,
    out: Vec<u8>,
}

impl Maker {
    fn put(&mut self, value: u64, len: usize) {
        let mut bytes = value.to_le_bytes()[..len].to_vec();
        if self.big {
            bytes.reverse();
        }
        self.out.extend(bytes);
    }

    fn size(&mut self, value: u64) {
        self.put(value, if self.wide { 8 } else { 4 });
    }

    fn segment(&mut self, kind: u64, from: u64, len: u64) {
        self.put(kind, 4);
        if self.wide {
            self.put(4, 4);
        }
        self.size(from);
        self.size(0);
        self.size(0);
        self.size(len);
        self.size(len);
        if !self.wide {
            self.put(4, 4);
        }
        self.size(1);
    }
}

/// A file with a loader, a build id, a dynamic section, and symbols, as asked for.
fn file(wide: bool, big: bool, kind: u64, loader: bool, pie: bool, symbols: bool) -> Vec<u8> {
    let mut make = Maker { wide, big, out: b"\x7fELF".to_vec() };
    make.out.extend([1 + u8::from(wide), 1 + u8::from(big), 1]);
    make.out.resize(16, 0);
    make.put(kind, 2);
    make.put(if wide { 62 } else { 40 }, 2);
    make.put(1, 4);
    let (head, segment, section) = if wide { (64, 56, 64) } else { (52, 32, 40) };
    let body = head + 3 * segment;
    let (name, note, dynamic) = (body, body + 32, body + 64);
    let sections = dynamic + 64;
    make.size(0);
    make.size(head);
    make.size(sections);
    make.put(0, 4);
    make.put(head, 2);
    make.put(segment, 2);
    make.put(3, 2);
    make.put(section, 2);
    make.put(2, 2);
    make.put(0, 2);
    assert_eq!(make.out.len() as u64, head);
    make.segment(if loader { 3 } else { 1 }, name, 20);
    make.segment(4, note, 28);
    make.segment(2, dynamic, if wide { 32 } else { 16 });
    make.out.extend(b"/lib/ld-test.so.1\0\0\0");
    make.out.resize(usize::try_from(note).unwrap(), 0);
    for value in [4, 8, 3] {
        make.put(value, 4);
    }
    make.out.extend(b"GNU\0\x01\x23\x45\x67\x89\xab\xcd\xef");
    make.out.resize(usize::try_from(dynamic).unwrap(), 0);
    make.size(0x6fff_fffb);
    make.size(if pie { 0x0800_0001 } else { 1 });
    make.size(0);
    make.size(0);
    make.out.resize(usize::try_from(sections).unwrap(), 0);
    for kind in [0, if symbols { 2 } else { 3 }] {
        let end = make.out.len() + usize::try_from(section).unwrap();
        make.put(0, 4);
        make.put(kind, 4);
        make.out.resize(end, 0);
    }
    make.out
}

#[test]
fn facts_of_all_layouts() {
    for (wide, big) in [(false, false), (false, true), (true, false), (true, true)] {
        let elf = parse(&mut Bytes(&file(wide, big, 3, true, true, true))).unwrap();
        assert_eq!(
            elf,
            Elf {
                elf_type: "pie_executable",
                class: if wide { 64 } else { 32 },
                machine: if wide { "x86_64" } else { "arm" }.to_owned(),
                interpreter: Some("/lib/ld-test.so.1".to_owned()),
                build_id: Some("0123456789abcdef".to_owned()),
                is_static: false,
                is_stripped: false,
            }
        );
        let kind = |kind, loader, pie| {
            let elf = parse(&mut Bytes(&file(wide, big, kind, loader, pie, false))).unwrap();
            assert!(elf.is_stripped);
            (elf.elf_type, elf.is_static)
        };
        assert_eq!(kind(3, false, false), ("shared_object", false));
        assert_eq!(kind(3, false, true), ("pie_executable", true), "static, anywhere");
        assert_eq!(kind(2, false, false), ("executable", true));
        assert_eq!(kind(2, true, false), ("executable", false));
        assert_eq!(kind(1, false, false), ("relocatable", false));
        assert_eq!(kind(9, false, false), ("unknown", false));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn our_own_program_is_one() {
    let own = std::fs::read("/proc/self/exe").unwrap();
    let elf = parse(&mut Bytes(&own)).unwrap();
    assert_eq!((elf.elf_type, elf.class), ("pie_executable", 64));
    assert!(!elf.is_stripped);
}

#[test]
fn no_elf() {
    for bytes in [&b""[..], b"\x7fEL", b"#!/bin/sh\n", b"\x7fELF\x03\x01", b"\x7fELF\x02\x01\x01"] {
        assert_eq!(parse(&mut Bytes(bytes)), None, "{bytes:?}");
    }
}

/// Any file that is cut or changed anywhere is read without a panic, and what is read stays bounded.
#[test]
fn cut_and_changed_files_are_no_trouble() {
    let mut seed = 1_u64;
    let mut next = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed >> 33).unwrap()
    };
    for round in 0..20_000 {
        let (wide, big) = (round & 1 == 0, round & 2 == 0);
        let mut bytes = file(wide, big, 3, true, true, true);
        for _ in 0..1 + next() % 4 {
            let at = next() % bytes.len();
            bytes[at] = u8::try_from(next() & 0xff).unwrap();
        }
        bytes.truncate(next() % (bytes.len() + 1) + next() % 64);
        if let Some(elf) = parse(&mut Bytes(&bytes)) {
            assert!(elf.build_id.is_none_or(|id| id.len() <= 2 * BUILD_ID_MAX));
        }
    }
}
