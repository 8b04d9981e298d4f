#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The program for Windows under Wine: what it imports, its size, and that it serves its tables and says why nothing is
# collected, because Wine has no event tracing. Part of lane `windows`, which has made the Wine prefix:
# `tests/windows/program.sh WINE`.
set -eu
cd "$(dirname "$0")/../.."
wine=$1
target=x86_64-pc-windows-gnu
fail() { echo "FAILED: $1"; exit 1; }

program=$(cargo build --locked -q -p evtables --features os-publishers --target $target --message-format=json |
    sed -n 's/.*"executable":"\([^"]*evtables\.exe\)".*/\1/p')
[ -n "$program" ] || fail "no program"

# Every Windows has these.
system="advapi32 api-ms-win-core-synch-l1-2-0 bcryptprimitives gdi32 kernel32 msvcrt ntdll ole32 psapi shell32 user32 userenv ws2_32
    bcrypt crypt32 iphlpapi oleaut32 pdh secur32 setupapi wevtapi wintrust"
for dll in $(x86_64-w64-mingw32-objdump -p "$program" | sed -n 's/.*DLL Name: \(.*\)\.dll/\1/Ip' | tr 'A-Z' 'a-z' | sort -u); do
    case " $(echo $system) " in *" $dll "*) ;; *) fail "$dll.dll is no part of every Windows" ;; esac
done
small=$(mktemp)
dir=$(mktemp -d)
pid=
end() {
    [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
    rm -rf "$dir" "$small"
}
trap end EXIT
x86_64-w64-mingw32-strip -o "$small" "$program"
echo "ok: imports DLLs of the system only; $(wc -c <"$small") bytes, not optimised and without symbols"

"$wine" "$program" run --data-dir "Z:$dir/data" </dev/null >"$dir/log" 2>&1 &
pid=$!
query() { timeout 60 "$wine" "$program" query --data-dir "Z:$dir/data" --format csv "$1" 2>/dev/null </dev/null | tr -d '\r' | tail -n +2; }
tries=0
until [ "$(query "SELECT state FROM evtables_status")" = running ] &&
    [ "$(query "SELECT min(state = 'failed' AND reason LIKE '%event tracing is unavailable%') FROM evtables_hooks WHERE event_table LIKE 'win%'")" = 1 ]; do
    tries=$((tries + 1))
    [ $tries -lt 60 ] || { cat "$dir/log"; fail "the program does not say why it collects nothing"; }
    sleep 0.5
done
[ "$(query "SELECT count(*) FROM win_process_events")" = 0 ] || fail "rows from nowhere"
[ "$(query "SELECT count(*) > 10 FROM evtables_tables WHERE reason LIKE '%event tracing is unavailable%'")" = 1 ] ||
    fail "evtables_tables does not say why"
kill "$pid"
pid=
if timeout 60 "$wine" "$program" record --seconds 1 "Z:$dir/events.etl" >"$dir/log" 2>&1 </dev/null; then fail "recorded without tracing"; fi
grep -q 'OpenTrace' "$dir/log" || { cat "$dir/log"; fail "record does not say why it cannot"; }
[ ! -e "$dir/events.etl" ] || fail "an empty recording is left behind"
echo "ok: without event tracing everything else is served, and evtables_hooks says why"
if timeout 60 "$wine" "$program" selftest --report "Z:$dir/report.json" >"$dir/log" 2>&1 </dev/null; then fail "the self-test passes without tracing"; fi
grep -q 'nothing can be collected here: event tracing is unavailable' "$dir/log" || { cat "$dir/log"; fail "the self-test does not say why"; }
grep -q '"unavailable": "event tracing is unavailable' "$dir/report.json" || fail "the report does not say why"
echo "ok: the self-test says that event tracing is unavailable"
