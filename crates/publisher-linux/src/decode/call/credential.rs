// SPDX-License-Identifier: Apache-2.0
//! Rows of `linux_credential_events`, and of `linux_user_events` as far as calls make another user.

use super::{Texts, call_rows};
use crate::decode::{Context, Made};
use crate::record::Call;
use evtables_schema::generated::credential_events::linux::{Builder, Row};
use evtables_schema::generated::user_events::linux as user;
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

call_rows!(
    /// Collects rows of processes that become another user.
    UserRows,
    user_events,
    user_row
);

fn row(builder: &mut Builder, texts: &mut Texts, context: &Context, call: &Call<'_>) -> Made {
    let Some(action) = word(call) else { return Made::No(Outcome::Lost, "unknown_call") };
    let id = |side: usize, at: usize| id_of(call, side, at);
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

fn word(call: &Call<'_>) -> Option<&'static str> {
    Some(match i64::from(call.fixed.call) {
        libc::SYS_setuid => "SETUID",
        libc::SYS_setgid => "SETGID",
        libc::SYS_setreuid => "SETREUID",
        libc::SYS_setregid => "SETREGID",
        libc::SYS_setresuid => "SETRESUID",
        libc::SYS_setresgid => "SETRESGID",
        libc::SYS_setfsuid => "SETFSUID",
        libc::SYS_setfsgid => "SETFSGID",
        libc::SYS_capset => "CAPSET",
        _ => return None,
    })
}

/// One of the ids: before (0) or after (1), by its place in the struct.
fn id_of(call: &Call<'_>, side: usize, at: usize) -> Option<i64> {
    call.half(side * SIZE + at * 4).map(i64::from)
}

fn user_row(
    builder: &mut user::Builder,
    texts: &mut Texts,
    context: &Context,
    call: &Call<'_>,
) -> Made {
    let id = |side: usize, at: usize| id_of(call, side, at);
    // The kinds of records of this table are those of another: calls that change no user are its alone.
    if [0, 1].into_iter().all(|at| id(0, at) == id(1, at)) {
        return Made::Nothing;
    }
    builder.push(&user::Row {
        action: "USER_CHANGE",
        old_uid: id(0, 0),
        new_uid: id(1, 0),
        old_euid: id(0, 1),
        new_euid: id(1, 1),
        method: word(call),
        pid: Some(call.actor.pid.into()),
        process_guid: Some(context.guid(&call.actor)),
        process_name: None,
        owner_uid: Some(&texts.account),
        time: context.time(&call.actor),
        user_name: None,
        terminal: None,
        host: None,
        remote_address: None,
        login_time: None,
        exit_status: None,
        log_path: None,
        file_id: None,
        record_end: None,
        read_ns: None,
    });
    Made::Row
}
