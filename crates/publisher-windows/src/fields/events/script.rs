// SPDX-License-Identifier: Apache-2.0
//! Scripts and their scans: Microsoft-Windows-PowerShell and Microsoft-Antimalware-Scan-Interface.

payloads! {
    /// A scan of content; the content is the last field that is known.
    AmsiScan(Manifest AMSI [1101] version 0) {
        session: Pointer,
        scan_status: U8,
        scan_result: U32,
        app_name: WideZ,
        content_name: WideZ,
        content_size: U32,
        original_size: U32,
    }

    /// A command of a pipeline ran.
    PowerShellCommand(Manifest POWERSHELL [4103] version 1) {
        context_info: WideZ,
        user_data: WideZ,
        payload: WideZ,
    }

    /// A block of script was compiled.
    PowerShellScript(Manifest POWERSHELL [4104] version 1) {
        message_number: I32,
        message_total: I32,
        script_block_text: WideZ,
        script_block_id: WideZ,
        path: WideZ,
    }
}
