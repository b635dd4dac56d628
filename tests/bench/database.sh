# Fetching a table from a PostgreSQL server on this host, beside its own client writing the
# same rows to a CSV file. Left out where no server is installed.
# SPDX-License-Identifier: GPL-3.0-or-later

# as_server COMMAND...: root may not run it.
as_server() {
    if [ "$(id -u)" -eq 0 ]; then
        (cd / && setpriv --reuid=nobody --regid=nogroup --clear-groups "$@")
    else
        "$@"
    fi
}

# A server at $server/socket and 127.0.0.1:$server_port, user owner; stop_server ends it.
start_server() {
    server=$(mktemp -d "${TMPDIR:-/tmp}/mwb-bench-server.XXXXXX") || return
    [ "$(id -u)" -ne 0 ] || chown nobody "$server" || return
    server_port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    as_server "$programs/initdb" -D "$server/data" -U owner -N -E UTF8 --locale=C -A trust \
        >"$work/server.log" 2>&1 || { tail -3 "$work/server.log"; return 1; }
    as_server "$programs/pg_ctl" -D "$server/data" -l "$server/log" -w -o \
        "-p $server_port -k $server -c listen_addresses=127.0.0.1 -c fsync=off" start \
        >>"$work/server.log" 2>&1 || { cat "$server/log"; return 1; }
}

stop_server() {
    as_server "$programs/pg_ctl" -D "$server/data" -m immediate stop >/dev/null 2>&1
    rm -rf "$server"
}

ask_server() { # SQL
    psql -h "$server" -p "$server_port" -U owner -d postgres -qAtX -c "$1"
}

copy_table() {
    wall psql -h 127.0.0.1 -p "$server_port" -U owner -d postgres -qX \
        -c "\\copy t TO '$work/copied.csv' (FORMAT csv, HEADER)"
}

get_table() {
    fresh
    "$mwb" products --mesh "$work/database" >/dev/null 2>&1
    PGHOST=127.0.0.1 PGPORT=$server_port PGUSER=owner \
        wall "$mwb" get shop --mesh "$work/database" 2>"$work/ours.log"
}

describe_table() {
    mkdir -p "$work/database"
    cat >"$work/database/shop.odcs.yaml" <<END
kind: DataContract
apiVersion: v3.1.0
id: shop
name: shop
version: 1.0.0
status: active
servers:
  - {server: p, type: postgres, host: 127.0.0.1, port: $server_port, database: postgres, schema: public}
schema:
  - name: t
    properties:
      - {name: id, logicalType: integer}
      - {name: customer, logicalType: string}
      - {name: amount, logicalType: number}
      - {name: moment, logicalType: timestamp}
END
}

measure_copy() {
    local ours peer expected
    ask_server "CREATE TABLE t AS SELECT g AS id, 'C'||(g % 50000) AS customer,
        (g % 10007) / 4.0::float8 AS amount, timestamptz '2024-01-01 00:00:00+00' +
        g * interval '1 second' AS moment FROM generate_series(1, $csv_rows) g" || return
    fresh
    describe_table
    peer=$(median_of "$runs" copy_table) || return
    ours=$(median_of "$runs" get_table) || return
    expected=$(ask_server "SELECT count(*)||','||sum(id)||','||sum(amount)::numeric(20,2) FROM t")
    right "the table of the server" "$expected" "$("$mwb" query "SELECT count(*),sum(id),
        printf('%.2f',sum(amount)) FROM shop.t" --mesh "$work/database" --format csv | sed -n 2p)" ||
        return
    say "get of $csv_rows rows from PostgreSQL (s)" "$ours" 'psql \copy to CSV' "$peer" 2/1 4/1
    rm -f "$work/copied.csv"
}

measure_database() {
    local programs server server_port status=0
    programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1)
    if [ -z "$programs" ] || ! command -v psql >/dev/null || ! command -v python3 >/dev/null; then
        note "left out: databases, for there is no PostgreSQL here"
        return 0
    fi
    start_server && { measure_copy || status=1; } || status=1
    stop_server
    return $status
}
