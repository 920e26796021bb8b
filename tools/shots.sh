#!/usr/bin/env bash
# Pictures of pages in each theme and width, for looking at. The arguments are in end2end/shots.mjs.
set -euo pipefail
top="$(cd "$(dirname "$0")/.." && pwd)"
cache="${TANDEM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tandem}"
E2E_MODULES="$cache/e2e" exec node "$top/end2end/shots.mjs" "$@"
