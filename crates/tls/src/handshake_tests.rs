// SPDX-License-Identifier: Apache-2.0
//! Tests of `handshake`: hellos put together here, cut and damaged in every place.

use super::*;
use crate::samples::{client_hello, record, server_flight};
use proptest::prelude::*;

#[test]
fn a_client_hello_is_read_whole() {
    let (found, open) = messages(&client_hello());
    assert!(open);
    let [Message::Client(hello)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((hello.version, hello.newest()), (0x0303, 0x0304));
    assert_eq!(hello.server_name.as_deref(), Some("www.example.test"));
    assert_eq!(hello.alpn, [b"h2".to_vec(), b"http/1.1".to_vec()]);
    assert_eq!(hello.ciphers, [0x1a1a, 0x1301, 0x1302, 0xc02f]);
    assert_eq!(hello.groups, [29, 23]);
    assert_eq!(hello.point_formats, [0]);
    assert_eq!(hello.signatures, [0x0403, 0x0804]);
}

#[test]
fn a_flight_of_a_server_is_read_over_records_and_ends() {
    let flight = server_flight();
    let (found, open) = messages(&flight);
    assert!(open);
    let kinds: Vec<&str> = found
        .iter()
        .map(|message| match message {
            Message::Client(_) => "client",
            Message::Server(_) => "server",
            Message::Certificates(_) => "certificates",
            Message::Other(_) => "other",
        })
        .collect();
    assert_eq!(kinds, ["server", "certificates", "other"]);
    let Message::Server(hello) = &found[0] else { panic!() };
    assert_eq!((hello.version, hello.chosen, hello.cipher), (0x0303, 0x0303, 0xc02f));
    assert_eq!(hello.alpn.as_deref(), Some(&b"h2"[..]));
    assert_eq!(found[1], Message::Certificates(vec![b"first".to_vec(), b"second".to_vec()]));
    // What follows is no handshake: nothing more will come.
    let mut all = flight.clone();
    all.extend_from_slice(&[23, 3, 3, 0, 1, 0]);
    assert!(!messages(&all).1);
    // At each cut there is a beginning of it.
    for end in 0..flight.len() {
        let (cut, open) = messages(&flight[..end]);
        assert!(open && found.starts_with(&cut), "{end}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        messages(&bytes);
        messages(&record(&bytes));
    }

    #[test]
    fn damaged_hellos_are_read_without_a_panic(at in 0_usize..260, value: u8) {
        for mut bytes in [client_hello(), server_flight()] {
            let at = at % bytes.len();
            bytes[at] = value;
            messages(&bytes);
        }
    }
}
