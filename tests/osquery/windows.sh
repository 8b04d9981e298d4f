#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Windows without Windows: everything is cross-built and linted; the tests of crate osquery run on named pipes under
# Wine, those of live collection over functions of ours, and those of the portable crates beside them; the program
# itself serves its tables though Wine has no event tracing: `tests/osquery/windows.sh`. `./dev test windows` installs what it wants:
# the Rust target x86_64-pc-windows-gnu, a MinGW gcc (Debian gcc-mingw-w64-x86-64-posix) and Wine (Debian wine64).
# Ends with 77 and a reason when one of them is absent. Arguments go to the test programs, as a filter for example.
# The Wine prefix (700 MB) is kept for the next run: $EVTABLES_WINEPREFIX, or ~/.cache/evtables/wine.
set -eu
cd "$(dirname "$0")/../.."
target=x86_64-pc-windows-gnu
# With tests under Wine. Those of crate osquery come with its double of core.
portable="evtables-schema evtables-filter evtables-state-windows"
osquery=evtables-osquery

skip() { echo "skipped: $1" >&2; exit 77; }

command -v cargo >/dev/null || PATH=$HOME/.cargo/bin:$PATH
[ -d "$(rustc --print sysroot)/lib/rustlib/$target/lib" ] || skip "no Rust target $target"
command -v x86_64-w64-mingw32-gcc >/dev/null || skip "no x86_64-w64-mingw32-gcc"
# The loader itself: Debian's wrapper asks for wine32 on every start.
wine=
for found in /usr/lib/wine/wine64 "$(command -v wine64 || true)"; do
    [ -x "$found" ] && { wine=$found; break; }
done
[ -n "$wine" ] || skip "no wine64"
server=/usr/lib/wine/wineserver64
[ -x "$server" ] || server=$(command -v wineserver) || skip "no wineserver"

export CARGO_PROFILE_DEV_DEBUG=0
cargo clippy --locked -q -p $osquery --all-features --all-targets --target $target -- -D warnings
cargo clippy --locked -q -p evtables --features os-publishers --bins --test windows --target $target -- -D warnings
cargo clippy --locked -q -p evtables-publisher-windows --lib --tests --target $target -- -D warnings
cargo clippy --locked -q -p evtables-state-windows --all-targets --target $target -- -D warnings
echo "ok: the Windows build is lint-free"

WINEPREFIX=${EVTABLES_WINEPREFIX:-$HOME/.cache/evtables/wine}
export WINEPREFIX WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" WINEARCH=win64
unset DISPLAY WAYLAND_DISPLAY
mkdir -p "$WINEPREFIX"
# One run at a time in a prefix: the end of one would end the server of the other.
exec 9>"$WINEPREFIX.lock"
flock 9
# It stays between two programs; else one may meet it as it goes.
"$server" -p120 9>&- || true
# The server would keep the prefix for some seconds; only that of this prefix ends.
trap '"$server" -k >/dev/null 2>&1 || true' EXIT
system=$WINEPREFIX/drive_c/windows/system32
[ -e "$system/kernel32.dll" ] || timeout 300 "$wine" wineboot -i >/dev/null 2>&1 9>&- || true
[ -e "$system/kernel32.dll" ] || { echo "FAILED: no Wine prefix at $WINEPREFIX"; exit 1; }

# Rust's std asks this DLL for random bytes; Wine 8 has none.
if [ ! -e "$system/bcryptprimitives.dll" ]; then
    dir=$(mktemp -d)
    cat >"$dir/prng.c" <<'C'
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE bytes, SIZE_T count) {
    return SystemFunction036(bytes, (ULONG)count);
}
C
    x86_64-w64-mingw32-gcc -shared -o "$dir/bcryptprimitives.dll" "$dir/prng.c" -ladvapi32
    mv "$dir/bcryptprimitives.dll" "$system/"
    rm -r "$dir"
fi

programs() { # cargo arguments: builds tests, prints the programs
    cargo test --locked -q "$@" --target $target --no-run --message-format=json |
        sed -n 's/.*"executable":"\([^"]*\.exe\)".*/\1/p'
}
run() { # program, arguments: under Wine, 300 s at most
    timeout 300 "$wine" "$@" </dev/null >"$out" 2>&1 9>&- && { tail -n 2 "$out" | tr -d '\r' | grep .; return 0; }
    cat "$out"
    echo "FAILED: $1 under Wine"
    return 1
}
out=$(mktemp)
trap '"$server" -k >/dev/null 2>&1 || true; rm -f "$out"' EXIT

list=$(programs -p $osquery --features double --lib --test survival)
[ -n "$list" ] || { echo "FAILED: no test program"; exit 1; }
for program in $list; do run "$program" "$@"; done
echo "ok: crate osquery passes on named pipes"
[ $# -eq 0 ] || exit 0
for crate in $portable; do
    for program in $(programs -p "$crate" --lib); do run "$program"; done
    echo "ok: $crate passes"
done

# The host of the engine, and live collection: calls, callback and queues, with the figures that it prints.
for program in $(programs -p evtables-engine --lib); do run "$program" host::; done
for program in $(programs -p evtables-publisher-windows --lib); do
    run "$program" --nocapture --test-threads 1
    tr -d '\r' <"$out" | sed -n 's/.*\(1,000,000 records: .*\)/\1/p; s/^\(.*\): \([0-9]* records.*, [0-9]* rows, the same\)$/\2/p'
    echo "ok: live collection over functions of ours"
done
for program in $(programs -p evtables --features os-publishers --bin evtables | grep deps); do run "$program" install:: query:: service_watch:: log:: system::; done
for program in $(programs -p evtables --features os-publishers --test windows | grep deps); do run "$program"; done
echo "ok: the extension serves its tables beside a double of osquery's manager, and comes back"
sh tests/windows/program.sh "$wine" 9>&-
