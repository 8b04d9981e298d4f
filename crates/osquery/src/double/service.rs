// SPDX-License-Identifier: Apache-2.0
//! The methods of core's socket, answered from the state of the double.

use std::path::PathBuf;
use std::sync::Arc;

use crate::double::{PING_TIMEOUT, Shared, State, Stopping, extension_client};
use crate::extension::TABLE_NAMES_SQL;
use crate::message::{
    ApplicationError, CallArguments, ExtensionInfo, OptionInfo, Registry, Response, Row, Status,
    Uuid, read_registry, reply,
};
use crate::server::{Answer, Service};
use crate::wire::{Head, Reader, Taken, Type, WireError, Writer};

/// Tables of core that tests are likely to meet.
const CORE_TABLES: [&str; 8] = [
    "file",
    "osquery_extensions",
    "osquery_info",
    "osquery_registry",
    "osquery_schedule",
    "processes",
    "time",
    "users",
];
/// Flags that extensions read, with core's defaults.
const FLAGS: [(&str, &str, &str); 6] = [
    ("config_plugin", "filesystem", "string"),
    ("disable_events", "false", "bool"),
    ("events_expiry", "3600", "uint64"),
    ("events_max", "50000", "uint64"),
    ("events_optimize", "true", "bool"),
    ("logger_plugin", "filesystem", "string"),
];

impl State {
    pub(crate) fn set_defaults(&mut self) {
        self.registrations.core_tables = CORE_TABLES.map(str::to_owned).into();
        self.flags = FLAGS
            .map(|(name, value, ty)| {
                let (value, ty) = (value.to_owned(), ty.to_owned());
                (name.to_owned(), OptionInfo { default_value: value.clone(), value, ty })
            })
            .into();
        self.config = "{}".to_owned();
    }
}

#[derive(Debug)]
pub(crate) struct ManagerService {
    pub(crate) shared: Arc<Shared>,
    /// Our own, from which the extensions' follow.
    pub(crate) socket: PathBuf,
}

impl Service for ManagerService {
    fn request<'a>(
        &'a self,
        head: &'a Head,
        arguments: &mut Reader<'_>,
        _stopping: &'a Stopping,
    ) -> Result<Answer<'a>, WireError> {
        match head.method.as_str() {
            "registerExtension" => {
                let (info, registry) = read_registration(arguments)?;
                Ok(Box::new(move || status(head, &self.register(info, registry)).into()))
            }
            "deregisterExtension" => {
                let uuid =
                    Uuid(read_argument(arguments, Type::I64, |reader| reader.i64())?.unwrap_or(0));
                Ok(Box::new(move || status(head, &self.deregister(uuid)).into()))
            }
            "call" => {
                let call = CallArguments::read(arguments)?;
                Ok(Box::new(move || response(head, &self.call(&call)).into()))
            }
            method @ ("query" | "getQueryColumns") => {
                let is_query = method == "query";
                let sql = read_argument(arguments, Type::Text, |reader| reader.text())?
                    .unwrap_or_default();
                Ok(Box::new(move || {
                    let answer = if is_query { self.query(&sql) } else { self.columns_of(&sql) };
                    response(head, &answer).into()
                }))
            }
            _ => {
                arguments.skip(Type::Struct)?;
                Ok(Box::new(move || self.plain(head).into()))
            }
        }
    }
}

impl ManagerService {
    /// Methods without arguments.
    fn plain(&self, head: &Head) -> Vec<u8> {
        match head.method.as_str() {
            "ping" => status(head, &Status { message: "pong".to_owned(), ..Status::ok() }),
            "extensions" => reply(&head.method, head.sequence, Type::Map, |writer| {
                self.write_extensions(writer)
            }),
            "options" => {
                reply(&head.method, head.sequence, Type::Map, |writer| self.write_options(writer))
            }
            method => {
                let message = format!("Invalid method name: '{method}'");
                ApplicationError { message, code: ApplicationError::UNKNOWN_METHOD }
                    .to_message(method, head.sequence)
            }
        }
    }

    fn register(&self, info: ExtensionInfo, registry: Registry) -> Status {
        let outcome = self.shared.state().registrations.register(info, registry);
        self.shared.changed();
        match outcome {
            Ok(uuid) => Status { uuid, ..Status::ok() },
            Err(message) => Status::failed(message),
        }
    }

    fn deregister(&self, uuid: Uuid) -> Status {
        let known = self.shared.state().registrations.drop_uuid(uuid);
        self.shared.changed();
        if known { Status::ok() } else { Status::failed("No extension UUID registered") }
    }

    fn query(&self, sql: &str) -> Response {
        let state = self.shared.state();
        if let Some(rows) = state.answers.get(sql) {
            return Response::ok(rows.clone());
        }
        if sql != TABLE_NAMES_SQL {
            return Response::failed(format!("the double has no answer to: {sql}"));
        }
        let mut names = state.registrations.table_names();
        names.extend(state.registrations.core_tables.iter().cloned());
        Response::ok(names.into_iter().map(|name| row(&[("name", &name)])).collect())
    }

    fn columns_of(&self, sql: &str) -> Response {
        match self.shared.state().answer_columns.get(sql) {
            Some(rows) => Response::ok(rows.clone()),
            None if sql == TABLE_NAMES_SQL => Response::ok(vec![row(&[("name", "TEXT")])]),
            None => Response::failed(format!("the double does not know the columns of: {sql}")),
        }
    }

    /// Core hands calls of an extension's plug-in on to it.
    fn forwarded(&self, call: &CallArguments) -> Option<Response> {
        let uuid = self.shared.state().registrations.owner(&call.registry, &call.item)?;
        let mut extension = extension_client(&self.socket, uuid, PING_TIMEOUT);
        let answer = extension.call(&call.registry, &call.item, &call.request);
        Some(
            answer.unwrap_or_else(|error| {
                Response::failed(format!("Extension call failed: {error}"))
            }),
        )
    }

    fn call(&self, call: &CallArguments) -> Response {
        if let Some(response) = self.forwarded(call) {
            return response;
        }
        let action = call.request.get("action").map(String::as_str).unwrap_or_default();
        if call.registry == "database" {
            self.shared.state().database_reads += 1;
        }
        match (call.registry.as_str(), action) {
            ("database", _) if self.shared.state().database_fails => {
                Response::failed("the database is down")
            }
            ("database", "get") => self.database_get(&call.request),
            ("database", "scan") => self.database_scan(&call.request),
            ("config", "genConfig") => {
                let config = self.shared.state().config.clone();
                Response::ok(vec![row(&[("/etc/osquery/osquery.conf", &config)])])
            }
            ("logger", _) if call.request.contains_key("event") => Response::failed("Not enabled"),
            ("logger", _) if self.shared.state().failing_loggers.contains(&call.item) => {
                Response::failed("the logger is down")
            }
            ("logger", _) => {
                self.shared.state().logged.push(call.request.clone());
                self.shared.changed();
                Response::ok(Vec::new())
            }
            (registry, _) => Response::failed(format!("Unknown registry requested: {registry}")),
        }
    }

    fn database_get(&self, request: &Row) -> Response {
        let part = |name: &str| request.get(name).cloned().unwrap_or_default();
        let state = self.shared.state();
        // A key that is not there reads as an empty value.
        let value = state.database.get(&(part("domain"), part("key"))).cloned().unwrap_or_default();
        Response::ok(vec![row(&[("v", &value)])])
    }

    fn database_scan(&self, request: &Row) -> Response {
        let part = |name: &str| request.get(name).map(String::as_str).unwrap_or_default();
        let max = part("max").parse::<usize>().ok().filter(|max| *max > 0).unwrap_or(usize::MAX);
        let state = self.shared.state();
        let keys = state
            .database
            .keys()
            .filter(|(domain, key)| domain == part("domain") && key.starts_with(part("prefix")));
        Response::ok(keys.take(max).map(|(_, key)| row(&[("k", key)])).collect())
    }

    fn write_extensions(&self, writer: &mut Writer) {
        let infos = self.shared.state().registrations.infos();
        writer.map_of(Type::I64, Type::Struct, infos.len());
        for (uuid, info) in &infos {
            writer.i64(uuid.0);
            info.write(writer);
        }
    }

    fn write_options(&self, writer: &mut Writer) {
        let state = self.shared.state();
        writer.map(Type::Struct, state.flags.len());
        for (name, flag) in &state.flags {
            writer.text(name);
            flag.write(writer);
        }
    }
}

fn status(head: &Head, status: &Status) -> Vec<u8> {
    reply(&head.method, head.sequence, Type::Struct, |writer| status.write(writer))
}

fn response(head: &Head, response: &Response) -> Vec<u8> {
    reply(&head.method, head.sequence, Type::Struct, |writer| response.write(writer))
}

fn row(entries: &[(&str, &str)]) -> Row {
    entries.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// Reads arguments that are a single field 1.
fn read_argument<T>(
    reader: &mut Reader<'_>,
    wanted: Type,
    read: impl Fn(&mut Reader<'_>) -> Result<T, WireError>,
) -> Result<Option<T>, WireError> {
    let mut value = None;
    reader.fields(|reader, id, ty| {
        if (id, ty) != (1, wanted) {
            return Ok(Taken::No);
        }
        value = Some(read(reader)?);
        Ok(Taken::Yes)
    })?;
    Ok(value)
}

pub(crate) fn read_registration(
    reader: &mut Reader<'_>,
) -> Result<(ExtensionInfo, Registry), WireError> {
    let mut info = ExtensionInfo::new("", "");
    let mut registry = Registry::new();
    reader.fields(|reader, id, ty| {
        match (id, ty) {
            (1, Type::Struct) => info = ExtensionInfo::read(reader)?,
            (2, Type::Map) => registry = read_registry(reader)?,
            _ => return Ok(Taken::No),
        }
        Ok(Taken::Yes)
    })?;
    Ok((info, registry))
}
