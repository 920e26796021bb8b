#!/usr/bin/env bash
# make dev: serves the demo, and builds it again whenever something changes.
#
# cargo-leptos looks at Rust, words, demo and migrations (watch-additional-files in Cargo.toml). The development program reads
# styles and scripts from the checkout at each request. What is left, symbols and the style sheet that is shipped, is put
# together again by a loop here, which ends with this script.
. "$(dirname "$0")/common.sh"
set_up build
tools/assets.sh

sources() { find style frontend/js tools/assets -not -path '*/node_modules/*' -type f -printf '%p %T@ %s\n' | sort; }
again() {
  local before now
  before="$(sources)"
  while sleep 1; do
    now="$(sources)"
    [ "$now" = "$before" ] && continue
    before="$now"
    # A style sheet that is half written, or a symbol that OpenMoji does not have, ends no loop.
    tools/assets.sh || true
  done
}
again &
loop=$!

# Plain names: the program finds what was built for the browser again after each build.
LEPTOS_HASH_FILES=false cargo-leptos leptos watch -- serve --demo "$@" &
watch=$!
# However this script ends, both end with it; cargo-leptos stops its server before it goes.
trap 'kill "$loop" 2>/dev/null || true; kill "$watch" 2>/dev/null || true; wait "$watch" 2>/dev/null || true' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
wait "$watch"
