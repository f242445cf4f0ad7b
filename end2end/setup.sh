#!/usr/bin/env bash
# Installs what the end-to-end tests need beside Rust: PostgreSQL, Chromium, Node, MCP clients and servers.
# Only what is missing; a second run takes a moment. Packages live in a cache outside the checkout, under
# ${SLUICE_CI_CACHE:-~/.cache/sluice}/end2end, and `node_modules` and `.venv` beside this file point there.
# With the argument `grid`, also what only `make clients` needs.
set -euo pipefail
cd "$(dirname "$0")"
cache="${SLUICE_CI_CACHE:-$HOME/.cache/sluice}/end2end"

say() { echo "end2end: $*" >&2; }

# --- Programs of the system -------------------------------------------------------------------------
has_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null; }
has_chromium() { [ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v google-chrome >/dev/null \
    || [ -d "/Applications/Google Chrome.app" ]; }
has_npm() { command -v npm >/dev/null; }
has_venv() { command -v python3 >/dev/null && python3 -c 'import ensurepip, venv' 2>/dev/null; }

missing=()
has_postgres || missing+=(postgresql)
has_chromium || missing+=(chromium)
has_npm || missing+=(npm)
has_venv || missing+=(python3-venv)
command -v curl >/dev/null || missing+=(curl)
if [ ${#missing[@]} -gt 0 ]; then
    sudo=()
    [ "$(id -u)" = 0 ] || sudo=(sudo)
    if ! command -v apt-get >/dev/null; then
        say "these are missing; install them with the system's package manager: ${missing[*]}"
        exit 1
    fi
    say "apt-get install ${missing[*]}"
    "${sudo[@]}" apt-get update -qq
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

if command -v rustup >/dev/null && ! rustup target list --installed | grep -qx wasm32-unknown-unknown; then
    rustup target add wasm32-unknown-unknown
fi

# --- Packages ----------------------------------------------------------------------------------------
digest() { cat "$@" | { sha256sum 2>/dev/null || shasum -a 256; } | cut -c1-12; }

link() { # FOLDER NAME
    if [ -e "$2" ] && [ ! -L "$2" ]; then
        say "end2end/$2 is in the way: remove it"
        exit 1
    fi
    ln -sfn "$1" "$2"
}

# A folder whose installation was interrupted has no stamp, and is made anew.
node="$cache/node-$(digest package.json package-lock.json .npmrc)"
if [ ! -e "$node/installed" ]; then
    say "npm ci"
    rm -rf "$node" && mkdir -p "$node"
    cp package.json package-lock.json .npmrc "$node"
    (cd "$node" && npm ci --no-progress --loglevel=error >&2)
    "$node/node_modules/.bin/node" --version >/dev/null
    touch "$node/installed"
fi
link "$node/node_modules" node_modules

python_packages() { # FILE NAME
    local venv="$cache/python-$(digest "$1")"
    if [ ! -e "$venv/installed" ]; then
        say "pip install -r $1"
        rm -rf "$venv" && mkdir -p "$cache"
        python3 -m venv "$venv"
        "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$1" >&2
        touch "$venv/installed"
    fi
    link "$venv" "$2"
}

python_packages requirements.txt .venv
# Clients that need the 1.x of the Python SDK; only the grid of clients has them.
if [ "${1:-}" = grid ]; then
    python_packages requirements-mcp1.txt .venv-mcp1
fi
