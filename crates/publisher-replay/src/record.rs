// SPDX-License-Identifier: Apache-2.0
//! The neutral record: what every reader makes of a log record, whatever it was written in. Records
//! travel in blocks; a block owns the text of all its records in one piece.

use crate::data::{must_escape, write_escaped};
use std::fmt::Write as _;

/// Records after which a block is full. Smaller blocks would tell less about doubtful times of JSON.
pub(crate) const BLOCK_RECORDS_MAX: usize = 512;
/// Bytes of text after which a block is full. The last record may go beyond it.
pub(crate) const BLOCK_TEXT_MAX: usize = 256 << 10;
/// Fields of one record; more make it a bad record.
pub(crate) const FIELDS_MAX: usize = 1_024;

/// In [`Span::at`]: the piece stands in the data.
const IN_DATA: u32 = 1 << 31;

/// A piece of a block's text, or of its data.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Span {
    at: u32,
    len: u32,
}

impl Span {
    /// Where it stands in the text.
    fn range(self) -> std::ops::Range<usize> {
        at(self.at)..at(self.at) + at(self.len)
    }
}

/// Everything of a record but its fields. Text is empty, and numbers are `None`, where the record
/// does not say.
#[derive(Debug, Clone, Default)]
pub(crate) struct Head {
    pub(crate) provider: Span,
    pub(crate) channel: Span,
    pub(crate) computer: Span,
    pub(crate) sid: Span,
    pub(crate) message: Span,
    pub(crate) provider_guid: Option<u128>,
    pub(crate) event_id: i64,
    pub(crate) version: Option<i64>,
    pub(crate) level: Option<i64>,
    pub(crate) task: Option<i64>,
    pub(crate) opcode: Option<i64>,
    pub(crate) keywords: Option<i64>,
    pub(crate) record_id: Option<i64>,
    pub(crate) pid: Option<i64>,
    pub(crate) tid: Option<i64>,
    /// When it happened, nanoseconds since the unix epoch.
    pub(crate) time_ns: i64,
    data: Span,
    fields: (u32, u32),
}

/// Records and their text.
#[derive(Debug)]
pub(crate) struct Block {
    records_max: usize,
    text: String,
    /// The data of each record as a JSON object of texts. What needs no escape stands here only.
    data: String,
    /// Bytes of names and values that stand in the data only.
    plain: usize,
    fields: Vec<(Span, Span)>,
    heads: Vec<Head>,
}

/// One record of a block.
#[derive(Clone, Copy)]
pub(crate) struct Record<'a> {
    block: &'a Block,
    pub(crate) head: &'a Head,
}

impl Block {
    /// An empty block that is full with `records_max` records.
    pub(crate) fn new(records_max: usize) -> Self {
        Self {
            records_max,
            text: String::new(),
            data: String::new(),
            plain: 0,
            fields: Vec::new(),
            heads: Vec::new(),
        }
    }

    /// Takes everything out; the memory stays.
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.data.clear();
        self.plain = 0;
        self.fields.clear();
        self.heads.clear();
    }

    /// One that takes a single record: for a look at the beginning of a log.
    pub(crate) fn is_probe(&self) -> bool {
        self.records_max == 1
    }

    pub(crate) fn len(&self) -> usize {
        self.heads.len()
    }

    pub(crate) fn is_full(&self) -> bool {
        self.heads.len() >= self.records_max || self.text.len() + self.plain >= BLOCK_TEXT_MAX
    }

    /// Bytes of the records in it; JSON's punctuation comes on top.
    pub(crate) fn bytes(&self) -> usize {
        self.text.len()
            + self.plain
            + self.fields.len() * size_of::<(Span, Span)>()
            + self.heads.len() * size_of::<Head>()
    }

    pub(crate) fn get(&self, at: usize) -> Option<Record<'_>> {
        Some(Record { block: self, head: self.heads.get(at)? })
    }

    pub(crate) fn records(&self) -> impl Iterator<Item = Record<'_>> {
        self.heads.iter().map(|head| Record { block: self, head })
    }

    pub(crate) fn heads_mut(&mut self) -> &mut [Head] {
        &mut self.heads
    }

    /// Times of its records, in their order.
    pub(crate) fn times(&self) -> impl Iterator<Item = i64> + '_ {
        self.heads.iter().map(|head| head.time_ns)
    }

    /// Begins a record; it is part of the block only after [`Draft::commit`].
    pub(crate) fn draft(&mut self) -> Draft<'_> {
        let mark = Mark {
            text: self.text.len(),
            data: self.data.len(),
            plain: self.plain,
            fields: self.fields.len(),
        };
        self.data.push('{');
        Draft { block: self, mark, names: [0; 4], head: Head::default() }
    }

    fn str(&self, span: Span) -> &str {
        let text = if span.at & IN_DATA == 0 { &self.text } else { &self.data };
        let from = at(span.at & !IN_DATA);
        text.get(from..from + at(span.len)).unwrap_or_default()
    }
}

fn at(value: u32) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

fn small(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

impl<'a> Record<'a> {
    pub(crate) fn text(&self, span: Span) -> &'a str {
        self.block.str(span)
    }

    pub(crate) fn provider(&self) -> &'a str {
        self.text(self.head.provider)
    }

    pub(crate) fn channel(&self) -> &'a str {
        self.text(self.head.channel)
    }

    pub(crate) fn computer(&self) -> &'a str {
        self.text(self.head.computer)
    }

    pub(crate) fn message(&self) -> &'a str {
        self.text(self.head.message)
    }

    /// Names and values as a JSON object of texts; a name that stands twice is numbered. The message,
    /// when there are none.
    pub(crate) fn data(&self) -> &'a str {
        self.text(self.head.data)
    }

    /// Names and values in their order.
    #[cfg(test)]
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let block = self.block;
        self.spans().iter().map(move |(name, value)| (block.str(*name), block.str(*value)))
    }

    fn spans(&self) -> &'a [(Span, Span)] {
        let (from, to) = self.head.fields;
        self.block.fields.get(at(from)..at(to)).unwrap_or_default()
    }

    /// Value of the field of that name. `hint` is where it stood last time, and is kept true.
    pub(crate) fn field(&self, name: &str, hint: &mut usize) -> Option<&'a str> {
        let spans = self.spans();
        let is =
            |(span, _): &(Span, Span)| at(span.len) == name.len() && self.block.str(*span) == name;
        if let Some(found) = spans.get(*hint)
            && is(found)
        {
            return Some(self.text(found.1));
        }
        let found = spans.iter().position(is)?;
        *hint = found;
        spans.get(found).map(|(_, value)| self.text(*value))
    }
}

/// How long a block's parts were before a record came in.
#[derive(Clone, Copy)]
struct Mark {
    text: usize,
    data: usize,
    plain: usize,
    fields: usize,
}

/// What is to know about a name before it is written.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Key {
    /// Bit of [`Draft::names`].
    kind: u8,
    is_plain: bool,
}

impl Key {
    pub(crate) fn of(name: &str) -> Self {
        let kind = name.bytes().fold(0_u8, |sum, c| sum.wrapping_mul(31).wrapping_add(c));
        Self { kind, is_plain: !must_escape(name) }
    }
}

/// What a field is called.
#[derive(Clone, Copy)]
pub(crate) enum Name<'n> {
    /// A text and its key.
    Text(&'n str, Key),
    /// In the block already.
    Known(Span),
    /// It has none: `param1` and so on, by its place.
    Number,
}

/// A record on its way into a block. Dropped without [`Draft::commit`] it leaves nothing behind.
pub(crate) struct Draft<'b> {
    block: &'b mut Block,
    mark: Mark,
    /// One bit per kind of name that came: nearly always it says at once that a name is new.
    names: [u64; 4],
    pub(crate) head: Head,
}

fn span(from: usize, to: usize, flag: u32) -> Span {
    Span { at: small(from) | flag, len: small(to.saturating_sub(from)) }
}

impl Draft<'_> {
    /// Puts text into the block.
    pub(crate) fn put(&mut self, text: &str) -> Span {
        self.put_with(|out| out.push_str(text))
    }

    /// Puts what `write` writes into the block.
    pub(crate) fn put_with(&mut self, write: impl FnOnce(&mut String)) -> Span {
        let from = self.block.text.len();
        write(&mut self.block.text);
        span(from, self.block.text.len(), 0)
    }

    pub(crate) fn str(&self, span: Span) -> &str {
        self.block.str(span)
    }

    /// Adds a field with the value that `write` writes. `None` when there are too many.
    pub(crate) fn field<R>(
        &mut self,
        name: Name<'_>,
        write: impl FnOnce(&mut String) -> R,
    ) -> Option<R> {
        if self.field_count() >= FIELDS_MAX {
            return None;
        }
        let name = self.put_name(name);
        let block = &mut *self.block;
        let from = block.data.len();
        let written = write(&mut block.data);
        let raw = block.data.get(from..).unwrap_or_default();
        let value = if must_escape(raw) {
            let at = block.text.len();
            block.text.push_str(raw);
            block.data.truncate(from);
            write_escaped(block.text.get(at..).unwrap_or_default(), &mut block.data);
            span(at, block.text.len(), 0)
        } else {
            block.plain += raw.len();
            span(from, block.data.len(), IN_DATA)
        };
        block.data.push('"');
        block.fields.push((name, value));
        Some(written)
    }

    /// Writes `,"name":"`.
    fn put_name(&mut self, name: Name<'_>) -> Span {
        let count = self.field_count();
        let data = &mut self.block.data;
        data.push_str(if count == 0 { "\"" } else { ",\"" });
        let from = data.len();
        let (known, key) = match name {
            Name::Known(known) => {
                let text = self.block.text.get(known.range()).unwrap_or_default();
                data.push_str(text);
                (Some(known), Key::of(text))
            }
            Name::Text(text, key) => {
                data.push_str(text);
                (None, key)
            }
            Name::Number => {
                let _ = write!(data, "param{}", count + 1);
                (None, Key::of(data.get(from..).unwrap_or_default()))
            }
        };
        let to = data.len();
        let is_plain = key.is_plain;
        let own = match known {
            Some(known) => known,
            None if is_plain => {
                self.block.plain += to - from;
                span(from, to, IN_DATA)
            }
            None => {
                let at = self.block.text.len();
                let text = self.block.data.get(from..).unwrap_or_default();
                self.block.text.push_str(text);
                span(at, self.block.text.len(), 0)
            }
        };
        if !is_plain {
            self.block.data.truncate(from);
            let text = self.block.text.get(own.range()).unwrap_or_default();
            write_escaped(text, &mut self.block.data);
        }
        let bit = 1 << (key.kind % 64);
        let came = self.names.get_mut(usize::from(key.kind / 64)).is_none_or(|bits| {
            let came = *bits & bit != 0;
            *bits |= bit;
            came
        });
        let same = if came { self.count_of(own) } else { 0 };
        if same > 0 {
            let _ = write!(self.block.data, "_{}", same + 1);
        }
        self.block.data.push_str("\":\"");
        own
    }

    /// How many fields have that name already.
    fn count_of(&self, name: Span) -> usize {
        let name = self.block.str(name);
        let fields = self.block.fields.iter().skip(self.mark.fields);
        fields.filter(|(known, _)| self.block.str(*known) == name).count()
    }

    pub(crate) fn field_text(&mut self, name: &str, value: &str) -> bool {
        self.field(Name::Text(name, Key::of(name)), |out| out.push_str(value)).is_some()
    }

    pub(crate) fn field_count(&self) -> usize {
        self.block.fields.len().saturating_sub(self.mark.fields)
    }

    /// Value of a field that was added, by name.
    pub(crate) fn find(&self, name: &str) -> Option<&str> {
        let mut fields = self.block.fields.iter().skip(self.mark.fields);
        let (_, value) = fields.find(|(span, _)| self.block.str(*span) == name)?;
        Some(self.block.str(*value))
    }

    /// Makes the record part of the block.
    pub(crate) fn commit(mut self) {
        let block = &mut *self.block;
        let message = block.text.get(self.head.message.range()).unwrap_or_default();
        if block.fields.len() == self.mark.fields && !message.is_empty() {
            block.data.push_str("\"Message\":\"");
            write_escaped(message, &mut block.data);
            block.data.push('"');
        }
        block.data.push('}');
        self.head.data = span(self.mark.data, block.data.len(), IN_DATA);
        self.head.fields = (small(self.mark.fields), small(block.fields.len()));
        block.heads.push(std::mem::take(&mut self.head));
        // What stands there now stays.
        self.mark = Mark {
            text: block.text.len(),
            data: block.data.len(),
            plain: block.plain,
            fields: block.fields.len(),
        };
    }
}

impl Drop for Draft<'_> {
    fn drop(&mut self) {
        self.block.text.truncate(self.mark.text);
        self.block.data.truncate(self.mark.data);
        self.block.plain = self.mark.plain;
        self.block.fields.truncate(self.mark.fields);
    }
}
