// SPDX-License-Identifier: Apache-2.0
//! Tests of `transport`, the same on each system: bytes, deadlines, and ends.

use std::io::Write;
use std::path::PathBuf;
use std::thread;

use super::*;

struct Fixture {
    listener: Listener,
    wake: Wake,
    waker: Waker,
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl Fixture {
    fn new() -> Fixture {
        let folder = tempfile::tempdir().unwrap();
        let path = socket_for_test(&folder, "s");
        let (waker, wake) = waker().unwrap();
        let listener = Listener::bind(&path).unwrap();
        Fixture { listener, wake, waker, path, _folder: folder }
    }

    /// Our end and theirs.
    fn pair(&self) -> (Stream, Stream) {
        let theirs = connect(&self.path, TEST_TIMEOUT).unwrap();
        loop {
            if let Accepted::Stream(ours) = self.listener.accept(&self.wake).unwrap() {
                return (ours, theirs);
            }
        }
    }
}

#[test]
fn the_server_is_known() {
    let fixture = Fixture::new();
    let (_ours, theirs) = fixture.pair();
    assert_eq!(theirs.server_pid(), Some(std::process::id()));
    assert_eq!(crate::server_pid(&fixture.path), Some(std::process::id()));
}

#[test]
fn a_server_of_an_ordinary_user_is_refused() {
    let distrust = |user: &str, is_elevated| {
        let server = ServerProcess { pid: 7, user: user.into(), is_elevated };
        server.distrust("S-1-5-21-1-2-3-1001")
    };
    assert_eq!(distrust("S-1-5-18", false), None, "SYSTEM");
    assert_eq!(distrust("S-1-5-21-1-2-3-500", true), None, "an administrator");
    assert_eq!(distrust("S-1-5-21-1-2-3-1001", false), None, "ourselves");
    for user in ["S-1-5-21-1-2-3-1002", "S-1-5-19", "S-1-5-1", ""] {
        let reason = distrust(user, false).unwrap();
        assert!(reason.contains("process 7") && reason.contains(user), "{reason}");
    }
}

#[test]
fn bytes_go_both_ways_and_the_end_is_seen() {
    let fixture = Fixture::new();
    let (mut ours, mut theirs) = fixture.pair();
    theirs.write_all(b"ask").unwrap();
    let mut bytes = [0; 3];
    ours.read_exact(&mut bytes).unwrap();
    assert_eq!(&bytes, b"ask");
    assert!(theirs.is_quiet());
    ours.write_all(b"answer").unwrap();
    assert!(!theirs.is_quiet());
    // What was sent before the end can still be read.
    drop(ours);
    let mut answer = Vec::new();
    theirs.read_to_end(&mut answer).unwrap();
    assert_eq!(answer, b"answer");
    assert!(!theirs.is_quiet() && theirs.write_all(b"x").is_err());
}

#[test]
fn big_messages_pass() {
    let fixture = Fixture::new();
    let (ours, mut theirs) = fixture.pair();
    let sent: Vec<u8> = (0..3_000_000_u32).map(|byte| byte.to_le_bytes()[0]).collect();
    let mut received = Vec::new();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut ours = ours;
            ours.write_all(&sent).unwrap();
        });
        theirs.read_to_end(&mut received).unwrap();
    });
    assert!(received == sent, "{} of {} bytes", received.len(), sent.len());
}

#[test]
fn reads_end_at_the_deadline() {
    let fixture = Fixture::new();
    let (ours, mut theirs) = fixture.pair();
    let mut connection = Connection::new(Arc::new(ours));
    connection.read_until(Some(Instant::now() + Duration::from_millis(20)));
    theirs.write_all(b"ab").unwrap();
    let mut bytes = [0; 3];
    let error = connection.read_exact(&mut bytes).unwrap_err();
    assert!(matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut));
    connection.read_until(None);
    drop(theirs);
    assert!(!connection.wait().unwrap());
}

#[test]
fn writes_to_a_peer_that_takes_nothing_end() {
    let fixture = Fixture::new();
    let (ours, _theirs) = fixture.pair();
    let bytes = vec![0; 4 << 20];
    let error = ours.write_within(&bytes, Some(Duration::from_millis(20))).unwrap_err();
    assert!(matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut));
}

#[test]
fn close_ends_a_read_of_another_thread_on_either_side() {
    let fixture = Fixture::new();
    let (ours, theirs) = fixture.pair();
    for stream in [&ours, &theirs] {
        thread::scope(|scope| {
            let reading = scope.spawn(|| stream.read_within(&mut [0; 1], None));
            stream.close();
            assert_eq!(reading.join().unwrap().unwrap(), 0);
        });
        assert_eq!(stream.read_within(&mut [0; 1], None).unwrap(), 0, "for good");
    }
}

#[test]
fn accept_ends_when_woken_and_pauses_pass() {
    let fixture = Fixture::new();
    assert!(!fixture.wake.pause(Duration::from_millis(1)).unwrap());
    thread::scope(|scope| {
        let accepting = scope.spawn(|| fixture.listener.accept(&fixture.wake));
        fixture.waker.wake();
        assert!(matches!(accepting.join().unwrap(), Ok(Accepted::Woken)));
    });
    assert!(fixture.wake.pause(TEST_TIMEOUT).unwrap(), "for good");
}

#[test]
fn one_listener_at_a_time_and_none_afterwards() {
    let fixture = Fixture::new();
    assert_eq!(Listener::bind(&fixture.path).unwrap_err().kind(), io::ErrorKind::AddrInUse);
    let Fixture { listener, path, .. } = fixture;
    drop(listener);
    assert!(!exists_for_test(&path));
    assert!(connect(&path, Duration::ZERO).is_err());
    drop(Listener::bind(&path).unwrap());
}

#[test]
fn clients_that_leave_before_they_are_served_harm_nobody() {
    let fixture = Fixture::new();
    for _ in 0..20 {
        drop(connect(&fixture.path, TEST_TIMEOUT).unwrap());
        let accepted = fixture.listener.accept(&fixture.wake).unwrap();
        assert!(!matches!(accepted, Accepted::Woken));
    }
    let (mut ours, mut theirs) = fixture.pair();
    theirs.write_all(b"x").unwrap();
    ours.read_exact(&mut [0; 1]).unwrap();
}
