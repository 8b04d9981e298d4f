// SPDX-License-Identifier: Apache-2.0
//! Calls into Windows, and nothing else: [`Etw`] is [`crate::live::Tracing`] over the tracing facility's functions,
//! which stand in a table so that tests put others in their place and call the very callback;
//! [`this_machine`] is what events do not say, [`OwnAuthority`] whom it trusts. Knows no table.
//! Not exercised on Windows by this project: `evtables selftest` tells.

mod authority;
mod etw;
mod machine;
mod record;
#[cfg(test)]
mod tests;

pub use authority::OwnAuthority;
pub use etw::Etw;
pub use machine::this_machine;

/// Text for Windows, with its end.
fn wide(text: &str) -> Vec<u16> {
    text.encode_utf16().chain([0]).collect()
}
