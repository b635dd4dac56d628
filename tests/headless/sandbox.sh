# sandbox: what the tests of the sample mesh share; sourced, not run. Makes the sandbox and
# loads its files with the sqlite3 shell, one database for each product, typed by the
# contracts, so that the samples are checked without the program they are samples for.
# SPDX-License-Identifier: GPL-3.0-or-later
here=${TESTS_SRCDIR:+$TESTS_SRCDIR/headless}
here=${here:-$(cd "$(dirname "$0")" && pwd)}
samples=${MWB_SAMPLES:-$here/../../samples}
maker=${TESTS_BUILDDIR:-$here/..}/headless/make_sandbox
scratch=$(mktemp -d "${TMPDIR:-/tmp}/mwb-sandbox-XXXXXX") || exit 99
trap 'rm -rf "$scratch"' EXIT
trap 'exit 99' HUP INT TERM
count=0
failed=0

point() { # point STATUS TITLE
    count=$((count + 1))
    if [ "$1" -eq 0 ]; then
        printf '%s\n' "ok $count - $2"
    else
        failed=$((failed + 1))
        printf '%s\n' "not ok $count - $2"
    fi
}

explain() { # explain FILE: why the last point failed
    sed 's/^/# /' "$1" | head -20
}

finish() {
    echo "1..$count"
    exit $((failed > 0))
}

skip_all() {
    echo "1..0 # SKIP $1"
    exit 0
}

make_sandbox() { # make_sandbox DIR [INDEX]
    "$maker" "$samples" "$@" 2>"$scratch/err"
    point $? "the sandbox is made"
    explain "$scratch/err"
}

# columns_of CONTRACT: "name type" of each column, in order. The descriptors of the samples
# keep one layout, which samples.sh holds them to.
columns_of() {
    awk '/^      - id: / { name = $3 }
         /^        logicalType: / { print name, $2 }' "$1"
}

contract_of() { # contract_of DATA-FILE: the contract that lies beside its folder
    name=$(basename "$1")
    name=${name%.gz}
    printf '%s/%s.odcs.yaml\n' "$(dirname "$(dirname "$1")")" \
        "$(echo "${name%.csv}" | tr _ -)"
}

schema_of() { # schema_of DATA-FILE: the name of its product in SQL
    basename "$(dirname "$(dirname "$1")")" | tr 'A-Z-' 'a-z_'
}

data_files() { # data_files DIR
    find "$1" -path '*/data/*' -name '*.csv*' | LC_ALL=C sort
}

unpacked() {
    case $1 in
        *.gz) gunzip -c "$1" ;;
        *) cat "$1" ;;
    esac
}

# load_file DATA-FILE FOLDER: import it; an empty cell of a column that is no text is NULL.
load_file() {
    table=$(basename "$1")
    table=${table%.gz}
    table=${table%.csv}
    unpacked "$1" >"$2/rows.csv"
    columns_of "$(contract_of "$1")" | awk -v table="$table" '
        BEGIN { kinds["integer"] = "INTEGER"; kinds["number"] = "REAL" }
        {
            kind = $2 in kinds ? kinds[$2] : "TEXT"
            columns = columns (NR > 1 ? ", " : "") "\"" $1 "\" " kind
            if ($2 != "string")
                sets = sets (sets != "" ? ", " : "") "\"" $1 "\" = nullif(\"" $1 "\", \x27\x27)"
        }
        END {
            print "CREATE TABLE " table "(" columns ");" >"/dev/stdout"
            print "UPDATE " table " SET " sets ";" >later
        }' later="$2/later.sql" >"$2/create.sql"
    sqlite3 "$2/$(schema_of "$1").sqlite" ".read $2/create.sql" ".mode csv" \
        ".import --skip 1 $2/rows.csv $table" ".read $2/later.sql"
    rm -f "$2/rows.csv" "$2/create.sql" "$2/later.sql"
}

load_sandbox() { # load_sandbox DIR FOLDER: one database for each product
    mkdir -p "$2"
    data_files "$1" | while read -r file; do
        load_file "$file" "$2"
    done
}

schemas_in() { # schemas_in SQL-FILE FOLDER: the products a statement names
    for database in "$2"/*.sqlite; do
        schema=$(basename "$database" .sqlite)
        grep -v '^--' "$1" | grep -qw "$schema\.[a-z_0-9]*" && echo "$schema"
    done
}

# run_sql SQL-FILE FOLDER [OPTION...]: with the products it names attached.
run_sql() {
    sql_file=$1
    folder=$2
    shift 2
    set -- "$@" :memory:
    for schema in $(schemas_in "$sql_file" "$folder"); do
        set -- "$@" "ATTACH '$folder/$schema.sqlite' AS $schema"
    done
    sqlite3 -batch -bail "$@" ".read $sql_file" 2>&1
}
