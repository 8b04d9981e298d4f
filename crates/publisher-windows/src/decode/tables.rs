// SPDX-License-Identifier: Apache-2.0
//! Builders of the tables that decoded events fill, and what every row of them has.

use evtables_schema::{EventBatch, TableSpec, generated as g};
use std::sync::Arc;

/// Rows at which a batch is closed.
pub(crate) const BATCH_ROWS_MAX: usize = 1_024;

macro_rules! tables {
    ($($name:ident: $kind:ident,)*) => {
        /// One builder per table.
        #[derive(Default)]
        pub(crate) struct Tables {
            $(pub(crate) $name: g::$kind::windows::Builder,)*
        }

        impl Tables {
            /// Takes every batch that has at least `rows_min` rows.
            pub(crate) fn take(&mut self, rows_min: usize, into: &mut Vec<EventBatch>) {
                $(
                    if self.$name.rows() >= rows_min.max(1) {
                        into.push(self.$name.finish());
                    }
                )*
            }
        }

        /// The tables that are filled.
        #[must_use]
        pub fn tables() -> Vec<&'static TableSpec> {
            vec![$(&g::$kind::windows::TABLE),*]
        }
    };
}

tables! {
    process: process_events,
    process_open: process_open_events,
    remote_thread: remote_thread_events,
    file: file_events,
    pe_file: pefile_events,
    registry: registry_events,
    socket: socket_events,
    dns: dns_events,
    dns_response: dns_response_events,
    http: http_events,
    ssl: ssl_events,
    image: image_load_events,
    image_map: image_load_process_map,
    pipe: named_pipe_events,
    media: removable_media_events,
}

/// Which record a row came from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin {
    pub(crate) source: &'static str,
    pub(crate) id: u16,
}

/// A process as the subject of a row.
#[derive(Debug, Clone, Default)]
pub(crate) struct Actor {
    pub(crate) pid: Option<u32>,
    pub(crate) guid: Option<u128>,
    pub(crate) image: Option<Arc<str>>,
    pub(crate) owner: Option<Arc<str>>,
}

impl Actor {
    pub(crate) fn pid(&self) -> Option<i64> {
        self.pid.map(i64::from)
    }

    pub(crate) fn image(&self) -> Option<&str> {
        self.image.as_deref()
    }

    pub(crate) fn owner(&self) -> Option<&str> {
        self.owner.as_deref()
    }
}
