// SPDX-License-Identifier: Apache-2.0
//! Names of classic classes and of the providers whose events are decoded.

use crate::guid::Guid;

macro_rules! guids {
    ($($(#[$doc:meta])* $name:ident = $value:literal;)*) => {
        $($(#[$doc])* pub const $name: Guid = Guid($value);)*
    };
}

guids! {
    /// Kernel: description of the trace itself.
    EVENT_TRACE = 0x68fdd900_4a3e_11d1_84f4_0000f80464e3;
    /// Kernel: processes.
    PROCESS = 0x3d6fa8d0_fe05_11d0_9dda_00c04fd7ba7c;
    /// Kernel: threads.
    THREAD = 0x3d6fa8d1_fe05_11d0_9dda_00c04fd7ba7c;
    /// Kernel: page faults.
    PAGE_FAULT = 0x3d6fa8d3_fe05_11d0_9dda_00c04fd7ba7c;
    /// Kernel: disk input and output.
    DISK_IO = 0x3d6fa8d4_fe05_11d0_9dda_00c04fd7ba7c;
    /// Kernel: images.
    IMAGE = 0x2cb15d1d_5fc1_11d2_abe1_00a0c911f518;
    /// Kernel: file input and output.
    FILE_IO = 0x90cbdc39_4a3e_11d1_84f4_0000f80464e3;
    /// Kernel: registry.
    REGISTRY = 0xae53722e_c863_11d2_8659_00c04fa321a1;
    /// Kernel: TCP.
    TCP_IP = 0x9a280ac0_c8e0_11d1_84e2_00c04fb998a2;
    /// Kernel: UDP.
    UDP_IP = 0xbf3a50c5_a9c9_4988_a005_2df0b7c80f80;
    /// Kernel: jobs.
    JOB = 0x3282fc76_feed_498e_8aa7_e70f459d430e;
    /// Kernel: debug output.
    DEBUG_PRINT = 0x13976d09_a327_438c_950b_7f03192815c7;
    /// Kernel: hardware and services of the machine.
    SYSTEM_CONFIG = 0x01853a65_418f_4f36_aefc_dc0f1d2fd235;
    /// Kernel: pool allocations.
    POOL = 0x0268a8b6_74fd_4302_9dd0_6e8f1795c0cf;
    /// Kernel: performance (samples, calls, interrupts).
    PERF_INFO = 0xce1dbfb4_137e_4da6_87b0_3f59aa102cbc;
    /// Kernel: heaps.
    HEAP = 0x222962ab_6180_4b88_a825_346b75f2a24a;
    /// Kernel: object handles.
    OBJECT = 0x89497f50_effe_4440_8cf2_ce6b1cdcaca7;
    /// Kernel: power.
    POWER = 0xe43445e0_0903_48c3_b878_ff0fccebdd04;
    /// Kernel: critical sections.
    CRITICAL_SECTION = 0x3ac66736_cc59_4cff_8115_8df50e39816b;
    /// Kernel: call stacks.
    STACK_WALK = 0xdef2fe46_7bd6_4b80_bd94_f57fe20d0ce3;
    /// Kernel: local calls.
    ALPC = 0x45d8cccd_539f_4b72_a8b7_5c683142609a;
    /// Kernel: split input and output.
    SPLIT_IO = 0xd837ca92_12b9_44a5_ad6a_3a65b3578aa8;
    /// Kernel: thread pools.
    THREAD_POOL = 0xc861d0e2_a2c1_4d36_9f9c_970bab943a12;
    /// Added by trace mergers: paths and volumes of the machine.
    SYSTEM_PATHS = 0x9b79ee91_b5fd_41c0_a243_4248e266e9d0;
    /// Added by trace mergers: identities of images.
    IMAGE_ID = 0xb3e675d7_2554_4f18_830b_2762732560de;

    /// Ours: what a recording says of its machine.
    RECORDING = 0x1d5f0c6e_9a37_4f5b_8f0e_62a4c8b1e7d3;

    /// Microsoft-Windows-Kernel-Process.
    KERNEL_PROCESS = 0x22fb2cd6_0e7b_422b_a0c7_2fad1fd0e716;
    /// Microsoft-Windows-Kernel-File.
    KERNEL_FILE = 0xedd08927_9cc4_4e65_b970_c2560fb5c289;
    /// Microsoft-Windows-Kernel-Registry.
    KERNEL_REGISTRY = 0x70eb4f03_c1de_4f73_a051_33d13d5413bd;
    /// Microsoft-Windows-Kernel-Network.
    KERNEL_NETWORK = 0x7dd42a49_5329_4832_8dfd_43d979153a88;
    /// Microsoft-Windows-Kernel-Audit-API-Calls.
    KERNEL_AUDIT_API = 0xe02a841c_75a3_4fa7_afc8_ae09cf9b7f23;
    /// Microsoft-Windows-Kernel-PnP.
    KERNEL_PNP = 0x9c205a39_1250_487d_abd7_e831c6290539;
    /// Microsoft-Windows-DNS-Client.
    DNS_CLIENT = 0x1c95126e_7eea_49a9_a3fe_a378b03ddb4d;
    /// Microsoft-Windows-WinINet.
    WININET = 0x43d1a55c_76d6_4f7e_995c_64c711e5cafe;
    /// Microsoft-Windows-WebIO.
    WEBIO = 0x50b3e73c_9370_461d_bb9f_26f32d68887d;
    /// Microsoft-Windows-NDIS-PacketCapture.
    NDIS_CAPTURE = 0x2ed6006e_4729_4609_b423_3ee7bcd678ef;
    /// Microsoft-Windows-PktMon.
    PKTMON = 0x4d4f80d9_c8bd_4d73_bb5b_19c90402c5ac;
    /// Microsoft-Antimalware-Scan-Interface.
    AMSI = 0x2a576b87_09a7_520e_c21a_4942f0271d67;
    /// Microsoft-Windows-PowerShell.
    POWERSHELL = 0xa0c1853b_5c40_4b15_8766_3cf1c58f985a;
}
