#!/bin/sh
# import: the public CSV suites and real data files, cell by cell against Python's csv module.
# SPDX-License-Identifier: GPL-3.0-or-later
if [ -z "${MWB_SHARED:-}" ] || [ ! -d "$MWB_SHARED/realdata" ]; then
    echo "1..0 # SKIP MWB_SHARED is not set: no folder of real data beside the repository"
    exit 0
fi
if ! python3 -c 'import csv, sqlite3' 2>/dev/null; then
    echo "1..0 # SKIP there is no python3 to compare with"
    exit 0
fi
# run KIND FOLDER: the same points under one plan each; TAP wants one plan in all.
number=0
failed=0
run() {
    out=$(python3 "$TESTS_SRCDIR/suites/import_compare.py" "$TESTS_BUILDDIR/suites/import_tool" \
        "$MWB_SHARED/$2" "$1" 2>&1) || failed=1
    points=$(printf '%s\n' "$out" | grep -c -E '^(not )?ok ')
    printf '%s\n' "$out" | awk -v n="$number" '
        /^(not )?ok / { sub(/ok [0-9]+/, "ok " ++n) }
        /^1\.\./ { next }
        { print }'
    number=$((number + points))
    # A comparison that died has no plan line.
    if ! printf '%s\n' "$out" | grep -q '^1\.\.'; then
        number=$((number + 1))
        failed=1
        echo "not ok $number - the comparison of $2 ran to its end"
    fi
}
run realdata realdata
run spectrum suites/csv-spectrum
run plain suites/csvkit-examples
run plain suites/frictionless-fixtures
run chunks suites/csvkit-examples
run chunks suites/csv-spectrum/csvs
echo "1..$number"
exit $failed
