// SPDX-License-Identifier: Apache-2.0
//! `evtables install|uninstall|verify` on Windows.

use crate::args::InstallArgs;

const NOT_HERE: &str =
    "this build places nothing on Windows: name the binary in osquery's `extensions.load`";

/// Says that it is not for here.
pub(crate) fn install(_args: &InstallArgs) -> Result<(), String> {
    Err(NOT_HERE.into())
}

/// Says that it is not for here.
pub(crate) fn uninstall(_args: &InstallArgs) -> Result<(), String> {
    Err(NOT_HERE.into())
}

/// Says that it is not for here.
pub(crate) fn verify(_args: &InstallArgs) -> Result<(), String> {
    Err(NOT_HERE.into())
}
