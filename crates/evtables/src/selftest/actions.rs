// SPDX-License-Identifier: Apache-2.0
//! What the child of a self-test does, and how it tells its parent what should be seen: a line per row,
//! `table`, `column` and the text or number that the column must hold.

use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A row that should come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Expected {
    pub(super) column: String,
    /// Text that the column holds somewhere, or its number.
    pub(super) value: String,
}

/// One thing that is done.
pub(super) struct Action {
    /// Tables and columns that show it.
    pub(super) shows: &'static [(&'static str, &'static str)],
    /// Does it; returns what each of the columns must hold.
    pub(super) act: fn(&Place) -> io::Result<Vec<String>>,
}

/// Where and under which name things are done.
pub(super) struct Place {
    folder: PathBuf,
    /// Nothing else on this machine has it in its name.
    pub(super) token: String,
}

impl Place {
    pub(super) fn file(&self, end: &str) -> PathBuf {
        self.folder.join(format!("{}{end}", self.token))
    }
}

/// Does everything and tells of it.
pub(super) fn act(folder: &Path, actions: &[Action]) {
    let token = format!("evtables-selftest-{}", std::process::id());
    let place = Place { folder: folder.to_owned(), token };
    let mut out = io::stdout().lock();
    for action in actions {
        let done = (action.act)(&place);
        for (at, (table, column)) in action.shows.iter().enumerate() {
            let _ = match &done {
                Ok(values) => match values.get(at) {
                    Some(value) => writeln!(out, "{table}\t{column}\t{value}"),
                    None => writeln!(out, "{table}\t!\tnobody knows what it shows"),
                },
                Err(error) => writeln!(out, "{table}\t!\t{error}"),
            };
        }
    }
}

/// A line of [`act`]: the table, and the row or why there is none.
pub(super) fn parse(line: &str) -> Option<(String, Result<Expected, String>)> {
    let mut parts = line.splitn(3, '\t');
    let (table, column, value) = (parts.next()?, parts.next()?, parts.next()?);
    let told = match column {
        "!" => Err(value.to_owned()),
        column => Ok(Expected { column: column.to_owned(), value: value.to_owned() }),
    };
    Some((table.to_owned(), told))
}

/// Starts a program that says nothing.
pub(super) fn spawn(program: &str, arguments: &[&str]) -> io::Result<Child> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn()
}

/// Runs it to its end, which must be a good one.
pub(super) fn run(program: &str, arguments: &[&str]) -> io::Result<()> {
    let status = spawn(program, arguments)?.wait()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("{program}: {status}"))) }
}

/// A file is written.
pub(super) fn write_file(place: &Place) -> io::Result<Vec<String>> {
    std::fs::write(place.file(".txt"), "evtables")?;
    Ok(vec![place.token.clone() + ".txt"])
}

/// A request to a server of ours, on loopback; the server's port and the page.
pub(super) fn request(place: &Place) -> io::Result<Vec<String>> {
    let server = TcpListener::bind(("127.0.0.1", 0))?;
    let port = server.local_addr()?.port();
    let mut client = TcpStream::connect(("127.0.0.1", port))?;
    let (mut served, _) = server.accept()?;
    let request = format!("GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n", place.token);
    client.write_all(request.as_bytes())?;
    let mut taken = vec![0; request.len()];
    served.read_exact(&mut taken)?;
    Ok(vec![port.to_string(), place.token.clone()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_they_are_written() {
        let expected = Expected { column: "path".into(), value: "a\tb".into() };
        assert_eq!(parse("t\tpath\ta\tb"), Some(("t".into(), Ok(expected))));
        assert_eq!(parse("t\t!\tno"), Some(("t".into(), Err("no".into()))));
        assert_eq!(parse("t\tx"), None);
        let folder = tempfile::tempdir().unwrap();
        let place = Place { folder: folder.path().into(), token: "token".into() };
        assert_eq!(write_file(&place).unwrap(), ["token.txt"]);
        assert!(place.file(".txt").exists());
        assert_eq!(request(&place).unwrap()[1], "token");
        assert!(spawn("there is no such program", &[]).is_err());
    }
}
