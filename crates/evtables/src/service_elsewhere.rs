// SPDX-License-Identifier: Apache-2.0
//! `evtables service` where services are not those of Windows.

use crate::args::ServiceCommand;

pub(crate) fn service(_command: &ServiceCommand, _is_verbose: bool) -> Result<(), String> {
    Err("services are those of Windows: have systemd run `evtables run` here".into())
}
