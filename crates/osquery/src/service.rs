// SPDX-License-Identifier: Apache-2.0
//! The methods that an extension answers: ping, call, shutdown. Tables are asked here; connections are
//! the business of `server`, registration that of `extension`.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::change::{self, Action};
use crate::counters::Counters;
use crate::message::{
    ApplicationError, CallArguments, Registry, Response, Row, Status, reply, reply_void,
};
use crate::query::{ContextReader, Query};
use crate::rows::{ColumnKeys, RowsWriter};
use crate::server::{Answer, Reply, ServerLimits, Service};
use crate::table::{Plugin, Table, route_rows};
use crate::wire::{Head, Reader, Type, WireError};

#[cfg(test)]
mod tests;

/// Registry of tables.
pub(crate) const TABLES: &str = "table";

/// A table with all that is needed to answer for it.
pub(crate) struct TableItem {
    table: Arc<dyn Table>,
    contexts: ContextReader,
    columns: Arc<ColumnKeys>,
}

impl TableItem {
    pub(crate) fn new(table: Arc<dyn Table>) -> TableItem {
        let contexts = ContextReader::new(table.columns());
        let columns = Arc::new(ColumnKeys::new(table.columns()));
        TableItem { table, contexts, columns }
    }
}

/// Tables by the name under which they are served, and other plug-ins by registry and name.
#[derive(Default)]
pub(crate) struct Items {
    pub(crate) tables: BTreeMap<String, Arc<TableItem>>,
    pub(crate) plugins: Vec<Arc<dyn Plugin>>,
}

impl Items {
    /// What is told to core at registration.
    pub(crate) fn registry(&self) -> Registry {
        let mut registry = Registry::new();
        for plugin in &self.plugins {
            let routes = registry.entry(plugin.registry().to_owned()).or_default();
            routes.insert(plugin.name().to_owned(), plugin.routes());
        }
        let tables =
            self.tables.iter().map(|(name, item)| (name.clone(), route_rows(&*item.table)));
        registry.entry(TABLES.to_owned()).or_default().extend(tables);
        registry
    }

    fn plugin(&self, registry: &str, name: &str) -> Option<&dyn Plugin> {
        self.plugins
            .iter()
            .map(|plugin| &**plugin)
            .find(|plugin| plugin.registry() == registry && plugin.name() == name)
    }
}

/// Answers core for one registration of an extension.
pub(crate) struct ExtensionService {
    pub(crate) items: Items,
    pub(crate) limits: ServerLimits,
    pub(crate) counters: Arc<Counters>,
    /// Calls in progress.
    pub(crate) running: AtomicUsize,
    pub(crate) on_shutdown: Arc<dyn Fn() + Send + Sync>,
}

impl Service for ExtensionService {
    fn request<'a>(
        &'a self,
        head: &'a Head,
        arguments: &mut Reader<'_>,
        stopping: &'a Arc<AtomicBool>,
    ) -> Result<Answer<'a>, WireError> {
        if head.method == "call" {
            let call = CallArguments::read(arguments)?;
            return Ok(Box::new(move || self.call(head, &call, stopping)));
        }
        arguments.skip(Type::Struct)?;
        let sequence = head.sequence;
        Ok(match head.method.as_str() {
            "ping" => Box::new(move || {
                self.counters.pings.add(1);
                reply("ping", sequence, Type::Struct, |writer| Status::ok().write(writer)).into()
            }),
            "shutdown" => Box::new(move || {
                (self.on_shutdown)();
                reply_void("shutdown", sequence).into()
            }),
            method => Box::new(move || {
                let message = format!("unknown method {method}");
                ApplicationError { message, code: ApplicationError::UNKNOWN_METHOD }
                    .to_message(method, sequence)
                    .into()
            }),
        })
    }
}

impl ExtensionService {
    fn call(&self, head: &Head, call: &CallArguments, stopping: &Arc<AtomicBool>) -> Reply {
        self.counters.calls.add(1);
        let Some(_running) = Running::enter(&self.running, self.limits.calls_max) else {
            self.counters.busy.add(1);
            return self.response(head, &Response::failed("too many calls at once"));
        };
        let answered = catch_unwind(AssertUnwindSafe(|| self.dispatch(head, call, stopping)));
        answered.unwrap_or_else(|_| {
            self.counters.panicked.add(1);
            let message = format!("{} {} failed: it panicked", call.registry, call.item);
            self.response(head, &Response::failed(message))
        })
    }

    fn dispatch(&self, head: &Head, call: &CallArguments, stopping: &Arc<AtomicBool>) -> Reply {
        if call.registry == TABLES {
            let Some(item) = self.items.tables.get(&call.item) else {
                return self
                    .response(head, &Response::failed(format!("unknown table: {}", call.item)));
            };
            return match call.request.get("action").map(String::as_str) {
                Some("generate") => self.generate(head, item, &call.request, stopping),
                Some("columns") => self.response(head, &Response::ok(route_rows(&*item.table))),
                other => {
                    let action = other.unwrap_or_default();
                    let response = match Action::from_name(action) {
                        Some(action) => self.change(item, action, &call.request),
                        None => Response::failed(format!("table action not supported: {action}")),
                    };
                    self.response(head, &response)
                }
            };
        }
        match self.items.plugin(&call.registry, &call.item) {
            Some(plugin) => {
                let response = plugin.call(&call.request);
                // A logger answers its feature bits as the code; 1 is one of them.
                let is_bits = call.request.get("action").is_some_and(|action| action == "features");
                if response.status.code == 1 && !is_bits {
                    self.counters.failed.add(1);
                }
                reply_with(head, &response)
            }
            None => {
                let message = format!("unknown plug-in: {} {}", call.registry, call.item);
                self.response(head, &Response::failed(message))
            }
        }
    }

    fn generate(
        &self,
        head: &Head,
        item: &TableItem,
        request: &Row,
        stopping: &Arc<AtomicBool>,
    ) -> Reply {
        let query = match request.get("context").map(|json| item.contexts.read(json)) {
            Some(Ok(query)) => query,
            Some(Err(error)) => return self.response(head, &Response::failed(error.to_string())),
            None => Query::all(),
        };
        let columns = Arc::clone(&item.columns);
        let mut rows =
            RowsWriter::reply(columns, &head.method, head.sequence, self.limits.reply_bytes_max);
        let outcome = item.table.generate(&query.cancelled_by(Arc::clone(stopping)), &mut rows);
        if rows.is_full() {
            self.counters.over_full.add(1);
            let message = format!(
                "the answer is over {} bytes; ask for fewer rows",
                self.limits.reply_bytes_max
            );
            return self.response(head, &Response::failed(message));
        }
        if let Err(error) = outcome {
            return self.response(head, &Response::failed(error.message));
        }
        self.counters.rows.add(rows.rows());
        self.counters.narrowed.add(usize::try_from(rows.narrowed()).unwrap_or(usize::MAX));
        let (bytes, sent) = rows.finish();
        self.counters.reply_bytes.add(bytes.len());
        Reply { bytes, sent }
    }

    fn change(&self, item: &TableItem, action: Action, request: &Row) -> Response {
        let response = change::answer(&*item.table, action, request);
        if change::is_success(&response) {
            self.counters.changes.add(1);
        } else {
            self.counters.failed.add(1);
        }
        response
    }

    fn response(&self, head: &Head, response: &Response) -> Reply {
        if response.status.code == 1 {
            self.counters.failed.add(1);
        }
        reply_with(head, response)
    }
}

fn reply_with(head: &Head, response: &Response) -> Reply {
    reply(&head.method, head.sequence, Type::Struct, |writer| response.write(writer)).into()
}

/// A call in progress.
struct Running<'a>(&'a AtomicUsize);

impl<'a> Running<'a> {
    fn enter(count: &'a AtomicUsize, max: usize) -> Option<Running<'a>> {
        let entered = Running(count);
        // The guard takes its 1 back when there are too many.
        if count.fetch_add(1, Ordering::Relaxed) < max { Some(entered) } else { None }
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
