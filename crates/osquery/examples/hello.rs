// SPDX-License-Identifier: Apache-2.0
//! A whole extension with one table: `hello --socket /var/osquery/osquery.em`.
use evtables_osquery::*;
use std::sync::{Arc, mpsc};

struct Hello([Column; 1]);
impl Table for Hello {
    fn name(&self) -> &str {
        "hello"
    }
    fn columns(&self) -> &[Column] {
        &self.0
    }
    fn attributes(&self) -> Attributes {
        Attributes::NONE
    }
    fn generate(&self, query: &Query, rows: &mut RowsWriter) -> Result<(), TableError> {
        for name in query.values(0).chain(["world"]) {
            rows.begin_row();
            rows.text(0, name);
            rows.end_row()?;
        }
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let socket = std::env::args()
        .skip_while(|word| word != "--socket")
        .nth(1)
        .ok_or("--socket PATH is missing")?;
    let name =
        Column::new("name", ColumnType::Text, ColumnOptions::INDEX | ColumnOptions::OPTIMIZED);
    let (sender, events) = mpsc::channel();
    let owner = Arc::new(move |event| drop(sender.send(event)));
    let options = ExtensionOptions::new(socket, ExtensionInfo::new("hello", "1.0"));
    let _extension = Extension::start(options, vec![Arc::new(Hello([name]))], vec![], owner)?;
    events.iter().find(|event| *event == ExtensionEvent::ShutdownAsked);
    Ok(())
}
