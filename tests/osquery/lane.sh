#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The official Python bindings against our extension and our double: `tests/osquery/lane.sh`.
# Needs python3 with PyPI `osquery`: $EVTABLES_PYTHON, or a venv made at ~/.cache/evtables/venv.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
python=${EVTABLES_PYTHON:-$HOME/.cache/evtables/venv/bin/python}
[ -x "$python" ] || { echo "skipped: no $python"; exit 0; }
cargo build -q -p evtables-osquery --features double --examples
examples=${CARGO_TARGET_DIR:-target}/debug/examples
dir=$(mktemp -d)
mkfifo "$dir/in"
trap 'exec 3>&-; kill $hello $foreign $notes $wide 2>/dev/null || true; rm -rf "$dir"' EXIT
hello= foreign= notes= wide=

expect() { # what, text that must be in it, what was found
    case $3 in *"$2"*) echo "ok: $1" ;; *) echo "FAILED: $1: no $2 in: $3"; exit 1 ;; esac
}
answer() { # waits until the double has answered this many lines, gives the last
    tries=0
    while [ "$(wc -l <"$dir/out")" -lt "$1" ]; do
        tries=$((tries + 1)); [ $tries -lt 200 ] || { echo "FAILED: the double is silent"; exit 1; }
        sleep 0.05
    done
    tail -n 1 "$dir/out"
}

"$examples/double" "$dir/em" <"$dir/in" >"$dir/out" &
exec 3>"$dir/in"
answer 1 >/dev/null
"$examples/hello" --socket "$dir/em" & hello=$!
PYTHONWARNINGS=ignore "$python" "$here/foreign_extension.py" --socket "$dir/em" --timeout 5 --interval 1 & foreign=$!

echo "wait hello" >&3; expect "our extension registers" em. "$(answer 2)"; socket=$(answer 2)
echo "wait foreign" >&3; expect "theirs registers with our double" em. "$(answer 3)"
echo "select foreign number 2 7" >&3; expect "their table answers our double" '"number":"1"' "$(answer 4)"
expect "constraints reach it" "'expr': '7'" "$(answer 4)"
echo "select hello" >&3; expect "our table answers our double" '"name":"world"' "$(answer 5)"

expect "their client reads our rows" '"name": "world"' "$("$python" "$here/foreign_client.py" "$socket" hello)"
two='[{"column": "name", "op": 2, "expr": "a"}, {"column": "name", "op": 2, "expr": "b"}]'
expect "their client sends IN lists" '"name": "b"' "$("$python" "$here/foreign_client.py" "$socket" hello "$two")"
expect "their client reads our columns" '"TEXT"' "$("$python" "$here/foreign_client.py" --columns "$socket" hello)"
expect "an error is told" "unknown table: nosuch" "$("$python" "$here/foreign_client.py" "$socket" nosuch 2>&1 || true)"
expect "their client reads our double" '"hello"' "$("$python" "$here/foreign_client.py" --manager "$dir/em")"

"$examples/notes" --socket "$dir/em" & notes=$!
echo "wait notes" >&3; expect "our writable table registers" em. "$(answer 6)"; socket=$(answer 6)
client() { "$python" "$here/foreign_client.py" "$@" 2>&1 || true; }
expect "their client inserts" '"id": "1"' "$(client --insert "$socket" notes '["first"]')"
expect "their client inserts again" '"id": "2"' "$(client --insert "$socket" notes '["second"]')"
expect "their client updates" '"success"' "$(client --update "$socket" notes 2 '["changed"]')"
expect "their client deletes" '"success"' "$(client --delete "$socket" notes 1)"
expect "a row that is not there is told" "no such note" "$(client --delete "$socket" notes 1)"
expect "their client reads the row's number" '"rowid": "2"' "$(client "$socket" notes)"
expect "their client reads the change" '"text": "changed"' "$(client "$socket" notes)"
expect "NULL breaks the table's rule" '"constraint"' "$(client --insert "$socket" notes '[null]')"
echo 'insert notes ["third"]' >&3; expect "our double inserts" 3 "$(answer 7)"
echo 'update notes 9 ["x"]' >&3; expect "our double reads failures" "no such note" "$(answer 8)"
echo 'delete notes 3' >&3; expect "our double deletes" deleted "$(answer 9)"
echo 'insert hello ["x"]' >&3; expect "other tables refuse" "table hello may not be modified" "$(answer 10)"
names="SELECT name FROM osquery_registry WHERE registry='table'"
expect "getQueryColumns answers" '"name": "TEXT"' "$(client --query-columns "$dir/em" "$names")"
expect "the logger takes a line" '"code": 0' "$(client --log "$dir/em" "" '{}')"

"$examples/wide" --socket "$dir/em" & wide=$!
echo "wait wide" >&3; expect "our wide table registers" em. "$(answer 11)"; socket=$(answer 11)
expect "their client reads 100,000 rows of 20 columns" '"cells": 2000000' "$(client --measure "$socket" wide)"
in='[{"column": "c00", "op": 2, "expr": "0000000001"}, {"column": "c00", "op": 2, "expr": "0000099999"}]'
expect "constraints narrow them" '"c00": "0000099999"' "$(client --used c00,c07 "$socket" wide "$in")"
rows=$(client --used c00,c07 "$socket" wide "$in")
[ "$(echo "$rows" | grep -c c07)" = 2 ] || { echo "FAILED: an IN list of 2 values gives: $rows"; exit 1; }
case $rows in *c01*) echo "FAILED: a column that is not used was sent: $rows"; exit 1 ;; esac
echo "ok: two rows, two columns each: IN list and projection"
one='[{"column": "c00", "op": 2, "expr": "0000000007"}]'
expect "no column at all is a row for count(*)" '{}' "$(client --used "" "$socket" wide "$one")"
expect "their client calls our logger" '"features": 2' "$(client --log "$socket" wide '{"a":"b"}')"
expect "the line is in our queue" '{\"a\":\"b\"}' "$(client "$socket" wide '[{"column": "c00", "op": 2, "expr": "logged"}]' | sed 's/\\\\//g')"

echo 'push foreign {"pushed":1}' >&3; expect "our push reaches their logger" "0 OK" "$(answer 12)"
echo "select foreign number 2 7" >&3; expect "and the line is there" '{\"pushed\":1}' "$(answer 13)"
echo 'push "" {"pushed":2}' >&3; expect "our push reaches core's logger" "0" "$(answer 14)"
echo "logged" >&3; expect "and the line is there, too" '{"pushed":2}' "$(answer 15)"

echo "terminate" >&3; answer 16 >/dev/null
wait "$hello" || { echo "FAILED: hello ends with an error"; exit 1; }
hello=
wait "$notes" || { echo "FAILED: notes ends with an error"; exit 1; }
notes=
wait "$wide" || { echo "FAILED: wide ends with an error"; exit 1; }
wide=
echo "ok: shutdown reaches our extension"
