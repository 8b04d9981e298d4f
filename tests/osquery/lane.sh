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
trap 'exec 3>&-; kill $hello $foreign 2>/dev/null || true; rm -rf "$dir"' EXIT
hello= foreign=

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
echo "terminate" >&3; answer 6 >/dev/null
wait "$hello" || { echo "FAILED: hello ends with an error"; exit 1; }
hello=
echo "ok: shutdown reaches our extension"
