// SPDX-License-Identifier: Apache-2.0
//! The mapping from traced events to tables as manifests of Windows 10 and 11 state it: name, identifier and keywords
//! of the provider; id, versions and fields of the event; and the rows that it gives. Written down from the
//! manifests, and says nothing by way of the code under test.

use crate::providers::Session;

/// A provider: last part of its name, identifier, session, keywords that are asked for.
pub(crate) const ENABLED: &[(&str, &str, Session, u64)] = &[
    ("Kernel-Process", "22fb2cd6-0e7b-422b-a0c7-2fad1fd0e716", Session::Process, 0x70),
    ("Kernel-Audit-API-Calls", "e02a841c-75a3-4fa7-afc8-ae09cf9b7f23", Session::Process, 0),
    ("Kernel-File", "edd08927-9cc4-4e65-b970-c2560fb5c289", Session::FileRegistry, 0x1eb0),
    ("Kernel-Registry", "70eb4f03-c1de-4f73-a051-33d13d5413bd", Session::FileRegistry, 0x7301),
    ("Kernel-Network", "7dd42a49-5329-4832-8dfd-43d979153a88", Session::User, 0x30),
    ("DNS-Client", "1c95126e-7eea-49a9-a3fe-a378b03ddb4d", Session::User, 0),
    ("WebIO", "50b3e73c-9370-461d-bb9f-26f32d68887d", Session::User, 0),
    ("WinINet", "43d1a55c-76d6-4f7e-995c-64c711e5cafe", Session::User, 0x1),
    ("Kernel-PnP", "9c205a39-1250-487d-abd7-e831c6290539", Session::User, 0),
    ("NDIS-PacketCapture", "2ed6006e-4729-4609-b423-3ee7bcd678ef", Session::Packets, 0x8201),
    ("PktMon", "4d4f80d9-c8bd-4d73-bb5b-19c90402c5ac", Session::Packets, 0x10),
];

/// The kernel's own class of processes, which has its command lines; flag of its group.
pub(crate) const KERNEL_PROCESS_CLASS: (&str, &str, u32) =
    ("Process (kernel)", "3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c", 0x1);

/// What an event comes to.
pub(crate) enum Gives {
    /// One row in each of these tables, with these cells.
    Rows(&'static [&'static str], &'static [(&'static str, &'static str)]),
    /// No row: it teaches a name, a path or a server.
    Learns,
}
pub(crate) use Gives::{Learns, Rows};

/// One row of the mapping.
pub(crate) struct Fact {
    pub(crate) provider: &'static str,
    pub(crate) id: u16,
    /// Keywords of the event; 0 for none.
    pub(crate) keywords: u64,
    /// Fields by version: `Name:type` or `Name:type=value`.
    pub(crate) versions: &'static [(u8, &'static str)],
    /// Events of the provider that must have come before.
    pub(crate) before: &'static [u16],
    pub(crate) gives: Gives,
}

const PROCESS: &[&str] = &["win_process_events"];
const SOCKET: &[&str] = &["win_socket_events"];
const FILE: &[&str] = &["win_file_events"];
const REGISTRY: &[&str] = &["win_registry_events"];

const THREAD: &str = "ProcessID:u32 ThreadID:u32 StackBase:ptr StackLimit:ptr UserStackBase:ptr UserStackLimit:ptr \
    StartAddr:ptr Win32StartAddr:ptr TebBase:ptr";
const IMAGE: &str = "ImageBase:ptr ImageSize:ptr ProcessID:u32 ImageCheckSum:u32 TimeDateStamp:u32 DefaultBase:ptr \
    ImageName:wide";
const CREATE_0: &str = "Irp:ptr ThreadId:ptr FileObject:ptr CreateOptions:u32 CreateAttributes:u32 ShareAccess:u32 \
    FileName:wide";
const CREATE_1: &str = "Irp:ptr FileObject:ptr IssuingThreadId:u32 CreateOptions:u32 CreateAttributes:u32 \
    ShareAccess:u32 FileName:wide";
const PATH_0: &str = "Irp:ptr ThreadId:ptr FileObject:ptr FileKey:ptr ExtraInformation:ptr InfoClass:u32 FilePath:wide";
const PATH_1: &str = "Irp:ptr FileObject:ptr FileKey:ptr ExtraInformation:ptr IssuingThreadId:u32 InfoClass:u32 \
    FilePath:wide";
const KEY: &str = "KeyObject:ptr Status:u32 KeyName:wide";
const OPEN_KEY: &str =
    "BaseObject:ptr KeyObject:ptr Status:u32 Disposition:u32 BaseName:wide RelativeName:wide";
const CONNECT: &str = "PID:u32 size:u32 daddr:ip4 saddr:ip4 dport:port sport:port mss:u16 sackopt:u16 tsopt:u16 \
    wsopt:u16 rcvwin:u32 rcvwinscale:u16 sndwinscale:u16 seqnum:u32 connid:u32";
const CONNECT_6: &str = "PID:u32 size:u32 daddr:ip6 saddr:ip6 dport:port sport:port mss:u16 sackopt:u16 tsopt:u16 \
    wsopt:u16 rcvwin:u32 rcvwinscale:u16 sndwinscale:u16 seqnum:u32 connid:u32";
const PACKET: &str =
    "PID:u32 size:u32 daddr:ip4 saddr:ip4 dport:port sport:port seqnum:u32 connid:u32";
const PACKET_6: &str =
    "PID:u32 size:u32 daddr:ip6 saddr:ip6 dport:port sport:port seqnum:u32 connid:u32";
const KERNEL_PROCESS_4: &str = "UniqueProcessKey:ptr ProcessId:u32 ParentId:u32 SessionId:u32 ExitStatus:u32 \
    DirectoryTableBase:ptr Flags:u32 UserSID:token ImageFileName:ansi CommandLine:wide PackageFullName:wide \
    ApplicationId:wide";
/// Both ends of a connection that this machine began or took.
const ENDS: [(&str, &str); 5] = [
    ("pid", "40"),
    ("local_address", "10.0.0.1"),
    ("local_port", "50000"),
    ("remote_address", "192.0.2.7"),
    ("remote_port", "443"),
];

/// A client's hello in a frame.
const CAPTURED: Gives = Rows(
    &["win_ssl_events"],
    &[
        ("action", "TLS_HANDSHAKE"),
        ("server_name", "www.example.test"),
        ("remote_address", "192.0.2.7"),
        ("remote_port", "443"),
    ],
);

pub(crate) const FACTS: &[Fact] = &[
    Fact {
        provider: "Kernel-Process",
        id: 1,
        keywords: 0x10,
        versions: &[
            (0, "ProcessID:u32 CreateTime:time ParentProcessID:u32 SessionID:u32 ImageName:wide"),
            (
                1,
                "ProcessID:u32 CreateTime:time ParentProcessID:u32 SessionID:u32 Flags:u32 ImageName:wide",
            ),
            (
                2,
                "ProcessID:u32 CreateTime:time ParentProcessID:u32 SessionID:u32 Flags:u32 ImageName:wide \
                ImageChecksum:u32 TimeDateStamp:u32 PackageFullName:wide PackageRelativeAppId:wide",
            ),
            (
                3,
                "ProcessID:u32 ProcessSequenceNumber:u64 CreateTime:time ParentProcessID:u32 \
                ParentProcessSequenceNumber:u64 SessionID:u32 Flags:u32 ProcessTokenElevationType:u32 \
                ProcessTokenIsElevated:u32 MandatoryLabel:sid ImageName:wide ImageChecksum:u32 TimeDateStamp:u32 \
                PackageFullName:wide PackageRelativeAppId:wide",
            ),
            (
                4,
                "ProcessID:u32 ProcessSequenceNumber:u64 CreateTime:time ParentProcessID:u32 \
                ParentProcessSequenceNumber:u64 SessionID:u32 Flags:u32 ProcessTokenElevationType:u32 \
                ProcessTokenIsElevated:u32 MandatoryLabel:sid ImageName:wide ImageChecksum:u32 TimeDateStamp:u32 \
                PackageFullName:wide PackageRelativeAppId:wide SecurityMitigations:u32",
            ),
            (
                5,
                "ProcessID:u32 ProcessSequenceNumber:u64 CreateTime:time ParentProcessID:u32 \
                ParentProcessSequenceNumber:u64 SessionID:u32 Flags:u32 ProcessTokenElevationType:u32 \
                ProcessTokenIsElevated:u32 MandatoryLabel:sid ImageName:wide ImageChecksum:u32 TimeDateStamp:u32 \
                PackageFullName:wide PackageRelativeAppId:wide SecurityMitigations:u32 PartitionID:u32 \
                ProcessMachine:u16",
            ),
        ],
        before: &[],
        gives: Rows(
            PROCESS,
            &[
                ("action", "PROC_CREATE"),
                ("pid", "40"),
                ("parent_pid", "44"),
                ("path", "C:\\Windows\\x.exe"),
                ("creator_pid", "500"),
            ],
        ),
    },
    Fact {
        provider: "Kernel-Process",
        id: 2,
        keywords: 0x10,
        versions: &[
            (
                0,
                "ProcessID:u32 CreateTime:time ExitTime:time ExitCode:u32=7 TokenElevationType:u32 HandleCount:u32 \
                CommitCharge:u64 CommitPeak:u64 ImageName:ansi",
            ),
            (
                1,
                "ProcessID:u32 CreateTime:time ExitTime:time ExitCode:u32=7 TokenElevationType:u32 HandleCount:u32 \
                CommitCharge:u64 CommitPeak:u64 CPUCycleCount:u64 ReadOperationCount:u32 WriteOperationCount:u32 \
                ReadTransferKiloBytes:u32 WriteTransferKiloBytes:u32 HardFaultCount:u32 ImageName:ansi",
            ),
            (
                2,
                "ProcessID:u32 ProcessSequenceNumber:u64 CreateTime:time ExitTime:time ExitCode:u32=7 \
                TokenElevationType:u32 HandleCount:u32 CommitCharge:u64 CommitPeak:u64 CPUCycleCount:u64 \
                ReadOperationCount:u32 WriteOperationCount:u32 ReadTransferKiloBytes:u32 WriteTransferKiloBytes:u32 \
                HardFaultCount:u32 ImageName:ansi",
            ),
        ],
        before: &[],
        gives: Rows(PROCESS, &[("action", "PROC_TERMINATE"), ("pid", "40"), ("exit_code", "7")]),
    },
    Fact {
        provider: "Kernel-Process",
        id: 15,
        keywords: 0x10,
        versions: &[
            (
                0,
                "ProcessID:u32 CreateTime:time ParentProcessID:u32 SessionID:u32 Flags:u32 ImageName:wide \
                ImageChecksum:u32 TimeDateStamp:u32 PackageFullName:wide PackageRelativeAppId:wide",
            ),
            (
                1,
                "ProcessID:u32 ProcessSequenceNumber:u64 CreateTime:time ParentProcessID:u32 \
                ParentProcessSequenceNumber:u64 SessionID:u32 Flags:u32 ProcessTokenElevationType:u32 \
                ProcessTokenIsElevated:u32 MandatoryLabel:sid ImageName:wide ImageChecksum:u32 TimeDateStamp:u32 \
                PackageFullName:wide PackageRelativeAppId:wide",
            ),
        ],
        before: &[],
        gives: Rows(
            PROCESS,
            &[("action", "PROC_RUNNING"), ("pid", "40"), ("path", "C:\\Windows\\x.exe")],
        ),
    },
    Fact {
        provider: "Kernel-Process",
        id: 3,
        keywords: 0x20,
        versions: &[(0, THREAD), (1, "+SubProcessTag:u32")],
        before: &[],
        gives: Rows(
            &["win_remote_thread_events"],
            &[("src_pid", "500"), ("target_pid", "40"), ("start_address", "0x7FF0")],
        ),
    },
    Fact {
        provider: "Kernel-Process",
        id: 5,
        keywords: 0x40,
        versions: &[(0, IMAGE)],
        before: &[],
        gives: Rows(
            &["win_image_load_events", "win_image_load_process_map"],
            &[("pid", "40"), ("image_path", "C:\\Windows\\x.exe")],
        ),
    },
    Fact {
        provider: "Kernel-Process",
        id: 6,
        keywords: 0x40,
        versions: &[(0, IMAGE)],
        before: &[],
        gives: Rows(
            &["win_image_load_events"],
            &[("action", "IMAGE_UNLOAD"), ("pid", "40"), ("image_path", "C:\\Windows\\x.exe")],
        ),
    },
    Fact {
        provider: KERNEL_PROCESS_CLASS.0,
        id: 1,
        keywords: 0,
        versions: &[(4, KERNEL_PROCESS_4)],
        before: &[],
        gives: Rows(
            PROCESS,
            &[
                ("action", "PROC_CREATE"),
                ("pid", "40"),
                ("parent_pid", "44"),
                ("path", "x.exe"),
                ("cmdline", "x.exe -a"),
                ("owner_uid", "NT AUTHORITY\\SYSTEM"),
            ],
        ),
    },
    Fact {
        provider: KERNEL_PROCESS_CLASS.0,
        id: 2,
        keywords: 0,
        versions: &[(4, KERNEL_PROCESS_4)],
        before: &[],
        gives: Rows(
            PROCESS,
            &[("action", "PROC_TERMINATE"), ("pid", "40"), ("cmdline", "x.exe -a")],
        ),
    },
    Fact {
        provider: KERNEL_PROCESS_CLASS.0,
        id: 3,
        keywords: 0,
        versions: &[(4, KERNEL_PROCESS_4)],
        before: &[],
        gives: Rows(PROCESS, &[("action", "PROC_RUNNING"), ("pid", "40"), ("cmdline", "x.exe -a")]),
    },
    Fact {
        provider: KERNEL_PROCESS_CLASS.0,
        id: 4,
        keywords: 0,
        versions: &[(4, KERNEL_PROCESS_4)],
        before: &[],
        gives: Rows(PROCESS, &[("action", "PROC_RUNNING"), ("pid", "40"), ("cmdline", "x.exe -a")]),
    },
    Fact {
        provider: "Kernel-Audit-API-Calls",
        id: 5,
        keywords: 0,
        versions: &[(0, "TargetProcessId:u32 DesiredAccess:u32=0x10 ReturnCode:u32")],
        before: &[],
        gives: Rows(
            &["win_process_open_events"],
            &[("src_pid", "500"), ("target_pid", "40"), ("granted_access_value", "0x10")],
        ),
    },
    Fact {
        provider: "Kernel-File",
        id: 10,
        keywords: 0x10,
        versions: &[(0, "FileKey:ptr FileName:wide")],
        before: &[],
        gives: Learns,
    },
    Fact {
        provider: "Kernel-File",
        id: 11,
        keywords: 0x10,
        versions: &[(0, "FileKey:ptr FileName:wide")],
        before: &[],
        gives: Learns,
    },
    Fact {
        provider: "Kernel-File",
        id: 12,
        keywords: 0xa0,
        versions: &[(0, CREATE_0), (1, CREATE_1)],
        before: &[],
        gives: Learns,
    },
    Fact {
        provider: "Kernel-File",
        id: 14,
        keywords: 0x20,
        versions: &[
            (0, "Irp:ptr ThreadId:ptr FileObject:ptr FileKey:ptr"),
            (1, "Irp:ptr FileObject:ptr FileKey:ptr IssuingThreadId:u32"),
        ],
        before: &[],
        gives: Learns,
    },
    Fact {
        provider: "Kernel-File",
        id: 16,
        keywords: 0x220,
        versions: &[
            (
                0,
                "ByteOffset:u64 Irp:ptr ThreadId:ptr FileObject:ptr FileKey:ptr IOSize:u32 IOFlags:u32",
            ),
            (
                1,
                "ByteOffset:u64 Irp:ptr FileObject:ptr FileKey:ptr IssuingThreadId:u32 IOSize:u32 IOFlags:u32 \
                ExtraFlags:u32",
            ),
        ],
        before: &[12],
        gives: Rows(
            FILE,
            &[("action", "FILE_WRITE"), ("pid", "500"), ("target_path", "C:\\Windows\\f.txt")],
        ),
    },
    Fact {
        provider: "Kernel-File",
        id: 18,
        keywords: 0x20,
        versions: &[
            (
                0,
                "Irp:ptr ThreadId:ptr FileObject:ptr FileKey:ptr ExtraInformation:ptr=1 InfoClass:u32=13",
            ),
            (
                1,
                "Irp:ptr FileObject:ptr FileKey:ptr ExtraInformation:ptr=1 IssuingThreadId:u32 InfoClass:u32=13",
            ),
        ],
        before: &[12],
        gives: Rows(
            FILE,
            &[("action", "FILE_DELETE_BY_DISP"), ("target_path", "C:\\Windows\\f.txt")],
        ),
    },
    Fact {
        provider: "Kernel-File",
        id: 26,
        keywords: 0x400,
        versions: &[(0, PATH_0), (1, PATH_1)],
        before: &[],
        gives: Rows(FILE, &[("action", "FILE_DELETE"), ("target_path", "C:\\Windows\\g.txt")]),
    },
    Fact {
        provider: "Kernel-File",
        id: 27,
        keywords: 0x800,
        versions: &[(0, PATH_0), (1, PATH_1)],
        before: &[12],
        gives: Rows(
            FILE,
            &[
                ("action", "FILE_RENAME"),
                ("target_path", "C:\\Windows\\g.txt [C:\\Windows\\f.txt]"),
            ],
        ),
    },
    Fact {
        provider: "Kernel-File",
        id: 28,
        keywords: 0x800,
        versions: &[(0, PATH_0), (1, PATH_1)],
        before: &[],
        gives: Rows(FILE, &[("action", "FILE_CREATE"), ("target_path", "C:\\Windows\\g.txt")]),
    },
    Fact {
        provider: "Kernel-File",
        id: 30,
        keywords: 0x1000,
        versions: &[(0, CREATE_0), (1, CREATE_1)],
        before: &[],
        gives: Rows(FILE, &[("action", "FILE_CREATE"), ("target_path", "C:\\Windows\\f.txt")]),
    },
    Fact {
        provider: "Kernel-Registry",
        id: 1,
        keywords: 0x1000,
        versions: &[(0, OPEN_KEY)],
        before: &[],
        gives: Rows(
            REGISTRY,
            &[
                ("action", "REG_CREATE"),
                ("target_name", "\\REGISTRY\\MACHINE\\SOFTWARE\\k"),
                ("target_object", "HKLM\\SOFTWARE\\k"),
            ],
        ),
    },
    Fact {
        provider: "Kernel-Registry",
        id: 2,
        keywords: 0x2000,
        versions: &[(0, OPEN_KEY)],
        before: &[],
        gives: Learns,
    },
    Fact {
        provider: "Kernel-Registry",
        id: 3,
        keywords: 0x4000,
        versions: &[(0, KEY)],
        before: &[2],
        gives: Rows(REGISTRY, &[("action", "REG_DELETE"), ("target_object", "HKLM\\SOFTWARE\\k")]),
    },
    Fact {
        provider: "Kernel-Registry",
        id: 5,
        keywords: 0x100,
        versions: &[(
            0,
            "KeyObject:ptr Status:u32 Type:u32=4 DataSize:u32=4 KeyName:wide ValueName:wide CapturedData:bin16 \
            PreviousDataType:u32=0 PreviousDataSize:u32=0 PreviousData:bin16",
        )],
        before: &[2],
        gives: Rows(
            REGISTRY,
            &[
                ("action", "REG_SETVALUE"),
                ("target_object", "HKLM\\SOFTWARE\\k\\v"),
                ("value_type", "REG_DWORD"),
                ("value_data", "DWORD (0x00000009)"),
            ],
        ),
    },
    Fact {
        provider: "Kernel-Registry",
        id: 6,
        keywords: 0x200,
        versions: &[(0, "KeyObject:ptr Status:u32 KeyName:wide ValueName:wide")],
        before: &[2],
        gives: Rows(
            REGISTRY,
            &[("action", "REG_DELETEVALUE"), ("target_object", "HKLM\\SOFTWARE\\k\\v")],
        ),
    },
    Fact {
        provider: "Kernel-Registry",
        id: 13,
        keywords: 0x1,
        versions: &[(0, KEY)],
        before: &[],
        gives: Learns,
    },
    Fact {
        provider: "Kernel-Network",
        id: 12,
        keywords: 0x10,
        versions: &[(0, CONNECT)],
        before: &[],
        gives: Rows(SOCKET, &ENDS),
    },
    Fact {
        provider: "Kernel-Network",
        id: 13,
        keywords: 0x10,
        versions: &[(0, PACKET)],
        before: &[],
        gives: Rows(SOCKET, &ENDS),
    },
    Fact {
        provider: "Kernel-Network",
        id: 15,
        keywords: 0x10,
        versions: &[(0, CONNECT)],
        before: &[],
        gives: Rows(SOCKET, &ENDS),
    },
    Fact {
        provider: "Kernel-Network",
        id: 28,
        keywords: 0x20,
        versions: &[(0, CONNECT_6)],
        before: &[],
        gives: Rows(
            SOCKET,
            &[("action", "SOCKET_CONNECT"), ("local_address", "fe80::1"), ("remote_port", "443")],
        ),
    },
    Fact {
        provider: "Kernel-Network",
        id: 29,
        keywords: 0x20,
        versions: &[(0, PACKET_6)],
        before: &[],
        gives: Rows(
            SOCKET,
            &[("action", "SOCKET_CLOSE"), ("local_address", "fe80::1"), ("remote_port", "443")],
        ),
    },
    Fact {
        provider: "Kernel-Network",
        id: 31,
        keywords: 0x20,
        versions: &[(0, CONNECT_6)],
        before: &[],
        gives: Rows(
            SOCKET,
            &[
                ("action", "SOCKET_ACCEPT"),
                ("remote_address", "2001:db8::7"),
                ("local_port", "50000"),
            ],
        ),
    },
    Fact {
        provider: "Kernel-Network",
        id: 42,
        keywords: 0x10,
        versions: &[(0, PACKET)],
        before: &[],
        gives: Rows(SOCKET, &ENDS),
    },
    Fact {
        provider: "Kernel-Network",
        id: 43,
        keywords: 0x10,
        versions: &[(0, PACKET)],
        before: &[],
        // The ends of a datagram that was received are those of the packet: its target is this machine.
        gives: Rows(
            SOCKET,
            &[("local_address", "192.0.2.7"), ("local_port", "443"), ("remote_port", "50000")],
        ),
    },
    Fact {
        provider: "Kernel-Network",
        id: 58,
        keywords: 0x20,
        versions: &[(0, PACKET_6)],
        before: &[],
        gives: Rows(SOCKET, &[("protocol", "17"), ("local_address", "fe80::1")]),
    },
    Fact {
        provider: "Kernel-Network",
        id: 59,
        keywords: 0x20,
        versions: &[(0, PACKET_6)],
        before: &[],
        gives: Rows(SOCKET, &[("protocol", "17"), ("remote_address", "fe80::1")]),
    },
    Fact {
        provider: "DNS-Client",
        id: 3006,
        keywords: 0,
        versions: &[(
            0,
            "QueryName:wide QueryType:u32 QueryOptions:u64 ServerList:wide IsNetworkQuery:u32 \
            NetworkQueryIndex:u32 InterfaceIndex:u32 IsAsyncQuery:u32",
        )],
        before: &[],
        gives: Rows(
            &["win_dns_events"],
            &[("pid", "500"), ("domain_name", "example.org"), ("request_type", "28")],
        ),
    },
    Fact {
        provider: "DNS-Client",
        id: 3008,
        keywords: 0,
        versions: &[(
            0,
            "QueryName:wide QueryType:u32 QueryOptions:u64 QueryStatus:u32 QueryResults:wide",
        )],
        before: &[],
        gives: Rows(
            &["win_dns_response_events"],
            &[("pid", "500"), ("domain_name", "example.org"), ("resolved_ip", "192.0.2.1")],
        ),
    },
    Fact {
        provider: "DNS-Client",
        id: 3010,
        keywords: 0,
        versions: &[
            (0, "QueryName:wide QueryType:u32 DnsServerIpAddress:wide"),
            (1, "+ClientPID:u32"),
        ],
        before: &[],
        gives: Learns,
    },
    Fact {
        provider: "DNS-Client",
        id: 3011,
        keywords: 0,
        versions: &[
            (0, "QueryName:wide QueryType:u32 DnsServerIpAddress:wide ResponseStatus:u32"),
            (1, "+ClientPID:u32"),
        ],
        before: &[],
        gives: Learns,
    },
    Fact {
        provider: "WebIO",
        id: 17,
        keywords: 0x40_0000_0001,
        versions: &[(
            0,
            "Request:ptr RequestHandle:u64 Session:ptr SessionHandle:u64 Method:ansi URI:wide VersionMajor:u16 \
            VersionMinor:u16 Error:u32",
        )],
        before: &[],
        gives: Rows(
            &["win_http_events"],
            &[("pid", "500"), ("url", "https://example.org/a"), ("method", "GET")],
        ),
    },
    Fact {
        provider: "WebIO",
        id: 104,
        keywords: 0,
        versions: &[(0, "Request:ptr ConnMgr:ptr Connection:ptr")],
        before: &[],
        gives: Learns,
    },
    Fact {
        provider: "WebIO",
        id: 201,
        keywords: 0x4_0000_0000,
        versions: &[
            (
                0,
                "Connection:ptr SocketHandle:u64 Address:bin32 Context:ptr RemainingAddressCount:u64 Error:u32",
            ),
            (1, "+Http3ClientConnectionId:u64"),
        ],
        before: &[],
        gives: Learns,
    },
    Fact {
        provider: "WebIO",
        id: 700,
        keywords: 0x20_0000_0000,
        versions: &[(
            0,
            "Connection:ptr SecurityHandleHigh:u64 SecurityHandleLow:u64 CredHandleHigh:u64 CredHandleLow:u64 \
            HostName:wide InputFlags:u32 Buffer:ptr BufferLengthData:u32 BufferLengthRemaining:u32 OutputFlags:u32 \
            DataChunks:ptr DataChunkBufferLength:u32 Result:u32",
        )],
        before: &[],
        gives: Learns,
    },
    Fact {
        provider: "WebIO",
        id: 704,
        keywords: 0x20_0000_0000,
        versions: &[(
            0,
            "Connection:ptr SecurityHandleHigh:u64 SecurityHandleLow:u64 Buffer:ptr BufferLengthData:u32=177 \
            BufferLengthRemaining:u32 Received:raw",
        )],
        before: &[705],
        gives: Learns,
    },
    Fact {
        provider: "WebIO",
        id: 705,
        keywords: 0x20_0000_0000,
        versions: &[(
            0,
            "Connection:ptr SecurityHandleHigh:u64 SecurityHandleLow:u64 DataChunks:ptr Sent:bin32",
        )],
        before: &[700],
        gives: Rows(
            &["win_ssl_events"],
            &[("pid", "500"), ("action", "TLS_HANDSHAKE"), ("server_name", "www.example.test")],
        ),
    },
    Fact {
        provider: "NDIS-PacketCapture",
        id: 1001,
        // Ethernet, a whole frame, sent.
        keywords: 0x1_c000_0001,
        versions: &[(0, "MiniportIfIndex:u32 LowerIfIndex:u32 Fragment:bin32")],
        before: &[],
        gives: CAPTURED,
    },
    Fact {
        provider: "PktMon",
        id: 160,
        keywords: 0x10,
        versions: &[(
            0,
            "PktGroupId:u64 PktNumber:u16 AppearanceCount:u16 DirTag:u16=2 PacketType:u16=1 ComponentId:u16 \
            EdgeId:u16 FilterId:u16 DropReason:u32 DropLocation:u32 OriginalPayloadSize:u16 LoggedPayloadSize:u16 \
            Payload:raw",
        )],
        before: &[],
        gives: CAPTURED,
    },
    Fact {
        provider: "WinINet",
        id: 103,
        keywords: 0x1,
        versions: &[(
            0,
            "HINTERNET:ptr=0x10 ParentHandle:ptr=1 ServerName:ansi16 ServerPort:u32=443 Service:ansi16 Flags:u32",
        )],
        before: &[],
        gives: Learns,
    },
    Fact {
        provider: "WinINet",
        id: 104,
        keywords: 0x1,
        versions: &[(
            0,
            "HINTERNET:ptr=0x11 ParentHandle:ptr=0x10 Method:ansi16 ObjectName:ansi16 Version:ansi16 \
            Referrer:ansi32 AcceptTypes:ansi16 Flags:u32",
        )],
        before: &[103],
        gives: Rows(
            &["win_http_events"],
            &[("pid", "500"), ("url", "https://example.org/o"), ("method", "GET")],
        ),
    },
    Fact {
        provider: "Kernel-PnP",
        id: 410,
        keywords: 0,
        versions: &[(
            0,
            "DeviceInstanceId:wide DriverName:wide ClassGuid:guid ServiceName:wide LowerFilters:wide \
            UpperFilters:wide Problem:u32 Status:u32",
        )],
        before: &[],
        gives: Rows(
            &["win_removable_media_events"],
            &[("action", "MEDIA_INSERT"), ("device_id", "USBSTOR\\Disk\\1")],
        ),
    },
    Fact {
        provider: "Kernel-PnP",
        id: 420,
        keywords: 0,
        versions: &[(0, "DeviceInstanceId:wide ClassGuid:guid Problem:u32 Status:u32")],
        before: &[],
        gives: Rows(
            &["win_removable_media_events"],
            &[("action", "MEDIA_EJECT"), ("device_id", "USBSTOR\\Disk\\1")],
        ),
    },
];
