// SPDX-License-Identifier: Apache-2.0
//! Values of DER (X.690), one after the other, and its times. Foreign bytes: what does not add up is `None`, never a panic.

/// Tag of a number.
pub const INTEGER: u8 = 2;
/// Tag of bytes.
pub const OCTETS: u8 = 4;
/// Tag of an identifier.
pub const OBJECT: u8 = 6;
/// Tag of a sequence.
pub const SEQUENCE: u8 = 0x30;
/// Tag of a set.
pub const SET: u8 = 0x31;

const UTC_TIME: u8 = 23;

/// A value with its tag, at the front of the bytes.
#[derive(Debug, Clone, Copy)]
pub struct Der<'a>(pub &'a [u8]);

impl<'a> Der<'a> {
    /// The next value, with its tag.
    #[allow(clippy::should_implement_trait)] // it may be asked again after `None`
    pub fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let (tag, rest) = self.0.split_first()?;
        let (first, rest) = rest.split_first()?;
        let (len, rest) = match first {
            0..=0x7f => (usize::from(*first), rest),
            // Up to four bytes of length.
            0x81..=0x84 => {
                let (len, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
                (len.iter().fold(0, |len, byte| len << 8 | usize::from(*byte)), rest)
            }
            _ => return None,
        };
        let (value, rest) = rest.split_at_checked(len)?;
        self.0 = rest;
        Some((*tag, value))
    }

    /// The next value, when it has this tag; it is stepped over all the same.
    pub fn expect(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.next().filter(|(found, _)| *found == tag).map(|(_, value)| value)
    }

    /// Steps over a value of this tag, if it is one.
    pub fn optional(&mut self, tag: u8) {
        if self.0.first() == Some(&tag) {
            self.next();
        }
    }

    /// The next value with its tag and length.
    pub fn next_whole(&mut self) -> Option<&'a [u8]> {
        let before = self.0;
        self.next()?;
        before.get(..before.len() - self.0.len())
    }
}

/// UTCTime (`YYMMDDhhmmssZ`) or GeneralizedTime (`YYYYMMDDhhmmssZ`, parts of a second are left out): unix time.
#[must_use]
pub fn time(tag: u8, text: &[u8]) -> Option<i64> {
    let digits = text.strip_suffix(b"Z")?;
    let digits = digits.split(|byte| *byte == b'.').next()?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number =
        |bytes: &[u8]| bytes.iter().fold(0_i64, |n, digit| n * 10 + i64::from(digit - b'0'));
    let (year, rest) = if tag == UTC_TIME {
        let (year, rest) = digits.split_at_checked(2)?;
        let year = number(year);
        (if year < 50 { 2_000 + year } else { 1_900 + year }, rest)
    } else {
        let (year, rest) = digits.split_at_checked(4)?;
        (number(year), rest)
    };
    let fields: Vec<i64> = rest.chunks(2).map(number).collect();
    let [month, day, hour, minute, second] = fields.as_slice() else { return None };
    if rest.len() != 10 || !(1..=12).contains(month) || !(1..=31).contains(day) {
        return None;
    }
    Some(days(year, *month, *day) * 86_400 + hour * 3_600 + minute * 60 + second)
}

/// Days from 1970-01-01 to a date of the Gregorian calendar; years begin in March.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let of_year = (153 * month + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year
        - 719_468
}
