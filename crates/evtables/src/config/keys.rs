// SPDX-License-Identifier: Apache-2.0
//! Every key of the configuration: what it is, its default, its range, an example. The parser asks here,
//! and `docs/config.md` is made of it (`cargo run -p xtask -- codegen`), so this file names no other.

use std::ops::RangeInclusive;

/// One key. In paths `<table>`, `<name>` and `<column>` stand for any name, `[]` for each element.
pub(crate) struct Key {
    pub(crate) path: &'static str,
    pub(crate) kind: Kind,
    /// One sentence.
    #[allow(dead_code)] // for the page
    pub(crate) does: &'static str,
    /// A value as JSON; empty for parts, whose keys have one.
    #[allow(dead_code)] // for the page, and tests
    pub(crate) example: &'static str,
}

/// What a value may be.
pub(crate) enum Kind {
    /// An object of the keys below it.
    Part,
    Truth {
        default: bool,
    },
    Number {
        /// `None`: not set.
        default: Option<u64>,
        least: u64,
        most: u64,
    },
    /// Anything else, in words.
    Other(#[allow(dead_code)] &'static str), // for the page
}

/// The default and range of a number; a path that is none of a number has no bounds.
pub(crate) fn number(path: &str) -> (u64, RangeInclusive<u64>) {
    match KEYS.iter().find(|key| key.path == path).map(|key| &key.kind) {
        Some(Kind::Number { default, least, most }) => (default.unwrap_or(0), *least..=*most),
        _ => (0, 0..=u64::MAX),
    }
}

/// The default of a switch.
pub(crate) fn truth(path: &str) -> bool {
    let found = KEYS.iter().find(|key| key.path == path).map(|key| &key.kind);
    matches!(found, Some(Kind::Truth { default: true }))
}

/// The keys that may stand in an object.
pub(crate) fn under(path: &str) -> Vec<&'static str> {
    let below = |key: &Key| key.path.strip_prefix(path)?.strip_prefix('.');
    KEYS.iter().filter_map(below).filter(|name| !name.contains(['.', '<', '['])).collect()
}

const fn part(path: &'static str, does: &'static str) -> Key {
    Key { path, kind: Kind::Part, does, example: "" }
}

const fn truth_key(
    path: &'static str,
    default: bool,
    does: &'static str,
    example: &'static str,
) -> Key {
    Key { path, kind: Kind::Truth { default }, does, example }
}

const fn number_key(
    path: &'static str,
    default: Option<u64>,
    (least, most): (u64, u64),
    does: &'static str,
    example: &'static str,
) -> Key {
    let kind = Kind::Number { default, least, most };
    Key { path, kind, does, example }
}

const fn other(
    path: &'static str,
    shape: &'static str,
    does: &'static str,
    example: &'static str,
) -> Key {
    Key { path, kind: Kind::Other(shape), does, example }
}

const ANY: u64 = u64::MAX;

pub(crate) const KEYS: &[Key] = &[
    part("evtables.sources", "Where events come from."),
    part("evtables.sources.linux", "The publisher of Linux."),
    truth_key("evtables.sources.linux.enabled", true, "Whether it captures at all.", "false"),
    number_key(
        "evtables.sources.linux.argv_bytes_max",
        Some(32_768),
        (8_192, 131_072),
        "The longest argument list that is kept whole, bytes; a longer one is cut and marked.",
        "131072",
    ),
    truth_key(
        "evtables.sources.linux.kernel_filters",
        true,
        "Whether filters run in the kernel where they can.",
        "false",
    ),
    truth_key(
        "evtables.sources.linux.kernel_functions",
        true,
        "Whether hooks hang on functions of the kernel where it takes them (tier B of `evtables_hooks`); else all are tracepoints.",
        "false",
    ),
    part("evtables.sources.linux.tables", "Its tables."),
    other(
        "evtables.sources.linux.tables.<table>",
        "true or false",
        "Puts a table of Linux on or off; `linux_process_events` cannot be off.",
        r#"{"linux_prctl_events": false}"#,
    ),
    part("evtables.sources.windows", "The publisher of Windows."),
    truth_key("evtables.sources.windows.enabled", true, "Whether it captures at all.", "false"),
    number_key(
        "evtables.sources.windows.process_buffers_mib",
        Some(16),
        (1, 256),
        "Most memory of the trace session of processes and images, MiB.",
        "32",
    ),
    number_key(
        "evtables.sources.windows.file_registry_buffers_mib",
        Some(64),
        (1, 1_024),
        "Most memory of the trace session of files and registry, MiB.",
        "128",
    ),
    number_key(
        "evtables.sources.windows.user_buffers_mib",
        Some(8),
        (1, 256),
        "Most memory of the trace session of all other providers, MiB.",
        "16",
    ),
    truth_key(
        "evtables.sources.windows.packets",
        false,
        "Whether frames that one of Windows' capture drivers shows (`pktmon start --capture --pkt-size 0`, or `netsh trace start capture=yes`) are looked at: TLS handshakes of all programs then are rows of `win_ssl_events`.",
        "true",
    ),
    truth_key(
        "evtables.sources.windows.registry_data",
        true,
        "Whether the data of registry values is captured.",
        "false",
    ),
    truth_key(
        "evtables.sources.windows.open_handles",
        true,
        "Whether files and registry keys that are open already are looked up at the start, so that they have names.",
        "false",
    ),
    truth_key(
        "evtables.sources.windows.image_hashes",
        true,
        "Whether images that are loaded or started are hashed, and their signatures looked at.",
        "false",
    ),
    part("evtables.sources.windows.tables", "Its tables."),
    other(
        "evtables.sources.windows.tables.<table>",
        "true or false",
        "Puts a table of Windows on or off; a provider that fills no table is not enabled.",
        r#"{"win_http_events": false}"#,
    ),
    part("evtables.sources.osquery", "osquery beside us."),
    truth_key(
        "evtables.sources.osquery.core_events",
        false,
        "Takes osquery's own events as `evtables_core_events` where evtables is its logger.",
        "true",
    ),
    other(
        "evtables.sources.tail",
        "an array of objects",
        "Text logs to follow line by line, as `linux_logger_events` or `win_logger_events`; 256 files together.",
        r#"[{"name": "web", "path": "/var/log/web/*.log", "regex": ["POST .* 500"]}]"#,
    ),
    other("evtables.sources.tail[].name", "text", "What its lines are called.", r#""web""#),
    other(
        "evtables.sources.tail[].path",
        "text",
        "A file, or a pattern of files (`*`, `?`, `[a-z]`), from the root on.",
        r#""/var/log/web/*.log""#,
    ),
    other(
        "evtables.sources.tail[].regex",
        "an array of texts",
        "A line is kept when one of them matches, or when there is none.",
        r#"["POST .* 500"]"#,
    ),
    part(
        "evtables.sources.users",
        "Files that logins are written into, for `linux_user_events`; an empty text: none.",
    ),
    other(
        "evtables.sources.users.wtmp",
        "text",
        "Logins, logouts, starts and ends of the system; `/var/log/wtmp` unless given.",
        r#""/var/log/wtmp""#,
    ),
    other(
        "evtables.sources.users.btmp",
        "text",
        "Failed logins; `/var/log/btmp` unless given.",
        r#""/var/log/btmp""#,
    ),
    other(
        "evtables.sources.users.utmp",
        "text",
        "Who is logged in at the start, for the names of those who log out later; `/run/utmp` unless given.",
        r#""/run/utmp""#,
    ),
    part("evtables.lists", "Named lists of values for the operator `in`."),
    other(
        "evtables.lists.<name>",
        "an object",
        "One list: `values`, `file` or both.",
        r#"{"shells": {"values": ["/bin/sh", "/bin/bash"]}}"#,
    ),
    other(
        "evtables.lists.<name>.values",
        "an array of texts or numbers",
        "Its values.",
        r#"["/bin/sh", 4444]"#,
    ),
    other(
        "evtables.lists.<name>.file",
        "text",
        "A file of values, one a line; empty lines and those that begin with `#` are left out; 64 MiB, 1,000,000 values.",
        r#""/etc/evtables/bad_domains.txt""#,
    ),
    part(
        "evtables.filters",
        "Which events are kept: an exclude rule that matches drops; if a table has include rules, one must match.",
    ),
    other(
        "evtables.filters.<table>",
        "an array of objects",
        "Rules of one table.",
        r#"{"linux_file_events": [{"action": "exclude", "when": {"column": "target_path", "prefix": "/var/cache/"}}]}"#,
    ),
    other(
        "evtables.filters.<table>[].name",
        "text",
        "For `evtables_filters` and `evtables explain`; without it `rule N`.",
        r#""apt-cache""#,
    ),
    other(
        "evtables.filters.<table>[].action",
        "`exclude` or `include`",
        "What happens to the events that match.",
        r#""exclude""#,
    ),
    other(
        "evtables.filters.<table>[].when",
        "an object",
        "A `column` with one operator (`equals`, `prefix`, `suffix`, `contains`, `glob`, `regex`, `range`, `cidr`, `in`), or `all`, `any`, `not` of such.",
        r#"{"not": {"column": "pid", "range": {"from": 2, "to": 10}}}"#,
    ),
    part("evtables.sample", "One of many events, behind the filters."),
    part("evtables.sample.<table>", "Of one table."),
    number_key(
        "evtables.sample.<table>.one_in",
        None,
        (1, 1_000_000_000),
        "Keeps one of so many events, or with `per` all events of one of so many keys. Must be there.",
        "10",
    ),
    other(
        "evtables.sample.<table>.per",
        "an array of columns",
        "What makes a key; without it events are counted off.",
        r#"["process_guid"]"#,
    ),
    part("evtables.rate", "So many events a second, behind the filters and samples."),
    part("evtables.rate.<table>", "Of one table."),
    number_key(
        "evtables.rate.<table>.max_per_second",
        None,
        (0, 1_000_000_000),
        "So many events of a key are kept in each second of event time. Must be there.",
        "200",
    ),
    other(
        "evtables.rate.<table>.per",
        "an array of columns",
        "What makes a key; without it the whole table is one. 65,536 keys are told apart within a second.",
        r#"["process_guid"]"#,
    ),
    part("evtables.redact", "Texts that are not stored as they are."),
    part("evtables.redact.<table>", "Of one table."),
    other(
        "evtables.redact.<table>.<column>",
        "`drop` or `keyed_hash`",
        "Stores `[redacted]`, or `[hmac:…]`, equal for equal texts of one data dir (key: `redact.key` there). Text columns only. With `cmdline` go `argv`, `argv_base64` and `parent_cmdline` unless they are named. Filters see the text.",
        r#"{"cmdline": "keyed_hash"}"#,
    ),
    part(
        "evtables.retention",
        "What the store keeps; osquery's `events_expiry` and `events_max` count without it.",
    ),
    number_key(
        "evtables.retention.seconds",
        Some(86_400),
        (0, ANY),
        "Age of the oldest event; 0 is no limit.",
        "604800",
    ),
    number_key(
        "evtables.retention.rows_per_table",
        Some(1_000_000),
        (0, ANY),
        "Rows of each table; 0 is no limit.",
        "100000",
    ),
    number_key(
        "evtables.retention.bytes",
        Some(1 << 30),
        (0, ANY),
        "Bytes of the whole store; 0 is no limit.",
        "4294967296",
    ),
    number_key(
        "evtables.retention.free_bytes_min",
        Some(64 << 20),
        (0, ANY),
        "Bytes that stay free on the disk; 0 is no limit.",
        "1073741824",
    ),
    part("evtables.retention.tables", "What holds for single tables instead."),
    part("evtables.retention.tables.<table>", "Of one table."),
    number_key(
        "evtables.retention.tables.<table>.seconds",
        None,
        (0, ANY),
        "Age of its oldest event; 0 is no limit.",
        "604800",
    ),
    number_key(
        "evtables.retention.tables.<table>.rows",
        None,
        (0, ANY),
        "Its rows; 0 is no limit.",
        "5000000",
    ),
    part("evtables.budgets", "What evtables may use."),
    number_key(
        "evtables.budgets.reply_rows",
        Some(10_000),
        (1, ANY),
        "Rows of one answer to osquery.",
        "50000",
    ),
    number_key(
        "evtables.budgets.reply_mib",
        Some(8),
        (1, 90),
        "Size of one answer to osquery, MiB.",
        "32",
    ),
    number_key(
        "evtables.budgets.reply_seconds",
        Some(5),
        (1, 240),
        "Time for one answer to osquery.",
        "20",
    ),
    number_key(
        "evtables.budgets.memory_mib",
        None,
        (16, 65_536),
        "Resident memory of the collector, MiB. While it grows beyond, tables are given up, those of lowest value first (`shed_tables` of `evtables_status`).",
        "80",
    ),
    number_key(
        "evtables.budgets.cpu_percent",
        None,
        (1, 100),
        "Share of one core that the collector may use. While it uses more for 3 seconds, tables are given up, those of lowest value first (`shed_tables` of `evtables_status`).",
        "20",
    ),
    part("evtables.push", "What is sent at once through osquery's logger."),
    part("evtables.push.logger", "Through the logger plug-ins that osquery is set to."),
    other(
        "evtables.push.logger.tables",
        "an array of tables",
        "New rows of these.",
        r#"["linux_kernel_module_events"]"#,
    ),
    part("evtables.push.logger.queries", "Queries over what is new in a table."),
    other(
        "evtables.push.logger.queries.<name>",
        "an object",
        "One query.",
        r#"{"sudo": {"query": "SELECT * FROM linux_process_events WHERE path = '/usr/bin/sudo'"}}"#,
    ),
    other(
        "evtables.push.logger.queries.<name>.query",
        "text",
        "Its SQL.",
        r#""SELECT * FROM linux_bpf_events""#,
    ),
    other(
        "evtables.push.logger.queries.<name>.table",
        "text",
        "The table whose new rows it sees; without it the first that it names.",
        r#""linux_bpf_events""#,
    ),
    number_key(
        "evtables.push.logger.max_lines_per_second",
        Some(200),
        (1, 100_000),
        "Lines to each logger.",
        "50",
    ),
    other(
        "plgx_event_filters",
        "an object",
        "Filters as the PolyLogyx extension has them: table, column, `include` or `exclude`, `values`, texts with `*` and `?`.",
        r#"{"linux_dns_events": {"domain_name": {"exclude": {"values": ["*.internal"]}}}}"#,
    ),
];

const SWITCH: &str = "put tables on or off in `evtables.sources`";
const BUDGET: &str = "bounds are in `evtables.budgets` and `evtables.retention`";
const LOG: &str = "the log goes to standard error; `--verbose` for more";
const SERVER: &str = "evtables has no server of its own: osquery's configuration and logger serve";
const YARA: &str = "evtables does not scan; osquery reads this block itself";

/// Options of the PolyLogyx extension, and what takes their place.
pub(crate) const SEED_OPTIONS: &[(&str, &str)] = &[
    ("custom_plgx_EnableSSL", SWITCH),
    ("custom_plgx_EnableShallowSSL", SWITCH),
    ("custom_plgx_EnableHttp", SWITCH),
    ("custom_plgx_EnableDns", SWITCH),
    ("custom_plgx_EnablePacketInspection", SWITCH),
    ("custom_plgx_EnableAmsiStreamEventData", "evtables does not scan what is written"),
    ("custom_plgx_EnableYaraProcessScan", "evtables does not scan"),
    ("custom_plgx_EnableBlocking", "evtables blocks nothing"),
    ("custom_plgx_DiskIndexingEnabled", "osquery's table `file` reads the disk"),
    ("custom_plgx_DiskIndexingReindexTimeout", "osquery's table `file` reads the disk"),
    ("custom_plgx_EnableWatcher", BUDGET),
    ("custom_plgx_MemoryLimit", BUDGET),
    ("custom_plgx_MemoryLimitLow", BUDGET),
    ("custom_plgx_MemoryLimitHigh", BUDGET),
    ("custom_plgx_EnableLogging", LOG),
    ("custom_plgx_LogLevel", LOG),
    ("custom_plgx_LogModeQuiet", LOG),
    ("custom_plgx_LogFileName", LOG),
    ("custom_plgx_LogFileNameLinux", LOG),
    ("custom_plgx_LogFileNameMac", LOG),
    ("custom_plgx_ServerPort", SERVER),
    ("custom_plgx_ServerHttpPort", SERVER),
    ("custom_plgx_ServerHttpsPort", SERVER),
    ("custom_plgx_EnableRespServer", SERVER),
    ("custom_plgx_enable_respserver", SERVER),
    ("custom_plgx_EnableAgentRestart", SERVER),
    ("custom_plgx_SaveCustomResponseScript", SERVER),
];

/// Top-level blocks that the PolyLogyx extension reads and evtables does not, and what takes their place.
pub(crate) const SEED_BLOCKS: &[(&str, &str)] = &[
    ("win_logger_plugin", "name the files in `evtables.sources.tail`"),
    ("win_include_paths", "choose files by filters of `win_file_events`"),
    ("win_exclude_paths", "choose files by filters of `win_file_events`"),
    ("plgx_event_control", "evtables blocks nothing"),
    ("yara", YARA),
    ("file_paths", "osquery watches these itself; choose events by filters of the file tables"),
    ("process_paths", "evtables does not scan"),
];
