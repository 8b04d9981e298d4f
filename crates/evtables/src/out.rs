// SPDX-License-Identifier: Apache-2.0
//! What commands write on stdout. A reader that has seen enough (`| head`) closes the pipe, and that is no failure: the
//! command does its work to the end, and what it says from then on is said to nobody.

use std::fmt::{self, Arguments};
use std::io::{self, ErrorKind, Write as _};

/// Writes a line on stdout as `println!` does, and gives the error that completes "evtables: …" where that panics.
macro_rules! say {
    ($($words:tt)*) => { $crate::out::line(format_args!($($words)*)) };
}
pub(crate) use say;

/// One line on stdout.
pub(crate) fn line(words: Arguments<'_>) -> Result<(), String> {
    written(writeln!(io::stdout().lock(), "{words}"))
}

/// What became of writing on stdout: nothing when nobody reads.
pub(crate) fn written(done: io::Result<()>) -> Result<(), String> {
    match done {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(format!("failed to write: {error}"))
        }
        _ => Ok(()),
    }
}

/// The same of rows.
pub(crate) fn written_rows<T>(done: Result<T, evtables_sql::SqlError>) -> Result<(), String> {
    match done {
        Err(evtables_sql::SqlError::Output(error)) => written(Err(error)),
        Err(error) => Err(error.to_string()),
        Ok(_) => Ok(()),
    }
}

/// A part of a line on stderr, which may be closed as well; there is nobody left to tell.
pub(crate) fn remark(words: Arguments<'_>) {
    let _ = io::stderr().lock().write_fmt(words);
}

/// Why a command failed, on stderr.
pub(crate) fn failure(message: impl fmt::Display) {
    remark(format_args!("evtables: {message}\n"));
}
