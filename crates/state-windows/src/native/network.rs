// SPDX-License-Identifier: Apache-2.0
//! Tables of TCP connections, their byte counts, and hardware addresses.
#![allow(unsafe_code)] // Sound: see `native`.

use super::{bytes_of, error_of, room, size, wide};
use crate::bytes::u64_at;
use crate::sources::{Family, Network};
use std::ffi::{CStr, c_void};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ptr::{null, null_mut};
use windows_sys::Win32::Foundation::{ERROR_BUFFER_OVERFLOW, ERROR_INSUFFICIENT_BUFFER};
use windows_sys::Win32::NetworkManagement::IpHelper::{
    GetAdaptersAddresses, GetExtendedTcpTable, IP_ADAPTER_ADDRESSES_LH, TCP_TABLE_OWNER_PID_ALL,
};
use windows_sys::Win32::Networking::WinSock::{AF_INET, AF_INET6, SOCKET_ADDRESS};
use windows_sys::Win32::System::LibraryLoader::{GetModuleHandleW, GetProcAddress};

const TABLE_BYTES: u32 = 64 << 10;
const TABLE_BYTES_MAX: u32 = 64 << 20;
const TRIES: usize = 8;
/// Adapters, and addresses of each.
const LINKS_MAX: usize = 4_096;
/// `TcpConnectionEstatsData`.
const DATA: u32 = 1;
/// Of `TCP_ESTATS_DATA_ROD_v0`.
const COUNTS_BYTES: usize = 96;

type GetCounts = unsafe extern "system" fn(
    row: *const c_void,
    kind: u32,
    rw: *mut u8,
    rw_version: u32,
    rw_size: u32,
    ros: *mut u8,
    ros_version: u32,
    ros_size: u32,
    rod: *mut u8,
    rod_version: u32,
    rod_size: u32,
) -> u32;
type SetCounts = unsafe extern "system" fn(
    row: *const c_void,
    kind: u32,
    rw: *const u8,
    rw_version: u32,
    rw_size: u32,
    offset: u32,
) -> u32;

/// Counting of bytes for one family.
struct Counting {
    get: GetCounts,
    set: SetCounts,
}

/// The system's library; functions that not every system has are looked for by name.
pub(super) struct IpHelper {
    v4: Option<Counting>,
    v6: Option<Counting>,
}

impl IpHelper {
    pub(super) fn new() -> Self {
        Self {
            v4: counting(c"GetPerTcpConnectionEStats", c"SetPerTcpConnectionEStats"),
            v6: counting(c"GetPerTcp6ConnectionEStats", c"SetPerTcp6ConnectionEStats"),
        }
    }
}

fn counting(get: &CStr, set: &CStr) -> Option<Counting> {
    let library = wide("iphlpapi.dll");
    // SAFETY: the text ends in 0; this program imports the library, so it stays.
    let module = unsafe { GetModuleHandleW(library.as_ptr()) };
    if module.is_null() {
        return None;
    }
    // SAFETY: the names end in 0.
    let (get, set) = unsafe {
        (GetProcAddress(module, get.as_ptr().cast())?, GetProcAddress(module, set.as_ptr().cast())?)
    };
    // SAFETY: these are the documented forms of the functions of these names.
    unsafe {
        Some(Counting {
            get: std::mem::transmute::<unsafe extern "system" fn() -> isize, GetCounts>(get),
            set: std::mem::transmute::<unsafe extern "system" fn() -> isize, SetCounts>(set),
        })
    }
}

impl Network for IpHelper {
    fn connections(&self, family: Family) -> Result<Vec<u8>, String> {
        let af = u32::from(match family {
            Family::V4 => AF_INET,
            Family::V6 => AF_INET6,
        });
        let mut length = TABLE_BYTES;
        for _ in 0..TRIES {
            let bytes = usize::try_from(length).unwrap_or(0);
            let mut table = room(bytes);
            // SAFETY: `table` has room for `length`.
            let code = unsafe {
                GetExtendedTcpTable(
                    table.as_mut_ptr().cast(),
                    &raw mut length,
                    0,
                    af,
                    TCP_TABLE_OWNER_PID_ALL,
                    0,
                )
            };
            match code {
                0 => return Ok(bytes_of(&table, bytes)),
                // It grows while it is asked for.
                ERROR_INSUFFICIENT_BUFFER => {
                    length = length.saturating_add(TABLE_BYTES).min(TABLE_BYTES_MAX);
                }
                code => return Err(error_of("list the TCP connections", code)),
            }
        }
        Err("failed to list the TCP connections: the list grows too fast".to_owned())
    }

    fn traffic(&self, family: Family, row: &[u8]) -> Option<(u64, u64)> {
        let counting = match family {
            Family::V4 => self.v4.as_ref(),
            Family::V6 => self.v6.as_ref(),
        }?;
        // The row stands as a structure of 32-bit words must.
        let mut asked = room(row.len());
        for (word, piece) in asked.iter_mut().zip(row.chunks(8)) {
            let mut bytes = [0; 8];
            bytes.iter_mut().zip(piece).for_each(|(to, from)| *to = *from);
            *word = u64::from_le_bytes(bytes);
        }
        let (mut on, mut counts) = (0_u8, room(COUNTS_BYTES));
        // SAFETY: the row is as long as its family's, and the sizes are those of the buffers.
        let code = unsafe {
            (counting.get)(
                asked.as_ptr().cast(),
                DATA,
                &raw mut on,
                0,
                1,
                null_mut(),
                0,
                0,
                counts.as_mut_ptr().cast(),
                0,
                size(COUNTS_BYTES),
            )
        };
        if code != 0 {
            return None;
        }
        if on == 0 {
            // SAFETY: as above.
            unsafe { (counting.set)(asked.as_ptr().cast(), DATA, &raw const ON, 0, 1, 0) };
            return None;
        }
        let counts = bytes_of(&counts, COUNTS_BYTES);
        Some((u64_at(&counts, 16)?, u64_at(&counts, 0)?))
    }

    fn adapters(&self) -> Vec<(IpAddr, Vec<u8>)> {
        let mut length = TABLE_BYTES;
        for _ in 0..TRIES {
            let mut list = room(usize::try_from(length).unwrap_or(0));
            let first = list.as_mut_ptr().cast::<IP_ADAPTER_ADDRESSES_LH>();
            // SAFETY: `first` has room for `length`, and stands as the structure must.
            let code = unsafe { GetAdaptersAddresses(0, 0, null(), first, &raw mut length) };
            match code {
                0 => return read_adapters(first),
                ERROR_BUFFER_OVERFLOW if length <= TABLE_BYTES_MAX => {}
                _ => return Vec::new(),
            }
        }
        Vec::new()
    }
}

static ON: u8 = 1;

/// Reads the list that the system wrote; it must still be there.
fn read_adapters(first: *const IP_ADAPTER_ADDRESSES_LH) -> Vec<(IpAddr, Vec<u8>)> {
    let mut found = Vec::new();
    let mut next = first;
    for _ in 0..LINKS_MAX {
        if next.is_null() {
            break;
        }
        // SAFETY: the system links its records, and ends the list by null.
        let adapter = unsafe { next.read() };
        let length = usize::try_from(adapter.PhysicalAddressLength).unwrap_or(0);
        let mac = adapter.PhysicalAddress.get(..length).unwrap_or_default().to_vec();
        let mut unicast = adapter.FirstUnicastAddress;
        for _ in 0..LINKS_MAX {
            if unicast.is_null() {
                break;
            }
            // SAFETY: as above.
            let one = unsafe { unicast.read() };
            found.extend(address(&one.Address).map(|address| (address, mac.clone())));
            unicast = one.Next;
        }
        next = adapter.Next;
    }
    found
}

fn address(socket: &SOCKET_ADDRESS) -> Option<IpAddr> {
    let length = usize::try_from(socket.iSockaddrLength).ok().filter(|length| *length >= 8)?;
    if socket.lpSockaddr.is_null() {
        return None;
    }
    let first = socket.lpSockaddr.cast::<u8>().cast_const();
    // SAFETY: the system gave an address of this length.
    let bytes: Vec<u8> = (0..length.min(28)).map(|at| unsafe { first.add(at).read() }).collect();
    match crate::bytes::u16_at(&bytes, 0)? {
        AF_INET => {
            let four: [u8; 4] = bytes.get(4..8)?.try_into().ok()?;
            Some(IpAddr::V4(Ipv4Addr::from(four)))
        }
        AF_INET6 => {
            let sixteen: [u8; 16] = bytes.get(8..24)?.try_into().ok()?;
            Some(IpAddr::V6(Ipv6Addr::from(sixteen)))
        }
        _ => None,
    }
}
