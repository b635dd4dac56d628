#!/bin/sh
# ways: the direct and the reference way of import give the same database, for random files
# (WAYS_FILES of CSV and half as many of JSON, from WAYS_SEED; what differs is kept in WAYS_KEEP) and for the real data
# and public suites beside the repository; the sqlite3 shell and Python read what they wrote.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
tool=$TESTS_BUILDDIR/suites/ways_tool
files=${WAYS_FILES:-1000}
seed=${WAYS_SEED:-1}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/mwb-ways-XXXXXX") || exit 99
trap 'rm -rf "$scratch"' EXIT
trap 'exit 99' HUP INT TERM
keep=${WAYS_KEEP:-$TESTS_BUILDDIR/suites}
mkdir "$scratch/sample"
count=0
failed=0

# point STATUS TITLE [FILE]: a point, and what the file says when it failed.
point() {
    count=$((count + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $count - $2"
    else
        failed=$((failed + 1))
        echo "not ok $count - $2"
        [ -z "${3:-}" ] || tail -n 40 "$3" | sed 's/^#* */# /'
    fi
}

# counted WORD FILE: the number behind a word of the last lines, of both halves.
counted() {
    awk -v word="$1" '/^files / { for (i = 1; i < NF; i++) if ($i == word) sum += $(i + 1) }
        END { print sum + 0 }' "$2"
}

# same_files TITLE LOG: nothing differs, and files were there.
same_files() {
    point "$([ "$(counted differ "$2")" -eq 0 ] && [ "$(counted files "$2")" -gt 0 ]; echo $?)" \
        "$1" "$2"
}

# A comparison that cannot fail proves nothing.
for what in r v t; do
    "$tool" --seed "$seed" --count 40 --spoil $what >"$scratch/spoilt"
    point "$([ "$(counted differ "$scratch/spoilt")" -gt 30 ]; echo $?)" \
        "a spoilt database is found ($what)" "$scratch/spoilt"
done

half=$((files / 2))
"$tool" --seed "$seed" --count "$half" --keep "$keep" --sample "$scratch/sample" \
    >"$scratch/one" 2>&1 &
"$tool" --seed "$seed" --first "$half" --count $((files - half)) --keep "$keep" \
    >"$scratch/other" 2>&1
one=$?
wait $!
point $? "the first half of the random files ends well" "$scratch/one"
point $one "the second half too" "$scratch/other"
cat "$scratch/one" "$scratch/other" >"$scratch/both"
same_files "$files random files of seed $seed: both ways give the same" "$scratch/both"
# What the direct way declines is compared with itself: most must not be.
direct=$(counted direct "$scratch/both")
threads=$(counted threads "$scratch/both")
point "$([ "$direct" -gt $((files * 7 / 10)) ]; echo $?)" "$direct of them by the direct way" \
    "$scratch/both"
point "$([ "$threads" -gt $((files / 8)) ]; echo $?)" \
    "$threads of them with 1, 2 and 4 threads and in short reads: the same bytes" "$scratch/both"
sed -n 's/^# \([0-9]* by the reference way\)/# \1/p' "$scratch/both" | sort -k2 | head -60

"$tool" --of json --seed "$seed" --count "$half" --keep "$keep" >"$scratch/json" 2>&1
point $? "the random files of JSON end well" "$scratch/json"
same_files "$half random files of JSON of seed $seed: both ways give the same" "$scratch/json"
point "$([ "$(counted direct "$scratch/json")" -gt $((half * 3 / 5)) ]; echo $?)" \
    "most of them go the direct way" "$scratch/json"
tail -n 1 "$scratch/json" | sed 's/^/# /'

if [ -n "${MWB_SHARED:-}" ] && [ -d "$MWB_SHARED/realdata" ]; then
    find "$MWB_SHARED/realdata" "$MWB_SHARED/suites" -type f \( -name '*.csv' -o -name '*.tsv' \
        -o -name '*.txt' -o -name '*.dat' -o -name '*.csv.gz' \) -print0 |
        sort -z | xargs -0 "$tool" >"$scratch/real" 2>&1
    same_files "$(counted files "$scratch/real") files of real data and suites: the same" \
        "$scratch/real"
    direct=$(counted direct "$scratch/real")
    point "$([ "$direct" -gt 150 ]; echo $?)" "$direct of them by the direct way" "$scratch/real"
    tail -n 1 "$scratch/real" | sed 's/^/# /'
    find "$MWB_SHARED/realdata" "$MWB_SHARED/suites" -type f -name '*.*json*' -print0 |
        sort -z | xargs -0 "$tool" >"$scratch/real-json" 2>&1
    same_files "$(counted files "$scratch/real-json") files of JSON: the same" \
        "$scratch/real-json"
    tail -n 1 "$scratch/real-json" | sed 's/^/# /'
else
    count=$((count + 1))
    echo "ok $count # SKIP MWB_SHARED is not set: no folder of real data beside the repository"
fi

# ---- Read by others ----

# read_alike TITLE COMMAND...: the command prints the same of both databases of a sample.
read_alike() {
    title=$1
    shift
    status=0
    seen=0
    for first in "$scratch"/sample/*-reference.sqlite; do
        "$@" "$first" >"$scratch/first" 2>&1 || status=1
        "$@" "${first%-reference.sqlite}-other.sqlite" >"$scratch/second" 2>&1 || status=1
        cmp "$scratch/first" "$scratch/second" >>"$scratch/compared" 2>&1 || status=1
        seen=$((seen + 1))
    done
    point $status "$title reads $seen samples of both ways" "$scratch/second"
}

shell_reads() {
    sqlite3 -batch -bail "file:$1?mode=ro" 'PRAGMA integrity_check' '.mode quote' \
        'SELECT * FROM t' 'SELECT * FROM mwb_column' 'SELECT * FROM mwb_reject'
}

python_reads() {
    python3 - "$1" <<'END'
import sqlite3
import sys
db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
db.text_factory = bytes
assert db.execute("PRAGMA integrity_check").fetchall() == [(b"ok",)]
for table in "t", "mwb_column", "mwb_reject":
    for row in db.execute(f"SELECT * FROM {table}"):
        print(row)
END
}

if command -v sqlite3 >/dev/null; then
    read_alike "the sqlite3 shell" shell_reads
fi
if python3 -c 'import sqlite3' 2>/dev/null; then
    read_alike "Python" python_reads
fi
echo "1..$count"
exit $((failed > 0))
