// SPDX-License-Identifier: Apache-2.0
//! A whole extension with one table: `hello --socket /var/osquery/osquery.em`.
use std::sync::{Arc, mpsc};

use evtables_osquery::*;

struct Hello([Column; 2]);

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
        let asked = || query.values(1).map(str::to_owned);
        for name in
            asked().chain(["world".to_owned()].into_iter().filter(|_| asked().next().is_none()))
        {
            rows.begin_row();
            rows.text(0, &format!("hello {name}"));
            rows.text(1, &name);
            rows.end_row()?;
        }
        Ok(())
    }
}

struct Events(mpsc::Sender<ExtensionEvent>);

impl Owner for Events {
    fn event(&self, event: ExtensionEvent) {
        let _ = self.0.send(event);
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let socket = std::env::args()
        .skip_while(|word| word != "--socket")
        .nth(1)
        .ok_or("--socket PATH is missing")?;
    let column =
        |name| Column::new(name, ColumnType::Text, ColumnOptions::INDEX | ColumnOptions::OPTIMIZED);
    let (sender, events) = mpsc::channel();
    let table = Arc::new(Hello([column("greeting"), column("name")]));
    let options = ExtensionOptions::new(socket, ExtensionInfo::new("hello", "1.0"));
    let _extension = Extension::start(options, vec![table], vec![], Arc::new(Events(sender)))?;
    events
        .iter()
        .inspect(|event| eprintln!("{event:?}"))
        .find(|event| *event == ExtensionEvent::ShutdownAsked);
    Ok(())
}
