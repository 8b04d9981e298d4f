// SPDX-License-Identifier: Apache-2.0
//! Events as XML text, as `wevtutil`, the Event Viewer and Sysmon's own tools write them. A reader of
//! just this: elements, attributes, text, character references. It resolves no external thing.

use crate::place::{Path, Place};
use crate::record::Draft;

/// Depth of elements.
const DEPTH_MAX: usize = 32;

/// Text of a named character reference.
pub(crate) fn entity(name: &str) -> Option<&'static str> {
    Some(match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => return None,
    })
}

/// An element that is open.
struct Element {
    path: Path,
    /// Name of the field that its text is.
    name: String,
    text: String,
}

/// Reads one `<Event>…</Event>` into `draft`. The reason is one word.
pub(crate) fn read(xml: &str, draft: &mut Draft<'_>) -> Result<(), &'static str> {
    let mut rest = xml;
    let mut stack: Vec<Element> = Vec::new();
    while let Some(open) = memchr::memchr(b'<', rest.as_bytes()) {
        let (text, tag) = rest.split_at(open);
        if let Some(element) = stack.last_mut() {
            push_text(text, &mut element.text)?;
        }
        if let Some(data) = tag.strip_prefix("<![CDATA[") {
            let (data, after) = data.split_once("]]>").ok_or("bad_xml")?;
            if let Some(element) = stack.last_mut() {
                element.text.push_str(data);
            }
            rest = after;
        } else if let Some(comment) = tag.strip_prefix("<!--") {
            rest = comment.split_once("-->").ok_or("bad_xml")?.1;
        } else if tag.starts_with("<?") || tag.starts_with("<!") {
            rest = tag.split_once('>').ok_or("bad_xml")?.1;
        } else if let Some(closing) = tag.strip_prefix("</") {
            rest = closing.split_once('>').ok_or("bad_xml")?.1;
            let element = stack.pop().ok_or("bad_xml")?;
            put(element, draft)?;
            if stack.is_empty() {
                return Ok(());
            }
        } else {
            let (element, is_empty, after) = start(tag, stack.last(), draft)?;
            rest = after;
            if is_empty {
                put(element, draft)?;
            } else if stack.len() >= DEPTH_MAX {
                return Err("too_deep");
            } else {
                // Text before a child element is layout.
                if let Some(parent) = stack.last_mut() {
                    parent.text.clear();
                }
                stack.push(element);
            }
        }
    }
    Err("bad_xml")
}

/// Reads a start tag; also whether it is its own end, and what follows.
fn start<'x>(
    tag: &'x str,
    parent: Option<&Element>,
    draft: &mut Draft<'_>,
) -> Result<(Element, bool, &'x str), &'static str> {
    let body = tag.get(1..).unwrap_or_default();
    let end =
        body.find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>').ok_or("bad_xml")?;
    let (name, mut rest) = body.split_at(end);
    let name = name.rsplit(':').next().unwrap_or_default();
    let path = parent.map_or(Path::Document, |parent| parent.path).child(name);
    let mut element = Element { path, name: name.to_owned(), text: String::new() };
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix("/>") {
            return Ok((element, true, after));
        }
        if let Some(after) = rest.strip_prefix('>') {
            return Ok((element, false, after));
        }
        let (attribute, value) = rest.split_once('=').ok_or("bad_xml")?;
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'')).ok_or("bad_xml")?;
        let (value, after) = value.get(1..).and_then(|v| v.split_once(quote)).ok_or("bad_xml")?;
        rest = after;
        let mut text = String::new();
        push_text(value, &mut text)?;
        match path.attribute(attribute.trim()) {
            Place::Nothing => {}
            Place::Name => element.name = text,
            Place::Field => {
                if !draft.field_text(attribute.trim(), &text) {
                    return Err("too_many_fields");
                }
            }
            place => {
                let span = draft.put(&text);
                place.put_span(span, draft).ok_or("bad_number")?;
            }
        }
    }
}

/// An element has ended: its text goes where it belongs.
fn put(element: Element, draft: &mut Draft<'_>) -> Result<(), &'static str> {
    match element.path.content() {
        Place::Field => {
            let name = if element.path.is_unnamed(&element.name) {
                format!("param{}", draft.field_count() + 1)
            } else {
                element.name
            };
            let blank = element.text.trim().is_empty();
            if !blank && !draft.field_text(&name, &element.text) {
                return Err("too_many_fields");
            }
            Ok(())
        }
        place @ Place::Head(_) if !element.text.trim().is_empty() => {
            let span = draft.put(element.text.trim());
            place.put_span(span, draft).ok_or("bad_number")
        }
        _ => Ok(()),
    }
}

/// Appends text with its character references resolved.
fn push_text(text: &str, out: &mut String) -> Result<(), &'static str> {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        let (plain, reference) = rest.split_at(at);
        out.push_str(plain);
        let Some((name, after)) = reference.get(1..).and_then(|r| r.split_once(';')) else {
            // A bare ampersand is wrong, and what was meant is clear.
            out.push_str(reference);
            return Ok(());
        };
        if let Some(text) = entity(name) {
            out.push_str(text);
        } else if let Some(number) = name.strip_prefix('#') {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            out.push(char::from_u32(code.map_err(|_| "bad_xml")?).unwrap_or('\u{fffd}'));
        } else {
            return Err("bad_xml");
        }
        rest = after;
    }
    out.push_str(rest);
    Ok(())
}
