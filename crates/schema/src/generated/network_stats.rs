// SPDX-License-Identifier: Apache-2.0
//! `network_stats`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `win_network_stats`.
pub mod windows {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `process_id`.
    pub const PROCESS_ID: usize = 0;
    /// Position of `tcp_connection_state`.
    pub const TCP_CONNECTION_STATE: usize = 1;
    /// Position of `mac_address`.
    pub const MAC_ADDRESS: usize = 2;
    /// Position of `remote_ip_address`.
    pub const REMOTE_IP_ADDRESS: usize = 3;
    /// Position of `remote_port`.
    pub const REMOTE_PORT: usize = 4;
    /// Position of `local_ip_address`.
    pub const LOCAL_IP_ADDRESS: usize = 5;
    /// Position of `local_port`.
    pub const LOCAL_PORT: usize = 6;
    /// Position of `incoming_bytes`.
    pub const INCOMING_BYTES: usize = 7;
    /// Position of `outgoing_bytes`.
    pub const OUTGOING_BYTES: usize = 8;

    /// TCP connections and listeners of this moment, with bytes where Windows counts them.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(0), kind: "network_stats", name: "win_network_stats",
        class: Class::State, platform: Platform::Windows, required: None, key: None,
        summary: "TCP connections and listeners of this moment, with bytes where Windows counts them.",
        example: "SELECT process_id, remote_ip_address, outgoing_bytes FROM win_network_stats WHERE tcp_connection_state = 'CONNECTION ESTABLISHED';",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "process_id", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Process." },
            ColumnSpec { id: ColumnId(1), name: "tcp_connection_state", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "`LISTEN`, `CONNECTION ESTABLISHED`, `TIME-WAIT`, `CLOSE-WAIT`, `SYN-SENT`, `SYN-RECEIVED`, `FIN-WAIT-1`, `FIN-WAIT-2`, `CLOSING`, `LAST-ACK`, `CLOSED`, `DELETE-TCB`." },
            ColumnSpec { id: ColumnId(2), name: "mac_address", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Hardware address of the adapter that has the local address, with hyphens." },
            ColumnSpec { id: ColumnId(3), name: "remote_ip_address", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Address of the other side; NULL for a listener." },
            ColumnSpec { id: ColumnId(4), name: "remote_port", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Its port." },
            ColumnSpec { id: ColumnId(5), name: "local_ip_address", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Address of this side." },
            ColumnSpec { id: ColumnId(6), name: "local_port", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Its port." },
            ColumnSpec { id: ColumnId(7), name: "incoming_bytes", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Bytes received since counting began; NULL when Windows does not count." },
            ColumnSpec { id: ColumnId(8), name: "outgoing_bytes", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Bytes sent since counting began; NULL when Windows does not count." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// Process.
            pub process_id: i64,
            /// `LISTEN`, `CONNECTION ESTABLISHED`, `TIME-WAIT`, `CLOSE-WAIT`, `SYN-SENT`, `SYN-RECEIVED`, `FIN-WAIT-1`, `FIN-WAIT-2`, `CLOSING`, `LAST-ACK`, `CLOSED`, `DELETE-TCB`.
            pub tcp_connection_state: &'a str,
            /// Hardware address of the adapter that has the local address, with hyphens.
            pub mac_address: Option<&'a str>,
            /// Address of the other side; NULL for a listener.
            pub remote_ip_address: Option<&'a str>,
            /// Its port.
            pub remote_port: Option<i64>,
            /// Address of this side.
            pub local_ip_address: &'a str,
            /// Its port.
            pub local_port: i64,
            /// Bytes received since counting began; NULL when Windows does not count.
            pub incoming_bytes: Option<i64>,
            /// Bytes sent since counting began; NULL when Windows does not count.
            pub outgoing_bytes: Option<i64>,
        }
    }
}
