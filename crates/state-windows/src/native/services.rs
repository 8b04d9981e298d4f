// SPDX-License-Identifier: Apache-2.0
//! Services, from the service manager.
#![allow(unsafe_code)] // Sound: see `native`.

use super::{last_error, room, size, text_in, wide};
use crate::sources::{Service, ServiceConfig, Services};
use std::ptr::null;
use windows_sys::Win32::Foundation::{ERROR_MORE_DATA, GetLastError};
use windows_sys::Win32::System::Services::{
    CloseServiceHandle, ENUM_SERVICE_STATUS_PROCESSW, EnumServicesStatusExW, OpenSCManagerW,
    OpenServiceW, QUERY_SERVICE_CONFIGW, QueryServiceConfig2W, QueryServiceConfigW,
    SC_ENUM_PROCESS_INFO, SC_HANDLE, SC_MANAGER_CONNECT, SC_MANAGER_ENUMERATE_SERVICE,
    SERVICE_CONFIG_DESCRIPTION, SERVICE_DESCRIPTIONW, SERVICE_QUERY_CONFIG, SERVICE_STATE_ALL,
    SERVICE_WIN32,
};

/// Bytes of one piece of the list, which comes in as many as it needs.
const LIST_BYTES: usize = 256 << 10;
const PIECES_MAX: usize = 1_000;
/// A service's configuration has 8 KiB at most.
const CONFIG_BYTES: usize = 8 << 10;

pub(super) struct ServiceManager;

struct Opened(SC_HANDLE);

impl Drop for Opened {
    fn drop(&mut self) {
        // SAFETY: opened by us, closed once.
        unsafe { CloseServiceHandle(self.0) };
    }
}

impl Services for ServiceManager {
    fn services(&self) -> Result<Vec<Service>, String> {
        let access = SC_MANAGER_CONNECT | SC_MANAGER_ENUMERATE_SERVICE;
        // SAFETY: null means this machine and its active list.
        let manager = unsafe { OpenSCManagerW(null(), null(), access) };
        if manager.is_null() {
            return Err(last_error("open the service manager"));
        }
        let manager = Opened(manager);
        let (mut services, mut resume) = (Vec::new(), 0_u32);
        for _ in 0..PIECES_MAX {
            let mut list = room(LIST_BYTES);
            let (mut needed, mut count) = (0, 0);
            // SAFETY: `list` has room for `LIST_BYTES`.
            let ok = unsafe {
                EnumServicesStatusExW(
                    manager.0,
                    SC_ENUM_PROCESS_INFO,
                    SERVICE_WIN32,
                    SERVICE_STATE_ALL,
                    list.as_mut_ptr().cast(),
                    size(LIST_BYTES),
                    &raw mut needed,
                    &raw mut count,
                    &raw mut resume,
                    null(),
                )
            };
            // SAFETY: only reads the last error of this thread.
            let is_more = ok == 0 && unsafe { GetLastError() } == ERROR_MORE_DATA;
            if ok == 0 && !is_more {
                return Err(last_error("list the services"));
            }
            let count = usize::try_from(count).unwrap_or(0);
            let fit = LIST_BYTES / size_of::<ENUM_SERVICE_STATUS_PROCESSW>();
            let records = list.as_ptr().cast::<ENUM_SERVICE_STATUS_PROCESSW>();
            for at in 0..count.min(fit) {
                // SAFETY: the system wrote `count` records at the beginning of `list`, which stands as
                // they must.
                let record = unsafe { records.add(at).read() };
                services.push(service(&manager, &list, &record));
            }
            if !is_more || count == 0 {
                break;
            }
        }
        Ok(services)
    }
}

fn service(manager: &Opened, list: &[u64], record: &ENUM_SERVICE_STATUS_PROCESSW) -> Service {
    let (name, status) = (text_in(list, record.lpServiceName), &record.ServiceStatusProcess);
    Service {
        config: config(manager, &name),
        display_name: text_in(list, record.lpDisplayName),
        kind: status.dwServiceType,
        state: status.dwCurrentState,
        pid: status.dwProcessId,
        win32_exit_code: status.dwWin32ExitCode,
        service_exit_code: status.dwServiceSpecificExitCode,
        name,
    }
}

fn config(manager: &Opened, name: &str) -> Option<ServiceConfig> {
    let name = wide(name);
    // SAFETY: `name` ends in 0.
    let service = unsafe { OpenServiceW(manager.0, name.as_ptr(), SERVICE_QUERY_CONFIG) };
    let service = (!service.is_null()).then(|| Opened(service))?;
    let (mut room_of_it, mut needed) = (room(CONFIG_BYTES), 0);
    let into = room_of_it.as_mut_ptr().cast::<QUERY_SERVICE_CONFIGW>();
    // SAFETY: `into` has room for `CONFIG_BYTES`, and stands as the structure must.
    let ok = unsafe { QueryServiceConfigW(service.0, into, size(CONFIG_BYTES), &raw mut needed) };
    if ok == 0 {
        return None;
    }
    // SAFETY: the system wrote the structure.
    let found = unsafe { into.read() };
    Some(ServiceConfig {
        start_type: found.dwStartType,
        path: text_in(&room_of_it, found.lpBinaryPathName),
        account: text_in(&room_of_it, found.lpServiceStartName),
        description: description(&service),
    })
}

fn description(service: &Opened) -> String {
    let (mut text, mut needed) = (room(CONFIG_BYTES), 0);
    let into = text.as_mut_ptr();
    // SAFETY: `into` has room for `CONFIG_BYTES`.
    let ok = unsafe {
        QueryServiceConfig2W(
            service.0,
            SERVICE_CONFIG_DESCRIPTION,
            into.cast(),
            size(CONFIG_BYTES),
            &raw mut needed,
        )
    };
    if ok == 0 {
        return String::new();
    }
    // SAFETY: the system wrote the structure.
    let found = unsafe { into.cast::<SERVICE_DESCRIPTIONW>().read() };
    if found.lpDescription.is_null() { String::new() } else { text_in(&text, found.lpDescription) }
}
