// SPDX-License-Identifier: Apache-2.0
//! One comparison of one column, compiled for the column's type and evaluated column-wise:
//! dictionary text once per distinct value, not once per row.

use crate::pattern;
use arrow_array::types::Int32Type;
use arrow_array::{
    Array, ArrayRef, DictionaryArray, FixedSizeBinaryArray, Float64Array, Int32Array, Int64Array,
    RecordBatch, StringArray, TimestampNanosecondArray,
};
use arrow_buffer::BooleanBuffer;
use evtables_schema::cells::uuid_value;
use evtables_schema::ids::parse_uuid;
use evtables_schema::{Storage, TableSpec, Virtual};
use std::collections::HashSet;
use std::sync::Arc;

/// A constant that a column is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Integer.
    Int(i64),
    /// Float.
    Real(f64),
    /// Text; for number columns it is read as a number.
    Text(String),
}

impl Value {
    fn number(&self) -> Option<Number> {
        match self {
            Self::Int(v) => Some(Number::Int(*v)),
            Self::Real(v) => Some(Number::Real(*v)),
            Self::Text(text) => {
                let text = text.trim();
                text.parse().map(Number::Int).or_else(|_| text.parse().map(Number::Real)).ok()
            }
        }
    }

    fn text(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            // SQLite compares a number with a text column as text.
            Self::Int(v) => Some(v.to_string()),
            Self::Real(_) => None,
        }
    }
}

#[derive(Clone, Copy)]
enum Number {
    Int(i64),
    Real(f64),
}

/// A comparison.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// Equal to one of the values (text: without ASCII case).
    In(Vec<Value>),
    /// Less.
    Lt(Value),
    /// Less or equal.
    Le(Value),
    /// Greater.
    Gt(Value),
    /// Greater or equal.
    Ge(Value),
    /// SQL LIKE.
    Like(String),
    /// SQL GLOB.
    Glob(String),
}

/// One comparison of one column.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// Position of the column in its table.
    pub column: usize,
    /// The comparison.
    pub test: Test,
}

/// Values that a column must equal one of.
#[derive(Debug, Clone, PartialEq)]
pub enum Values<'a> {
    /// Texts in ASCII lower case.
    Texts(Vec<&'a str>),
    /// Ids.
    Ids(Vec<u128>),
    /// Integers.
    Ints(&'a [i64]),
}

impl Values<'_> {
    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Texts(texts) => texts.len(),
            Self::Ids(ids) => ids.len(),
            Self::Ints(ints) => ints.len(),
        }
    }

    /// Whether no value is wanted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Which values of the dictionary seen last pass, per term.
#[derive(Debug, Default)]
pub struct Cache(Vec<Slot>);

pub(crate) type Slot = Option<(ArrayRef, Vec<bool>)>;

impl Cache {
    pub(crate) fn slot(&mut self, at: usize) -> &mut Slot {
        if self.0.len() <= at {
            self.0.resize_with(at + 1, || None);
        }
        // Just made long enough.
        self.0.get_mut(at).expect("the slot is there")
    }
}

/// A term made ready for its column's type.
#[derive(Debug, Clone)]
pub(crate) enum Compiled {
    /// Inclusive bounds.
    IntRange(i64, i64),
    /// Any of these integers, sorted.
    IntSet(Vec<i64>),
    /// Inclusive or exclusive bounds of floats are widened to inclusive ones.
    RealRange(f64, f64),
    /// Any of these texts, ASCII lower case.
    TextSet(HashSet<String>),
    Like(pattern::Like),
    Glob(String),
    /// Any of these ids.
    UuidSet(HashSet<u128>),
}

const NS: i64 = 1_000_000_000;

impl Compiled {
    /// `None` when the column cannot answer the term.
    pub(crate) fn new(table: &TableSpec, term: &Term) -> Option<Self> {
        match table.columns.get(term.column)?.storage {
            Storage::Dict => Self::text(&term.test),
            Storage::Uuid => Self::uuid(&term.test),
            Storage::Int32 | Storage::Int64 | Storage::Virtual(Virtual::TimeNs) => {
                Self::int(&term.test)
            }
            Storage::Float64 => Self::real(&term.test),
            Storage::Time => Self::seconds(&term.test),
            Storage::Virtual(
                Virtual::UtcText | Virtual::IsoText | Virtual::Const(_) | Virtual::Input,
            ) => None,
        }
    }

    fn text(test: &Test) -> Option<Self> {
        Some(match test {
            Test::In(values) => Self::TextSet(
                values
                    .iter()
                    .map(|value| value.text().map(|text| text.to_ascii_lowercase()))
                    .collect::<Option<_>>()?,
            ),
            Test::Like(pattern) => Self::Like(pattern::Like::new(pattern)),
            Test::Glob(pattern) => Self::Glob(pattern.clone()),
            _ => return None,
        })
    }

    fn uuid(test: &Test) -> Option<Self> {
        let Test::In(values) = test else { return None };
        // Text that is no UUID equals no id.
        let ids = values.iter().filter_map(|value| value.text().as_deref().and_then(parse_uuid));
        Some(Self::UuidSet(ids.collect()))
    }

    fn int(test: &Test) -> Option<Self> {
        let bound = |value: &Value, round: fn(f64) -> f64| match value.number()? {
            Number::Int(v) => Some(v),
            #[allow(clippy::cast_possible_truncation)] // saturates, which is what a bound wants
            Number::Real(v) if !v.is_nan() => Some(round(v) as i64),
            Number::Real(_) => None,
        };
        Some(match test {
            Test::In(values) => {
                let mut set = Vec::with_capacity(values.len());
                for value in values {
                    match value.number()? {
                        Number::Int(v) => set.push(v),
                        #[allow(clippy::cast_possible_truncation)]
                        Number::Real(v) if v.fract() == 0.0 && v.abs() < 9.0e15 => {
                            set.push(v as i64);
                        }
                        Number::Real(_) => {} // no integer equals it
                    }
                }
                set.sort_unstable();
                Self::IntSet(set)
            }
            // A real bound is widened: SQLite checks again.
            Test::Gt(value @ Value::Int(_)) => {
                Self::IntRange(bound(value, f64::floor)?.checked_add(1)?, i64::MAX)
            }
            Test::Gt(value) | Test::Ge(value) => {
                Self::IntRange(bound(value, f64::floor)?, i64::MAX)
            }
            Test::Lt(value @ Value::Int(_)) => {
                Self::IntRange(i64::MIN, bound(value, f64::ceil)?.checked_sub(1)?)
            }
            Test::Lt(value) | Test::Le(value) => Self::IntRange(i64::MIN, bound(value, f64::ceil)?),
            Test::Like(_) | Test::Glob(_) => return None,
        })
    }

    /// Over nanoseconds, though the comparison is in whole seconds.
    fn seconds(test: &Test) -> Option<Self> {
        Some(match Self::int(test)? {
            Self::IntRange(from, to) => Self::IntRange(
                from.saturating_mul(NS),
                if to == i64::MAX { to } else { to.saturating_mul(NS).saturating_add(NS - 1) },
            ),
            Self::IntSet(seconds) => match (seconds.first(), seconds.last()) {
                // Generous for several values: the span that holds them all.
                (Some(first), Some(last)) => Self::IntRange(
                    first.saturating_mul(NS),
                    last.saturating_mul(NS).saturating_add(NS - 1),
                ),
                _ => Self::IntSet(Vec::new()),
            },
            other => other,
        })
    }

    fn real(test: &Test) -> Option<Self> {
        let number = |value: &Value| match value.number()? {
            #[allow(clippy::cast_precision_loss)]
            // only widens or narrows by less than SQLite's own
            Number::Int(v) => Some(v as f64),
            Number::Real(v) => Some(v),
        };
        Some(match test {
            Test::Gt(v) | Test::Ge(v) => Self::RealRange(number(v)?, f64::INFINITY),
            Test::Lt(v) | Test::Le(v) => Self::RealRange(f64::NEG_INFINITY, number(v)?),
            _ => return None,
        })
    }

    /// Inclusive bounds of an integer term.
    pub(crate) fn int_bounds(&self) -> Option<(i64, i64)> {
        match self {
            Self::IntRange(from, to) => Some((*from, *to)),
            Self::IntSet(set) => Some((*set.first().unwrap_or(&1), *set.last().unwrap_or(&0))),
            _ => None,
        }
    }

    /// What the column must equal, if it must equal something.
    pub(crate) fn values(&self) -> Option<Values<'_>> {
        match self {
            Self::TextSet(set) => Some(Values::Texts(set.iter().map(String::as_str).collect())),
            Self::UuidSet(set) => Some(Values::Ids(set.iter().copied().collect())),
            Self::IntSet(set) => Some(Values::Ints(set)),
            _ => None,
        }
    }

    /// One bit per row.
    pub(crate) fn evaluate(
        &self,
        table: &TableSpec,
        column: usize,
        batch: &RecordBatch,
        slot: &mut Slot,
    ) -> BooleanBuffer {
        self.bits(table, column, batch, slot)
            .unwrap_or_else(|| BooleanBuffer::new_unset(batch.num_rows()))
    }

    fn bits(
        &self,
        table: &TableSpec,
        column: usize,
        batch: &RecordBatch,
        slot: &mut Slot,
    ) -> Option<BooleanBuffer> {
        let spec = table.columns.get(column)?;
        let name = match spec.storage {
            Storage::Virtual(_) => table.columns.get(table.time_column()?)?.name,
            _ => spec.name,
        };
        let array = batch.column_by_name(name)?;
        let any = array.as_any();
        let bits = match spec.storage {
            Storage::Dict => self.dict_bits(any.downcast_ref()?, slot)?,
            Storage::Uuid => {
                let array: &FixedSizeBinaryArray = any.downcast_ref()?;
                let Self::UuidSet(ids) = self else { return None };
                BooleanBuffer::collect_bool(array.len(), |row| {
                    uuid_value(array, row).is_some_and(|id| ids.contains(&id))
                })
            }
            Storage::Int32 => {
                let values = any.downcast_ref::<Int32Array>()?.values();
                BooleanBuffer::collect_bool(values.len(), |row| {
                    values.get(row).is_some_and(|v| self.has_int(i64::from(*v)))
                })
            }
            Storage::Int64 => self.int_bits(any.downcast_ref::<Int64Array>()?.values()),
            Storage::Time | Storage::Virtual(_) => {
                self.int_bits(any.downcast_ref::<TimestampNanosecondArray>()?.values())
            }
            Storage::Float64 => {
                let values = any.downcast_ref::<Float64Array>()?.values();
                let Self::RealRange(from, to) = self else { return None };
                BooleanBuffer::collect_bool(values.len(), |row| {
                    values.get(row).is_some_and(|v| (*from..=*to).contains(v))
                })
            }
        };
        Some(match array.nulls() {
            Some(nulls) if spec.storage != Storage::Dict => &bits & nulls.inner(),
            _ => bits,
        })
    }

    fn int_bits(&self, values: &[i64]) -> BooleanBuffer {
        BooleanBuffer::collect_bool(values.len(), |row| {
            values.get(row).is_some_and(|v| self.has_int(*v))
        })
    }

    fn has_int(&self, value: i64) -> bool {
        match self {
            Self::IntRange(from, to) => (*from..=*to).contains(&value),
            Self::IntSet(set) => set.binary_search(&value).is_ok(),
            _ => false,
        }
    }

    fn dict_bits(
        &self,
        array: &DictionaryArray<Int32Type>,
        slot: &mut Slot,
    ) -> Option<BooleanBuffer> {
        let same = |(values, _): &(ArrayRef, Vec<bool>)| Arc::ptr_eq(values, array.values());
        if !slot.as_ref().is_some_and(same) {
            let values: &StringArray = array.values().as_any().downcast_ref()?;
            let wanted = (0..values.len())
                .map(|at| values.is_valid(at) && self.has_text(values.value(at)))
                .collect();
            *slot = Some((array.values().clone(), wanted));
        }
        let wanted = &slot.as_ref()?.1;
        if !wanted.contains(&true) {
            return Some(BooleanBuffer::new_unset(array.len()));
        }
        let keys = array.keys().values();
        let bits = BooleanBuffer::collect_bool(keys.len(), |row| {
            let key = keys.get(row).and_then(|key| usize::try_from(*key).ok());
            key.and_then(|key| wanted.get(key).copied()).unwrap_or(false)
        });
        Some(match array.keys().nulls() {
            Some(nulls) => &bits & nulls.inner(),
            None => bits,
        })
    }

    fn has_text(&self, text: &str) -> bool {
        match self {
            Self::TextSet(set) => {
                set.contains(text) || set.contains(text.to_ascii_lowercase().as_str())
            }
            Self::Like(pattern) => pattern.matches(text),
            Self::Glob(pattern) => pattern::glob(pattern, text),
            _ => false,
        }
    }
}
