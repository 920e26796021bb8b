#!/usr/bin/env bash
# make nightly: make test, and then the long runs. One that fails does not stop the next; the last lines say which did.
#
#   TANDEM_NIGHT="gate fuzz …"   only these steps (test gate kill together fuzz pages pdf bench deny); all without it
#   TANDEM_GATE_RUNS, PROPTEST_CASES, TANDEM_KILLS, TANDEM_INTERLEAVINGS, TANDEM_FUZZ_SECONDS   how long: the numbers below without them
. "$(dirname "$0")/common.sh"
began=$SECONDS
work="$(mktemp -d /tmp/tandem-night.XXXXXX)"; chmod 711 "$work"
mkdir "$work/tmp"; chmod 711 "$work/tmp"
end() { local status=$?; tools/postgres.sh stop "$work/pg" || true; rm -rf "$work"; exit "$status"; }
trap end EXIT

good=() bad=()
# Runs one step. Each is one command, so that its first failure ends it and nothing else.
night() {
  local name="$1" what="$2" from=$SECONDS
  if [ -n "${TANDEM_NIGHT:-}" ] && [[ " $TANDEM_NIGHT " != *" $name "* ]]; then return 0; fi
  say "$what"
  if "step_$name"; then good+=("$name"); else bad+=("$name"); fi
  say "   $name: $((SECONDS - from)) s"
}

step_test() { tools/test.sh; }

step_gate() {
  TANDEM_GATE_RUNS="${TANDEM_GATE_RUNS:-1000000}" PROPTEST_CASES="${PROPTEST_CASES:-20000}" \
    cargo nextest run -p domain --release --config-file tools/nextest.toml --profile nightly
}

step_kill() {
  TANDEM_KILLS="${TANDEM_KILLS:-100}" \
    cargo nextest run -p server --config-file tools/nextest.toml --profile nightly --no-capture --test kill
}

step_together() {
  TANDEM_INTERLEAVINGS="${TANDEM_INTERLEAVINGS:-300}" \
    cargo nextest run -p service --config-file tools/nextest.toml --profile nightly --no-capture --test interleavings
}

step_fuzz() { tools/fuzz.sh; }

step_pages() { TANDEM_FULL=1 tools/e2e.sh /dev/null; }

step_pdf() { cargo build -p pdf; }

step_bench() {
  cp Cargo.lock bench/Cargo.lock
  cargo test --release --manifest-path bench/Cargo.toml
}

step_deny() { tools/deny.sh; }

# make test builds the program that the pages are taken from; without it, it is built here.
night test "Everything that make test does"
set_up nightly
if [ -n "${TANDEM_NIGHT:-}" ] && [[ " $TANDEM_NIGHT " != *" test "* ]] && [[ " $TANDEM_NIGHT " == *" pages "* ]]; then
  build_release
  # The kit is a page of development builds only.
  cargo build -p server --bin tandem
fi
export TMPDIR="$work/tmp" TANDEM_TEST_POSTGRES TANDEM_BIN="$CARGO_TARGET_DIR/release/tandem"
TANDEM_TEST_POSTGRES="$(tools/postgres.sh start "$work/pg")"
night gate "A million damaged updates through the gate of the shared text (about 12 minutes, most of it building)"
night kill "A hundred kills on each engine (about 10 minutes)"
night together "Three hundred orders of what people do at once (about 5 minutes)"
night fuzz "Fuzzing (10 minutes for each target, and as long again to build)"
night pages "Every page in every theme for every role"
night pdf "The report as PDF builds"
night bench "What make bench measures with builds, and its own tests hold"
night deny "Licences and advisories, with everything there is to ask"

echo
say "The night took $((SECONDS - began)) s"
echo "worked: ${good[*]:-none}"
echo "failed: ${bad[*]:-none}"
[ "${#bad[@]}" = 0 ] && [ "${#good[@]}" -gt 0 ]
