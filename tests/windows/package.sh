#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The zip and the MSI: they hold what they shall and nothing else; the MSI is installed and taken away under Wine.
# Part of lane `windows`: `tests/windows/package.sh WINE PROGRAM`. Wants zip, unzip, wixl and msitools.
set -eu
cd "$(dirname "$0")/../.."
wine=$1
fail() { echo "FAILED: $1"; exit 1; }
dir=$(mktemp -d)
drive=$WINEPREFIX/drive_c
extension="$drive/Program Files/osquery/extensions/evtables.ext.exe"
list="$drive/Program Files/osquery/extensions.load"
# What a run that was killed left in this prefix, which is the lane's own.
rm -f "$extension" "$list"
end() {
    [ ! -e "$extension" ] || timeout 120 "$wine" msiexec /x "Z:$msi" /qn </dev/null >/dev/null 2>&1 || true
    rm -rf "$dir"
}
msi=
trap end EXIT

packages=$(packaging/windows/build.sh "$2" "$dir/out")
zip=$(echo "$packages" | grep '\.zip$')
msi=$(echo "$packages" | grep '\.msi$')
{
    printf '%s\n' README.md LICENSE NOTICE CHANGELOG.md SECURITY.md docs/config.md
    find docs/guide docs/tables packs -type f
    find packaging/config -type f -name '*.conf' | sed 's,^packaging/,,'
} >"$dir/documents"
name=$(basename "$zip" .zip)
{ echo evtables.exe; cat "$dir/documents"; } | sed "s,^,$name/," | sort >"$dir/wanted"
unzip -Z1 "$zip" | sort | diff "$dir/wanted" - || fail "the zip has other files"
{ echo osquery/extensions/evtables.ext.exe; sed 's,^,evtables/,' "$dir/documents"; } | sort >"$dir/wanted"
msiextract -l "$msi" | grep . | sort | diff "$dir/wanted" - || fail "the MSI has other files"
(cd "$dir" && unzip -q "$zip") && cmp -s "$dir/$name/evtables.exe" "$2" || fail "the zip has another program"
version=$(msiinfo export "$msi" Property | tr -d '\r' | sed -n 's/^ProductVersion\t//p')
[ "evtables-$version-windows-x86_64" = "$name" ] || fail "the MSI says it is version $version"
echo "ok: zip and MSI hold what they shall: $(wc -l <"$dir/wanted") files each, $(wc -c <"$msi") bytes the MSI"

before=absent
[ ! -e "$list" ] || before=$(cksum <"$list")
timeout 120 "$wine" msiexec /i "Z:$msi" /qn </dev/null >"$dir/log" 2>&1 || { cat "$dir/log"; fail "msiexec /i"; }
cmp -s "$extension" "$2" || fail "the extension is not installed"
grep -q 'Program Files.osquery.extensions.evtables.ext.exe' "$list" || fail "osquery's list does not name it"
[ -e "$drive/Program Files/evtables/docs/guide/windows.md" ] || fail "the documents are not installed"
timeout 60 "$wine" "$extension" verify </dev/null >"$dir/log" 2>&1 || { cat "$dir/log"; fail "verify"; }
timeout 120 "$wine" msiexec /x "Z:$msi" /qn </dev/null >"$dir/log" 2>&1 || { cat "$dir/log"; fail "msiexec /x"; }
after=absent
[ ! -e "$list" ] || after=$(cksum <"$list")
[ "$before" = "$after" ] || fail "osquery's list is not as before"
# Wine leaves empty folders.
[ -z "$(find "$drive/Program Files/osquery/extensions" "$drive/Program Files/evtables" -type f 2>/dev/null)" ] || fail "files are left behind"
echo "ok: the MSI is installed, passes verify, and leaves nothing behind"
