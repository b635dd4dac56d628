#!/bin/sh
# glance: every number of the sheets and of the journeys, asked again by its own SELECT
# through `mwb query`, which has nothing but what every session has.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
. "${TESTS_SRCDIR:-$(dirname "$0")/..}/headless/sandbox.sh"
mwb=${MWB:-${TESTS_BUILDDIR:-$here/..}/../mwb}
history=${TESTS_BUILDDIR:-$here/..}/headless/make_history
export XDG_DATA_HOME="$scratch/data" XDG_CACHE_HOME="$scratch/cache" HOME="$scratch/home"
unset MWB_MESH MWB_ROLE MWB_NOW
mkdir -p "$HOME"

# numbers VERB: each number of its `--sql` rows against its SELECT.
numbers() {
    "$mwb" "$1" --sql --format jsonl --mesh "$scratch/mesh" >"$scratch/$1" 2>"$scratch/err"
    point $? "$1 tells each number with its SELECT"
    explain "$scratch/err"
    python3 "$here/glance.py" ask "$scratch/$1" "$scratch/ask-$1"
    status=0
    for sql in "$scratch/ask-$1".*.sql; do
        "$mwb" query -f "$sql" --limit 100000 --format jsonl --mesh "$scratch/mesh" \
            2>"$scratch/err" || status=1
    done >"$scratch/counted-$1"
    point $status "the SELECTs of $1 run in a session"
    explain "$scratch/err"
    python3 "$here/glance.py" compare "$scratch/$1" "$scratch/counted-$1" >"$scratch/differs"
    point $? "every number of $1 is what its SELECT gives"
    explain "$scratch/differs"
}

command -v python3 >/dev/null || skip_all 'python3 is not installed'
make_sandbox "$scratch/mesh"
"$history" "$scratch/mesh" 2>"$scratch/err"
point $? "and its history"
explain "$scratch/err"
numbers glance
numbers journey
"$mwb" glance ports marketing checkout --mesh "$scratch/mesh" --format csv \
    >"$scratch/rows" 2>"$scratch/err"
test "$(wc -l <"$scratch/rows")" -eq 3
point $? "a cell gives the rows behind it"
explain "$scratch/err"
"$mwb" glance nothing --mesh "$scratch/mesh" >/dev/null 2>"$scratch/err"
test $? -eq 2 && grep -q 'there are: domains, ports' "$scratch/err"
point $? "an unknown sheet is told"
"$mwb" journey marketing nothing --mesh "$scratch/mesh" >/dev/null 2>"$scratch/err"
test $? -eq 2 && grep -q 'there are: team, asks' "$scratch/err"
point $? "an unknown fact is told"
finish
