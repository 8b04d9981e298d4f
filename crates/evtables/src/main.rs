// SPDX-License-Identifier: Apache-2.0
//! The binary `evtables`: commands, wiring, and the osquery extension process.

#![warn(clippy::print_stdout, clippy::print_stderr)] // both panic when nobody reads: `out` does not

mod answer;
mod answer_words;
mod args;
mod catalogue;
mod config;
mod core_events;
mod doctor;
mod event_store;
mod executing;
mod explain;
mod extension;
#[cfg(test)]
mod filter_tests;
mod install;
mod kept;
mod log;
mod memory;
mod newest;
mod osquery_table;
mod out;
mod pack;
mod pack_literals;
#[cfg(test)]
mod pack_run_tests;
mod publishers;
mod push;
mod push_items;
mod query;
#[cfg_attr(not(all(windows, feature = "os-publishers")), path = "record_elsewhere.rs")]
mod record;
mod replay;
mod run;
mod schedule;
mod second_logger;
mod selftest;
#[cfg_attr(not(windows), path = "service_elsewhere.rs")]
mod service;
mod service_watch;
mod serving;
mod settings;
mod stream;
mod system;
mod system_state;
#[cfg(test)]
mod testing;
mod trial;
mod watched_config;

use args::{Args, Command, FilterCommand, PackCommand, ServiceCommand};
use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = Args::parse();
    if !matches!(args.command, Some(Command::Service(ServiceCommand::Run(_)))) {
        log::to_stderr(args.verbose);
    }
    let done = match (args.socket, args.command) {
        (Some(socket), _) => extension::run(&args.extension, &socket),
        (None, Some(Command::Run(run))) => run::run(&run),
        (None, Some(Command::Service(command))) => service::service(&command, args.verbose),
        (None, Some(Command::Record(command))) => record::record(&command),
        (None, Some(Command::Replay(command))) => replay::replay(&command),
        (None, Some(Command::Pack(PackCommand::Check(command)))) => pack::check(&command),
        (None, Some(Command::Query(command))) => query::query(&command),
        (None, Some(Command::Shell(command))) => query::shell(&command),
        (None, Some(Command::Tables(command))) => catalogue::tables(&command),
        (None, Some(Command::Explain(command))) => explain::explain(&command),
        (None, Some(Command::Filter(FilterCommand::Test(command)))) => trial::test(&command),
        (None, Some(Command::Doctor(command))) => doctor::doctor(&command),
        (None, Some(Command::Selftest(command))) => selftest::selftest(&command),
        (None, Some(Command::Store(command))) => event_store::store(&command),
        (None, Some(Command::Install(command))) => install::install(&command),
        (None, Some(Command::Uninstall(command))) => install::uninstall(&command),
        (None, Some(Command::Verify(command))) => install::verify(&command),
        (None, None) => Err("nothing to do: see `evtables --help`".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            out::failure(message);
            ExitCode::FAILURE
        }
    }
}
