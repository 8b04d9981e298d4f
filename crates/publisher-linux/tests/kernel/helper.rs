// SPDX-License-Identifier: Apache-2.0
//! Programs for the tests to watch: this test binary, started again with a word in its environment.
#![allow(clippy::unwrap_used, clippy::panic)] // Test code.

use std::io::Write;
use std::os::fd::AsRawFd;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::{Arc, Barrier};

const WORD: &str = "EVTABLES_TEST_HELPER";

/// A command that does what `word` says.
pub(crate) fn command(word: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "helper_entry", "--nocapture"]).env(WORD, word);
    command.stdout(std::process::Stdio::null());
    command
}

/// Does what the environment says; nothing in an ordinary test run.
pub(crate) fn run() {
    match std::env::var(WORD).as_deref() {
        Ok("memfd") => run_memory_file(),
        Ok("threads") => end_with_threads(),
        _ => {}
    }
}

fn run_memory_file() {
    let flags = rustix::fs::MemfdFlags::empty();
    let fd = rustix::fs::memfd_create("evtables-test", flags).unwrap();
    let mut file = std::fs::File::from(fd);
    file.write_all(&std::fs::read("/bin/true").unwrap()).unwrap();
    let path = format!("/proc/self/fd/{}", file.as_raw_fd());
    // Still open for writing it would be busy: open it anew to read, close the writer.
    let reader = std::fs::File::open(&path).unwrap();
    drop(file);
    let path = format!("/proc/self/fd/{}", reader.as_raw_fd());
    panic!("exec failed: {}", Command::new(path).arg0("from-memory").exec());
}

/// Threads that all end at the same moment as the process does.
fn end_with_threads() {
    let barrier = Arc::new(Barrier::new(9));
    for _ in 0..8 {
        let barrier = Arc::clone(&barrier);
        std::thread::spawn(move || barrier.wait());
    }
    barrier.wait();
    std::process::exit(3);
}
