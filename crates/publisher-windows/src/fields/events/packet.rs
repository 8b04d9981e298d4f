// SPDX-License-Identifier: Apache-2.0
//! Frames of the network as two of Windows' capture drivers show them, when one of them captures.

payloads! {
    /// A frame, or a part of one: the keywords say which, and what it begins with.
    CapturedFragment(Manifest NDIS_CAPTURE [1001] version 0) {
        miniport: U32,
        lower: U32,
        fragment: Bytes32,
    }

    /// A frame at one of the places that it passes; as many bytes as `logged_size` stand behind the fields.
    CapturedFrame(Manifest PKTMON [160] version 0) {
        group: U64,
        number: U16,
        appearances: U16,
        direction: U16,
        packet_type: U16,
        component: U16,
        edge: U16,
        filter: U16,
        drop_reason: U32,
        drop_location: U32,
        original_size: U16,
        logged_size: U16,
    }
}
