// SPDX-License-Identifier: Apache-2.0
//! `win_programs`: installed programs, from the uninstall keys.

use crate::registry::{Values, users};
use crate::sources::{Accounts, Key, Registry};
use evtables_schema::generated::programs::windows as table;
use evtables_sdk::StateRows;
use std::collections::HashSet;

const UNINSTALL: &str = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall";

pub(crate) fn rows(registry: &dyn Registry, accounts: &dyn Accounts) -> StateRows {
    let mut keys = vec![Key::machine(UNINSTALL), Key::machine(UNINSTALL).thirty_two()];
    keys.extend(users(registry, accounts).iter().map(|user| Key::user(&user.sid, UNINSTALL)));
    let mut builder = table::Builder::default();
    let mut seen = HashSet::new();
    for key in keys {
        for program in registry.subkeys(&key) {
            let values = Values::of(registry, &key.below(&program));
            // Without a name it is a part or a patch that the control panel leaves out.
            let Some(name) = values.text("DisplayName") else { continue };
            let version = values.text("DisplayVersion");
            // 32-bit keys of programs that both views share come twice.
            if !seen.insert((program.clone(), name.clone(), version.clone())) {
                continue;
            }
            let text = |name: &str| values.text(name);
            builder.push(&table::Row {
                name: &name,
                version: version.as_deref(),
                install_location: text("InstallLocation").as_deref(),
                install_source: text("InstallSource").as_deref(),
                language: text("Language").as_deref(),
                publisher: text("Publisher").as_deref(),
                uninstall_string: text("UninstallString").as_deref(),
                install_date: text("InstallDate").as_deref(),
                identifying_number: Some(&program),
            });
        }
    }
    StateRows::all(builder.finish())
}
