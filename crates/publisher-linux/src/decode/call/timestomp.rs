// SPDX-License-Identifier: Apache-2.0
//! Rows of `linux_file_timestomp_events`.

use super::{Texts, call_rows};
use crate::decode::{Context, Made};
use crate::record::Call;
use evtables_schema::generated::file_timestomp_events::linux::{Builder, Row};
use evtables_schema::time::write_iso_text;
use evtables_sdk::Outcome;

const SECOND_NS: i64 = 1_000_000_000;
/// utimensat(2): now, and as it is.
const UTIME_NOW: u64 = (1 << 30) - 1;
const UTIME_OMIT: u64 = (1 << 30) - 2;
/// A time that is closer to now than this is no lie.
const HONEST_NS: i64 = SECOND_NS;

call_rows!(
    /// Collects rows of times that were set.
    TimestompRows,
    file_timestomp_events,
    row
);

/// The new modification time in nanoseconds; `None` when it is now or stays.
fn new_time(call: &Call<'_>) -> Option<i64> {
    let number = i64::from(call.fixed.call);
    let (seconds, fraction) = if is_utime(number) {
        (call.word(8)?, 0)
    } else if number == libc::SYS_utimensat {
        match call.word(24)? {
            UTIME_NOW | UTIME_OMIT => return None,
            nanoseconds => (call.word(16)?, nanoseconds),
        }
    } else {
        (call.word(16)?, call.word(24)?.saturating_mul(1_000))
    };
    let seconds = seconds.cast_signed().saturating_mul(SECOND_NS);
    Some(seconds.saturating_add(i64::try_from(fraction).unwrap_or(0)))
}

#[cfg(target_arch = "x86_64")]
fn is_utime(number: i64) -> bool {
    number == libc::SYS_utime
}

#[cfg(not(target_arch = "x86_64"))]
fn is_utime(_: i64) -> bool {
    false
}

fn row(builder: &mut Builder, texts: &mut Texts, context: &Context, call: &Call<'_>) -> Made {
    let time = context.time(&call.actor);
    let Some(new) = new_time(call) else { return Made::No(Outcome::Filtered, "now") };
    if time.saturating_sub(new) < HONEST_NS {
        return Made::No(Outcome::Filtered, "not_backdated");
    }
    let before = call.before().filter(|_| call.from_file());
    let iso = |ns: i64| {
        let mut out = String::new();
        write_iso_text(ns, &mut out);
        // As Sysmon writes it: a space between, milliseconds.
        out.truncate("2026-11-24T04:10:14.123".len());
        out.replace('T', " ")
    };
    let old = before.map(|old| iso(old.mtime_ns));
    builder.push(&Row {
        action: "FILE_TIMESTOMP",
        target_path: Some(&texts.first),
        old_timestamp: old.as_deref(),
        new_timestamp: Some(&iso(new)),
        uid: Some(&texts.account),
        time,
        pid: Some(call.actor.pid.into()),
        process_guid: Some(context.guid(&call.actor)),
        process_name: None,
        backdated_s: Some(time.saturating_sub(new) / SECOND_NS),
    });
    Made::Row
}
