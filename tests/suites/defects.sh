#!/bin/sh
# Every kind of defect in the fixtures of the Frictionless framework is named by its code
# when the file is imported: in the notes, or as the defect of a rejected row.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u

mwb=${MWB:-./mwb}
fixtures=${MWB_SHARED:-}/suites/frictionless-fixtures
count=0
failed=0

if [ -z "${MWB_SHARED:-}" ] || [ ! -d "$fixtures" ]; then
    echo "1..0 # SKIP MWB_SHARED is not set: no fixtures beside the repository"
    exit 0
fi
scratch=$(mktemp -d "${TMPDIR:-/tmp}/mwb-defects-XXXXXX") || exit 1
trap 'rm -rf "$scratch"' EXIT
export XDG_CACHE_HOME="$scratch/cache" XDG_STATE_HOME="$scratch/state"

cat >"$scratch/people.json" <<'END'
{"fields": [{"name": "id", "type": "integer"}, {"name": "name"},
            {"name": "age", "type": "integer"}]}
END

cat >"$scratch/countries.json" <<'END'
{"fields": [{"name": "id", "type": "integer"}, {"name": "name"}, {"name": "population"},
            {"name": "year", "type": "integer"}], "primaryKey": ["name"]}
END

# names FILE "CODES" [FLAG...]: exactly these codes are named.
names() {
    file=$1
    wanted=$2
    shift 2
    rm -f "$scratch/out.sqlite" "$scratch/bad.csv"
    "$mwb" import "$fixtures/$file" --into "$scratch/out.sqlite" \
        --rejects "$scratch/bad.csv" "$@" >"$scratch/told" 2>&1
    got=$(cat "$scratch/told" "$scratch/bad.csv" 2>/dev/null |
        grep -o '\[[a-z]*-[a-z]*\]' | sort -u | tr -d '[]' | tr '\n' ' ')
    count=$((count + 1))
    if [ "${got% }" = "$wanted" ]; then
        echo "ok $count - $file: ${wanted:-no defect}"
    else
        echo "not ok $count - $file: ${wanted:-no defect}"
        echo "# named: $got"
        sed 's/^/# /' "$scratch/told"
        failed=$((failed + 1))
    fi
}

names table.csv ""
names country-1.csv ""
names blank-headers.csv "blank-label"
names duplicate-headers.csv "duplicate-label"
names duplicate-column.csv "duplicate-label"
names blank-rows.csv "blank-row"
names blank-rows-multiple.csv "blank-row"
names blank-rows-no-fields.csv "blank-row"
names defective-rows.csv "extra-cell missing-cell"
names without-headers-extra.csv "extra-cell" --no-header
names invalid.csv "blank-label blank-row duplicate-label extra-cell missing-cell"
names schema-errors.csv "extra-cell type-error" --schema "$scratch/people.json"
names invalid.json "source-error"
names latin1.csv "encoding-error"
names table.csv "missing-label" --schema "$scratch/people.json"
names duplicate-column.csv "duplicate-label extra-label incorrect-label" \
    --schema "$scratch/people.json"
names capital-3.csv "missing-label" --schema "$scratch/people.json"
names transform-groups.csv "primary-key" --schema "$scratch/countries.json"
names latin1.csv "encoding-error"
names encoding-issue-274.csv ""

echo "1..$count"
exit $((failed > 0))
