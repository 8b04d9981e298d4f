// SPDX-License-Identifier: Apache-2.0
//! Rows written into a reply read back as the same rows.
#![no_main]

use evtables_osquery::fuzzing::{Cell, rows};

libfuzzer_sys::fuzz_target!(|cells: Vec<(Cell, bool)>| rows(cells));
