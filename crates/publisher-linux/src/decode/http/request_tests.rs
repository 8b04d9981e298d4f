// SPDX-License-Identifier: Apache-2.0
//! Tests of `request`: requests whole, cut and damaged, and what is none.

use super::*;
use proptest::prelude::*;

const REQUEST: &[u8] =
    b"GET /a?b=c HTTP/1.1\r\nHost: www.example.test:8080\r\nuser-agent:  tool/1.0 \r\nX: y\r\n\r\nHost: body";

fn url(bytes: &[u8], server: &str) -> String {
    let server: std::net::SocketAddr = server.parse().unwrap();
    Request::parse(bytes).unwrap().url((server.ip(), server.port()))
}

#[test]
fn requests_are_read() {
    let request = Request::parse(REQUEST).unwrap();
    assert_eq!((&*request.method, &*request.target), ("GET", "/a?b=c"));
    assert_eq!(request.host.as_deref(), Some("www.example.test:8080"));
    assert_eq!(request.user_agent.as_deref(), Some("tool/1.0"));
    assert_eq!(url(REQUEST, "192.0.2.1:8080"), "http://www.example.test:8080/a?b=c");
    assert_eq!(url(b"GET / HTTP/1.0\n\n", "192.0.2.1:80"), "http://192.0.2.1/");
    assert_eq!(url(b"GET / HTTP/1.0\n\n", "[2001:db8::1]:81"), "http://[2001:db8::1]:81/");
    assert_eq!(url(b"GET http://x/y HTTP/1.1\r\n\r\n", "192.0.2.1:80"), "http://x/y");
    assert_eq!(url(b"CONNECT x:443 HTTP/1.1\r\n\r\n", "192.0.2.1:80"), "x:443");
    // Cut inside the first line: what there is of it.
    assert_eq!(url(b"GET /long/pa", "192.0.2.1:80"), "http://192.0.2.1/long/pa");
    assert_eq!(url(b"GET /a HTT", "192.0.2.1:80"), "http://192.0.2.1/a");
}

#[test]
fn other_bytes_are_no_request() {
    for bytes in [
        &b""[..],
        b"\n",
        b"GET",
        b"GET \r\n",
        b"get / HTTP/1.1\r\n\r\n",
        b"GET /\r\nHost: x\r\n\r\n",
        b"GET / HTTP/2.0\r\n\r\n",
        b"GET / HTTP/1.1 x\r\n\r\n",
        b"POST office hours\n",
        b"GET\0/ HTTP/1.1\n",
    ] {
        assert_eq!(Request::parse(bytes), None, "{bytes:?}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        Request::parse(&bytes);
    }

    #[test]
    fn damaged_requests_are_read_without_a_panic(at in 0..REQUEST.len(), value: u8, end in 0..REQUEST.len()) {
        let mut bytes = REQUEST.to_vec();
        bytes[at] = value;
        Request::parse(&bytes);
        Request::parse(&bytes[..end]);
    }
}
