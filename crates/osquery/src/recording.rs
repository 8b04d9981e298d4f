// SPDX-License-Identifier: Apache-2.0
//! Reads the recorded bytes between a real osquery and an extension (`../shared/osquery-wire` beside the
//! checkout), as whole messages, and any message as a tree that can be compared.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::wire::{Head, Kind, Limits, Reader, Taken, Type, WireError};

/// A request and the reply to it, as bytes.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    pub(crate) file: String,
    pub(crate) request: Vec<u8>,
    pub(crate) reply: Vec<u8>,
}

/// All that is recorded: per file the exchanges in which core asked, and those in which the extension did. A file
/// that is not here, or a number that is another one, has no test that compares it.
const FILES: [(&str, usize, usize); 23] = [
    ("adhoc-during-run.jsonl", 63, 56),
    ("case-01.json", 4, 2),
    ("case-02.json", 4, 2),
    ("case-03.json", 4, 2),
    ("case-04.json", 4, 2),
    ("case-05.json", 4, 2),
    ("case-06.json", 4, 2),
    ("case-07.json", 8, 2),
    ("case-08.json", 4, 2),
    ("case-09.json", 4, 2),
    ("case-10.json", 4, 2),
    ("case-11.json", 4, 2),
    ("case-12.json", 4, 2),
    ("case-13.json", 4, 2),
    ("case-14.json", 6, 2),
    ("case-15.json", 4, 2),
    ("case-16.json", 20, 2),
    ("case-17.json", 14, 2),
    ("case-18.json", 4, 2),
    ("case-19.json", 2, 2),
    ("daemon.jsonl", 41, 30),
    ("killed-run.jsonl", 95, 186),
    ("runs.jsonl", 115, 209),
];

#[test]
fn each_recorded_file_is_compared() {
    let (Some(theirs), Some(ours)) = (exchanges(true), exchanges(false)) else { return };
    let count = |exchanges: &[Exchange], file: &str| {
        exchanges.iter().filter(|exchange| exchange.file == file).count()
    };
    let found: Vec<(String, usize, usize)> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| file_name(&entry.unwrap().path()))
        .filter(|file| file != "README.md")
        .map(|file| (file.clone(), count(&theirs, &file), count(&ours, &file)))
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect();
    let expected = FILES.map(|(file, theirs, ours)| (file.to_owned(), theirs, ours));
    assert_eq!(found, expected);
}

/// One recorded run of a shell: the SQL and the rows that it printed.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) file: String,
    pub(crate) sql: String,
    pub(crate) result: Vec<BTreeMap<String, String>>,
}

/// All recorded cases; `None`, with a note, when the recording is not there.
pub(crate) fn cases() -> Option<Vec<Case>> {
    let Ok(entries) = fs::read_dir(folder()) else {
        println!("skipped: osquery-wire absent");
        return None;
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    let cases = paths.filter(|path| path.extension().is_some_and(|ending| ending == "json"));
    let case = |path: PathBuf| {
        let json: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        Case {
            file: file_name(&path),
            sql: json["sql"].as_str().unwrap().to_owned(),
            result: serde_json::from_value(json["result"].clone()).unwrap(),
        }
    };
    Some(cases.map(case).collect())
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/osquery-wire")
}

/// All exchanges of the recording; `to_extension` those in which core asked, the others in which the
/// extension asked. `None`, with a note, when the recording is not there.
pub(crate) fn exchanges(to_extension: bool) -> Option<Vec<Exchange>> {
    let Ok(entries) = fs::read_dir(folder()) else {
        println!("skipped: osquery-wire absent");
        return None;
    };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    Some(
        files
            .iter()
            .flat_map(|file| pairs(&file_name(file), &records(file), to_extension))
            .collect(),
    )
}

fn file_name(file: &Path) -> String {
    file.file_name().unwrap().to_string_lossy().into_owned()
}

struct Record {
    socket: u64,
    incoming: bool,
    bytes: Vec<u8>,
}

fn records(file: &Path) -> Vec<Record> {
    let text = fs::read_to_string(file).unwrap();
    let values: Vec<serde_json::Value> = match file.extension().and_then(|ending| ending.to_str()) {
        Some("json") => serde_json::from_str::<serde_json::Value>(&text).unwrap()["records"]
            .as_array()
            .unwrap()
            .clone(),
        Some("jsonl") => text.lines().map(|line| serde_json::from_str(line).unwrap()).collect(),
        _ => Vec::new(),
    };
    let record = |value: &serde_json::Value| Record {
        socket: value["conn"].as_u64().unwrap(),
        incoming: value["dir"] == "in",
        bytes: from_hex(value["hex"].as_str().unwrap()),
    };
    values.iter().map(record).collect()
}

fn from_hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

/// Joins pieces to messages and messages to pairs, per socket number.
fn pairs(file: &str, records: &[Record], to_extension: bool) -> Vec<Exchange> {
    let mut pieces: BTreeMap<(u64, bool), Vec<u8>> = BTreeMap::new();
    let mut requests: BTreeMap<u64, Vec<u8>> = BTreeMap::new();
    let mut pairs = Vec::new();
    for record in records {
        let piece = pieces.entry((record.socket, record.incoming)).or_default();
        if record.bytes.starts_with(&[0x80, 0x01]) {
            piece.clear();
        }
        piece.extend_from_slice(&record.bytes);
        let Ok((head, _)) = message(piece) else { continue };
        let bytes = std::mem::take(piece);
        if head.kind == Kind::Call {
            if record.incoming == to_extension {
                requests.insert(record.socket, bytes);
            } else {
                requests.remove(&record.socket);
            }
        } else if let Some(request) = requests.remove(&record.socket) {
            pairs.push(Exchange { file: file.to_owned(), request, reply: bytes });
        }
    }
    pairs
}

/// A value of any type; what has no order is kept sorted.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Tree {
    Number(i64),
    Text(String),
    Struct(BTreeMap<i16, Tree>),
    Map(BTreeMap<String, Tree>),
    List(Vec<Tree>),
}

/// Head and body of a whole message.
pub(crate) fn message(mut bytes: &[u8]) -> Result<(Head, Tree), WireError> {
    let mut reader = Reader::new(&mut bytes, Limits::REPLY);
    let head = reader.head()?;
    let body = tree(&mut reader, Type::Struct)?;
    assert_eq!(bytes, b"", "one message per piece");
    Ok((head, body))
}

fn tree(reader: &mut Reader<'_>, ty: Type) -> Result<Tree, WireError> {
    Ok(match ty {
        Type::I32 => Tree::Number(reader.i32()?.into()),
        Type::I64 => Tree::Number(reader.i64()?),
        Type::Text => Tree::Text(reader.text()?),
        Type::Struct => {
            let mut fields = BTreeMap::new();
            reader.fields(|reader, id, ty| {
                fields.insert(id, tree(reader, ty)?);
                Ok(Taken::Yes)
            })?;
            Tree::Struct(fields)
        }
        Type::Map => {
            let mut entries = BTreeMap::new();
            reader.any_map(|reader, key, value| {
                let key = format!("{:?}", tree(reader, key)?);
                entries.insert(key, tree(reader, value)?);
                Ok(())
            })?;
            Tree::Map(entries)
        }
        Type::List => {
            let mut elements = Vec::new();
            reader.list(Type::Map, |reader| {
                elements.push(tree(reader, Type::Map)?);
                Ok(())
            })?;
            Tree::List(elements)
        }
        other => panic!("{other:?} is not in the recording"),
    })
}
