// SPDX-License-Identifier: Apache-2.0
//! `win_mem_perf`: memory of the machine, one row.

use crate::sources::Memory;
use evtables_schema::generated::mem_perf::windows::TABLE;
use evtables_schema::rows::{RowBuilder, Value};
use evtables_sdk::StateRows;

pub(crate) fn rows(memory: &dyn Memory) -> Result<StateRows, String> {
    let status = memory.memory()?;
    let number = |bytes: u64| Value::Int(i64::try_from(bytes).unwrap_or(i64::MAX));
    let mut builder = RowBuilder::new(&TABLE);
    builder.push(&[
        number(status.load.into()),
        number(status.total_physical),
        number(status.available_physical),
        number(status.total_page_file),
        number(status.available_page_file),
        number(status.total_virtual),
        number(status.available_virtual),
        number(status.available_extended),
    ]);
    Ok(StateRows::all(builder.finish()))
}
