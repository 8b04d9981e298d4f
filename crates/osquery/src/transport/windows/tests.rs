// SPDX-License-Identifier: Apache-2.0
//! Tests of named pipes: their names, their access list, and many clients.

use std::thread;

use super::*;

const LONG: Duration = Duration::from_secs(20);

#[test]
fn the_access_list_names_three_and_nobody_else() {
    let acl = Acl::private().unwrap();
    let text = acl.text().unwrap();
    let user = pipe::current_user().unwrap();
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
    let acl = Acl::private().unwrap();
    let pipe = Pipe::create(&path, &acl, First::Yes).unwrap();
    let kept = pipe::acl_of(&pipe).unwrap().text().unwrap();
    assert_eq!(kept.matches("(A;").count(), 3, "{kept}");
    assert!(kept.contains(";SY)") && kept.contains(";BA)"), "{kept}");
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
    let _listener = Listener::bind(&path).unwrap();
    let _taken = connect(&path, LONG).unwrap();
    let error = connect(&path, Duration::from_millis(20)).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
}

#[test]
fn many_clients_share_one_waiting_instance() {
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
