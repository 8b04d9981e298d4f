// SPDX-License-Identifier: Apache-2.0
//! The structs of osquery's extension interface, with the field numbers that its Thrift file gives them,
//! and how each is read and written. No sockets here.

use std::collections::BTreeMap;
use std::fmt;

use crate::wire::{Kind, Reader, Taken, Type, WireError, Writer};

/// One row as osquery sends it: column name to value, all text.
pub type Row = BTreeMap<String, String>;
/// The rows of an answer.
pub type Rows = Vec<Row>;
/// What one registry offers: plug-in name to its route rows (for a table, its columns).
pub type Routes = BTreeMap<String, Rows>;
/// All that an extension registers: registry name (`table`, `logger`, …) to its plug-ins.
pub type Registry = BTreeMap<String, Routes>;

/// Number that core gave to a registered extension, 1 to 65,535; its socket ends in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uuid(pub i64);

impl fmt::Display for Uuid {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// Outcome of a call. Code 0 is success; plug-ins use other codes for failures and, for some
/// actions, as a value (a logger answers its feature bits in it).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// 0 success, 1 failed, 2 fatal.
    pub code: i32,
    /// Text for a person.
    pub message: String,
    /// The extension's number where one was given, else 0.
    pub uuid: Uuid,
}

impl Status {
    /// Success.
    pub fn ok() -> Status {
        Status { code: 0, message: "OK".to_owned(), uuid: Uuid(0) }
    }

    /// Failure with a reason; core shows it as the query's error.
    pub fn failed(message: impl Into<String>) -> Status {
        Status { code: 1, message: message.into(), uuid: Uuid(0) }
    }

    /// Whether the code is 0.
    pub fn is_ok(&self) -> bool {
        self.code == 0
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Status, WireError> {
        let mut status = Status { code: 0, message: String::new(), uuid: Uuid(0) };
        reader.fields(|reader, id, ty| {
            match (id, ty) {
                (1, Type::I32) => status.code = reader.i32()?,
                (2, Type::Text) => status.message = reader.text()?,
                (3, Type::I64) => status.uuid = Uuid(reader.i64()?),
                _ => return Ok(Taken::No),
            }
            Ok(Taken::Yes)
        })?;
        Ok(status)
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.field(Type::I32, 1);
        writer.i32(self.code);
        writer.text_field(2, &self.message);
        writer.field(Type::I64, 3);
        writer.i64(self.uuid.0);
        writer.stop();
    }
}

/// Answer of a plug-in: a status and rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Outcome.
    pub status: Status,
    /// Rows; empty on failure.
    pub rows: Rows,
}

impl Response {
    /// Success with `rows`.
    pub fn ok(rows: Rows) -> Response {
        Response { status: Status::ok(), rows }
    }

    /// Failure with a reason.
    pub fn failed(message: impl Into<String>) -> Response {
        Response { status: Status::failed(message), rows: Rows::new() }
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Response, WireError> {
        let mut response = Response { status: Status::ok(), rows: Rows::new() };
        reader.fields(|reader, id, ty| {
            match (id, ty) {
                (1, Type::Struct) => response.status = Status::read(reader)?,
                (2, Type::List) => response.rows = read_rows(reader)?,
                _ => return Ok(Taken::No),
            }
            Ok(Taken::Yes)
        })?;
        Ok(response)
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.field(Type::Struct, 1);
        self.status.write(writer);
        writer.field(Type::List, 2);
        write_rows(writer, &self.rows);
        writer.stop();
    }
}

/// What an extension says of itself when it registers (`InternalExtensionInfo`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtensionInfo {
    /// Unique among the extensions of one core.
    pub name: String,
    /// The extension's own version.
    pub version: String,
    /// Version of osquery's SDK that it was built for; core refuses those below 1.7.7.
    pub sdk_version: String,
    /// Least SDK version; core never compares it.
    pub min_sdk_version: String,
}

impl ExtensionInfo {
    /// An extension that claims SDK 5.0.0, the interface that this crate implements.
    pub fn new(name: impl Into<String>, version: impl Into<String>) -> ExtensionInfo {
        ExtensionInfo {
            name: name.into(),
            version: version.into(),
            sdk_version: "5.0.0".to_owned(),
            min_sdk_version: "5.0.0".to_owned(),
        }
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<ExtensionInfo, WireError> {
        let mut texts = <[String; 4]>::default();
        read_text_fields(reader, &mut texts)?;
        let [name, version, sdk_version, min_sdk_version] = texts;
        Ok(ExtensionInfo { name, version, sdk_version, min_sdk_version })
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.text_field(1, &self.name);
        writer.text_field(2, &self.version);
        writer.text_field(3, &self.sdk_version);
        writer.text_field(4, &self.min_sdk_version);
        writer.stop();
    }
}

/// One flag of osquery (`InternalOptionInfo`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionInfo {
    /// Value in force.
    pub value: String,
    /// Value when nobody sets it.
    pub default_value: String,
    /// `bool`, `string`, `uint64`, `int32`, ….
    pub ty: String,
}

impl OptionInfo {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<OptionInfo, WireError> {
        let mut texts = <[String; 3]>::default();
        read_text_fields(reader, &mut texts)?;
        let [value, default_value, ty] = texts;
        Ok(OptionInfo { value, default_value, ty })
    }

    #[cfg(any(test, feature = "double"))]
    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.text_field(1, &self.value);
        writer.text_field(2, &self.default_value);
        writer.text_field(3, &self.ty);
        writer.stop();
    }
}

/// Reads a struct whose fields 1, 2, … are the texts of `texts`.
fn read_text_fields(reader: &mut Reader<'_>, texts: &mut [String]) -> Result<(), WireError> {
    reader.fields(|reader, id, ty| {
        let slot = usize::try_from(id)
            .ok()
            .and_then(|id| id.checked_sub(1))
            .and_then(|index| texts.get_mut(index));
        match (slot, ty) {
            (Some(slot), Type::Text) => {
                *slot = reader.text()?;
                Ok(Taken::Yes)
            }
            _ => Ok(Taken::No),
        }
    })
}

/// Why a peer could not answer a method at all (`TApplicationException`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationError {
    /// What went wrong.
    pub message: String,
    /// 1 unknown method, 6 internal error, 7 protocol error.
    pub code: i32,
}

impl ApplicationError {
    pub(crate) const UNKNOWN_METHOD: i32 = 1;

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<ApplicationError, WireError> {
        let mut error = ApplicationError { message: String::new(), code: 0 };
        reader.fields(|reader, id, ty| {
            match (id, ty) {
                (1, Type::Text) => error.message = reader.text()?,
                (2, Type::I32) => error.code = reader.i32()?,
                _ => return Ok(Taken::No),
            }
            Ok(Taken::Yes)
        })?;
        Ok(error)
    }

    /// The whole exception message that answers `method`.
    pub(crate) fn to_message(&self, method: &str, sequence: i32) -> Vec<u8> {
        let mut writer = Writer::message(method, Kind::Exception, sequence);
        writer.text_field(1, &self.message);
        writer.field(Type::I32, 2);
        writer.i32(self.code);
        writer.stop();
        writer.into_bytes()
    }
}

/// Arguments of `call`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct CallArguments {
    pub(crate) registry: String,
    pub(crate) item: String,
    pub(crate) request: Row,
}

impl CallArguments {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<CallArguments, WireError> {
        let mut call = CallArguments::default();
        reader.fields(|reader, id, ty| {
            match (id, ty) {
                (1, Type::Text) => call.registry = reader.text()?,
                (2, Type::Text) => call.item = reader.text()?,
                (3, Type::Map) => call.request = read_row(reader)?,
                _ => return Ok(Taken::No),
            }
            Ok(Taken::Yes)
        })?;
        Ok(call)
    }

    pub(crate) fn write(writer: &mut Writer, registry: &str, item: &str, request: &Row) {
        writer.text_field(1, registry);
        writer.text_field(2, item);
        writer.field(Type::Map, 3);
        write_row(writer, request);
        writer.stop();
    }
}

/// The whole reply message to `method`: result field 0 of type `ty`, written by `result`.
pub(crate) fn reply(
    method: &str,
    sequence: i32,
    ty: Type,
    result: impl FnOnce(&mut Writer),
) -> Vec<u8> {
    let mut writer = Writer::message(method, Kind::Reply, sequence);
    writer.field(ty, 0);
    result(&mut writer);
    writer.stop();
    writer.into_bytes()
}

/// The whole reply message to a method without a result.
pub(crate) fn reply_void(method: &str, sequence: i32) -> Vec<u8> {
    let mut writer = Writer::message(method, Kind::Reply, sequence);
    writer.stop();
    writer.into_bytes()
}

pub(crate) fn read_row(reader: &mut Reader<'_>) -> Result<Row, WireError> {
    let mut row = Row::new();
    reader.map(Type::Text, |reader, key| {
        let value = reader.text()?;
        row.insert(key, value);
        Ok(())
    })?;
    Ok(row)
}

pub(crate) fn read_rows(reader: &mut Reader<'_>) -> Result<Rows, WireError> {
    let mut rows = Rows::new();
    reader.list(Type::Map, |reader| {
        rows.push(read_row(reader)?);
        Ok(())
    })?;
    Ok(rows)
}

pub(crate) fn write_row(writer: &mut Writer, row: &Row) {
    writer.map(Type::Text, row.len());
    for (key, value) in row {
        writer.text(key);
        writer.text(value);
    }
}

pub(crate) fn write_rows(writer: &mut Writer, rows: &Rows) {
    writer.list(Type::Map, rows.len());
    for row in rows {
        write_row(writer, row);
    }
}

#[cfg(any(test, feature = "double"))]
pub(crate) fn read_registry(reader: &mut Reader<'_>) -> Result<Registry, WireError> {
    let mut registry = Registry::new();
    reader.map(Type::Map, |reader, name| {
        let mut routes = Routes::new();
        reader.map(Type::List, |reader, item| {
            routes.insert(item, read_rows(reader)?);
            Ok(())
        })?;
        registry.insert(name, routes);
        Ok(())
    })?;
    Ok(registry)
}

pub(crate) fn write_registry(writer: &mut Writer, registry: &Registry) {
    writer.map(Type::Map, registry.len());
    for (name, routes) in registry {
        writer.text(name);
        writer.map(Type::List, routes.len());
        for (item, rows) in routes {
            writer.text(item);
            write_rows(writer, rows);
        }
    }
}
