// SPDX-License-Identifier: Apache-2.0
//! Registry values as text and numbers, and the places that several tables look at.

use crate::bytes::{u32_at, u64_at, utf16};
use crate::sources::{Accounts, Hive, Key, Registry, Value, View};

const REG_SZ: u32 = 1;
const REG_EXPAND_SZ: u32 = 2;
const REG_DWORD: u32 = 4;
const REG_QWORD: u32 = 11;

impl Key {
    /// Of the machine, as 64-bit programs see it.
    pub(crate) fn machine(path: &str) -> Self {
        Self { hive: Hive::LocalMachine, view: View::Native, path: path.to_owned() }
    }

    /// The same key in the view of 32-bit programs.
    pub(crate) fn thirty_two(mut self) -> Self {
        self.view = View::ThirtyTwo;
        self
    }

    /// Of a user.
    pub(crate) fn user(sid: &str, path: &str) -> Self {
        Self { hive: Hive::Users, view: View::Native, path: format!("{sid}\\{path}") }
    }

    /// A key below.
    pub(crate) fn below(&self, name: &str) -> Self {
        Self { path: format!("{}\\{name}", self.path), ..self.clone() }
    }

    /// As people write it.
    pub(crate) fn shown(&self) -> String {
        let hive = match self.hive {
            Hive::LocalMachine => "HKEY_LOCAL_MACHINE",
            Hive::Users => "HKEY_USERS",
        };
        match (self.view, self.path.split_once('\\')) {
            (View::ThirtyTwo, Some((first, rest))) => {
                format!("{hive}\\{first}\\WOW6432Node\\{rest}")
            }
            _ => format!("{hive}\\{}", self.path),
        }
    }
}

impl Value {
    /// Text, and numbers as text; `None` for other kinds.
    pub(crate) fn text(&self) -> Option<String> {
        match self.kind {
            REG_SZ | REG_EXPAND_SZ => Some(utf16(&self.data)),
            _ => self.number().map(|number| number.to_string()),
        }
    }

    pub(crate) fn number(&self) -> Option<u64> {
        match self.kind {
            REG_DWORD => u32_at(&self.data, 0).map(u64::from),
            REG_QWORD => u64_at(&self.data, 0),
            _ => None,
        }
    }
}

/// Values of one key by name.
pub(crate) struct Values(Vec<Value>);

impl Values {
    pub(crate) fn of(registry: &dyn Registry, key: &Key) -> Self {
        Self(registry.values(key))
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|value| value.name.eq_ignore_ascii_case(name))
    }

    /// Text that is not empty.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.get(name)?.text().filter(|text| !text.is_empty())
    }

    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.get(name)?.number()
    }

    pub(crate) fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.get(name).map(|value| value.data.as_slice())
    }
}

/// A user whose registry is loaded.
pub(crate) struct User {
    pub(crate) sid: String,
    pub(crate) account: String,
}

/// Users whose registry is loaded; the default one is nobody.
pub(crate) fn users(registry: &dyn Registry, accounts: &dyn Accounts) -> Vec<User> {
    let root = Key { hive: Hive::Users, view: View::Native, path: String::new() };
    let sids = registry.subkeys(&root).into_iter();
    sids.filter(|sid| sid.starts_with("S-1-5-") && !sid.ends_with("_Classes"))
        .map(|sid| User { account: accounts.account(&sid).unwrap_or_else(|| sid.clone()), sid })
        .collect()
}

/// Text with `%NAME%` replaced where the environment has it.
pub(crate) fn expand(text: &str, environment: &dyn Fn(&str) -> Option<String>) -> String {
    let mut expanded = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        expanded.push_str(before);
        let known = after.split_once('%').and_then(|(name, after)| {
            Some((environment(name).filter(|_| !name.is_empty())?, after))
        });
        match known {
            Some((value, after)) => {
                expanded.push_str(&value);
                rest = after;
            }
            None => {
                expanded.push('%');
                rest = after;
            }
        }
    }
    expanded.push_str(rest);
    expanded
}

/// A variable of this process.
pub(crate) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
