// SPDX-License-Identifier: Apache-2.0
//! Lines that are put into somebody else's text file, and taken out so that every other byte is as it was. No files
//! here, only texts as bytes.
//!
//! Ours stand at the end when they are put in, with the ends of lines that the file has. A last line without an end
//! stays one: the end that goes before ours is taken out with them. A file that would be empty and was made for ours
//! is no file any more.

/// What becomes of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Edited {
    /// Nothing is to be done.
    Same,
    Text(Vec<u8>),
    /// The file goes: it was made for what was taken out.
    Gone,
}

/// A line and where it ends, its end of line included.
struct Line<'a> {
    text: &'a str,
    start: usize,
    end: usize,
}

/// Lines that are not UTF-8 are never ours, and show as empty.
fn lines(file: &[u8]) -> Vec<Line<'_>> {
    let mut start = 0;
    let pieces = file.split_inclusive(|byte| *byte == b'\n');
    pieces
        .map(|piece| {
            let text = std::str::from_utf8(piece).unwrap_or_default().trim();
            let line = Line { text, start, end: start + piece.len() };
            start = line.end;
            line
        })
        .collect()
}

/// Whether a line (its blanks at both sides left out) is there.
pub(super) fn has(file: &[u8], is_it: impl Fn(&str) -> bool) -> bool {
    lines(file).iter().any(|line| is_it(line.text))
}

/// Puts lines at the end; `None` is a file that is not there.
pub(super) fn put(file: Option<&[u8]>, ours: &[String]) -> Edited {
    if ours.is_empty() {
        return Edited::Same;
    }
    let Some(file) = file else {
        return Edited::Text(ours.iter().flat_map(|line| ended(line, NEW)).collect());
    };
    // A last line that ends in a bare \r would else look as if it had an end of its own.
    let mark = if file.last() == Some(&b'\r') { b"\r\n" } else { end_of_line(file) };
    let mut text = file.to_vec();
    let is_open = file.last().is_none_or(|byte| *byte != b'\n');
    if is_open && !file.is_empty() {
        text.extend_from_slice(mark);
    }
    text.extend(ours.iter().flat_map(|line| ended(line, mark)));
    if is_open {
        text.truncate(text.len() - mark.len());
    }
    Edited::Text(text)
}

/// Takes out the block of lines that `count` finds: given the texts of a line and of all behind it, how many of them
/// are ours. Does so until there are no more.
pub(super) fn take(file: &[u8], count: impl Fn(&[&str]) -> usize) -> Edited {
    let lines = lines(file);
    let texts: Vec<&str> = lines.iter().map(|line| line.text).collect();
    let (mut kept, mut at, mut is_changed) = (Vec::new(), 0, false);
    while let Some(line) = lines.get(at) {
        let ours = count(texts.get(at..).unwrap_or_default());
        if ours == 0 {
            kept.extend_from_slice(file.get(line.start..line.end).unwrap_or_default());
            at += 1;
            continue;
        }
        is_changed = true;
        at += ours;
        if at >= lines.len() && !file.ends_with(b"\n") {
            // The end of the line before was put in with ours.
            let mark = end_of_line(&kept).len();
            if kept.last() == Some(&b'\n') {
                kept.truncate(kept.len().saturating_sub(mark));
            }
        }
    }
    match (is_changed, kept.is_empty() && file.ends_with(b"\n")) {
        (false, _) => Edited::Same,
        (true, true) => Edited::Gone,
        (true, false) => Edited::Text(kept),
    }
}

/// What ends a line of a file that is not there yet.
const NEW: &[u8] = if cfg!(windows) { b"\r\n" } else { b"\n" };

/// What ends the last line that has an end.
fn end_of_line(file: &[u8]) -> &'static [u8] {
    let last = file.iter().rposition(|byte| *byte == b'\n');
    match last.map(|at| at.checked_sub(1).and_then(|before| file.get(before))) {
        None => NEW,
        Some(Some(b'\r')) => b"\r\n",
        Some(_) => b"\n",
    }
}

fn ended(line: &str, mark: &[u8]) -> Vec<u8> {
    [line.as_bytes(), mark].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours() -> Vec<String> {
        vec!["# mine".into(), "--a=1".into()]
    }

    fn count(lines: &[&str]) -> usize {
        match lines {
            ["# mine", "--a=1", ..] => 2,
            ["# mine", ..] => 1,
            _ => 0,
        }
    }

    fn text(edited: Edited) -> Vec<u8> {
        match edited {
            Edited::Text(text) => text,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_byte_is_as_it_was() {
        let files: [&[u8]; 11] = [
            b"",
            b"\n",
            b"\r\n",
            b"a",
            b"a\n",
            b"a\r\n",
            b"a\r\nb",
            b"a\nb\r",
            b"a\nb\r\n\r\n",
            b"\xff\xfe\n \t b",
            b"# other\r\n--a=2\r\n",
        ];
        for file in files {
            let put = text(put(Some(file), &ours()));
            assert!(put.starts_with(file), "{file:?}");
            assert!(has(&put, |line| line == "--a=1"), "{file:?}");
            assert_eq!(text(take(&put, count)), file, "{file:?} {put:?}");
        }
        let made = text(put(None, &ours()));
        assert_eq!(made, [b"# mine", NEW, b"--a=1", NEW].concat());
        assert_eq!(take(&made, count), Edited::Gone);
    }

    #[test]
    fn what_others_wrote_meanwhile_stays() {
        assert_eq!(text(take(b"a\n# mine\n--a=1\nb", count)), b"a\nb");
        assert_eq!(text(take(b"a\r\n# mine\r\n--a=7\r\n", count)), b"a\r\n--a=7\r\n");
        assert_eq!(text(take(b"# mine\n--a=1\nb\n# mine\n--a=1\n", count)), b"b\n");
        assert_eq!(take(b"a\nb", count), Edited::Same);
        assert_eq!(take(b"", count), Edited::Same);
        assert_eq!(put(Some(b"a"), &[]), Edited::Same);
    }

    #[test]
    fn ends_of_lines_are_those_of_the_file() {
        assert_eq!(text(put(Some(b"x\r\n"), &ours())), b"x\r\n# mine\r\n--a=1\r\n");
        assert_eq!(text(put(Some(b"x\r\ny"), &ours())), b"x\r\ny\r\n# mine\r\n--a=1");
        assert_eq!(text(put(Some(b"x\n"), &ours())), b"x\n# mine\n--a=1\n");
    }

    #[test]
    fn any_file_is_as_it_was() {
        // A small generator of texts out of the pieces that matter.
        let pieces: [&[u8]; 6] = [b"a", b"\n", b"\r\n", b"\r", b"# mine", b" "];
        let mut seed = 7_u64;
        for _ in 0..20_000 {
            let mut file = Vec::new();
            for _ in 0..seed % 7 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let piece = usize::try_from(seed >> 33).unwrap() % pieces.len();
                file.extend_from_slice(pieces[piece]);
            }
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            // What looks like ours already is not put in by anybody.
            if lines(&file).iter().any(|line| line.text == "# mine") {
                continue;
            }
            let put = text(put(Some(&file), &ours()));
            assert_eq!(text(take(&put, count)), file, "{:?}", String::from_utf8_lossy(&file));
        }
    }
}
