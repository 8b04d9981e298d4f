#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the fuzz targets and runs them: `fuzz/run.sh SECONDS|same [TARGET…]`, all of them when none is named. With `same` each
# run tries the same inputs, from the seeds alone: what it finds, this change brought in.
# Wants cargo-fuzz. Inputs that are found stay in $CARGO_TARGET_DIR/fuzz/corpus for the next run; one that makes a
# target fail goes to $CARGO_TARGET_DIR/fuzz/artifacts and is named.
set -eu
cd "$(dirname "$0")/.."
root=$PWD how="-max_total_time=$1"
shift
export RUST_BACKTRACE=0
out=${CARGO_TARGET_DIR:-$root/target}/fuzz
triple=$(rustc -vV | sed -n 's/^host: //p')

# The versions of the workspace; cargo adds those that only the targets need.
[ fuzz/Cargo.lock -nt Cargo.lock ] || cp Cargo.lock fuzz/Cargo.lock
# No sanitizer: the code under test has no unsafe, and its own checks are on.
RUSTC_BOOTSTRAP=1 cargo fuzz build --fuzz-dir fuzz --sanitizer none --target-dir "$out" >&2
[ $# -gt 0 ] || set -- $(cargo fuzz list --fuzz-dir fuzz)

corpus=$out/corpus
if [ "$how" = -max_total_time=same ]; then
    how='-seed=1 -runs=8000 -max_total_time=30'
    corpus=$(mktemp -d)
    trap 'rm -rf "$corpus"' EXIT
fi
mkdir -p "$out/artifacts"
python3 fuzz/recorded.py ../shared/osquery-wire "$corpus"

one() { # TARGET: runs it; its words are shown when it fails
    mkdir -p "$corpus/$1"
    # What adds nothing goes when there is much.
    if [ "$(ls "$corpus/$1" | wc -l)" -gt 2000 ]; then
        rm -rf "$out/merged/$1"
        mkdir -p "$out/merged/$1"
        "$out/$triple/release/$1" -merge=1 "$out/merged/$1" "$corpus/$1" >"$out/$1.log" 2>&1 || true
        rm -rf "$corpus/$1"
        mv "$out/merged/$1" "$corpus/$1"
    fi
    seeds=
    [ ! -d "fuzz/seeds/$1" ] || seeds=fuzz/seeds/$1
    # An input of a chain of certificates takes milliseconds: fewer of them, so that their number ends the run and not the time.
    [ "$1" != signature ] || how=$(echo "$how" | sed 's/-runs=8000/-runs=2000/')
    if "$out/$triple/release/$1" "$corpus/$1" $seeds $how -timeout=5 \
        -rss_limit_mb=1024 -max_len=65536 -artifact_prefix="$out/artifacts/$1-" >"$out/$1.log" 2>&1; then
        echo "ok: $1: $(sed -n 's/^Done \([0-9]*\) runs.*/\1 runs/p' "$out/$1.log"), $(ls "$corpus/$1" | wc -l) inputs kept"
    else
        tail -n 40 "$out/$1.log"
        echo "FAILED: $1: the input is $(sed -n 's/.*Test unit written to //p' "$out/$1.log" | tail -n 1)"
        echo "again:  $out/$triple/release/$1 FILE"
        return 1
    fi
}

# As many at once as there are CPUs.
jobs=$(nproc 2>/dev/null || echo 2) failed=
while [ $# -gt 0 ]; do
    pids=
    for _ in $(seq "$jobs"); do
        [ $# -gt 0 ] || break
        one "$1" & pids="$pids $!"
        shift
    done
    for pid in $pids; do
        wait "$pid" || failed=yes
    done
done
[ -z "$failed" ]
