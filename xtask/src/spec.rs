// SPDX-License-Identifier: Apache-2.0
//! Reading `tables/*.toml`: the declaration of tables, checked, with shared groups put in place.

use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    kind: String,
    class: String,
    summary: String,
    #[serde(default)]
    example: String,
    #[serde(default)]
    notes: String,
    linux: Option<Face>,
    windows: Option<Face>,
    any: Option<Face>,
    column: Vec<Entry>,
}

/// The table of one platform. Texts that stand here win over those of the spec.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Face {
    #[serde(default)]
    id: u8,
    name: String,
    summary: Option<String>,
    example: Option<String>,
    notes: Option<String>,
    /// Columns that come first here, in this order; the others follow in the spec's order.
    #[serde(default)]
    first: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Entry {
    Group { r#use: String },
    Column(Box<Column>),
}

/// One column as declared.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) r#type: String,
    pub(crate) store: String,
    pub(crate) from: String,
    #[serde(default)]
    pub(crate) null: bool,
    #[serde(default)]
    pub(crate) fill: String,
    #[serde(default)]
    pub(crate) hidden: bool,
    #[serde(default)]
    pub(crate) index: bool,
    #[serde(default)]
    pub(crate) additional: bool,
    /// A query has to compare it.
    #[serde(default)]
    pub(crate) required: bool,
    /// No two rows of a state table have the same text.
    #[serde(default)]
    pub(crate) key: bool,
    #[serde(default)]
    pub(crate) ocsf: String,
    #[serde(default)]
    pub(crate) sigma: String,
    #[serde(default)]
    pub(crate) sysmon: String,
    /// Platforms that have the column; empty means all of the spec's.
    #[serde(default)]
    platforms: Vec<String>,
    /// Every value that the column can ever have; empty means any.
    #[serde(default)]
    pub(crate) values: Vec<String>,
    pub(crate) description: String,
    /// What is different on Linux.
    linux: Option<Difference>,
    /// What is different on Windows.
    windows: Option<Difference>,
}

/// Facts of a column that are different on one platform.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    from: Option<String>,
    null: Option<bool>,
    fill: Option<String>,
    hidden: Option<bool>,
    index: Option<bool>,
    ocsf: Option<String>,
    sigma: Option<String>,
    sysmon: Option<String>,
    values: Option<Vec<String>>,
    description: Option<String>,
}

impl Column {
    /// The column as it is on a platform; `None` when it is not there.
    fn on(&self, platform: &str) -> Option<Self> {
        if !self.platforms.is_empty() && self.platforms.iter().all(|name| name != platform) {
            return None;
        }
        let mut column = self.clone();
        let difference = match platform {
            "linux" => column.linux.take(),
            "windows" => column.windows.take(),
            _ => None,
        };
        if let Some(difference) = difference {
            let put = |slot: &mut String, text: Option<String>| {
                if let Some(text) = text {
                    *slot = text;
                }
            };
            put(&mut column.from, difference.from);
            put(&mut column.fill, difference.fill);
            put(&mut column.ocsf, difference.ocsf);
            put(&mut column.sigma, difference.sigma);
            put(&mut column.sysmon, difference.sysmon);
            put(&mut column.description, difference.description);
            column.null = difference.null.unwrap_or(column.null);
            column.hidden = difference.hidden.unwrap_or(column.hidden);
            column.index = difference.index.unwrap_or(column.index);
            column.values = difference.values.unwrap_or(column.values);
        }
        Some(column)
    }
}

/// One table of one platform.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) kind: String,
    pub(crate) class: String,
    pub(crate) platform: &'static str,
    pub(crate) id: u8,
    pub(crate) name: String,
    pub(crate) summary: String,
    pub(crate) example: String,
    pub(crate) notes: String,
    pub(crate) columns: Vec<Column>,
}

/// All tables of `folder`, sorted by kind. Errors name the file and what is wrong.
pub(crate) fn read(folder: &Path) -> Result<Vec<Table>, String> {
    let groups: BTreeMap<String, Vec<Column>> = parse(&folder.join("columns.toml"))?;
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .map_err(|e| format!("{}: {e}", folder.display()))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .filter(|path| path.file_stem().is_some_and(|s| s != "columns"))
        .collect();
    paths.sort();
    let mut tables = Vec::new();
    for path in paths {
        let file: File = parse(&path)?;
        let fail = |what: String| format!("{}: {what}", path.display());
        if path.file_stem().is_none_or(|stem| *stem != *file.kind) {
            return Err(fail(format!("kind `{}` differs from the file's name", file.kind)));
        }
        let mut columns = Vec::new();
        for entry in &file.column {
            match entry {
                Entry::Column(column) => columns.push((**column).clone()),
                Entry::Group { r#use } => columns.extend(
                    groups
                        .get(r#use)
                        .ok_or_else(|| fail(format!("unknown group `{}`", r#use)))?
                        .clone(),
                ),
            }
        }
        let faces = [("linux", &file.linux), ("windows", &file.windows), ("any", &file.any)];
        for (platform, face) in faces {
            let Some(face) = face else { continue };
            let table = table_of(&file, platform, face, &columns)
                .map_err(|what| fail(format!("{platform}: {what}")))?;
            tables.push(table);
        }
    }
    check_ids(&tables)?;
    Ok(tables)
}

fn table_of(
    file: &File,
    platform: &'static str,
    face: &Face,
    columns: &[Column],
) -> Result<Table, String> {
    let mut columns: Vec<Column> = columns.iter().filter_map(|c| c.on(platform)).collect();
    for name in face.first.iter().rev() {
        let at = columns.iter().position(|column| column.name == *name);
        let at = at.ok_or_else(|| format!("`first` names no column `{name}`"))?;
        let column = columns.remove(at);
        columns.insert(0, column);
    }
    check(&columns)?;
    let or = |own: &Option<String>, shared: &String| own.as_ref().unwrap_or(shared).clone();
    let example = or(&face.example, &file.example);
    if !example.contains(&face.name) {
        return Err(format!("the example does not ask `{}`", face.name));
    }
    Ok(Table {
        kind: file.kind.clone(),
        class: file.class.clone(),
        platform,
        id: face.id,
        name: face.name.clone(),
        summary: or(&face.summary, &file.summary),
        example,
        notes: or(&face.notes, &file.notes),
        columns,
    })
}

fn parse<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    toml::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))
}

fn check(columns: &[Column]) -> Result<(), String> {
    let mut names = HashSet::new();
    for column in columns {
        let name = &column.name;
        if !names.insert(name) {
            return Err(format!("column `{name}` stands twice"));
        }
        let text = matches!(
            column.store.as_str(),
            "dict" | "uuid" | "virtual:utc_text" | "virtual:iso_text"
        );
        let input = column.store == "virtual:input";
        if input && !(column.hidden && column.index) {
            return Err(format!("column `{name}`: an input is hidden, and an index"));
        }
        if !input && text != (column.r#type == "TEXT") {
            return Err(format!(
                "column `{name}`: {} cannot be stored as {}",
                column.r#type, column.store
            ));
        }
        if column.description.is_empty() || !column.description.ends_with(['.', '…']) {
            return Err(format!("column `{name}`: the description is not a sentence"));
        }
        if (column.required || column.key) && !(column.index && column.store == "dict") {
            return Err(format!(
                "column `{name}`: what is required, or a key, is text and an index"
            ));
        }
        if column.from == "enrich" && column.fill.is_empty() {
            return Err(format!("column `{name}`: nobody fills it"));
        }
        if !column.fill.is_empty() && !column.null {
            return Err(format!("column `{name}`: what an enricher fills may be NULL"));
        }
        if !column.values.is_empty() && column.r#type != "TEXT" {
            return Err(format!("column `{name}`: only text has a list of values"));
        }
    }
    Ok(())
}

fn check_ids(tables: &[Table]) -> Result<(), String> {
    let mut ids = HashSet::new();
    for table in tables.iter().filter(|table| table.class == "event") {
        if table.id == 0 || table.id > 63 {
            return Err(format!("{}: an event table's id is 1 to 63", table.name));
        }
        if !ids.insert(table.id) {
            return Err(format!("{}: id {} is taken", table.name, table.id));
        }
    }
    Ok(())
}
