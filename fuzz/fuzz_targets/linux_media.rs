// SPDX-License-Identifier: Apache-2.0
//! Messages of the kernel on devices, and the first blocks of disks that somebody plugs in. The parsers are
//! compiled in here, because their crate needs clang.
#![no_main]

#[path = "../../crates/publisher-linux/src/media/filesystem.rs"]
#[allow(dead_code)]
mod filesystem;
#[path = "../../crates/publisher-linux/src/media/uevent.rs"]
#[allow(dead_code)]
mod uevent;

use uevent::Uevent;

/// Where the input lies on the disk: the first blocks, and the marks that stand further on.
const PLACES: [usize; 4] = [0, 1_024, 32_768, 65_536];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for event in [Uevent::parse(bytes), Uevent::of_sysfs("/devices/x", bytes)].into_iter().flatten()
    {
        assert!(event.path.is_empty() || event.path.starts_with("/devices/"));
        assert!(event.path.split('/').chain(event.name.split('/')).all(|part| part != ".."));
        assert!(!event.name.starts_with('/') && event.name.len() <= bytes.len());
    }
    for start in PLACES {
        let mut reads = 0;
        filesystem::identify(&mut |place, len| {
            reads += 1;
            let place = usize::try_from(place).ok()?;
            let end = (start + bytes.len()).min(place.checked_add(len)?);
            (place < end).then(|| {
                let byte = |at: usize| at.checked_sub(start).and_then(|at| bytes.get(at)).copied();
                (place..end).map(|at| byte(at).unwrap_or(0)).collect()
            })
        });
        assert!(reads <= 8);
    }
});
