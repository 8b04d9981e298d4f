// SPDX-License-Identifier: Apache-2.0
//! Bytes to lines, or to records of one size, in pieces of any size. Bounded: of a line at most
//! [`LINE_BYTES_MAX`] bytes are kept.

/// Bytes of a line that are kept; the rest is left out, and counted in its size.
pub(crate) const LINE_BYTES_MAX: usize = 64 << 10;

/// What a file is a sequence of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Unit {
    /// Lines, each ended by a line feed.
    #[default]
    Lines,
    /// Records of so many bytes, at least 1 and at most [`LINE_BYTES_MAX`].
    Records(usize),
}

/// A line without its end, or a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    /// At most [`LINE_BYTES_MAX`] bytes, without the line feed and a carriage return before it.
    pub(crate) bytes: &'a [u8],
    /// All bytes of it in the file, with its end.
    pub(crate) size: u64,
}

impl Line<'_> {
    /// Whether a part was left out.
    pub(crate) fn is_cut(&self) -> bool {
        self.size > LINE_BYTES_MAX as u64 + 2
    }
}

/// What of an unfinished line or record is there.
#[derive(Debug, Default)]
pub(crate) struct Cutter {
    unit: Unit,
    kept: Vec<u8>,
    size: u64,
}

impl Cutter {
    pub(crate) fn new(unit: Unit) -> Self {
        Self { unit, kept: Vec::new(), size: 0 }
    }

    /// Takes the bytes that follow, and calls `f` for each line or record that is whole now.
    pub(crate) fn push(&mut self, bytes: &[u8], f: impl FnMut(Line<'_>)) {
        match self.unit {
            Unit::Lines => self.push_lines(bytes, f),
            Unit::Records(size) => self.push_records(bytes, size.clamp(1, LINE_BYTES_MAX), f),
        }
    }

    fn push_records(&mut self, mut bytes: &[u8], size: usize, mut f: impl FnMut(Line<'_>)) {
        while let Some((end, rest)) = bytes.split_at_checked(size.saturating_sub(self.kept.len())) {
            bytes = rest;
            let whole = size as u64;
            if self.kept.is_empty() {
                f(Line { bytes: end, size: whole });
            } else {
                self.keep(end);
                f(Line { bytes: &self.kept, size: whole });
            }
            self.clear();
        }
        self.keep(bytes);
        self.size += bytes.len() as u64;
    }

    fn push_lines(&mut self, mut bytes: &[u8], mut f: impl FnMut(Line<'_>)) {
        while let Some(at) = bytes.iter().position(|byte| *byte == b'\n') {
            let (line, rest) = bytes.split_at(at);
            bytes = rest.get(1..).unwrap_or_default();
            let size = self.size + line.len() as u64 + 1;
            if self.kept.is_empty() && line.len() <= LINE_BYTES_MAX {
                f(Line { bytes: without_return(line), size });
            } else {
                self.keep(line);
                f(Line { bytes: without_return(&self.kept), size });
            }
            self.clear();
        }
        self.keep(bytes);
        self.size += bytes.len() as u64;
    }

    /// The unfinished line or record, when there is one: for a file that nobody will write any more.
    pub(crate) fn take_rest(&mut self, mut f: impl FnMut(Line<'_>)) {
        if self.size > 0 {
            let bytes = match self.unit {
                Unit::Lines => without_return(&self.kept),
                Unit::Records(_) => &self.kept,
            };
            f(Line { bytes, size: self.size });
        }
        self.clear();
    }

    /// Bytes of what is unfinished.
    pub(crate) fn unfinished(&self) -> u64 {
        self.size
    }

    pub(crate) fn clear(&mut self) {
        self.kept.clear();
        self.size = 0;
        if self.kept.capacity() > LINE_BYTES_MAX {
            self.kept.shrink_to(4 << 10);
        }
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = LINE_BYTES_MAX.saturating_sub(self.kept.len());
        self.kept.extend(bytes.iter().take(room));
    }
}

fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(cutter: &mut Cutter, bytes: &[u8]) -> Vec<(Vec<u8>, u64)> {
        let mut out = Vec::new();
        cutter.push(bytes, |line| out.push((line.bytes.to_vec(), line.size)));
        out
    }

    #[test]
    fn lines_in_pieces() {
        let mut cutter = Cutter::default();
        assert_eq!(lines(&mut cutter, b"one\r\ntw"), [(b"one".to_vec(), 5)]);
        assert_eq!(cutter.unfinished(), 2);
        assert_eq!(lines(&mut cutter, b"o\n\nth"), [(b"two".to_vec(), 4), (Vec::new(), 1)]);
        let mut rest = Vec::new();
        cutter.take_rest(|line| rest.push((line.bytes.to_vec(), line.size)));
        assert_eq!(rest, [(b"th".to_vec(), 2)]);
        cutter.take_rest(|_| panic!("nothing is left"));
    }

    #[test]
    fn records_in_pieces() {
        let mut cutter = Cutter::new(Unit::Records(3));
        assert_eq!(lines(&mut cutter, b"on"), []);
        assert_eq!(lines(&mut cutter, b"etwo\nx"), [(b"one".to_vec(), 3), (b"two".to_vec(), 3)]);
        assert_eq!(cutter.unfinished(), 2);
        let mut rest = Vec::new();
        cutter.take_rest(|line| rest.push((line.bytes.to_vec(), line.size)));
        assert_eq!(rest, [(b"\nx".to_vec(), 2)]);
    }

    #[test]
    fn a_long_line_is_cut_and_the_next_is_whole() {
        let mut cutter = Cutter::default();
        for _ in 0..100 {
            assert!(lines(&mut cutter, &[b'x'; 1_000]).is_empty());
        }
        let mut seen = Vec::new();
        cutter.push(b"end\nnext\n", |line| seen.push((line.bytes.len(), line.size, line.is_cut())));
        assert_eq!(seen, [(LINE_BYTES_MAX, 100_004, true), (4, 5, false)]);
    }

    /// However the bytes are divided, the lines are the same, and their sizes are all bytes.
    #[test]
    fn division_makes_no_difference() {
        divide(Unit::Lines);
        (1..9).for_each(|size| divide(Unit::Records(size)));
    }

    fn divide(unit: Unit) {
        let mut seed = 7_u64;
        let mut next = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) % below
        };
        for _ in 0..500 {
            let bytes: Vec<u8> = (0..next(400))
                .map(|_| b"\n\rab\xff\0"[usize::try_from(next(6)).unwrap()])
                .collect();
            let whole = lines(&mut Cutter::new(unit), &bytes);
            let (mut cutter, mut parts, mut rest) = (Cutter::new(unit), Vec::new(), &bytes[..]);
            while !rest.is_empty() {
                let at = usize::try_from(next(9)).unwrap().min(rest.len());
                parts.extend(lines(&mut cutter, &rest[..at]));
                rest = &rest[at..];
            }
            assert_eq!(parts, whole);
            if let Unit::Records(size) = unit {
                let wanted: Vec<_> = bytes.chunks_exact(size).map(<[u8]>::to_vec).collect();
                assert_eq!(parts.iter().map(|part| part.0.clone()).collect::<Vec<_>>(), wanted);
            }
            let sizes: u64 = parts.iter().map(|(_, size)| size).sum();
            assert_eq!(sizes + cutter.unfinished(), bytes.len() as u64);
        }
    }
}
