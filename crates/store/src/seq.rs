// SPDX-License-Identifier: Apache-2.0
//! The number of a row in its table, `seq`: the low 40 bits count rows and go on for ever; the bits above
//! count the boots in which rows were written. Rows that readers saw and that a power cut took had
//! numbers too: the boot keeps theirs from being given again, and the count stays the count of rows.

const ROW_BITS: u32 = 40;
const ROWS: u64 = (1 << ROW_BITS) - 1;

/// What follows in a new boot when `next` would have followed in the old one.
pub(crate) fn after_boot(next: u64) -> u64 {
    let boot = (next >> ROW_BITS).saturating_add(1);
    (boot << ROW_BITS) | (next & ROWS)
}

/// How many rows have a `seq` in `(after, through]`. Off by what a power cut took in between, at most.
#[must_use]
pub fn rows_between(after: u64, through: u64) -> u64 {
    if through <= after { 0 } else { (through & ROWS).saturating_sub(after & ROWS) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boots_raise_the_number_and_leave_the_count() {
        let later = after_boot(8);
        assert!(later > u64::from(u32::MAX) && after_boot(later) > later);
        assert_eq!(rows_between(7, later), 1, "8 was never given in the old boot");
        assert_eq!((rows_between(3, 10), rows_between(0, 5_000_000)), (7, 5_000_000));
        assert_eq!((rows_between(3, 3), rows_between(later, 3)), (0, 0));
        assert_eq!(rows_between(3, after_boot(after_boot(10))), 7);
    }
}
