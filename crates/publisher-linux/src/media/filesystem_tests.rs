// SPDX-License-Identifier: Apache-2.0
//! File systems made by hand, as far as their first blocks go, and any bytes at all.

use super::*;
use proptest::prelude::*;

/// A disk of zeros with some bytes in it.
fn disk(parts: &[(usize, &[u8])]) -> Vec<u8> {
    let mut bytes = vec![0; 128 << 10];
    for (at, part) in parts {
        bytes[*at..at + part.len()].copy_from_slice(part);
    }
    bytes
}

fn look(disk: &[u8]) -> Found {
    identify(&mut |place, len| {
        let start = usize::try_from(place).ok().filter(|start| *start < disk.len())?;
        Some(disk[start..disk.len().min(start + len)].to_vec())
    })
}

fn wanted(kind: &'static str, label: &str, uuid: &str) -> Option<FileSystem> {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Some(FileSystem { kind, label: some(label), uuid: some(uuid) })
}

const ID: [u8; 16] = [0xde, 0xad, 0xbe, 0xef, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const ID_TEXT: &str = "deadbeef-0001-0203-0405-060708090a0b";

#[test]
fn ext_is_told_apart_by_its_features() {
    let features = |compatible: u8, incompatible: u16, read_only: u8| {
        let incompatible = incompatible.to_le_bytes();
        look(&disk(&[
            (1_080, b"\x53\xef"),
            (1_116, &[compatible]),
            (1_120, &incompatible),
            (1_124, &[read_only]),
            (1_128, &ID),
            (1_144, b"EVIDENCE"),
        ]))
    };
    for (kind, found) in [
        ("ext2", features(0, 2, 1)),
        ("ext3", features(4, 2 | 4, 3)),
        ("ext4", features(4, 2 | 0x40, 3)),
        ("ext4", features(4, 2, 8)),
        ("jbd", features(0, 8, 0)),
    ] {
        assert_eq!(found.file_system, wanted(kind, "EVIDENCE", ID_TEXT));
        assert_eq!(found.partition_table, None);
    }
}

/// A boot sector; tables of 2 sectors twice behind the first 4.
fn boot(large: bool, own_label: &[u8; 11]) -> Vec<u8> {
    let mut sector = vec![0; 512];
    sector[0] = 0xeb;
    sector[11..13].copy_from_slice(&512_u16.to_le_bytes());
    sector[13] = 2;
    sector[14] = 4;
    sector[16] = 2;
    sector[21] = 0xf8;
    let signature = if large {
        sector[36] = 2;
        sector[44] = 3;
        66
    } else {
        sector[17] = 32;
        sector[22] = 2;
        38
    };
    sector[signature] = 0x29;
    sector[signature + 1..signature + 5].copy_from_slice(&0xabcd_1234_u32.to_le_bytes());
    sector[signature + 5..signature + 16].copy_from_slice(own_label);
    sector[510..].copy_from_slice(b"\x55\xaa");
    sector
}

fn entry(name: &[u8; 11], kind: u8) -> [u8; 32] {
    let mut entry = [0; 32];
    entry[..11].copy_from_slice(name);
    entry[11] = kind;
    entry
}

#[test]
fn fat_takes_the_label_of_its_root_folder_first() {
    let folder = [
        entry(b"A\x01long\x00\x00\x00\x00\x00", 0x0f),
        entry(b"FILE    TXT", 0x20),
        entry(b"\xe5LD LABEL  ", 0x08),
        entry(b"MY STICK   ", 0x08),
    ]
    .concat();
    // Sector 8; with 3 as the root's cluster of 2 sectors, sector 10.
    for (large, place) in [(false, 8 * 512), (true, 10 * 512)] {
        let sector = boot(large, b"OTHER      ");
        let found = look(&disk(&[(0, &sector), (place, &folder)]));
        assert_eq!(found.file_system, wanted("vfat", "MY STICK", "ABCD-1234"), "{large}");
        // What looks like a table of partitions there is a program.
        assert_eq!(found.partition_table, None);
        let found = look(&disk(&[(0, &sector)]));
        assert_eq!(found.file_system, wanted("vfat", "OTHER", "ABCD-1234"));
        let found = look(&disk(&[(0, &boot(large, b"NO NAME    "))]));
        assert_eq!(found.file_system, wanted("vfat", "", "ABCD-1234"));
        // Without the list of partitions' mark it is none.
        let mut sector = sector;
        sector[510] = 0;
        assert_eq!(look(&disk(&[(0, &sector)])), Found::default());
    }
    let odd = look(&disk(&[(0, &boot(false, b"\xff\x41         "))])).file_system.unwrap();
    assert_eq!(odd.label.as_deref(), Some("\\xffA"));
}

#[test]
fn exfat_names_itself_in_its_root_folder() {
    let mut label = vec![0x83, 3];
    label.extend("Ä-1".encode_utf16().flat_map(u16::to_le_bytes));
    let parts: &[(usize, &[u8])] = &[
        (3, b"EXFAT   "),
        (88, &8_u32.to_le_bytes()),
        (96, &4_u32.to_le_bytes()),
        (100, &0x0012_00ef_u32.to_le_bytes()),
        (108, &[9, 3]),
        // Sector 8 + (4 - 2) * 8.
        (24 * 512, &[0x81]),
        (24 * 512 + 32, &label),
    ];
    assert_eq!(look(&disk(parts)).file_system, wanted("exfat", "Ä-1", "0012-00EF"));
    let mut wrong = disk(parts);
    wrong[108] = 255;
    assert_eq!(look(&wrong).file_system, wanted("exfat", "", "0012-00EF"));
}

/// The fourth record of a table of files: an attribute, then the name; the ends of its sectors replaced.
fn record() -> Vec<u8> {
    let mut record = vec![0; 1_024];
    record[..4].copy_from_slice(b"FILE");
    record[4] = 48;
    record[6] = 3;
    record[20] = 56;
    let name: Vec<u8> = "Backup".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (at, kind, len, value) in
        [(56, 0x30_u32, 440_u32, &[] as &[u8]), (496, 0x60, 40, &name), (536, u32::MAX, 0, &[])]
    {
        record[at..at + 4].copy_from_slice(&kind.to_le_bytes());
        record[at + 4..at + 8].copy_from_slice(&len.to_le_bytes());
        record[at + 16] = u8::try_from(value.len()).unwrap();
        record[at + 20] = 24;
        record.splice(at + 24..at + 24 + value.len(), value.iter().copied());
    }
    // What stands where sectors end goes into the list; the mark takes its place.
    record[48..50].copy_from_slice(b"\x07\x00");
    for sector in 1..3 {
        let end = sector * 512 - 2;
        record.copy_within(end..end + 2, 48 + sector * 2);
        record[end..end + 2].copy_from_slice(b"\x07\x00");
    }
    record
}

#[test]
fn ntfs_names_itself_in_its_fourth_file() {
    for (clusters, place) in [(0xf6_u8, 4 * 4_096 + 3 * 1_024), (1, 4 * 4_096 + 3 * 4_096)] {
        let record = record();
        let parts: &[(usize, &[u8])] = &[
            (3, b"NTFS    "),
            (11, &512_u16.to_le_bytes()),
            (13, &[8]),
            (48, &4_u64.to_le_bytes()),
            (64, &[clusters]),
            (72, &0x00ff_1234_5678_9abc_u64.to_le_bytes()),
            (place, &record),
        ];
        assert_eq!(look(&disk(parts)).file_system, wanted("ntfs", "Backup", "00FF123456789ABC"));
        // A torn sector is not believed.
        let mut torn = disk(parts);
        torn[place + 510] = 8;
        assert_eq!(look(&torn).file_system, wanted("ntfs", "", "00FF123456789ABC"));
    }
}

#[test]
fn others_are_known_by_their_marks() {
    let label = [b"DEBIAN".as_slice(), &[b' '; 26]].concat();
    let iso: &[(usize, &[u8])] = &[
        (32_768, b"\x01CD001"),
        (32_808, &label),
        (33_581, b"2020010203040500"),
        (33_598, b"2026112422015900"),
        (446, b"\x80\0\0\0\x17"),
        (510, b"\x55\xaa"),
    ];
    let found = look(&disk(iso));
    assert_eq!(found.file_system, wanted("iso9660", "DEBIAN", "2026-11-24-22-01-59-00"));
    assert_eq!(found.partition_table, Some("dos"));
    let found = look(&disk(&iso[..3]));
    assert_eq!(found.file_system, wanted("iso9660", "DEBIAN", "2020-01-02-03-04-05-00"));
    let xfs: &[(usize, &[u8])] = &[(0, b"XFSB"), (32, &ID), (108, b"data")];
    assert_eq!(look(&disk(xfs)).file_system, wanted("xfs", "data", ID_TEXT));
    let btrfs: &[(usize, &[u8])] = &[(65_600, b"_BHRfS_M"), (65_568, &ID), (65_835, b"pool")];
    assert_eq!(look(&disk(btrfs)).file_system, wanted("btrfs", "pool", ID_TEXT));
    for (version, label) in [(1, ""), (2, "secret")] {
        let luks: &[(usize, &[u8])] =
            &[(0, b"LUKS\xba\xbe\0"), (7, &[version]), (24, b"secret"), (168, ID_TEXT.as_bytes())];
        assert_eq!(look(&disk(luks)).file_system, wanted("crypto_LUKS", label, ID_TEXT));
    }
}

#[test]
fn tables_of_partitions_are_known() {
    let dos: &[(usize, &[u8])] = &[(446, b"\x80\0\0\0\x0c"), (510, b"\x55\xaa")];
    assert_eq!(look(&disk(dos)), Found { partition_table: Some("dos"), file_system: None });
    let gpt: &[(usize, &[u8])] = &[(450, b"\xee"), (510, b"\x55\xaa"), (512, b"EFI PART")];
    assert_eq!(look(&disk(gpt)).partition_table, Some("gpt"));
    for nothing in [disk(&[]), disk(&[(510, b"\x55\xaa")]), Vec::new()] {
        assert_eq!(look(&nothing), Found::default());
    }
    // Marks of another kind: a program, not a list.
    assert_eq!(look(&disk(&[(446, b"\x81\0\0\0\x0c"), (510, b"\x55\xaa")])), Found::default());
}

proptest! {
    #[test]
    fn any_bytes_are_looked_at(
        magic in 0_usize..9,
        changes in proptest::collection::vec((0_usize..8_192, any::<u8>()), 0..64),
        len in 0_usize..(128 << 10),
    ) {
        let record = record();
        let starts: [&[(usize, &[u8])]; 9] = [
            &[],
            &[(0, b"LUKS\xba\xbe")],
            &[(0, b"XFSB")],
            &[(1_080, b"\x53\xef")],
            &[(3, b"EXFAT   "), (96, &[3]), (108, &[9, 1])],
            &[(3, b"NTFS    "), (12, &[2]), (13, &[1]), (64, &[0xf6]), (1_536 * 2, &record)],
            &[(0, &boot(false, b"A          "))],
            &[(0, &boot(true, b"A          "))],
            &[(32_768, b"\x01CD001")],
        ];
        let mut bytes = disk(starts[magic]);
        for (at, byte) in changes {
            bytes[at] = byte;
        }
        bytes.truncate(len);
        let mut reads = 0;
        identify(&mut |place, len| {
            reads += 1;
            let start = usize::try_from(place).ok().filter(|start| *start < bytes.len())?;
            Some(bytes[start..bytes.len().min(start + len)].to_vec())
        });
        prop_assert!(reads <= READS_MAX);
    }
}
