#!/bin/sh
# killed-refresh: SIGKILL at random times while the catalog of a changed mesh is brought up
# to date. Whatever the moment, the index is whole, a reader sees one generation of every
# product, and the next run brings the newest. TAP. MWB_KILLS is the number of rounds (40).
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
rounds=${MWB_KILLS:-40}
seed=${MWB_SEED:-11}
products=60
scratch=$(mktemp -d "${TMPDIR:-/tmp}/mwb-refresh-XXXXXX") || exit 99
trap 'rm -rf "$scratch"' EXIT
trap 'exit 99' HUP INT TERM
HOME=$scratch/home
MWB_CACHE=$scratch/cache
export HOME MWB_CACHE
unset XDG_CONFIG_HOME XDG_DATA_HOME MWB_MESH
strike=${TESTS_BUILDDIR:?is set by make check}/robust/strike
mesh=$scratch/mesh
mkdir -p "$HOME" "$mesh"
count=0
failed=0

point() { # point STATUS TITLE
    count=$((count + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $count - $2"
    else
        failed=$((failed + 1))
        echo "not ok $count - $2"
    fi
}

# Every contract of a generation has its number in its version and in a column.
put_generation() {
    awk -v g="$1" -v products=$products -v mesh="$mesh" 'BEGIN {
        for (i = 1; i <= products; i++) {
            file = mesh "/p" i ".odcs.yaml"
            printf "apiVersion: v3.1.0\nkind: DataContract\nid: p%d\nname: p%d\n" \
                "version: 1.%d.0\nstatus: active\ndomain: d\nschema:\n  - name: t\n" \
                "    properties:\n      - name: g%d\n        logicalType: string\n",
                i, i, g, g >file
            close(file)
        }
    }'
}

# Products, generations of their contracts and of their columns, the newest generation.
state() {
    "$MWB" query --mesh "$mesh" --format csv "SELECT (SELECT count(*) FROM mesh.product),
        (SELECT count(DISTINCT version) FROM mesh.contract),
        (SELECT count(DISTINCT name) FROM mesh.property),
        (SELECT max(name) FROM mesh.property)" 2>&1 | tail -n 1
}

is_sound() { # the index of the mesh, if there is one
    set -- "$MWB_CACHE"/index/*.db
    [ ! -e "$1" ] || [ "$(sqlite3 "$1" 'PRAGMA integrity_check')" = ok ]
}

if ! command -v sqlite3 >/dev/null; then
    echo "1..0 # SKIP the program sqlite3 is not installed"
    exit 0
fi
put_generation 0
[ "$(state)" = "$products,1,1,g0" ]
point $? "a first generation is read"
put_generation 1
start=$(date +%s%N)
"$MWB" products --mesh "$mesh" >/dev/null 2>&1
whole=$(($(date +%s%N) - start))

halves=0 killed=0 broken=0
round=1
while [ $((round += 1)) -le "$rounds" ]; do
    put_generation $round
    delay=$(awk -v seed="$((seed + round))" -v most="$whole" \
        'BEGIN { srand(seed); printf "%d", rand() * most }')
    "$strike" --at "$delay" -- "$MWB" products --mesh "$mesh" >"$scratch/struck"
    grep -q 'signal 9' "$scratch/struck" && killed=$((killed + 1))
    if ! is_sound; then
        broken=$((broken + 1))
        echo "# round $round, after $delay ns: the index is broken"
    fi
    now=$(state)
    if [ "$now" != "$products,1,1,g$round" ]; then
        halves=$((halves + 1))
        echo "# round $round, after $delay ns: $now"
    fi
done
[ $killed -gt $((rounds / 8)) ]
point $? "$killed of $rounds runs were killed on their way"
[ $broken -eq 0 ]
point $? "the index is whole at every moment"
[ $halves -eq 0 ]
point $? "the next run brings the newest of every product"
find "$MWB_CACHE/index" -name '.*.part*' >"$scratch/left"
[ ! -s "$scratch/left" ]
point $? "nothing half made is left"
echo "1..$count"
exit $((failed > 0))
