#!/bin/bash
# Every verb under Valgrind, over the sandbox, children too: `make memcheck`. Each error
# and each block that is certainly lost is a failure; what libraries keep on purpose stands
# in tests/valgrind.supp.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
export LC_ALL=C.UTF-8
here=$(cd "$(dirname "$0")" && pwd)
mwb=${MWB:?set by make memcheck}
work=$(mktemp -d "${TMPDIR:-/tmp}/mwb-memcheck.XXXXXX") || exit 1
trap 'chmod -R u+w "$work" && rm -rf "$work"' EXIT
export HOME=$work XDG_CONFIG_HOME=$work/config XDG_DATA_HOME=$work/data \
    XDG_CACHE_HOME=$work/cache MWB_CACHE= MWB_MESH=$work/mesh
cd "$work" || exit 1
failed=0

# Errors go to a log a process: a fork's are its own.
check() { # STATUS VERB...
    local expected=$1 status
    shift
    rm -f log.*
    valgrind -q --suppressions="$here/../valgrind.supp" --leak-check=full \
        --show-leak-kinds=definite --errors-for-leak-kinds=definite \
        --log-file=log.%p "$mwb" "$@" >out 2>err </dev/null
    status=$?
    # System calls that are younger than this Valgrind are no errors of ours.
    if [ "$status" -eq "$expected" ] && ! grep -q '^==' log.*; then
        printf 'ok: %s\n' "$*"
        return
    fi
    printf 'FAILED: %s (status %s, expected %s)\n' "$*" "$status" "$expected"
    cat err
    grep -h '^==' log.* | head -60
    failed=$((failed + 1))
}

printf 'a,b\n1,2\n3\n"x\n4,5,6\n' >ragged.csv
mkdir broken
printf 'kind: DataProduct\n  x: [1\n' >broken/product.odps.yaml
payments='SELECT * FROM payments.payments LIMIT 500'

check 0 demo --no-ui --dir "$MWB_MESH"
check 0 products
check 0 products order
check 0 show orders
check 0 show orders --format json
check 0 get orders payments
check 0 query 'SELECT status, count(*) FROM orders.orders GROUP BY 1; SELECT 1'
check 0 query 'SELECT * FROM shipments.shipments LIMIT 5' --format json
check 0 query 'SELECT * FROM mesh.products'
check 3 query 'SELECT nope FROM orders.orders'
check 3 query 'SELECT * FROM ordrs.orders'
check 124 query 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n' --timeout 1
check 0 saved
check 0 saved black-week-shipping-histogram
for suffix in svg png pdf; do
    check 0 chart line 'SELECT date(order_timestamp), count(*) FROM orders.orders GROUP BY 1' --out "chart.$suffix"
done
check 0 chart bar 'SELECT status, count(*) FROM orders.orders GROUP BY 1' --ascii
check 0 chart histogram 'SELECT amount_cents FROM payments.payments'
for suffix in csv tsv json jsonl md; do
    check 0 export "$payments" --out "payments.$suffix"
done
check 0 import ragged.csv --into ragged.sqlite --rejects rejects.csv
check 0 query 'SELECT count(*) FROM ragged.ragged' --mesh ragged.sqlite
check 1 lint broken
check 0 lint "$MWB_MESH/returns"
check 3 products --mesh nowhere
check 0 help query
printf '%s of the commands failed\n' "$failed"
[ "$failed" -eq 0 ]
