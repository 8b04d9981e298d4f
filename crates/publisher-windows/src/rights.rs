// SPDX-License-Identifier: Apache-2.0
//! Rights in access masks, by bit. The one form in which rows show them.

use std::fmt::{self, Write};

/// Names of the bits of a process access mask.
const PROCESS_RIGHTS: &[(u32, &str)] = &[
    (0x0001, "PROCESS_TERMINATE"),
    (0x0002, "PROCESS_CREATE_THREAD"),
    (0x0004, "PROCESS_SET_SESSIONID"),
    (0x0008, "PROCESS_VM_OPERATION"),
    (0x0010, "PROCESS_VM_READ"),
    (0x0020, "PROCESS_VM_WRITE"),
    (0x0040, "PROCESS_DUP_HANDLE"),
    (0x0080, "PROCESS_CREATE_PROCESS"),
    (0x0100, "PROCESS_SET_QUOTA"),
    (0x0200, "PROCESS_SET_INFORMATION"),
    (0x0400, "PROCESS_QUERY_INFORMATION"),
    (0x0800, "PROCESS_SUSPEND_RESUME"),
    (0x1000, "PROCESS_QUERY_LIMITED_INFORMATION"),
    (0x2000, "PROCESS_SET_LIMITED_INFORMATION"),
    (0x1_0000, "DELETE"),
    (0x2_0000, "READ_CONTROL"),
    (0x4_0000, "WRITE_DAC"),
    (0x8_0000, "WRITE_OWNER"),
    (0x10_0000, "SYNCHRONIZE"),
    (0x200_0000, "MAXIMUM_ALLOWED"),
];

/// Writes rights of a process by name, joined by `|`; bits without a name as one number, `0x4000`.
///
/// # Errors
/// Those of `out`.
pub fn write_process_rights(mask: u64, out: &mut impl Write) -> fmt::Result {
    let mut left = mask;
    let mut joint = "";
    for (bit, name) in PROCESS_RIGHTS {
        let bit = u64::from(*bit);
        if mask & bit != 0 {
            left &= !bit;
            write!(out, "{joint}{name}")?;
            joint = "|";
        }
    }
    if left == 0 { Ok(()) } else { write!(out, "{joint}0x{left:x}") }
}

/// A mask as hexadecimal text without leading zeros, as Sysmon writes it: `0x1410`.
///
/// # Errors
/// Those of `out`.
pub fn write_mask(mask: u64, out: &mut impl Write) -> fmt::Result {
    write!(out, "0x{mask:x}")
}
