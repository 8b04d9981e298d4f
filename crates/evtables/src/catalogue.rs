// SPDX-License-Identifier: Apache-2.0
//! `evtables tables`: the catalogue of tables and columns, without a data dir.

use crate::args::{Format, TablesArgs};
use crate::out::say;
use evtables_schema::{Class, tables as all_tables};
use serde_json::json;

pub(crate) fn tables(args: &TablesArgs) -> Result<(), String> {
    match args.format {
        Format::Json => print_json(),
        _ => {
            for table in all_tables() {
                say!("{:<24} {:<8} {}", table.name, table.platform.word(), table.summary)?;
            }
            Ok(())
        }
    }
}

fn print_json() -> Result<(), String> {
    let rows: Vec<_> = all_tables()
        .iter()
        .map(|table| {
            let columns: Vec<_> = table
                .columns
                .iter()
                .map(|column| {
                    json!({
                        "name": column.name,
                        "type": column.sql_type.word(),
                        "hidden": column.hidden,
                        "pushed": column.index || column.additional,
                        "ocsf": column.ocsf,
                        "sigma": column.sigma,
                        "sysmon": column.sysmon,
                        "description": column.description,
                    })
                })
                .collect();
            json!({
                "name": table.name,
                "kind": table.kind,
                "platform": table.platform.word(),
                "class": match table.class { Class::Event => "event", Class::State => "state" },
                "summary": table.summary,
                "example": table.example,
                "columns": columns,
            })
        })
        .collect();
    let text = serde_json::to_string_pretty(&rows).map_err(|e| e.to_string())?;
    say!("{text}")
}
