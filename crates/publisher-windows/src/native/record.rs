// SPDX-License-Identifier: Apache-2.0
//! Windows' record of an event as a [`RawEvent`].
//!
//! Why unsafe: payload and extended items are pointers. Why sound: the caller vouches that the record is
//! whole, as Windows' are; lengths stand beside the pointers, and a pointer of nothing gives no bytes.
//! Tests: `tests.rs` under Wine.
#![allow(unsafe_code)]

use crate::guid::Guid;
use crate::raw::{EventClass, Extended, PointerSize, RawEvent};
use windows_sys::Win32::System::Diagnostics::Etw::{
    EVENT_HEADER_FLAG_32_BIT_HEADER, EVENT_HEADER_FLAG_CLASSIC_HEADER, EVENT_RECORD,
};
use windows_sys::core::GUID;

/// Hundreds of nanoseconds from 1601 to 1970.
const FILETIME_AT_EPOCH: i64 = 116_444_736_000_000_000;

/// The event of a record.
///
/// # Safety
/// Payload and extended items are readable for as long as the record is borrowed.
pub(super) unsafe fn event_of(record: &EVENT_RECORD) -> RawEvent<'_> {
    let header = &record.EventHeader;
    let has = |flag: u32| u32::from(header.Flags) & flag != 0;
    let classic = has(EVENT_HEADER_FLAG_CLASSIC_HEADER);
    let descriptor = &header.EventDescriptor;
    let mut extended = Extended::default();
    // SAFETY: as the caller vouches.
    let items =
        unsafe { bytes_of(record.ExtendedData.cast_const(), record.ExtendedDataCount.into()) };
    for item in items {
        let data = std::ptr::with_exposed_provenance::<u8>(item.DataPtr.try_into().unwrap_or(0));
        // SAFETY: as the caller vouches.
        extended.take(item.ExtType, unsafe { bytes_of(data, item.DataSize.into()) });
    }
    // SAFETY: as the caller vouches.
    let payload = unsafe {
        bytes_of(record.UserData.cast_const().cast::<u8>(), record.UserDataLength.into())
    };
    RawEvent {
        class: if classic { EventClass::Classic } else { EventClass::Manifest },
        provider: guid_of(&header.ProviderId),
        id: if classic { descriptor.Opcode.into() } else { descriptor.Id },
        version: descriptor.Version,
        opcode: descriptor.Opcode,
        task: descriptor.Task,
        level: descriptor.Level,
        keyword: descriptor.Keyword,
        pid: known(header.ProcessId),
        tid: known(header.ThreadId),
        time_ns: header.TimeStamp.wrapping_sub(FILETIME_AT_EPOCH).saturating_mul(100),
        // SAFETY: both readings of the union are numbers of the same size.
        processor: unsafe { record.BufferContext.Anonymous.ProcessorIndex },
        pointer_size: if has(EVENT_HEADER_FLAG_32_BIT_HEADER) {
            PointerSize::Four
        } else {
            PointerSize::Eight
        },
        activity: Some(guid_of(&header.ActivityId)).filter(|guid| *guid != Guid::ZERO),
        extended,
        payload,
    }
}

/// # Safety
/// `length` things are readable at `pointer`, unless it is null.
unsafe fn bytes_of<'a, T>(pointer: *const T, length: usize) -> &'a [T] {
    if pointer.is_null() || length == 0 {
        return &[];
    }
    // SAFETY: as the caller vouches; not null, and aligned as Windows aligns.
    unsafe { std::slice::from_raw_parts(pointer, length) }
}

fn guid_of(guid: &GUID) -> Guid {
    let [a, b, c, d, e, f, g, h] = guid.data4;
    let last = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
    Guid(
        u128::from(guid.data1) << 96
            | u128::from(guid.data2) << 80
            | u128::from(guid.data3) << 64
            | u128::from(last),
    )
}

fn known(number: u32) -> Option<u32> {
    (number != u32::MAX).then_some(number)
}
