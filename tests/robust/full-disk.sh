#!/bin/sh
# full-disk: a small file system that runs full while results, versions, the catalog, an
# export or the workspace are written: a sentence, and what was there stays. It needs the
# right to mount a tmpfs (root, or a user namespace by unshare(1)); else it skips. TAP.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
if [ "${1:-}" != inside ]; then
    for way in "unshare -m" "unshare -rm"; do
        if $way sh -c 'mount -t tmpfs -o size=64k tmpfs /mnt' 2>/dev/null; then
            exec $way sh "$0" inside
        fi
    done
    echo "1..0 # SKIP no right to mount a tmpfs"
    exit 0
fi
scratch=$(mktemp -d "${TMPDIR:-/tmp}/mwb-full-XXXXXX") || exit 99
trap 'cd /; umount "$scratch/small"; rm -rf "$scratch"' EXIT
trap 'exit 99' HUP INT TERM
small=$scratch/small
mkdir -p "$small" "$scratch/home" && mount -t tmpfs -o size=2m tmpfs "$small" || exit 99
cd "$scratch" || exit 99
HOME=$scratch/home
export HOME
unset MWB_CACHE MWB_MESH XDG_CACHE_HOME XDG_DATA_HOME XDG_CONFIG_HOME
count=0
failed=0

# says STATUS PATTERN TITLE COMMAND...: it ends so, and its last line matches.
says() {
    want=$1
    pattern=$2
    title=$3
    shift 3
    got=$("$@" 2>&1)
    status=$?
    last=$(printf '%s\n' "$got" | tail -n 1)
    count=$((count + 1))
    # shellcheck disable=SC2254 # the pattern is meant to be one
    case "$status $last" in
    $want\ $pattern) echo "ok $count - $title" ;;
    *)
        failed=$((failed + 1))
        echo "not ok $count - $title"
        printf '%s\n' "status $status" "$got" | sed 's/^/# /'
        ;;
    esac
}

fill() {
    dd if=/dev/zero of="$small/filler" bs=1024 2>/dev/null
}

make_room() {
    rm -f "$small/filler"
}

nothing_left() {
    find "$small" "$HOME" -name '.*.part'
    find "$small" "$HOME" -path '*/stage/*' -o -path '*/spool/*'
}

endless='WITH RECURSIVE a(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM a)'
seq 200000 | sed '1i a' >n.csv
printf 'a\n1\n' >s.csv
full='*disk is full*make room*'
says 0 200000 'a query with room' \
    "$MWB" query "SELECT count(*) AS n FROM n.n" --mesh n.csv --format csv

# Files that verbs write.
says 3 "mwb: could not write $small/.n.sqlite.*.part: $full" import \
    "$MWB" import n.csv --into "$small/n.sqlite"
echo old >"$small/n.csv"
says 3 'mwb: could not write *: no space left on device; make room*' export \
    "$MWB" export "SELECT a, hex(zeroblob(10)) FROM n.n" --mesh n.csv --out "$small/n.csv"
says 0 old 'the old file stays' cat "$small/n.csv"
says 3 'mwb: could not write to standard output: no space left on device' 'standard output' \
    sh -c "\"$MWB\" query 'SELECT a, hex(zeroblob(10)) FROM n.n' --mesh n.csv >$small/out"
rm -f "$small"/*

# The cache.
MWB_CACHE=$small/cache
export MWB_CACHE
says 3 "mwb: the statement needs a product that is not here: *$full" 'a version' \
    "$MWB" query "SELECT 1 FROM n.n" --mesh n.csv
says 0 1 'a small one' "$MWB" query "SELECT a FROM s.s" --mesh s.csv --format csv
says 3 "mwb: could not write the rows of the result to *$full" 'a result' \
    "$MWB" query "$endless SELECT x, hex(x) FROM a" --mesh s.csv
fill
says 3 "mwb: could not get *$full" 'a version when nothing is left' \
    "$MWB" get s --again --mesh s.csv
says 3 'mwb: could not keep standard input in *: no space left on device' 'standard input' \
    sh -c "\"$MWB\" products --mesh - <n.csv"
cp s.csv t.csv
says 3 "mwb: could not write the catalog index of *$full" 'the catalog' \
    "$MWB" products --mesh t.csv
says 0 'mwb *' 'the version of the program' "$MWB" version
make_room
says 0 1 'the old version stays' "$MWB" query "SELECT a FROM s.s" --mesh s.csv --format csv
says 0 '' 'and nothing half made' nothing_left
unset MWB_CACHE

# Data of the user's own.
XDG_DATA_HOME=$small/data
export XDG_DATA_HOME
says 0 1 'a table of the workspace' \
    "$MWB" query "CREATE TABLE w AS SELECT a FROM s.s; SELECT a FROM w" --mesh s.csv --format csv
says 3 "mwb: could not write $small/data/mwb/workspaces/*: $full" 'a large table' \
    "$MWB" query "CREATE TABLE v AS $endless SELECT x, hex(x) FROM a" --mesh s.csv
says 0 1 'the workspace as it was' \
    "$MWB" query "SELECT a FROM w" --mesh s.csv --format csv
fill
says 3 "mwb: could not write $small/data/mwb/workspaces/*: $full" 'a row when nothing is left' \
    "$MWB" query "INSERT INTO w VALUES (2)" --mesh s.csv
says 3 'mwb: :x holds for now, but is not kept: *no space left on device' 'a parameter' \
    "$MWB" param x 1 --mesh s.csv
says 3 'mwb: could not write *: no space left on device' 'the sandbox' \
    "$MWB" demo --no-ui
make_room
says 0 1 'the workspace stays' "$MWB" query "SELECT a FROM w" --mesh s.csv --format csv
says 0 '' 'and nothing half made' nothing_left
echo "1..$count"
exit $((failed > 0))
