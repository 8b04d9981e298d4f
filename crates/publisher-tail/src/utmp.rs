// SPDX-License-Identifier: Apache-2.0
//! A record of utmp, wtmp or btmp, as glibc lays it out. Its bytes are foreign: whoever fails to log in
//! chooses some of them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Bytes of a record on this machine.
pub(crate) const SIZE: usize = LAYOUT.size;

/// Where the fields are that differ between machines: those of 64 bits alone have wider ones.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    pub(crate) size: usize,
    seconds: usize,
    wide: bool,
    address: usize,
}

/// With fields as on machines that run 32-bit programs, too: x86.
pub(crate) const NARROW: Layout = Layout { size: 384, seconds: 340, wide: false, address: 348 };
/// As on 64-bit ARM.
pub(crate) const WIDE: Layout = Layout { size: 400, seconds: 344, wide: true, address: 360 };

const LAYOUT: Layout = if cfg!(target_arch = "aarch64") { WIDE } else { NARROW };

/// What a record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Empty,
    RunLevel,
    Boot,
    NewTime,
    OldTime,
    /// A terminal is being prepared for a login, by init or by getty.
    Waiting,
    User,
    Dead,
}

/// The fields that are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Record<'a> {
    pub(crate) kind: Kind,
    /// 0 when none is named.
    pub(crate) pid: u32,
    pub(crate) terminal: &'a [u8],
    pub(crate) user: &'a [u8],
    pub(crate) host: &'a [u8],
    /// Signal and exit code; 0 when nothing is known.
    pub(crate) ended: (i16, i16),
    /// Nanoseconds since the unix epoch, at most those of the year 2106.
    pub(crate) time_ns: i64,
    pub(crate) address: Option<IpAddr>,
}

/// Why a record says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is shorter than a record.
    Torn,
    /// It is of no kind that there is.
    Kind,
}

impl<'a> Record<'a> {
    /// A record of this machine.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, Fault> {
        Self::parse_as(LAYOUT, bytes)
    }

    pub(crate) fn parse_as(layout: Layout, bytes: &'a [u8]) -> Result<Self, Fault> {
        if bytes.len() < layout.size {
            return Err(Fault::Torn);
        }
        let kind = match i16::from_ne_bytes(take(bytes, 0)?) {
            0 => Kind::Empty,
            1 => Kind::RunLevel,
            2 => Kind::Boot,
            3 => Kind::NewTime,
            4 => Kind::OldTime,
            5 | 6 => Kind::Waiting,
            7 => Kind::User,
            8 => Kind::Dead,
            _ => return Err(Fault::Kind),
        };
        let ended = (take(bytes, 332)?, take(bytes, 334)?);
        Ok(Self {
            kind,
            pid: u32::try_from(i32::from_ne_bytes(take(bytes, 4)?)).unwrap_or(0),
            terminal: text(bytes, 8, 32),
            user: text(bytes, 44, 32),
            host: text(bytes, 76, 256),
            ended: (i16::from_ne_bytes(ended.0), i16::from_ne_bytes(ended.1)),
            time_ns: time(layout, bytes)?,
            address: address(take(bytes, layout.address)?),
        })
    }
}

fn take<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N], Fault> {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).copied().ok_or(Fault::Torn)
}

/// A field that ends at its first NUL, or at its end.
fn text(bytes: &[u8], at: usize, len: usize) -> &[u8] {
    let field = bytes.get(at..at + len).unwrap_or_default();
    field.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// What makes no sense is brought into the range of those that do.
fn time(layout: Layout, bytes: &[u8]) -> Result<i64, Fault> {
    let (seconds, micros) = if layout.wide {
        let seconds = i64::from_ne_bytes(take(bytes, layout.seconds)?);
        let micros = i64::from_ne_bytes(take(bytes, layout.seconds + 8)?);
        (seconds.clamp(0, u32::MAX.into()), micros)
    } else {
        let seconds = u32::from_ne_bytes(take(bytes, layout.seconds)?);
        let micros = i32::from_ne_bytes(take(bytes, layout.seconds + 4)?);
        (seconds.into(), micros.into())
    };
    Ok(seconds * 1_000_000_000 + micros.clamp(0, 999_999) * 1_000)
}

/// An IPv4 address stands in the first word.
fn address(bytes: [u8; 16]) -> Option<IpAddr> {
    let [a, b, c, d, rest @ ..] = bytes;
    match (u32::from_be_bytes([a, b, c, d]), rest == [0; 12]) {
        (0, true) => None,
        (_, true) => Some(Ipv4Addr::new(a, b, c, d).into()),
        _ => Some(IpAddr::from(Ipv6Addr::from(bytes)).to_canonical()),
    }
}

#[cfg(test)]
#[cfg(unix)]
pub(crate) mod tests {
    use super::*;

    /// A record of this machine.
    pub(crate) fn record(kind: i16, pid: i32, fields: [&str; 3], seconds: u32) -> Vec<u8> {
        let mut bytes = vec![0; SIZE];
        let mut put = |at: usize, value: &[u8]| bytes[at..at + value.len()].copy_from_slice(value);
        put(0, &kind.to_ne_bytes());
        put(4, &pid.to_ne_bytes());
        for (at, field) in [8, 44, 76].into_iter().zip(fields) {
            put(at, field.as_bytes());
        }
        put(LAYOUT.seconds, &seconds.to_ne_bytes());
        bytes
    }

    #[test]
    fn fields_are_where_they_belong() {
        let mut bytes = record(7, 77, ["pts/0", "ann", "host.example"], 1_700_000_000);
        bytes[NARROW.seconds + 4..][..4].copy_from_slice(&250_000_i32.to_ne_bytes());
        bytes[NARROW.address..][..4].copy_from_slice(&[192, 0, 2, 7]);
        let got = Record::parse_as(NARROW, &bytes).unwrap();
        let wanted = Record {
            kind: Kind::User,
            pid: 77,
            terminal: b"pts/0",
            user: b"ann",
            host: b"host.example",
            ended: (0, 0),
            time_ns: 1_700_000_000_250_000_000,
            address: Some([192, 0, 2, 7].into()),
        };
        assert_eq!(got, wanted);
        let v6: Ipv6Addr = "2001:db8::7".parse().unwrap();
        bytes[NARROW.address..][..16].copy_from_slice(&v6.octets());
        assert_eq!(Record::parse_as(NARROW, &bytes).unwrap().address, Some(v6.into()));
        // A field without its NUL ends where it ends.
        bytes[44..76].fill(b'x');
        assert_eq!(Record::parse_as(NARROW, &bytes).unwrap().user, [b'x'; 32]);
        let mut wide = vec![0; WIDE.size];
        wide[0] = 8;
        wide[332..336].copy_from_slice(&[9, 0, 3, 0]);
        wide[WIDE.seconds..][..8].copy_from_slice(&1_700_000_000_i64.to_ne_bytes());
        wide[WIDE.seconds + 8..][..8].copy_from_slice(&5_i64.to_ne_bytes());
        let got = Record::parse_as(WIDE, &wide).unwrap();
        assert_eq!((got.time_ns, got.ended), (1_700_000_000_000_005_000, (9, 3)));
        assert_eq!(Record::parse(&bytes[..SIZE - 1]), Err(Fault::Torn));
        assert_eq!(Record::parse(&vec![0xff; SIZE]), Err(Fault::Kind));
    }

    /// Any bytes: an answer, with times in range and no NUL in texts.
    #[test]
    fn any_bytes_are_read() {
        let mut seed = 11_u64;
        for _ in 0..20_000 {
            let mut next = || {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                (seed >> 56) as u8
            };
            let mut bytes: Vec<u8> = (0..400).map(|_| next() & next()).collect();
            bytes[0] %= 12;
            bytes[1] = 0;
            for layout in [NARROW, WIDE] {
                let Ok(record) = Record::parse_as(layout, &bytes) else {
                    assert!(bytes[0] > 8);
                    continue;
                };
                assert!((0..=4_294_967_295_999_999_999).contains(&record.time_ns));
                for text in [record.terminal, record.user, record.host] {
                    assert!(!text.contains(&0));
                }
            }
        }
    }

    /// libc's own writer puts the fields where they are read.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    #[test]
    fn records_of_libc_are_read() {
        use std::io::Write as _;
        use std::process::{Command, Stdio};
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("wtmp");
        std::fs::write(&file, "").unwrap();
        let script = r#"
import ctypes, struct, sys
record = struct.pack("=hxxi32s4s32s256shhiii16s20x", 7, 4242, b"pts/9", b"9", b"eve", b"far.example", 1, 2, 3, 1700000001, 5, bytes(range(16)))
ctypes.CDLL(None).updwtmpx(sys.argv[1].encode(), record)
"#;
        let mut python = Command::new("python3");
        python.args(["-S", "-", file.to_str().unwrap()]).stdin(Stdio::piped());
        let Ok(mut child) = python.spawn() else {
            println!("skipped: python3 absent");
            return;
        };
        child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success());
        let bytes = std::fs::read(&file).unwrap();
        assert_eq!(bytes.len(), SIZE);
        let got = Record::parse(&bytes).unwrap();
        assert_eq!((got.kind, got.pid, got.ended), (Kind::User, 4242, (1, 2)));
        assert_eq!((got.terminal, got.user), (&b"pts/9"[..], &b"eve"[..]));
        assert_eq!((got.host, got.time_ns), (&b"far.example"[..], 1_700_000_001_000_005_000));
        assert_eq!(got.address.unwrap().to_string(), "1:203:405:607:809:a0b:c0d:e0f");
    }
}
