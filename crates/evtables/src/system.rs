// SPDX-License-Identifier: Apache-2.0
//! What the binary asks of the operating system that it runs on. Each has a file with the same names.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;

pub(crate) use system::{
    FileStamp, OSQUERY_CONF, ROOT, data_dir, file_stamp, image_of, is_administrator, make_private,
    parent_id, stop_flag, watch_service,
};
#[cfg(all(test, windows))]
pub(crate) use windows::own_created;
#[cfg(windows)]
pub(crate) use windows::{PRIVATE, access_of, error_words, set_access};
