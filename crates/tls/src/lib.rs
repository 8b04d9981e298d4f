// SPDX-License-Identifier: Apache-2.0
//! What the readable part of a TLS connection says: handshakes of both sides ([`handshake`]), the certificates in them
//! ([`certificate`], [`der`]), fingerprints ([`fingerprint`]), both sides put together ([`Exchange`]), and segments in a row ([`stream`]). Bytes in, words out: it
//! knows no packet, no trace and no table. Foreign bytes never make it panic.

pub mod certificate;
pub mod der;
mod exchange;
pub mod fingerprint;
pub mod handshake;
#[cfg(any(test, feature = "testing"))]
pub mod samples;
pub mod stream;

pub use certificate::Certificate;
pub use exchange::Exchange;
