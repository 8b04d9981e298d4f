// SPDX-License-Identifier: Apache-2.0
//! Makes what follows from the table specs: `crates/schema/src/generated/*.rs`, `docs/tables/*.md`
//! and `tables.lock`. Returns texts by path, so that writing and the freshness test share one way.

use crate::spec::{Column, Table};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const MADE: &str = "Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.";

/// Texts of all generated files by their path from the root. `lock` is the present text of
/// `tables.lock`; a change that would break stored data is refused.
pub(crate) fn files(tables: &[Table], lock: &str) -> Result<BTreeMap<PathBuf, String>, String> {
    let lock = Lock::merge(lock, tables)?;
    let mut out = BTreeMap::new();
    let rust = Path::new("crates/schema/src/generated");
    let mut kinds: Vec<&str> = tables.iter().map(|t| t.kind.as_str()).collect();
    kinds.dedup();
    for kind in &kinds {
        let faces: Vec<&Table> = tables.iter().filter(|t| t.kind == *kind).collect();
        out.insert(rust.join(format!("{kind}.rs")), rust_file(kind, &faces, &lock)?);
    }
    out.insert(rust.join("mod.rs"), mod_file(&kinds, tables));
    for table in tables {
        out.insert(Path::new("docs/tables").join(format!("{}.md", table.name)), page(table));
    }
    out.insert("docs/tables/README.md".into(), index_page(tables));
    out.insert("tables.lock".into(), lock.text());
    Ok(out)
}

/// Append-only numbers of tables and columns: `<table id> <column id> <table> <column> <type> <store>`.
struct Lock(Vec<(String, String, String)>);

impl Lock {
    fn merge(text: &str, tables: &[Table]) -> Result<Self, String> {
        let mut lines = Vec::new();
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let mut words = line.split(' ');
            let mut word = || words.next().unwrap_or_default().to_owned();
            let (_number, table, column) = (word(), word(), word());
            lines.push((table, column, words.collect::<Vec<_>>().join(" ")));
        }
        for table in tables.iter().filter(|table| table.class == "event") {
            for column in table.columns.iter().filter(|c| !c.store.starts_with("virtual")) {
                let facts = format!("{} {}", column.r#type, column.store);
                match lines.iter().find(|(t, c, _)| *t == table.name && *c == column.name) {
                    Some((_, _, known)) if *known == facts => {}
                    Some((_, _, known)) => {
                        return Err(format!(
                            "{}.{} is `{known}` in tables.lock and `{facts}` in the spec: stored data would not be readable; give it a new name",
                            table.name, column.name
                        ));
                    }
                    None => lines.push((table.name.clone(), column.name.clone(), facts)),
                }
            }
        }
        Ok(Self(lines))
    }

    fn id(&self, table: &str, column: &str) -> Option<usize> {
        self.0.iter().filter(|(t, _, _)| t == table).position(|(_, c, _)| c == column)
    }

    fn text(&self) -> String {
        let mut out =
            format!("# {MADE}\n# Append only: <column id> <table> <column> <type> <store>\n");
        for (table, column, facts) in &self.0 {
            let id = self.id(table, column).unwrap_or_default();
            let _ = writeln!(out, "{id} {table} {column} {facts}");
        }
        out
    }
}

fn rust_file(kind: &str, faces: &[&Table], lock: &Lock) -> Result<String, String> {
    let mut out = format!("// SPDX-License-Identifier: Apache-2.0\n//! `{kind}`. {MADE}\n");
    for table in faces {
        let _ = write!(out, "\n/// The table `{}`.\npub mod {} {{\n", table.name, table.platform);
        face(&mut out, table, lock)?;
        out.push_str("}\n");
    }
    Ok(out)
}

fn face(out: &mut String, table: &Table, lock: &Lock) -> Result<(), String> {
    out.push_str("    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};\n\n");
    for (at, column) in table.columns.iter().enumerate() {
        let _ = writeln!(
            out,
            "    /// Position of `{}`.\n    pub const {}: usize = {at};",
            column.name,
            column.name.to_uppercase()
        );
    }
    let _ = writeln!(
        out,
        "\n    /// {}\n    pub static TABLE: TableSpec = TableSpec {{",
        table.summary
    );
    let _ = writeln!(
        out,
        "        id: TableId({}), kind: {:?}, name: {:?},",
        table.id, table.kind, table.name
    );
    let class = if table.class == "event" { "Event" } else { "State" };
    let platform = match table.platform {
        "linux" => "Linux",
        "windows" => "Windows",
        _ => "Any",
    };
    let position = |is: fn(&Column) -> bool| table.columns.iter().position(is);
    let (required, key) = (position(|c| c.required), position(|c| c.key));
    let _ = writeln!(
        out,
        "        class: Class::{class}, platform: Platform::{platform}, required: {required:?}, key: {key:?},"
    );
    let _ = writeln!(
        out,
        "        summary: {:?},\n        example: {:?},\n        columns: &[",
        table.summary, table.example
    );
    for (at, column) in table.columns.iter().enumerate() {
        let id =
            if class == "Event" { lock.id(&table.name, &column.name).unwrap_or(9999) } else { at };
        column_spec(out, column, id)?;
    }
    out.push_str("        ],\n    };\n");
    row_and_builder(out, table)
}

fn column_spec(out: &mut String, c: &Column, id: usize) -> Result<(), String> {
    let sql_type = match c.r#type.as_str() {
        "TEXT" => "Text",
        "INTEGER" => "Integer",
        "BIGINT" => "BigInt",
        "DOUBLE" => "Double",
        other => return Err(format!("column `{}`: unknown type `{other}`", c.name)),
    };
    let storage = match c.store.as_str() {
        "virtual:utc_text" => "Virtual(Virtual::UtcText)".to_owned(),
        "virtual:iso_text" => "Virtual(Virtual::IsoText)".to_owned(),
        "virtual:time_ns" => "Virtual(Virtual::TimeNs)".to_owned(),
        "virtual:input" => "Virtual(Virtual::Input)".to_owned(),
        other => match other.strip_prefix("virtual:const:") {
            Some(value) => format!("Virtual(Virtual::Const({value}))"),
            None => kind_of(c)?.0.to_owned(),
        },
    };
    let from = match c.from.as_str() {
        "decode" => "Decode",
        "enrich" => "Enrich",
        "store" => "Store",
        "virtual" => "Virtual",
        other => return Err(format!("column `{}`: unknown source `{other}`", c.name)),
    };
    let _ = writeln!(
        out,
        "            ColumnSpec {{ id: ColumnId({id}), name: {:?}, sql_type: SqlType::{sql_type}, storage: Storage::{storage}, from: From::{from}, null: {}, fill: {:?}, hidden: {}, index: {}, additional: {}, values: &{:?}, ocsf: {:?}, sigma: {:?}, sysmon: {:?}, description: {:?} }},",
        c.name,
        c.null,
        c.fill,
        c.hidden,
        c.index,
        c.additional,
        c.values,
        c.ocsf,
        c.sigma,
        c.sysmon,
        c.description
    );
    Ok(())
}

/// Storage word and value type of a stored column.
fn kind_of(column: &Column) -> Result<(&'static str, &'static str), String> {
    Ok(match column.store.as_str() {
        "dict" => ("Dict", "&'a str"),
        "int32" => ("Int32", "i32"),
        "int64" => ("Int64", "i64"),
        "float64" => ("Float64", "f64"),
        "uuid" => ("Uuid", "u128"),
        "time" => ("Time", "i64"),
        other => {
            return Err(format!("column `{}`: unknown storage `{other}`", column.name));
        }
    })
}

/// The row type, and the one line of it that knows how rows become columns.
fn row_and_builder(out: &mut String, table: &Table) -> Result<(), String> {
    let decoded: Vec<&Column> = table.columns.iter().filter(|c| c.from == "decode").collect();
    if decoded.iter().all(|column| column.store != "dict") {
        // Nothing that a row would borrow: such rows are given to `RowBuilder` as they are.
        return Ok(());
    }
    out.push_str("\n    crate::row! {\n        /// One row as a decode function gives it: every field must be named.\n        pub struct Row<'a> of TABLE {\n");
    for column in &decoded {
        let (_, value) = kind_of(column)?;
        let value = if column.null { format!("Option<{value}>") } else { value.to_owned() };
        let unit = if column.store == "time" { " Nanoseconds." } else { "" };
        let _ = writeln!(
            out,
            "            /// {}{unit}\n            pub {}: {value},",
            column.description,
            ident(&column.name)
        );
    }
    out.push_str("        }\n    }\n");
    Ok(())
}

/// A column's name as a Rust identifier.
fn ident(name: &str) -> String {
    if matches!(name, "type" | "match" | "where" | "ref" | "move" | "in" | "use") {
        format!("r#{name}")
    } else {
        name.to_owned()
    }
}

fn mod_file(kinds: &[&str], tables: &[Table]) -> String {
    let mut out = format!(
        "// SPDX-License-Identifier: Apache-2.0\n//! {MADE}\n\nuse crate::spec::TableSpec;\n\n"
    );
    for kind in kinds {
        let _ = writeln!(
            out,
            "#[allow(missing_docs, unused_imports, clippy::wildcard_imports, clippy::expect_used)]\npub mod {kind};"
        );
    }
    out.push_str("\n/// Every table.\npub static TABLES: &[&TableSpec] = &[\n");
    for table in tables {
        let _ = writeln!(out, "    &{}::{}::TABLE,", table.kind, table.platform);
    }
    out.push_str("];\n");
    out
}

fn page(table: &Table) -> String {
    let mut out = format!("<!-- {MADE} -->\n# `{}`\n\n{}\n", table.name, table.summary);
    if !table.notes.is_empty() {
        let _ = write!(out, "\n{}", table.notes);
    }
    let _ = write!(out, "\n```sql\n{}\n```\n\n", table.example);
    out.push_str("`pushed`: a comparison with this column is answered by the store. Text compares without case.\n\n");
    out.push_str("| column | type | pushed | what it holds | OCSF | Sigma | Sysmon |\n|---|---|---|---|---|---|---|\n");
    for c in &table.columns {
        let hidden = if c.hidden { " (hidden)" } else { "" };
        let pushed = if c.index || c.additional { "yes" } else { "" };
        let _ = writeln!(
            out,
            "| `{}`{hidden} | {} | {pushed} | {} | {} | {} | {} |",
            c.name,
            c.r#type,
            c.description.replace('|', "\\|"),
            c.ocsf,
            c.sigma,
            c.sysmon
        );
    }
    out
}

fn index_page(tables: &[Table]) -> String {
    let mut out = format!(
        "<!-- {MADE} -->\n# Tables\n\n| table | platform | what it holds |\n|---|---|---|\n"
    );
    for t in tables {
        let _ = writeln!(out, "| [`{0}`]({0}.md) | {1} | {2} |", t.name, t.platform, t.summary);
    }
    out
}
