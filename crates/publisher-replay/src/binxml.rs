// SPDX-License-Identifier: Apache-2.0
//! Binary XML of event logs, as far as events use it: a template says which substitution stands at
//! which place, a record brings the substitutions. A template is compiled once per chunk into a list
//! of slots; a record is then a walk over that list. No tree, no XML text.
//!
//! What this reader does not know is an error; the caller then hands the record to crate `evtx`.

use crate::place::{AsName, Path, Place};
use crate::record::{Draft, Span};
use crate::time;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::rc::Rc;

/// Depth of elements and of fragments in fragments.
const DEPTH_MAX: usize = 32;
/// Slots of one template.
const SLOTS_MAX: usize = 4_096;
/// Substitutions of one record.
const VALUES_MAX: usize = 4_096;

/// Why bytes could not be read as binary XML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unreadable(pub(crate) &'static str);

type Outcome<T> = Result<T, Unreadable>;

/// A reader of little-endian numbers that knows its place in the chunk.
#[derive(Clone, Copy)]
struct Cursor<'c> {
    chunk: &'c [u8],
    at: usize,
    end: usize,
}

impl<'c> Cursor<'c> {
    fn new(chunk: &'c [u8], at: usize, len: usize) -> Outcome<Self> {
        let end = at.checked_add(len).filter(|end| *end <= chunk.len());
        Ok(Self { chunk, at, end: end.ok_or(Unreadable("out_of_bounds"))? })
    }

    fn take(&mut self, len: usize) -> Outcome<&'c [u8]> {
        let to = self.at.checked_add(len).filter(|to| *to <= self.end);
        let to = to.ok_or(Unreadable("out_of_bounds"))?;
        let bytes = self.chunk.get(self.at..to).ok_or(Unreadable("out_of_bounds"))?;
        self.at = to;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> Outcome<[u8; N]> {
        self.take(N)?.try_into().map_err(|_| Unreadable("out_of_bounds"))
    }

    fn u8(&mut self) -> Outcome<u8> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    fn u16(&mut self) -> Outcome<u16> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    fn u32(&mut self) -> Outcome<u32> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    fn is_at_end(&self) -> bool {
        self.at >= self.end
    }
}

fn wide(value: u32) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

/// Where a slot's text comes from.
#[derive(Debug, Clone, PartialEq)]
enum Part {
    Text(Rc<str>),
    Value(u16),
}

impl AsName for Part {
    fn is(&self, name: &str) -> bool {
        matches!(self, Self::Text(text) if **text == *name)
    }
}

/// One place of the event and what stands there.
#[derive(Debug)]
struct Slot {
    place: Place,
    /// Name of the field, when the place is one.
    name: Vec<Part>,
    parts: Vec<Part>,
}

/// A compiled template.
#[derive(Debug, Default)]
struct Template {
    slots: Vec<Slot>,
}

/// One substitution of a record.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Value<'c> {
    kind: u8,
    bytes: &'c [u8],
    /// Where its bytes stand in the chunk.
    at: usize,
}

/// Reads the records of one chunk; templates and names are kept while it lasts.
pub(crate) struct ChunkReader<'c> {
    chunk: &'c [u8],
    /// By offset of the definition and the place that it stands in.
    templates: HashMap<(u32, Path), Rc<Template>>,
    names: HashMap<u32, (Rc<str>, usize)>,
    values: Vec<Value<'c>>,
}

impl<'c> ChunkReader<'c> {
    pub(crate) fn new(chunk: &'c [u8]) -> Self {
        Self { chunk, templates: HashMap::new(), names: HashMap::new(), values: Vec::new() }
    }

    /// Reads the fragment at `at` into `draft`.
    pub(crate) fn read(&mut self, at: usize, len: usize, draft: &mut Draft<'_>) -> Outcome<()> {
        self.fragment(at, len, Path::Document, draft, 0)
    }

    fn fragment(
        &mut self,
        at: usize,
        len: usize,
        path: Path,
        draft: &mut Draft<'_>,
        depth: usize,
    ) -> Outcome<()> {
        if depth > DEPTH_MAX {
            return Err(Unreadable("too_deep"));
        }
        let mut cursor = Cursor::new(self.chunk, at, len)?;
        while !cursor.is_at_end() {
            match cursor.u8()? {
                0x00 => return Ok(()),
                0x0f => {
                    cursor.take(3)?;
                }
                0x0c => {
                    let template = self.template(&mut cursor, path)?;
                    let mark = self.values.len();
                    self.substitutions(&mut cursor)?;
                    self.fill(&template, mark, draft, depth)?;
                    self.values.truncate(mark);
                }
                // A fragment that is elements itself, without a template.
                0x01 | 0x41 => {
                    let body = Cursor { at: cursor.at.saturating_sub(1), ..cursor };
                    let mut compiler = Compiler::new(self, path, Form::Plain);
                    compiler.compile(body)?;
                    let (elements, mark) = (compiler.out, self.values.len());
                    return self.fill(&elements, mark, draft, depth);
                }
                _ => return Err(Unreadable("unknown_token")),
            }
        }
        Ok(())
    }

    fn template(&mut self, cursor: &mut Cursor<'c>, path: Path) -> Outcome<Rc<Template>> {
        cursor.take(5)?;
        let offset = cursor.u32()?;
        let mut definition = *cursor;
        if wide(offset) == cursor.at {
            // It is defined here: what follows it is the record's.
            cursor.take(20)?;
            let size = cursor.u32()?;
            cursor.take(wide(size))?;
        } else {
            definition = Cursor::new(
                self.chunk,
                wide(offset),
                self.chunk.len().saturating_sub(wide(offset)),
            )?;
        }
        if let Some(known) = self.templates.get(&(offset, path)) {
            return Ok(Rc::clone(known));
        }
        definition.end = self.chunk.len();
        definition.take(20)?;
        let size = definition.u32()?;
        let body = Cursor::new(self.chunk, definition.at, wide(size))?;
        let mut compiler = Compiler::new(self, path, Form::Template);
        compiler.compile(body)?;
        let template = Rc::new(compiler.out);
        self.templates.insert((offset, path), Rc::clone(&template));
        Ok(template)
    }

    fn substitutions(&mut self, cursor: &mut Cursor<'c>) -> Outcome<()> {
        let count = wide(cursor.u32()?);
        if self.values.len().saturating_add(count) > VALUES_MAX {
            return Err(Unreadable("too_many_values"));
        }
        let mut table = *cursor;
        cursor.take(count * 4)?;
        for _ in 0..count {
            let size = usize::from(table.u16()?);
            let kind = table.u8()?;
            table.take(1)?;
            let at = cursor.at;
            self.values.push(Value { kind, bytes: cursor.take(size)?, at });
        }
        Ok(())
    }

    fn fill(
        &mut self,
        template: &Template,
        mark: usize,
        draft: &mut Draft<'_>,
        depth: usize,
    ) -> Outcome<()> {
        for slot in &template.slots {
            if let [Part::Value(id)] = slot.parts.as_slice() {
                let value = self.values.get(mark + usize::from(*id)).copied();
                let Some(value) = value.filter(|value| value.kind != 0) else { continue };
                if value.kind == 0x21
                    && let Place::Fragment(path) = slot.place
                {
                    self.fragment(value.at, value.bytes.len(), path, draft, depth + 1)?;
                    continue;
                }
                match slot.place {
                    Place::Field => self.fill_field(slot, mark, value, draft)?,
                    Place::Fragment(_) => {}
                    place => put_head(place, value, draft)?,
                }
            } else {
                self.fill_mixed(slot, mark, draft)?;
            }
        }
        Ok(())
    }

    fn fill_field(
        &self,
        slot: &Slot,
        mark: usize,
        value: Value<'c>,
        draft: &mut Draft<'_>,
    ) -> Outcome<()> {
        let name = self.name_of(slot, mark, draft)?;
        // Without a name each element of an array is a field; with one, they stay together.
        if value.kind == 0x81 && slot.name.is_empty() {
            for piece in strings(value.bytes) {
                let name = self.name_of(slot, mark, draft)?;
                let text = draft.put_with(|out| write_utf16(piece, out));
                add(draft, name, text)?;
            }
            return Ok(());
        }
        let mut readable = Ok(());
        let text = draft.put_with(|out| readable = write_value(value, out));
        readable?;
        add(draft, name, text)
    }

    fn name_of(&self, slot: &Slot, mark: usize, draft: &mut Draft<'_>) -> Outcome<Span> {
        match slot.name.as_slice() {
            [Part::Text(name)] => Ok(draft.put(name)),
            [] => {
                let number = draft.field_count() + 1;
                Ok(draft.put_with(|out| {
                    let _ = write!(out, "param{number}");
                }))
            }
            parts => self.text_of(parts, mark, draft),
        }
    }

    fn text_of(&self, parts: &[Part], mark: usize, draft: &mut Draft<'_>) -> Outcome<Span> {
        let mut readable = Ok(());
        let span = draft.put_with(|out| {
            for part in parts {
                match part {
                    Part::Text(text) => out.push_str(text),
                    Part::Value(id) => {
                        if let Some(value) = self.values.get(mark + usize::from(*id)) {
                            readable = readable.and_then(|()| write_value(*value, out));
                        }
                    }
                }
            }
        });
        readable.map(|()| span)
    }

    /// Text, or text with substitutions in it.
    fn fill_mixed(&self, slot: &Slot, mark: usize, draft: &mut Draft<'_>) -> Outcome<()> {
        match slot.place {
            Place::Field => {
                let name = self.name_of(slot, mark, draft)?;
                let text = self.text_of(&slot.parts, mark, draft)?;
                add(draft, name, text)
            }
            Place::Fragment(_) => Ok(()),
            place => {
                let span = self.text_of(&slot.parts, mark, draft)?;
                place.put_span(span, draft).ok_or(Unreadable("bad_number"))
            }
        }
    }

    /// The name at an offset, and where its bytes end.
    fn name(&mut self, offset: u32) -> Outcome<(Rc<str>, usize)> {
        if let Some((name, end)) = self.names.get(&offset) {
            return Ok((Rc::clone(name), *end));
        }
        let at = wide(offset);
        let mut cursor = Cursor::new(self.chunk, at, self.chunk.len().saturating_sub(at))?;
        cursor.take(6)?;
        let len = usize::from(cursor.u16()?);
        let mut text = String::new();
        write_utf16(cursor.take(len * 2)?, &mut text);
        cursor.take(2)?;
        let name: Rc<str> = text.into();
        self.names.insert(offset, (Rc::clone(&name), cursor.at));
        Ok((name, cursor.at))
    }
}

fn add(draft: &mut Draft<'_>, name: Span, value: Span) -> Outcome<()> {
    if draft.field(name, value) { Ok(()) } else { Err(Unreadable("too_many_fields")) }
}

/// What a slot's name or parts are being collected for.
struct Open {
    place: Place,
    name: Vec<Part>,
    parts: Vec<Part>,
}

/// Where elements stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// In the definition of a template: each begins with the number of the substitution that it needs.
    Template,
    /// In a record itself.
    Plain,
}

/// Walks the tokens of a definition, or of elements without one.
struct Compiler<'r, 'c> {
    reader: &'r mut ChunkReader<'c>,
    form: Form,
    out: Template,
    stack: Vec<Path>,
    open: Option<Open>,
}

impl<'r, 'c> Compiler<'r, 'c> {
    fn new(reader: &'r mut ChunkReader<'c>, path: Path, form: Form) -> Self {
        Self { reader, form, out: Template::default(), stack: vec![path], open: None }
    }

    fn compile(&mut self, mut cursor: Cursor<'c>) -> Outcome<()> {
        // Of the element whose tag is open: its attribute `Name`, and the attribute in work.
        let mut names: Vec<Vec<Part>> = vec![Vec::new()];
        while !cursor.is_at_end() {
            match cursor.u8()? {
                0x00 => break,
                0x0f => {
                    cursor.take(3)?;
                }
                token @ (0x01 | 0x41) => {
                    self.close_slot()?;
                    cursor.take(if self.form == Form::Template { 6 } else { 4 })?;
                    let name = self.name(&mut cursor)?;
                    if token & 0x40 != 0 {
                        cursor.take(4)?;
                    }
                    if self.stack.len() >= DEPTH_MAX {
                        return Err(Unreadable("too_deep"));
                    }
                    let parent = self.stack.last().copied().unwrap_or(Path::Document);
                    self.stack.push(parent.child(&name));
                    names.push(vec![Part::Text(name)]);
                }
                0x06 | 0x46 => {
                    self.close_attribute(&mut names)?;
                    let name = self.name(&mut cursor)?;
                    let path = self.stack.last().copied().unwrap_or(Path::Document);
                    self.open = Some(Open {
                        place: path.attribute(&name),
                        name: vec![Part::Text(name)],
                        parts: Vec::new(),
                    });
                }
                0x02 => {
                    self.close_attribute(&mut names)?;
                    let path = self.stack.last().copied().unwrap_or(Path::Document);
                    let name =
                        path.field_name(names.last_mut().map(std::mem::take).unwrap_or_default());
                    self.open = Some(Open { place: path.content(), name, parts: Vec::new() });
                }
                0x03 => {
                    self.close_attribute(&mut names)?;
                    self.stack.pop();
                    names.pop();
                }
                0x04 => {
                    self.close_slot()?;
                    self.stack.pop();
                    names.pop();
                }
                0x05 | 0x45 => {
                    if cursor.u8()? != 1 {
                        return Err(Unreadable("unknown_token"));
                    }
                    let len = usize::from(cursor.u16()?);
                    let mut text = String::new();
                    write_utf16(cursor.take(len * 2)?, &mut text);
                    self.part(Part::Text(text.into()));
                }
                0x07 | 0x47 => {
                    let len = usize::from(cursor.u16()?);
                    let mut text = String::new();
                    write_utf16(cursor.take(len * 2)?, &mut text);
                    self.part(Part::Text(text.into()));
                }
                0x08 | 0x48 => {
                    let unit = cursor.u16()?;
                    let text: String = char::from_u32(unit.into()).unwrap_or('\u{fffd}').into();
                    self.part(Part::Text(text.into()));
                }
                0x09 | 0x49 => {
                    let name = self.name(&mut cursor)?;
                    self.part(Part::Text(crate::xml::entity(&name).unwrap_or("").into()));
                }
                0x0d | 0x0e => {
                    let id = cursor.u16()?;
                    cursor.take(1)?;
                    self.part(Part::Value(id));
                }
                _ => return Err(Unreadable("unknown_token")),
            }
        }
        self.close_slot()
    }

    /// A name: where it says, or right here.
    fn name(&mut self, cursor: &mut Cursor<'c>) -> Outcome<Rc<str>> {
        let offset = cursor.u32()?;
        let (name, end) = self.reader.name(offset)?;
        if wide(offset) == cursor.at {
            cursor.take(end.saturating_sub(cursor.at))?;
        }
        Ok(name)
    }

    /// After a child element, what follows belongs to its parent again: only a fragment is kept there.
    fn part(&mut self, part: Part) {
        let path = self.stack.last().copied().unwrap_or(Path::Document);
        let place = match path.content() {
            place @ Place::Fragment(_) => place,
            _ => Place::Nothing,
        };
        let open = || Open { place, name: Vec::new(), parts: Vec::new() };
        self.open.get_or_insert_with(open).parts.push(part);
    }

    /// Ends an attribute: the `Name` of a data element becomes its name, others are slots.
    fn close_attribute(&mut self, names: &mut [Vec<Part>]) -> Outcome<()> {
        if let Some(open) = &mut self.open
            && open.place == Place::Name
        {
            if let Some(name) = names.last_mut() {
                *name = std::mem::take(&mut open.parts);
            }
            self.open = None;
        }
        self.close_slot()
    }

    fn close_slot(&mut self) -> Outcome<()> {
        let Some(open) = self.open.take() else { return Ok(()) };
        let blank = open
            .parts
            .iter()
            .all(|part| matches!(part, Part::Text(text) if text.trim().is_empty()));
        if open.place == Place::Nothing || blank {
            return Ok(());
        }
        if self.out.slots.len() >= SLOTS_MAX {
            return Err(Unreadable("too_many_fields"));
        }
        self.out.slots.push(Slot { place: open.place, name: open.name, parts: open.parts });
        Ok(())
    }
}

/// Puts a typed value into the head, without a detour over text where it is a number.
fn put_head(place: Place, value: Value<'_>, draft: &mut Draft<'_>) -> Outcome<()> {
    if let Some(number) = value.number()
        && place.put_number(number, draft)
    {
        return Ok(());
    }
    if let (Place::Time, 0x11) = (place, value.kind) {
        draft.head.time_ns =
            value.bits().and_then(time::of_filetime).ok_or(Unreadable("bad_time"))?;
        return Ok(());
    }
    if let (Place::ProviderGuid, 0x0f) = (place, value.kind) {
        draft.head.provider_guid = value.guid();
        return Ok(());
    }
    let mut readable = Ok(());
    let span = draft.put_with(|out| readable = write_value(value, out));
    readable?;
    place.put_span(span, draft).ok_or(Unreadable("bad_number"))
}

impl Value<'_> {
    /// Up to eight bytes as an unsigned number.
    fn bits(&self) -> Option<u64> {
        if self.bytes.len() > 8 {
            return None;
        }
        Some(self.bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    }

    /// An integer, 64-bit ones with their sign bit as it is.
    fn number(&self) -> Option<i64> {
        let bits = self.bits()?;
        Some(match self.kind {
            0x03 => i64::from(i8::from_le_bytes([u8::try_from(bits).ok()?])),
            0x05 => i64::from(i16::from_le_bytes(u16::try_from(bits).ok()?.to_le_bytes())),
            0x07 => i64::from(i32::from_le_bytes(u32::try_from(bits).ok()?.to_le_bytes())),
            0x04 | 0x06 | 0x08..=0x0a | 0x10 | 0x14 | 0x15 => {
                i64::from_le_bytes(bits.to_le_bytes())
            }
            _ => return None,
        })
    }

    fn guid(&self) -> Option<u128> {
        let bytes: [u8; 16] = self.bytes.try_into().ok()?;
        let [a, b, c, d, e, f, g, h, rest @ ..] = bytes;
        let head = [d, c, b, a, f, e, h, g];
        let mut all = [0; 16];
        all.iter_mut().zip(head.iter().chain(&rest)).for_each(|(to, from)| *to = *from);
        Some(u128::from_be_bytes(all))
    }
}

/// The value as Windows writes it in XML.
fn write_value(value: Value<'_>, out: &mut String) -> Outcome<()> {
    let bad = Unreadable("bad_value");
    match value.kind {
        0x00 => {}
        0x01 => write_utf16(value.bytes, out),
        // ANSI text: the code page is not told; Latin-1 is the near of most.
        0x02 => out.extend(value.bytes.iter().take_while(|c| **c != 0).map(|c| char::from(*c))),
        0x03 | 0x05 | 0x07 | 0x09 => {
            let _ = write!(out, "{}", value.number().ok_or(bad)?);
        }
        0x04 | 0x06 | 0x08 | 0x0a => {
            let _ = write!(out, "{}", value.bits().ok_or(bad)?);
        }
        0x10 | 0x14 | 0x15 => {
            let _ = write!(out, "0x{:x}", value.bits().ok_or(bad)?);
        }
        0x0b => {
            let bytes = value.bytes.try_into().map_err(|_| bad)?;
            let _ = write!(out, "{}", f32::from_le_bytes(bytes));
        }
        0x0c => {
            let bytes = value.bytes.try_into().map_err(|_| bad)?;
            let _ = write!(out, "{}", f64::from_le_bytes(bytes));
        }
        0x0d => out.push_str(if value.bits().ok_or(bad)? == 0 { "false" } else { "true" }),
        0x0e => write_hex(value.bytes, out),
        0x0f => {
            out.push('{');
            evtables_schema::ids::write_uuid(value.guid().ok_or(bad)?, out);
            out.push('}');
        }
        0x11 => time::write_filetime(value.bits().ok_or(bad)?, out),
        0x12 => write_systemtime(value.bytes, out).ok_or(bad)?,
        0x13 => write_sid(value.bytes, out).ok_or(bad)?,
        0x81 => {
            for (number, piece) in strings(value.bytes).enumerate() {
                if number > 0 {
                    out.push_str(", ");
                }
                write_utf16(piece, out);
            }
        }
        kind @ (0x83..=0x8a | 0x94 | 0x95) => {
            let step = match kind {
                0x83 | 0x84 => 1,
                0x85 | 0x86 => 2,
                0x87 | 0x88 | 0x94 => 4,
                _ => 8,
            };
            for (number, bytes) in value.bytes.chunks(step).enumerate() {
                if number > 0 {
                    out.push_str(", ");
                }
                write_value(Value { kind: kind & 0x7f, bytes, at: 0 }, out)?;
            }
        }
        _ => return Err(Unreadable("unknown_type")),
    }
    Ok(())
}

/// NUL-ended pieces of an array of strings.
fn strings(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.chunks_exact(2).position(|unit| unit == [0, 0]);
        let end = end.map_or(rest.len(), |units| units * 2);
        let piece = rest.get(..end)?;
        rest = rest.get(end + 2..).unwrap_or_default();
        Some(piece)
    })
}

/// Characters of ASCII that are copied at a time.
const ASCII_PIECE: usize = 128;

/// UTF-16 text up to its end or the NULs that end it; halves of pairs become U+FFFD.
pub(crate) fn write_utf16(bytes: &[u8], out: &mut String) {
    let mut bytes = bytes.get(..bytes.len() & !1).unwrap_or_default();
    while let Some(rest) = bytes.strip_suffix(&[0, 0]) {
        bytes = rest;
    }
    let units =
        || bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([first(pair), second(pair)]));
    // Nearly all text of logs is ASCII, and that is quick to see and to copy.
    if units().fold(0, |all, unit| all | unit) < 0x80 {
        out.reserve(bytes.len() / 2);
        let mut piece = [0; ASCII_PIECE];
        for part in bytes.chunks(2 * ASCII_PIECE) {
            let pairs = part.chunks_exact(2);
            let count = pairs.len();
            piece.iter_mut().zip(pairs).for_each(|(to, pair)| *to = first(pair));
            let text = piece.get(..count).and_then(|piece| std::str::from_utf8(piece).ok());
            out.push_str(text.unwrap_or_default());
        }
    } else {
        out.extend(char::decode_utf16(units()).map(|c| c.unwrap_or('\u{fffd}')));
    }
}

fn first(pair: &[u8]) -> u8 {
    pair.first().copied().unwrap_or(0)
}

fn second(pair: &[u8]) -> u8 {
    pair.get(1).copied().unwrap_or(0)
}

fn write_hex(bytes: &[u8], out: &mut String) {
    for byte in bytes {
        let _ = write!(out, "{byte:02X}");
    }
}

fn write_sid(bytes: &[u8], out: &mut String) -> Option<()> {
    let (revision, count) = (bytes.first()?, usize::from(*bytes.get(1)?));
    let authority = bytes.get(2..8)?.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
    let _ = write!(out, "S-{revision}-{authority}");
    for part in bytes.get(8..8 + count * 4)?.chunks_exact(4) {
        let _ = write!(out, "-{}", u32::from_le_bytes(part.try_into().ok()?));
    }
    Some(())
}

fn write_systemtime(bytes: &[u8], out: &mut String) -> Option<()> {
    let field = |at: usize| -> Option<i64> {
        let pair = bytes.get(at * 2..at * 2 + 2)?;
        Some(u16::from_le_bytes(pair.try_into().ok()?).into())
    };
    let date = (field(0)?, field(1)?, field(3)?);
    let clock = (field(4)?, field(5)?, field(6)?);
    let ns = time::of_fields(date, clock, field(7)? * 1_000_000)?;
    evtables_schema::time::write_iso_text(ns, out);
    Some(())
}
