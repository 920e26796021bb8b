#!/usr/bin/env bash
# make test: everything, in the order in which a mistake is found soonest. The last lines count, whatever happened.
. "$(dirname "$0")/common.sh"
began=$SECONDS step="Set-up" counted=""

# Everything the tests leave behind is in one folder, which goes at the end; so does the database server in it.
work="$(mktemp -d /tmp/tandem-test.XXXXXX)"; chmod 711 "$work"
mkdir "$work/tmp"; chmod 711 "$work/tmp"
end() {
  local status=$?
  tools/postgres.sh stop "$work/pg" || true
  rm -rf "$work"
  [ -n "$counted" ] || printf '\nStopped at: %s\n0 passed, 1 failed, 0 skipped\n' "$step"
  exit "$status"
}
trap end EXIT

begin() { step="$1" from=$SECONDS; say "$1${2:+ ($2)}"; }
took() { say "   $step: $((SECONDS - from)) s"; }

begin "Set-up"
set_up test
took

begin "Format"
cargo fmt --all --check
took

begin "Lints" "the first time about 4 minutes"
cargo clippy --workspace --all-targets --quiet -- -D warnings
cargo clippy -p frontend --no-default-features --features hydrate --target wasm32-unknown-unknown --quiet -- -D warnings
took

begin "Licences and advisories"
tools/deny.sh
took

begin "Build"
build_release
tools/size.sh
took

begin "Examples in the documentation"
cargo test --workspace --doc --quiet 2>&1 | tee "$work/doc"
took

begin "Tests on SQLite and PostgreSQL" "the first time about 5 minutes"
export TANDEM_TEST_POSTGRES TANDEM_BIN="$CARGO_TARGET_DIR/release/tandem" TMPDIR="$work/tmp" TANDEM_LEFT_OUT="$work/left-out"
TANDEM_TEST_POSTGRES="$(tools/postgres.sh start "$work/pg")"
rust_ok=0
cargo nextest run --workspace --no-fail-fast --config-file tools/nextest.toml 2>&1 | tee "$work/rust" || rust_ok=$?
took

begin "Journeys in a real browser"
e2e_ok=0
tools/e2e.sh "$work/e2e.json" || e2e_ok=$?
took

# --- counts -----------------------------------------------------------------------------------------
count() { grep -oE "[0-9]+ $1" <<<"$2" | head -1 | grep -oE '[0-9]+' || echo 0; }
line="$(grep -E 'Summary \[' "$work/rust" | tail -1 || true)"
passed=$(count passed "$line"); failed=$(count failed "$line"); skipped=$(count skipped "$line")
# A test that is stopped because it takes too long has failed.
failed=$((failed + $(count "timed out" "$line")))
doc=$(grep -oE '[0-9]+ passed' "$work/doc" | awk '{ n += $1 } END { print n + 0 }')
left_out="$(sort -u "$TANDEM_LEFT_OUT" 2>/dev/null || true)"
[ -z "$left_out" ] || skipped=$((skipped + $(wc -l <<<"$left_out")))
read -r e_passed e_failed e_skipped < <(node -e '
  const s = JSON.parse(require("fs").readFileSync(process.argv[1])).stats;
  console.log(s.expected + s.flaky, s.unexpected, s.skipped);' "$work/e2e.json" 2>/dev/null || echo "0 1 0")
counted=yes
echo
say "All of it took $((SECONDS - began)) s"
echo "rust: $passed passed, $failed failed, $skipped skipped; examples in the documentation: $doc passed"
echo "browser: $e_passed passed, $e_failed failed, $e_skipped skipped"
[ -z "$left_out" ] || echo "$left_out"
echo "$((passed + doc + e_passed)) passed, $((failed + e_failed)) failed, $((skipped + e_skipped)) skipped"
[ "$rust_ok" = 0 ] && [ "$e2e_ok" = 0 ] && [ "$passed" -gt 0 ] && [ "$e_passed" -gt 0 ]
