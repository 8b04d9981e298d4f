// SPDX-License-Identifier: Apache-2.0
//! Results as text: `table` for people, `line` for wide rows, `json` and `csv` for programs. All
//! but `table` are written row by row; `table` looks at the first 1,000 rows to size its columns.

use crate::database::{Column, RowSink, SqlValue};
use std::io::{self, Write};
use std::str::FromStr;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Rows that size the columns of a table.
const SIZING_ROWS_MAX: usize = 1_000;
/// A column is never cut narrower than this.
const CUT_WIDTH_MIN: usize = 12;

/// A way to write results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Aligned columns with a header and the number of rows.
    Table,
    /// An array of objects per statement; numbers as numbers, NULL as null.
    Json,
    /// RFC 4180 with a header; NULL is an empty field.
    Csv,
    /// `column = value` lines, an empty line after each row.
    Line,
}

/// The word is none of the formats.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no such format: {0} (one of table, json, csv, line)")]
pub struct UnknownFormat(pub String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|format| format.word().eq_ignore_ascii_case(word))
            .ok_or_else(|| UnknownFormat(word.to_owned()))
    }
}

/// Where the text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// A file or pipe: nothing is cut.
    Full,
    /// A terminal of so many columns: long cells of a `table` are cut.
    Terminal(usize),
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 4] = [Self::Table, Self::Json, Self::Csv, Self::Line];

    /// The word on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Line => "line",
        }
    }

    /// A sink that writes to `out` this way. `out` should be buffered.
    pub fn sink<'a>(self, out: &'a mut dyn Write, layout: Layout) -> Box<dyn RowSink + 'a> {
        match self {
            Self::Table => Box::new(Table {
                out,
                layout,
                columns: Vec::new(),
                sizing: Vec::new(),
                widths: None,
                rows: 0,
            }),
            Self::Json => Box::new(Json { out, names: Vec::new(), rows: 0 }),
            Self::Csv => Box::new(Csv { out }),
            Self::Line => Box::new(Line { out, names: Vec::new() }),
        }
    }
}

/// Text of a value for people; control characters and those that turn the direction of text are
/// written as escapes, so that an event cannot play tricks on a terminal.
fn shown(value: &SqlValue<'_>) -> String {
    match value {
        SqlValue::Null => String::new(),
        SqlValue::Text(text) => escaped(text),
        other => plain(other),
    }
}

fn escaped(text: &str) -> String {
    let is_trick = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(is_trick) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if u32::from(c) < 0x100 && is_trick(c) => {
                out.push_str(&format!("\\x{:02X}", u32::from(c)));
            }
            c if is_trick(c) => out.push_str(&format!("\\u{{{:X}}}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

/// Text of a value without escapes; NULL is empty, bytes are hexadecimal.
fn plain(value: &SqlValue<'_>) -> String {
    match value {
        SqlValue::Null => String::new(),
        SqlValue::Int(number) => number.to_string(),
        SqlValue::Real(number) => real_text(*number),
        SqlValue::Text(text) => (*text).to_owned(),
        SqlValue::Blob(bytes) => bytes.iter().map(|byte| format!("{byte:02X}")).collect(),
    }
}

/// A float that reads as one: 3 is `3.0`.
fn real_text(number: f64) -> String {
    let text = format!("{number:?}");
    if number.is_finite() { text } else { text.replace("inf", "Inf") }
}

struct Table<'a> {
    out: &'a mut dyn Write,
    layout: Layout,
    columns: Vec<String>,
    /// Rows waiting for the widths; cells with whether they are numbers.
    sizing: Vec<Vec<(String, bool)>>,
    widths: Option<Vec<usize>>,
    rows: u64,
}

impl Table<'_> {
    fn settle(&mut self) -> io::Result<()> {
        let mut widths: Vec<usize> = self.columns.iter().map(|name| name.width()).collect();
        for row in &self.sizing {
            for (width, (cell, _)) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width());
            }
        }
        if let Layout::Terminal(screen) = self.layout {
            fit(&mut widths, screen);
        }
        let header: Vec<(String, bool)> =
            self.columns.iter().map(|name| (name.clone(), false)).collect();
        write_rule(self.out, &widths)?;
        write_cells(self.out, &widths, &header, self.layout)?;
        write_rule(self.out, &widths)?;
        for row in std::mem::take(&mut self.sizing) {
            write_cells(self.out, &widths, &row, self.layout)?;
        }
        self.widths = Some(widths);
        Ok(())
    }
}

impl RowSink for Table<'_> {
    fn begin(&mut self, columns: &[Column]) -> io::Result<()> {
        self.columns = columns.iter().map(|column| escaped(&column.name)).collect();
        self.sizing.clear();
        self.widths = None;
        self.rows = 0;
        Ok(())
    }

    fn row(&mut self, values: &[SqlValue<'_>]) -> io::Result<()> {
        self.rows += 1;
        let is_number =
            |value: &SqlValue<'_>| matches!(value, SqlValue::Int(_) | SqlValue::Real(_));
        let cells: Vec<_> = values.iter().map(|value| (shown(value), is_number(value))).collect();
        if let Some(widths) = &self.widths {
            return write_cells(self.out, widths, &cells, self.layout);
        }
        self.sizing.push(cells);
        if self.sizing.len() >= SIZING_ROWS_MAX { self.settle() } else { Ok(()) }
    }

    fn end(&mut self) -> io::Result<()> {
        if self.widths.is_none() {
            self.settle()?;
        }
        write_rule(self.out, self.widths.as_deref().unwrap_or(&[]))?;
        let noun = if self.rows == 1 { "row" } else { "rows" };
        writeln!(self.out, "({} {noun})", self.rows)
    }
}

/// Narrows the widest columns until a row fits the screen, or all are narrow.
fn fit(widths: &mut [usize], screen: usize) {
    let frame = widths.len() * 3 + 1;
    let space = screen.saturating_sub(frame);
    let sum = |cap: usize| widths.iter().map(|width| (*width).min(cap)).sum::<usize>();
    let mut cap = widths.iter().copied().max().unwrap_or(0);
    if sum(cap) <= space {
        return;
    }
    let (mut low, mut high) = (CUT_WIDTH_MIN, cap.max(CUT_WIDTH_MIN));
    while low < high {
        let middle = (low + high).div_ceil(2);
        if sum(middle) <= space {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    cap = low;
    for width in widths {
        *width = (*width).min(cap);
    }
}

fn write_rule(out: &mut dyn Write, widths: &[usize]) -> io::Result<()> {
    for width in widths {
        write!(out, "+{}", "-".repeat(width + 2))?;
    }
    writeln!(out, "+")
}

fn write_cells(
    out: &mut dyn Write,
    widths: &[usize],
    cells: &[(String, bool)],
    layout: Layout,
) -> io::Result<()> {
    for (width, (cell, is_number)) in widths.iter().zip(cells) {
        let cell = match layout {
            Layout::Terminal(_) => cut(cell, *width),
            Layout::Full => cell.clone(),
        };
        let gap = " ".repeat(width.saturating_sub(cell.width()));
        if *is_number {
            write!(out, "| {gap}{cell} ")?;
        } else {
            write!(out, "| {cell}{gap} ")?;
        }
    }
    writeln!(out, "|")
}

/// At most `width` columns of `text`; `…` says that there is more.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > width {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

struct Json<'a> {
    out: &'a mut dyn Write,
    /// Names as JSON strings; a second column of the same name gets `:1` and so on.
    names: Vec<String>,
    rows: u64,
}

fn json_text(text: &str) -> io::Result<String> {
    serde_json::to_string(text).map_err(io::Error::from)
}

impl RowSink for Json<'_> {
    fn begin(&mut self, columns: &[Column]) -> io::Result<()> {
        self.rows = 0;
        self.names.clear();
        for column in columns {
            let mut name = json_text(&column.name)?;
            let mut number = 0;
            while self.names.contains(&name) {
                number += 1;
                name = json_text(&format!("{}:{number}", column.name))?;
            }
            self.names.push(name);
        }
        write!(self.out, "[")
    }

    fn row(&mut self, values: &[SqlValue<'_>]) -> io::Result<()> {
        self.out.write_all(if self.rows == 0 { b"\n{" } else { b",\n{" })?;
        self.rows += 1;
        for (at, (name, value)) in self.names.iter().zip(values).enumerate() {
            if at > 0 {
                self.out.write_all(b",")?;
            }
            write!(self.out, "{name}:")?;
            match value {
                SqlValue::Null => self.out.write_all(b"null")?,
                SqlValue::Real(number) if !number.is_finite() => self.out.write_all(b"null")?,
                SqlValue::Int(_) | SqlValue::Real(_) => {
                    self.out.write_all(plain(value).as_bytes())?;
                }
                SqlValue::Text(_) | SqlValue::Blob(_) => {
                    self.out.write_all(json_text(&plain(value))?.as_bytes())?;
                }
            }
        }
        self.out.write_all(b"}")
    }

    fn end(&mut self) -> io::Result<()> {
        self.out.write_all(if self.rows == 0 { b"]\n" } else { b"\n]\n" })
    }
}

struct Csv<'a> {
    out: &'a mut dyn Write,
}

impl Csv<'_> {
    fn line(&mut self, fields: impl Iterator<Item = String>) -> io::Result<()> {
        for (at, field) in fields.enumerate() {
            if at > 0 {
                self.out.write_all(b",")?;
            }
            if field.contains([',', '"', '\n', '\r']) {
                write!(self.out, "\"{}\"", field.replace('"', "\"\""))?;
            } else {
                self.out.write_all(field.as_bytes())?;
            }
        }
        self.out.write_all(b"\r\n")
    }
}

impl RowSink for Csv<'_> {
    fn begin(&mut self, columns: &[Column]) -> io::Result<()> {
        self.line(columns.iter().map(|column| column.name.clone()))
    }

    fn row(&mut self, values: &[SqlValue<'_>]) -> io::Result<()> {
        self.line(values.iter().map(plain))
    }

    fn end(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Line<'a> {
    out: &'a mut dyn Write,
    /// Right-aligned, so that the equals signs stand below each other.
    names: Vec<String>,
}

impl RowSink for Line<'_> {
    fn begin(&mut self, columns: &[Column]) -> io::Result<()> {
        let names: Vec<String> = columns.iter().map(|column| escaped(&column.name)).collect();
        let width = names.iter().map(|name| name.width()).max().unwrap_or(0);
        self.names = names
            .into_iter()
            .map(|name| format!("{}{name}", " ".repeat(width.saturating_sub(name.width()))))
            .collect();
        Ok(())
    }

    fn row(&mut self, values: &[SqlValue<'_>]) -> io::Result<()> {
        for (name, value) in self.names.iter().zip(values) {
            writeln!(self.out, "{name} = {}", shown(value))?;
        }
        writeln!(self.out)
    }

    fn end(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
#[path = "format_tests.rs"]
mod tests;
