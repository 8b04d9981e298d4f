// SPDX-License-Identifier: Apache-2.0
//! Payloads of packets: DNS messages, handshakes of TLS, certificates, requests of HTTP. The parsers are
//! compiled in here, because their crate needs clang.
#![no_main]

#[path = "../../crates/publisher-linux/src/decode/dns/message.rs"]
#[allow(dead_code)]
mod message;
#[path = "../../crates/publisher-linux/src/decode/http/request.rs"]
#[allow(dead_code)]
mod request;
#[path = "../../crates/publisher-linux/src/decode/text.rs"]
#[allow(dead_code)]
mod text;

use evtables_tls::Certificate;
use evtables_tls::handshake::{Message, messages};
use message::Message as Dns;
use request::Request;
use std::net::{IpAddr, Ipv4Addr};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    Dns::parse(bytes);
    Certificate::parse(bytes);
    if let Some(request) = Request::parse(bytes) {
        assert!(!request.url((IpAddr::V4(Ipv4Addr::LOCALHOST), 8080)).is_empty());
    }
    read_handshake(bytes);
    // In a record of its own, so that the messages are reached.
    if let Ok(len) = u16::try_from(bytes.len()) {
        let [high, low] = len.to_be_bytes();
        read_handshake(&[&[22, 3, 1, high, low], bytes].concat());
    }
});

fn read_handshake(bytes: &[u8]) {
    let (found, _) = messages(bytes);
    // What is cut is the beginning of the whole.
    let (cut, _) = messages(bytes.get(..bytes.len() / 2).unwrap_or_default());
    assert!(cut.len() <= found.len());
    for message in found {
        if let Message::Certificates(chain) = message {
            chain.iter().for_each(|der| drop(Certificate::parse(der)));
        }
    }
}
