// SPDX-License-Identifier: Apache-2.0
//! What a self-test does on Windows: in its own folder, one key of its own below the user's, and loopback.
//! A thread in another process and a new USB disk are left to people.

use super::actions::{Action, Place, request, run, spawn, write_file};
use std::io::{self, Read as _};
use std::net::ToSocketAddrs as _;

const KEY: &str = r"HKCU\Software";

pub(super) const ACTIONS: &[Action] = &[
    Action {
        shows: &[
            ("win_process_events", "cmdline"),
            ("win_image_load_events", "pid"),
            ("win_image_load_process_map", "pid"),
        ],
        act: process,
    },
    Action { shows: &[("win_file_events", "target_path")], act: write_file },
    Action { shows: &[("win_pefile_events", "target_path")], act: executable },
    Action { shows: &[("win_registry_events", "target_name")], act: registry },
    Action { shows: &[("win_socket_events", "remote_port")], act: request },
    Action {
        shows: &[("win_dns_events", "domain_name"), ("win_dns_response_events", "domain_name")],
        act: resolve,
    },
    Action { shows: &[("win_http_events", "url")], act: web },
    Action { shows: &[("win_ssl_events", "server_name")], act: secure_web },
    Action { shows: &[("win_named_pipe_events", "target_path")], act: pipe },
    Action { shows: &[("win_process_open_events", "target_pid")], act: open },
];

fn process(place: &Place) -> io::Result<Vec<String>> {
    let mut child = spawn("cmd.exe", &["/d", "/c", "rem", &place.token])?;
    let pid = child.id().to_string();
    child.wait()?;
    Ok(vec![place.token.clone(), pid.clone(), pid])
}

fn executable(place: &Place) -> io::Result<Vec<String>> {
    std::fs::copy(std::env::current_exe()?, place.file(".exe"))?;
    Ok(vec![place.token.clone() + ".exe"])
}

fn registry(place: &Place) -> io::Result<Vec<String>> {
    let key = format!("{KEY}\\{}", place.token);
    run("reg.exe", &["add", &key, "/v", "tested", "/d", "evtables", "/f"])?;
    run("reg.exe", &["delete", &key, "/f"])?;
    Ok(vec![place.token.clone()])
}

/// A name that nobody has: that it is not found is the point.
fn resolve(place: &Place) -> io::Result<Vec<String>> {
    let name = format!("{}.invalid", place.token);
    let _ = (name.as_str(), 80).to_socket_addrs();
    Ok(vec![name.clone(), name])
}

/// By the system's own client of the web, to a port where nobody listens.
fn web(place: &Place) -> io::Result<Vec<String>> {
    let port = std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    let script = format!(
        "$w = New-Object -ComObject WinHttp.WinHttpRequest.5.1; \
         $w.Open('GET', 'http://127.0.0.1:{port}/{}', $false); try {{ $w.Send() }} catch {{ }}",
        place.token
    );
    powershell(&script)?;
    Ok(vec![place.token.clone()])
}

/// The same in TLS, to a listener of ours that takes the client's hello and hangs up.
fn secure_web(_place: &Place) -> io::Result<Vec<String>> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
    let port = listener.local_addr()?.port();
    // It is left behind when nobody comes.
    std::thread::spawn(move || {
        let mut hello = [0; 1_024];
        let taken = listener.accept().and_then(|(mut stream, _)| stream.read(&mut hello));
        drop(taken);
    });
    powershell(&format!(
        "$w = New-Object -ComObject WinHttp.WinHttpRequest.5.1; \
         $w.Open('GET', 'https://localhost:{port}/', $false); try {{ $w.Send() }} catch {{ }}"
    ))?;
    Ok(vec!["localhost".to_owned()])
}

fn pipe(place: &Place) -> io::Result<Vec<String>> {
    let script = format!(
        "$p = New-Object System.IO.Pipes.NamedPipeServerStream('{}'); $p.Dispose()",
        place.token
    );
    powershell(&script)?;
    Ok(vec![place.token.clone()])
}

/// Has another process read which modules we have.
fn open(_place: &Place) -> io::Result<Vec<String>> {
    let pid = std::process::id();
    powershell(&format!("(Get-Process -Id {pid}).Modules | Out-Null"))?;
    Ok(vec![pid.to_string()])
}

fn powershell(script: &str) -> io::Result<()> {
    run("powershell.exe", &["-NoProfile", "-NonInteractive", "-Command", script])
}
