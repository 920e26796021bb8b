# Read by the other scripts: where things are, and how a step is told.
set -euo pipefail
top="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$top"
say() { printf '\033[1m== %s\033[0m\n' "$*" >&2; }

# Sets up what is missing and reads where it is.
set_up() {
  tools/setup.sh "$1"
  # shellcheck disable=SC1091
  . "${TANDEM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/tandem}/env.sh"
}

# Builds the site and the program with the site inside: $CARGO_TARGET_DIR/release/tandem
build_release() {
  tools/assets.sh
  say "Building Tandem (the first time about 10 minutes on two cores, later about 1)"
  cargo leptos build --release --precompress
}
