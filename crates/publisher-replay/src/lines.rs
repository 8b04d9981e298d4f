// SPDX-License-Identifier: Apache-2.0
//! Text inputs cut into records: JSON a line, over several lines or in an array; XML events with or
//! without a root. A piece that cannot be read costs itself alone.

use crate::bad::Bad;
use crate::finish;
use crate::json::JsonReader;
use crate::record::Block;
use crate::xml;
use std::io::{self, BufRead};

/// Bytes of one record.
const RECORD_BYTES_MAX: usize = 4 << 20;

/// Reads JSON.
pub(crate) struct JsonLines<R> {
    input: R,
    json: JsonReader,
    /// The line at hand, or several when an object goes over them.
    buffer: Vec<u8>,
    line: u64,
    /// The line after the object at hand, when it was read already.
    ahead: Option<Vec<u8>>,
}

impl<R: BufRead> JsonLines<R> {
    pub(crate) fn new(input: R) -> Self {
        Self { input, json: JsonReader::default(), buffer: Vec::new(), line: 0, ahead: None }
    }

    /// Reads until the block is full. `false` at the end.
    pub(crate) fn read(&mut self, block: &mut Block, bad: &mut Vec<Bad>) -> io::Result<bool> {
        let more = self.read_block(block, bad);
        self.json.settle(block);
        more
    }

    fn read_block(&mut self, block: &mut Block, bad: &mut Vec<Bad>) -> io::Result<bool> {
        while !block.is_full() {
            self.buffer.clear();
            let Some(whole) = self.next_line()? else { return Ok(false) };
            let first = self.line;
            let place = || format!("line {first}");
            if !whole {
                bad.push(Bad::record("too_long", place()));
                continue;
            }
            let line = trimmed(&self.buffer);
            if line.is_empty() || line.starts_with(b"Record ") {
                continue;
            }
            if is_whole(line) {
                self.json_line(&place(), block, bad);
            } else if line == b"{" || !line.contains(&b'"') {
                // An object over several lines.
                if !self.gather()? {
                    bad.push(Bad::record("too_long", place()));
                } else {
                    self.json_line(&place(), block, bad);
                }
            } else {
                bad.push(Bad::record("bad_json", place()));
            }
        }
        Ok(true)
    }

    /// Appends the next line to the buffer: `None` at the end, `false` when it is too long.
    fn next_line(&mut self) -> io::Result<Option<bool>> {
        if let Some(line) = self.ahead.take() {
            self.buffer.extend_from_slice(&line);
            return Ok(Some(true));
        }
        let from = self.buffer.len();
        let got = read_line(&mut self.input, &mut self.buffer)?;
        if self.buffer.len() == from && got.is_some() {
            return Ok(None);
        }
        self.line += 1;
        Ok(Some(got.is_some()))
    }

    /// Adds lines until the object is whole; it ends early where another begins at a line's head.
    fn gather(&mut self) -> io::Result<bool> {
        loop {
            let from = self.buffer.len();
            match self.next_line()? {
                None => return Ok(true),
                Some(false) => return Ok(false),
                Some(true) => {}
            }
            let line = self.buffer.get(from..).unwrap_or_default();
            if line.starts_with(b"{") || line.starts_with(b"Record ") {
                self.ahead = Some(line.to_vec());
                self.buffer.truncate(from);
                return Ok(true);
            }
            // Only a closing brace at the head of a line, or one as deep as an array's item, can end it.
            if line.starts_with(b"}")
                || (line.trim_ascii_start().starts_with(b"}") && is_balanced(&self.buffer))
            {
                return Ok(true);
            }
            if self.buffer.len() > RECORD_BYTES_MAX {
                return Ok(false);
            }
        }
    }

    /// Reads the objects in the buffer: mostly one.
    fn json_line(&mut self, place: &str, block: &mut Block, bad: &mut Vec<Bad>) {
        let line = trimmed(&self.buffer);
        match self.json.read(line, block) {
            Ok(()) => {}
            Err("bad_json")
                if line.windows(3).any(|w| w == b"},{" || w == b"} {" || w == b", {") =>
            {
                self.json_items(place, block, bad);
            }
            Err(reason) => bad.push(Bad::record(reason, place.to_owned())),
        }
    }

    /// Several objects in one line.
    fn json_items(&mut self, place: &str, block: &mut Block, bad: &mut Vec<Bad>) {
        let mut rest = trimmed(&self.buffer);
        while !rest.is_empty() {
            let mut items =
                serde_json::Deserializer::from_slice(rest).into_iter::<serde::de::IgnoredAny>();
            let whole = matches!(items.next(), Some(Ok(_)));
            let (item, after) = rest.split_at(items.byte_offset().min(rest.len()));
            if !whole {
                bad.push(Bad::record("bad_json", place.to_owned()));
                return;
            }
            if let Err(reason) = self.json.read(item, block) {
                bad.push(Bad::record(reason, place.to_owned()));
            }
            rest = trimmed(after);
        }
    }
}

/// A line without what stands between the items of an array.
fn trimmed(line: &[u8]) -> &[u8] {
    let mut line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    loop {
        let is_between = |c: &u8| c.is_ascii_whitespace() || matches!(c, b',' | b'[' | b']');
        match (line.first(), line.last()) {
            (Some(c), _) if is_between(c) => line = line.get(1..).unwrap_or_default(),
            (_, Some(c)) if is_between(c) => line = line.get(..line.len() - 1).unwrap_or_default(),
            _ => return line,
        }
    }
}

fn is_whole(line: &[u8]) -> bool {
    line.len() > 1 && line.starts_with(b"{") && line.ends_with(b"}")
}

/// Whether as many braces close as open, outside of texts.
fn is_balanced(json: &[u8]) -> bool {
    let (mut depth, mut in_text, mut escaped) = (0_i64, false, false);
    for c in json {
        match c {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' if !in_text => depth += 1,
            b'}' if !in_text => depth -= 1,
            _ => {}
        }
    }
    depth <= 0
}

/// Appends a line, without its end. `None` when it is longer than a record may be; the rest of it is
/// then skipped.
fn read_line(input: &mut impl BufRead, out: &mut Vec<u8>) -> io::Result<Option<()>> {
    let (mut is_long, from) = (false, out.len());
    loop {
        let got = input.fill_buf()?;
        if got.is_empty() {
            return Ok(Some(()).filter(|()| !is_long));
        }
        let end = memchr::memchr(b'\n', got);
        let used = end.map_or(got.len(), |end| end + 1);
        if out.len() - from + used > RECORD_BYTES_MAX {
            is_long = true;
            out.truncate(from);
        }
        if !is_long {
            out.extend_from_slice(got.get(..used).unwrap_or_default());
        }
        input.consume(used);
        if end.is_some() {
            return Ok(Some(()).filter(|()| !is_long));
        }
    }
}

/// Reads XML.
pub(crate) struct XmlEvents<R> {
    input: R,
    buffer: Vec<u8>,
    /// Bytes of the buffer that are used up.
    at: usize,
    number: u64,
    is_at_end: bool,
}

const OPEN: &[u8] = b"<Event";
const CLOSE: &[u8] = b"</Event>";

impl<R: BufRead> XmlEvents<R> {
    pub(crate) fn new(input: R) -> Self {
        Self { input, buffer: Vec::new(), at: 0, number: 0, is_at_end: false }
    }

    /// Reads until the block is full. `false` at the end.
    pub(crate) fn read(&mut self, block: &mut Block, bad: &mut Vec<Bad>) -> io::Result<bool> {
        while !block.is_full() {
            let Some(open) = self.find_open() else {
                if self.is_at_end {
                    return Ok(false);
                }
                // What is there holds no event: only the end of it may be the beginning of one.
                self.at = self.buffer.len().saturating_sub(OPEN.len()).max(self.at);
                self.fill()?;
                continue;
            };
            self.at = open;
            let rest = self.buffer.get(open..).unwrap_or_default();
            match memchr::memmem::find(rest, CLOSE) {
                Some(close) => {
                    self.number += 1;
                    let xml = String::from_utf8_lossy(
                        rest.get(..close + CLOSE.len()).unwrap_or_default(),
                    );
                    let mut draft = block.draft();
                    draft.head.event_id = -1;
                    let read = xml::read(&xml, &mut draft).and_then(|()| finish::commit(draft));
                    if let Err(reason) = read {
                        bad.push(Bad::record(reason, format!("event {}", self.number)));
                    }
                    self.at = open + close + CLOSE.len();
                }
                None if self.is_at_end || rest.len() > RECORD_BYTES_MAX => {
                    self.number += 1;
                    let reason = if self.is_at_end { "bad_xml" } else { "too_long" };
                    bad.push(Bad::record(reason, format!("event {}", self.number)));
                    self.at = open + OPEN.len();
                }
                None => self.fill()?,
            }
        }
        Ok(true)
    }

    /// Where the next event begins: `<Event>` or `<Event xmlns…`, not `<Events>` or `<EventData>`.
    fn find_open(&self) -> Option<usize> {
        let mut from = self.at;
        loop {
            let rest = self.buffer.get(from..)?;
            let found = from + memchr::memmem::find(rest, OPEN)?;
            match self.buffer.get(found + OPEN.len()) {
                Some(c) if c.is_ascii_whitespace() || *c == b'>' => return Some(found),
                Some(_) => from = found + OPEN.len(),
                None => return None,
            }
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        self.buffer.drain(..self.at);
        self.at = 0;
        let got = self.input.fill_buf()?;
        self.is_at_end = got.is_empty();
        self.buffer.extend_from_slice(got);
        let used = got.len();
        self.input.consume(used);
        Ok(())
    }
}
