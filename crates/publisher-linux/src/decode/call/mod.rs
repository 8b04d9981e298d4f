// SPDX-License-Identifier: Apache-2.0
//! Tables whose rows are system calls that came to their end: one file each, with a function that makes
//! the row.

mod attr;
mod credential;
mod image;
mod kernel;
mod media;
mod memory;
mod mount;
mod namespace;
mod pipe;
mod process;
mod ring;
mod setting;
mod timestomp;

use super::{account, text, write_argument, write_path};
use crate::record::Call;
use std::fmt::Write;

pub(crate) use attr::{AttrRows, new_mode_at};
pub(crate) use credential::{CredentialRows, UserRows};
pub(crate) use image::{ImageMapRows, ImageRows};
pub(crate) use kernel::{BpfRows, ModuleRows, PrctlRows};
pub(crate) use media::MediaRows;
pub(crate) use memory::MemoryRows;
pub(crate) use mount::MountRows;
pub(crate) use namespace::NamespaceRows;
pub(crate) use pipe::PipeRows;
pub(crate) use process::{InjectRows, OpenRows, SignalRows};
pub(crate) use ring::IoUringRows;
pub(crate) use setting::{ContainerRows, SysctlRows};
pub(crate) use timestomp::TimestompRows;

/// Texts of the row in work; kept to reuse their memory.
#[derive(Default)]
pub(crate) struct Texts {
    bytes: Vec<u8>,
    account: String,
    /// The first path, or the path of the descriptor's file.
    first: String,
    second: String,
    /// For what a table makes itself.
    own: [String; 4],
}

impl Texts {
    /// The account, and the first path where there is one.
    fn begin(&mut self, call: &Call<'_>) {
        account(&mut self.account, &call.actor);
        self.first.clear();
        if call.from_file() {
            write_path(&mut self.first, &mut self.bytes, call.first.at, call.first.cut);
        } else if !call.first.given.is_empty() {
            write_argument(&mut self.first, &mut self.bytes, call.first);
        }
    }

    /// The first string as the caller gave it.
    fn plain_first(&mut self, call: &Call<'_>) {
        self.first.clear();
        text::push_lossless(&mut self.first, call.first.given);
    }

    /// The second string as the caller gave it.
    fn plain_second(&mut self, call: &Call<'_>) {
        self.second.clear();
        text::push_lossless(&mut self.second, call.second.given);
    }

    /// `0x…` of a number, in one of the own texts.
    fn hexadecimal(&mut self, at: usize, value: u64) {
        if let Some(out) = self.own.get_mut(at) {
            out.clear();
            let written = write!(out, "{value:#x}");
            debug_assert!(written.is_ok(), "a string takes all text");
        }
    }

    /// One of the own texts.
    fn own(&self, at: usize) -> &str {
        self.own.get(at).map_or("", String::as_str)
    }
}

/// Declares the collector of a table whose rows come from calls, by the function that makes a row.
macro_rules! call_rows {
    ($(#[$doc:meta])* $name:ident, $module:ident, $row:path) => {
        $(#[$doc])*
        #[derive(Default)]
        pub(crate) struct $name {
            builder: evtables_schema::generated::$module::linux::Builder,
            texts: super::Texts,
        }

        impl crate::decode::Rows for $name {
            fn push(
                &mut self,
                context: &crate::decode::Context,
                record: &crate::record::Record<'_>,
            ) -> crate::decode::Made {
                let crate::record::Record::Call(call) = record else {
                    return crate::decode::Made::Nothing;
                };
                self.texts.begin(call);
                $row(&mut self.builder, &mut self.texts, context, call)
            }

            fn rows(&self) -> usize {
                self.builder.rows()
            }

            fn finish(&mut self) -> evtables_schema::EventBatch {
                self.builder.finish()
            }
        }
    };
}

pub(crate) use call_rows;
