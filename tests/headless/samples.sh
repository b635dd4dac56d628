#!/bin/sh
# samples: the sample mesh is whole: every file is named by the build, contracts fit their
# files, descriptors satisfy the official schemas, policies find what was planted and
# nothing else.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
. "${TESTS_SRCDIR:-$(dirname "$0")/..}/headless/sandbox.sh"
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

# Tables policies may read that no index has: they tell what happened, not what is there.
history_tables() {
    cat <<'TABLES'
CREATE TABLE usage(ts,user,team,sql_id,product_id,port,object,property,rows,ms);
CREATE TABLE run(id,contract_id,server,started,result);
CREATE TABLE result(run_id,contract_id,rule_key,object,property,dimension,outcome,value,
  total,percent,reason);
CREATE TABLE cost(product_id,month,amount,currency,category);
CREATE TABLE attached(product_id,port,schema,file,bytes,fetched,sha256,role);
CREATE TABLE violation(policy,product_id,path,line,first_seen);
INSERT INTO usage(ts,team,product_id) VALUES
  ('2026-09-15T09:00:00Z','Team Controlling','returns/returns'),
  ('2026-09-15T09:00:00Z','Team Customer 360','payment/invoices'),
  ('2026-09-15T09:00:00Z','Team Marketing','checkout/orders');
TABLES
}

# What was planted: the policy, how many rows it gives, and a part of the first. A policy
# that is not named here finds nothing.
planted() {
    cat <<'PLANTED'
p02-reachable-contact 1 fulfillment/shelf-warmers
p03-owner-still-there 1 search-top-queries
p05-purpose-written 1 search-top-queries
p06-columns-described 1 recommendation-scores
p07-names 1 qty
p10-same-name-same-type 1 rating
p11-shared-definitions 1 recommendation-scores|scores|sku
p12-classified 1 payment-invoices|invoices|sent_to
p16-service-levels 1 marketing-campaigns
p19-checks-ran 27 accounts-account-balances
p22-lineage-complete 1 customer-360/customer-360
p24-no-deprecated-inputs 1 recommendation/recommendation-scores
p25-agreed-use 2 Team Controlling
p26-agreements-reassessed 2 controlling-uses-returns
p27-unused-products 21 accounts/account-balances
p28-cost-reported 24 accounts/account-balances
p31-domain-tag 1 controlling/monthly-targets
PLANTED
}

# The clock of the mesh instead of today's, so that the test does not age.
at_clock() { # at_clock POLICY-FILE
    clock=$(sed -n "s/^clock: '\(.*\)'/\1/p" "$samples/mesh/mesh.yaml")
    sed "s/'now'/'$clock'/g" "$1"
}

check_policy() { # check_policy FILE
    name=$(basename "$1" .sql)
    for key in id title category severity decision why; do
        grep -q "^-- $key: ." "$1"
        point $? "the policy $name has its $key"
    done
    grep -qx -- '-- scope: data' "$1" && return
    at_clock "$1" >"$scratch/policy.sql"
    sqlite3 -bail "$scratch/index" ".read $scratch/policy.sql" >"$scratch/found" 2>&1
    expected=$(planted | sed -n "s/^$name //p")
    test "$(wc -l <"$scratch/found")" -eq "${expected%% *}" 2>/dev/null ||
        test -z "$expected$(cat "$scratch/found")"
    point $? "the policy $name finds what was planted: ${expected:-nothing}"
    grep -qF -- "${expected#* }" "$scratch/found" || test -z "$expected"
    point $? "and it is there"
}

check_policies() {
    if ! command -v sqlite3 >/dev/null; then
        point 0 "policies # SKIP the program sqlite3 is not installed"
        return
    fi
    sqlite3 "$scratch/index" 'SELECT * FROM problem' >"$scratch/problems"
    test ! -s "$scratch/problems"
    point $? "the catalog reads the samples without a problem"
    explain "$scratch/problems"
    history_tables >"$scratch/history.sql"
    chmod u+w "$scratch/index"
    sqlite3 "$scratch/index" ".read $scratch/history.sql"
    for policy in "$samples"/mesh/policies/*.sql; do
        check_policy "$policy"
    done
    test "$(ls "$samples"/mesh/policies/*.sql | wc -l)" -ge 40
    point $? "there are forty policies"
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

make_sandbox "$scratch/mesh" "$scratch/index"
check_list
check_contracts
check_policies
check_schemas
finish
