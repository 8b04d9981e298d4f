// SPDX-License-Identifier: Apache-2.0
//! Registry: Microsoft-Windows-Kernel-Registry and the kernel's class.

payloads! {
    /// A key was created (1) or opened (2).
    RegistryCreateOpen(Manifest KERNEL_REGISTRY [1, 2] version 0) {
        base_object: Pointer,
        key_object: Pointer,
        status: U32,
        disposition: U32,
        base_name: WideZ,
        relative_name: WideZ,
    }

    /// A key was deleted (3), flushed (12), closed (13), its security queried (14) or set (15).
    RegistryKey(Manifest KERNEL_REGISTRY [3, 12, 13, 14, 15] version 0) {
        key_object: Pointer,
        status: U32,
        key_name: WideZ,
    }

    /// A value was set.
    RegistrySetValue(Manifest KERNEL_REGISTRY [5] version 0) {
        key_object: Pointer,
        status: U32,
        value_type: U32,
        data_size: U32,
        key_name: WideZ,
        value_name: WideZ,
        captured_data: Bytes16,
        previous_type: U32,
        previous_size: U32,
        previous_data: Bytes16,
    }

    /// A value was deleted.
    RegistryDeleteValue(Manifest KERNEL_REGISTRY [6] version 0) {
        key_object: Pointer,
        status: U32,
        key_name: WideZ,
        value_name: WideZ,
    }

    /// A key was queried (4), or information of it was set (11).
    RegistryInformation(Manifest KERNEL_REGISTRY [4, 11] version 0) {
        key_object: Pointer,
        status: U32,
        info_class: U32,
        data_size: U32,
        key_name: WideZ,
        captured_data: Bytes16,
    }

    /// A value was queried.
    RegistryQueryValue(Manifest KERNEL_REGISTRY [7] version 0) {
        key_object: Pointer,
        status: U32,
        info_class: U32,
        data_size: U32,
        key_name: WideZ,
        value_name: WideZ,
        captured_data: Bytes16,
    }

    /// Keys (8) or values (9) were listed.
    RegistryEnumerate(Manifest KERNEL_REGISTRY [8, 9] version 0) {
        key_object: Pointer,
        status: U32,
        index: U32,
        info_class: U32,
        data_size: U32,
        key_name: WideZ,
        captured_data: Bytes16,
    }

    /// The kernel's own record: created (10), opened (11), deleted (12), queried (13), value set
    /// (14), deleted (15), queried (16), keys (17) or values (18) listed, several queried (19),
    /// information set (20), flushed (21), name there (22), gone (23), there at the begin (24) or
    /// end (25) of the session, virtualised (26), closed (27).
    KernelRegistry(Classic REGISTRY [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27] version 2) {
        initial_time: I64,
        status: U32,
        index: U32,
        key_handle: Pointer,
        key_name: WideZ,
    }
}
