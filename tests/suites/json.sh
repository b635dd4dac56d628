#!/bin/sh
# json: JSONTestSuite, and the JSON files of the real data against Python's json module.
# SPDX-License-Identifier: GPL-3.0-or-later
if [ -z "${MWB_SHARED:-}" ] || [ ! -d "$MWB_SHARED/suites/JSONTestSuite" ]; then
    echo "1..0 # SKIP MWB_SHARED is not set: no JSONTestSuite beside the repository"
    exit 0
fi
if ! python3 -c 'import json, sqlite3' 2>/dev/null; then
    echo "1..0 # SKIP there is no python3 to compare with"
    exit 0
fi
exec python3 "$TESTS_SRCDIR/suites/json_compare.py" "$TESTS_BUILDDIR/suites/import_tool" \
    "$TESTS_BUILDDIR/suites/json_tool" "$MWB_SHARED"
