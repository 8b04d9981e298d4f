// SPDX-License-Identifier: Apache-2.0
//! Points in time as logs write them, to nanoseconds since the unix epoch.

use evtables_schema::time::write_iso_text;

/// Nanoseconds in a second.
pub(crate) const SECOND: i64 = 1_000_000_000;
/// 1601-01-01 in seconds since 1970.
const FILETIME_EPOCH: i64 = -11_644_473_600;

/// 100-nanosecond steps since 1601. `None` beyond the year 2262.
pub(crate) fn of_filetime(steps: u64) -> Option<i64> {
    let ns = i128::from(steps) * 100 + i128::from(FILETIME_EPOCH) * i128::from(SECOND);
    i64::try_from(ns).ok()
}

/// Text of a FILETIME, ISO 8601.
pub(crate) fn write_filetime(steps: u64, out: &mut String) {
    if let Some(ns) = of_filetime(steps) {
        write_iso_text(ns, out);
    }
}

/// From a calendar's fields; `None` when one is out of its range.
pub(crate) fn of_fields(date: (i64, i64, i64), clock: (i64, i64, i64), ns: i64) -> Option<i64> {
    let (year, month, day) = date;
    let (hour, minute, second) = clock;
    let fits = (1678..=2261).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..=60).contains(&second);
    if !fits {
        return None;
    }
    // Days since 1970 of the civil calendar; years begin in March, so that leap days come last.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let days = era * 146_097 + day_of_era - 719_468;
    Some((days * 86_400 + hour * 3_600 + minute * 60 + second) * SECOND + ns)
}

/// `2026-11-24 04:10:14.123`, `2026-11-24T04:10:14.1234567Z`, `…+02:00`. Without a zone it is UTC.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let bytes = text.trim().as_bytes();
    let number = |from: usize, to: usize| -> Option<i64> {
        let digits = bytes.get(from..to)?;
        digits
            .iter()
            .try_fold(0_i64, |sum, c| c.is_ascii_digit().then(|| sum * 10 + i64::from(c - b'0')))
    };
    let is = |at: usize, set: &[u8]| bytes.get(at).is_some_and(|c| set.contains(c));
    if !(is(4, b"-/") && is(7, b"-/") && is(10, b"T ") && is(13, b":") && is(16, b":")) {
        return None;
    }
    let date = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let clock = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let (mut at, mut ns, mut scale) = (19, 0_i64, SECOND);
    if is(at, b".,") {
        at += 1;
        while let Some(c) = bytes.get(at).filter(|c| c.is_ascii_digit()) {
            scale /= 10;
            ns += i64::from(c - b'0') * scale;
            at += 1;
        }
    }
    let offset = match bytes.get(at) {
        None | Some(b'Z' | b'z') => 0,
        Some(sign @ (b'+' | b'-')) => {
            let colon = usize::from(is(at + 3, b":"));
            let seconds =
                number(at + 1, at + 3)? * 3_600 + number(at + 3 + colon, at + 5 + colon)? * 60;
            if *sign == b'-' { -seconds } else { seconds }
        }
        Some(_) => return None,
    };
    Some(of_fields(date, clock, ns)? - offset * SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_all_kinds() {
        let at = 1_795_493_414 * SECOND;
        assert_eq!(parse("2026-11-24 04:10:14"), Some(at));
        assert_eq!(parse("2026-11-24 04:10:14.123"), Some(at + 123_000_000));
        assert_eq!(parse("2026-11-24T04:10:14.1234567Z"), Some(at + 123_456_700));
        assert_eq!(parse("2026-11-24T06:10:14.000+02:00"), Some(at));
        assert_eq!(parse("2026-11-23T23:40:14-0430"), Some(at));
        for bad in [
            "",
            "x",
            "2026-11-24",
            "2026-13-24 04:10:14",
            "2026-11-24 04:10:14 PM",
            "2026-11-24T04:10:1é",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn filetimes() {
        assert_eq!(of_filetime(116_444_736_000_000_000), Some(0));
        assert_eq!(of_filetime(0), None, "before 1677");
        assert_eq!(of_filetime(u64::MAX), None);
    }
}
