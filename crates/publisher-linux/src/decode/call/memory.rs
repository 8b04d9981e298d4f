// SPDX-License-Identifier: Apache-2.0
//! Rows of `linux_memory_events`.

use super::{Texts, call_rows};
use crate::decode::{Context, Made, signed};
use crate::record::Call;
use evtables_schema::generated::memory_events::linux::{Builder, Row};
use evtables_sdk::Outcome;

call_rows!(
    /// Collects rows of executable memory.
    MemoryRows,
    memory_events,
    row
);

/// As /proc/PID/maps writes it.
pub(super) fn protection(bits: u64) -> &'static str {
    match bits & 7 {
        4 => "--x",
        5 => "r-x",
        6 => "-wx",
        7 => "rwx",
        1 => "r--",
        2 => "-w-",
        3 => "rw-",
        _ => "---",
    }
}

fn row(builder: &mut Builder, texts: &mut Texts, context: &Context, call: &Call<'_>) -> Made {
    let (action, address) = match i64::from(call.fixed.call) {
        libc::SYS_memfd_create => ("MEMFD_CREATE", None),
        libc::SYS_mmap => ("MMAP_EXEC", Some(call.fixed.result.cast_unsigned())),
        libc::SYS_mprotect | libc::SYS_pkey_mprotect => ("MPROTECT_EXEC", Some(call.arg(0))),
        _ => return Made::No(Outcome::Lost, "unknown_call"),
    };
    let named = address.is_none();
    if named {
        texts.plain_first(call);
    }
    texts.hexadecimal(0, address.unwrap_or(0));
    let bits = call.arg(2);
    builder.push(&Row {
        action,
        pid: Some(call.actor.pid.into()),
        process_guid: Some(context.guid(&call.actor)),
        process_name: None,
        owner_uid: Some(&texts.account),
        time: context.time(&call.actor),
        name: named.then_some(texts.first.as_str()),
        address: address.is_some().then_some(texts.own(0)),
        size: address.is_some().then(|| signed(call.arg(1))),
        protection: address.is_some().then(|| protection(bits)),
        writable: address.is_some().then(|| i32::from(bits & 2 != 0)),
    });
    Made::Row
}
