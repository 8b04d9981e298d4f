#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A zip and an MSI around a program for Windows: `packaging/windows/build.sh PROGRAM FOLDER` writes both into FOLDER and
# prints their paths. Wants zip, and wixl and wixl-heat (Debian wixl).
set -eu
program=$(realpath "$1")
mkdir -p "$2"
out=$(realpath "$2")
cd "$(dirname "$0")/../.."
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
[ -n "$version" ] || { echo "no version in Cargo.toml" >&2; exit 1; }
name=evtables-$version-windows-x86_64
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

documents=$work/$name
mkdir -p "$documents/docs" "$documents/config"
cp README.md LICENSE NOTICE CHANGELOG.md SECURITY.md "$documents/"
cp -r docs/config.md docs/guide docs/tables "$documents/docs/"
cp -r packs "$documents/"
cp packaging/config/*.conf "$documents/config/"

find "$documents" -type f | sort |
    wixl-heat --prefix "$documents/" --var var.Stage --directory-ref DOCUMENTS --component-group Documents --win64 \
        >"$work/documents.wxs"
rm -f "$out/$name.msi" "$out/$name.zip"
# wixl takes sources below its own folder only.
cp packaging/windows/evtables.wxs "$work/"
cp "$program" "$work/evtables.ext.exe"
(cd "$work" && wixl --arch x64 -D Win64=yes -D Version="$version" -D Program=evtables.ext.exe -D Stage="$name" \
    -o "$out/$name.msi" evtables.wxs documents.wxs >&2)

cp "$program" "$documents/evtables.exe"
(cd "$work" && find "$name" -type f | sort | zip -q -X "$out/$name.zip" -@)
echo "$out/$name.zip"
echo "$out/$name.msi"
