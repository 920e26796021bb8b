#!/usr/bin/env bash
# What the live editor adds to the WASM of every island, in bytes as Brotli: the program for the browser is built twice, with it
# and without, and both go through the steps of a release (cargo-leptos, front.rs); only the JavaScript that belongs to each is
# not made smaller. Prints the number. For `make bench`.
. "$(dirname "$0")/common.sh"
# A build that fails ends this, and tells no number of an older one.
shopt -s inherit_errexit
set_up build
work="$(mktemp -d)"; trap 'rm -rf "$work"' EXIT
sized() { # name, features
  cargo build --package frontend --lib --target-dir "$CARGO_TARGET_DIR/front" --target wasm32-unknown-unknown \
    --no-default-features --features "$2" --profile wasm-release --quiet
  wasm-bindgen --target web --out-dir "$work/$1" --out-name it \
    "$CARGO_TARGET_DIR/front/wasm32-unknown-unknown/wasm-release/frontend.wasm"
  wasm-opt "$work/$1/it_bg.wasm" -Oz --enable-bulk-memory --enable-nontrapping-float-to-int -o "$work/$1/it.wasm"
  node -e 'const z = require("zlib"), f = require("fs"); let all = 0;
    for (const name of process.argv.slice(1)) all += z.brotliCompressSync(f.readFileSync(name)).length;
    console.log(all)' "$work/$1/it.wasm" "$work/$1/it.js"
}
say "The program for the browser without the live editor, and with it (about 3 minutes)"
without="$(sized without hydrate,without-writing)"
with="$(sized with hydrate)"
echo "$((with - without))"
say "   with it $with bytes, without $without"
