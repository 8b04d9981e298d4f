// SPDX-License-Identifier: Apache-2.0
//! Devices that come and go: Microsoft-Windows-Kernel-PnP.

payloads! {
    /// A device was configured.
    DeviceConfigured(Manifest KERNEL_PNP [400] version 0) {
        device_instance_id: WideZ,
        driver_name: WideZ,
        class_guid: GuidField,
        driver_date: WideZ,
        driver_version: WideZ,
        driver_provider: WideZ,
    }

    /// A device was started.
    DeviceStarted(Manifest KERNEL_PNP [410] version 0) {
        device_instance_id: WideZ,
        driver_name: WideZ,
        class_guid: GuidField,
        service_name: WideZ,
        lower_filters: WideZ,
        upper_filters: WideZ,
        problem: U32,
        status: U32,
    }

    /// A device was removed.
    DeviceDeleted(Manifest KERNEL_PNP [420] version 0) {
        device_instance_id: WideZ,
        class_guid: GuidField,
        problem: U32,
        status: U32,
    }

    /// A device needs more installation.
    DevicePending(Manifest KERNEL_PNP [430] version 0) {
        device_instance_id: WideZ,
    }
}
