// SPDX-License-Identifier: Apache-2.0
//! Which publishers this build has.

use crate::config::Config;
use evtables_sdk::Publisher;

/// The publishers of this operating system, not started.
///
/// # Errors
/// When this build has none.
#[cfg(all(target_os = "linux", feature = "os-publishers"))]
pub(crate) fn of_this_system(
    config: &Config,
    subtree: Option<u32>,
) -> Result<Vec<Box<dyn Publisher>>, String> {
    use evtables_publisher_linux::{LinuxOptions, LinuxPublisher};
    if !config.sources_enabled {
        return Ok(Vec::new());
    }
    let options = LinuxOptions {
        argv_bytes_max: config.argv_bytes_max,
        subtree,
        kernel_rules: config.kernel_filters,
        switches: config.switches.clone(),
        ..LinuxOptions::new(evtables_engine::host::host_boot())
    };
    Ok(vec![Box::new(LinuxPublisher::new(options))])
}

/// The publishers of this operating system, not started.
///
/// # Errors
/// When this build has none.
#[cfg(not(all(target_os = "linux", feature = "os-publishers")))]
pub(crate) fn of_this_system(
    config: &Config,
    _subtree: Option<u32>,
) -> Result<Vec<Box<dyn Publisher>>, String> {
    let _ = (config.argv_bytes_max, config.kernel_filters, &config.switches);
    if config.sources_enabled {
        return Err("this build has no publishers: build with `./dev build`".into());
    }
    Ok(Vec::new())
}
