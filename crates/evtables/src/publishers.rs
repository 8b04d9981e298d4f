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
/// None: where there is no event tracing, `evtables_hooks` says so.
#[cfg(all(windows, feature = "os-publishers"))]
#[allow(clippy::unnecessary_wraps)] // the face is that of all systems
pub(crate) fn of_this_system(
    config: &Config,
    subtree: Option<u32>,
) -> Result<Vec<Box<dyn Publisher>>, String> {
    use evtables_publisher_windows::live::{WindowsOptions, WindowsPublisher};
    use evtables_publisher_windows::native::{Etw, this_machine};
    let _ = (config.argv_bytes_max, config.kernel_filters, &config.switches);
    if !config.sources_enabled {
        return Ok(Vec::new());
    }
    if subtree.is_some() {
        tracing::warn!("one subtree cannot be watched alone on Windows: everything is");
    }
    let options = WindowsOptions::new(this_machine());
    Ok(vec![Box::new(WindowsPublisher::new(std::sync::Arc::new(Etw::new()), options))])
}

/// The publishers of this operating system, not started.
///
/// # Errors
/// When this build has none.
#[cfg(not(all(any(target_os = "linux", windows), feature = "os-publishers")))]
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
