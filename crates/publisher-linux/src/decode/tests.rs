// SPDX-License-Identifier: Apache-2.0
//! Tests of rows without a kernel.

use super::*;

#[test]
fn devices_are_encoded_as_stat_does() {
    assert_eq!(stat_device(8 << 20 | 1), 0x801);
    assert_eq!(stat_device(254 << 20), 0xfe00);
    assert_eq!(stat_device(0), 0);
    // Minor numbers beyond a byte go above the major.
    assert_eq!(stat_device(8 << 20 | 0x12345), 0x1230_0845);
}

#[test]
fn cut_paths_are_marked() {
    let mut out = String::new();
    let mut bytes = Vec::new();
    write_path(&mut out, &mut bytes, Components(b"leaf\0in\0"), true);
    assert_eq!(out, ".../in/leaf");
    write_path(&mut out, &mut bytes, Components(b"leaf\0in\0"), false);
    assert_eq!(out, "/in/leaf");
}
