#!/bin/sh
# killed-workbench: SIGKILL at random times while a product comes into the cache. What is
# current afterwards is one whole generation, nobody survives, and the next start sweeps.
# TAP. MWB_KILLS is the number of rounds (60), MWB_SEED where the dice start.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
rounds=${MWB_KILLS:-60}
seed=${MWB_SEED:-7}
rows=20000
scratch=$(mktemp -d "${TMPDIR:-/tmp}/mwb-killed-XXXXXX") || exit 99
trap 'rm -rf "$scratch"' EXIT
trap 'exit 99' HUP INT TERM
HOME=$scratch/home
MWB_CACHE=$scratch/cache
export HOME MWB_CACHE
unset XDG_CONFIG_HOME XDG_DATA_HOME MWB_MESH
strike=${TESTS_BUILDDIR:?is set by make check}/robust/strike
mesh=$scratch/shop/t.csv
mkdir -p "$HOME" "$scratch/shop"
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

# Every row of a generation holds its number, and there are as many more rows: a mixture
# of two, or a half, would show.
put_generation() {
    awk -v g="$1" -v rows=$rows 'BEGIN {
        print "id,code"
        for (i = 1; i <= rows + g; i++) print i ",g" g
    }' >"$mesh"
}

current() {
    "$MWB" query --mesh "$mesh" --format csv \
        "SELECT count(*), count(DISTINCT code), max(code) FROM t.t" 2>&1 | tail -n 1
}

# Is "ROWS,1,gN" a whole generation, N at most the newest?
is_whole() {
    echo "$1" | awk -F, -v rows=$rows -v newest="$2" '{
        g = substr($3, 2) + 0
        exit !($2 == 1 && $1 == rows + g && g <= newest)
    }'
}

left_over() {
    find "$MWB_CACHE/stage" "$MWB_CACHE/spool" -mindepth 1 2>/dev/null
    find "$MWB_CACHE" "$HOME" -name '.*.part'
    find "$MWB_CACHE/products" -type f ! -name '*.db' ! -name '*.used' ! -name current \
        ! -name fetch 2>/dev/null
}

put_generation 0
"$MWB" get t --mesh "$mesh" 2>/dev/null
current >"$scratch/now"
is_whole "$(cat "$scratch/now")" 0
point $? "a first generation is whole"
start=$(date +%s%N)
"$MWB" get t --again --mesh "$mesh" 2>/dev/null
whole=$((($(date +%s%N) - start) * 3 / 2))

halves=0 killed=0 survivors=0 leavings=0
round=0
while [ $((round += 1)) -le "$rounds" ]; do
    put_generation $round
    delay=$(awk -v seed="$((seed + round))" -v most="$whole" \
        'BEGIN { srand(seed); printf "%d", rand() * most }')
    "$strike" --at "$delay" -- "$MWB" get t --again --mesh "$mesh" >"$scratch/struck"
    grep -q 'signal 9' "$scratch/struck" && killed=$((killed + 1))
    if grep 'outlive' "$scratch/struck"; then
        survivors=$((survivors + 1))
        echo "# round $round, after $delay ns"
    fi
    now=$(current)
    if ! is_whole "$now" $round; then
        halves=$((halves + 1))
        echo "# round $round, after $delay ns: $now"
    fi
    left_over >"$scratch/left"
    if [ -s "$scratch/left" ]; then
        leavings=$((leavings + 1))
        sed "s|^|# round $round, after $delay ns, left: |" "$scratch/left"
    fi
done
[ $killed -gt $((rounds / 4)) ]
point $? "$killed of $rounds runs were killed on their way"
[ $halves -eq 0 ]
point $? "no half-visible and no lost version"
[ $survivors -eq 0 ]
point $? "no child survives its workbench"
[ $leavings -eq 0 ]
point $? "the next start sweeps what was left"
"$MWB" get t --mesh "$mesh" 2>/dev/null && now=$(current) && is_whole "$now" "$rounds" &&
    [ "$now" = "$((rows + rounds)),1,g$rounds" ]
point $? "the next get brings the newest"
echo "1..$count"
exit $((failed > 0))
