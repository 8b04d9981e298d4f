// SPDX-License-Identifier: Apache-2.0
//! Rows of `linux_credential_events`.

use super::{Texts, call_rows};
use crate::decode::{Context, Made};
use crate::record::Call;
use evtables_schema::generated::credential_events::linux::{Builder, Row};
use evtables_sdk::Outcome;
use std::fmt::Write;

/// `struct wire_credential` of wire.h.
const SIZE: usize = 48;
const CAP_EFFECTIVE: usize = 32;
const CAP_PERMITTED: usize = 40;

call_rows!(
    /// Collects rows of changed identities.
    CredentialRows,
    credential_events,
    row
);

fn row(builder: &mut Builder, texts: &mut Texts, context: &Context, call: &Call<'_>) -> Made {
    let action = match i64::from(call.fixed.call) {
        libc::SYS_setuid => "SETUID",
        libc::SYS_setgid => "SETGID",
        libc::SYS_setreuid => "SETREUID",
        libc::SYS_setregid => "SETREGID",
        libc::SYS_setresuid => "SETRESUID",
        libc::SYS_setresgid => "SETRESGID",
        libc::SYS_setfsuid => "SETFSUID",
        libc::SYS_setfsgid => "SETFSGID",
        libc::SYS_capset => "CAPSET",
        _ => return Made::No(Outcome::Lost, "unknown_call"),
    };
    let id = |side: usize, at: usize| call.half(side * SIZE + at * 4).map(i64::from);
    let capabilities = [CAP_EFFECTIVE, SIZE + CAP_EFFECTIVE, CAP_PERMITTED, SIZE + CAP_PERMITTED];
    for (out, at) in texts.own.iter_mut().zip(capabilities) {
        out.clear();
        let written = write!(out, "{:016x}", call.word(at).unwrap_or(0));
        debug_assert!(written.is_ok(), "a string takes all text");
    }
    builder.push(&Row {
        action,
        pid: Some(call.actor.pid.into()),
        process_guid: Some(context.guid(&call.actor)),
        process_name: None,
        owner_uid: Some(&texts.account),
        time: context.time(&call.actor),
        old_uid: id(0, 0),
        new_uid: id(1, 0),
        old_euid: id(0, 1),
        new_euid: id(1, 1),
        old_gid: id(0, 4),
        new_gid: id(1, 4),
        old_egid: id(0, 5),
        new_egid: id(1, 5),
        old_cap_effective: Some(texts.own(0)),
        new_cap_effective: Some(texts.own(1)),
        old_cap_permitted: Some(texts.own(2)),
        new_cap_permitted: Some(texts.own(3)),
    });
    Made::Row
}
