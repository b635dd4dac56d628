# How the program and its peers import $input into table t of a new file. Each function is
# one run and prints what `clock` prints: wall and CPU seconds, and resident memory.
#
# What is compared: each with its defaults, from a warm page cache to a new file on the
# same disk. Ours decides types so that nothing is lost, keeps statistics and syncs; the
# sqlite3 shell stores every cell as text and syncs; DuckDB guesses types and writes its
# own compressed format, with as many threads as it wants; sqlite-utils guesses types; cp
# only copies the bytes and does not sync.
# SPDX-License-Identifier: GPL-3.0-or-later

by_mwb() {
    rm -f "$work/ours.db"
    "$tools/clock" "$mwb" import "$input" --into "$work/ours.db" --table t 2>"$work/ours.log" ||
        { cat "$work/ours.log"; return 1; } >&2
}

by_sqlite3() {
    rm -f "$work/peer.db"
    "$tools/clock" sqlite3 "$work/peer.db" '.mode csv' ".import '$input' t"
}

# SQLite's JSON functions, the faster of their two ways: each line becomes a row of a
# temporary table, then the parts are taken out of it (reading the whole text as one value
# for json_each takes three times as long).
by_sqlite3_json() {
    local name columns=
    for name in order_id ordered_at customer article status quantity price currency channel \
        country; do
        columns="$columns${columns:+, }json_extract(line, '\$.$name') AS $name"
    done
    rm -f "$work/peer.db"
    "$tools/clock" sqlite3 "$work/peer.db" 'PRAGMA temp_store = memory' \
        'CREATE TEMP TABLE lines(line TEXT)' '.mode ascii' '.separator "\037" "\n"' \
        ".import '$input' lines" "CREATE TABLE t AS SELECT $columns FROM lines"
}

by_duckdb() {
    rm -f "$work/duck.db"
    "$venv/bin/python3" "$here/peers.py" csv "$input" "$work/duck.db" "$duckdb_sql" "$totals"
}

by_duckdb_json() {
    rm -f "$work/duck.db"
    "$venv/bin/python3" "$here/peers.py" json "$input" "$work/duck.db" "$duckdb_sql" "$totals"
}

by_sqlite_utils() {
    rm -f "$work/utils.db"
    "$tools/clock" "$venv/bin/sqlite-utils" insert "$work/utils.db" t "$input" --csv
}

by_sqlite_utils_json() {
    rm -f "$work/utils.db"
    "$tools/clock" "$venv/bin/sqlite-utils" insert "$work/utils.db" t "$input" --nl
}

by_cp() {
    rm -f "$work/copy"
    "$tools/clock" cp "$input" "$work/copy"
}

# The bytes on the disk, as ours are when it ends.
by_cp_and_sync() {
    rm -f "$work/copy"
    "$tools/clock" sh -c 'cp "$1" "$2" && sync "$2"' sh "$input" "$work/copy"
}

# Versions and load, for figures mean nothing without them.
note_surroundings() {
    note "$(nproc) processors, load $(cut -d' ' -f1-3 /proc/loadavg), sqlite3 $(sqlite3 --version |
        cut -d' ' -f1)"
    has_duckdb && note "duckdb $("$venv/bin/python3" -c 'import duckdb; print(duckdb.__version__)')" ||
        note "left out: duckdb, which BENCH_VENV does not have"
    has_sqlite_utils || note "left out: sqlite-utils, which BENCH_VENV does not have"
}

# ---- Runs that take turns ----

declare -A took

has_duckdb() {
    [ -x "$venv/bin/python3" ] && "$venv/bin/python3" -c 'import duckdb' 2>/dev/null
}

has_sqlite_utils() {
    [ -x "$venv/bin/sqlite-utils" ]
}

# Run each function by turns; took[FUNCTION] gets the medians of its columns. Before each
# run, what an earlier one has left to write is written, and the input is read once.
race() { # RUNS FUNCTION...
    local rounds=$1 i run line
    shift
    for run in "$@"; do
        : >"$work/race.$run"
    done
    for ((i = 0; i < rounds; i++)); do
        for run in "$@"; do
            sync -f "$work" && cat "$input" >/dev/null
            line=$("$run") || return
            printf '%s\n' "$line" >>"$work/race.$run"
        done
    done
    for run in "$@"; do
        took[$run]=$(for i in 1 2 3 4; do
            cut -d' ' -f"$i" "$work/race.$run" | sort -g |
                awk '{ v[NR] = $1 } END { printf "%s ", v[int((NR + 1) / 2)] }'
        done)
    done
}

wall_of() { # FUNCTION
    column 1 "${took[$1]:-}"
}

cpu_of() { # FUNCTION
    column 2 "${took[$1]:-}"
}

# Lines of wall and CPU seconds against a peer that ran.
say_wall() { # WHAT FUNCTION PEER-NAME GOAL FLOOR
    [ -z "${took[$2]:-}" ] || say "$1, wall (s)" "$(wall_of by_mwb)" "$3" "$(wall_of "$2")" "$4" "$5"
}

say_cpu() { # WHAT FUNCTION PEER-NAME GOAL FLOOR
    [ -z "${took[$2]:-}" ] || say "$1, CPU (s)" "$(cpu_of by_mwb)" "$3" "$(cpu_of "$2")" "$4" "$5"
}
