// SPDX-License-Identifier: Apache-2.0
//! Which publishers this build has.

use crate::config::Config;
use evtables_engine::host;
use evtables_filter::Predicate;
use evtables_publisher_tail::{
    FileId, LoginOptions, LoginPublisher, Stored, TABLE, TailOptions, TailPublisher,
};
use evtables_schema::{Cell, CellReader, TableSpec};
use evtables_sdk::{HookState, Publisher};
use evtables_store::{ScanRequest, StoreReader};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

/// For a publisher to open what it needs.
const OPEN_WAIT: Duration = Duration::from_secs(5);
const LOOK: Duration = Duration::from_millis(20);

/// All publishers that a configuration asks for, over a data dir; not started.
///
/// # Errors
/// When this build has none for this operating system.
pub(crate) fn all(
    dir: &Path,
    config: &Config,
    subtree: Option<u32>,
) -> Result<Vec<Box<dyn Publisher>>, String> {
    let mut all = of_this_system(config, subtree)?;
    if cfg!(target_os = "linux") && !all.is_empty() {
        all.extend(logins(dir, config));
    }
    if !all.is_empty() || !config.tail.is_empty() {
        all.push(Box::new(TailPublisher::new(TailOptions {
            follows: config.tail.clone(),
            positions: dir.join("tail.json"),
            stored: if config.tail.is_empty() {
                Vec::new()
            } else {
                last_rows(dir, TABLE, LINE_PLACE)
            },
        })));
    }
    Ok(all)
}

/// The publisher of logins; none when its table is switched off.
fn logins(dir: &Path, config: &Config) -> Option<Box<dyn Publisher>> {
    let table = LoginPublisher::TABLE;
    let on = config.switches.get(table.name).copied().unwrap_or(true);
    on.then(|| -> Box<dyn Publisher> {
        Box::new(LoginPublisher::new(LoginOptions {
            files: config.users.clone(),
            positions: dir.join("logins.json"),
            stored: last_rows(dir, table, LoginPublisher::PLACE),
        }))
    })
}

/// Columns of a followed line that say where it stood: file, which file, the place behind it, when it was read.
const LINE_PLACE: [&str; 4] = ["logger_watch_file", "file_id", "line_end", "time_ns"];

/// The last stored row of each followed file: where reading goes on. A store that cannot be read says
/// nothing of it; why, is told when it is opened to be written.
fn last_rows(dir: &Path, table: &'static TableSpec, names: [&str; 4]) -> Vec<Stored> {
    let Ok(snapshot) = StoreReader::open(dir).and_then(|reader| reader.snapshot()) else {
        return Vec::new();
    };
    let columns: Vec<usize> = names.iter().filter_map(|name| table.column(name)).collect();
    let scan = snapshot.scan(ScanRequest {
        table,
        columns: columns.clone(),
        predicate: Predicate::all(table),
        seq_range: None,
        now_ns: host::now_ns(),
    });
    let mut last = BTreeMap::new();
    for batch in scan.map_while(Result::ok) {
        let readers: Vec<CellReader<'_>> = columns
            .iter()
            .filter_map(|at| table.columns.get(*at))
            .map(|column| CellReader::new(table, column, &batch))
            .collect();
        let [path, file, place, time] = readers.as_slice() else { break };
        let (mut first, mut second) = (String::new(), String::new());
        for row in 0..batch.num_rows() {
            let cells = (path.cell(row, &mut first), file.cell(row, &mut second));
            let (Cell::Text(path), Cell::Text(file)) = cells else { continue };
            let number = |reader: &CellReader<'_>| match reader.cell(row, &mut String::new()) {
                Cell::Int(value) => value,
                _ => 0,
            };
            let Some(file) = FileId::parse(file) else { continue };
            let end = u64::try_from(number(place)).unwrap_or(0);
            let time_ns = number(time);
            let row = Stored { path: path.into(), file, end, time_ns };
            if last.get(&file).is_none_or(|last: &Stored| last.time_ns <= time_ns) {
                last.insert(file, row);
            }
        }
    }
    last.into_values().collect()
}

/// Waits until every hook works or is known not to.
pub(crate) fn wait_open(publisher: &dyn Publisher) {
    let until = Instant::now() + OPEN_WAIT;
    let opening = |publisher: &dyn Publisher| {
        publisher.hooks().iter().any(|hook| {
            hook.state == HookState::Off
                && hook.reason.as_deref().is_some_and(|reason| reason.contains("being opened"))
        })
    };
    while opening(publisher) && Instant::now() < until {
        std::thread::park_timeout(LOOK);
    }
}

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
        kernel_functions: config.kernel_functions,
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
    use evtables_publisher_windows::live::{LiveSettings, WindowsOptions, WindowsPublisher};
    use evtables_publisher_windows::native::{Etw, OwnAuthority, this_machine};
    let _ = (config.argv_bytes_max, config.kernel_filters, config.kernel_functions);
    if !config.sources_enabled {
        return Ok(Vec::new());
    }
    if subtree.is_some() {
        tracing::warn!("one subtree cannot be watched alone on Windows: everything is");
    }
    let machine =
        this_machine(evtables_engine::host::host_name(), evtables_engine::host::boot_ns());
    let keys = Some(std::sync::Arc::new(crate::system_state::OpenKeys) as _);
    let (windows, switches) = (config.windows, config.switches.iter());
    let settings = LiveSettings {
        off: switches.filter(|(_, on)| !**on).map(|(name, _)| name.clone()).collect(),
        process_mib: windows.process_mib,
        file_registry_mib: windows.file_registry_mib,
        user_mib: windows.user_mib,
        packets: windows.packets,
        registry_data: windows.registry_data,
        open_handles: windows.open_handles,
    };
    let standard = WindowsOptions::new(machine);
    let files = standard.files.clone().filter(|_| windows.image_hashes);
    let authority = Some(std::sync::Arc::new(OwnAuthority) as _);
    let options = WindowsOptions { keys, settings, files, authority, ..standard };
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
    let _ = (config.argv_bytes_max, config.kernel_filters, config.kernel_functions);
    let _ = &config.switches;
    if config.sources_enabled {
        return Err("this build has no publishers: build with `./dev build`".into());
    }
    Ok(Vec::new())
}
