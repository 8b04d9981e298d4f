// SPDX-License-Identifier: Apache-2.0
//! The neutral record: what every reader makes of a log record, whatever it was written in. Records
//! travel in blocks; a block owns the text of all its records in one piece.

/// Records after which a block is full. Smaller blocks would tell less about doubtful times of JSON.
pub(crate) const BLOCK_RECORDS_MAX: usize = 512;
/// Bytes of text after which a block is full. The last record may go beyond it.
pub(crate) const BLOCK_TEXT_MAX: usize = 256 << 10;
/// Fields of one record; more make it a bad record.
pub(crate) const FIELDS_MAX: usize = 1_024;

/// A piece of a block's text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Span {
    at: u32,
    len: u32,
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
    fields: (u32, u32),
}

/// Records and their text.
#[derive(Debug)]
pub(crate) struct Block {
    records_max: usize,
    text: String,
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
        Self { records_max, text: String::new(), fields: Vec::new(), heads: Vec::new() }
    }

    /// Takes everything out; the memory stays.
    pub(crate) fn clear(&mut self) {
        self.text.clear();
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
        self.heads.len() >= self.records_max || self.text.len() >= BLOCK_TEXT_MAX
    }

    /// Memory that it takes, about.
    pub(crate) fn bytes(&self) -> usize {
        self.text.len()
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
        let (text, fields) = (self.text.len(), self.fields.len());
        Draft { block: self, text, fields, head: Head::default() }
    }

    fn str(&self, span: Span) -> &str {
        let range = at(span.at)..at(span.at) + at(span.len);
        self.text.get(range).unwrap_or_default()
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

    /// Names and values in their order.
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

/// A record on its way into a block. Dropped without [`Draft::commit`] it leaves nothing behind.
pub(crate) struct Draft<'b> {
    block: &'b mut Block,
    text: usize,
    fields: usize,
    pub(crate) head: Head,
}

impl Draft<'_> {
    /// Puts text into the block.
    pub(crate) fn put(&mut self, text: &str) -> Span {
        let span = Span { at: small(self.block.text.len()), len: small(text.len()) };
        self.block.text.push_str(text);
        span
    }

    /// Puts what `write` writes into the block.
    pub(crate) fn put_with(&mut self, write: impl FnOnce(&mut String)) -> Span {
        let from = self.block.text.len();
        write(&mut self.block.text);
        Span { at: small(from), len: small(self.block.text.len().saturating_sub(from)) }
    }

    pub(crate) fn str(&self, span: Span) -> &str {
        self.block.str(span)
    }

    /// Adds a field of two pieces that are in the block already. `false` when there are too many.
    pub(crate) fn field(&mut self, name: Span, value: Span) -> bool {
        if self.field_count() >= FIELDS_MAX {
            return false;
        }
        self.block.fields.push((name, value));
        true
    }

    pub(crate) fn field_text(&mut self, name: &str, value: &str) -> bool {
        let (name, value) = (self.put(name), self.put(value));
        self.field(name, value)
    }

    pub(crate) fn field_count(&self) -> usize {
        self.block.fields.len().saturating_sub(self.fields)
    }

    /// Value of a field that was added, by name.
    pub(crate) fn find(&self, name: &str) -> Option<&str> {
        let mut fields = self.block.fields.iter().skip(self.fields);
        let (_, value) = fields.find(|(span, _)| self.block.str(*span) == name)?;
        Some(self.block.str(*value))
    }

    /// Makes the record part of the block.
    pub(crate) fn commit(mut self) {
        self.head.fields = (small(self.fields), small(self.block.fields.len()));
        self.block.heads.push(std::mem::take(&mut self.head));
        // What stands there now stays.
        self.text = self.block.text.len();
        self.fields = self.block.fields.len();
    }
}

impl Drop for Draft<'_> {
    fn drop(&mut self) {
        self.block.text.truncate(self.text);
        self.block.fields.truncate(self.fields);
    }
}
