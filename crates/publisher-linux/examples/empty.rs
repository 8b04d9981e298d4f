// SPDX-License-Identifier: Apache-2.0
//! Attaches programs that do nothing where those of the tables hang (bpf/empty.bpf.c), says `attached`,
//! and waits for the end of its input: the yardstick of `./dev bench capture`. Needs root.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)] // A tool.

use libbpf_rs::ObjectBuilder;
use std::fs::File;
use std::io::Read as _;
use std::os::fd::AsRawFd as _;

fn main() {
    let bytes = include_bytes!(concat!(env!("OUT_DIR"), "/empty.bpf.o"));
    let object = ObjectBuilder::default().open_memory(bytes).unwrap().load().unwrap();
    let mounts = std::fs::read_to_string("/proc/self/mounts").unwrap();
    let mut lines = mounts.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    let root = lines.find(|words| words.get(2) == Some(&"cgroup2")).unwrap();
    let root = File::open(root.get(1).unwrap()).unwrap();
    let links: Vec<_> = object
        .progs_mut()
        .map(|program| match program.section().to_str().unwrap().starts_with("cgroup") {
            true => program.attach_cgroup(root.as_raw_fd()).unwrap(),
            false => program.attach().unwrap(),
        })
        .collect();
    println!("attached");
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
    drop(links);
}
