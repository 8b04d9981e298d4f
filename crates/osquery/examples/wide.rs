// SPDX-License-Identifier: Apache-2.0
//! An extension with a big table and a logger: `wide --socket SOCKET [--rows N]`. Table `wide` has 20 text columns
//! c00 to c19 and N rows (100,000); it writes only the columns that are used, keeps to `c00 = …`, and says in a row
//! what the logger `wide` got, when asked for `c00 = 'logged'`.
use std::sync::{Arc, mpsc};
use std::time::Duration;

use evtables_osquery::*;

const COLUMNS: usize = 20;

struct Wide {
    columns: Vec<Column>,
    rows: usize,
    log: Arc<LogQueue>,
}

impl Table for Wide {
    fn name(&self) -> &str {
        "wide"
    }

    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn attributes(&self) -> Attributes {
        Attributes::NONE
    }

    fn generate(&self, query: &Query, rows: &mut RowsWriter) -> Result<(), TableError> {
        let wanted: Vec<&str> = query.values(0).collect();
        if wanted == ["logged"] {
            for entry in self.log.take(Duration::ZERO) {
                rows.begin_row();
                rows.text(0, "logged");
                rows.text(1, &format!("{entry:?}"));
                rows.end_row()?;
            }
            return Ok(());
        }
        let used: Vec<usize> = (0..COLUMNS).filter(|column| query.uses(*column)).collect();
        for number in 0..self.rows {
            let first = format!("{number:010}");
            if !wanted.is_empty() && !wanted.contains(&first.as_str()) {
                continue;
            }
            rows.begin_row();
            for column in &used {
                rows.text(*column, if *column == 0 { &first } else { "0123456789" });
            }
            rows.end_row()?;
        }
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().collect();
    let after = |word: &str| words.iter().skip_while(|found| *found != word).nth(1);
    let socket = after("--socket").ok_or("--socket PATH is missing")?;
    let rows = after("--rows").map_or(Ok(100_000), |count| count.parse())?;
    let options = ColumnOptions::INDEX | ColumnOptions::OPTIMIZED;
    let column = |index| Column::new(format!("c{index:02}"), ColumnType::Text, options);
    let log = LogQueue::new("wide", LoggerFeatures::EVENT, LogQueueLimits::CORE);
    let columns = (0..COLUMNS).map(column).collect();
    let table = Arc::new(Wide { columns, rows, log: Arc::clone(&log) });
    let logger = Arc::new(LoggerPlugin::new(log));
    let (sender, events) = mpsc::channel();
    let owner = Arc::new(move |event| drop(sender.send(event)));
    let options = ExtensionOptions::new(socket, ExtensionInfo::new("wide", "1.0"));
    let _extension = Extension::start(options, vec![table], vec![logger], owner)?;
    events.iter().find(|event| *event == ExtensionEvent::ShutdownAsked);
    Ok(())
}
