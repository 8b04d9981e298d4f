// SPDX-License-Identifier: Apache-2.0
//! What the tables ask of Windows, a trait per source, so that all but the calls themselves is portable.
//! Bytes come as the system writes them (x86-64, little-endian); who reads them believes no length.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Where a registry key hangs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hive {
    LocalMachine,
    Users,
}

/// Which of the two registries of a 64-bit Windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    Native,
    ThirtyTwo,
}

/// One key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) hive: Hive,
    pub(crate) view: View,
    /// Below the hive, with backslashes.
    pub(crate) path: String,
}

/// One value of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) name: String,
    pub(crate) kind: u32,
    pub(crate) data: Vec<u8>,
}

pub(crate) trait Registry: Send + Sync {
    /// Names of the keys below; none when the key is not there, or may not be read.
    fn subkeys(&self, key: &Key) -> Vec<String>;
    /// Its values; none when the key is not there, or may not be read.
    fn values(&self, key: &Key) -> Vec<Value>;
}

/// One service, in the numbers of Windows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Service {
    pub(crate) name: String,
    pub(crate) display_name: String,
    pub(crate) kind: u32,
    pub(crate) state: u32,
    pub(crate) pid: u32,
    pub(crate) win32_exit_code: u32,
    pub(crate) service_exit_code: u32,
    /// What may be asked of the service itself; `None` when that was refused.
    pub(crate) config: Option<ServiceConfig>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ServiceConfig {
    pub(crate) start_type: u32,
    pub(crate) path: String,
    pub(crate) account: String,
    pub(crate) description: String,
}

pub(crate) trait Services: Send + Sync {
    fn services(&self) -> Result<Vec<Service>, String>;
}

/// Bytes of the system that point into themselves.
#[derive(Debug, Clone, Default)]
pub(crate) struct Raw {
    pub(crate) bytes: Vec<u8>,
    /// Address that the first byte had.
    pub(crate) base: u64,
}

pub(crate) trait Processes: Send + Sync {
    /// A list of `SYSTEM_PROCESS_INFORMATION`.
    fn processes(&self) -> Result<Raw, String>;
    /// Time, in the 100 nanoseconds since 1601 that the list counts in.
    fn now(&self) -> i64;
    /// Between two looks.
    fn wait(&self, time: Duration);
}

/// What the system says of one open handle.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) kind: Option<String>,
    pub(crate) name: Option<String>,
    /// Whether the name was asked for in vain, because the answer did not come.
    pub(crate) stuck: bool,
}

pub(crate) trait Handles: Send + Sync {
    /// A `SYSTEM_HANDLE_INFORMATION_EX`.
    fn handles(&self) -> Result<Raw, String>;
    /// Type and, with `name`, the name of the object behind a handle of another process; `None` when the
    /// process may not be opened.
    fn name(&self, pid: u32, handle: u64, name: bool) -> Option<Named>;
}

/// `MEMORYSTATUSEX`, less its length.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct MemoryStatus {
    pub(crate) load: u32,
    pub(crate) total_physical: u64,
    pub(crate) available_physical: u64,
    pub(crate) total_page_file: u64,
    pub(crate) available_page_file: u64,
    pub(crate) total_virtual: u64,
    pub(crate) available_virtual: u64,
    pub(crate) available_extended: u64,
}

pub(crate) trait Memory: Send + Sync {
    fn memory(&self) -> Result<MemoryStatus, String>;
}

/// The two families of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    V4,
    V6,
}

pub(crate) trait Network: Send + Sync {
    /// A `MIB_TCPTABLE_OWNER_PID`, or the one of version 6.
    fn connections(&self, family: Family) -> Result<Vec<u8>, String>;
    /// Bytes in and out of a connection, given as `MIB_TCPROW` or `MIB_TCP6ROW`; `None` when they are not
    /// counted. Switches the counting on.
    fn traffic(&self, family: Family, row: &[u8]) -> Option<(u64, u64)>;
    /// Hardware addresses by the addresses that they carry.
    fn adapters(&self) -> Vec<(IpAddr, Vec<u8>)>;
}

pub(crate) trait EventLog: Send + Sync {
    fn channels(&self) -> Result<Vec<String>, String>;
    /// Gives events of a channel as XML, the newest first, while `take` says so; `None` is an event that the system
    /// cannot put into XML.
    fn events(
        &self,
        channel: &str,
        query: &str,
        take: &mut dyn FnMut(Option<String>) -> bool,
    ) -> Result<(), String>;
}

pub(crate) trait Accounts: Send + Sync {
    /// `DOMAIN\name` of a security id.
    fn account(&self, sid: &str) -> Option<String>;
}

pub(crate) trait Disks: Send + Sync {
    /// Roots of the fixed disks.
    fn roots(&self) -> Vec<PathBuf>;
}

/// All of them.
pub(crate) struct Sources {
    pub(crate) registry: Box<dyn Registry>,
    pub(crate) services: Box<dyn Services>,
    pub(crate) processes: Box<dyn Processes>,
    pub(crate) handles: Box<dyn Handles>,
    pub(crate) memory: Box<dyn Memory>,
    pub(crate) network: Box<dyn Network>,
    pub(crate) event_log: Box<dyn EventLog>,
    pub(crate) accounts: Box<dyn Accounts>,
    pub(crate) disks: Box<dyn Disks>,
}
