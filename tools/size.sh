#!/usr/bin/env bash
# All WASM and JavaScript together, as Brotli, at most 200 KB.
. "$(dirname "$0")/common.sh"
total=0
for f in target/site/pkg/*.wasm.br target/site/pkg/*.js.br target/site/static/*.js.br; do
  [ -f "$f" ] || continue
  size=$(stat -c %s "$f"); total=$((total + size))
  printf '%8d bytes  %s\n' "$size" "${f#target/site/}" >&2
done
printf '%8d bytes of at most 204800\n' "$total" >&2
[ "$total" -gt 0 ] && [ "$total" -le 204800 ]
