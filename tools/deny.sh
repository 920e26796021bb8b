#!/usr/bin/env bash
# Licences and advisories of everything we depend on. cargo-deny is used where it is installed (make nightly installs it);
# its advisories need a database from the open internet, and where that cannot be had this says so. Licences are always
# checked.
. "$(dirname "$0")/common.sh"
if ! command -v cargo-deny >/dev/null 2>&1; then
  tools/licences.py
  say "Advisories were not checked: cargo-deny is not installed (make nightly installs it)"
  exit 0
fi
cargo deny --offline check licenses bans sources
# What is fetched and what is found are two things: only the first may fail without anything being wrong here.
if timeout 120 cargo deny fetch db >/dev/null 2>&1; then
  cargo deny check --disable-fetch advisories
else
  say "Advisories were not checked: their database (github.com/rustsec/advisory-db) cannot be reached from here"
fi
