#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The program for Windows under Wine: what it imports, its size, and that it serves its tables and says why nothing is
# collected, because Wine has no event tracing; services, the stop of osqueryd's, Ctrl-C; the packages. Part of lane `windows`, which
# has made the Wine prefix: `tests/windows/program.sh WINE`. EVTABLES_EXE names a program that is built already.
set -eu
cd "$(dirname "$0")/../.."
wine=$1
target=x86_64-pc-windows-gnu
fail() { echo "FAILED: $1"; exit 1; }

program=${EVTABLES_EXE:-}
[ -n "$program" ] || program=$(cargo build --locked -q -p evtables --features os-publishers --target $target --message-format=json |
    sed -n 's/.*"executable":"\([^"]*evtables\.exe\)".*/\1/p')
[ -n "$program" ] || fail "no program"

small=$(mktemp)
dir=$(mktemp -d)
pid=
end() {
    [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
    rm -rf "$dir" "$small"
}
trap end EXIT
x86_64-w64-mingw32-strip -o "$small" "$program"
sh tests/windows/imports.sh "$small"

"$wine" "$program" run --data-dir "Z:$dir/data" </dev/null >"$dir/log" 2>&1 &
pid=$!
query() { timeout 60 "$wine" "$program" query --data-dir "Z:$dir/data" --format csv "$1" 2>/dev/null </dev/null | tr -d '\r' | tail -n +2; }
tries=0
until [ "$(query "SELECT state FROM evtables_status")" = running ] &&
    [ "$(query "SELECT min(state = 'failed' AND reason LIKE '%event tracing is unavailable%') FROM evtables_hooks WHERE event_table LIKE 'win%' AND reason NOT LIKE 'not asked for%'")" = 1 ]; do
    tries=$((tries + 1))
    [ $tries -lt 60 ] || { cat "$dir/log"; fail "the program does not say why it collects nothing"; }
    sleep 0.5
done
[ "$(query "SELECT count(*) FROM win_process_events")" = 0 ] || fail "rows from nowhere"
# The data dir is made by `run` itself: Wine keeps its access list as the mode of a folder here, and without one it would be 755.
case "$(stat -c %a "$dir/data")" in *0) ;; *) stat "$dir/data"; fail "others may read the events" ;; esac
[ "$(query "SELECT count(*) > 10 FROM evtables_tables WHERE reason LIKE '%event tracing is unavailable%'")" = 1 ] ||
    fail "evtables_tables does not say why"
kill "$pid"
pid=
timeout 60 "$wine" "$program" doctor --data-dir "Z:$dir/data" >"$dir/log" 2>/dev/null </dev/null && fail "doctor finds nothing wrong without tracing"
tr -d '\r' <"$dir/log" | grep -q '^FAIL  hook Microsoft-Windows-Kernel-Process .*event tracing is unavailable' || { cat "$dir/log"; fail "doctor looks at hooks before they are tried"; }
if grep -q 'being opened' "$dir/log"; then cat "$dir/log"; fail "doctor does not wait"; fi
echo "ok: the data dir is private; doctor says which hooks fail, and why"
# A reader that leaves at once.
{ timeout 60 "$wine" "$program" tables </dev/null 2>"$dir/log" || echo $? >"$dir/status"; } | true
if grep -q panicked "$dir/log" || grep -q 101 "$dir/status" 2>/dev/null; then cat "$dir/log"; fail "a reader that leaves"; fi
if timeout 60 "$wine" "$program" record --seconds 1 "Z:$dir/events.etl" >"$dir/log" 2>&1 </dev/null; then fail "recorded without tracing"; fi
grep -q 'OpenTrace' "$dir/log" || { cat "$dir/log"; fail "record does not say why it cannot"; }
[ ! -e "$dir/events.etl" ] || fail "an empty recording is left behind"
echo "ok: without event tracing everything else is served, and evtables_hooks says why"
if timeout 60 "$wine" "$program" selftest --report "Z:$dir/report.json" >"$dir/log" 2>&1 </dev/null; then fail "the self-test passes without tracing"; fi
grep -q 'nothing can be collected here: event tracing is unavailable' "$dir/log" || { cat "$dir/log"; fail "the self-test does not say why"; }
grep -q '"unavailable": "event tracing is unavailable' "$dir/report.json" || fail "the report does not say why"
echo "ok: the self-test says that event tracing is unavailable"

# ---- services and the console ------------------------------------------------------------------------------------
# Where users may not write, as `service install` wants it.
home=$WINEPREFIX/drive_c/evtables-lane
rm -rf "$home"
mkdir -p "$home"
chmod 755 "$home"
cp "$program" "$home/evtables.exe"
chmod 755 "$home/evtables.exe"
installed='C:\\evtables-lane\\evtables.exe'
ours() { timeout 120 "$wine" "$installed" "$@" </dev/null >"$dir/said" 2>&1; }
said() { tr -d '\r' <"$dir/said"; }
# What an earlier run left; the names are those of this lane alone.
left() { for name in evtables-lane evtables-lane-osqueryd; do ours service delete --name $name || true; done; }
end_all() { left; rm -rf "$home"; end; }
trap end_all EXIT
left
# service NAME STATE: what our own command and the system's say of it.
service_is() {
    ours service status --name "$1" || { said; fail "the service $1 is not there"; }
    said | grep -q "^$1: $2" || { said; fail "the service $1 is not $2"; }
    "$wine" sc query "$1" </dev/null 2>/dev/null | tr -d '\r' | grep -qi "STATE.*$3" || fail "the system does not say that $1 is $3"
}
state() { timeout 60 "$wine" "$installed" query --data-dir "$1" --format csv "SELECT state, mode FROM evtables_status" </dev/null 2>/dev/null | tr -d '\r' | tail -n +2; }
# stopped FOLDER: the collector's last word is that it ended, with everything stored.
stopped() { grep -q '"state": *"stopped"' "$home/$1/state.json" || { cat "$home/$1/state.json"; fail "the collector of $1 did not end well"; }; }
data='C:\\evtables-lane\\data'
if ours service status --name evtables-lane; then fail "a service that nobody registered"; fi
said | grep -q 'there is no service evtables-lane' || { said; fail "no word of the absent service"; }
if ours service run --name evtables-lane --data-dir "$data"; then fail "a service without a service manager"; fi
ours service install --name evtables-lane --data-dir "$data" || { said; fail "service install"; }
ours service install --name evtables-lane --data-dir "$data" || { said; fail "service install once more"; }
service_is evtables-lane stopped STOPPED
ours service start --name evtables-lane || { said; fail "service start"; }
service_is evtables-lane running RUNNING
[ "$(state "$data")" = running,service ] || fail "the service does not collect"
ours service stop --name evtables-lane || { said; fail "service stop"; }
service_is evtables-lane stopped STOPPED
stopped data
grep -q ' ended' "$home/data/service.log" || { cat "$home/data/service.log"; fail "the log does not tell of the end"; }
ours store verify --data-dir "$data" || { said; fail "the store of the stopped service"; }
echo "ok: a service is registered, started and stopped, and its store is whole"

# osqueryd's service stops: the extension ends, the service goes on. A second service of ours stands for osqueryd's.
ours service install --name evtables-lane-osqueryd --data-dir 'C:\\evtables-lane\\other' || { said; fail "service install"; }
ours service start --name evtables-lane-osqueryd || { said; fail "service start"; }
ours service start --name evtables-lane || { said; fail "service start again"; }
"$wine" "$installed" --socket '\\.\pipe\evtables-lane-nobody' --service evtables-lane-osqueryd \
    --data-dir 'C:\\evtables-lane\\extension' </dev/null >"$dir/extension.log" 2>&1 &
pid=$!
# until_said FILE WORDS: 30 s at most.
until_said() {
    tries=0
    until grep -qs "$2" "$1"; do
        tries=$((tries + 1))
        [ $tries -lt 300 ] || { cat "$1" "$dir"/*.log; fail "never said: $2"; }
        sleep 0.1
    done
}
until_said "$dir/extension.log" 'the service evtables-lane-osqueryd is watched'
# Without osquery it waits some seconds for its configuration.
until_said "$home/extension/state.json" '"state": *"running"'
ours service stop --name evtables-lane-osqueryd || { said; fail "service stop"; }
wait "$pid" || { cat "$dir/extension.log"; fail "the extension did not end well"; }
pid=
grep -q 'the service evtables-lane-osqueryd stops; ending' "$dir/extension.log" || { cat "$dir/extension.log"; fail "it ended for another reason"; }
how="the system's word"
if grep -q 'is looked at each second' "$dir/extension.log"; then how="a look each second"; fi
stopped extension
[ "$(state "$data")" = running,service ] || fail "the service does not go on"
echo "ok: the extension ends when osqueryd's service stops, by $how; the service goes on"
for name in evtables-lane evtables-lane-osqueryd; do
    ours service delete --name $name || { said; fail "service delete"; }
    if ours service status --name $name; then fail "$name is left behind"; fi
    if "$wine" reg query "HKLM\\SYSTEM\\CurrentControlSet\\Services\\$name" </dev/null >/dev/null 2>&1; then fail "the key of $name is left behind"; fi
done
echo "ok: services are stopped and taken away, and leave no key behind"

"$wine" "$installed" run --data-dir "$data" </dev/null >"$dir/run.log" 2>&1 &
pid=$!
until_said "$dir/run.log" 'Ctrl-C stops'
# Wine makes Ctrl-C of it.
kill -INT "$pid"
wait "$pid" || { cat "$dir/run.log"; fail "Ctrl-C did not end it well"; }
pid=
stopped data
echo "ok: Ctrl-C ends the collector, with everything stored"

sh tests/windows/package.sh "$wine" "$small"
