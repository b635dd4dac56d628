#!/bin/sh
# sizes: inputs far larger than they should be, in one direction each: columns, a cell, a row,
# a quote that is never closed, everything. Bounded memory, a sentence with the line, a quick
# end. `make check` tries them small; SIZES=large (`make check-large`) as large as they come:
# 1 GiB, and 10 GB through a pipe. Memory is VmHWM, time is processor time (sizes_tool.c). TAP.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
tool=${TESTS_BUILDDIR:?is set by make check}/robust/sizes_tool
scratch=$(mktemp -d "${TMPDIR:-/tmp}/mwb-sizes-XXXXXX") || exit 99
trap 'rm -rf "$scratch"' EXIT
trap 'exit 99' HUP INT TERM
cd "$scratch" || exit 99
HOME=$scratch/home
export HOME
mkdir "$HOME"
unset MWB_CACHE MWB_MESH XDG_CACHE_HOME XDG_DATA_HOME XDG_CONFIG_HOME
MiB=$((1024 * 1024))
if [ "${SIZES:-small}" = large ]; then
    cell=$((1024 * MiB)) file=$((1024 * MiB)) stream=10000000000 line=$((200 * MiB)) patience=20
else
    cell=$((64 * MiB)) file=$((64 * MiB)) stream=$((64 * MiB)) line=$((20 * MiB)) patience=1
fi
count=0
failed=0

# import_of NAME COMMAND...: what `mwb import` of this standard input says, and its cost.
import_of() {
    rm -f out.sqlite
    "$@" | "$tool" run -- "$MWB" import "$from" --into out.sqlite --table t >said 2>&1
}

# says STATUS PATTERN MIB SECONDS TITLE: the last import ended so, within these bounds.
says() {
    count=$((count + 1))
    text=$(tr '\n' ' ' <said)
    why=$(awk -v want="$1" -v most="$3" -v longest="$4" '
        END { gsub(",", ""); if ($2 != want) print "the status is not " want
            if ($3 + 0 > most) print "it took more than " most " MiB"
            if ($5 + 0 > longest) print "it took more than " longest " s" }' said)
    # shellcheck disable=SC2254 # the pattern is meant to be one
    case $text in
    $2) ;;
    *) why="$why${why:+; }it does not say: $2" ;;
    esac
    if [ -z "$why" ]; then
        echo "ok $count - $5 ($(tail -n 1 said))"
    else
        failed=$((failed + 1))
        echo "not ok $count - $5"
        printf '%s\n' "$why" | sed 's/^/# /'
        cut -c 1-300 said | tail -n 5 | sed 's/^/# /'
    fi
}

# holds SQL ANSWER TITLE: what the last import stored.
holds() {
    count=$((count + 1))
    got=$(sqlite3 out.sqlite "$1" 2>&1)
    if [ "$got" = "$2" ]; then
        echo "ok $count - $3"
    else
        failed=$((failed + 1))
        echo "not ok $count - $3"
        echo "# $got"
    fi
}

# make SHAPE N: a file of this shape, named by $from.
made() {
    "$tool" make "$1" "$2" >"$from"
    import_of :
}

from=in.csv
made columns 2000
says 0 'mwb: t: 2 rows*' 128 5 '2,000 columns work'
holds "SELECT count(*) FROM mwb_column; SELECT c2000 FROM t" "2000
2000
2000" 'and all of them are there'
made columns 2001
says 3 '*2001 columns and a table can have 2000*' 128 5 '2,001 get a sentence'
made columns 1000000
says 3 '*32768 columns or more and a table can have 2000*' 192 5 'a million too, quickly'

# ---- Cells and rows ----

made field "$cell"
says 3 '*cell that begins on line 2 is longer than 16 MiB*' 128 $((5 * patience)) \
    'a cell without an end'
made quoted-field "$cell"
says 0 '*rejected*mwb_reject*' 256 $((20 * patience)) 'a quoted cell of that size'
holds "SELECT line, reason LIKE 'the quote opened on line 2 is never closed%' FROM mwb_reject
    ORDER BY rowid LIMIT 1" '2|1' 'is rejected with its line'
made long-row $((cell + MiB))
says 3 '*row that begins on line 3 is longer than 64 MiB*' 256 $((10 * patience)) \
    'a row without an end'
made open-quote "$file"
says 0 '*rejected*mwb_reject*' 192 $((15 * patience)) 'a quote open to the end of the file'
holds "SELECT line, reason LIKE 'the quote opened on line 3 is never closed%',
    (SELECT count(*) > 800000 FROM t) FROM mwb_reject" '3|1|1' 'is reported with its line, and the rows behind it are stored'
made blank-lines "$file"
says 0 '*blank lines were left out*' 64 $((15 * patience)) 'blank lines'
rm -f in.csv

# ---- JSON ----

from=in.jsonl
made json-line "$line"
says 3 '*line 2, column *longer than 16 MiB*' 128 $((5 * patience)) 'a string without an end'
made json-array-line $((line * 2))
says 3 '*line 2, column *longer than 32 MiB*' 128 $((10 * patience)) 'a line without an end'
rm -f in.jsonl
from=in.json
made json-open-string "$line"
says 3 '*line 2, column *longer than 16 MiB*' 128 $((5 * patience)) 'a string never closed'
made deep-arrays 1000000
says 3 '*line 2, column 512*nested deeper than 512*' 64 2 'a million arrays in each other'
made deep-objects 1000000
says 3 '*line 2, column *nested deeper than 512*' 64 2 'a million objects in each other'
rm -f in.json

# ---- A stream ----

from=-
import_of "$tool" make rows "$stream"
says 0 'mwb: t: * rows*' 128 $((20 * patience)) 'rows through a pipe'
holds "SELECT max(rowid) = max(id), max(rowid) > $((stream / 90)) FROM t" \
    '1|1' 'all of them'
holds "PRAGMA integrity_check" ok 'in a sound database'
rm -f out.sqlite
echo "1..$count"
exit $((failed > 0))
