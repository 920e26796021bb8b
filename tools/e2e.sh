#!/usr/bin/env bash
# The journeys in a real browser, against the release program with the demo. First argument: where the JSON report goes.
. "$(dirname "$0")/common.sh"
report="${1:-/dev/null}"; shift || true
cache="${TANDEM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tandem}"
[ -n "${TANDEM_BIN:-}" ] || { . "$cache/env.sh"; TANDEM_BIN="$CARGO_TARGET_DIR/release/tandem"; }
export TANDEM_BIN PLAYWRIGHT_JSON_OUTPUT_FILE="$report"
# The kit is looked at in the program of development builds, which the Rust tests have built before.
export TANDEM_DEBUG_BIN="${TANDEM_DEBUG_BIN:-$(dirname "$TANDEM_BIN")/../debug/tandem}"
[ -x "$TANDEM_DEBUG_BIN" ] || { . "$cache/env.sh"; cargo build --workspace --bin tandem; TANDEM_DEBUG_BIN="$CARGO_TARGET_DIR/debug/tandem"; }
# The packages are in the cache; the tests find them through a link that git does not see.
ln -sfn "$cache/e2e/node_modules" end2end/node_modules
# One journey is on PostgreSQL.
if [ -z "${TANDEM_TEST_POSTGRES:-}" ]; then
  pg="$(mktemp -d /tmp/tandem-e2e-pg.XXXXXX)"; chmod 711 "$pg"
  trap '"$top/tools/postgres.sh" stop "$pg/one" || true; rm -rf "$pg"' EXIT
  TANDEM_TEST_POSTGRES="$(tools/postgres.sh start "$pg/one")"
fi
export TANDEM_TEST_POSTGRES
cd end2end
node_modules/.bin/playwright test --reporter=list,json "$@"
