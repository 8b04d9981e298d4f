// SPDX-License-Identifier: Apache-2.0
//! What a trace says of its machine: paths and volumes.

payloads! {
    /// The machine of a recording of ours.
    RecordedMachine(Manifest RECORDING [1] version 0) {
        host_name: WideZ,
        boot_time: FileTime,
    }

    /// A registry key that was open when the recording, or the collection, began.
    OpenKey(Manifest RECORDING [2] version 0) {
        object: Pointer,
        path: WideZ,
    }

    /// When Windows was installed, and which.
    BuildInfo(Classic SYSTEM_PATHS [32] version 0) {
        install_date: FileTime,
        build_lab: WideZ,
        product_name: WideZ,
    }

    /// Folders of Windows.
    SystemPaths(Classic SYSTEM_PATHS [33] version 0) {
        system_directory: WideZ,
        windows_directory: WideZ,
    }

    /// A volume without a drive letter.
    UnknownVolume(Classic SYSTEM_PATHS [34] version 0) {
        nt_path: WideZ,
    }

    /// A volume and its drive letter.
    VolumeMapping(Classic SYSTEM_PATHS [35] version 0) {
        nt_path: WideZ,
        dos_path: WideZ,
    }
}
