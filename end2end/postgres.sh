#!/usr/bin/env bash
# Runs a command with a PostgreSQL of its own: a private cluster on a free port, gone afterwards.
# Usage: end2end/postgres.sh COMMAND [ARG ...]   (the command sees SLUICE_TEST_POSTGRES_URL)
set -euo pipefail

bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb || echo /nonexistent/initdb)")
if [ ! -x "$bin/initdb" ]; then
    echo "PostgreSQL's server is not installed (Debian and Ubuntu: apt-get install postgresql)." >&2
    exit 1
fi

dir=$(mktemp -d)
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
# initdb refuses to run as root.
as=()
if [ "$(id -u)" = 0 ]; then
    chown postgres "$dir"
    as=(setpriv --reuid=postgres --regid=postgres --init-groups --)
fi
stop() {
    "${as[@]}" "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$dir"
}
trap stop EXIT
(
    cd "$dir"
    "${as[@]}" "$bin/initdb" -D "$dir/data" -A trust -U postgres >/dev/null
    "${as[@]}" "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w start \
        -o "-p $port -k $dir -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=300" >/dev/null
)
SLUICE_TEST_POSTGRES_URL="postgres://postgres@127.0.0.1:$port/postgres" "$@"
