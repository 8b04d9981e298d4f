// SPDX-License-Identifier: Apache-2.0
//! Calls that touch another process: Microsoft-Windows-Kernel-Audit-API-Calls.

payloads! {
    /// A process was ended by another.
    AuditTerminate(Manifest KERNEL_AUDIT_API [2] version 1) {
        target_process_id: U32,
        return_code: U32,
        target_start_key: U64 from 1,
        target_create_time: FileTime from 1,
    }

    /// A symbolic link of the object manager was made.
    AuditSymbolicLink(Manifest KERNEL_AUDIT_API [3] version 0) {
        link_source: WideZ,
        link_target: WideZ,
        desired_access: U32,
        return_code: U32,
    }

    /// The context of a thread was set.
    AuditSetContext(Manifest KERNEL_AUDIT_API [4] version 0) {
        return_code: U32,
    }

    /// A process was opened.
    AuditOpenProcess(Manifest KERNEL_AUDIT_API [5] version 0) {
        target_process_id: U32,
        desired_access: U32,
        return_code: U32,
    }

    /// A thread was opened.
    AuditOpenThread(Manifest KERNEL_AUDIT_API [6] version 0) {
        target_process_id: U32,
        target_thread_id: U32,
        desired_access: U32,
        return_code: U32,
    }
}
