// SPDX-License-Identifier: Apache-2.0
//! Binary XML of event logs, as far as events use it: a template says which substitution stands at
//! which place, a record brings the substitutions. A template is compiled once per chunk into a list
//! of slots; a record is then a walk over that list. No tree, no XML text.
//!
//! What this reader does not know is an error; the caller then hands the record to crate `evtx`.

mod cursor;
mod template;
mod value;

use crate::place::{Path, Place};
use crate::record::{Draft, Name};
use cursor::{Cursor, wide};
use std::rc::Rc;
use template::{Compiler, Form, Part, Range, Slot, Template};
use value::{Value, put_head, strings, write_utf16, write_value};

/// Depth of elements and of fragments in fragments.
const DEPTH_MAX: usize = 32;
/// Substitutions of one record.
const VALUES_MAX: usize = 4_096;
/// Templates whose memory is kept for the next chunk.
const SPARE_MAX: usize = 64;

/// Why bytes could not be read as binary XML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unreadable(pub(crate) &'static str);

type Outcome<T> = Result<T, Unreadable>;

/// What a reader of chunks keeps from one to the next: memory, nothing else.
#[derive(Debug, Default)]
pub(crate) struct Spare {
    templates: Vec<Template>,
    known: Vec<(u32, Path, Rc<Template>)>,
}

/// Reads the records of one chunk; templates are kept while it lasts.
pub(crate) struct ChunkReader<'c, 's> {
    chunk: &'c [u8],
    spare: &'s mut Spare,
    values: Vec<Value<'c>>,
}

impl Drop for ChunkReader<'_, '_> {
    fn drop(&mut self) {
        for (_, _, template) in self.spare.known.drain(..) {
            if self.spare.templates.len() < SPARE_MAX
                && let Ok(mut template) = Rc::try_unwrap(template)
            {
                template.clear();
                self.spare.templates.push(template);
            }
        }
    }
}

impl<'c, 's> ChunkReader<'c, 's> {
    pub(crate) fn new(chunk: &'c [u8], spare: &'s mut Spare) -> Self {
        Self { chunk, spare, values: Vec::new() }
    }

    /// Reads the fragment at `at` into `draft`. All records of a chunk go into one block.
    pub(crate) fn read(&mut self, at: usize, len: usize, draft: &mut Draft<'_>) -> Outcome<()> {
        self.values.clear();
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
                    let elements =
                        Compiler::new(self.empty(), path, Form::Plain).compile(cursor.back())?;
                    let mark = self.values.len();
                    return self.fill(&elements, mark, draft, depth);
                }
                _ => return Err(Unreadable("unknown_token")),
            }
        }
        Ok(())
    }

    fn empty(&mut self) -> Template {
        self.spare.templates.pop().unwrap_or_default()
    }

    fn template(&mut self, cursor: &mut Cursor<'c>, path: Path) -> Outcome<Rc<Template>> {
        cursor.take(5)?;
        let offset = cursor.u32()?;
        let at = wide(offset);
        if at == cursor.at() {
            // It is defined here: what follows it is the record's.
            cursor.take(20)?;
            let size = cursor.u32()?;
            cursor.take(wide(size))?;
        }
        // A chunk has few, and those of most records come first.
        let mut known = self.spare.known.iter();
        if let Some((_, _, template)) = known.find(|known| known.0 == offset && known.1 == path) {
            return Ok(Rc::clone(template));
        }
        let mut definition = cursor.moved(at)?;
        definition.take(20)?;
        let size = definition.u32()?;
        let body = Cursor::new(self.chunk, definition.at(), wide(size))?;
        let template = Rc::new(Compiler::new(self.empty(), path, Form::Template).compile(body)?);
        self.spare.known.push((offset, path, Rc::clone(&template)));
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
            let at = cursor.at();
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
            if let [Part::Value(id)] = template.parts(slot.parts) {
                let value = self.values.get(mark + usize::from(*id)).copied();
                let Some(value) = value.filter(|value| value.kind != 0) else { continue };
                if value.kind == 0x21
                    && let Place::Fragment(path) = slot.place
                {
                    self.fragment(value.at, value.bytes.len(), path, draft, depth + 1)?;
                    continue;
                }
                match slot.place {
                    Place::Field => self.fill_field(template, slot, mark, value, draft)?,
                    Place::Fragment(_) => {}
                    place => put_head(place, value, draft)?,
                }
            } else {
                self.fill_mixed(template, slot, mark, draft)?;
            }
        }
        Ok(())
    }

    fn fill_field(
        &self,
        template: &Template,
        slot: &Slot,
        mark: usize,
        value: Value<'c>,
        draft: &mut Draft<'_>,
    ) -> Outcome<()> {
        // Without a name each element of an array is a field; with one, they stay together.
        if value.kind == 0x81 && template.parts(slot.name).is_empty() {
            for piece in strings(value.bytes) {
                add(draft, Name::Number, |out| {
                    write_utf16(piece, out);
                    Ok(())
                })?;
            }
            return Ok(());
        }
        let name = self.name_of(template, slot, mark, draft)?;
        add(draft, name, |out| write_value(value, out))
    }

    fn name_of<'t>(
        &self,
        template: &'t Template,
        slot: &Slot,
        mark: usize,
        draft: &mut Draft<'_>,
    ) -> Outcome<Name<'t>> {
        Ok(match template.parts(slot.name) {
            [Part::Text(from, to)] => Name::Text(template.text(*from, *to), slot.key),
            [] => Name::Number,
            _ => {
                let mut readable = Ok(());
                let span = draft.put_with(|out| {
                    readable = self.write_parts(template, slot.name, mark, out);
                });
                readable?;
                Name::Known(span)
            }
        })
    }

    fn write_parts(
        &self,
        template: &Template,
        parts: Range,
        mark: usize,
        out: &mut String,
    ) -> Outcome<()> {
        for part in template.parts(parts) {
            match part {
                Part::Text(from, to) => out.push_str(template.text(*from, *to)),
                Part::Value(id) => {
                    if let Some(value) = self.values.get(mark + usize::from(*id)) {
                        write_value(*value, out)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Text, or text with substitutions in it.
    fn fill_mixed(
        &self,
        template: &Template,
        slot: &Slot,
        mark: usize,
        draft: &mut Draft<'_>,
    ) -> Outcome<()> {
        match slot.place {
            Place::Field => {
                let name = self.name_of(template, slot, mark, draft)?;
                add(draft, name, |out| self.write_parts(template, slot.parts, mark, out))
            }
            Place::Fragment(_) => Ok(()),
            place => {
                let mut readable = Ok(());
                let span = draft.put_with(|out| {
                    readable = self.write_parts(template, slot.parts, mark, out);
                });
                readable?;
                place.put_span(span, draft).ok_or(Unreadable("bad_number"))
            }
        }
    }
}

fn add(
    draft: &mut Draft<'_>,
    name: Name<'_>,
    write: impl FnOnce(&mut String) -> Outcome<()>,
) -> Outcome<()> {
    draft.field(name, write).unwrap_or(Err(Unreadable("too_many_fields")))
}
