// SPDX-License-Identifier: Apache-2.0
//! TCP and UDP: Microsoft-Windows-Kernel-Network and the kernel's classes. Addresses and ports are
//! in network order.

payloads! {
    /// Sent over TCP.
    TcpSend(Manifest KERNEL_NETWORK [10] version 0) {
        process_id: U32, size: U32, daddr: Ip4, saddr: Ip4, dport: Port, sport: Port,
        start_time: U32, end_time: U32, sequence: U32, connection: U32,
    }

    /// Received (11), disconnected (13), sent again (14), reconnected (16), copied (18).
    TcpOther(Manifest KERNEL_NETWORK [11, 13, 14, 16, 18] version 0) {
        process_id: U32, size: U32, daddr: Ip4, saddr: Ip4, dport: Port, sport: Port,
        sequence: U32, connection: U32,
    }

    /// Connected (12) or accepted (15).
    TcpConnect(Manifest KERNEL_NETWORK [12, 15] version 0) {
        process_id: U32, size: U32, daddr: Ip4, saddr: Ip4, dport: Port, sport: Port,
        mss: U16, sack: U16, time_stamps: U16, window_scaling: U16, receive_window: U32,
        receive_scale: U16, send_scale: U16, sequence: U32, connection: U32,
    }

    /// A connection over TCP (17) or UDP (49) failed.
    NetworkFail(Manifest KERNEL_NETWORK [17, 49] version 0) {
        protocol: U16, failure_code: U16,
    }

    /// Sent over TCP, version 6.
    TcpSend6(Manifest KERNEL_NETWORK [26] version 0) {
        process_id: U32, size: U32, daddr: Ip6, saddr: Ip6, dport: Port, sport: Port,
        start_time: U32, end_time: U32, sequence: U32, connection: U32,
    }

    /// Received (27), disconnected (29), sent again (30), reconnected (32), copied (34), version 6.
    TcpOther6(Manifest KERNEL_NETWORK [27, 29, 30, 32, 34] version 0) {
        process_id: U32, size: U32, daddr: Ip6, saddr: Ip6, dport: Port, sport: Port,
        sequence: U32, connection: U32,
    }

    /// Connected (28) or accepted (31), version 6.
    TcpConnect6(Manifest KERNEL_NETWORK [28, 31] version 0) {
        process_id: U32, size: U32, daddr: Ip6, saddr: Ip6, dport: Port, sport: Port,
        mss: U16, sack: U16, time_stamps: U16, window_scaling: U16, receive_window: U32,
        receive_scale: U16, send_scale: U16, sequence: U32, connection: U32,
    }

    /// Sent (42) or received (43) over UDP.
    Udp(Manifest KERNEL_NETWORK [42, 43] version 0) {
        process_id: U32, size: U32, daddr: Ip4, saddr: Ip4, dport: Port, sport: Port,
        sequence: U32, connection: U32,
    }

    /// Sent (58) or received (59) over UDP, version 6.
    Udp6(Manifest KERNEL_NETWORK [58, 59] version 0) {
        process_id: U32, size: U32, daddr: Ip6, saddr: Ip6, dport: Port, sport: Port,
        sequence: U32, connection: U32,
    }

    /// The kernel's own record: sent.
    KernelTcpSend(Classic TCP_IP [10] version 2) {
        process_id: U32, size: U32, daddr: Ip4, saddr: Ip4, dport: Port, sport: Port,
        start_time: U32, end_time: U32, sequence: U32, connection: Pointer,
    }

    /// Received (11), disconnected (13), sent again (14), reconnected (16), copied (18).
    KernelTcpOther(Classic TCP_IP [11, 13, 14, 16, 18] version 2) {
        process_id: U32, size: U32, daddr: Ip4, saddr: Ip4, dport: Port, sport: Port,
        sequence: U32, connection: Pointer,
    }

    /// Connected (12) or accepted (15).
    KernelTcpConnect(Classic TCP_IP [12, 15] version 2) {
        process_id: U32, size: U32, daddr: Ip4, saddr: Ip4, dport: Port, sport: Port,
        mss: U16, sack: U16, time_stamps: U16, window_scaling: U16, receive_window: U32,
        receive_scale: U16, send_scale: U16, sequence: U32, connection: Pointer,
    }

    /// Sent, version 6.
    KernelTcpSend6(Classic TCP_IP [26] version 2) {
        process_id: U32, size: U32, daddr: Ip6, saddr: Ip6, dport: Port, sport: Port,
        start_time: U32, end_time: U32, sequence: U32, connection: Pointer,
    }

    /// As above, version 6.
    KernelTcpOther6(Classic TCP_IP [27, 29, 30, 32, 34] version 2) {
        process_id: U32, size: U32, daddr: Ip6, saddr: Ip6, dport: Port, sport: Port,
        sequence: U32, connection: Pointer,
    }

    /// As above, version 6.
    KernelTcpConnect6(Classic TCP_IP [28, 31] version 2) {
        process_id: U32, size: U32, daddr: Ip6, saddr: Ip6, dport: Port, sport: Port,
        mss: U16, sack: U16, time_stamps: U16, window_scaling: U16, receive_window: U32,
        receive_scale: U16, send_scale: U16, sequence: U32, connection: Pointer,
    }

    /// Sent (10) or received (11) over UDP.
    KernelUdp(Classic UDP_IP [10, 11] version 2) {
        process_id: U32, size: U32, daddr: Ip4, saddr: Ip4, dport: Port, sport: Port,
        sequence: U32, connection: Pointer,
    }

    /// The same, version 6.
    KernelUdp6(Classic UDP_IP [26, 27] version 2) {
        process_id: U32, size: U32, daddr: Ip6, saddr: Ip6, dport: Port, sport: Port,
        sequence: U32, connection: Pointer,
    }
}
