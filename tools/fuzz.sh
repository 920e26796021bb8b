#!/usr/bin/env bash
# Fuzzes each target for a bounded time, beginning with the corpus that ordinary tests replay. Without a sanitizer: a panic,
# an endless loop and too much memory are what is looked for, and a stable compiler can build that.
#
#   tools/fuzz.sh [TARGET…]      TANDEM_FUZZ_SECONDS=600 for each
#
# What is found stays in fuzz/found/TARGET: make it smaller, give it a name in fuzz/corpus/TARGET, mend the code.
. "$(dirname "$0")/common.sh"
set_up build
seconds="${TANDEM_FUZZ_SECONDS:-600}"
targets=("$@")
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(sed -n 's/^path = "fuzz_targets\/\(.*\)\.rs"$/\1/p' fuzz/Cargo.toml)

# The coverage that libFuzzer is led by: what cargo-fuzz asks for, without its sanitizer (which needs a nightly compiler).
flags="--cfg fuzzing --cfg erase_components -Cdebug-assertions -Ccodegen-units=1 -Clink-arg=-fuse-ld=lld"
flags+=" -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters"
flags+=" -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares"
target="$CARGO_TARGET_DIR/fuzz"
host="$(rustc -vV | sed -n 's/^host: //p')"
# The same versions of everything as in the house.
cp Cargo.lock fuzz/Cargo.lock
say "Building ${#targets[@]} fuzz targets (the first time about 10 minutes)"
# With --target, so that build scripts and macros are not instrumented.
RUSTC_BOOTSTRAP=1 RUSTFLAGS="$flags" cargo build --manifest-path fuzz/Cargo.toml --release --target "$host" --target-dir "$target"

found=0
for name in "${targets[@]}"; do
  say "Fuzzing $name for $seconds s"
  mkdir -p "fuzz/found/$name" "$target/corpus/$name"
  # New inputs go to the cache; the corpus in the repository is only read.
  if ! "$target/$host/release/$name" "$target/corpus/$name" "fuzz/corpus/$name" -max_total_time="$seconds" -timeout=10 \
    -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="fuzz/found/$name/" 2>&1 | grep -vE '^(#[0-9]+\s+(REDUCE|NEW)|NEW_FUNC)'; then
    found=1
    echo "Something was found: fuzz/found/$name" >&2
  fi
done
find fuzz/found -type d -empty -delete 2>/dev/null || true
exit "$found"
