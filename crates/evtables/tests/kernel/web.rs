// SPDX-License-Identifier: Apache-2.0
//! What connections say before they are encrypted: requests, and handshakes with a real TLS server.

use crate::harness::text;
use crate::tables::{Scene, picked};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

#[test]
fn requests_are_told_on_both_sides() {
    let Some(mut scene) = Scene::start() else { return };
    let done = scene.act("web");
    let rows = scene.rows("linux_http_events", &format!("pid = {}", done["pid"]), 8);
    scene.assert_actor(&rows, "owner_uid");
    let mut wanted = Vec::new();
    for (at, host) in ["127.0.0.1", "[::1]"].iter().enumerate() {
        let server = format!("http://{host}:{}", done["ports"][at]);
        for role in ["client", "server"] {
            wanted.push(serde_json::json!([
                role,
                "GET",
                "http://web.test/a?b=c",
                "web.test",
                "act/1.0"
            ]));
            wanted.push(serde_json::json!([role, "POST", format!("{server}/form"), null, null]));
        }
    }
    let got = picked(&rows, &["role", "method", "url", "host", "user_agent"]);
    let mut got = got.as_array().unwrap().clone();
    let key = |value: &serde_json::Value| value.to_string();
    got.sort_by_key(key);
    wanted.sort_by_key(key);
    assert_eq!(got, wanted);
    for row in rows.iter().filter(|row| row["role"] == "client") {
        assert!(done["ports"].as_array().unwrap().contains(&row["remote_port"]), "{row:?}");
        assert!(["127.0.0.1", "::1"].contains(&text(row, "remote_address").as_str()), "{row:?}");
    }
}

fn openssl(folder: &Path, arguments: &str) -> String {
    let mut command = Command::new("openssl");
    command.args(arguments.split(' ')).current_dir(folder).stdin(Stdio::null());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{arguments}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// A root, and a server's certificate that it signed.
fn make_chain(folder: &Path) {
    std::fs::write(
        folder.join("names"),
        "subjectAltName=DNS:leaf.example.test,DNS:*.example.test,IP:127.0.0.1\n",
    )
    .unwrap();
    openssl(
        folder,
        "req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -days 30 -subj /O=Evtables/CN=Root",
    );
    openssl(
        folder,
        "req -new -newkey rsa:2048 -nodes -keyout leaf.key -out leaf.csr -subj /C=XX/O=Evtables/CN=leaf.example.test",
    );
    openssl(
        folder,
        "x509 -req -in leaf.csr -CA root.pem -CAkey root.key -set_serial 0x1BADCAFE -days 20 -extfile names -out leaf.pem",
    );
}

/// A server for one connection; it listens.
fn serve(folder: &Path, address: &str, version: &str) -> Child {
    let arguments = format!(
        "s_server -accept {address} -cert leaf.pem -key leaf.key -cert_chain root.pem -naccept 1 -alpn http/1.1 {version}"
    );
    let mut command = Command::new("openssl");
    command.args(arguments.split(' ')).current_dir(folder).stdin(Stdio::piped());
    let mut server = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut said = BufReader::new(server.stdout.take().unwrap());
    let mut line = String::new();
    while !line.starts_with("ACCEPT") {
        line.clear();
        assert_ne!(said.read_line(&mut line).unwrap(), 0, "the server ended");
    }
    // What it says later must not fill the pipe.
    std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
    server
}

#[test]
fn handshakes_are_told_with_names_fingerprints_and_certificates() {
    let Some(mut scene) = Scene::start() else { return };
    make_chain(&scene.folder);
    let mut pids = Vec::new();
    for (host, version) in [("127.0.0.1", "-tls1_2"), ("::1", "-tls1_3")] {
        let port = std::net::TcpListener::bind((host, 0)).unwrap().local_addr().unwrap().port();
        let address = std::net::SocketAddr::new(host.parse().unwrap(), port).to_string();
        let mut server = serve(&scene.folder, &address, version);
        let arguments = format!(
            "s_client -connect {address} -servername leaf.example.test -alpn h2,http/1.1 {version}"
        );
        let mut command = Command::new("openssl");
        command.args(arguments.split(' ')).current_dir(&scene.folder).stdin(Stdio::piped());
        let mut client = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        client.stdin.take().unwrap().write_all(b"Q\n").unwrap();
        assert!(client.wait().unwrap().success());
        pids.push((client.id(), server.id(), host, port));
        drop(server.stdin.take());
        server.wait().unwrap();
    }
    let all = pids.iter().flat_map(|(client, server, ..)| [client.to_string(), server.to_string()]);
    let all = all.collect::<Vec<_>>().join(", ");
    let rows = scene.rows("linux_ssl_events", &format!("pid IN ({all})"), 4);
    assert_eq!(rows.len(), 4, "{rows:?}");
    let row_of =
        |pid: u32| rows.iter().find(|row| row["pid"].as_i64() == Some(pid.into())).unwrap();
    for (at, (client, server, host, port)) in pids.into_iter().enumerate() {
        let (client, server) = (row_of(client), row_of(server));
        assert_eq!((&client["role"], &server["role"]), (&"client".into(), &"server".into()));
        assert_eq!(client["remote_port"], port);
        for row in [client, server] {
            assert_eq!(text(row, "server_name"), "leaf.example.test");
            assert_eq!(
                (text(row, "action"), text(row, "event_type")),
                ("TLS_HANDSHAKE".into(), "SSL".into())
            );
            assert_eq!(text(row, "alpn"), "h2,http/1.1");
            assert_eq!(text(row, "remote_address"), host);
            assert!(text(row, "process_name").ends_with("/openssl"), "{row:?}");
            assert_eq!(text(row, "version"), ["TLS 1.2", "TLS 1.3"][at]);
            assert!(text(row, "ja4").starts_with(["t12d", "t13d"][at]), "{row:?}");
            assert_eq!((text(row, "ja3_md5").len(), text(row, "ja3s_md5").len()), (32, 32));
            // Both sides have seen the same.
            for column in ["ja3_md5", "ja3s_md5", "ja4", "cipher", "subject_name"] {
                assert_eq!(row[column], client[column]);
            }
        }
        if at == 0 {
            let leaf = "/C=XX/O=Evtables/CN=leaf.example.test";
            assert_eq!(text(client, "subject_name"), format!("{leaf},/O=Evtables/CN=Root"));
            assert_eq!(text(client, "issuer_name"), "/O=Evtables/CN=Root,/O=Evtables/CN=Root");
            assert_eq!(text(client, "serial_number"), "1BADCAFE");
            let names = "DNS:leaf.example.test,DNS:*.example.test,IP:127.0.0.1";
            assert_eq!(text(client, "dns_names"), names);
            let end = openssl(&scene.folder, "x509 -in leaf.pem -noout -enddate");
            let end = end.trim().strip_prefix("notAfter=").unwrap();
            let seconds = Command::new("date").args(["-u", "-d", end, "+%s"]).output().unwrap();
            let seconds = String::from_utf8(seconds.stdout).unwrap();
            assert_eq!(client["not_after"].to_string(), seconds.trim());
        } else {
            assert!(client["subject_name"].is_null(), "{client:?}");
        }
    }
}
