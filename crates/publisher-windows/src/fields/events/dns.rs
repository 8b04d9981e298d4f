// SPDX-License-Identifier: Apache-2.0
//! Name resolution: Microsoft-Windows-DNS-Client. Later versions add the asking process behind the
//! fields of version 0, where the kind of query has one.

payloads! {
    /// A server of an interface.
    DnsServer(Manifest DNS_CLIENT [1001] version 0) {
        interface: WideZ,
        server_count: U32,
        index: U32,
        dynamic: U8,
        address: Bytes32,
    }

    /// A query began, in the process that asks.
    DnsQuery(Manifest DNS_CLIENT [3006] version 0) {
        query_name: WideZ,
        query_type: U32,
        query_options: U64,
        server_list: WideZ,
        is_network_query: U32,
        network_query_index: U32,
        interface_index: U32,
        is_async_query: U32,
    }

    /// A query ended, in the process that asked.
    DnsDone(Manifest DNS_CLIENT [3008] version 0) {
        query_name: WideZ,
        query_type: U32,
        query_options: U64,
        query_status: U32,
        query_results: WideZ,
    }

    /// A query was sent to the servers of an adapter.
    DnsSent(Manifest DNS_CLIENT [3009] version 1) {
        query_name: WideZ,
        is_parallel: U32,
        network_index: U32,
        interface_count: U32,
        adapter_name: WideZ,
        local_address: WideZ,
        server_address: WideZ,
        client_pid: U32 from 1,
    }

    /// A query was sent to a server.
    DnsSentTo(Manifest DNS_CLIENT [3010] version 1) {
        query_name: WideZ,
        query_type: U32,
        server_address: WideZ,
        client_pid: U32 from 1,
    }

    /// A server answered.
    DnsAnswered(Manifest DNS_CLIENT [3011] version 1) {
        query_name: WideZ,
        query_type: U32,
        server_address: WideZ,
        response_status: U32,
        client_pid: U32 from 1,
    }

    /// The cache was asked.
    DnsCacheQuery(Manifest DNS_CLIENT [3016] version 1) {
        query_name: WideZ,
        query_type: U32,
        query_options: U64,
        interface_index: U32,
        client_pid: U32 from 1,
    }

    /// The cache answered.
    DnsCacheDone(Manifest DNS_CLIENT [3018] version 1) {
        query_name: WideZ,
        query_type: U32,
        query_options: U64,
        status: U32,
        query_results: WideZ,
        client_pid: U32 from 1,
    }

    /// A query went over the wire.
    DnsWireQuery(Manifest DNS_CLIENT [3019] version 1) {
        query_name: WideZ,
        query_type: U32,
        interface_index: U32,
        network_index: U32,
        client_pid: U32 from 1,
    }

    /// A query over the wire ended.
    DnsWireDone(Manifest DNS_CLIENT [3020] version 1) {
        query_name: WideZ,
        query_type: U32,
        network_index: U32,
        interface_index: U32,
        status: U32,
        query_results: WideZ,
        client_pid: U32 from 1,
    }
}
