#!/usr/bin/env bash
# A PostgreSQL of our own for tests, in a temporary folder, reached through a socket only.
#
#   tools/postgres.sh start FOLDER   starts it and prints its address (postgres://…)
#   tools/postgres.sh stop FOLDER    stops it and removes the folder
#   tools/postgres.sh restart FOLDER restarts it, as an update would (for the tests that it comes back)
#   tools/postgres.sh crash FOLDER   restarts it without letting it finish anything
#   tools/postgres.sh pause FOLDER   stops it and keeps its data, until
#   tools/postgres.sh continue FOLDER
#   tools/postgres.sh database FOLDER NAME   makes a database in it and prints its address
set -euo pipefail
act="${1:?start, stop, restart, crash, pause, continue or database}" folder="${2:?a folder}"
bin="$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)"
[ -n "$bin" ] || bin="$(dirname "$(readlink -f "$(command -v initdb)")")"

# PostgreSQL refuses to run as root.
user="$(id -un)"
if [ "$(id -u)" = 0 ]; then
  user=nobody
  as() { runuser -u nobody -- "$@"; }
else
  as() { "$@"; }
fi

# fsync off: these are throw-away databases; what must survive is tested by killing programs, not the machine. `make bench` sets
# it on.
run() {
  as "$bin/pg_ctl" -D "$folder/data" -w -t 60 -l "$folder/server.log" \
    -o "-c listen_addresses='' -c unix_socket_directories='$folder' -c fsync=${TANDEM_POSTGRES_FSYNC:-off} -c max_connections=300 -c shared_buffers=64MB" \
    start >"$folder/start.log" 2>&1 || { cat "$folder/start.log" "$folder/server.log" >&2; exit 1; }
}

case "$act" in
  start)
    mkdir -p "$folder"; chmod 711 "$folder"; mkdir -p "$folder/data"
    [ "$(id -u)" = 0 ] && chown -R nobody "$folder"
    cd "$folder"
    as "$bin/initdb" -D "$folder/data" -U tandem --auth=trust -E UTF8 --locale=C.UTF-8 >"$folder/initdb.log" 2>&1 || { cat "$folder/initdb.log" >&2; exit 1; }
    run
    printf 'postgres://tandem@localhost/postgres?host=%s\n' "$folder"
    ;;
  restart) cd "$folder"; as "$bin/pg_ctl" -D "$folder/data" -w -m fast restart -l "$folder/server.log" >/dev/null ;;
  crash) cd "$folder"; as "$bin/pg_ctl" -D "$folder/data" -w -m immediate restart -l "$folder/server.log" >/dev/null ;;
  pause) cd "$folder"; as "$bin/pg_ctl" -D "$folder/data" -w -m fast stop >/dev/null ;;
  continue) cd "$folder"; run ;;
  database)
    cd "$folder"; as "$bin/createdb" -h "$folder" -U tandem "${3:?a name}"
    printf 'postgres://tandem@localhost/%s?host=%s\n' "$3" "$folder" ;;
  stop)
    [ -d "$folder" ] || exit 0
    cd /; [ ! -f "$folder/data/postmaster.pid" ] || as "$bin/pg_ctl" -D "$folder/data" -w -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$folder" ;;
  *) echo "start, stop, restart, crash, pause, continue or database" >&2; exit 2 ;;
esac
