#!/bin/sh
# verdicts: checks against what the tests of datacontract-cli assert, and, when MWB_DCC
# names a python that has datacontract-cli, against what it says itself of every contract
# of the official documents and of real data that both can run.
# SPDX-License-Identifier: GPL-3.0-or-later
if [ -z "${MWB_SHARED:-}" ] || [ ! -d "$MWB_SHARED/standards/datacontract-cli" ]; then
    echo "1..0 # SKIP MWB_SHARED is not set: no official documents beside the repository"
    exit 0
fi
python=python3
peer=
if [ -n "${MWB_DCC:-}" ]; then
    python=$MWB_DCC
    peer=--peer
fi
if ! "$python" -c 'import csv, json, sqlite3' 2>/dev/null; then
    echo "1..0 # SKIP there is no python3 to compare with"
    exit 0
fi
scratch=$(mktemp -d "${TMPDIR:-/tmp}/mwb-verdicts-XXXXXX") || exit 99
trap 'rm -rf "$scratch"' EXIT
export HOME="$scratch" MWB_CACHE="$scratch/cache" LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME MWB_MESH MWB_NOW
here=${TESTS_SRCDIR:-$(dirname "$0")/..}/suites
"$python" "$here/verdicts_compare.py" "${MWB:-./mwb}" "$MWB_SHARED" "$scratch" \
    ${peer:+"$peer" "$here/verdicts.differences"}
