// SPDX-License-Identifier: Apache-2.0
//! Records of the ring buffer. The parser is compiled in here, because its crate needs clang.
#![no_main]

#[path = "../../crates/publisher-linux/src/record/mod.rs"]
#[allow(dead_code, unused_imports, rustdoc::broken_intra_doc_links)]
mod record;

use record::{Components, Record, parse, split_first};

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
    match record {
        Record::Exec(exec) | Record::Running(exec) => {
            for components in [exec.exe, exec.cwd, exec.cgroup] {
                join(components);
            }
            let parts = [exec.filename, exec.interp, exec.tty, exec.argv];
            assert!(parts.iter().map(|part| part.len()).sum::<usize>() <= bytes.len());
            assert!(!exec.tty.contains(&0) && !exec.filename.contains(&0));
        }
        Record::File(file) => join(file.path),
        Record::Call(call) => {
            join(call.first.at);
            join(call.second.at);
            let parts = [call.first.given, call.second.given, call.data];
            assert!(parts.iter().map(|part| part.len()).sum::<usize>() <= bytes.len());
        }
        Record::Packet(packet) => assert!(packet.payload.len() <= bytes.len()),
        Record::Fork(_) | Record::Exit(_) | Record::Socket(_) => {}
    }
}

fn join(components: Components<'_>) {
    let mut path = Vec::new();
    components.join_into(&mut path);
    assert!(path.starts_with(b"/"));
    assert!(path.len() <= components.0.len() + 2);
}
