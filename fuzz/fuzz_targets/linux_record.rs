// SPDX-License-Identifier: Apache-2.0
//! Records of the ring buffer. The parser is compiled in here, because its crate needs clang.
#![no_main]

#[path = "../../crates/publisher-linux/src/record.rs"]
#[allow(dead_code, rustdoc::broken_intra_doc_links)]
mod record;

use record::{Record, parse, split_first};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut stream = bytes;
    while let Some((first, rest)) = split_first(stream) {
        assert!(first.len() + rest.len() == stream.len() && !first.is_empty());
        read(first);
        stream = rest;
    }
    read(bytes);
    // The length put right, so that the parts are reached.
    let mut bytes = bytes.to_vec();
    let length = (bytes.len() as u32).to_ne_bytes();
    if let Some(place) = bytes.get_mut(4..8) {
        place.copy_from_slice(&length);
        read(&bytes);
    }
});

fn read(bytes: &[u8]) {
    let Ok(record) = parse(bytes) else { return };
    let exec = match record {
        Record::Exec(exec) | Record::Running(exec) => exec,
        Record::Fork(_) | Record::Exit(_) => return,
    };
    let mut path = Vec::new();
    for components in [exec.exe, exec.cwd, exec.cgroup] {
        path.clear();
        components.join_into(&mut path);
        assert!(path.starts_with(b"/"));
        assert!(path.len() <= components.0.len() + 2);
    }
    let parts = [exec.filename, exec.interp, exec.tty, exec.argv];
    assert!(parts.iter().map(|part| part.len()).sum::<usize>() <= bytes.len());
    assert!(!exec.tty.contains(&0) && !exec.filename.contains(&0));
}
