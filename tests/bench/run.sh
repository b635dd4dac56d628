#!/bin/bash
# Measure what the program promises, beside its peers in the same run: `make bench`.
#
# One line a figure: what, ours, the peer's name and figure, peer/ours, goal, floor, verdict.
# Goals and floors are upper limits, or ratios to the peer ("1/20"). A figure counts only
# when the result was right: row counts and sums are compared with the generator's first.
#
#   BENCH_ROWS   rows of the large table on the screen (10000000)
#   BENCH_CSV    rows of the imported CSV and JSON Lines (1000000)
#   BENCH_HUGE   rows of the large import and of the index (10000000)
#   BENCH_FETCH  rows of the table that is fetched by http (16000000, that is 1 GB)
#   BENCH_RUNS   runs a median is taken of (5; at most 3 for the large ones)
#   BENCH_QUICK  1: smaller tables, fewer runs, no slow peers; some minutes
#   BENCH_ONLY   only measurements whose group matches this pattern: sandbox start catalog
#                meshes csv count huge memory quoted jsonl index fetch database large busy
#                cancel ledger quality glance policies grid complete
#   BENCH_MESH   products of the huge mesh (100000; with BENCH_QUICK it is left out)
#   BENCH_VENV   a Python environment with visidata, duckdb and sqlite-utils; what is not
#                there is left out
#   BENCH_DIR    where to work; else a folder that is removed at the end
#
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
export LC_ALL=C.UTF-8
quick=${BENCH_QUICK:-0}
[ "$quick" = 0 ] && large=10000000 || large=2000000
rows=${BENCH_ROWS:-$large}
csv_rows=${BENCH_CSV:-1000000}
huge_rows=${BENCH_HUGE:-$large}
fetch_rows=${BENCH_FETCH:-$([ "$quick" = 0 ] && echo 16000000 || echo 2000000)}
runs=${BENCH_RUNS:-$([ "$quick" = 0 ] && echo 5 || echo 3)}
mesh_products=${BENCH_MESH:-$([ "$quick" = 0 ] && echo 100000 || echo 0)}
huge_runs=$((runs < 3 ? runs : 3))
only=${BENCH_ONLY:-.}
venv=${BENCH_VENV:-}
here=$(cd "$(dirname "$0")" && pwd)
tools=${BENCH_BUILD:?set by make bench}
mwb=${MWB:?set by make bench}
missed=0

if [ -n "${BENCH_DIR:-}" ]; then
    work=$BENCH_DIR
    mkdir -p "$work" || exit 1
else
    work=$(mktemp -d "${TMPDIR:-/tmp}/mwb-bench.XXXXXX") || exit 1
    trap 'chmod -R u+w "$work" && rm -rf "$work"' EXIT
fi
. "$here/lib.sh"
. "$here/peers.sh"
. "$here/import.sh"
. "$here/catalog.sh"
. "$here/fetch.sh"
. "$here/database.sh"
. "$here/ledger.sh"
. "$here/quality.sh"
. "$here/glance.sh"
. "$here/policies.sh"
. "$here/grid.sh"
. "$here/complete.sh"

# ---- The sandbox ----

make_sandbox() {
    fresh
    [ -e "$work/sandbox/mesh.yaml" ] || "$mwb" demo --no-ui --dir "$work/sandbox" >/dev/null
}

three_domains='SELECT count(*), sum(p.amount_cents) FROM orders.orders o
    JOIN payments.payments p ON p.order_id = o.order_id
    JOIN shipments.shipments s ON s.order_id = o.order_id'

# The same over the sandbox' own CSV files, by the sqlite3 shell.
three_domains_by_peer() {
    sqlite3 <<SQL
.mode csv
.import $work/sandbox/checkout/orders/data/orders.csv orders
.import $work/sandbox/payment/payments/data/payments.csv payments
.import $work/sandbox/fulfillment/shipments/data/shipments.csv shipments
CREATE INDEX p ON payments(order_id);
CREATE INDEX s ON shipments(order_id);
.mode list
SELECT count(*), sum(p.amount_cents) FROM orders o JOIN payments p USING(order_id)
    JOIN shipments s USING(order_id);
SQL
}

measure_sandbox() {
    fresh
    rm -rf "$work/sandbox"
    ours=$(wall "$mwb" demo --no-ui --dir "$work/sandbox") || return
    say "sandbox made, scale 1 (s)" "$ours" - - - 2
    local expected
    expected=$(three_domains_by_peer)
    right "three domains" "$expected" \
        "$("$mwb" query "$three_domains" --mesh "$work/sandbox" --format csv 2>"$work/ours.log" |
            sed -n 2p | tr , '|')" || return
    export -f three_domains_by_peer
    export work
    peer=$(wall bash -c three_domains_by_peer)
    ours=$(median_of "$runs" cold_query)
    say "query of three domains, nothing here yet (s)" "$ours" "sqlite3 .import + join" "$peer" - 0.5
    ours=$(wall -n "$runs" "$mwb" query "$three_domains" --mesh "$work/sandbox")
    say "query of three domains, products here (s)" "$ours" "sqlite3 .import + join" "$peer" - 0.5
}

# Wall seconds of one query with an empty cache.
cold_query() {
    fresh
    wall "$mwb" query "$three_domains" --mesh "$work/sandbox" 2>"$work/ours.log"
}

# ---- Start-up ----

measure_start() {
    make_sandbox
    base=$(paint_start "$tools/empty")
    base_ms=$(column 2 "$base")
    less=$(paint_start -p less -S "$work/sandbox/checkout/orders/data/orders.csv")
    "$mwb" products --mesh "$work/sandbox" >/dev/null
    ours=$(paint_start "$mwb" "$work/sandbox")
    say "first screen of the sandbox (ms)" "$(column 2 "$ours")" "empty curses program" "$base_ms" - 50
    say "  the same at rest (ms)" "$(column 4 "$ours")" "less" "$(column 2 "$less")" - 50
    say "  its CPU until then (ms)" "$(column 5 "$ours")" "empty curses program" "$(column 5 "$base")" - -
}

# ---- A large table on the screen ----

make_large() {
    fresh large
    rm -rf "$XDG_DATA_HOME" # the layout of the last time
    make_rows orders "$rows" "$work/big/orders.csv"
    "$mwb" get orders --mesh "$work/big/orders.csv" 2>/dev/null >"$work/get.log"
    right "large table" "$(cut -d'|' -f1,2 "$work/big/orders.csv.totals")" \
        "$("$mwb" query 'select count(*), sum(quantity) from orders.orders' \
            --mesh "$work/big/orders.csv" --format csv | sed -n 2p | tr , '|')"
}

measure_large() {
    make_large || return
    base_ms=$(column 2 "$(paint_start "$tools/empty")")
    ours=$(paint_start "$mwb" "$work/big/orders.csv")
    say "first screen, $rows rows here, beyond an empty one (ms)" \
        "$(calculate "$(column 2 "$ours") - $base_ms")" "empty curses program" "$base_ms" 15 40
    visidata_start
    cat >"$work/script" <<'SCRIPT'
time open 1 ":query SELECT * FROM orders.orders<Enter>"
keys <F4>
keys z
time page-down 20 <PageDown>
keys <Home>
time line-down 15 <Down>
time end 10 <End> <Home>
time home 10 <Home> <End>
memory memory
SCRIPT
    answer=$("$tools/paint" -f "$work/script" -- "$mwb" "$work/big/orders.csv") || return
    printf 'time page-down 20 <Space>\ntime line-down 20 j\nmemory memory\n' >"$work/script"
    less=$("$tools/paint" -p -f "$work/script" -- less -S "$work/big/orders.csv") || return
    say "first page of SELECT * (ms)" "$(of open 2)" - - 5 16
    say "jump to the last row (ms)" "$(of end 2)" - - 5 16
    say "jump back to the first (ms)" "$(of home 2)" - - 5 16
    say "page-down, p50 (ms)" "$(of page-down 2)" "less" "$(answer=$less of page-down 2)" 1 -
    say "page-down, p99 (ms)" "$(of page-down 3)" "less" "$(answer=$less of page-down 3)" 8 16
    say "page-down at 120x40 (bytes)" "$(of page-down 5)" "less" "$(answer=$less of page-down 5)" 11/10 4500
    say "line-down at 120x40 (bytes)" "$(of line-down 5)" "less" "$(answer=$less of line-down 5)" 200 900
    say "memory with $rows rows open, Pss (KiB)" "$(of memory 2)" "less" "$(answer=$less of memory 2)" - -
    say "  private (KiB)" "$(of memory 3)" "less" "$(answer=$less of memory 3)" 24576 49152
    say "  anonymous (KiB)" "$(of memory 4)" "less" "$(answer=$less of memory 4)" 24576 49152
}

visidata_start() {
    [ -x "$venv/bin/vd" ] || return 0
    head -1000 "$work/big/orders.csv" >"$work/few.csv"
    peer=$(column 4 "$(paint_start -p "$venv/bin/vd" "$work/few.csv")")
    say "first screen at rest, visidata with 1,000 rows only (ms)" "$(column 4 "$ours")" \
        visidata "$peer" 1/20 -
}

# ---- Answers while it works ----

measure_busy() {
    fresh
    make_rows orders "$csv_rows" "$work/orders.csv"
    # A key typed into the command line must come back as itself: progress is drawn too.
    cat >"$work/script" <<SCRIPT
type ":get orders<Enter>"
type :
busy import 60 ~ has ~
SCRIPT
    answer=$("$tools/paint" -f "$work/script" -- "$mwb" "$work/orders.csv") || return
    say "key to repaint during a get, p50 (ms)" "$(of import 2)" - - 1 -
    say "key to repaint during a get, p99 (ms)" "$(of import 3)" - - 8 16
    cat >"$work/script" <<'SCRIPT'
type ":query WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT i FROM n LIMIT 50000000<Enter>"
type :
busy query 60 ~ has ~
SCRIPT
    answer=$("$tools/paint" -f "$work/script" -- "$mwb" "$work/orders.csv") || return
    say "key to repaint during a query, p50 (ms)" "$(of query 2)" - - 1 -
    say "key to repaint during a query, p99 (ms)" "$(of query 3)" - - 8 16
}

measure_cancel() {
    make_sandbox
    cat >"$work/script" <<'SCRIPT'
type ":query SELECT instr(hex(zeroblob(20000000)), hex(zeroblob(10000000)) || 'x')<Enter>"
repaints 6
settle cancel <C-c>
SCRIPT
    answer=$("$tools/paint" -f "$work/script" -- "$mwb" "$work/sandbox") || return
    say "cancel of one long opcode (ms)" "$(of cancel 2)" - - - 1000
}

head_line
note_surroundings
for group in sandbox start catalog meshes csv count huge memory quoted jsonl index fetch database large busy cancel ledger quality glance policies grid complete; do
    if printf '%s\n' "$group" | grep -Eq "$only"; then
        "measure_$group" || fail "$group"
    fi
done
printf '%s of the figures missed their floor\n' "$missed"
[ "$missed" -eq 0 ]
