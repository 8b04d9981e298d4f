// SPDX-License-Identifier: Apache-2.0
//! Files: Microsoft-Windows-Kernel-File and the kernel's class. Version 0 of the provider puts a
//! pointer to the thread behind the request; version 1 puts its number further back.

payloads! {
    /// A name was given to a file key (10), or taken from it (11).
    FileName(Manifest KERNEL_FILE [10, 11] version 0) {
        file_key: Pointer,
        file_name: WideZ,
    }

    /// A file was opened (12), or created anew (30).
    FileCreate(Manifest KERNEL_FILE [12, 30] version 1) {
        irp: Pointer,
        thread: Pointer to 0,
        file_object: Pointer,
        issuing_thread_id: U32 from 1,
        create_options: U32,
        create_attributes: U32,
        share_access: U32,
        file_name: WideZ,
    }

    /// The last handle was closed (13), the object went away (14), or was flushed (21).
    FileSimple(Manifest KERNEL_FILE [13, 14, 21] version 1) {
        irp: Pointer,
        thread: Pointer to 0,
        file_object: Pointer,
        file_key: Pointer,
        issuing_thread_id: U32 from 1,
    }

    /// Read (15) or written (16).
    FileReadWrite(Manifest KERNEL_FILE [15, 16] version 1) {
        byte_offset: U64,
        irp: Pointer,
        thread: Pointer to 0,
        file_object: Pointer,
        file_key: Pointer,
        issuing_thread_id: U32 from 1,
        io_size: U32,
        io_flags: U32,
        extra_flags: U32 from 1,
    }

    /// Information was set (17), deletion asked (18), renamed (19, 29), information queried (22), a
    /// control sent (23), security set (31) or queried (32), extended attributes set (33) or
    /// queried (34).
    FileInformation(Manifest KERNEL_FILE [17, 18, 19, 22, 23, 29, 31, 32, 33, 34] version 1) {
        irp: Pointer,
        thread: Pointer to 0,
        file_object: Pointer,
        file_key: Pointer,
        extra_information: Pointer,
        issuing_thread_id: U32 from 1,
        info_class: U32,
    }

    /// An operation ended.
    FileOperationEnd(Manifest KERNEL_FILE [24] version 0) {
        irp: Pointer,
        extra_information: Pointer,
        status: U32,
    }

    /// Deleted (26), renamed (27) or linked (28), with the path.
    FilePath(Manifest KERNEL_FILE [26, 27, 28] version 1) {
        irp: Pointer,
        thread: Pointer to 0,
        file_object: Pointer,
        file_key: Pointer,
        extra_information: Pointer,
        issuing_thread_id: U32 from 1,
        info_class: U32,
        file_path: WideZ,
    }

    /// The kernel's own record of a name: given (0, 32), taken (35), there at the end (36).
    KernelFileName(Classic FILE_IO [0, 32, 35, 36] version 3) {
        file_object: Pointer,
        file_name: WideZ,
    }

    /// The kernel's own record of an open.
    KernelFileCreate(Classic FILE_IO [64] version 3) {
        irp: Pointer,
        thread: Pointer to 2,
        file_object: Pointer,
        issuing_thread_id: U32 from 3,
        create_options: U32,
        create_attributes: U32,
        share_access: U32,
        file_name: WideZ,
    }

    /// Cleanup (65), close (66), flush (73).
    KernelFileSimple(Classic FILE_IO [65, 66, 73] version 3) {
        irp: Pointer,
        thread: Pointer to 2,
        file_object: Pointer,
        file_key: Pointer,
        issuing_thread_id: U32 from 3,
    }

    /// Read (67) or written (68).
    KernelFileReadWrite(Classic FILE_IO [67, 68] version 3) {
        byte_offset: U64,
        irp: Pointer,
        thread: Pointer to 2,
        file_object: Pointer,
        file_key: Pointer,
        issuing_thread_id: U32 from 3,
        io_size: U32,
        io_flags: U32,
        extra_flags: U32 from 3,
    }

    /// Information set (69), deletion asked (70), renamed (71), information queried (74), control (75).
    KernelFileInformation(Classic FILE_IO [69, 70, 71, 74, 75] version 3) {
        irp: Pointer,
        thread: Pointer to 2,
        file_object: Pointer,
        file_key: Pointer,
        extra_information: Pointer,
        issuing_thread_id: U32 from 3,
        info_class: U32,
    }

    /// An operation ended.
    KernelFileOperationEnd(Classic FILE_IO [76] version 3) {
        irp: Pointer,
        extra_information: Pointer,
        status: U32,
    }

    /// Deleted (79), renamed (80) or linked (81), with the path.
    KernelFilePath(Classic FILE_IO [79, 80, 81] version 3) {
        irp: Pointer,
        file_object: Pointer,
        file_key: Pointer,
        extra_information: Pointer,
        issuing_thread_id: U32,
        info_class: U32,
        file_path: WideZ,
    }
}
