// SPDX-License-Identifier: Apache-2.0
//! Payloads taken apart: one row of a table per event says which fields it has, of which type, and
//! since which version. A version that is newer than the table is read by the fields that are
//! known: newer versions add at the end or put in a known block. Knows nothing of `win_*` tables.

pub mod classes;
pub mod text;
pub mod types;

use crate::guid::Guid;
use crate::raw::{EventClass, RawEvent};
use std::collections::HashMap;
use std::sync::LazyLock;
pub use text::{Ansi, Sid, Wide};
pub use types::{Kind, Value, socket_address};

/// Declares events: a struct whose fields are `None` where the payload ends, and the row of the
/// table, from one list. `from N` and `to N` say which versions have a field.
macro_rules! payloads {
    ($(
        $(#[$doc:meta])*
        $name:ident($class:ident $provider:ident [$($id:literal),+] version $known:literal) {
            $($field:ident: $type:ident $(from $since:literal)? $(to $until:literal)?,)*
        }
    )*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, Default)]
            pub struct $name<'a> {
                $(
                    #[doc = concat!("Field `", stringify!($field), "`.")]
                    pub $field: Option<<crate::fields::types::$type as crate::fields::types::FieldType>::Value<'a>>,
                )*
                /// What comes behind.
                pub rest: &'a [u8],
            }

            impl<'a> $name<'a> {
                /// Row of the table.
                pub const LAYOUT: crate::fields::Layout = crate::fields::Layout {
                    class: crate::raw::EventClass::$class,
                    provider: crate::fields::classes::$provider,
                    ids: &[$($id),+],
                    name: stringify!($name),
                    known: $known,
                    fields: &[$(crate::fields::FieldSpec {
                        name: stringify!($field),
                        kind: <crate::fields::types::$type as crate::fields::types::FieldType>::KIND,
                        since: payloads!(@or $($since)?, 0),
                        until: payloads!(@or $($until)?, 255),
                    },)*],
                    visit: |event, visit| {
                        let decoded = $name::decode(event);
                        $(if let Some(value) = decoded.$field {
                            visit(
                                stringify!($field),
                                <crate::fields::types::$type as crate::fields::types::FieldType>::show(value),
                            );
                        })*
                    },
                };

                /// Takes the payload of `event` apart.
                #[must_use]
                #[inline]
                pub fn decode(event: &crate::raw::RawEvent<'a>) -> Self {
                    let version = event.version.min($known);
                    let mut cursor = crate::fields::types::Cursor::new(event);
                    let mut decoded = Self::default();
                    'fields: {
                        $(if crate::fields::has(version, payloads!(@or $($since)?, 0), payloads!(@or $($until)?, 255)) {
                            let read = <crate::fields::types::$type as crate::fields::types::FieldType>::read(&mut cursor);
                            if read.is_none() {
                                break 'fields;
                            }
                            decoded.$field = read;
                        })*
                    }
                    decoded.rest = cursor.rest();
                    decoded
                }
            }
        )*

        /// Rows of this file.
        pub(in crate::fields) const LAYOUTS: &[&crate::fields::Layout] = &[$(&$name::LAYOUT),*];
    };
    (@or $value:literal, $default:literal) => { $value };
    (@or , $default:literal) => { $default };
}

pub mod events;

/// Whether a version lies between two.
#[inline]
pub(crate) const fn has(version: u8, since: u8, until: u8) -> bool {
    version >= since && version <= until
}

/// One field of an event.
#[derive(Debug, Clone, Copy)]
pub struct FieldSpec {
    /// Name.
    pub name: &'static str,
    /// Type.
    pub kind: Kind,
    /// First version that has it.
    pub since: u8,
    /// Last version that has it.
    pub until: u8,
}

/// What is called for each field of an event: its name and value.
pub type Visit<'v> = dyn FnMut(&'static str, Value<'_>) + 'v;

/// One row of the table: an event and its fields.
#[derive(Debug)]
pub struct Layout {
    /// How the event names itself.
    pub class: EventClass,
    /// Provider or class.
    pub provider: Guid,
    /// Ids that share the layout.
    pub ids: &'static [u16],
    /// Name.
    pub name: &'static str,
    /// Latest version that is known.
    pub known: u8,
    /// Fields in the order of the payload.
    pub fields: &'static [FieldSpec],
    /// Calls back with each field that is there.
    pub visit: fn(&RawEvent<'_>, &mut Visit<'_>),
}

impl Layout {
    /// Fields of a version, in the order of the payload.
    pub fn fields_of(&self, version: u8) -> impl Iterator<Item = &'static FieldSpec> {
        let version = version.min(self.known);
        self.fields.iter().filter(move |field| has(version, field.since, field.until))
    }
}

type ByEvent = HashMap<(EventClass, Guid, u16), &'static Layout>;

static BY_EVENT: LazyLock<ByEvent> = LazyLock::new(|| {
    let all = layouts();
    all.flat_map(|row| row.ids.iter().map(move |id| ((row.class, row.provider, *id), row)))
        .collect()
});

/// All rows of the table.
pub fn layouts() -> impl Iterator<Item = &'static Layout> {
    events::ALL.iter().flat_map(|rows| rows.iter().copied())
}

/// The row of an event; `None` when the event is not known.
#[must_use]
pub fn layout(event: &RawEvent<'_>) -> Option<&'static Layout> {
    BY_EVENT.get(&(event.class, event.provider, event.id)).copied()
}

#[cfg(test)]
mod tests;
