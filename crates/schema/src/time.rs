// SPDX-License-Identifier: Apache-2.0
//! Calendar of the proleptic Gregorian UTC: just what `utc_time` and `date=` folders need.

use std::fmt::Write as _;

const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Year, month (1 to 12) and day (1 to 31) of a day counted from 1970-01-01.
#[must_use]
pub fn civil_of_day(days: i64) -> (i64, i64, i64) {
    // Eras of 400 years, years that begin in March: leap days come last.
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Appends seconds since the epoch as `Tue Nov 24 04:10:14 2026 UTC`.
pub fn write_utc_text(seconds: i64, out: &mut String) {
    let days = seconds.div_euclid(86_400);
    let rest = seconds.rem_euclid(86_400);
    let (year, month, day) = civil_of_day(days);
    let pick = |names: &[&'static str], at: i64| {
        usize::try_from(at).ok().and_then(|at| names.get(at).copied()).unwrap_or("???")
    };
    let _ = write!(
        out,
        "{} {} {day:2} {:02}:{:02}:{:02} {year} UTC",
        pick(&DAYS, days.rem_euclid(7)),
        pick(&MONTHS, month - 1),
        rest / 3600,
        rest / 60 % 60,
        rest % 60,
    );
}

/// Appends nanoseconds since the epoch as `2026-11-24T04:10:14.1234567Z`.
pub fn write_iso_text(time_ns: i64, out: &mut String) {
    let seconds = time_ns.div_euclid(1_000_000_000);
    let (year, month, day) = civil_of_day(seconds.div_euclid(86_400));
    let rest = seconds.rem_euclid(86_400);
    let _ = write!(
        out,
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:07}Z",
        rest / 3600,
        rest / 60 % 60,
        rest % 60,
        time_ns.rem_euclid(1_000_000_000) / 100,
    );
}

/// `2026-11-24` of nanoseconds since the epoch.
#[must_use]
pub fn date_text(time_ns: i64) -> String {
    let (year, month, day) = civil_of_day(time_ns.div_euclid(86_400_000_000_000));
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(seconds: i64) -> String {
        let mut out = String::new();
        write_utc_text(seconds, &mut out);
        out
    }

    #[test]
    fn known_instants() {
        assert_eq!(text(1_795_493_414), "Tue Nov 24 04:10:14 2026 UTC");
        assert_eq!(text(0), "Thu Jan  1 00:00:00 1970 UTC");
        assert_eq!(text(-1), "Wed Dec 31 23:59:59 1969 UTC");
        assert_eq!(text(951_782_400), "Tue Feb 29 00:00:00 2000 UTC");
        let mut iso = String::new();
        write_iso_text(1_795_493_414_123_456_789, &mut iso);
        assert_eq!(iso, "2026-11-24T04:10:14.1234567Z");
        assert_eq!(date_text(1_795_493_414_000_000_000), "2026-11-24");
    }
}
