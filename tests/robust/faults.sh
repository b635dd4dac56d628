#!/bin/sh
# faults: every write of an import and of a get fails once, in turn: no space, a broken disk,
# half of the bytes, a signal. A sentence that names the file and nothing half made, the version
# that was there stays; half a write and a signal do not even change the result. Then whatever
# changes the disk on the way of a first get and of a refresh is where the process is killed, or
# where the disk, the quota, the rights or the open files end. Small in `make check`: every few
# calls; FAULTS=all tries each. TAP.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
fault=${TESTS_BUILDDIR:?is set by make check}/robust/fault.so
if ! [ -e "$fault" ] || ! LD_PRELOAD=$fault "$MWB" version >/dev/null 2>&1; then
    echo "1..0 # SKIP the program does not run with a library loaded before it (a sanitizer's?)"
    exit 0
fi
scratch=$(mktemp -d "${TMPDIR:-/tmp}/mwb-faults-XXXXXX") || exit 99
trap 'rm -rf "$scratch"' EXIT
trap 'exit 99' HUP INT TERM
cd "$scratch" || exit 99
HOME=$scratch/home
MWB_CACHE=$scratch/cache
export HOME MWB_CACHE
mkdir "$HOME"
unset MWB_MESH XDG_DATA_HOME XDG_CONFIG_HOME
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

rows() { # rows N WORD: an id, a word, a text long enough for several pages a chunk
    awk -v rows="$1" -v word="$2" 'BEGIN {
        print "id,word,text"
        for (i = 1; i <= rows; i++) print i "," word ",\"a longer text, with number " i * 7 "\""
    }'
}

# struck KIND CALL N FILE COMMAND...: run it with a fault; `said` gets what it says. False: the
# fault never came.
struck() {
    rm -f struck
    FAULT="$1:$2:$3" FAULT_FILE=$4 FAULT_SAYS=$scratch/struck
    export FAULT FAULT_FILE FAULT_SAYS
    shift 4
    LD_PRELOAD=$fault "$@" >said 2>&1
    status=$?
    unset FAULT FAULT_FILE FAULT_SAYS
    [ -e struck ]
}

wrong() { # wrong KIND CALL N WHAT
    echo "# $1 at $2 $3: $4 (status $status)"
    sed 's/^/#   /' said
    bad=$((bad + 1))
}

left_over() {
    find "$scratch" -name '.*.part*' -o -name '*-journal' -o -path '*/stage/*' -o -path '*/spool/*'
}

# How far apart the calls are that fail: a dozen of all of them.
step_of() { # step_of CALL FILE COMMAND...
    call=$1
    shift
    [ "${FAULTS:-few}" != all ] || { echo 1; return; }
    n=1
    while rm -f out.sqlite && struck broken "$call" $n "$@"; do
        n=$((n * 2))
    done
    echo $((n / 24 + 1))
}

# ---- Import ----

import="$MWB import in.csv --into out.sqlite"
rows 30000 one >in.csv
$import 2>/dev/null
mv out.sqlite whole.sqlite

# What must come of a fault at each call. fatal: a sentence with the file; else nothing is seen.
import_faults() { # import_faults KIND CALL fatal|harmless PATTERN
    step=$(step_of "$2" .part $import)
    bad=0
    n=1
    hits=0
    while rm -f out.sqlite && struck "$1" "$2" $n .part $import; do
        hits=$((hits + 1))
        left_over >left
        [ ! -s left ] || wrong "$1" "$2" $n "it leaves $(cat left)"
        if [ "$3" = harmless ]; then
            [ $status -eq 0 ] && cmp -s out.sqlite whole.sqlite ||
                wrong "$1" "$2" $n "the result is another"
        else
            [ $status -eq 3 ] && [ ! -e out.sqlite ] ||
                wrong "$1" "$2" $n "it does not fail, or something is visible"
            # shellcheck disable=SC2254 # the pattern is meant to be one
            case $(tail -n 1 said) in
            $4) ;;
            *) wrong "$1" "$2" $n "the sentence" ;;
            esac
        fi
        n=$((n + step))
    done
    [ $bad -eq 0 ] && [ $hits -gt 0 ]
    point $? "import: $1 at $hits calls of $2: $3"
}

name='*out.sqlite*'
import_faults full pwrite fatal "mwb: could not write *.out.sqlite.*.part: *full*"
import_faults broken pwrite fatal "mwb: could not write *.out.sqlite.*.part: *"
import_faults short pwrite harmless ''
import_faults interrupted pwrite harmless ''
import_faults broken fsync fatal "mwb: could not write $name"
import_faults full rename fatal "mwb: could not write $name"

# ---- Get ----

get="$MWB get in --again --mesh in.csv"
mkdir -p "$HOME/.config/mwb"
echo 'keep_versions = 0' >"$HOME/.config/mwb/config"
generation() { # what is current, without asking the program
    for current in cache/products/*/*/*/*/current; do
        [ -e "$current" ] || continue
        sqlite3 "file:${current%/current}/$(cat "$current")?immutable=1" \
            'SELECT count(*), max(word) FROM "in"; PRAGMA integrity_check' 2>&1 | tr '\n' ' '
    done
}
$get 2>/dev/null
before=$(generation)
point "$([ "$before" = '30000|one ok ' ]; echo $?)" 'get: a first version'
rows 20000 two >in.csv

get_faults() { # get_faults KIND CALL FILE
    step=$(step_of "$2" "$3" $get)
    [ "$(generation)" = "$before" ] || { rows 30000 one >in.csv; $get 2>/dev/null; rows 20000 two >in.csv; }
    bad=0
    n=1
    hits=0
    while struck "$1" "$2" $n "$3" $get; do
        hits=$((hits + 1))
        left_over >left
        [ ! -s left ] || wrong "$1" "$2" $n "it leaves $(cat left)"
        [ $status -eq 3 ] || wrong "$1" "$2" $n 'it does not fail'
        [ "$(generation)" = "$before" ] || wrong "$1" "$2" $n "current is $(generation)"
        case $(tail -n 1 said) in
        "mwb: could not "*"$scratch/cache/"*) ;;
        *) wrong "$1" "$2" $n "the sentence" ;;
        esac
        n=$((n + step))
    done
    [ $bad -eq 0 ] && [ $hits -gt 0 ]
    point $? "get: $1 at $hits calls of $2: the version that was there stays"
}

get_faults full pwrite /stage/
get_faults broken pwrite /stage/
get_faults broken fsync /stage/
get_faults full rename /stage/
$get 2>/dev/null
point "$([ "$(generation)" = '20000|two ok ' ]; echo $?)" 'get: without a fault the new one comes'

# ---- Stops and errors at each call ----

echo 'keep_versions = 1' >"$HOME/.config/mwb/config" # the old one is removed, too
rm -rf cache
rows 300 two >in.csv
"$MWB" products --mesh in.csv >/dev/null 2>&1
cp -a cache first
rows 300 one >in.csv
$get 2>/dev/null
cp -a cache second
rows 300 two >in.csv
places='/stage/|/products/|/partial/'

# What is visible: nothing, or the old or the new version, as a whole, and every file that has
# the name of a version is one.
is_whole() { # is_whole OLD
    now=$(generation)
    case "$now" in
    "$1" | '300|two ok ') ;;
    *) return 1 ;;
    esac
    for db in cache/products/*/*/*/*/*.db; do
        [ ! -e "$db" ] || [ "$(sqlite3 "file:$PWD/$db?immutable=1" \
            'SELECT count(*), count(DISTINCT word) FROM "in"; PRAGMA integrity_check' | tr '\n' ' ')" \
            = '300|1 ok ' ] || return 1
    done
}

# Each call in turn, from a cache as it was; then the next run, which has to sweep.
strike_all() { # strike_all KIND CALL first|second OLD STEP
    bad=0
    hits=0
    n=1
    FAULT_CHILD=1
    export FAULT_CHILD
    while rm -rf cache && cp -a "$3" cache && struck "$1" "$2" $n "$places" $get; do
        hits=$((hits + 1))
        is_whole "$4" || wrong "$1" "$2" $n "visible: $now"
        [ $status -eq 0 ] || [ $status -eq 3 ] || wrong "$1" "$2" $n 'the status'
        [ $status -ne 0 ] || [ "$now" = '300|two ok ' ] || wrong "$1" "$2" $n 'it says it is there'
        $get >said 2>&1
        status=$?
        [ $status -eq 0 ] && is_whole none || wrong "$1" "$2" $n 'the next run fails'
        left_over >left
        find cache/products -name '*.new-*' >>left
        [ ! -s left ] || wrong "$1" "$2" $n "the next run leaves $(cat left)"
        n=$((n + $5))
    done
    unset FAULT_CHILD
    [ $bad -eq 0 ] && [ $hits -gt 0 ]
    point $? "$([ "$3" = first ] && echo 'a first get' || echo 'a refresh'): $1 at $hits calls ($2)"
}

step=23
[ "${FAULTS:-few}" != all ] || step=1
for from in first second; do
    old=
    [ $from = first ] || old='300|one ok '
    strike_all before change $from "$old" $step
    strike_all after change $from "$old" $step
    for kind in full quota broken rights; do
        strike_all $kind change $from "$old" $step
    done
    strike_all files open $from "$old" $step
    strike_all rights open $from "$old" $step
done

# Where there are no locks, names take their place.
rm -rf cache
unlocked() {
    FAULT=unlocked:flock:1 LD_PRELOAD=$fault "$@"
}
rows 300 one >in.csv
unlocked $get 2>said
point "$([ "$(generation)" = '300|one ok ' ]; echo $?)" 'a get without locks'
rows 300 two >in.csv
struck before change 20 /stage/ env FAULT_CHILD=1 "$MWB" get in --refresh --mesh in.csv
unlocked $get 2>said
left_over >left
find cache -name '.*held*' -o -name '*.lease,*' >>left
point "$([ "$(generation)" = '300|two ok ' ] && [ ! -s left ]; echo $?)" 'and the next one sweeps'
said=$(unlocked "$MWB" query 'SELECT max(word) FROM "in"."in"' --mesh in.csv --format csv | tail -n 1)
point "$([ "$said" = two ]; echo $?)" 'it is read without locks'
echo "1..$count"
exit $((failed > 0))
