// SPDX-License-Identifier: Apache-2.0
//! Payloads taken apart.

pub mod classes;
