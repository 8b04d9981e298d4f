// SPDX-License-Identifier: Apache-2.0
//! Any bytes as a file of logins that comes in pieces of any sizes.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: (Vec<u8>, Vec<u8>)| {
    let (bytes, sizes) = input;
    let mut sizes = sizes.iter().cycle();
    evtables_publisher_tail::fuzzing::records(&bytes, || {
        sizes.next().map_or(1, |size| usize::from(*size))
    });
});
