// SPDX-License-Identifier: Apache-2.0
//! What the engine asks its own host: clock, identity of the boot, cost of this process. How each system
//! answers is in a file of its own, with the same names.

use std::time::{SystemTime, UNIX_EPOCH};

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;

#[cfg(windows)]
pub use system::boot_ns;
pub use system::{cpu_ns, host_boot, host_name, rss_bytes};

/// Nanoseconds since the unix epoch.
#[must_use]
pub fn now_ns() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}

/// Seconds since the unix epoch.
#[must_use]
pub fn now_seconds() -> i64 {
    now_ns() / 1_000_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_answers() {
        assert_eq!(host_boot(), host_boot(), "the same all the time");
        assert!(!host_name().is_empty());
        assert!(rss_bytes() > 1 << 20, "{}", rss_bytes());
        let before = cpu_ns();
        let mut sum = 0_u64;
        while cpu_ns() == before {
            sum = std::hint::black_box(sum + 1);
        }
        assert!(cpu_ns() > before);
    }
}
