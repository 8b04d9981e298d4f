// SPDX-License-Identifier: Apache-2.0
//! The functions of the mapping files. Each takes values and gives one; NULL in is NULL out unless it
//! says otherwise.

use crate::place;
use crate::processes::Processes;
use crate::record::Record;
use bumpalo::Bump;
use evtables_publisher_windows::rights::{write_mask, write_process_rights};
use evtables_schema::ids::parse_uuid;
use evtables_schema::rows::Value;

/// What functions work with.
pub(crate) struct Context<'r> {
    pub(crate) record: Record<'r>,
    /// Texts that are made live as long as the record.
    pub(crate) texts: &'r Bump,
    pub(crate) processes: &'r mut Processes,
}

type Arguments<'r> = [Value<'r>; crate::expr::ARGUMENTS_MAX];

/// One function.
#[derive(Clone, Copy)]
pub(crate) struct Function {
    pub(crate) name: &'static str,
    /// Least and most arguments.
    pub(crate) arguments: (usize, usize),
    pub(crate) call: for<'r> fn(&mut Context<'r>, Arguments<'r>) -> Value<'r>,
    /// Every text that it can give, where that is a fixed set.
    pub(crate) texts: Option<&'static [&'static str]>,
}

impl std::fmt::Debug for Function {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.name)
    }
}

const fn function(
    name: &'static str,
    arguments: (usize, usize),
    call: for<'r> fn(&mut Context<'r>, Arguments<'r>) -> Value<'r>,
) -> Function {
    Function { name, arguments, call, texts: None }
}

const fn words(function: Function, texts: &'static [&'static str]) -> Function {
    Function { texts: Some(texts), ..function }
}

/// All of them.
pub(crate) const FUNCTIONS: &[Function] = &[
    // The record itself.
    function("event_time", (0, 0), |c, _| Value::Int(c.record.head.time_ns)),
    function("computer", (0, 0), |c, _| some(c.record.computer())),
    function("channel", (0, 0), |c, _| some(c.record.channel())),
    function("event_id", (0, 0), |c, _| Value::Int(c.record.head.event_id)),
    function("record_id", (0, 0), |c, _| c.record.head.record_id.into()),
    function("writer_pid", (0, 0), |c, _| c.record.head.pid.into()),
    function("writer_sid", (0, 0), |c, _| some(c.record.text(c.record.head.sid))),
    // Types.
    function("int", (1, 1), |_, [value, ..]| text(value).and_then(place::number).into()),
    function("signed", (1, 1), |_, [value, ..]| signed(value)),
    function("guid", (1, 1), |_, [value, ..]| text(value).and_then(sensor_guid).into()),
    // Conditions: 1 or 0.
    function("eq", (2, 2), |_, [a, b, ..]| Value::Int(same(a, b).into())),
    function("ne", (2, 2), |_, [a, b, ..]| Value::Int((!same(a, b)).into())),
    function("has", (1, 1), |_, [value, ..]| Value::Int((value != Value::Null).into())),
    function("not", (1, 1), |_, [value, ..]| Value::Int((!is_true(value)).into())),
    function("and", (2, 4), |_, values| {
        Value::Int(values.iter().all(|v| *v == Value::Null || is_true(*v)).into())
    }),
    function("or", (2, 4), |_, values| Value::Int(values.iter().any(|v| is_true(*v)).into())),
    function("if", (3, 3), |_, [truth, a, b, ..]| if is_true(truth) { a } else { b }),
    function("pe_name", (1, 1), |_, [value, ..]| {
        Value::Int(text(value).is_some_and(is_pe_name).into())
    }),
    function("network_name", (1, 1), |_, [value, ..]| {
        Value::Int(text(value).is_some_and(|path| path.starts_with("\\\\")).into())
    }),
    // Texts.
    function("account", (2, 2), account),
    function("hash", (1, 1), |c, [algorithm, ..]| hash(c, algorithm)),
    function("hashed", (0, 0), |c, _| {
        Value::Int(hashes(c).is_some_and(|text| text.contains('=')).into())
    }),
    function("pick", (2, 2), pick),
    words(function("yes", (1, 1), |_, [value, ..]| yes(value, "YES", "NO")), &["YES", "NO"]),
    words(
        function("signed_word", (1, 1), |_, [value, ..]| yes(value, "Signed", "Unsigned")),
        &["Signed", "Unsigned"],
    ),
    function("truth", (1, 1), |_, [value, ..]| match yes(value, "1", "0") {
        Value::Text("1") => Value::Int(1),
        Value::Text(_) => Value::Int(0),
        _ => Value::Null,
    }),
    function("access", (1, 1), |c, [value, ..]| access(c, value)),
    function("hex", (1, 1), hex),
    function("message", (1, 1), |c, [name, ..]| message(c, name)),
    function("addresses", (1, 1), |c, [value, ..]| addresses(c, value)),
    function("ip", (1, 1), |_, [value, ..]| value_of(text(value).map(unmapped))),
    function("protocol", (1, 1), |_, [value, ..]| protocol(value)),
    words(function("family", (1, 1), |_, [value, ..]| family(value)), &["AF_INET", "AF_INET6"]),
    words(
        function("file_action", (1, 1), |_, [mask, ..]| file_action(mask)),
        &["FILE_WRITE", "FILE_DELETE", "FILE_ACCESS"],
    ),
    function("kernel_key", (1, 1), |c, [value, ..]| kernel_key(c, value)),
    function("short_key", (1, 1), |c, [value, ..]| short_key(c, value)),
    function("join_key", (2, 2), join_key),
    function("value_type", (1, 1), |_, [value, ..]| value_type(value)),
    function("pipe", (1, 1), pipe),
    // What was learned from records before.
    function("path", (1, 2), |c, [path, pid, ..]| {
        let host = c.record.computer();
        let pid = number(pid);
        let Some(path) = text(path) else { return Value::Null };
        match c.processes.dos_path(host, path, pid) {
            Some(made) => Value::Text(c.texts.alloc_str(&made)),
            None => Value::Text(path),
        }
    }),
    function("process", (1, 1), |c, [pid, ..]| {
        let (host, now) = (c.record.computer(), c.record.head.time_ns);
        number(pid).map(|pid| c.processes.living(host, pid, now)).into()
    }),
    function("started", (2, 2), |c, [pid, path, ..]| {
        let (host, now) = (c.record.computer(), c.record.head.time_ns);
        number(pid).map(|pid| c.processes.start(host, pid, now, None, text(path))).into()
    }),
    function("sensor_start", (3, 3), |c, [guid, pid, path, ..]| {
        let (host, now) = (c.record.computer(), c.record.head.time_ns);
        if let (Value::Uuid(guid), Some(pid)) = (guid, number(pid)) {
            c.processes.start(host, pid, now, Some(guid), text(path));
        }
        guid
    }),
    function("ended", (1, 1), |c, [pid, ..]| {
        let (host, now) = (c.record.computer(), c.record.head.time_ns);
        number(pid).map(|pid| c.processes.end(host, pid, now)).into()
    }),
    function("path_of", (1, 1), |c, [pid, ..]| {
        let host = c.record.computer();
        let path = number(pid).and_then(|pid| c.processes.path(host, pid));
        path.map(|path| &*c.texts.alloc_str(path)).into()
    }),
    function("open_handle", (4, 4), |c, [handle, pid, kind, name]| {
        let host = c.record.computer();
        if let (Some(handle), Some(pid), Some(kind), Some(name)) =
            (number(handle), number(pid), text(kind), text(name))
        {
            c.processes.open_handle(host, (pid, handle), kind, name);
        }
        handle
    }),
    function("handle_name", (3, 3), |c, [handle, pid, kind, ..]| {
        let host = c.record.computer();
        let (Some(handle), Some(pid), Some(kind)) = (number(handle), number(pid), text(kind))
        else {
            return Value::Null;
        };
        c.processes.handle(host, (pid, handle), kind).map(|name| &*c.texts.alloc_str(name)).into()
    }),
    function("ask_server", (3, 3), |c, [name, kind, server, ..]| {
        let (host, now) = (c.record.computer(), c.record.head.time_ns);
        if let (Some(name), Some(server)) = (text(name), text(server)) {
            c.processes.ask(host, name, number(kind), server, now);
        }
        Value::Null
    }),
    function("server_of", (2, 2), |c, [name, kind, ..]| {
        let (host, now) = (c.record.computer(), c.record.head.time_ns);
        let server = text(name).and_then(|name| c.processes.server(host, name, number(kind), now));
        server.map(|server| &*c.texts.alloc_str(server)).into()
    }),
];

fn some(text: &str) -> Value<'_> {
    if text.is_empty() { Value::Null } else { Value::Text(text) }
}

/// One text of several pieces.
fn join<'r>(context: &Context<'r>, pieces: &[&str]) -> &'r str {
    let mut out = bumpalo::collections::String::new_in(context.texts);
    pieces.iter().for_each(|piece| out.push_str(piece));
    out.into_bump_str()
}

/// A guid of a sensor; all zeros is none.
pub(crate) fn sensor_guid(text: &str) -> Option<u128> {
    parse_uuid(text.trim_matches(['{', '}'])).filter(|id| *id != 0)
}

fn value_of(text: Option<&str>) -> Value<'_> {
    text.into()
}

fn text(value: Value<'_>) -> Option<&str> {
    match value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

/// A number, or text that is one.
fn number(value: Value<'_>) -> Option<i64> {
    match value {
        Value::Int(number) => Some(number),
        Value::Text(text) => place::number(text),
        _ => None,
    }
}

pub(crate) fn is_true(value: Value<'_>) -> bool {
    matches!(value, Value::Int(number) if number != 0)
}

fn same(a: Value<'_>, b: Value<'_>) -> bool {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => a.eq_ignore_ascii_case(b),
        (a, b) => a == b && a != Value::Null,
    }
}

/// A 32-bit status as a signed number.
fn signed(value: Value<'_>) -> Value<'_> {
    let number = text(value).and_then(place::number);
    let bits = number.and_then(|number| u32::try_from(number).ok());
    bits.map(|bits| i32::from_le_bytes(bits.to_le_bytes())).into()
}

fn yes<'r>(value: Value<'r>, yes: &'static str, no: &'static str) -> Value<'r> {
    match text(value) {
        Some(text) if text.eq_ignore_ascii_case("true") => Value::Text(yes),
        Some(text) if text.eq_ignore_ascii_case("false") => Value::Text(no),
        _ => Value::Null,
    }
}

/// `DOMAIN\user`; without a domain the user alone.
fn account<'r>(context: &mut Context<'r>, [domain, user, ..]: Arguments<'r>) -> Value<'r> {
    match (text(domain), text(user)) {
        (Some(domain), Some(user)) => Value::Text(join(context, &[domain, "\\", user])),
        (None, Some(user)) => Value::Text(user),
        _ => Value::Null,
    }
}

fn hashes<'r>(context: &Context<'r>) -> Option<&'r str> {
    let record = context.record;
    record.field("Hashes", &mut 0).or_else(|| record.field("Hash", &mut 0))
}

/// One of `SHA1=…,MD5=…,SHA256=…,IMPHASH=…`, in lower case.
fn hash<'r>(context: &mut Context<'r>, algorithm: Value<'r>) -> Value<'r> {
    let (Some(all), Some(algorithm)) = (hashes(context), text(algorithm)) else {
        return Value::Null;
    };
    let mut pairs = all.split(',').filter_map(|pair| pair.trim().split_once('='));
    let found = pairs.find(|(name, _)| name.eq_ignore_ascii_case(algorithm));
    let Some((_, digits)) = found.filter(|(_, digits)| digits.bytes().any(|c| c != b'0')) else {
        return Value::Null;
    };
    if digits.bytes().any(|c| c.is_ascii_uppercase()) {
        let made = context.texts.alloc_str(digits);
        made.make_ascii_lowercase();
        return Value::Text(made);
    }
    Value::Text(digits)
}

/// One of several numbered pieces: `pick('2', x)` is the second of `a, b, c`.
fn pick<'r>(_: &mut Context<'r>, [at, value, ..]: Arguments<'r>) -> Value<'r> {
    let at = number(at).and_then(|at| usize::try_from(at - 1).ok());
    let piece = at.and_then(|at| text(value)?.split(',').nth(at));
    piece.map(str::trim).filter(|piece| !piece.is_empty()).into()
}

fn is_pe_name(path: &str) -> bool {
    const ENDS: &[&str] = &["exe", "dll", "sys", "scr", "ocx", "cpl", "com", "drv", "efi"];
    let name = path.rsplit('\\').next().unwrap_or_default();
    // A stream of a file is no image by the file's name.
    let end = name.rsplit_once('.').map(|(_, end)| end);
    end.is_some_and(|end| ENDS.iter().any(|known| end.eq_ignore_ascii_case(known)))
}

fn access<'r>(context: &mut Context<'r>, mask: Value<'r>) -> Value<'r> {
    let Some(mask) = number(mask) else { return Value::Null };
    let mut out = bumpalo::collections::String::new_in(context.texts);
    // A text takes everything; so below.
    let _ = write_process_rights(mask.cast_unsigned(), &mut out);
    Value::Text(out.into_bump_str())
}

/// Hexadecimal text in lower case without leading zeros.
fn hex<'r>(context: &mut Context<'r>, [value, ..]: Arguments<'r>) -> Value<'r> {
    let Some(number) = number(value) else { return Value::Null };
    let mut out = bumpalo::collections::String::new_in(context.texts);
    let _ = write_mask(number.cast_unsigned(), &mut out);
    Value::Text(out.into_bump_str())
}

/// The value beside `name:` in the rendered message.
fn message<'r>(context: &Context<'r>, name: Value<'r>) -> Value<'r> {
    let Some(name) = text(name) else { return Value::Null };
    let lines = context.record.message().lines();
    let mut values = lines.filter_map(|line| line.trim().strip_prefix(name)?.strip_prefix(':'));
    values.next().map(str::trim).filter(|value| !value.is_empty() && *value != "-").into()
}

/// An IPv4 address in the clothes of IPv6, undressed.
fn unmapped(address: &str) -> &str {
    address.strip_prefix("::ffff:").filter(|rest| rest.contains('.')).unwrap_or(address)
}

/// Addresses of a query's results (`type:  5 x;::ffff:1.2.3.4;`), joined by a comma.
fn addresses<'r>(context: &mut Context<'r>, value: Value<'r>) -> Value<'r> {
    let Some(results) = text(value) else { return Value::Null };
    let pieces = results.split(';').map(|piece| unmapped(piece.trim()));
    let is_address = |piece: &&str| piece.parse::<std::net::IpAddr>().is_ok();
    let mut out = bumpalo::collections::String::new_in(context.texts);
    for piece in pieces.filter(is_address) {
        out.push_str(if out.is_empty() { "" } else { "," });
        out.push_str(piece);
    }
    some(out.into_bump_str())
}

fn protocol(value: Value<'_>) -> Value<'_> {
    let Some(word) = text(value) else { return Value::Null };
    match word.to_ascii_lowercase().as_str() {
        "tcp" => Value::Int(6),
        "udp" => Value::Int(17),
        "icmp" => Value::Int(1),
        _ => place::number(word).into(),
    }
}

fn family(value: Value<'_>) -> Value<'_> {
    let Some(address) = text(value).map(unmapped) else { return Value::Null };
    Value::Text(if address.contains(':') { "AF_INET6" } else { "AF_INET" })
}

fn file_action(mask: Value<'_>) -> Value<'_> {
    let mask = number(mask).unwrap_or(0);
    Value::Text(if mask & 0x6 != 0 {
        "FILE_WRITE"
    } else if mask & 0x1_0000 != 0 {
        "FILE_DELETE"
    } else {
        "FILE_ACCESS"
    })
}

/// Short and kernel form of the roots of the registry.
const ROOTS: &[(&str, &str)] = &[
    ("HKLM", "\\REGISTRY\\MACHINE"),
    ("HKU", "\\REGISTRY\\USER"),
    ("HKCR", "\\REGISTRY\\MACHINE\\SOFTWARE\\Classes"),
    ("HKEY_LOCAL_MACHINE", "\\REGISTRY\\MACHINE"),
    ("HKEY_USERS", "\\REGISTRY\\USER"),
];

/// What follows `root`, if `key` is under it; compared without case.
fn under<'k>(key: &'k str, root: &str) -> Option<&'k str> {
    let (head, rest) = key.split_at_checked(root.len())?;
    let is_whole = rest.is_empty() || rest.starts_with('\\');
    (head.eq_ignore_ascii_case(root) && is_whole).then_some(rest)
}

fn kernel_key<'r>(context: &mut Context<'r>, value: Value<'r>) -> Value<'r> {
    let Some(key) = text(value) else { return Value::Null };
    for (short, kernel) in ROOTS {
        if let Some(rest) = under(key, short) {
            return Value::Text(join(context, &[kernel, rest]));
        }
    }
    Value::Text(key)
}

fn short_key<'r>(context: &mut Context<'r>, value: Value<'r>) -> Value<'r> {
    let Some(key) = text(value) else { return Value::Null };
    for (short, kernel) in ROOTS.iter().take(2) {
        if let Some(rest) = under(key, kernel) {
            return Value::Text(join(context, &[short, rest]));
        }
    }
    Value::Text(key)
}

fn join_key<'r>(context: &mut Context<'r>, [key, name, ..]: Arguments<'r>) -> Value<'r> {
    match (text(key), text(name)) {
        (Some(key), Some(name)) => Value::Text(join(context, &[key, "\\", name])),
        _ => key,
    }
}

/// The type that the text of a value's data betrays, or that a Security record names by number.
fn value_type(value: Value<'_>) -> Value<'_> {
    let Some(data) = text(value) else { return Value::Null };
    Value::Text(match data {
        "%%1872" => "REG_NONE",
        "%%1873" => "REG_SZ",
        "%%1874" => "REG_EXPAND_SZ",
        "%%1875" => "REG_BINARY",
        "%%1876" => "REG_DWORD",
        "%%1877" => "REG_DWORD_BIG_ENDIAN",
        "%%1878" => "REG_LINK",
        "%%1879" => "REG_MULTI_SZ",
        "%%1880" => "REG_RESOURCE_LIST",
        "%%1883" => "REG_QWORD",
        "Binary Data" => "REG_BINARY",
        data if data.starts_with("DWORD (") => "REG_DWORD",
        data if data.starts_with("QWORD (") => "REG_QWORD",
        data if data.contains('%') => "REG_EXPAND_SZ",
        _ => "REG_SZ",
    })
}

/// A pipe's name as the predecessor writes it.
fn pipe<'r>(context: &mut Context<'r>, [name, ..]: Arguments<'r>) -> Value<'r> {
    let Some(name) = text(name) else { return Value::Null };
    let name = name.trim_start_matches('\\');
    Value::Text(join(context, &["\\UNKNOWN DRIVE\\", name]))
}
