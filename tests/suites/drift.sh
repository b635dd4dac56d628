#!/bin/sh
# drift: the versions kept of real data, compared, against Python's csv and json modules.
# SPDX-License-Identifier: GPL-3.0-or-later
if [ -z "${MWB_SHARED:-}" ] || [ ! -d "$MWB_SHARED/realdata/country-codes/history" ]; then
    echo "1..0 # SKIP MWB_SHARED is not set: no real data beside the repository"
    exit 0
fi
if ! python3 -c 'import csv, json' 2>/dev/null; then
    echo "1..0 # SKIP there is no python3 to compare with"
    exit 0
fi
scratch=$(mktemp -d "${TMPDIR:-/tmp}/mwb-drift-XXXXXX") || exit 99
trap 'rm -rf "$scratch"' EXIT
export HOME="$scratch" MWB_CACHE="$scratch/cache" LC_ALL=C.UTF-8
unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME MWB_MESH
python3 "${TESTS_SRCDIR:-$(dirname "$0")/..}/suites/drift_compare.py" "${MWB:-./mwb}" \
    "$MWB_SHARED"
