// SPDX-License-Identifier: Apache-2.0
//! Predicates of any comparisons on any columns: each is answered or left out, and bounds come out.
#![no_main]

use evtables_filter::{Predicate, Term, Test, Value};

type Parts = (u8, Vec<(u8, u8, Vec<(u8, i64, f64, String)>)>);

libfuzzer_sys::fuzz_target!(|parts: Parts| {
    let (table, terms) = parts;
    let tables = evtables_schema::tables();
    let table = tables[usize::from(table) % tables.len()];
    let given = terms.len();
    let terms = terms.into_iter().map(|(column, test, values)| {
        let values: Vec<Value> = values.into_iter().map(value).collect();
        let first = values.first().cloned().unwrap_or(Value::Int(0));
        let text = || match &first {
            Value::Text(text) => text.clone(),
            _ => "%".to_owned(),
        };
        let test = match test % 7 {
            0 => Test::In(values),
            1 => Test::Lt(first),
            2 => Test::Le(first),
            3 => Test::Gt(first),
            4 => Test::Ge(first),
            5 => Test::Like(text()),
            _ => Test::Glob(text()),
        };
        Term { column: column.into(), test }
    });
    let predicate = Predicate::new(table, terms.collect());
    assert_eq!(predicate.terms().count() + predicate.ignored().len(), given);
    assert!(predicate.columns().all(|column| column < table.columns.len()));
    let _ = (predicate.time_range(), predicate.seq_range());
});

fn value((kind, int, real, text): (u8, i64, f64, String)) -> Value {
    match kind % 3 {
        0 => Value::Int(int),
        1 => Value::Real(real),
        _ => Value::Text(text),
    }
}
