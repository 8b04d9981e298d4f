// SPDX-License-Identifier: Apache-2.0
//! `evtables query` and `evtables shell`: SQL over a data dir, live or at rest.

use crate::args::{Format, QueryArgs, ShellArgs, data_dir};
use evtables_engine::DataDir;
use evtables_sql::{Database, Screen, Shell, ShellOptions, run};
use std::path::Path;
use std::sync::Arc;

pub(crate) fn query(args: &QueryArgs) -> Result<(), String> {
    let source = Arc::new(open(&data_dir(args.data_dir.as_ref())?)?);
    let database = Database::open(source).map_err(|e| e.to_string())?;
    let mut out = std::io::stdout().lock();
    let format = match args.format {
        Format::Table => evtables_sql::Format::Table,
        Format::Json => evtables_sql::Format::Json,
        Format::Csv => evtables_sql::Format::Csv,
        Format::Line => evtables_sql::Format::Line,
    };
    match run(&database, &args.sql, format, &mut out, Screen::detect()) {
        // A reader that has seen enough (`| head`) is no failure.
        Err(evtables_sql::SqlError::Output(e)) if e.kind() == std::io::ErrorKind::BrokenPipe => {
            Ok(())
        }
        Err(error) => Err(error.to_string()),
        Ok(_) => Ok(()),
    }
}

pub(crate) fn shell(args: &ShellArgs) -> Result<(), String> {
    let dir = data_dir(args.data_dir.as_ref())?;
    let source = Arc::new(open(&dir)?);
    let history =
        std::env::var_os("HOME").map(|home| Path::new(&home).join(".local/share/evtables/history"));
    if let Some(parent) = history.as_deref().and_then(Path::parent) {
        // Without the folder there is no history, and that is all.
        let _ = std::fs::create_dir_all(parent);
    }
    let options = ShellOptions { history, format: evtables_sql::Format::Table };
    let shell = Shell::new(source, options).map_err(|e| e.to_string())?;
    match shell.run().map_err(|e| e.to_string())? {
        0 => Ok(()),
        failed => Err(format!("{failed} statements failed: see above")),
    }
}

/// A data dir for reading; the error names it.
pub(crate) fn open(dir: &Path) -> Result<DataDir, String> {
    DataDir::open(dir).map_err(|e| format!("failed to open {}: {e}", dir.display()))
}
