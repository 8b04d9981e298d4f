// SPDX-License-Identifier: Apache-2.0
//! Tests of predicates.

use super::*;
use evtables_schema::generated::evtables_loss::any as loss;
use std::sync::Arc;

fn batch(rows: &[(&str, Option<i32>, i64)]) -> RecordBatch {
    let mut builder = loss::Builder::default();
    for (table, cpu, count) in rows {
        builder.push(&loss::Row {
            event_table: table,
            stage: "ring",
            outcome: "lost",
            reason: "",
            cpu: *cpu,
            count: *count,
        });
    }
    let columns = builder.finish().into_stored_columns();
    RecordBatch::try_new(loss::TABLE.stored_schema(), columns).unwrap()
}

fn hits(terms: Vec<Term>, batch: &RecordBatch) -> Vec<usize> {
    let bits = Predicate::new(&loss::TABLE, terms).evaluate(batch);
    (0..batch.num_rows()).filter(|row| bits.value(*row)).collect()
}

fn term(column: usize, test: Test) -> Term {
    Term { column, test }
}

#[test]
fn each_test_answers_or_lets_through() {
    let batch = batch(&[("Alpha", Some(0), 5), ("beta", None, 7), ("ALPHA", Some(2), 9)]);
    let text = |v: &str| Value::Text(v.into());
    assert_eq!(hits(vec![], &batch), [0, 1, 2]);
    assert_eq!(hits(vec![term(loss::EVENT_TABLE, Test::In(vec![text("alpha")]))], &batch), [0, 2]);
    assert_eq!(hits(vec![term(loss::EVENT_TABLE, Test::Like("%A".into()))], &batch), [0, 1, 2]);
    assert_eq!(hits(vec![term(loss::EVENT_TABLE, Test::Glob("*A".into()))], &batch), [2]);
    assert_eq!(hits(vec![term(loss::COUNT, Test::Gt(Value::Int(5)))], &batch), [1, 2]);
    assert_eq!(hits(vec![term(loss::COUNT, Test::Ge(text("7")))], &batch), [1, 2]);
    assert_eq!(hits(vec![term(loss::COUNT, Test::Lt(Value::Int(7)))], &batch), [0]);
    assert_eq!(hits(vec![term(loss::COUNT, Test::Le(Value::Real(7.5)))], &batch), [0, 1]);
    assert_eq!(
        hits(vec![term(loss::CPU, Test::In(vec![Value::Int(0), Value::Int(2)]))], &batch),
        [0, 2]
    );
    assert_eq!(
        hits(vec![term(loss::CPU, Test::Le(Value::Int(9)))], &batch),
        [0, 2],
        "NULL never passes"
    );
    let both = vec![
        term(loss::EVENT_TABLE, Test::In(vec![text("alpha")])),
        term(loss::COUNT, Test::Gt(Value::Int(5))),
    ];
    assert_eq!(hits(both, &batch), [2]);
}

#[test]
fn what_cannot_be_answered_is_ignored() {
    let predicate = Predicate::new(
        &loss::TABLE,
        vec![
            term(loss::COUNT, Test::Gt(Value::Text("many".into()))),
            term(loss::EVENT_TABLE, Test::Lt(Value::Text("b".into()))),
            term(999, Test::Like("x".into())),
        ],
    );
    assert!(predicate.is_all());
    assert_eq!(predicate.ignored().len(), 3);
}

#[test]
fn seconds_become_nanosecond_bounds() {
    use evtables_schema::generated::process_events::linux as process;
    let at = |test| Predicate::new(&process::TABLE, vec![term(process::TIME, test)]).time_range();
    assert_eq!(at(Test::Gt(Value::Int(5))), (Some(6_000_000_000), None));
    assert_eq!(at(Test::Le(Value::Int(5))), (None, Some(5_999_999_999)));
    assert_eq!(at(Test::In(vec![Value::Int(5)])), (Some(5_000_000_000), Some(5_999_999_999)));
    assert_eq!(at(Test::In(vec![])), (Some(1), Some(0)), "an empty list matches nothing");
}

#[test]
fn empty_dictionary_batch_is_fine() {
    let empty = RecordBatch::new_empty(Arc::clone(&loss::TABLE.stored_schema()));
    assert!(hits(vec![term(loss::EVENT_TABLE, Test::Like("%".into()))], &empty).is_empty());
}

#[test]
fn patterns_follow_sqlite() {
    use pattern::{glob, like};
    assert!(like("", "") && like("%", "") && !like("_", ""));
    assert!(like("%b%d", "abcd") && like("A_C", "abc") && !like("a_c", "abbc"));
    assert!(like("%ab", "aab") && like("%%x", "x") && like("é_", "éa"));
    assert!(glob("*.tx[a-t]", "x.txt") && !glob("*.tx[^t]", "x.txt") && glob("[]]", "]"));
    assert!(!glob("A*", "abc") && glob("?b*", "abc") && !glob("[a", "a"));
    // A pattern that makes naive matchers explode ends at once.
    assert!(!like(&"%a".repeat(30), &"b".repeat(2000)));
}

/// Short texts of few letters, so that patterns match now and then.
fn short(random: &mut u64, letters: &[char]) -> String {
    let mut next = || {
        *random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (*random >> 33) as usize
    };
    (0..next() % 9).map(|_| letters[next() % letters.len()]).collect()
}

#[test]
fn compiled_like_is_like() {
    let (mut random, mut hits) = (7, 0);
    for _ in 0..200_000 {
        let pattern = short(&mut random, &['a', 'B', '%', '%', '_', 'ü', '/']);
        let text = short(&mut random, &['a', 'A', 'b', 'B', 'ü', '/']);
        let expected = pattern::like(&pattern, &text);
        hits += u32::from(expected);
        assert_eq!(pattern::Like::new(&pattern).matches(&text), expected, "{text} LIKE {pattern}");
    }
    assert!(hits > 10_000, "{hits}");
}
