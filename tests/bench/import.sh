# Imports beside those of peers: CSV small, large and quoted, JSON Lines, the index of a key.
# SPDX-License-Identifier: GPL-3.0-or-later

order_sums='count(*), sum(quantity), cast(round(sum(price) * 100) as bigint)'

# What every imported file must be: whole, with these totals, and with statistics of
# every column.
check_import() { # WHAT DATABASE SQL TOTALS
    local of_columns='SELECT (SELECT count(*) FROM pragma_table_info('"'t'"')),
        sum(rows = nulls + integers + reals + texts AND rows = (SELECT count(*) FROM t) AND
            "distinct" > 0 AND least <= most) FROM mwb_statistic'
    local columns
    columns=$(sqlite3 "$2" "SELECT count(*) FROM pragma_table_info('t')")
    right "$1" "$4" "$(sqlite3 "$2" "$3")" &&
        right "$1, integrity" ok "$(sqlite3 "$2" 'PRAGMA integrity_check')" &&
        right "$1, statistics" "$columns|$columns" "$(sqlite3 "$2" "$of_columns")"
}

say_way() {
    note "which way: $(sqlite3 "$work/ours.db" 'SELECT path_taken FROM mwb_table')"
}

# The run of orders that csv and huge share.
race_orders() { # COUNT RUNS FUNCTION...
    local count=$1 rounds=$2
    shift 2
    fresh
    took=()
    input=$work/orders-$count.csv
    make_rows orders "$count" "$input" || return
    totals=$(cat "$input.totals")
    duckdb_sql="SELECT $order_sums FROM t"
    race "$rounds" by_mwb by_sqlite3 "$@" $(has_duckdb && echo by_duckdb) || return
    check_import "import of $count orders" "$work/ours.db" "SELECT $order_sums FROM t" "$totals" &&
        right "sqlite3 .import" "$totals" "$(sqlite3 "$work/peer.db" "SELECT $order_sums FROM t")"
}

measure_csv() {
    race_orders "$csv_rows" "$runs" || return
    local what="CSV $csv_rows x 10"
    say_wall "$what" by_sqlite3 "sqlite3 .import" 1/20 1/8
    say_wall "$what" by_duckdb "duckdb read_csv_auto" 1/10 1/4
    if [ "$quick" = 0 ] && has_sqlite_utils; then
        race 1 by_sqlite_utils || return
        right "sqlite-utils" "$totals" "$(sqlite3 "$work/utils.db" "SELECT $order_sums FROM t")" || return
        say_wall "$what" by_sqlite_utils "sqlite-utils insert, once" - -
    fi
    say_cpu "$what" by_sqlite3 "sqlite3 .import" 1/10 1/5
    say_cpu "$what" by_duckdb "duckdb read_csv_auto" - -
    say_way
}

# ---- Instructions: the same on a busy machine ----

# Millions of a command and its children.
instructions() { # COMMAND...
    rm -f "$work"/callgrind.*
    valgrind --tool=callgrind --trace-children=yes --callgrind-out-file="$work/callgrind.%p" \
        "$@" >"$work/ours.log" 2>&1 </dev/null || { cat "$work/ours.log"; return 1; } >&2
    awk '$1 == "totals:" { sum += $2 } END { printf "%.1f\n", sum / 1e6 }' "$work"/callgrind.*
}

say_instructions() { # WHAT KIND SUFFIX GOAL FLOOR
    local count=100000 ours peer
    input=$work/count-$2.$3
    make_rows "$2" $count "$input" || return
    rm -f "$work"/{ours,peer}.db
    ours=$(instructions "$mwb" import "$input" --into "$work/ours.db" --table t) || return
    right "rows counted" $count "$(sqlite3 "$work/ours.db" 'SELECT count(*) FROM t')" || return
    peer=$(instructions sqlite3 "$work/peer.db" '.mode csv' ".import '$input' t") || return
    say "instructions, $1 of $count rows (millions)" "$ours" "sqlite3 .import" "$peer" "$4" "$5"
}

measure_count() {
    if ! command -v valgrind >/dev/null; then
        note "left out: instructions, for there is no valgrind here"
        return 0
    fi
    fresh
    say_instructions "CSV" orders csv - 1/5
    say_instructions "quoted CSV" customers csv - -
    rm -f "$work"/{ours,peer}.db "$work"/callgrind.*
}

# ---- Ten million rows ----

has_room() { # GIB WHAT
    local free
    free=$(df --output=avail -k "$work" | tail -1)
    [ "$free" -ge $(($1 * 1024 * 1024)) ] ||
        { note "left out: $2 needs $1 GiB free in $work"; return 1; }
}

measure_huge() {
    has_room 5 "the large CSV" || return 0
    race_orders "$huge_rows" "$huge_runs" by_cp by_cp_and_sync || return
    local what="CSV $huge_rows x 10"
    say_wall "$what" by_sqlite3 "sqlite3 .import" 1/20 1/8
    say_wall "$what" by_duckdb "duckdb read_csv_auto" 1/8 1/3
    say_wall "$what" by_cp "cp of the CSV" 3/1 6/1
    say_wall "$what" by_cp_and_sync "cp and sync" - -
    say_cpu "$what" by_sqlite3 "sqlite3 .import" 1/10 1/5
    say_cpu "$what" by_duckdb "duckdb read_csv_auto" - -
    say_way
    rm -f "$work"/{ours,peer,duck}.db "$work/copy"
}

# Private memory: anonymous and shared pages of all processes together at their peak (see
# peak.c). Pages of files, which the kernel may drop at any time, are not in it.
measure_memory() {
    has_room 3 "the memory of a large import" || return 0
    fresh
    input=$work/orders-$huge_rows.csv
    make_rows orders "$huge_rows" "$input" || return
    totals=$(cat "$input.totals")
    [ -e "$input.gz" ] || gzip -1 <"$input" >"$input.gz" || return
    say_memory "from a file" "$input"
    say_memory "from .gz" "$input.gz"
    if command -v zstd >/dev/null; then
        [ -e "$input.zst" ] || zstd -q -1 <"$input" >"$input.zst" || return
        say_memory "from .zst" "$input.zst"
    else
        note "left out: .zst, for there is no zstd here"
    fi
    say_memory "from a pipe" - < <(cat "$input")
    make_schema "$work/keyed.json" '"price"'
    say_memory "with the index of a key" "$input" --schema "$work/keyed.json"
    rm -f "$input.gz" "$input.zst" "$work/peer.db"
    sqlite3_memory=$("$tools/peak" sqlite3 "$work/peer.db" '.mode csv' ".import '$input' t") &&
        note "sqlite3 .import of the same: $sqlite3_memory KiB"
    rm -f "$work"/{ours,peer}.db
}

say_memory() { # WHAT FILE [OPTION...]
    local memory what=$1
    shift
    rm -f "$work/ours.db"
    memory=$("$tools/peak" "$mwb" import "$@" --into "$work/ours.db" --table t 2>"$work/ours.log") &&
        check_import "import $what" "$work/ours.db" "SELECT $order_sums FROM t" "$totals" ||
        { cat "$work/ours.log"; memory=; }
    say "private memory, $huge_rows rows $what (KiB)" "$memory" - - 65536 131072
}

# ---- Quotes, UTF-8, rows of several lines ----

# Two columns as hexadecimal digits of their bytes, in the order of rows.
customers_hash() { # DATABASE
    sqlite3 "$1" "SELECT hex(company) || ' ' || hex(note) FROM t ORDER BY rowid" | sha256sum
}

measure_quoted() {
    fresh
    took=()
    input=$work/customers-$csv_rows.csv
    make_rows customers "$csv_rows" "$input" || return
    totals=$(cat "$input.totals")
    duckdb_sql="SELECT count(*), sum(customer_id),
        sum(strlen(company) + coalesce(strlen(note), 0)) FROM t"
    local sql="SELECT count(*), sum(customer_id),
        sum(length(CAST(company AS BLOB)) + length(CAST(note AS BLOB))) FROM t"
    race "$runs" by_mwb by_sqlite3 $(has_duckdb && echo by_duckdb) || return
    check_import "import of customers" "$work/ours.db" "$sql" "$totals" || return
    local expected
    expected=$("$tools/rows" customers-check "$csv_rows" | sha256sum)
    right "bytes of customers" "$expected" "$(customers_hash "$work/ours.db")" || return
    right "bytes of customers, sqlite3" "$expected" "$(customers_hash "$work/peer.db")" || return
    local what="quoted CSV $csv_rows x 8"
    say_wall "$what" by_sqlite3 "sqlite3 .import" 1/18 1/8
    say_wall "$what" by_duckdb "duckdb read_csv_auto" - -
    say_cpu "$what" by_sqlite3 "sqlite3 .import" - -
    say_way
}

# ---- JSON Lines ----

measure_jsonl() {
    fresh
    took=()
    input=$work/orders-$csv_rows.jsonl
    make_rows orders-json "$csv_rows" "$input" || return
    totals=$(cat "$input.totals")
    duckdb_sql="SELECT $order_sums FROM t"
    race "$runs" by_mwb by_sqlite3_json $(has_duckdb && echo by_duckdb_json) || return
    check_import "import of JSON Lines" "$work/ours.db" "$duckdb_sql" "$totals" || return
    right "json_extract" "$totals" "$(sqlite3 "$work/peer.db" "$duckdb_sql")" || return
    local what="JSON Lines $csv_rows x 10"
    say_wall "$what" by_sqlite3_json "sqlite3 json_extract" 1/15 1/6
    say_wall "$what" by_duckdb_json "duckdb read_json_auto" 1/4 1/1
    if [ "$quick" = 0 ] && has_sqlite_utils; then
        race 1 by_sqlite_utils_json || return
        say_wall "$what" by_sqlite_utils_json "sqlite-utils insert, once" - -
    fi
    say_cpu "$what" by_sqlite3_json "sqlite3 json_extract" - -
    say_cpu "$what" by_duckdb_json "duckdb read_json_auto" - -
    say_way
}

# ---- The index of a key ----

# A Table Schema of orders, with prices as numbers, and as the key or not.
make_schema() { # FILE [KEY]
    cat >"$1" <<JSON
{"fields": [
    {"name": "order_id", "type": "integer"}, {"name": "ordered_at", "type": "string"},
    {"name": "customer", "type": "string"}, {"name": "article", "type": "string"},
    {"name": "status", "type": "string"}, {"name": "quantity", "type": "integer"},
    {"name": "price", "type": "number"}, {"name": "currency", "type": "string"},
    {"name": "channel", "type": "string"}, {"name": "country", "type": "string"}],
    "primaryKey": [${2:-}]}
JSON
}

import_by_schema() { # NAME
    rm -f "$work/$1.db"
    "$tools/clock" "$mwb" import "$input" --into "$work/$1.db" --table t \
        --schema "$work/$1.json" 2>"$work/ours.log" || { cat "$work/ours.log"; return 1; } >&2
}

with_key() {
    import_by_schema keyed
}

without_key() {
    import_by_schema plain
}

create_index() {
    cp "$work/plain.db" "$work/peer.db" && chmod u+w "$work/peer.db" || return
    "$tools/clock" sqlite3 "$work/peer.db" 'CREATE INDEX prices ON t(price)'
}

# Does the index give the rows that a walk over the table does?
check_index() { # DATABASE
    local range='SELECT count(*), sum(order_id) FROM t INDEX WHERE price BETWEEN 100 AND 101.5'
    right "integrity with index" ok "$(sqlite3 "$1" 'PRAGMA integrity_check')" &&
        right "range of the index" "$(sqlite3 "$1" "${range/INDEX/NOT INDEXED}")" \
            "$(sqlite3 "$1" "${range/INDEX/INDEXED BY mwb_key_t}")"
}

# What the index of a key costs an import: with it, less without it.
measure_index() {
    has_room 5 "the index of a key" || return 0
    fresh
    took=()
    input=$work/orders-$huge_rows.csv
    make_rows orders "$huge_rows" "$input" &&
        make_schema "$work/keyed.json" '"price"' && make_schema "$work/plain.json" || return
    race "$huge_runs" with_key without_key create_index || return
    check_index "$work/keyed.db" || return
    local what="index of $huge_rows prices"
    say "$what, wall (s)" "$(calculate "$(wall_of with_key) - $(wall_of without_key)")" \
        "CREATE INDEX" "$(wall_of create_index)" 1/15 1/5
    say "$what, CPU (s)" "$(calculate "$(cpu_of with_key) - $(cpu_of without_key)")" \
        "CREATE INDEX" "$(cpu_of create_index)" - -
    note "with the key $(wall_of with_key) s, without $(wall_of without_key) s"
    rm -f "$work"/{keyed,plain,peer}.db
}
