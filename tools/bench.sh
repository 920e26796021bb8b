#!/usr/bin/env bash
# make bench: one run, one table. Nothing here is a test: no number fails anything.
. "$(dirname "$0")/common.sh"
set_up test
build_release
say "Building the bench (about 2 minutes the first time)"
cargo build --release --manifest-path bench/Cargo.toml
pg="$(mktemp -d /tmp/tandem-bench-pg.XXXXXX)"; chmod 711 "$pg"
trap 'tools/postgres.sh stop "$pg/one" || true; rm -rf "$pg"' EXIT
TANDEM_BENCH_POSTGRES="$(tools/postgres.sh start "$pg/one")"
export TANDEM_BENCH_POSTGRES TANDEM_BIN="$CARGO_TARGET_DIR/release/tandem"
"$CARGO_TARGET_DIR/release/bench"
tools/size.sh
