// SPDX-License-Identifier: Apache-2.0
//! Definitions of templates, compiled into a list of slots. Chunks bring their definitions with them,
//! so that much is compiled: what a compiled template holds is three lists, which serve again.

use super::cursor::{Cursor, wide};
use super::value::write_utf16;
use super::{DEPTH_MAX, Outcome, Unreadable};
use crate::place::{Path, Place};
use crate::record::Key;

/// Slots of one template.
const SLOTS_MAX: usize = 4_096;
/// Bytes of text of one template. A name can stand in a chunk once and be used at many places.
const TEXT_MAX: usize = 1 << 20;

/// A range of a template's parts.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Range {
    from: usize,
    to: usize,
}

/// Where a piece of a slot's text comes from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    /// Bytes of the template's text.
    Text(usize, usize),
    /// A substitution.
    Value(u16),
}

/// One place of the event and what stands there.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) place: Place,
    /// Name of the field, when the place is one. Empty when it has none.
    pub(super) name: Range,
    pub(super) parts: Range,
    /// Of the name, when it is one text.
    pub(super) key: Key,
}

/// A compiled template.
#[derive(Debug, Default)]
pub(super) struct Template {
    pub(super) slots: Vec<Slot>,
    parts: Vec<Part>,
    text: String,
}

impl Template {
    pub(super) fn parts(&self, range: Range) -> &[Part] {
        self.parts.get(range.from..range.to).unwrap_or_default()
    }

    pub(super) fn text(&self, from: usize, to: usize) -> &str {
        self.text.get(from..to).unwrap_or_default()
    }

    pub(super) fn clear(&mut self) {
        self.slots.clear();
        self.parts.clear();
        self.text.clear();
    }
}

/// A slot whose parts are being collected.
struct Open {
    place: Place,
    name: Range,
    from: usize,
}

/// Where elements stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// In the definition of a template: each begins with the number of the substitution that it needs.
    Template,
    /// In a record itself.
    Plain,
}

/// An element whose end has not come.
#[derive(Clone, Copy)]
struct Element {
    path: Path,
    /// Its own name, or what its attribute `Name` says.
    name: Range,
}

/// Walks the tokens of a definition, or of elements without one.
pub(super) struct Compiler {
    out: Template,
    form: Form,
    root: Path,
    stack: Vec<Element>,
    open: Option<Open>,
}

impl Compiler {
    /// `out` is empty.
    pub(super) fn new(out: Template, root: Path, form: Form) -> Self {
        Self { out, form, root, stack: Vec::new(), open: None }
    }

    pub(super) fn compile(mut self, mut cursor: Cursor<'_>) -> Outcome<Template> {
        while !cursor.is_at_end() {
            match cursor.u8()? {
                0x00 => break,
                0x0f => {
                    cursor.take(3)?;
                }
                token @ (0x01 | 0x41) => self.start(&mut cursor, token)?,
                0x06 | 0x46 => self.attribute(&mut cursor)?,
                0x02 => self.content()?,
                0x03 => {
                    self.close_attribute()?;
                    self.stack.pop();
                }
                0x04 => {
                    self.close_slot()?;
                    self.stack.pop();
                }
                0x05 | 0x45 => {
                    if cursor.u8()? != 1 {
                        return Err(Unreadable("unknown_token"));
                    }
                    self.text_part(&mut cursor)?;
                }
                0x07 | 0x47 => self.text_part(&mut cursor)?,
                0x08 | 0x48 => {
                    let unit = cursor.u16()?;
                    let from = self.out.text.len();
                    self.out.text.push(char::from_u32(unit.into()).unwrap_or('\u{fffd}'));
                    self.part(Part::Text(from, self.out.text.len()));
                }
                0x09 | 0x49 => {
                    let (from, to) = self.name(&mut cursor)?;
                    let text = crate::xml::entity(self.out.text(from, to)).unwrap_or("");
                    self.out.text.truncate(from);
                    self.out.text.push_str(text);
                    self.part(Part::Text(from, self.out.text.len()));
                }
                0x0d | 0x0e => {
                    let id = cursor.u16()?;
                    cursor.take(1)?;
                    self.part(Part::Value(id));
                }
                _ => return Err(Unreadable("unknown_token")),
            }
        }
        self.close_slot()?;
        Ok(self.out)
    }

    fn path(&self) -> Path {
        self.stack.last().map_or(self.root, |element| element.path)
    }

    /// The tag of an element begins.
    fn start(&mut self, cursor: &mut Cursor<'_>, token: u8) -> Outcome<()> {
        self.close_slot()?;
        cursor.take(if self.form == Form::Template { 6 } else { 4 })?;
        let (from, to) = self.name(cursor)?;
        if token & 0x40 != 0 {
            cursor.take(4)?;
        }
        if self.stack.len() + 1 >= DEPTH_MAX {
            return Err(Unreadable("too_deep"));
        }
        let path = self.path().child(self.out.text(from, to));
        let name = if path.is_unnamed(self.out.text(from, to)) {
            Range::default()
        } else {
            self.single(Part::Text(from, to))
        };
        self.stack.push(Element { path, name });
        Ok(())
    }

    fn attribute(&mut self, cursor: &mut Cursor<'_>) -> Outcome<()> {
        self.close_attribute()?;
        let (from, to) = self.name(cursor)?;
        let place = self.path().attribute(self.out.text(from, to));
        let name = self.single(Part::Text(from, to));
        self.open = Some(Open { place, name, from: self.out.parts.len() });
        Ok(())
    }

    /// The tag of an element has ended, its content follows.
    fn content(&mut self) -> Outcome<()> {
        self.close_attribute()?;
        let place = self.path().content();
        let name = self.stack.last().map(|element| element.name).unwrap_or_default();
        self.open = Some(Open { place, name, from: self.out.parts.len() });
        Ok(())
    }

    fn text_part(&mut self, cursor: &mut Cursor<'_>) -> Outcome<()> {
        let len = usize::from(cursor.u16()?);
        let (from, to) = self.text(cursor.take(len * 2)?)?;
        self.part(Part::Text(from, to));
        Ok(())
    }

    fn text(&mut self, utf16: &[u8]) -> Outcome<(usize, usize)> {
        if self.out.text.len().saturating_add(utf16.len()) > TEXT_MAX {
            return Err(Unreadable("too_much_text"));
        }
        let from = self.out.text.len();
        write_utf16(utf16, &mut self.out.text);
        Ok((from, self.out.text.len()))
    }

    /// A name: where it says, or right here.
    fn name(&mut self, cursor: &mut Cursor<'_>) -> Outcome<(usize, usize)> {
        let at = wide(cursor.u32()?);
        let mut there = cursor.moved(at)?;
        there.take(6)?;
        let len = usize::from(there.u16()?);
        let name = there.take(len * 2)?;
        there.take(2)?;
        if at == cursor.at() {
            cursor.take(there.at().saturating_sub(at))?;
        }
        self.text(name)
    }

    fn single(&mut self, part: Part) -> Range {
        let from = self.out.parts.len();
        self.out.parts.push(part);
        Range { from, to: from + 1 }
    }

    /// After a child element, what follows belongs to its parent again: only a fragment is kept there.
    fn part(&mut self, part: Part) {
        let place = match self.path().content() {
            place @ Place::Fragment(_) => place,
            _ => Place::Nothing,
        };
        let from = self.out.parts.len();
        self.open.get_or_insert(Open { place, name: Range::default(), from });
        self.out.parts.push(part);
    }

    /// Ends an attribute: the `Name` of a data element becomes its name, others are slots.
    fn close_attribute(&mut self) -> Outcome<()> {
        if let Some(open) = self.open.take_if(|open| open.place == Place::Name) {
            let name = Range { from: open.from, to: self.out.parts.len() };
            let is_unnamed = match self.out.parts(name) {
                [Part::Text(from, to)] => self.path().is_unnamed(self.out.text(*from, *to)),
                _ => false,
            };
            if let Some(element) = self.stack.last_mut() {
                element.name = if is_unnamed { Range::default() } else { name };
            }
        }
        self.close_slot()
    }

    fn close_slot(&mut self) -> Outcome<()> {
        let Some(open) = self.open.take() else { return Ok(()) };
        let parts = Range { from: open.from, to: self.out.parts.len() };
        let is_blank = |part: &Part| match part {
            Part::Text(from, to) => self.out.text(*from, *to).trim().is_empty(),
            Part::Value(_) => false,
        };
        if open.place == Place::Nothing || self.out.parts(parts).iter().all(is_blank) {
            return Ok(());
        }
        if self.out.slots.len() >= SLOTS_MAX {
            return Err(Unreadable("too_many_fields"));
        }
        let key = match self.out.parts(open.name) {
            [Part::Text(from, to)] => Key::of(self.out.text(*from, *to)),
            _ => Key::default(),
        };
        self.out.slots.push(Slot { place: open.place, name: open.name, parts, key });
        Ok(())
    }
}
