#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What a program for Windows imports: DLLs that every Windows has, and no other; prints its size.
# `tests/windows/imports.sh PROGRAM`: lane `windows` asks it of the program that it tests, `./dev package windows` of the one that ships.
set -eu
program=$1
system="advapi32 api-ms-win-core-synch-l1-2-0 bcryptprimitives gdi32 kernel32 msvcrt ntdll ole32 psapi shell32 user32 userenv ws2_32
    bcrypt crypt32 iphlpapi oleaut32 pdh secur32 setupapi wevtapi wintrust"
imported=$(x86_64-w64-mingw32-objdump -p "$program" | sed -n 's/.*DLL Name: \(.*\)\.dll/\1/Ip' | tr 'A-Z' 'a-z' | sort -u)
[ -n "$imported" ] || { echo "FAILED: $program imports nothing"; exit 1; }
for dll in $imported; do
    case " $(echo $system) " in *" $dll "*) ;; *) echo "FAILED: $dll.dll is no part of every Windows"; exit 1 ;; esac
done
echo "ok: imports $(echo "$imported" | wc -l) DLLs, of the system only; $(wc -c <"$program") bytes"
