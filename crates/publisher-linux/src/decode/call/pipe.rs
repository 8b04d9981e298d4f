// SPDX-License-Identifier: Apache-2.0
//! Rows of `linux_named_pipe_events`.

use super::{Texts, call_rows, text};
use crate::decode::{Context, Made};
use crate::record::{Call, until_nul};
use evtables_schema::generated::named_pipe_events::linux::{Builder, Row};
use evtables_sdk::Outcome;

call_rows!(
    /// Collects rows of pipes and local sockets with a name.
    PipeRows,
    named_pipe_events,
    row
);

/// The address of a local socket: a path, or behind a NUL a name that is no file, written with `@`.
fn write_address(out: &mut String, call: &Call<'_>) {
    let len = usize::try_from(call.arg(0)).unwrap_or(usize::MAX).min(call.data.len());
    let address = call.data.get(..len).unwrap_or_default();
    out.clear();
    match address.split_first() {
        Some((0, name)) => {
            out.push('@');
            text::push_lossless(out, name);
        }
        _ => {
            text::push_lossless(out, until_nul(address));
        }
    }
}

fn row(builder: &mut Builder, texts: &mut Texts, context: &Context, call: &Call<'_>) -> Made {
    let action = match i64::from(call.fixed.call) {
        libc::SYS_bind => "UNIX_SOCKET_CREATE",
        libc::SYS_connect => "UNIX_SOCKET_CONNECT",
        number if is_mknod(number) => "NAMED_PIPE_CREATE",
        _ => return Made::No(Outcome::Lost, "unknown_call"),
    };
    if action != "NAMED_PIPE_CREATE" {
        write_address(&mut texts.first, call);
    }
    builder.push(&Row {
        action,
        target_path: Some(&texts.first),
        uid: Some(&texts.account),
        time: context.time(&call.actor),
        pid: Some(call.actor.pid.into()),
        process_guid: Some(context.guid(&call.actor)),
        process_name: None,
    });
    Made::Row
}

#[cfg(target_arch = "x86_64")]
fn is_mknod(number: i64) -> bool {
    number == libc::SYS_mknod || number == libc::SYS_mknodat
}

#[cfg(not(target_arch = "x86_64"))]
fn is_mknod(number: i64) -> bool {
    number == libc::SYS_mknodat
}
