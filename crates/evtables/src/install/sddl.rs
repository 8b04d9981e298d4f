// SPDX-License-Identifier: Apache-2.0
//! Access lists in the words of Windows (SDDL): who may change a file beside those who administrate.
#![cfg_attr(not(windows), allow(dead_code))] // only Windows asks

/// Names of rights that change a file, two letters each.
const WRITES: [&str; 9] = ["FA", "FW", "GA", "GW", "WD", "WO", "SD", "DC", "LC"];
/// The same in numbers: write and append data, extended attributes, attributes, delete, the list, the owner,
/// everything.
const WRITE_BITS: u32 = 0x0002 | 0x0004 | 0x0010 | 0x0040 | 0x0100 | 0x000d_0000 | 0x5000_0000;
/// SYSTEM, the administrators, the installer of Windows itself, and whoever makes a file below.
const TRUSTED: [&str; 8] = [
    "SY",
    "BA",
    "CO",
    "S-1-5-18",
    "S-1-5-32-544",
    "S-1-3-0",
    "LA",
    "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464",
];

/// Who may write beside those who are trusted.
pub(super) fn writers(list: &str) -> Vec<String> {
    let entries = list.split('(').skip(1).filter_map(|entry| entry.split(')').next());
    let writer = |entry: &str| {
        let mut parts = entry.split(';');
        let (kind, rights, who) = (parts.next()?, parts.nth(1)?, parts.nth(2)?);
        let counts = kind == "A" && may_write(rights) && !TRUSTED.contains(&who);
        counts.then(|| who.to_owned())
    };
    entries.filter_map(writer).collect()
}

fn may_write(rights: &str) -> bool {
    if let Some(number) = rights.strip_prefix("0x") {
        // What cannot be read is taken for everything.
        return u32::from_str_radix(number, 16).map_or(true, |bits| bits & WRITE_BITS != 0);
    }
    let letters: Vec<char> = rights.chars().collect();
    letters.chunks(2).any(|pair| {
        let word: String = pair.iter().collect();
        WRITES.contains(&word.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_those_who_administrate_may_write() {
        let good = "D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)";
        assert!(writers(good).is_empty());
        assert_eq!(writers("D:AI(A;ID;0x1301bf;;;AU)(A;;FRFX;;;WD)(A;;FA;;;BA)"), ["AU"]);
        assert_eq!(writers("D:(A;OICIIO;GA;;;CO)(A;;FW;;;S-1-5-21-1)(D;;FA;;;BU)"), ["S-1-5-21-1"]);
        assert_eq!(writers("D:(A;;0xzz;;;BU)"), ["BU"]);
        assert!(writers("D:(A").is_empty() && writers("").is_empty());
    }
}
