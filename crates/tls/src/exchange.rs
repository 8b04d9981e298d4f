// SPDX-License-Identifier: Apache-2.0
//! Both sides of one handshake, as far as they are readable.

use crate::certificate::Certificate;
use crate::fingerprint;
use crate::handshake::{ClientHello, Message, ServerHello};

/// Handshake message that ends a server's flight (TLS 1.2).
const SERVER_HELLO_DONE: u8 = 14;
const TLS_1_3: u16 = 0x0304;

/// What both sides have said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// What the client offers.
    pub client: ClientHello,
    /// What the server chose.
    pub server: Option<ServerHello>,
    /// The server's chain, its own certificate first; none where they are encrypted (TLS 1.3).
    pub certificates: Vec<Certificate>,
    /// Nothing that is readable will follow.
    pub complete: bool,
}

impl Exchange {
    /// A client that has no answer yet.
    #[must_use]
    pub fn new(client: ClientHello) -> Self {
        Self { client, server: None, certificates: Vec::new(), complete: false }
    }

    /// Takes over all that the server has said so far; `open` is whether more of it may be readable.
    pub fn answer(&mut self, found: Vec<Message>, open: bool) {
        for message in found.into_iter().filter(|message| !message.is_retry()) {
            match message {
                Message::Server(hello) => {
                    self.complete |= hello.chosen >= TLS_1_3;
                    self.server = Some(hello);
                }
                Message::Certificates(chain) => {
                    self.certificates =
                        chain.iter().filter_map(|der| Certificate::parse(der)).collect();
                }
                Message::Other(SERVER_HELLO_DONE) => self.complete = true,
                Message::Client(_) | Message::Other(_) => {}
            }
        }
        // A session that is taken up again has no certificate: the server changes to cipher text.
        self.complete |= !open && self.server.is_some();
    }

    /// Version that the server chose, else the newest that the client offers: `TLS 1.3`.
    #[must_use]
    pub fn version(&self) -> String {
        let version = self.server.as_ref().map_or(self.client.newest(), |server| server.chosen);
        match version {
            0x0300 => "SSL 3.0".to_owned(),
            0x0301..=0x0304 => format!("TLS 1.{}", version - 0x0301),
            other => format!("{other:04X}"),
        }
    }

    /// Subjects of the chain, joined by `,`.
    #[must_use]
    pub fn subjects(&self) -> Option<String> {
        joined(self.certificates.iter().map(|one| one.subject.as_str()))
    }

    /// Issuers of the chain, joined by `,`.
    #[must_use]
    pub fn issuers(&self) -> Option<String> {
        joined(self.certificates.iter().map(|one| one.issuer.as_str()))
    }

    /// Names that the server's certificate is for, joined by `,`.
    #[must_use]
    pub fn dns_names(&self) -> Option<String> {
        joined(self.certificates.first()?.names.iter().map(String::as_str))
    }

    /// JA3S of the server.
    #[must_use]
    pub fn ja3s(&self) -> Option<String> {
        self.server.as_ref().map(fingerprint::ja3s)
    }
}

fn joined<'a>(texts: impl Iterator<Item = &'a str>) -> Option<String> {
    let texts: Vec<&str> = texts.collect();
    (!texts.is_empty()).then(|| texts.join(","))
}
