#!/bin/sh
# unprivileged: what only a user without privileges can be refused: processes, and files by
# their modes. Root becomes "nobody" for it, with setpriv(1); without that it skips. TAP.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
scratch=$(mktemp -d "${TMPDIR:-/tmp}/mwb-unprivileged-XXXXXX") || exit 99
trap 'chmod -R u+rwX "$scratch"; rm -rf "$scratch"' EXIT
trap 'exit 99' HUP INT TERM
nobody=54321
count=0
failed=0

# The tree may lie in a folder that nobody else may enter: run a copy of the program. A
# sanitizer's search for leaks needs the very process that is refused here.
cp "${MWB:?is set by make check}" "$scratch/program" || exit 99
cp -R "$MWB_SAMPLES" "$scratch/samples" || exit 99
chmod -R a+rX,u+w "$scratch/program" "$scratch/samples"
chmod 755 "$scratch" "$scratch/program"
MWB=$scratch/program
MWB_SAMPLES=$scratch/samples
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0

if [ "$(id -u)" -eq 0 ]; then
    as_user="setpriv --reuid=$nobody --regid=$nobody --clear-groups"
    if ! $as_user "$MWB" version >/dev/null 2>&1; then
        echo "1..0 # SKIP root cannot become another user that may run $MWB"
        exit 0
    fi
    chown $nobody:$nobody "$scratch"
else
    as_user=
fi
chmod 755 "$scratch"
cd "$scratch" || exit 99

# user COMMAND: run it in a shell of that user, with homes of its own.
user() {
    $as_user env -i PATH="$PATH" HOME="$scratch/home" LC_ALL=C.UTF-8 MWB="$MWB" \
        MWB_NOW="$MWB_NOW" MWB_SAMPLES="$MWB_SAMPLES" ${MORE_PROCESSES:-} \
        ${ASAN_OPTIONS:+"ASAN_OPTIONS=$ASAN_OPTIONS"} \
        ${LSAN_OPTIONS:+"LSAN_OPTIONS=$LSAN_OPTIONS"} sh -c "$1" 2>&1
}

# says STATUS PATTERN TITLE COMMAND: it ends so, and its last line matches (case patterns).
says() {
    got=$(user "$4")
    status=$?
    last=$(printf '%s\n' "$got" | tail -n 1)
    count=$((count + 1))
    # shellcheck disable=SC2254 # the pattern is meant to be one
    case "$status $last" in
    $1\ $2) echo "ok $count - $3" ;;
    *)
        failed=$((failed + 1))
        echo "not ok $count - $3"
        printf '%s\n' "status $status" "$got" | sed 's/^/# /'
        ;;
    esac
}

says 0 1 'a query of a user' \
    'mkdir home; printf "a\n1\n" >t.csv; $MWB query "SELECT a FROM t.t" --mesh t.csv --format csv'
says 3 'mwb: could not start a process (SQL session): *; end other programs and try again' \
    'no process to be had' \
    'prlimit --nproc=1 $MWB query "SELECT a FROM t.t" --mesh t.csv'
says 3 'mwb: could not start a process (read the catalog): *' 'none for a new mesh' \
    'cp t.csv u.csv; prlimit --nproc=1 $MWB products --mesh u.csv'
says 3 'mwb: could not get *: could not open t.csv: permission denied' 'a file without rights' \
    'chmod 0 t.csv; $MWB get t --again --mesh t.csv'
says 0 1 'what came before is still there' \
    '$MWB query "SELECT a FROM t.t" --mesh t.csv --format csv'
says 3 'mwb: *permission denied*' 'a folder without rights' \
    'mkdir closed; chmod 0 closed; $MWB products --mesh closed'
says 3 'mwb: *permission denied*' 'no right to write there' \
    '$MWB export "SELECT 1" --out /usr/x.csv'
says 3 'mwb: could not make the folder *home/.cache/mwb/spool*: permission denied*' \
    'a cache that cannot be written' \
    'mv home/.cache/mwb/spool old; chmod 500 home/.cache/mwb; $MWB query "SELECT 1" --mesh u.csv'
says 3 'mwb: could not make the folder *: permission denied; *MWB_CACHE*' \
    'a home that cannot be written' \
    'chmod 700 home/.cache/mwb; rm -rf home/.cache; chmod 500 home; $MWB query "SELECT 1" --mesh u.csv'
says 0 1 'another place for the cache helps' \
    'MWB_CACHE=$PWD/c $MWB query "SELECT 1 AS a" --mesh u.csv --format csv'
says 0 1 'settings without rights' \
    'chmod 700 home; mkdir -p home/.config/mwb; : >home/.config/mwb/config; chmod 0 home/.config/mwb/config; $MWB query "SELECT 1 AS a" --mesh u.csv --format csv 2>err'
says 0 'mwb: could not open *config: permission denied*' 'are told of' 'cat err'
echo "1..$count"
exit $((failed > 0))
