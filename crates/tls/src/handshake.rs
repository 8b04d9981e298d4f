// SPDX-License-Identifier: Apache-2.0
//! Messages of a TLS handshake (RFC 5246, RFC 8446) out of the bytes of one direction. Foreign bytes: what
//! does not add up is `None`, never a panic.

/// Record and handshake types.
const HANDSHAKE: u8 = 22;
const CLIENT_HELLO: u8 = 1;
const SERVER_HELLO: u8 = 2;
const CERTIFICATE: u8 = 11;
/// Bytes of handshake looked at in one direction.
const HANDSHAKE_BYTES_MAX: usize = 64 << 10;
/// Certificates of one chain.
const CERTIFICATES_MAX: usize = 16;

/// In the place of random bytes: a hello that asks for another one.
const RETRY: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

/// Extensions with a reading of their own.
const SERVER_NAME: u16 = 0;
const GROUPS: u16 = 10;
const POINT_FORMATS: u16 = 11;
const SIGNATURES: u16 = 13;
const ALPN: u16 = 16;
const VERSIONS: u16 = 43;

/// What a client offers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientHello {
    /// As in its head.
    pub version: u16,
    /// Cipher suites, in their order, as all that follows.
    pub ciphers: Vec<u16>,
    /// Kinds of extensions.
    pub extensions: Vec<u16>,
    /// Groups for the exchange of keys.
    pub groups: Vec<u16>,
    /// Formats of points.
    pub point_formats: Vec<u8>,
    /// Algorithms of signatures.
    pub signatures: Vec<u16>,
    /// Versions, where an extension lists them.
    pub versions: Vec<u16>,
    /// Name of the server that is asked for.
    pub server_name: Option<String>,
    /// Protocols that are offered.
    pub alpn: Vec<Vec<u8>>,
}

/// What a server has chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerHello {
    /// As in its head; `chosen` when an extension says otherwise (TLS 1.3).
    pub version: u16,
    /// The version that holds.
    pub chosen: u16,
    /// Cipher suite.
    pub cipher: u16,
    /// Kinds of extensions.
    pub extensions: Vec<u16>,
    /// Protocol that was chosen.
    pub alpn: Option<Vec<u8>>,
    /// It asks for another client hello (TLS 1.3).
    pub retry: bool,
}

/// One message of a handshake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// What the client offers.
    Client(ClientHello),
    /// What the server chose.
    Server(ServerHello),
    /// DER, the server's own first.
    Certificates(Vec<Vec<u8>>),
    /// Another type.
    Other(u8),
}

impl Message {
    /// Whether it asks the client for another hello.
    #[must_use]
    pub fn is_retry(&self) -> bool {
        matches!(self, Self::Server(hello) if hello.retry)
    }
}

/// Whole messages at the beginning of a direction, as far as they are readable; whether more may come.
pub fn messages(bytes: &[u8]) -> (Vec<Message>, bool) {
    let mut handshake = Vec::new();
    let mut rest = Reader(bytes);
    let mut open = true;
    while open && !rest.0.is_empty() {
        let mut record = rest;
        let (Some(kind), Some(version)) = (record.u8(), record.u16()) else { break };
        if kind != HANDSHAKE || version >> 8 != 3 || handshake.len() > HANDSHAKE_BYTES_MAX {
            open = false;
            break;
        }
        let Some(len) = record.u16() else { break };
        match record.take(len.into()) {
            Some(body) => handshake.extend_from_slice(body),
            None => {
                // What has come of a record that is not whole.
                handshake.extend_from_slice(record.0);
                break;
            }
        }
        rest = record;
    }
    let mut found = Vec::new();
    let mut at = Reader(&handshake);
    while let Some(message) = at.message() {
        found.push(message);
    }
    (found, open)
}

/// Values that clients strew in so that servers get used to unknown ones (RFC 8701).
#[must_use]
pub fn is_grease(value: u16) -> bool {
    value & 0x0f0f == 0x0a0a && value >> 8 == value & 0xff
}

#[derive(Debug, Clone, Copy)]
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    fn u8(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn u16(&mut self) -> Option<u16> {
        self.take(2)?.first_chunk().map(|bytes| u16::from_be_bytes(*bytes))
    }

    fn u24(&mut self) -> Option<usize> {
        let (high, low) = (self.u8()?, self.u16()?);
        Some(usize::from(high) << 16 | usize::from(low))
    }

    /// Bytes behind their length of one byte.
    fn short(&mut self) -> Option<Self> {
        let len = self.u8()?;
        self.take(len.into()).map(Self)
    }

    /// Bytes behind their length of two bytes.
    fn long(&mut self) -> Option<Self> {
        let len = self.u16()?;
        self.take(len.into()).map(Self)
    }

    fn numbers(mut self) -> Vec<u16> {
        std::iter::from_fn(|| self.u16()).collect()
    }

    fn message(&mut self) -> Option<Message> {
        let kind = self.u8()?;
        let len = self.u24()?;
        let mut body = Self(self.take(len)?);
        match kind {
            CLIENT_HELLO => body.client_hello().map(Message::Client),
            SERVER_HELLO => body.server_hello().map(Message::Server),
            CERTIFICATE => Some(Message::Certificates(body.certificates())),
            other => Some(Message::Other(other)),
        }
    }

    fn client_hello(&mut self) -> Option<ClientHello> {
        let mut hello = ClientHello { version: self.u16()?, ..ClientHello::default() };
        self.take(32)?;
        self.short()?;
        hello.ciphers = self.long()?.numbers();
        self.short()?;
        // Old clients end here.
        let Some(mut extensions) = self.long() else { return Some(hello) };
        while let (Some(kind), Some(body)) = (extensions.u16(), extensions.long()) {
            hello.extensions.push(kind);
            hello.read(kind, body);
        }
        Some(hello)
    }

    fn server_hello(&mut self) -> Option<ServerHello> {
        let version = self.u16()?;
        let retry = self.take(32)? == RETRY;
        self.short()?;
        let cipher = self.u16()?;
        self.u8()?;
        let mut hello =
            ServerHello { version, chosen: version, cipher, retry, ..ServerHello::default() };
        let Some(mut extensions) = self.long() else { return Some(hello) };
        while let (Some(kind), Some(mut body)) = (extensions.u16(), extensions.long()) {
            hello.extensions.push(kind);
            match kind {
                VERSIONS => hello.chosen = body.u16().unwrap_or(version),
                ALPN => {
                    hello.alpn = body.long().and_then(|mut names| Some(names.short()?.0.to_vec()))
                }
                _ => {}
            }
        }
        Some(hello)
    }

    fn certificates(&mut self) -> Vec<Vec<u8>> {
        let mut certificates = Vec::new();
        let Some(len) = self.u24() else { return certificates };
        let mut all = Self(self.take(len).unwrap_or_default());
        while certificates.len() < CERTIFICATES_MAX
            && let Some(len) = all.u24()
            && let Some(certificate) = all.take(len)
        {
            certificates.push(certificate.to_vec());
        }
        certificates
    }
}

impl ClientHello {
    fn read(&mut self, kind: u16, mut body: Reader<'_>) {
        let numbers = |body: Option<Reader<'_>>| body.map(Reader::numbers).unwrap_or_default();
        match kind {
            GROUPS => self.groups = numbers(body.long()),
            SIGNATURES => self.signatures = numbers(body.long()),
            VERSIONS => self.versions = numbers(body.short()),
            POINT_FORMATS => {
                self.point_formats =
                    body.short().map(|formats| formats.0.to_vec()).unwrap_or_default();
            }
            ALPN => {
                let mut names = body.long().unwrap_or(Reader(&[]));
                while let Some(name) = names.short() {
                    self.alpn.push(name.0.to_vec());
                }
            }
            SERVER_NAME => {
                let name = body.long().and_then(|mut names| {
                    // Type 0 is a host's name.
                    if names.u8()? == 0 { names.long() } else { None }
                });
                self.server_name = name.map(|name| String::from_utf8_lossy(name.0).into_owned());
            }
            _ => {}
        }
    }

    /// The newest version that is offered.
    #[must_use]
    pub fn newest(&self) -> u16 {
        let offered = self.versions.iter().copied().filter(|version| !is_grease(*version));
        offered.max().unwrap_or(self.version)
    }
}

#[cfg(test)]
#[path = "handshake_tests.rs"]
mod tests;
