#!/usr/bin/env bash
# make test: everything, in the order in which a mistake is found soonest. The last lines count.
. "$(dirname "$0")/common.sh"
began=$SECONDS
set_up test
results="$(mktemp -d)"
pg="$(mktemp -d /tmp/tandem-pg.XXXXXX)"; chmod 711 "$pg"
stop() { tools/postgres.sh stop "$pg" || true; rm -rf "$results"; }
trap stop EXIT

took() { say "   $1: $((SECONDS - from)) s"; }

from=$SECONDS; say "Format"
cargo fmt --all --check
took format

from=$SECONDS; say "Lints (the first time about 4 minutes)"
cargo clippy --workspace --all-targets --quiet -- -D warnings
cargo clippy -p frontend --no-default-features --features hydrate --target wasm32-unknown-unknown --quiet -- -D warnings
took lints

from=$SECONDS; say "Licences and advisories"
tools/deny.sh
took licences

from=$SECONDS
build_release
tools/size.sh
took build

from=$SECONDS; say "Tests on SQLite and PostgreSQL (the first time about 5 minutes)"
export TANDEM_TEST_POSTGRES TANDEM_BIN="$CARGO_TARGET_DIR/release/tandem"
TANDEM_TEST_POSTGRES="$(tools/postgres.sh start "$pg/one")"
rust_ok=0
cargo nextest run --workspace --no-fail-fast --config-file tools/nextest.toml --profile default 2>&1 | tee "$results/rust" || rust_ok=$?
took tests

from=$SECONDS; say "Journeys in a real browser"
e2e_ok=0
tools/e2e.sh "$results/e2e.json" || e2e_ok=$?
took journeys

# --- counts -----------------------------------------------------------------------------------------
count() { grep -oE "[0-9]+ $1" <<<"$2" | head -1 | grep -oE '[0-9]+' || echo 0; }
line="$(grep -E 'Summary \[' "$results/rust" | tail -1 || true)"
passed=$(count passed "$line"); failed=$(count failed "$line"); skipped=$(count skipped "$line")
left_out="$(grep -hoE 'skipped on [^:]*: .*|skipped: .*' "$results/rust" | sort -u || true)"
read -r e_passed e_failed e_skipped < <(node -e '
  const s = JSON.parse(require("fs").readFileSync(process.argv[1])).stats;
  console.log(s.expected + s.flaky, s.unexpected, s.skipped);' "$results/e2e.json" 2>/dev/null || echo "0 1 0")
echo
say "All of it took $((SECONDS - began)) s"
echo "rust: $passed passed, $failed failed, $skipped skipped"
echo "browser: $e_passed passed, $e_failed failed, $e_skipped skipped"
[ -z "$left_out" ] || echo "$left_out"
echo "$((passed + e_passed)) passed, $((failed + e_failed)) failed, $((skipped + e_skipped)) skipped"
[ "$rust_ok" = 0 ] && [ "$e2e_ok" = 0 ] && [ "$passed" -gt 0 ] && [ "$e_passed" -gt 0 ]
