#!/usr/bin/env bash
# make bench: one run of about half an hour, two tables on standard output (docs/BENCH.md says what their lines mean). Nothing
# here is a test: no number fails anything. Servers and load stay on 127.0.0.1. `tools/bench.sh real` measures the page of the
# real conversation alone, `tools/bench.sh together` writing together.
. "$(dirname "$0")/common.sh"
# Only writing together is compared with other programs, which npm brings.
if [ "${1:-together}" = together ]; then set_up bench; else set_up test; fi
build_release
say "Building the measurement (about 3 minutes the first time)"
# The same versions of everything as the house: what is compared must not differ in its libraries.
cp Cargo.lock bench/Cargo.lock
cargo build --release --manifest-path bench/Cargo.toml
pg="$(mktemp -d /tmp/tandem-bench-pg.XXXXXX)"; chmod 711 "$pg"
trap 'tools/postgres.sh stop "$pg/one" || true; rm -rf "$pg"' EXIT
# As in earnest: what is kept is on the disk.
TANDEM_BENCH_POSTGRES="$(TANDEM_POSTGRES_FSYNC=on tools/postgres.sh start "$pg/one")"
# A thousand event streams are a thousand open files here and in the program.
ulimit -n 4096 2>/dev/null || say "At most $(ulimit -n) open files: the thousand event streams may not fit"
export TANDEM_BENCH_POSTGRES TANDEM_BIN="$CARGO_TARGET_DIR/release/tandem"
export TANDEM_BENCH_OTHERS="$TANDEM_CACHE/others"
if [ "${1:-together}" = together ]; then
  TANDEM_BENCH_EDITOR="$(tools/size-of-editor.sh)"
  export TANDEM_BENCH_EDITOR
fi
export TANDEM_BENCH_WEIGHT="$top/end2end/weight.mjs" E2E_MODULES="$TANDEM_CACHE/e2e"
"$CARGO_TARGET_DIR/release/bench" "$@"
tools/size.sh
