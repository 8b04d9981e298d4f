// SPDX-License-Identifier: Apache-2.0
//! `win_epp_table`: products that the Security Center knows. It keeps its list in the registry, where
//! `STATE` packs what its own interface calls the product's state. Microsoft documents the words of its own interface
//! (`WSC_SECURITY_PRODUCT_STATE`: on, off, snoozed, expired) and not how they are packed: the bits are those of the
//! WMI property `productState`, as independent accounts of it agree (idera's PowerTips of 2020-09-07, masks 0xf000
//! and 0x00f0; neophob.com of 2010-03, 0x1000 running and 0x10 out of date, from values seen on machines).

use crate::registry::Values;
use crate::sources::{Key, Registry};
use evtables_schema::generated::epp_table::windows as table;
use evtables_sdk::StateRows;

const PROVIDERS: &str = r"SOFTWARE\Microsoft\Security Center\Provider";
const KINDS: [(&str, &str); 3] = [("Av", "Anti-Virus"), ("Fw", "Firewall"), ("As", "Anti-Spyware")];

pub(crate) fn rows(registry: &dyn Registry) -> StateRows {
    let mut builder = table::Builder::default();
    for (folder, kind) in KINDS {
        let key = Key::machine(PROVIDERS).below(folder);
        for product in registry.subkeys(&key) {
            let values = Values::of(registry, &key.below(&product));
            let Some(name) = values.text("DISPLAYNAME") else { continue };
            let state = values.number("STATE");
            builder.push(&table::Row {
                product_type: kind,
                product_name: &name,
                product_state: state.and_then(activity),
                // Only scanners have signatures.
                product_signatures: state.filter(|_| folder != "Fw").and_then(signatures),
            });
        }
    }
    StateRows::all(builder.finish())
}

/// Bits 12 to 15.
fn activity(state: u64) -> Option<&'static str> {
    match (state >> 12) & 0xf {
        0 => Some("Off"),
        1 => Some("On"),
        2 => Some("Snoozed"),
        3 => Some("Expired"),
        _ => None,
    }
}

/// Bits 4 to 7.
fn signatures(state: u64) -> Option<&'static str> {
    match (state >> 4) & 0xf {
        0 => Some("Up-to-date"),
        1 => Some("Out-of-date"),
        _ => None,
    }
}
