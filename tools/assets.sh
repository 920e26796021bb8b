#!/usr/bin/env bash
# Puts what pages are drawn with into public/ (not kept in git): fonts, symbols, scripts, the mark. Quick, and safe to
# run again: a file is only written when it differs, so that nothing is rebuilt for nothing.
#
#   tools/assets.sh           needs the packages that tools/setup.sh installed
set -euo pipefail
top="$(cd "$(dirname "$0")/.." && pwd)"
cache="${TANDEM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tandem}"
from="$cache/assets/node_modules"
to="$top/public/static"
[ -d "$from/openmoji" ] || { echo "Fonts and symbols are not here yet. Run: tools/setup.sh build" >&2; exit 1; }
mkdir -p "$to/fonts" "$to/symbols"

put() { cmp -s "$1" "$2" 2>/dev/null || cp "$1" "$2"; }

font() { put "$from/$1" "$to/fonts/$2.woff2"; }
atkinson=@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next
font "$atkinson-latin-wght-normal.woff2" atkinson-latin
font "$atkinson-latin-ext-wght-normal.woff2" atkinson-latin-ext
bricolage=@fontsource-variable/bricolage-grotesque/files/bricolage-grotesque
font "$bricolage-latin-wght-normal.woff2" bricolage-latin
font "$bricolage-latin-ext-wght-normal.woff2" bricolage-latin-ext
lexend=@fontsource-variable/lexend/files/lexend
font "$lexend-latin-wght-normal.woff2" lexend-latin
font "$lexend-latin-ext-wght-normal.woff2" lexend-latin-ext
font @fontsource/opendyslexic/files/opendyslexic-latin-400-normal.woff2 opendyslexic-400
font @fontsource/opendyslexic/files/opendyslexic-latin-700-normal.woff2 opendyslexic-700

listed="$(sed -n 's/^\([0-9A-F][0-9A-F-]*\) .*/\1/p' "$top/style/symbols.txt")"
missing=0
for code in $listed; do
  at="$from/openmoji/color/svg/$code.svg"
  if [ -f "$at" ]; then put "$at" "$to/symbols/$code.svg"; else
    echo "style/symbols.txt names $code, which OpenMoji does not have" >&2; missing=1
  fi
done
# What is no longer listed goes.
for file in "$to"/symbols/*.svg; do
  code="$(basename "$file" .svg)"
  case $'\n'"$listed"$'\n' in *$'\n'"$code"$'\n'*) ;; *) rm -f "$file" ;; esac
done

# One style sheet: cargo-leptos shrinks the file it is given and leaves @import alone, so the parts are joined here.
mkdir -p "$top/target"
sed -n 's/^@import "\.\/\(.*\)";$/\1/p' "$top/style/main.css" | while read -r part; do cat "$top/style/$part"; done >"$top/target/tandem.css.new"
put "$top/target/tandem.css.new" "$top/target/tandem.css"; rm -f "$top/target/tandem.css.new"

for script in "$top"/frontend/js/*.js; do put "$script" "$to/$(basename "$script")"; done
put "$top/style/mark.svg" "$to/mark.svg"
put "$top/service/src/access/common_passwords_licence.txt" "$to/common-passwords-licence.txt"
put "$from/openmoji/LICENSE.txt" "$to/openmoji-licence.txt"
for name in atkinson-hyperlegible-next bricolage-grotesque lexend; do
  put "$from/@fontsource-variable/$name/LICENSE" "$to/fonts/$name-licence.txt"
done
put "$from/@fontsource/opendyslexic/LICENSE" "$to/fonts/opendyslexic-licence.txt"
exit "$missing"
