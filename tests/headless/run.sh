#!/bin/sh
# run: play the headless cases and compare what the program prints. TAP, a point a command.
#
#   run.sh [CASE...]     without arguments every *.case beside this script
#   MWB_UPDATE=1 run.sh  write what was printed into the cases that differ
#
# A case is a text file:
#
#   # title: products lists what a mesh offers
#   # needs shared              (skip unless MWB_SHARED names the folder of real data)
#   # needs sqlite3             (skip unless this program is there)
#   $ mwb products --mesh $SAMPLES
#   > --format csv              (the command goes on)
#   product,name
#   [status 3]                  (when it is not 0)
#   #: a remark between two commands
#
# Standard output and standard error come in the order in which they were written. In the
# expected lines `<*>` stands for any text within a line, `<**>` alone for any lines. Blank
# lines at the end of an output do not count. A line of output that would be read as part of the
# case (`$ `, `> `, `#: `, or a leading backslash) is written with a backslash before it.
# In what was printed, the folders of the test read $TMP, $SAMPLES and $SHARED, and
# ESC and CR are shown as <ESC> and <CR>.
#
# Each case runs in folders of its own (HOME, XDG_*), without a terminal, in C.UTF-8, at
# the time of MWB_NOW; its commands share the folder they start in.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
here=${TESTS_SRCDIR:+$TESTS_SRCDIR/headless}
here=${here:-$(cd "$(dirname "$0")" && pwd)}
MWB=${MWB:-$here/../../mwb}
: "${MWB_NOW:=2026-01-15T12:00:00Z}" "${MWB_SAMPLES:=$here/../../samples}"
scratch=$(mktemp -d "${TMPDIR:-/tmp}/mwb-headless-XXXXXX") || exit 99
trap 'chmod -R u+rwX "$scratch"; rm -rf "$scratch"' EXIT
trap 'exit 99' HUP INT TERM
count=0
failed=0

point() { # point STATUS TITLE; printf, since echo would read backslashes
    count=$((count + 1))
    if [ "$1" -eq 0 ]; then
        printf '%s\n' "ok $count - $2"
    else
        failed=$((failed + 1))
        printf '%s\n' "not ok $count - $2"
    fi
}

# why_skipped CASE: print the first thing the case needs and this machine lacks.
why_skipped() {
    sed -n '/^\$ /q; s/^# needs  *//p' "$1" | while read -r need; do
        if [ "$need" = shared ]; then
            [ -n "${MWB_SHARED:-}" ] && continue
            echo "MWB_SHARED is not set: no folder of real data beside the repository"
        elif ! command -v "$need" >/dev/null; then
            echo "the program $need is not installed"
        else
            continue
        fi
        break
    done
}

# fresh_folders: what one case may write to.
fresh_folders() {
    chmod -R u+rwX "$scratch"
    rm -rf "$scratch/run" "$scratch/steps"
    mkdir -p "$scratch/steps" "$scratch/run/bin" "$scratch/run/home" "$scratch/run/desk"
    ln -s "$MWB" "$scratch/run/bin/mwb"
}

# in_case COMMAND: run it as a person without a terminal would, at most a minute.
in_case() {
    top=$scratch/run
    (
        cd "$top/desk" || exit 99
        # Tools that watch the program keep their settings; the rest starts clean.
        exec env -i PATH="$top/bin:${TESTS_BUILDDIR:+$TESTS_BUILDDIR/robust:}$PATH" HOME="$top/home" TMP="$top" TERM=dumb \
            LC_ALL=C.UTF-8 TZ=UTC MWB_NOW="$MWB_NOW" SAMPLES="$MWB_SAMPLES" \
            MWB_SAMPLES="$MWB_SAMPLES" MWB_THEMES="${MWB_THEMES:-}" \
            SHARED="${MWB_SHARED:-}" XDG_CONFIG_HOME="$top/home/.config" \
            XDG_DATA_HOME="$top/home/.local/share" XDG_CACHE_HOME="$top/home/.cache" \
            ${ASAN_OPTIONS:+"ASAN_OPTIONS=$ASAN_OPTIONS"} \
            ${UBSAN_OPTIONS:+"UBSAN_OPTIONS=$UBSAN_OPTIONS"} \
            ${LSAN_OPTIONS:+"LSAN_OPTIONS=$LSAN_OPTIONS"} \
            timeout "${MWB_CASE_LIMIT:-60}" sh -c "$1" </dev/null
    )
}

# run_step N: run command N of the case, leave N.got, and say whether it is as expected.
run_step() {
    step=$scratch/steps/$1
    in_case "$(cat "$step.command")" >"$step.raw" 2>&1
    status=$?
    if [ -s "$step.raw" ] && [ "$(tail -c 1 "$step.raw" | wc -l)" -eq 0 ]; then
        printf '\n[no newline at the end]\n' >>"$step.raw"
    fi
    [ $status -eq 0 ] || echo "[status $status]" >>"$step.raw"
    LC_ALL=C TOP="$scratch/run" SAMPLES="$MWB_SAMPLES" SHARED="${MWB_SHARED:-}" \
        awk -f "$here/shown.awk" "$step.raw" >"$step.got"
    LC_ALL=C awk -f "$here/match.awk" "$step.want" "$step.got"
}

show_difference() {
    diff -u "$1.want" "$1.got" | sed '1,2d; s/^/#  /'
}

# write_case CASE STEPS: the case again, with what was printed where it did not match.
write_case() {
    cat "$scratch/steps/0.head" >"$scratch/case"
    n=0
    while [ $((n += 1)) -le "$2" ]; do
        step=$scratch/steps/$n
        [ $n -eq 1 ] || echo
        cat "$step.head" "$step.keep"
    done >>"$scratch/case"
    cmp -s "$scratch/case" "$1" || { cat "$scratch/case" >"$1" && echo "# wrote $1"; }
}

run_case() {
    name=$(basename "$1" .case)
    title=$(sed -n '/^\$ /q; s/^# title: *//p' "$1")
    reason=$(why_skipped "$1")
    if [ -n "$reason" ]; then
        point 0 "$name # SKIP $reason"
        return
    fi
    fresh_folders
    steps=$(LC_ALL=C awk -v steps="$scratch/steps" -f "$here/steps.awk" "$1")
    if [ "${steps:-0}" -eq 0 ]; then
        point 1 "$name: the case has no line that starts with '\$ '"
        return
    fi
    echo "# $name: $title"
    n=0
    while [ $((n += 1)) -le "$steps" ]; do
        step=$scratch/steps/$n
        run_step $n
        matched=$?
        point $matched "$name: $(head -n 1 "$step.command")"
        cp "$step.want" "$step.keep"
        if [ $matched -ne 0 ]; then
            cp "$step.got" "$step.keep"
            show_difference "$step"
        fi
    done
    [ "${MWB_UPDATE:-0}" != 1 ] || write_case "$1" "$steps"
}

[ $# -gt 0 ] || set -- "$here"/*.case
for case in "$@"; do
    if [ -r "$case" ]; then
        run_case "$case"
    else
        point 1 "$case can be read"
    fi
done
echo "1..$count"
exit $((failed > 0))
