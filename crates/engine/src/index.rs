// SPDX-License-Identifier: Apache-2.0
//! stub
/// A transient hash index over the rows of one scan, by one column.
#[derive(Debug)]
pub struct HashIndex;
