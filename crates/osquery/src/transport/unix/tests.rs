// SPDX-License-Identifier: Apache-2.0
//! Tests of Unix sockets: their files and their queue.

use super::*;

#[test]
fn the_socket_is_private_and_goes_with_the_listener() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s");
    let listener = Listener::bind(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
    drop(listener);
    assert!(!path.exists());
}

#[test]
fn a_dead_socket_is_replaced_but_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s");
    drop(UnixListener::bind(&path).unwrap());
    let listener = Listener::bind(&path).unwrap();
    assert_eq!(Listener::bind(&path).unwrap_err().kind(), io::ErrorKind::AddrInUse);
    let file = folder.path().join("file");
    fs::write(&file, "kept").unwrap();
    assert_eq!(Listener::bind(&file).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    assert_eq!(fs::read_to_string(&file).unwrap(), "kept");
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert_eq!(Listener::bind(&link).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    // Another's file at our path stays when we go.
    fs::remove_file(&path).unwrap();
    fs::write(&path, "another's").unwrap();
    drop(listener);
    assert!(path.exists());
}

#[test]
fn a_path_that_is_too_long_is_an_error() {
    let path = PathBuf::from("/tmp").join("x".repeat(200));
    assert!(Listener::bind(&path).is_err());
    assert!(connect(&path, Duration::ZERO).is_err());
}

#[test]
fn a_full_queue_times_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s");
    let socket = private_socket().unwrap();
    rustix::net::bind(&socket, &SocketAddrUnix::new(&path).unwrap()).unwrap();
    rustix::net::listen(&socket, 0).unwrap();
    let _queued = connect(&path, Duration::ZERO).unwrap();
    let error = connect(&path, Duration::from_millis(20)).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
}
