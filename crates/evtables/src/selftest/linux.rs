// SPDX-License-Identifier: Apache-2.0
//! What a self-test does on Linux: within its own subtree, its own folder, and loopback.

use super::actions::{Action, Place, request, run, spawn, write_file};
use std::fs::{File, Permissions};
use std::io;
use std::net::UdpSocket;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

/// Where nobody else has a name server.
const SERVER: &str = "127.77.53.1:53";

/// The user that stands for nobody.
const NOBODY: u32 = 65_534;

pub(super) const ACTIONS: &[Action] = &[
    Action { shows: &[("linux_process_events", "cmdline")], act: process },
    Action { shows: &[("linux_image_load_events", "image_path")], act: image },
    Action { shows: &[("linux_file_events", "target_path")], act: write_file },
    Action { shows: &[("linux_file_attr_events", "target_path")], act: attributes },
    Action { shows: &[("linux_file_timestomp_events", "target_path")], act: backdate },
    Action { shows: &[("linux_named_pipe_events", "target_path")], act: fifo },
    Action { shows: &[("linux_signal_events", "target_pid")], act: kill },
    Action {
        shows: &[("linux_socket_events", "remote_port"), ("linux_http_events", "url")],
        act: request,
    },
    Action {
        shows: &[("linux_dns_events", "domain_name"), ("linux_dns_response_events", "domain_name")],
        act: resolve,
    },
    Action {
        shows: &[("linux_user_events", "pid"), ("linux_credential_events", "pid")],
        act: become_nobody,
    },
];

fn process(place: &Place) -> io::Result<Vec<String>> {
    run("/bin/sh", &["-c", &format!(": {}", place.token)])?;
    Ok(vec![place.token.clone()])
}

/// A library that nobody else has loaded: a copy of the one beside the shell's C library.
fn image(place: &Place) -> io::Result<Vec<String>> {
    let mut child = spawn("sleep", &["60"])?;
    let library = library_beside(child.id());
    child.kill()?;
    child.wait()?;
    let copy = place.file(".so");
    std::fs::copy(library?, &copy)?;
    let mut command = Command::new("/bin/sh");
    command.args(["-c", ":"]).env("LD_PRELOAD", &copy).stdin(Stdio::null());
    command.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    Ok(vec![place.token.clone() + ".so"])
}

/// Waits until the process has loaded its C library; small ones stand beside it.
fn library_beside(pid: u32) -> io::Result<PathBuf> {
    let until = Instant::now() + Duration::from_secs(5);
    while Instant::now() < until {
        let maps = std::fs::read_to_string(format!("/proc/{pid}/maps"))?;
        let paths = maps.lines().filter_map(|line| line.split_whitespace().nth(5));
        let mut beside = paths.map(|path| Path::new(path).with_file_name("libm.so.6"));
        if let Some(found) = beside.find(|path| path.is_file()) {
            return Ok(found);
        }
        std::thread::park_timeout(Duration::from_millis(5));
    }
    Err(io::Error::other("no library was found that could be copied"))
}

fn attributes(place: &Place) -> io::Result<Vec<String>> {
    let file = place.file(".mode");
    File::create(&file)?;
    std::fs::set_permissions(&file, Permissions::from_mode(0o640))?;
    Ok(vec![place.token.clone() + ".mode"])
}

fn backdate(place: &Place) -> io::Result<Vec<String>> {
    let file = File::create(place.file(".time"))?;
    file.set_modified(SystemTime::now() - Duration::from_secs(1_000_000))?;
    Ok(vec![place.token.clone() + ".time"])
}

fn fifo(place: &Place) -> io::Result<Vec<String>> {
    let file = place.file(".fifo");
    run("mkfifo", &[&file.display().to_string()])?;
    Ok(vec![place.token.clone() + ".fifo"])
}

fn kill(_place: &Place) -> io::Result<Vec<String>> {
    let mut child = spawn("sleep", &["60"])?;
    let pid = child.id();
    child.kill()?;
    child.wait()?;
    Ok(vec![pid.to_string()])
}

/// A child becomes a user who may do nothing, does nothing, and ends.
fn become_nobody(_place: &Place) -> io::Result<Vec<String>> {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", ":"]).uid(NOBODY).stdin(Stdio::null());
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let pid = child.id().to_string();
    child.wait()?;
    Ok(vec![pid.clone(), pid])
}

/// Asks a server of our own, and answers that there is no such name.
fn resolve(place: &Place) -> io::Result<Vec<String>> {
    let server = UdpSocket::bind(SERVER)?;
    server.set_read_timeout(Some(Duration::from_secs(5)))?;
    let client = UdpSocket::bind("127.0.0.1:0")?;
    client.set_read_timeout(Some(Duration::from_secs(5)))?;
    client.connect(SERVER)?;
    let mut query = vec![0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    for label in [place.token.as_str(), "invalid"] {
        query.push(u8::try_from(label.len()).map_err(io::Error::other)?);
        query.extend_from_slice(label.as_bytes());
    }
    // The end of the name, type A, class IN.
    query.extend_from_slice(&[0, 0, 1, 0, 1]);
    client.send(&query)?;
    let mut asked = [0; 512];
    let (length, peer) = server.recv_from(&mut asked)?;
    let mut answer = asked.get(..length).unwrap_or(&[]).to_vec();
    if let Some(flags) = answer.get_mut(2..4) {
        // A response, recursion wanted and there, no such name.
        flags.copy_from_slice(&[0x81, 0x83]);
    }
    server.send_to(&answer, peer)?;
    client.recv(&mut asked)?;
    let name = format!("{}.invalid", place.token);
    Ok(vec![name.clone(), name])
}
