#!/bin/sh
# realdata: data products that nobody here wrote open, list, get and query, and have the
# row counts that their READMEs tell. TAP; a point for each file of a README.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
MWB=${MWB:-./mwb}
count=0
failed=0

point() { # STATUS TITLE
    count=$((count + 1))
    if [ "$1" -eq 0 ]; then
        printf 'ok %s - %s\n' "$count" "$2"
    else
        failed=$((failed + 1))
        printf 'not ok %s - %s\n' "$count" "$2"
    fi
}

if [ -z "${MWB_SHARED:-}" ] || [ ! -d "$MWB_SHARED/realdata" ]; then
    echo "1..0 # SKIP MWB_SHARED is not set: no folder of real data beside the repository"
    exit 0
fi
scratch=$(mktemp -d "${TMPDIR:-/tmp}/mwb-realdata-XXXXXX") || exit 99
trap 'chmod -R u+rwX "$scratch"; rm -rf "$scratch"' EXIT
export HOME="$scratch" MWB_CACHE="$scratch/cache" LC_ALL=C.UTF-8
unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME MWB_MESH

rows() { # MESH SQL: the rows without the header
    "$MWB" query "$2" --mesh "$1" --format csv 2>"$scratch/errors" | tail -n +2
}

# Every table of every product of a mesh: file name, rows.
tables_of() { # MESH
    rows "$1" "SELECT DISTINCT schema_name FROM mesh.product" >"$scratch/schemas"
    while read -r schema; do
        rows "$1" "SELECT source, rows FROM $schema.mwb_table"
    done <"$scratch/schemas"
}

for name in country-codes exchange-rates publicbodies s-and-p-500-companies fivethirtyeight \
    jaffle-shop; do
    mesh=$MWB_SHARED/realdata/$name
    tables_of "$mesh" >"$scratch/tables"
    [ -s "$scratch/tables" ]
    point $? "$name opens, lists, gets and answers"
    sed -n 's/^| *\([^|]*\.csv\) *| *\([0-9][0-9]*\) *|.*/\1 \2/p' "$mesh/README.md" \
        >"$scratch/promised"
    while read -r file records; do
        # A file that no descriptor names, or of an earlier version, opens as it is.
        base=${file##*/}
        got=
        case $file in
        history/*) ;;
        *) got=$(sed -n "s|^\(.*/\)\{0,1\}$base,||p" "$scratch/tables" | head -1) ;;
        esac
        if [ -z "$got" ]; then
            table=$(rows "$mesh/$file" 'SELECT "table" FROM mesh.tables')
            got=$(rows "$mesh/$file" "SELECT count(*) FROM $table")
        fi
        [ "$got" = $((records - 1)) ]
        point $? "$name/$file has $((records - 1)) rows (got ${got:-none})"
    done <"$scratch/promised"
done

mesh=$MWB_SHARED/realdata/chinook
got=$(rows "$mesh" "SELECT (SELECT count(*) FROM chinook_sqlite.PlaylistTrack) + \
(SELECT count(*) FROM chinook_sqlite.Customer) + (SELECT count(*) FROM chinook_sqlite.Employee)")
[ "$got" = $((8715 + 59 + 8)) ]
point $? "chinook: an SQLite file has its 8,715 tracks of playlists, 59 customers, 8 employees"
got=$(rows "$mesh/Chinook_Sqlite.sqlite" "SELECT count(*) FROM chinook_sqlite.PlaylistTrack")
[ "$got" = 8715 ]
point $? "chinook: the SQLite file opens by its name alone"

printf '1..%s\n' "$count"
[ "$failed" -eq 0 ]
