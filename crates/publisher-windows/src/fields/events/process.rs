// SPDX-License-Identifier: Apache-2.0
//! Processes, threads and images: Microsoft-Windows-Kernel-Process and the kernel's classes.

payloads! {
    /// A process began.
    ProcessStart(Manifest KERNEL_PROCESS [1] version 5) {
        process_id: U32,
        process_sequence_number: U64 from 3,
        create_time: FileTime,
        parent_process_id: U32,
        parent_process_sequence_number: U64 from 3,
        session_id: U32,
        flags: U32 from 1,
        token_elevation_type: U32 from 3,
        token_is_elevated: U32 from 3,
        mandatory_label: SidField from 3,
        image_name: WideZ,
        image_checksum: U32 from 2,
        time_date_stamp: U32 from 2,
        package_full_name: WideZ from 2,
        package_relative_app_id: WideZ from 2,
        security_mitigations: U32 from 4,
        partition_id: U32 from 5,
        process_machine: U16 from 5,
    }

    /// A process ended.
    ProcessStop(Manifest KERNEL_PROCESS [2] version 2) {
        process_id: U32,
        process_sequence_number: U64 from 2,
        create_time: FileTime,
        exit_time: FileTime,
        exit_code: U32,
        token_elevation_type: U32,
        handle_count: U32,
        commit_charge: U64,
        commit_peak: U64,
        cpu_cycle_count: U64 from 1,
        read_operation_count: U32 from 1,
        write_operation_count: U32 from 1,
        read_transfer_kilobytes: U32 from 1,
        write_transfer_kilobytes: U32 from 1,
        hard_fault_count: U32 from 1,
        image_name: AnsiZ,
    }

    /// A process that was there when the session asked.
    ProcessRundown(Manifest KERNEL_PROCESS [15] version 1) {
        process_id: U32,
        process_sequence_number: U64 from 1,
        create_time: FileTime,
        parent_process_id: U32,
        parent_process_sequence_number: U64 from 1,
        session_id: U32,
        flags: U32,
        token_elevation_type: U32 from 1,
        token_is_elevated: U32 from 1,
        mandatory_label: SidField from 1,
        image_name: WideZ,
        image_checksum: U32,
        time_date_stamp: U32,
        package_full_name: WideZ,
        package_relative_app_id: WideZ,
    }

    /// A thread began (3) or ended (4).
    ThreadStartStop(Manifest KERNEL_PROCESS [3, 4] version 1) {
        process_id: U32,
        thread_id: U32,
        stack_base: Pointer,
        stack_limit: Pointer,
        user_stack_base: Pointer,
        user_stack_limit: Pointer,
        start_address: Pointer,
        win32_start_address: Pointer,
        teb_base: Pointer,
        sub_process_tag: U32 from 1,
    }

    /// An image was mapped (5) or unmapped (6).
    ImageLoadUnload(Manifest KERNEL_PROCESS [5, 6] version 0) {
        image_base: Pointer,
        image_size: Pointer,
        process_id: U32,
        image_checksum: U32,
        time_date_stamp: U32,
        default_base: Pointer,
        image_name: WideZ,
    }

    /// The kernel's own record of a process: it began (1), ended (2), was there at the start (3) or
    /// at the end of the session (4), or is dead but kept by a handle (39).
    KernelProcess(Classic PROCESS [1, 2, 3, 4, 39] version 5) {
        unique_process_key: Pointer,
        process_id: U32,
        parent_id: U32,
        session_id: U32,
        exit_status: I32,
        directory_table_base: Pointer from 3,
        flags: U32 from 4,
        user: TokenUser,
        image_file_name: AnsiZ,
        command_line: WideZ from 2,
        package_full_name: WideZ from 4,
        application_id: WideZ from 4,
    }

    /// The last thread of a process ended.
    KernelProcessTerminate(Classic PROCESS [11] version 2) {
        process_id: U32,
    }

    /// Counters of a process at its end (32) or the end of the session (33).
    KernelProcessCounters(Classic PROCESS [32, 33] version 2) {
        process_id: U32,
        page_fault_count: U32,
        handle_count: U32,
        reserved: U32,
        peak_virtual_size: Pointer,
        peak_working_set_size: Pointer,
        peak_pagefile_usage: Pointer,
        quota_peak_paged_pool_usage: Pointer,
        quota_peak_nonpaged_pool_usage: Pointer,
        virtual_size: Pointer,
        working_set_size: Pointer,
        pagefile_usage: Pointer,
        quota_paged_pool_usage: Pointer,
        quota_nonpaged_pool_usage: Pointer,
        private_page_count: Pointer,
    }

    /// The kernel's own record of a thread, types as those of a process.
    KernelThread(Classic THREAD [1, 2, 3, 4] version 4) {
        process_id: U32,
        thread_id: U32,
        stack_base: Pointer,
        stack_limit: Pointer,
        user_stack_base: Pointer,
        user_stack_limit: Pointer,
        start_address: Pointer to 2,
        affinity: Pointer from 3,
        win32_start_address: Pointer,
        teb_base: Pointer from 2,
        sub_process_tag: U32 from 2,
        base_priority: U8 from 3,
        page_priority: U8 from 3,
        io_priority: U8 from 3,
        thread_flags: U8 from 3,
        thread_name: WideZ from 4,
    }

    /// The kernel's own record of an image: unmapped (2), there at the start (3), at the end (4),
    /// mapped (10).
    KernelImage(Classic IMAGE [2, 3, 4, 10] version 4) {
        image_base: Pointer,
        image_size: Pointer,
        process_id: U32 from 1,
        image_checksum: U32 from 2,
        time_date_stamp: U32 from 2,
        reserved0: U32 from 2 to 2,
        signature_level: U8 from 3,
        signature_type: U8 from 3,
        reserved: U16 from 3,
        default_base: Pointer from 2,
        reserved1: U32 from 2,
        reserved2: U32 from 2,
        reserved3: U32 from 2,
        reserved4: U32 from 2,
        file_name: WideZ from 1,
    }
}
