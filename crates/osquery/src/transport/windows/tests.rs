// SPDX-License-Identifier: Apache-2.0
//! Tests of named pipes: their names, their access list, and many clients.

use std::thread;

use windows_sys::Win32::Security::DACL_SECURITY_INFORMATION;

use super::*;

const LONG: Duration = Duration::from_secs(20);

#[test]
fn the_access_list_names_three_and_nobody_else() {
    let acl = acl::private().unwrap();
    let text = acl.text(DACL_SECURITY_INFORMATION).unwrap();
    let user = acl::current_user().unwrap();
    assert!(user.starts_with("S-1-5-"), "{user}");
    assert!(text.starts_with("D:P"), "nothing is inherited: {text}");
    let entries: Vec<&str> = text.split(['(', ')']).filter(|part| part.starts_with("A;")).collect();
    assert_eq!(entries.len(), 3, "{text}");
    assert_eq!(text.matches('(').count(), 3, "{text}");
    assert!(entries[0].ends_with(";SY") && entries[1].ends_with(";BA"), "{text}");
    // The user may be one that has a name of two letters, too.
    assert!(entries[2].ends_with(&format!(";{user}")) || user.ends_with("-500"), "{text} {user}");
}

#[test]
fn the_system_keeps_the_access_list() {
    let folder = tempfile::tempdir().unwrap();
    let path = socket_for_test(&folder, "acl");
    let acl = acl::private().unwrap();
    let pipe = Instance::create(&path, &acl, First::Yes).unwrap();
    let kept = acl::acl_of(&pipe).unwrap().text(DACL_SECURITY_INFORMATION).unwrap();
    assert_eq!(kept.matches("(A;").count(), 3, "{kept}");
    assert!(kept.contains(";SY)") && kept.contains(";BA)"), "{kept}");
}

#[test]
fn the_process_that_serves_is_ours() {
    let folder = tempfile::tempdir().unwrap();
    let path = socket_for_test(&folder, "server");
    let _listener = Listener::bind(&path).unwrap();
    let stream = connect(&path, LONG).unwrap();
    let server = server::process(server::pid_of(&stream.0).unwrap()).unwrap();
    assert_eq!(server.pid, std::process::id());
    assert_eq!(server.user, acl::current_user().unwrap());
    assert!(stream.check_server().is_ok());
    assert!(server::process(0).is_err(), "nobody has this number");
}

#[test]
fn only_names_of_pipes_are_taken() {
    let long = format!(r"\\.\pipe\{}", "x".repeat(300));
    for path in [r"C:\file", r"\\.\pipe\", r"\\.\pipe\a\b", r"\\host\pipe\a", "pipe", &long] {
        let path = Path::new(path);
        assert_eq!(Listener::bind(path).unwrap_err().kind(), io::ErrorKind::InvalidInput);
        assert_eq!(connect(path, LONG).unwrap_err().kind(), io::ErrorKind::InvalidInput);
    }
    let nobody = connect(Path::new(r"\\.\pipe\evtables-nobody"), LONG);
    assert_eq!(nobody.unwrap_err().kind(), io::ErrorKind::NotFound);
}

#[test]
fn a_pipe_whose_instances_are_taken_times_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = socket_for_test(&folder, "busy");
    // Nobody accepts, so the first instance is the only one.
    let _listener = Listener::bind(&path).unwrap();
    let _taken = connect(&path, LONG).unwrap();
    let error = connect(&path, Duration::from_millis(20)).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
}

#[test]
fn clients_that_come_before_they_are_accepted_wait_in_a_queue() {
    let folder = tempfile::tempdir().unwrap();
    let path = socket_for_test(&folder, "queue");
    let listener = Listener::bind(&path).unwrap();
    let (waker, wake) = waker().unwrap();
    let mut clients = Vec::new();
    thread::scope(|scope| {
        // The one that accepts is the one that makes instances.
        let accepting = scope.spawn(|| {
            let mut accepted = Vec::new();
            while let Accepted::Stream(stream) = listener.accept(&wake).unwrap() {
                accepted.push(stream);
            }
            accepted.len()
        });
        clients.extend((0..2 * INSTANCES_WAITING).map(|_| connect(&path, LONG).unwrap()));
        assert!(clients.iter().all(Stream::is_quiet));
        // All are connected; those that were not handed out yet are dropped with the listener.
        waker.wake();
        assert!(accepting.join().unwrap() >= INSTANCES_WAITING);
    });
    drop(clients);
    drop(listener);
    assert!(!pipe::exists(&path));
}

#[test]
fn more_clients_than_instances_are_all_served() {
    let folder = tempfile::tempdir().unwrap();
    let path = socket_for_test(&folder, "many");
    let listener = Listener::bind(&path).unwrap();
    let (_waker, wake) = waker().unwrap();
    thread::scope(|scope| {
        for number in 0..50 {
            let path = &path;
            scope.spawn(move || {
                let stream = connect(path, LONG).unwrap();
                stream.write_within(&[number], Some(LONG)).unwrap();
                assert_eq!(stream.read_within(&mut [0; 1], Some(LONG)).unwrap(), 1);
            });
        }
        let mut served = 0;
        while served < 50 {
            let Accepted::Stream(stream) = listener.accept(&wake).unwrap() else { continue };
            served += 1;
            scope.spawn(move || {
                let mut byte = [0; 1];
                assert_eq!(stream.read_within(&mut byte, Some(LONG)).unwrap(), 1);
                stream.write_within(&byte, Some(LONG)).unwrap();
            });
        }
    });
}
