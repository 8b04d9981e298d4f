#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Crate osquery for Windows: cross-built, linted, and its tests run on named pipes under Wine: `tests/osquery/windows.sh`.
# Installs nothing. Wants the Rust target x86_64-pc-windows-gnu, a MinGW gcc (Debian gcc-mingw-w64-x86-64-posix)
# and Wine (Debian wine64); prints `skipped:` and ends with 0 when one of them is absent.
# Arguments go to the test programs, as a filter for example. The Wine prefix (700 MB) is kept for the next run:
# $EVTABLES_WINEPREFIX, or ~/.cache/evtables/wine.
set -eu
cd "$(dirname "$0")/../.."
target=x86_64-pc-windows-gnu
package=evtables-osquery

command -v cargo >/dev/null || PATH=$HOME/.cargo/bin:$PATH
[ -d "$(rustc --print sysroot)/lib/rustlib/$target/lib" ] || { echo "skipped: no Rust target $target"; exit 0; }
command -v x86_64-w64-mingw32-gcc >/dev/null || { echo "skipped: no x86_64-w64-mingw32-gcc"; exit 0; }
# The loader itself: Debian's wrapper asks for wine32 on every start.
wine=
for found in /usr/lib/wine/wine64 "$(command -v wine64 || true)"; do
    [ -x "$found" ] && { wine=$found; break; }
done
[ -n "$wine" ] || { echo "skipped: no wine64"; exit 0; }
server=/usr/lib/wine/wineserver
[ -x "$server" ] || server=$(command -v wineserver || true)

export CARGO_PROFILE_DEV_DEBUG=0
cargo clippy --locked -q -p $package --all-features --all-targets --target $target -- -D warnings
echo "ok: the Windows build is lint-free"

WINEPREFIX=${EVTABLES_WINEPREFIX:-$HOME/.cache/evtables/wine}
export WINEPREFIX WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" WINEARCH=win64
unset DISPLAY WAYLAND_DISPLAY
mkdir -p "$WINEPREFIX"
system=$WINEPREFIX/drive_c/windows/system32
[ -e "$system/kernel32.dll" ] || timeout 300 "$wine" wineboot -i >/dev/null 2>&1
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

programs=$(cargo test --locked -q -p $package --features double --lib --target $target --no-run --message-format=json |
    sed -n 's/.*"executable":"\([^"]*\.exe\)".*/\1/p')
[ -n "$programs" ] || { echo "FAILED: no test program"; exit 1; }
status=0
for program in $programs; do
    timeout 300 "$wine" "$program" "$@" || status=$?
done
# The server would keep the prefix for some seconds; only that of this prefix ends.
[ -z "$server" ] || "$server" -k || true
[ $status -eq 0 ] || { echo "FAILED: tests under Wine ended with $status"; exit 1; }
echo "ok: the tests pass on named pipes under Wine"
