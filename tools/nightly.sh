#!/usr/bin/env bash
# make nightly: make test, and then the long runs.
. "$(dirname "$0")/common.sh"
tools/test.sh
set_up test
pg="$(mktemp -d /tmp/tandem-night-pg.XXXXXX)"; chmod 711 "$pg"
trap 'tools/postgres.sh stop "$pg/one" || true; rm -rf "$pg"' EXIT
TANDEM_TEST_POSTGRES="$(tools/postgres.sh start "$pg/one")"
export TANDEM_TEST_POSTGRES TANDEM_BIN="$CARGO_TARGET_DIR/release/tandem"

say "A million damaged updates through the gate of the shared text"
TANDEM_GATE_RUNS=1000000 PROPTEST_CASES=20000 cargo nextest run -p domain --release --config-file tools/nextest.toml

say "Fifty kills"
TANDEM_KILLS=50 cargo nextest run -p server --config-file tools/nextest.toml --run-ignored all -E 'test(kill)' --no-capture

say "Every page in every theme for every role"
TANDEM_FULL=1 tools/e2e.sh /dev/null

say "The report as PDF builds"
cargo build -p pdf
