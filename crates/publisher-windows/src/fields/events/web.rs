// SPDX-License-Identifier: Apache-2.0
//! HTTP of programs that use WinHTTP (Microsoft-Windows-WebIO) or WinINet.

payloads! {
    /// A request was made.
    WebRequestCreate(Manifest WEBIO [17, 18] version 0) {
        request: Pointer,
        request_handle: U64,
        session: Pointer,
        session_handle: U64,
        method: AnsiZ,
        uri: WideZ,
        version_major: U16,
        version_minor: U16,
        error: U32,
    }

    /// Headers were sent (100) or received (101).
    WebHeaders(Manifest WEBIO [100, 101] version 0) {
        request: Pointer,
        headers: Ansi16,
    }

    /// A request got its connection.
    WebRequestConnection(Manifest WEBIO [104] version 0) {
        request: Pointer,
        connection_manager: Pointer,
        connection: Pointer,
    }

    /// A connection was begun (200), made (201) or refused (202). The address is a counted blob.
    WebConnect(Manifest WEBIO [200, 201, 202] version 1) {
        connection: Pointer,
        socket_handle: U64,
        address: Bytes32,
        context: Pointer,
        remaining_addresses: U64,
        error: U32,
        http3_connection: U64 from 1,
    }

    /// The security context of a connection begins: the name of the server.
    WebTlsStart(Manifest WEBIO [700] version 0) {
        connection: Pointer,
        security_high: U64,
        security_low: U64,
        credential_high: U64,
        credential_low: U64,
        host_name: WideZ,
    }

    /// Handshake bytes that came in: as many as `data_length` stand behind the fields.
    WebTlsReceived(Manifest WEBIO [704] version 0) {
        connection: Pointer,
        security_high: U64,
        security_low: U64,
        buffer: Pointer,
        data_length: U32,
        remaining_length: U32,
    }

    /// Handshake bytes that go out.
    WebTlsSent(Manifest WEBIO [705] version 0) {
        connection: Pointer,
        security_high: U64,
        security_low: U64,
        data_chunks: Pointer,
        token: Bytes32,
    }

    /// A handle for a server.
    InetConnect(Manifest WININET [103] version 0) {
        connection: Pointer,
        parent: Pointer,
        server_name: Ansi16,
        server_port: U32,
        service: Ansi16,
        flags: U32,
    }

    /// A handle for a request.
    InetRequest(Manifest WININET [104] version 0) {
        connection: Pointer,
        parent: Pointer,
        verb: Ansi16,
        object_name: Ansi16,
        http_version: Ansi16,
        referrer: Ansi32,
        accept_types: Ansi16,
        flags: U32,
    }

    /// A handle for a request with its server.
    InetRequestServer(Manifest WININET [108] version 0) {
        connection: Pointer,
        server_name: Ansi16,
        server_port: U32,
        service: Ansi16,
    }

    /// A response came.
    InetResponse(Manifest WININET [203] version 0) {
        response_code: I32,
        request: Pointer,
        socket: Pointer,
        verb: Ansi16,
        content_length: Ansi16,
    }

    /// A handle was closed.
    InetClosed(Manifest WININET [105] version 0) {
        handle: Pointer,
    }
}
