#!/usr/bin/env bash
# Installs everything that Tandem needs to build, run and be tested, once, into a cache outside the checkout.
#
#   tools/setup.sh build   what `make serve` needs: compiler, WASM target, cargo-leptos, wasm-bindgen, wasm-opt, fonts, symbols
#   tools/setup.sh test    that, and what the tests need: PostgreSQL, a browser, Playwright, the runner
#   tools/setup.sh bench   the same, and other programs that people write together with: `make bench` compares
#   tools/setup.sh nightly what the tests need, and what the long runs need: cargo-deny, a C++ compiler for the fuzzer
#
# It tries the ordinary way first and falls back to package registries only (docs/DECISIONS/0009-toolchain.md).
# What it found is written to $TANDEM_CACHE/env.sh; tools/common.sh reads that before every command.
set -euo pipefail

want="${1:-build}"
case "$want" in build | test | bench | nightly) ;; *) echo "build, test, bench or nightly" >&2; exit 2 ;; esac
tests=""; [ "$want" = build ] || tests=yes
top="$(cd "$(dirname "$0")/.." && pwd)"
cache="${TANDEM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tandem}"
mkdir -p "$cache/bin" "$cache/log"
bindgen_version="$(sed -n 's/^wasm-bindgen *= *.*"=\([0-9.]*\)".*/\1/p' "$top/Cargo.toml" | head -1)"
leptos_version="0.3.11"
deny_version="0.20.2"

say() { printf '\033[1m== %s\033[0m\n' "$*" >&2; }

# Two set-ups at once would take each other's half-built files away: the second waits for the first, then finds all there.
exec 9>"$cache/lock"
if ! flock -n 9; then
  say "Another set-up is at work: waiting for it"
  flock 9
fi
have() { command -v "$1" >/dev/null 2>&1; }

# One helper for every slow step: say what and how long, keep the log, print its end when it fails.
step() {
  local what="$1" log="$cache/log/$2.log"; shift 2
  say "$what"
  local from=$SECONDS ticks worked=yes
  # What it prints goes into the log; that it is still at it is shown. Ends with this script, however that ends.
  ( exec 9>&-; while sleep 20 >/dev/null 2>&1 </dev/null && kill -0 $$ 2>/dev/null; do printf '   still at it after %s s\n' "$((SECONDS - from))" >&2; done ) &
  ticks=$!
  "$@" >"$log" 2>&1 9>&- || worked=no # a server that a package starts must not keep the lock
  kill "$ticks" 2>/dev/null || true
  wait "$ticks" 2>/dev/null || true
  if [ "$worked" = no ]; then
    tail -n 30 "$log" >&2
    printf 'This step did not work: %s\nThe whole log is in %s\n' "$what" "$log" >&2
    return 1
  fi
  say "   done in $((SECONDS - from)) s"
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif have sudo; then sudo "$@"; else
    echo "This needs administrator rights: $*" >&2; return 1; fi
}

apt_missing() {
  local missing=() p
  for p in "$@"; do dpkg -s "$p" >/dev/null 2>&1 || missing+=("$p"); done
  [ ${#missing[@]} -eq 0 ] && return 0
  have apt-get || { echo "Please install these with your system's package manager: ${missing[*]}" >&2; return 1; }
  step "Installing ${missing[*]} (about a minute)" apt as_root sh -c \
    "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${missing[*]}"
}

# --- the compiler and the WASM target -------------------------------------------------------------
web_std() { # builds the standard library for the web once with Debian's Rust and lays it where rustc looks
  local at=/usr/lib/rustlib/wasm32-unknown-unknown/lib work="$cache/web-std"
  local version; version="$(/usr/bin/rustc --version)"
  if [ -f "$at/.tandem" ] && [ "$(cat "$at/.tandem")" = "$version" ]; then return 0; fi
  rm -rf "$work"; mkdir -p "$work/src"
  printf '[package]\nname = "web-std"\nversion = "0.0.0"\nedition = "2024"\n' >"$work/Cargo.toml"
  echo '#![no_std]' >"$work/src/lib.rs"
  step "Building the standard library for the browser (about a minute)" web-std \
    env -u CARGO_TARGET_DIR RUSTUP_TOOLCHAIN=web RUSTC_BOOTSTRAP=1 cargo build --manifest-path "$work/Cargo.toml" \
    --target-dir "$work/target" --release --target wasm32-unknown-unknown -Zbuild-std=std,panic_abort
  as_root mkdir -p "$at"
  as_root cp "$work"/target/wasm32-unknown-unknown/release/deps/*.rlib "$at/"
  echo "$version" | as_root tee "$at/.tandem" >/dev/null
}

toolchain=""; linker=""
have gcc || apt_missing gcc libc6-dev
have rustup || { echo "Please install Rust with rustup first: https://rustup.rs" >&2; exit 1; }
have npm || { echo "Please install Node.js 20 or newer with npm first: https://nodejs.org" >&2; exit 1; }
stable_has_web() { [ -d "$(rustc +stable --print sysroot 2>/dev/null)/lib/rustlib/wasm32-unknown-unknown/lib" ]; }
new_enough() { [ "$(printf '%s\n1.96.0\n' "$(rustc +stable --version | awk '{print $2}')" | sort -V | head -1)" = 1.96.0 ]; }
if [ -z "${TANDEM_REGISTRIES_ONLY:-}" ] && ! stable_has_web && new_enough; then
  say "Adding the browser target to Rust (seconds, or a fall-back when the server cannot be reached)"
  timeout 120 rustup target add --toolchain stable wasm32-unknown-unknown >"$cache/log/rustup.log" 2>&1 || true
fi
if stable_has_web && new_enough; then
  toolchain="stable"
  # A minimal Rust has neither of them, and the tests begin with both.
  cargo +stable fmt --version >/dev/null 2>&1 && cargo +stable clippy --version >/dev/null 2>&1 ||
    timeout 120 rustup component add --toolchain stable rustfmt clippy >>"$cache/log/rustup.log" 2>&1
else
  apt_missing rustc-web cargo-web rust-web-src rust-web-clippy rustfmt-web lld
  rustup toolchain list | grep -q '^web' || rustup toolchain link web /usr
  web_std
  toolchain="web"
  linker="$(rustc +stable --print sysroot)/lib/rustlib/x86_64-unknown-linux-gnu/bin/rust-lld"
  [ -x "$linker" ] || linker="/usr/bin/rust-lld"
fi
if ! have lld && ! have ld.lld; then apt_missing lld; fi

# --- programs from the crate registry ------------------------------------------------------------
export RUSTUP_TOOLCHAIN="$toolchain"
quick=(env CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_OPT_LEVEL=0
  CARGO_PROFILE_RELEASE_DEBUG=0 CARGO_TARGET_DIR="$cache/tools-target")
install_tool() { # name, version, minutes, further arguments
  local name="$1" version="$2" minutes="$3"; shift 3
  [ -x "$cache/bin/$name-$version" ] && return 0
  step "Installing $name $version (about $minutes minutes, once)" "$name" \
    "${quick[@]}" cargo install "$name" --version "$version" --root "$cache/tool-$name" --force "$@"
  find "$cache/tool-$name/bin" -type f -executable -exec cp {} "$cache/bin/" \;
  touch "$cache/bin/$name-$version"; chmod +x "$cache/bin/$name-$version"
}
# The ordinary way first: a program of the right version that is here already, then cargo-binstall where that is installed
# (it fetches finished programs), and only then minutes of compiling.
same() { # version, program and how it is asked; as the build will find it
  local said; said="$(PATH="$cache/bin:$PATH" "${@:2}" 2>/dev/null | head -1)" || return 1
  case " $said " in *" $1 "*) return 0 ;; *) return 1 ;; esac
}
fetched() { # name, version: as a finished program, into the cache
  have cargo-binstall && [ -z "${TANDEM_REGISTRIES_ONLY:-}" ] || return 1
  say "Fetching $1 $2 (seconds, or it is built here when it cannot be had)"
  timeout 180 cargo binstall --no-confirm --disable-strategies compile --install-path "$cache/bin" "$1@$2" \
    >"$cache/log/$1-fetched.log" 2>&1 9>&- || return 1
  touch "$cache/bin/$1-$2"; chmod +x "$cache/bin/$1-$2"
}
if ! same "$bindgen_version" wasm-bindgen --version && ! fetched wasm-bindgen-cli "$bindgen_version"; then
  install_tool wasm-bindgen-cli "$bindgen_version" 3
fi
if ! same "$leptos_version" cargo-leptos --version && ! fetched cargo-leptos "$leptos_version"; then
  install_tool cargo-leptos "$leptos_version" 8 --features no_downloads --locked
fi
if [ -n "$tests" ] && ! have cargo-nextest; then
  fetched cargo-nextest 0.9.114 || install_tool cargo-nextest 0.9.114 6 --locked
fi
if [ "$want" = nightly ]; then
  have g++ || apt_missing g++
  have cargo-deny || install_tool cargo-deny "$deny_version" 8 --locked
fi
rm -rf "$cache/tools-target"

# --- fonts, symbols, wasm-opt ---------------------------------------------------------------------
npm_set() { # a folder of ours with a package.json and its lock, installed into the cache
  local name="$1" from="$2" to="$cache/$1"
  mkdir -p "$to"
  if ! cmp -s "$from/package-lock.json" "$to/package-lock.json" || [ ! -d "$to/node_modules" ]; then
    cp "$from/package.json" "$from/package-lock.json" "$to/"
    step "Fetching $name from npm (about a minute)" "npm-$name" npm ci --prefix "$to" --no-audit --no-fund --ignore-scripts
  fi
}
npm_set assets "$top/tools/assets"

if [ -n "$tests" ]; then
  have chromium || apt_missing chromium
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || apt_missing postgresql
  npm_set e2e "$top/end2end"
fi

if [ "$want" = bench ]; then
  others="$cache/others"
  if npm_set others "$top/bench/others"; then
    # Etherpad finds its own files only where they lie as in a checkout of it: src/, and what it needs beside them. Moving it
    # comes last: until then the next run does this again.
    if [ -d "$others/node_modules/ep_etherpad-lite" ]; then
      rm -rf "$others/etherpad"; mkdir -p "$others/etherpad/node_modules"
      ln -s ../src "$others/etherpad/node_modules/ep_etherpad-lite"
      ln -sfn ../../node_modules "$others/node_modules/ep_etherpad-lite/node_modules"
      mv "$others/node_modules/ep_etherpad-lite" "$others/etherpad/src"
    fi
  else
    rm -rf "$others"
    say "The other programs cannot be had here: they are left out of the table"
  fi
fi

{
  echo "export TANDEM_CACHE='$cache'"
  echo "export RUSTUP_TOOLCHAIN='$toolchain'"
  [ -z "$linker" ] || echo "export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER='$linker'"
  echo "export PATH='$cache/bin:$cache/assets/node_modules/.bin':\"\$PATH\""
  echo "export CARGO_TARGET_DIR=\"\${CARGO_TARGET_DIR:-$cache/target}\""
  echo "export CARGO_PROFILE_DEV_DEBUG=\"\${CARGO_PROFILE_DEV_DEBUG:-0}\""
} >"$cache/env.sh.new"
mv "$cache/env.sh.new" "$cache/env.sh"
