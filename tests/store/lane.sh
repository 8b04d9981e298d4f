#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The event store from outside: other engines read its folder, a writer is killed again and again.
# Wants EVTABLES_PYTHON with duckdb, polars and chdb, and CARGO_TARGET_DIR.
set -eu
cd "$(dirname "$0")/../.."
cargo build --locked -q -p evtables
cargo build --locked -q -p evtables-store --example store_writer
evtables=$CARGO_TARGET_DIR/debug/evtables
writer=$CARGO_TARGET_DIR/debug/examples/store_writer
dir=$(mktemp -d /tmp/evtables-store.XXXXXX)
trap 'rm -rf "$dir"' EXIT
"$writer" "$dir/open" 20000
"$evtables" store compact --now --data-dir "$dir/open"
"$evtables" store verify --data-dir "$dir/open"
"$evtables" store stats --data-dir "$dir/open"
"$EVTABLES_PYTHON" tests/store/open.py "$evtables" "$dir/open"
for format in parquet json csv; do
    "$evtables" store export --data-dir "$dir/open" --table linux_process_events --format $format --since 2020-01-01 --output "$dir/rows.$format"
done
"$EVTABLES_PYTHON" - "$dir" <<'END'
import sys
import polars
dir = sys.argv[1]
counts = {polars.read_parquet(f"{dir}/rows.parquet").height, polars.read_csv(f"{dir}/rows.csv", infer_schema=False).height, polars.read_json(f"{dir}/rows.json").height}
assert counts == {20000}, counts
print("exports as Parquet, JSON and CSV have 20000 rows each")
END
"$EVTABLES_PYTHON" tests/store/kill.py "$evtables" "$writer" "$dir/kill" "${EVTABLES_KILLS:-15}"
