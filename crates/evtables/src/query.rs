// SPDX-License-Identifier: Apache-2.0
//! `evtables query` and `evtables shell`: SQL over a data dir, live or at rest.

use crate::args::{Format, QueryArgs, ShellArgs, data_dir};
use crate::out::{written, written_rows};
use crate::system_state::system_state;
use evtables_engine::DataDir;
use evtables_sql::{Database, Screen, Shell, ShellError, ShellOptions, run};
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
    written_rows(run(&database, &args.sql, format, &mut out, Screen::detect()))
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
    match shell.run() {
        Ok(0) => Ok(()),
        Ok(failed) => Err(format!("{failed} statements failed: see above")),
        Err(ShellError::Io(error)) => written(Err(error)),
        Err(error) => Err(error.to_string()),
    }
}

/// A data dir for reading; the error names it.
pub(crate) fn open(dir: &Path) -> Result<DataDir, String> {
    let opened = DataDir::open(dir).map(|source| source.with_system(system_state()));
    opened.map_err(|e| format!("failed to open {}: {e}", dir.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use evtables_engine::host;
    use evtables_store::{Options, Store};

    fn ask(database: &Database, sql: &str) -> Result<String, String> {
        let mut out = Vec::new();
        run(database, sql, evtables_sql::Format::Csv, &mut out, Screen::detect())
            .map_err(|error| error.to_string())?;
        Ok(String::from_utf8(out).unwrap().replace('\r', ""))
    }

    #[test]
    fn tables_of_the_system_say_what_they_need() {
        let dir = tempfile::tempdir().unwrap();
        let options = Options::new(host::host_boot());
        Store::open(dir.path(), options, host::now_ns()).unwrap().close().unwrap();
        let database = Database::open(Arc::new(open(dir.path()).unwrap())).unwrap();
        let state = |name: &str| {
            let sql = format!("SELECT state, reason FROM evtables_tables WHERE name = '{name}'");
            ask(&database, &sql).unwrap()
        };
        assert!(state("win_msr").contains("absent,\"only a kernel driver"), "{}", state("win_msr"));
        let (hash, sql) = (state("win_hash"), "SELECT md5 FROM win_hash WHERE path = ");
        let file = dir.path().join("a'b");
        std::fs::write(&file, "abc").unwrap();
        let file = file.to_str().unwrap().replace('\'', "''");
        let one = ask(&database, &format!("{sql}'{file}'"));
        match system_state().unavailable() {
            Some(reason) => {
                assert!(hash.contains(&format!("unavailable,\"{reason}\"")), "{hash}");
                assert!(one.unwrap_err().contains(reason));
            }
            None => {
                assert!(hash.contains("on,"), "{hash}");
                assert_eq!(one.unwrap(), "md5\n900150983cd24fb0d6963f7d28e17f72\n");
                let either = format!("{sql}'{file}' OR path = 'nowhere' OR path = '{file}'");
                assert_eq!(ask(&database, &either).unwrap().lines().count(), 2);
                // A path per outer row, and no rows without one.
                let join = format!(
                    "SELECT count(md5) FROM (SELECT '{file}' AS p UNION ALL SELECT 'x' UNION ALL \
                     SELECT '{file}' || '') JOIN win_hash ON path = p"
                );
                assert_eq!(ask(&database, &join).unwrap(), "count(md5)\n2\n");
                let none = ask(&database, "SELECT * FROM win_hash").unwrap_err();
                assert!(none.contains("WHERE path"), "{none}");
                let none = ask(&database, "SELECT * FROM win_event_log_data").unwrap_err();
                assert!(none.contains("WHERE source"), "{none}");
            }
        }
    }

    /// What a traced start of this very process would be called, and what the table of handles calls it.
    #[cfg(all(windows, feature = "os-publishers"))]
    #[test]
    fn state_tables_name_processes_as_events_do() {
        use evtables_publisher_windows::fields::classes::KERNEL_PROCESS;
        use evtables_publisher_windows::{
            DecodeSettings, Decoder, EventClass, Extended, PointerSize, RawEvent, RawEventSink as _,
        };
        use evtables_schema::{Cell, CellReader};
        let (pid, created) = (std::process::id(), crate::system::own_created().unwrap());
        let mut payload = Vec::new();
        payload.extend_from_slice(&pid.to_le_bytes());
        payload.extend_from_slice(&created.to_le_bytes());
        payload.extend_from_slice(&[4, 0, 0, 0, 0, 0, 0, 0, b'x', 0, 0, 0]);
        let mut decoder = Decoder::new(&DecodeSettings {
            host_name: Some(host::host_name()),
            boot_ns: Some(host::boot_ns()),
        });
        decoder.event(&RawEvent {
            class: EventClass::Manifest,
            provider: KERNEL_PROCESS,
            id: 1,
            version: 0,
            opcode: 0,
            task: 0,
            level: 4,
            keyword: 0x10,
            pid: Some(4),
            tid: None,
            time_ns: host::now_ns(),
            processor: 0,
            pointer_size: PointerSize::Eight,
            activity: None,
            extended: Extended::default(),
            payload: &payload,
        });
        let mut batches = Vec::new();
        decoder.finish(&mut batches);
        let batch = batches.iter().find(|batch| batch.table.name == "win_process_events").unwrap();
        let at = batch.table.column("process_guid").unwrap();
        let record = arrow_array::RecordBatch::try_from_iter([(
            "process_guid",
            batch.column(at).unwrap().clone(),
        )]);
        let record = record.unwrap();
        let reader = CellReader::new(batch.table, &batch.table.columns[at], &record);
        let mut text = String::new();
        let Cell::Text(of_event) = reader.cell(0, &mut text) else { panic!("no identity") };

        let dir = tempfile::tempdir().unwrap();
        let options = Options::new(host::host_boot());
        Store::open(dir.path(), options, host::now_ns()).unwrap().close().unwrap();
        let database = Database::open(Arc::new(open(dir.path()).unwrap())).unwrap();
        let sql =
            format!("SELECT DISTINCT process_guid FROM win_process_handles WHERE pid = {pid}");
        assert_eq!(ask(&database, &sql).unwrap(), format!("process_guid\n{of_event}\n"));
    }
}
