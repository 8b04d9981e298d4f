// SPDX-License-Identifier: Apache-2.0
//! `win_services`: the numbers of the service manager in words, and the DLL from the registry.

use crate::registry::{Values, environment, expand};
use crate::sources::{Key, Registry, Service, Services};
use evtables_schema::generated::services::windows as table;
use evtables_sdk::StateRows;

const KEYS: &str = r"SYSTEM\CurrentControlSet\Services";

pub(crate) fn rows(services: &dyn Services, registry: &dyn Registry) -> Result<StateRows, String> {
    let mut builder = table::Builder::default();
    for service in services.services()? {
        push(&mut builder, &service, registry);
    }
    Ok(StateRows::all(builder.finish()))
}

fn push(builder: &mut table::Builder, service: &Service, registry: &dyn Registry) {
    let key = Key::machine(KEYS).below(&service.name);
    let dll = Values::of(registry, &key.below("Parameters"))
        .text("ServiceDll")
        .or_else(|| Values::of(registry, &key).text("ServiceDll"))
        .map(|path| expand(&path, &environment));
    let config = service.config.as_ref();
    let present = |text: &'_ String| Some(text.clone()).filter(|text| !text.is_empty());
    let exit = |code: u32| Some(code.cast_signed());
    builder.push(&table::Row {
        name: &service.name,
        service_type: Some(&kind(service.kind)),
        display_name: present(&service.display_name).as_deref(),
        status: status(service.state),
        pid: i32::try_from(service.pid).ok(),
        start_type: config.and_then(|config| start_type(config.start_type)),
        win32_exit_code: exit(service.win32_exit_code),
        service_exit_code: exit(service.service_exit_code),
        path: config.and_then(|config| present(&config.path)).as_deref(),
        module_path: dll.as_deref(),
        description: config.and_then(|config| present(&config.description)).as_deref(),
        user_account: config.and_then(|config| present(&config.account)).as_deref(),
    });
}

fn kind(bits: u32) -> String {
    let words = [
        (0x10, "OWN_PROCESS"),
        (0x20, "SHARE_PROCESS"),
        (0x40, "USER"),
        (0x80, "INSTANCE"),
        (0x100, "INTERACTIVE"),
        (0x200, "PACKAGE"),
    ];
    let known: u32 = words.iter().map(|(bit, _)| bit).sum();
    let named = words.iter().filter(|(bit, _)| bits & bit != 0).map(|(_, word)| *word);
    let named: Vec<&str> = named.collect();
    if named.is_empty() || bits & !known != 0 { bits.to_string() } else { named.join("|") }
}

fn status(state: u32) -> Option<&'static str> {
    Some(match state {
        1 => "STOPPED",
        2 => "START_PENDING",
        3 => "STOP_PENDING",
        4 => "RUNNING",
        5 => "CONTINUE_PENDING",
        6 => "PAUSE_PENDING",
        7 => "PAUSED",
        _ => return None,
    })
}

fn start_type(number: u32) -> Option<&'static str> {
    Some(match number {
        0 => "BOOT_START",
        1 => "SYSTEM_START",
        2 => "AUTO_START",
        3 => "DEMAND_START",
        4 => "DISABLED",
        _ => return None,
    })
}
