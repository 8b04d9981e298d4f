// SPDX-License-Identifier: Apache-2.0
//! Captured frames of the network, and the handshakes in them.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| evtables_publisher_windows::fuzzing::frames(bytes));
