// SPDX-License-Identifier: Apache-2.0
//! Expressions of the mapping files: how a column's value follows from a record.

use crate::functions::{Context, Function};
use evtables_schema::rows::Value;
use std::cell::Cell;

/// Arguments of one call.
pub(crate) const ARGUMENTS_MAX: usize = 4;

/// One expression.
#[derive(Debug)]
pub(crate) enum Expr {
    /// Always NULL.
    Null,
    /// Always this text.
    Text(String),
    /// Always this number.
    Number(i64),
    /// The first of these fields that has a value. `-` is how Windows writes "none".
    Field(Vec<(String, Cell<usize>)>),
    /// By the value of the first: the text beside it, or the last one; NULL without one.
    Choose { value: Box<Expr>, cases: Vec<(String, String)>, default: Option<String> },
    /// The first argument that is not NULL.
    First(Vec<Expr>),
    /// A function.
    Call(Function, Vec<Expr>),
}

impl Expr {
    pub(crate) fn evaluate<'r>(&'r self, context: &mut Context<'r>) -> Value<'r> {
        match self {
            Self::Null => Value::Null,
            Self::Text(text) => Value::Text(text),
            Self::Number(number) => Value::Int(*number),
            Self::Field(names) => field(names, context),
            Self::Choose { value, cases, default } => {
                let found = match value.evaluate(context) {
                    Value::Text(text) => {
                        cases.iter().find(|(word, _)| word.eq_ignore_ascii_case(text))
                    }
                    _ => None,
                };
                let text = found.map(|(_, then)| then).or(default.as_ref());
                text.map_or(Value::Null, |text| Value::Text(text))
            }
            Self::First(all) => {
                let mut values = all.iter().map(|expr| expr.evaluate(context));
                values.find(|value| *value != Value::Null).unwrap_or_default()
            }
            Self::Call(function, arguments) => {
                let mut values = [Value::Null; ARGUMENTS_MAX];
                for (slot, expr) in values.iter_mut().zip(arguments) {
                    *slot = expr.evaluate(context);
                }
                (function.call)(context, values)
            }
        }
    }

    /// Every text that it can be, where that is a fixed set.
    pub(crate) fn texts(&self) -> Option<Vec<&str>> {
        match self {
            Self::Null => Some(Vec::new()),
            Self::Text(text) => Some(vec![text]),
            Self::Choose { cases, default, .. } => Some(
                cases.iter().map(|(_, then)| then.as_str()).chain(default.as_deref()).collect(),
            ),
            Self::First(all) => {
                let mut texts = Vec::new();
                for expr in all {
                    texts.extend(expr.texts()?);
                }
                Some(texts)
            }
            // `if` gives its second or its third argument.
            Self::Call(function, arguments) if function.name == "if" => {
                let mut texts = Vec::new();
                for expr in arguments.iter().skip(1) {
                    texts.extend(expr.texts()?);
                }
                Some(texts)
            }
            Self::Call(function, _) => function.texts.map(<[&str]>::to_vec),
            Self::Number(_) | Self::Field(_) => None,
        }
    }
}

fn field<'r>(names: &'r [(String, Cell<usize>)], context: &Context<'r>) -> Value<'r> {
    for (name, hint) in names {
        let mut at = hint.get();
        let found = context.record.field(name, &mut at);
        hint.set(at);
        if let Some(text) = found.filter(|text| !text.is_empty() && *text != "-") {
            return Value::Text(text);
        }
    }
    Value::Null
}
