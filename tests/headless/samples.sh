#!/bin/sh
# samples: the sample mesh is whole: every file is named by the build, contracts fit their
# files, descriptors satisfy the official schemas, policies find what was planted and
# nothing else.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
. "${TESTS_SRCDIR:-$(dirname "$0")/..}/headless/sandbox.sh"
MWB=${MWB:-./mwb}
unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME MWB_CACHE MWB_ROLE MWB_NOW
export HOME="$scratch" MWB_MESH="$scratch/mesh" LC_ALL=C.UTF-8
shared=${MWB_SHARED:-$here/../../../shared}

check_list() {
    (cd "$samples/.." && find samples -type f ! -name samples.am ! -name '.*' |
        LC_ALL=C sort) >"$scratch/there"
    sed -n 's/^\t\(samples\/[^ ]*\).*/\1/p' "$samples/samples.am" | LC_ALL=C sort \
        >"$scratch/named"
    diff "$scratch/there" "$scratch/named" >"$scratch/diff"
    point $? "samples.am names every file of the samples"
    explain "$scratch/diff"
}

check_contract() { # check_contract DATA-FILE
    contract=$(contract_of "$1")
    name=${1#"$scratch/mesh/"}
    columns_of "$contract" 2>/dev/null | awk '{ printf "%s%s", sep, $1; sep = "," }' \
        >"$scratch/declared"
    unpacked "$1" 2>/dev/null | head -n 1 | tr -d '\n' >"$scratch/header"
    cmp -s "$scratch/declared" "$scratch/header" && test -s "$scratch/header"
    point $? "the contract of $name has its columns"
    grep -qx "    path: data/$(basename "$1")" "$contract"
    point $? "and says where it is"
}

check_contracts() {
    data_files "$scratch/mesh" >"$scratch/files"
    while read -r file; do
        check_contract "$file"
    done <"$scratch/files"
    contracts=$(find "$samples/mesh" -name '*.odcs.yaml' | wc -l)
    test "$contracts" -eq "$(wc -l <"$scratch/files")"
    point $? "each of the $contracts contracts has its file"
}

# What was planted, as samples/README.md tells it: the policy, the product, and a part of
# what the violation says or of where it stands. Nothing else is found.
planted() {
    cat <<'PLANTED'
D01 payment/invoices property=sent_to, infotype=email
D02 search/search-queries-all property=queried_at
D03 checkout/orders object=orders
D03 payment/invoices object=invoices
D04 accounts/customers object=customers_npii
D06 articles/articles-latest example=FASH-0018
D06 checkout/orders property=order_id, fault=given twice
P02 fulfillment/shelf-warmers shelf-warmers.odps.yaml
P03 search/top-100-by-day top-queries.odcs.yaml
P05 search/top-100-by-day top-queries.odcs.yaml
P06 recommendation/recommendation-scores scores.odcs.yaml
P07 fulfillment/stock-update-events name=qty
P10 customer-360/customer-360 name=rating
P11 recommendation/recommendation-scores name=sku
P12 payment/invoices name=sent_to
P16 marketing/campaigns missing=latency
P22 customer-360/customer-360 contract_id=payment-invoices
P24 recommendation/recommendation-scores input=fulfillment-stock-levels
P25 payment/invoices team=Team Customer 360
P25 returns/returns team=Team Controlling
P26 fulfillment/shipments id=customer-360-uses-shipments
P26 returns/returns id=controlling-uses-returns
P27 fulfillment/shelf-warmers advice=retire
P27 search/top-100-by-day advice=retire
P28 recommendation/recommendation-scores recommendation-scores.odps.yaml
P31 controlling/monthly-targets monthly-targets.odps.yaml
PLANTED
}

# Of P19, which asks for checks: before any ran.
unchecked=27

# What is known and put up with.
waived() {
    cat <<'WAIVED'
D03 articles/product-page-views object=page_views
D03 search/search-queries-all object=search_queries
WAIVED
}

# match LIST FOUND: each line of the list is found, once, and nothing else.
match() {
    while read -r policy product part; do
        grep "^$policy	$product	" "$2" | grep -qF -- "$part"
        point $? "$policy finds it in $product: $part"
    done <"$1"
    test "$(wc -l <"$1")" -eq "$(wc -l <"$2")"
    point $? "and nothing else: $(wc -l <"$2") violations"
    cut -f1-2 "$2" | sort >"$scratch/found.keys"
    cut -d' ' -f1-2 "$1" | tr ' ' '\t' | sort | diff - "$scratch/found.keys" >"$scratch/diff"
    explain "$scratch/diff"
}

check_headers() {
    for policy in "$samples"/mesh/policies/*.sql; do
        for key in id title category severity decision why; do
            grep -q "^-- $key: ." "$policy"
            point $? "the policy $(basename "$policy") has its $key"
        done
    done
    test "$(ls "$samples"/mesh/policies/*.sql | wc -l)" -ge 40
    point $? "there are forty policies"
}

check_problems() {
    "$MWB" query 'SELECT rule FROM mesh.problem ORDER BY 1' --format csv 2>"$scratch/err" |
        sed 1d | tr '\n' ' ' >"$scratch/problems"
    test "$(cat "$scratch/problems")" = 'input-contract withdrawn-input '
    point $? "the catalog finds in the samples what was planted, and nothing else"
    sed "s/\$/\n/" "$scratch/problems" | grep . >"$scratch/lines"
    explain "$scratch/lines"
}

check_policies() {
    "$MWB" get --all --role steward >"$scratch/out" 2>"$scratch/err"
    point $? "all products are here"
    "$MWB" policies --role steward --violations --format tsv >"$scratch/rows" 2>"$scratch/err"
    test $? -eq 1
    point $? "policies of severity error are violated: $(cat "$scratch/err")"
    sed 1d "$scratch/rows" | awk -F '\t' -v OFS='\t' -v folder="$scratch" '
        $1 == "P19" { print >(folder "/p19"); next }
        { print $1, $3, $5 ":" $6 " " $7 >(folder "/" ($8 == "" ? "found" : "known")) }'
    planted >"$scratch/planted"
    waived >"$scratch/waived"
    match "$scratch/planted" "$scratch/found"
    match "$scratch/waived" "$scratch/known"
    test "$(wc -l <"$scratch/p19")" -eq "$unchecked"
    point $? "P19 asks for the checks of $unchecked contracts"
    while read -r policy; do
        "$MWB" policies "$policy" --role steward --format csv >"$scratch/one" 2>"$scratch/err"
        ! grep -q 'error\|not run' "$scratch/err"
        point $? "the policy $policy runs: $(cat "$scratch/err")"
    done <<'SOME'
D05
D07
D08
P32
SOME
    awk -F '\t' 'NR > 1 && ($5 == "" || $6 == "")' "$scratch/rows" >"$scratch/nowhere"
    test ! -s "$scratch/nowhere"
    point $? "each violation has its file and line"
    explain "$scratch/nowhere"
}

# After the checks P19 names the contracts of which one fails, and no others.
check_checked() {
    "$MWB" check --all --role steward --format tsv >"$scratch/checks" 2>"$scratch/err"
    awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $at["outcome"] == "failed" || $at["outcome"] == "error" { print $at["contract"] }' \
        "$scratch/checks" | sort -u >"$scratch/failing"
    "$MWB" policies P19 --role steward --format tsv 2>"$scratch/err" |
        sed -n 's/.*id=\([^,]*\), last_passed=NULL.*/\1/p' | sort -u >"$scratch/named"
    test -s "$scratch/failing" && diff "$scratch/failing" "$scratch/named" >"$scratch/diff"
    point $? "after the checks P19 names the $(wc -l <"$scratch/failing") contracts that fail"
    explain "$scratch/diff"
}

check_as_analyst() {
    "$MWB" get customers invoices --role analyst >"$scratch/out" 2>"$scratch/err"
    "$MWB" policies D05 --role analyst --format json 2>"$scratch/err" >"$scratch/out"
    "$MWB" policies --role analyst --format json 2>"$scratch/err" |
        grep '"policy":"D05"' >"$scratch/d05"
    grep -q 'not here, get them first' "$scratch/d05"
    point $? "what is not here is told: $(cat "$scratch/d05")"
}

check_schemas() {
    if [ ! -d "$shared/standards" ]; then
        point 0 "schemas # SKIP MWB_SHARED is not set: no official schemas beside the repository"
        return
    fi
    if ! python3 -c 'import jsonschema, yaml' 2>/dev/null; then
        point 0 "schemas # SKIP python3 with jsonschema and yaml is not installed"
        return
    fi
    python3 "$here/validate.py" "$shared/standards" "$samples/mesh" >"$scratch/errors" 2>&1
    point $? "every descriptor satisfies its official schema"
    explain "$scratch/errors"
}

make_sandbox "$scratch/mesh"
check_list
check_contracts
check_headers
check_problems
check_policies
check_checked
check_as_analyst
check_schemas
finish
