// SPDX-License-Identifier: Apache-2.0
//! `removable_media_events`. Made by `cargo run -p xtask -- codegen` from tables/*.toml; do not edit.

/// The table `linux_removable_media_events`.
pub mod linux {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `eid`.
    pub const EID: usize = 0;
    /// Position of `action`.
    pub const ACTION: usize = 1;
    /// Position of `uid`.
    pub const UID: usize = 2;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 3;
    /// Position of `time`.
    pub const TIME: usize = 4;
    /// Position of `pid`.
    pub const PID: usize = 5;
    /// Position of `eventid`.
    pub const EVENTID: usize = 6;
    /// Position of `device_id`.
    pub const DEVICE_ID: usize = 7;
    /// Position of `device_description`.
    pub const DEVICE_DESCRIPTION: usize = 8;
    /// Position of `class_name`.
    pub const CLASS_NAME: usize = 9;
    /// Position of `vendor_ids`.
    pub const VENDOR_IDS: usize = 10;
    /// Position of `location`.
    pub const LOCATION: usize = 11;
    /// Position of `device_node`.
    pub const DEVICE_NODE: usize = 12;
    /// Position of `device_number`.
    pub const DEVICE_NUMBER: usize = 13;
    /// Position of `bus`.
    pub const BUS: usize = 14;
    /// Position of `vendor`.
    pub const VENDOR: usize = 15;
    /// Position of `model`.
    pub const MODEL: usize = 16;
    /// Position of `serial`.
    pub const SERIAL: usize = 17;
    /// Position of `size_bytes`.
    pub const SIZE_BYTES: usize = 18;
    /// Position of `read_only`.
    pub const READ_ONLY: usize = 19;
    /// Position of `partition_table`.
    pub const PARTITION_TABLE: usize = 20;
    /// Position of `fs_type`.
    pub const FS_TYPE: usize = 21;
    /// Position of `fs_label`.
    pub const FS_LABEL: usize = 22;
    /// Position of `fs_uuid`.
    pub const FS_UUID: usize = 23;
    /// Position of `mount_point`.
    pub const MOUNT_POINT: usize = 24;
    /// Position of `process_guid`.
    pub const PROCESS_GUID: usize = 25;
    /// Position of `process_name`.
    pub const PROCESS_NAME: usize = 26;
    /// Position of `container_id`.
    pub const CONTAINER_ID: usize = 27;
    /// Position of `time_ns`.
    pub const TIME_NS: usize = 28;
    /// Position of `seq`.
    pub const SEQ: usize = 29;
    /// Position of `consumer`.
    pub const CONSUMER: usize = 30;
    /// Position of `take`.
    pub const TAKE: usize = 31;
    /// Position of `history`.
    pub const HISTORY: usize = 32;

    /// Removable media inserted, ejected, mounted and unmounted.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(29), kind: "removable_media_events", name: "linux_removable_media_events",
        class: Class::Event, platform: Platform::Linux, required: None, key: None,
        summary: "Removable media inserted, ejected, mounted and unmounted.",
        example: "SELECT utc_time, action, device_node, vendor, model, serial, size_bytes, mount_point, process_name FROM linux_removable_media_events ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(1), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["MEDIA_INSERT", "MEDIA_EJECT", "MEDIA_PRESENT", "MEDIA_MOUNT", "MEDIA_UNMOUNT"], ocsf: "activity_name", sigma: "", sysmon: "", description: "`MEDIA_INSERT`, `MEDIA_EJECT`, `MEDIA_PRESENT` (it was there at the start), `MEDIA_MOUNT` or `MEDIA_UNMOUNT`." },
            ColumnSpec { id: ColumnId(2), name: "uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "user.name", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.name", sigma: "User", sysmon: "User", description: "Effective account of the process that mounts or unmounts; its number when /etc/passwd does not know it." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "When it happened as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(3), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(4), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.pid", sigma: "", sysmon: "", description: "Process that mounts or unmounts." },
            ColumnSpec { id: ColumnId(9999), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Const(5)), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Numeric event class of the predecessor: 5 = removable media." },
            ColumnSpec { id: ColumnId(5), name: "device_id", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "device.uid", sigma: "", sysmon: "", description: "Path of the device below /sys." },
            ColumnSpec { id: ColumnId(6), name: "device_description", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "device.desc", sigma: "", sysmon: "", description: "Vendor and model." },
            ColumnSpec { id: ColumnId(7), name: "class_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &["disk", "partition"], ocsf: "", sigma: "", sysmon: "", description: "`disk` or `partition`." },
            ColumnSpec { id: ColumnId(8), name: "vendor_ids", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Of a USB device: vendor and product, hexadecimal (`0781:5583`)." },
            ColumnSpec { id: ColumnId(9), name: "location", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Where it is plugged in." },
            ColumnSpec { id: ColumnId(10), name: "device_node", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Device file, for example `/dev/sdb1`." },
            ColumnSpec { id: ColumnId(11), name: "device_number", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Numbers of the device, `major:minor`." },
            ColumnSpec { id: ColumnId(12), name: "bus", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "What it hangs on: `usb`, `mmc`, `memstick`, `firewire`, `scsi`, … as far as its path says it." },
            ColumnSpec { id: ColumnId(13), name: "vendor", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "device.vendor_name", sigma: "", sysmon: "", description: "Vendor, as the device says it." },
            ColumnSpec { id: ColumnId(14), name: "model", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "device.model", sigma: "", sysmon: "", description: "Model, as the device says it." },
            ColumnSpec { id: ColumnId(15), name: "serial", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "device.hw_info.serial_number", sigma: "", sysmon: "", description: "Serial number, as the device says it." },
            ColumnSpec { id: ColumnId(16), name: "size_bytes", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Size of the disk or partition." },
            ColumnSpec { id: ColumnId(17), name: "read_only", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "1 when it cannot be written." },
            ColumnSpec { id: ColumnId(18), name: "partition_table", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &["gpt", "dos"], ocsf: "", sigma: "", sysmon: "", description: "How it is divided: `gpt` or `dos`, where it is." },
            ColumnSpec { id: ColumnId(19), name: "fs_type", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Type of the file system: of a mount as it was given, else what its first blocks say (ext2 to ext4, FAT, exFAT, NTFS, ISO 9660, XFS, Btrfs, LUKS)." },
            ColumnSpec { id: ColumnId(20), name: "fs_label", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Label of the file system." },
            ColumnSpec { id: ColumnId(21), name: "fs_uuid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Identity of the file system, as blkid(8) writes it." },
            ColumnSpec { id: ColumnId(22), name: "mount_point", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "file.path", sigma: "", sysmon: "", description: "Where it is mounted, or was." },
            ColumnSpec { id: ColumnId(23), name: "process_guid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.uid", sigma: "ProcessGuid", sysmon: "ProcessGuid", description: "Identity of the process that mounts or unmounts." },
            ColumnSpec { id: ColumnId(24), name: "process_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "process.path", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.file.path", sigma: "Image", sysmon: "Image", description: "Its executable, with its path." },
            ColumnSpec { id: ColumnId(25), name: "container_id", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Enrich, null: true, fill: "process.container_id", hidden: false, index: true, additional: false, values: &[], ocsf: "container.uid", sigma: "", sysmon: "", description: "Container of the acting process, when it runs in one." },
            ColumnSpec { id: ColumnId(9999), name: "time_ns", sql_type: SqlType::BigInt, storage: Storage::Virtual(Virtual::TimeNs), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant in nanoseconds since the unix epoch." },
            ColumnSpec { id: ColumnId(26), name: "seq", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Store, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Position in this table, given when the row is stored; never reused. Cursors run over it." },
            ColumnSpec { id: ColumnId(9999), name: "consumer", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `consumer = 'name'` reads what the cursor of that name has not read yet." },
            ColumnSpec { id: ColumnId(9999), name: "take", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `take = 1` beside `consumer = 'name'` moves that cursor over the rows given." },
            ColumnSpec { id: ColumnId(9999), name: "history", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `history = 1` reads all stored rows, whoever asks, and moves no cursor." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// `MEDIA_INSERT`, `MEDIA_EJECT`, `MEDIA_PRESENT` (it was there at the start), `MEDIA_MOUNT` or `MEDIA_UNMOUNT`.
            pub action: &'a str,
            /// Effective account of the process that mounts or unmounts; its number when /etc/passwd does not know it.
            pub uid: Option<&'a str>,
            /// When it happened, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
            pub time: i64,
            /// Process that mounts or unmounts.
            pub pid: Option<i64>,
            /// Path of the device below /sys.
            pub device_id: Option<&'a str>,
            /// Vendor and model.
            pub device_description: Option<&'a str>,
            /// `disk` or `partition`.
            pub class_name: Option<&'a str>,
            /// Of a USB device: vendor and product, hexadecimal (`0781:5583`).
            pub vendor_ids: Option<&'a str>,
            /// Where it is plugged in.
            pub location: Option<&'a str>,
            /// Device file, for example `/dev/sdb1`.
            pub device_node: Option<&'a str>,
            /// Numbers of the device, `major:minor`.
            pub device_number: Option<&'a str>,
            /// What it hangs on: `usb`, `mmc`, `memstick`, `firewire`, `scsi`, … as far as its path says it.
            pub bus: Option<&'a str>,
            /// Vendor, as the device says it.
            pub vendor: Option<&'a str>,
            /// Model, as the device says it.
            pub model: Option<&'a str>,
            /// Serial number, as the device says it.
            pub serial: Option<&'a str>,
            /// Size of the disk or partition.
            pub size_bytes: Option<i64>,
            /// 1 when it cannot be written.
            pub read_only: Option<i32>,
            /// How it is divided: `gpt` or `dos`, where it is.
            pub partition_table: Option<&'a str>,
            /// Type of the file system: of a mount as it was given, else what its first blocks say (ext2 to ext4, FAT, exFAT, NTFS, ISO 9660, XFS, Btrfs, LUKS).
            pub fs_type: Option<&'a str>,
            /// Label of the file system.
            pub fs_label: Option<&'a str>,
            /// Identity of the file system, as blkid(8) writes it.
            pub fs_uuid: Option<&'a str>,
            /// Where it is mounted, or was.
            pub mount_point: Option<&'a str>,
            /// Identity of the process that mounts or unmounts.
            pub process_guid: Option<u128>,
            /// Its executable, with its path.
            pub process_name: Option<&'a str>,
        }
    }
}

/// The table `win_removable_media_events`.
pub mod windows {
    use crate::spec::{Class, ColumnId, ColumnSpec, From, Platform, SqlType, Storage, TableId, TableSpec, Virtual};

    /// Position of `eid`.
    pub const EID: usize = 0;
    /// Position of `action`.
    pub const ACTION: usize = 1;
    /// Position of `uid`.
    pub const UID: usize = 2;
    /// Position of `utc_time`.
    pub const UTC_TIME: usize = 3;
    /// Position of `time`.
    pub const TIME: usize = 4;
    /// Position of `pid`.
    pub const PID: usize = 5;
    /// Position of `eventid`.
    pub const EVENTID: usize = 6;
    /// Position of `device_id`.
    pub const DEVICE_ID: usize = 7;
    /// Position of `device_description`.
    pub const DEVICE_DESCRIPTION: usize = 8;
    /// Position of `class_name`.
    pub const CLASS_NAME: usize = 9;
    /// Position of `vendor_ids`.
    pub const VENDOR_IDS: usize = 10;
    /// Position of `location`.
    pub const LOCATION: usize = 11;
    /// Position of `host_name`.
    pub const HOST_NAME: usize = 12;
    /// Position of `source`.
    pub const SOURCE: usize = 13;
    /// Position of `source_eventid`.
    pub const SOURCE_EVENTID: usize = 14;
    /// Position of `record_id`.
    pub const RECORD_ID: usize = 15;
    /// Position of `rule_name`.
    pub const RULE_NAME: usize = 16;
    /// Position of `time_ns`.
    pub const TIME_NS: usize = 17;
    /// Position of `seq`.
    pub const SEQ: usize = 18;
    /// Position of `consumer`.
    pub const CONSUMER: usize = 19;
    /// Position of `take`.
    pub const TAKE: usize = 20;
    /// Position of `history`.
    pub const HISTORY: usize = 21;

    /// Removable media inserted and ejected.
    pub static TABLE: TableSpec = TableSpec {
        id: TableId(46), kind: "removable_media_events", name: "win_removable_media_events",
        class: Class::Event, platform: Platform::Windows, required: None, key: None,
        summary: "Removable media inserted and ejected.",
        example: "SELECT utc_time, action, device_id, device_description FROM win_removable_media_events ORDER BY time DESC LIMIT 10;",
        columns: &[
            ColumnSpec { id: ColumnId(0), name: "eid", sql_type: SqlType::Text, storage: Storage::Uuid, from: From::Store, null: false, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.uid", sigma: "", sysmon: "RecordID", description: "Unique event id: a time-ordered UUIDv7." },
            ColumnSpec { id: ColumnId(1), name: "action", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: false, fill: "", hidden: false, index: true, additional: false, values: &["MEDIA_INSERT", "MEDIA_EJECT"], ocsf: "activity_name", sigma: "", sysmon: "", description: "`MEDIA_INSERT` or `MEDIA_EJECT`." },
            ColumnSpec { id: ColumnId(2), name: "uid", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.user.name", sigma: "User", sysmon: "User", description: "Account of the acting process, `DOMAIN\\user`." },
            ColumnSpec { id: ColumnId(9999), name: "utc_time", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::UtcText), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "When it happened as text, for example `Tue Nov 24 04:10:14 2026 UTC`." },
            ColumnSpec { id: ColumnId(3), name: "time", sql_type: SqlType::BigInt, storage: Storage::Time, from: From::Decode, null: false, fill: "", hidden: false, index: false, additional: true, values: &[], ocsf: "time", sigma: "UtcTime", sysmon: "UtcTime", description: "When it happened, unix seconds UTC. Stored in nanoseconds." },
            ColumnSpec { id: ColumnId(4), name: "pid", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "actor.process.pid", sigma: "", sysmon: "", description: "Acting process." },
            ColumnSpec { id: ColumnId(9999), name: "eventid", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Const(5)), from: From::Virtual, null: false, fill: "", hidden: false, index: false, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Numeric event class of the predecessor: 5 = removable media." },
            ColumnSpec { id: ColumnId(5), name: "device_id", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "device.uid", sigma: "", sysmon: "", description: "Instance id of the device." },
            ColumnSpec { id: ColumnId(6), name: "device_description", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "device.desc", sigma: "", sysmon: "", description: "Name of the device." },
            ColumnSpec { id: ColumnId(7), name: "class_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Class of the device." },
            ColumnSpec { id: ColumnId(8), name: "vendor_ids", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Ids by which drivers find the device." },
            ColumnSpec { id: ColumnId(9), name: "location", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Where it is plugged in." },
            ColumnSpec { id: ColumnId(10), name: "host_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "device.hostname", sigma: "Computer", sysmon: "", description: "Computer that the event happened on, as its record names it." },
            ColumnSpec { id: ColumnId(11), name: "source", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.log_name", sigma: "Channel", sysmon: "", description: "Channel of the record that the row was made of." },
            ColumnSpec { id: ColumnId(12), name: "source_eventid", sql_type: SqlType::Integer, storage: Storage::Int32, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.event_code", sigma: "EventID", sysmon: "", description: "Event id of that record." },
            ColumnSpec { id: ColumnId(13), name: "record_id", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "metadata.original_event_uid", sigma: "", sysmon: "RecordID", description: "Number of that record in its log." },
            ColumnSpec { id: ColumnId(14), name: "rule_name", sql_type: SqlType::Text, storage: Storage::Dict, from: From::Decode, null: true, fill: "", hidden: false, index: true, additional: false, values: &[], ocsf: "", sigma: "RuleName", sysmon: "RuleName", description: "Rule of the sensor's configuration that let the event through." },
            ColumnSpec { id: ColumnId(9999), name: "time_ns", sql_type: SqlType::BigInt, storage: Storage::Virtual(Virtual::TimeNs), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "The same instant in nanoseconds since the unix epoch." },
            ColumnSpec { id: ColumnId(15), name: "seq", sql_type: SqlType::BigInt, storage: Storage::Int64, from: From::Store, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Position in this table, given when the row is stored; never reused. Cursors run over it." },
            ColumnSpec { id: ColumnId(9999), name: "consumer", sql_type: SqlType::Text, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `consumer = 'name'` reads what the cursor of that name has not read yet." },
            ColumnSpec { id: ColumnId(9999), name: "take", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `take = 1` beside `consumer = 'name'` moves that cursor over the rows given." },
            ColumnSpec { id: ColumnId(9999), name: "history", sql_type: SqlType::Integer, storage: Storage::Virtual(Virtual::Input), from: From::Virtual, null: false, fill: "", hidden: true, index: true, additional: false, values: &[], ocsf: "", sigma: "", sysmon: "", description: "Input: `history = 1` reads all stored rows, whoever asks, and moves no cursor." },
        ],
    };

    crate::row! {
        /// One row as a decode function gives it: every field must be named.
        pub struct Row<'a> of TABLE {
            /// `MEDIA_INSERT` or `MEDIA_EJECT`.
            pub action: &'a str,
            /// Account of the acting process, `DOMAIN\user`.
            pub uid: Option<&'a str>,
            /// When it happened, unix seconds UTC. Stored in nanoseconds. Nanoseconds.
            pub time: i64,
            /// Acting process.
            pub pid: Option<i64>,
            /// Instance id of the device.
            pub device_id: Option<&'a str>,
            /// Name of the device.
            pub device_description: Option<&'a str>,
            /// Class of the device.
            pub class_name: Option<&'a str>,
            /// Ids by which drivers find the device.
            pub vendor_ids: Option<&'a str>,
            /// Where it is plugged in.
            pub location: Option<&'a str>,
            /// Computer that the event happened on, as its record names it.
            pub host_name: Option<&'a str>,
            /// Channel of the record that the row was made of.
            pub source: Option<&'a str>,
            /// Event id of that record.
            pub source_eventid: Option<i32>,
            /// Number of that record in its log.
            pub record_id: Option<i64>,
            /// Rule of the sensor's configuration that let the event through.
            pub rule_name: Option<&'a str>,
        }
    }
}
