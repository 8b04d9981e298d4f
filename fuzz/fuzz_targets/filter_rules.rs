// SPDX-License-Identifier: Apache-2.0
//! Filter rules of any shape on any table: they compile or name why not, and judging says the same as
//! explaining row by row.
#![no_main]

use evtables_filter::rules::{Action, Operator, Rule, Rules, When};
use evtables_schema::generated::process_events::linux::{Builder, Row, TABLE};
use std::sync::Arc;

type Part = (u8, u8, u8, i64, String);

libfuzzer_sys::fuzz_target!(|input: (Vec<(bool, Vec<Part>)>, Vec<(String, String)>)| {
    let (rules, texts) = input;
    let rules = rules.into_iter().take(50).map(|(excludes, parts)| Rule {
        name: String::new(),
        action: if excludes { Action::Exclude } else { Action::Include },
        when: when(&mut parts.into_iter().take(50), 0),
    });
    let Ok(rules) = Rules::new(&TABLE, rules.collect()) else { return };
    let mut builder = Builder::default();
    for (at, (path, cmdline)) in texts.iter().take(50).enumerate() {
        builder.push(&Row {
            path: (at % 5 != 4).then_some(path),
            cmdline: Some(cmdline),
            pid: at as i64,
            ..Row::default()
        });
    }
    let batch = builder.finish();
    let verdict = rules.judge(&batch);
    assert_eq!(verdict.keep.len(), batch.rows);
    let mut unwanted = 0;
    for row in 0..batch.rows {
        let explained = rules.explain(&batch, row);
        assert_eq!(explained.keep, verdict.keep.value(row));
        unwanted += u64::from(explained.unwanted);
    }
    assert_eq!(unwanted, verdict.unwanted);
});

fn when(parts: &mut dyn Iterator<Item = Part>, depth: usize) -> When {
    let Some((kind, column, test, number, text)) = parts.next() else {
        return When::Any(Vec::new());
    };
    if depth < 6 {
        match kind % 8 {
            0 => return When::All(vec![when(parts, depth + 1), when(parts, depth + 1)]),
            1 => return When::Any(vec![when(parts, depth + 1), when(parts, depth + 1)]),
            2 => return When::Not(Box::new(when(parts, depth + 1))),
            _ => {}
        }
    }
    let operator = match test % 9 {
        0 => Operator::Equals(text),
        1 => Operator::Prefix(text),
        2 => Operator::Suffix(text),
        3 => Operator::Contains(text),
        4 => Operator::Glob(text),
        5 => Operator::Regex(text),
        6 => Operator::Range(Some(number), None),
        7 => Operator::Cidr([10, 0, 0, 0].into(), test),
        _ => Operator::In(Arc::new(vec![text, number.to_string()])),
    };
    When::Is(usize::from(column) % TABLE.columns.len(), operator)
}
