// SPDX-License-Identifier: Apache-2.0
//! A request of HTTP/1 (RFC 9112) at the beginning of a segment. Foreign bytes: what is no request is
//! `None`, never a panic.

use std::net::IpAddr;

/// Header lines that are looked at.
const LINES_MAX: usize = 100;
/// The port that a URL leaves out.
const PORT: u16 = 80;

/// A request, as far as its segment holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) host: Option<String>,
    pub(crate) user_agent: Option<String>,
}

impl Request {
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let mut lines = bytes.split(|byte| *byte == b'\n');
        let first = lines.next()?;
        let whole = first.len() < bytes.len();
        let mut words = first.strip_suffix(b"\r").unwrap_or(first).split(|byte| *byte == b' ');
        let (method, target) = (words.next()?, words.next()?);
        let is_token = !method.is_empty() && method.iter().all(u8::is_ascii_uppercase);
        // A first line that is cut has no version.
        let is_http = words.next().map_or(!whole, |version| {
            b"HTTP/1.".starts_with(version) || version.starts_with(b"HTTP/1.")
        });
        if !is_token || target.is_empty() || !is_http || words.next().is_some() {
            return None;
        }
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let mut request =
            Self { method: text(method), target: text(target), host: None, user_agent: None };
        for line in lines.take(LINES_MAX) {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.is_empty() {
                break;
            }
            let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
            let (name, value) = line.split_at(colon);
            let value = || Some(text(value.get(1..)?.trim_ascii()));
            if name.eq_ignore_ascii_case(b"host") && request.host.is_none() {
                request.host = value();
            } else if name.eq_ignore_ascii_case(b"user-agent") && request.user_agent.is_none() {
                request.user_agent = value();
            }
        }
        Some(request)
    }

    /// The address that was asked for; without a host that of the server.
    pub(crate) fn url(&self, server: (IpAddr, u16)) -> String {
        if !self.target.starts_with('/') {
            // Absolute already, or the host and port of CONNECT, or `*`.
            return self.target.clone();
        }
        let host = self.host.clone().unwrap_or_else(|| match server {
            (IpAddr::V4(address), PORT) => address.to_string(),
            (IpAddr::V6(address), PORT) => format!("[{address}]"),
            (address, port) => std::net::SocketAddr::new(address, port).to_string(),
        });
        format!("http://{host}{}", self.target)
    }
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
