// SPDX-License-Identifier: Apache-2.0
//! The command line.

use crate::system;
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const PARTS: &str = if cfg!(feature = "os-publishers") {
    concat!(env!("CARGO_PKG_VERSION"), " (with the publishers of this operating system)")
} else {
    concat!(env!("CARGO_PKG_VERSION"), " (without publishers: reads and serves stored events only)")
};

/// Event engine for osquery: what happened on this machine, as SQL tables.
#[derive(Debug, Parser)]
#[command(name = "evtables", version = PARTS, args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    /// Path of osquery's extension socket; given by osquery, means extension mode.
    #[arg(long)]
    pub(crate) socket: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) extension: ExtensionArgs,

    /// Log more.
    #[arg(long, global = true)]
    pub(crate) verbose: bool,

    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// What osquery passes to the extensions that it starts.
#[derive(Debug, ClapArgs)]
pub(crate) struct ExtensionArgs {
    /// Seconds to wait for osquery at start.
    #[arg(long, default_value_t = 3, hide = true)]
    pub(crate) timeout: u64,

    /// Seconds between looks whether osquery still knows us.
    #[arg(long, default_value_t = 3, hide = true)]
    pub(crate) interval: u64,

    /// Data dir of the extension.
    #[arg(long, hide = true, id = "extension_data_dir", value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,

    /// Serve a data dir that `evtables replay` filled, and collect nothing.
    #[arg(long, value_name = "DIR", requires = "socket")]
    pub(crate) replay: Option<PathBuf>,

    /// Watch only this process and its descendants.
    #[arg(long, hide = true, id = "extension_subtree", value_name = "PID")]
    pub(crate) subtree: Option<u32>,

    /// End when this service of Windows stops [default: osqueryd, when that started us].
    #[arg(long, hide = true, id = "extension_service", value_name = "NAME")]
    pub(crate) service: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Collect events in the foreground until Ctrl-C or SIGTERM.
    Run(RunArgs),
    /// Have Windows run the collector as a service.
    #[command(subcommand)]
    Service(ServiceCommand),
    /// Fill a data dir from recorded Windows logs: EVTX, XML, JSON, packed or not.
    Replay(ReplayArgs),
    /// Keep the raw events of this machine (Windows) in a file, to be replayed anywhere.
    Record(RecordArgs),
    /// Work on packs of queries.
    #[command(subcommand)]
    Pack(PackCommand),
    /// Run SQL over the events of a data dir, live or at rest.
    Query(QueryArgs),
    /// Ask interactively.
    Shell(ShellArgs),
    /// List the tables.
    Tables(TablesArgs),
    /// Say why filters keep or drop an event, rule by rule.
    Explain(ExplainArgs),
    /// Try filters before they are in force.
    #[command(subcommand)]
    Filter(FilterCommand),
    /// Say what this machine can and cannot do, and the mend for each.
    Doctor(DoctorArgs),
    /// Collect for some seconds while known things are done, and say which tables show them.
    Selftest(SelftestArgs),
    /// Look after the event store of a data dir.
    #[command(subcommand)]
    Store(StoreCommand),
    /// Place this binary where osquery starts it, and check the result.
    Install(InstallArgs),
    /// Take away what `install` placed, and the events.
    Uninstall(InstallArgs),
    /// Check every rule of osquery's for the installed binary.
    Verify(InstallArgs),
}

/// Name of our service.
pub(crate) const SERVICE: &str = "evtables";

#[derive(Debug, Subcommand)]
pub(crate) enum ServiceCommand {
    /// Register this program; it is started with the system from then on.
    Install(ServiceRunArgs),
    /// Start it, and wait until it collects.
    Start(ServiceArgs),
    /// Stop it, and wait until everything is stored.
    Stop(ServiceArgs),
    /// Stop it and take it away. The events stay.
    Delete(ServiceArgs),
    /// Say whether it is there and runs.
    Status(ServiceArgs),
    /// What the service manager starts.
    #[command(hide = true)]
    Run(ServiceRunArgs),
}

#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct ServiceArgs {
    /// Another name than our own.
    #[arg(long, hide = true, default_value = SERVICE)]
    pub(crate) name: String,
}

#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct ServiceRunArgs {
    #[command(flatten)]
    pub(crate) service: ServiceArgs,

    #[command(flatten)]
    pub(crate) run: RunArgs,
}

#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct RunArgs {
    /// Where events are stored [default: /var/lib/evtables as root].
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,

    /// Configuration file: JSON, as in osquery's own configuration.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Watch only this process and its descendants.
    #[arg(long, value_name = "PID")]
    pub(crate) subtree: Option<u32>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct SelftestArgs {
    /// How long to wait for what was done to be seen.
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    pub(crate) seconds: u64,

    /// Where the report goes, to be sent to us: JSON.
    #[arg(long, value_name = "FILE", default_value = "evtables-selftest.json")]
    pub(crate) report: PathBuf,

    /// Do the things, in this folder (the child of a self-test).
    #[arg(long, hide = true, value_name = "FOLDER")]
    pub(crate) act: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RecordArgs {
    /// Stop after so many seconds; without it at Ctrl-C.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) seconds: Option<u64>,

    /// The file, a trace: best named `.etl`. One that is there is not written over.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ReplayArgs {
    /// Where events are stored [default: /var/lib/evtables as root].
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,

    /// Replay as fast as it happened, or FACTOR times as fast; without it as fast as possible.
    #[arg(long, value_name = "FACTOR", num_args = 0..=1, default_missing_value = "1", require_equals = true)]
    pub(crate) pace: Option<f64>,

    /// Stop at the first record that cannot be read.
    #[arg(long)]
    pub(crate) strict: bool,

    /// How the balance is written at the end.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,

    /// Files, folders, archives, patterns; `-` is standard input.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PackCommand {
    /// Find queries that can never match, run too seldom, or name what is not there.
    Check(PackArgs),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct PackArgs {
    /// How long events are kept, when the file does not say so [default: 86400].
    #[arg(long, value_name = "SECONDS")]
    pub(crate) retention: Option<u64>,

    /// Packs, or configurations with a schedule.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct QueryArgs {
    /// Data dir to read [default: /var/lib/evtables as root].
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,

    /// How rows are written.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,

    /// One or more statements, separated by semicolons.
    pub(crate) sql: String,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ShellArgs {
    /// Data dir to read [default: /var/lib/evtables as root].
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ExplainArgs {
    /// Data dir to read [default: /var/lib/evtables as root].
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,

    /// Configuration with the filters: JSON, as in osquery's own configuration.
    #[arg(long, value_name = "FILE", default_value = system::OSQUERY_CONF)]
    pub(crate) config: PathBuf,

    /// Id of a stored event.
    #[arg(long, value_name = "EID", conflicts_with = "json")]
    pub(crate) event: Option<String>,

    /// Events as JSON objects of column values, for those that are not stored; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,

    /// Table of the JSON events that do not name one.
    #[arg(long, value_name = "TABLE")]
    pub(crate) table: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum FilterCommand {
    /// Say what a new configuration would have kept and dropped of the stored events.
    Test(FilterTestArgs),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct FilterTestArgs {
    /// Data dir to read [default: /var/lib/evtables as root].
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,

    /// The new configuration.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: PathBuf,

    /// Only events of the last so many seconds.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) since: Option<i64>,

    /// Packs in osquery's format: which of their queries would have had fewer rows.
    #[arg(long, value_name = "FILE")]
    pub(crate) pack: Vec<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct TablesArgs {
    /// How the catalogue is written.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct DoctorArgs {
    /// Data dir to look at [default: /var/lib/evtables as root].
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct InstallArgs {
    /// Folder that stands for `/`.
    #[arg(long, default_value = system::ROOT, value_name = "DIR")]
    pub(crate) root: PathBuf,

    /// The binary is placed and removed by others (a package): only edit osquery's list.
    #[arg(long)]
    pub(crate) in_place: bool,

    /// `uninstall` leaves the events.
    #[arg(long)]
    pub(crate) keep_data: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum StoreCommand {
    /// Sizes, rows and times of each table.
    Stats(StatsArgs),
    /// Check that everything is what was written; names the first altered or missing file.
    Verify(VerifyArgs),
    /// Seal, expire and merge now, so that other engines see all rows in few files.
    Compact(CompactArgs),
    /// Write the rows of one table to a file or stdout.
    Export(ExportArgs),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct StatsArgs {
    /// Data dir to look at [default: /var/lib/evtables as root].
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,

    /// As JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct VerifyArgs {
    /// Data dir to look at [default: /var/lib/evtables as root].
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct CompactArgs {
    /// Data dir, with no collector at work [default: /var/lib/evtables as root].
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,

    /// A running collector compacts by itself; this says to do it here and now.
    #[arg(long, required = true)]
    pub(crate) now: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ExportArgs {
    /// Data dir to read [default: /var/lib/evtables as root].
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,

    /// The table.
    #[arg(long)]
    pub(crate) table: String,

    /// How rows are written.
    #[arg(long, value_enum, default_value_t = ExportFormat::Parquet)]
    pub(crate) format: ExportFormat,

    /// First time: unix seconds, 2026-11-24 or 2026-11-24T06:30:00Z.
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<String>,

    /// Time behind the last.
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<String>,

    /// File to write [default: stdout].
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// How exported rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// One Parquet file.
    Parquet,
    /// An array of objects.
    Json,
    /// RFC 4180.
    Csv,
}

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Aligned columns.
    Table,
    /// An array of objects.
    Json,
    /// RFC 4180.
    Csv,
    /// One `column = value` per line.
    Line,
}

/// The data dir to use: the given one, or the default of this user.
pub(crate) fn data_dir(given: Option<&PathBuf>) -> Result<PathBuf, String> {
    if let Some(dir) = given {
        return Ok(dir.clone());
    }
    system::data_dir()
}
