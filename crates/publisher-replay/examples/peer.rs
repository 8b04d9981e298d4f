// SPDX-License-Identifier: Apache-2.0
//! What `./dev bench replay` compares with: crate `evtx` alone from EVTX to JSON, and inflate with
//! `serde_json` alone on packed recordings. `peer evtx|json PATH…` reads all files and prints how many
//! records there were.
#![allow(clippy::unwrap_used)]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

fn files(path: &Path, end: &str, out: &mut Vec<PathBuf>) {
    if path.is_dir() {
        let mut children: Vec<_> =
            std::fs::read_dir(path).unwrap().map(|e| e.unwrap().path()).collect();
        children.sort();
        children.iter().for_each(|child| files(child, end, out));
    } else if path.to_str().is_some_and(|name| name.ends_with(end)) {
        out.push(path.to_owned());
    }
}

fn evtx_records(path: &Path) -> u64 {
    let settings = evtx::ParserSettings::new().indent(false);
    let parser = evtx::EvtxParser::from_path(path);
    parser.map_or(0, |parser| {
        let mut parser = parser.with_configuration(settings);
        parser.records_json_bytes().filter(Result::is_ok).count() as u64
    })
}

fn json_records(path: &Path) -> u64 {
    let mut zip = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let mut count = 0;
    for at in 0..zip.len() {
        let member = zip.by_index(at).unwrap();
        let name = member.name().unwrap().into_owned();
        if name.contains("__MACOSX") || !name.ends_with(".json") {
            continue;
        }
        for line in BufReader::new(member).split(b'\n') {
            let value = serde_json::from_slice::<serde_json::Value>(&line.unwrap());
            count += u64::from(value.is_ok_and(|value| value.is_object()));
        }
    }
    count
}

fn main() {
    let mut args = std::env::args().skip(1);
    let kind = args.next().unwrap();
    let (end, read): (&str, fn(&Path) -> u64) =
        if kind == "evtx" { (".evtx", evtx_records) } else { (".zip", json_records) };
    let mut all = Vec::new();
    args.for_each(|path| files(Path::new(&path), end, &mut all));
    println!("{}", all.iter().map(|path| read(path)).sum::<u64>());
}
