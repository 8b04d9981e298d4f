// SPDX-License-Identifier: Apache-2.0
//! Client of core's socket: asks osquery for its flags, its extensions, SQL results and any registry
//! plug-in, and registers extensions. One connection, reused; a new one after any error.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::message::{
    ApplicationError, CallArguments, ExtensionInfo, OptionInfo, Registry, Response, Row, Rows,
    Status, Uuid, write_registry,
};
use crate::transport::{Connection, Stream, connect};
use crate::wire::{Kind, Limits, Reader, Taken, Type, WireError, Writer};

#[cfg(test)]
mod tests;

/// Why core could not be asked, or what it refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ManagerError {
    /// Nobody listens at the socket.
    #[error("failed to connect to {path}: {source}")]
    Connect {
        /// The socket.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The answer did not come or could not be read.
    #[error("failed to call {method}: {source}")]
    Wire {
        /// The method.
        method: &'static str,
        /// What went wrong.
        source: WireError,
    },
    /// Core does not know the method, or failed inside.
    #[error("failed to call {method}: {}", .error.message)]
    Application {
        /// The method.
        method: &'static str,
        /// What core said.
        error: ApplicationError,
    },
    /// The answer belongs to another request, or has no result.
    #[error("failed to call {method}: the answer is not for it")]
    Mismatch {
        /// The method.
        method: &'static str,
    },
    /// Core answered with a status that is not 0: SQL that is wrong, a registration refused.
    #[error("{}", .0.message)]
    Refused(Status),
    /// Stopped by an [`Interrupt`].
    #[error("interrupted")]
    Interrupted,
}

impl ManagerError {
    /// Whether core said no, as opposed to not being there.
    pub fn is_refusal(&self) -> bool {
        matches!(self, ManagerError::Refused(_))
    }
}

/// Timeouts and bounds of a [`Manager`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ManagerOptions {
    /// For connecting when core's queue is full.
    pub connect_timeout: Duration,
    /// From the request to the last byte of the answer.
    pub reply_timeout: Duration,
    /// Bounds of an answer.
    pub reply: Limits,
}

impl ManagerOptions {
    /// 1 s to connect, 10 s for an answer.
    pub const CORE: ManagerOptions = ManagerOptions {
        connect_timeout: Duration::from_secs(1),
        reply_timeout: Duration::from_secs(10),
        reply: Limits::REPLY,
    };
}

/// A connection to core, made at the first request.
#[derive(Debug)]
pub struct Manager {
    path: PathBuf,
    options: ManagerOptions,
    connection: Option<Connection>,
    interrupt: Interrupt,
}

/// Stops a [`Manager`] from another thread, also in the middle of a request.
#[derive(Debug, Clone, Default)]
pub struct Interrupt {
    state: Arc<Mutex<InterruptState>>,
}

#[derive(Debug, Default)]
struct InterruptState {
    stopped: bool,
    stream: Option<Arc<Stream>>,
}

impl Interrupt {
    /// The request under way fails, and so does every later one.
    pub fn interrupt(&self) {
        let mut state = self.state();
        state.stopped = true;
        if let Some(stream) = state.stream.take() {
            stream.close();
        }
    }

    fn state(&self) -> MutexGuard<'_, InterruptState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a request may be sent a second time when a reused connection turns out to be dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Again {
    /// It changes nothing.
    Allowed,
    /// It might be done twice.
    Forbidden,
}

impl Manager {
    /// A client of the socket at `path`; connects at the first request.
    pub fn new(path: &Path, options: ManagerOptions) -> Manager {
        Manager {
            path: path.to_owned(),
            options,
            connection: None,
            interrupt: Interrupt::default(),
        }
    }

    /// A handle that stops this client from another thread.
    pub fn interrupt_handle(&self) -> Interrupt {
        self.interrupt.clone()
    }

    /// Whether core answers.
    ///
    /// # Errors
    /// Any [`ManagerError`].
    pub fn ping(&mut self) -> Result<Status, ManagerError> {
        self.ask("ping", Again::Allowed, Writer::stop, Type::Struct, Status::read)
    }

    /// The extensions that core knows, itself (0) included where it says so.
    ///
    /// # Errors
    /// Any [`ManagerError`].
    pub fn extensions(&mut self) -> Result<BTreeMap<Uuid, ExtensionInfo>, ManagerError> {
        self.ask("extensions", Again::Allowed, Writer::stop, Type::Map, read_extensions)
    }

    /// All flags of osquery by name, `custom_` ones included.
    ///
    /// # Errors
    /// Any [`ManagerError`].
    pub fn options(&mut self) -> Result<BTreeMap<String, OptionInfo>, ManagerError> {
        self.ask("options", Again::Allowed, Writer::stop, Type::Map, read_options)
    }

    /// Registers an extension; core may call its socket from this moment.
    ///
    /// # Errors
    /// [`ManagerError::Refused`] with core's reason: all or nothing is registered.
    pub fn register(
        &mut self,
        info: &ExtensionInfo,
        registry: &Registry,
    ) -> Result<Uuid, ManagerError> {
        let arguments = |writer: &mut Writer| {
            writer.field(Type::Struct, 1);
            info.write(writer);
            writer.field(Type::Map, 2);
            write_registry(writer, registry);
            writer.stop();
        };
        let status =
            self.ask("registerExtension", Again::Forbidden, arguments, Type::Struct, Status::read)?;
        if status.is_ok() { Ok(status.uuid) } else { Err(ManagerError::Refused(status)) }
    }

    /// Takes an extension and its tables off.
    ///
    /// # Errors
    /// [`ManagerError::Refused`] when core does not know the number.
    pub fn deregister(&mut self, uuid: Uuid) -> Result<(), ManagerError> {
        let arguments = |writer: &mut Writer| {
            writer.field(Type::I64, 1);
            writer.i64(uuid.0);
            writer.stop();
        };
        let status =
            self.ask("deregisterExtension", Again::Allowed, arguments, Type::Struct, Status::read)?;
        if status.is_ok() { Ok(()) } else { Err(ManagerError::Refused(status)) }
    }

    /// Runs SQL in core; NULL comes as "".
    ///
    /// # Errors
    /// [`ManagerError::Refused`] with SQLite's message.
    pub fn query(&mut self, sql: &str) -> Result<Rows, ManagerError> {
        self.sql("query", sql)
    }

    /// Names and types of the columns that the SQL would give, in order.
    ///
    /// # Errors
    /// [`ManagerError::Refused`] with SQLite's message.
    pub fn query_columns(&mut self, sql: &str) -> Result<Vec<(String, String)>, ManagerError> {
        Ok(self.sql("getQueryColumns", sql)?.into_iter().flatten().collect())
    }

    /// Calls any plug-in of core; item "" is the active one. The status is left to the caller: some
    /// actions answer a value in its code.
    ///
    /// # Errors
    /// Any [`ManagerError`] but `Refused`.
    pub fn call(
        &mut self,
        registry: &str,
        item: &str,
        request: &Row,
    ) -> Result<Response, ManagerError> {
        let arguments = |writer: &mut Writer| CallArguments::write(writer, registry, item, request);
        self.ask("call", Again::Forbidden, arguments, Type::Struct, Response::read)
    }

    /// Appends a line to the results log, by whatever logger the site configured; the TLS one takes
    /// JSON only, and drops other lines without a word.
    ///
    /// # Errors
    /// [`ManagerError::Refused`] when the logger could not take it.
    pub fn log_string(&mut self, line: &str) -> Result<(), ManagerError> {
        let request = Row::from([("string".to_owned(), line.to_owned())]);
        let status = self.call("logger", "", &request)?.status;
        if status.is_ok() { Ok(()) } else { Err(ManagerError::Refused(status)) }
    }

    /// Asks an extension to stop; only extensions answer this.
    ///
    /// # Errors
    /// Any [`ManagerError`].
    pub fn shutdown(&mut self) -> Result<(), ManagerError> {
        let call = Writer::message("shutdown", Kind::Call, 0);
        self.exchange("shutdown", Again::Forbidden, with_arguments(call, Writer::stop), |reader| {
            reader.skip(Type::Struct).map(Some)
        })
    }

    fn sql(&mut self, method: &'static str, sql: &str) -> Result<Rows, ManagerError> {
        let arguments = |writer: &mut Writer| {
            writer.text_field(1, sql);
            writer.stop();
        };
        let response = self.ask(method, Again::Allowed, arguments, Type::Struct, Response::read)?;
        if response.status.is_ok() {
            Ok(response.rows)
        } else {
            Err(ManagerError::Refused(response.status))
        }
    }

    /// Sends a request and reads its result, which is field 0 of type `ty`.
    fn ask<T>(
        &mut self,
        method: &'static str,
        again: Again,
        arguments: impl FnOnce(&mut Writer),
        ty: Type,
        mut result: impl FnMut(&mut Reader<'_>) -> Result<T, WireError>,
    ) -> Result<T, ManagerError> {
        let request = with_arguments(Writer::message(method, Kind::Call, 0), arguments);
        self.exchange(method, again, request, |reader| read_result(reader, ty, &mut result))
    }

    fn exchange<T>(
        &mut self,
        method: &'static str,
        again: Again,
        request: Vec<u8>,
        mut result: impl FnMut(&mut Reader<'_>) -> Result<Option<T>, WireError>,
    ) -> Result<T, ManagerError> {
        let reused = self.connection.is_some();
        let outcome = self.exchange_once(method, &request, &mut result);
        let dead = matches!(
            &outcome,
            Err(ManagerError::Wire { source: WireError::Closed | WireError::Io(_), .. })
        );
        if dead && reused && again == Again::Allowed {
            return self.exchange_once(method, &request, &mut result);
        }
        outcome
    }

    fn exchange_once<T>(
        &mut self,
        method: &'static str,
        request: &[u8],
        result: &mut impl FnMut(&mut Reader<'_>) -> Result<Option<T>, WireError>,
    ) -> Result<T, ManagerError> {
        let mut connection = match self.connection.take().filter(Connection::is_quiet) {
            Some(connection) => connection,
            None => self.connect()?,
        };
        let outcome = exchange_over(&mut connection, &self.options, method, request, result);
        match outcome {
            // Only a connection whose answer was read to its end can be used again.
            Ok(_) | Err(ManagerError::Application { .. }) => self.connection = Some(connection),
            Err(_) if self.interrupt.state().stopped => return Err(ManagerError::Interrupted),
            Err(_) => self.interrupt.state().stream = None,
        }
        outcome
    }

    fn connect(&self) -> Result<Connection, ManagerError> {
        if self.interrupt.state().stopped {
            return Err(ManagerError::Interrupted);
        }
        let stream = connect(&self.path, self.options.connect_timeout)
            .map_err(|source| ManagerError::Connect { path: self.path.clone(), source })?;
        let stream = Arc::new(stream);
        let mut state = self.interrupt.state();
        if state.stopped {
            return Err(ManagerError::Interrupted);
        }
        state.stream = Some(Arc::clone(&stream));
        Ok(Connection::new(stream))
    }
}

fn exchange_over<T>(
    connection: &mut Connection,
    options: &ManagerOptions,
    method: &'static str,
    request: &[u8],
    result: &mut impl FnMut(&mut Reader<'_>) -> Result<Option<T>, WireError>,
) -> Result<T, ManagerError> {
    let sent = connection.send(request, options.reply_timeout, options.reply_timeout);
    sent.map_err(|error| ManagerError::Wire { method, source: error.into() })?;
    connection.read_until(Some(Instant::now() + options.reply_timeout));
    read_answer(&mut Reader::new(connection, options.reply), method, result)
}

/// Reads the answer to `method`, whose sequence number is 0.
pub(crate) fn read_answer<T>(
    reader: &mut Reader<'_>,
    method: &'static str,
    result: &mut impl FnMut(&mut Reader<'_>) -> Result<Option<T>, WireError>,
) -> Result<T, ManagerError> {
    let failed = |source| ManagerError::Wire { method, source };
    let head = reader.head().map_err(failed)?;
    if head.method != method || head.sequence != 0 {
        return Err(ManagerError::Mismatch { method });
    }
    match head.kind {
        Kind::Reply => {
            let value = result(reader).map_err(failed)?;
            value.ok_or(ManagerError::Mismatch { method })
        }
        Kind::Exception => {
            let error = ApplicationError::read(reader).map_err(failed)?;
            Err(ManagerError::Application { method, error })
        }
        Kind::Call | Kind::Oneway => Err(ManagerError::Mismatch { method }),
    }
}

fn with_arguments(mut writer: Writer, arguments: impl FnOnce(&mut Writer)) -> Vec<u8> {
    arguments(&mut writer);
    writer.into_bytes()
}

/// Reads the result of a method: field 0 of type `ty`, if it is there.
pub(crate) fn read_result<T>(
    reader: &mut Reader<'_>,
    ty: Type,
    result: &mut impl FnMut(&mut Reader<'_>) -> Result<T, WireError>,
) -> Result<Option<T>, WireError> {
    let mut value = None;
    reader.fields(|reader, id, found| {
        if (id, found) != (0, ty) {
            return Ok(Taken::No);
        }
        value = Some(result(reader)?);
        Ok(Taken::Yes)
    })?;
    Ok(value)
}

pub(crate) fn read_options(
    reader: &mut Reader<'_>,
) -> Result<BTreeMap<String, OptionInfo>, WireError> {
    let mut options = BTreeMap::new();
    reader.map(Type::Struct, |reader, name| {
        options.insert(name, OptionInfo::read(reader)?);
        Ok(())
    })?;
    Ok(options)
}

/// The only map of the interface whose keys are numbers.
pub(crate) fn read_extensions(
    reader: &mut Reader<'_>,
) -> Result<BTreeMap<Uuid, ExtensionInfo>, WireError> {
    let mut extensions = BTreeMap::new();
    reader.number_map(Type::Struct, |reader, uuid| {
        extensions.insert(Uuid(uuid), ExtensionInfo::read(reader)?);
        Ok(())
    })?;
    Ok(extensions)
}
