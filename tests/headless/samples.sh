#!/bin/sh
# samples: the sample mesh is whole: every file is named by the build, contracts fit their
# files, descriptors satisfy the official schemas, policies run on the catalog's tables.
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

# The tables policies may read; columns are those of the design of the catalog.
catalog_tables() {
    cat <<'TABLES'
CREATE TABLE team(name,type,domain,parent,contact);
CREATE TABLE product(id,name,domain,tenant,version,status,type,team,purpose,limitations,
  usage,created,deprecated,path,line);
CREATE TABLE port(product_id,dir,name,version,type,contract_id,server,pii,autoapprove,
  deprecated,path,line);
CREATE TABLE port_input(product_id,port,port_version,contract_id,contract_version);
CREATE TABLE contract(id,version,api_version,name,domain,tenant,status,purpose,limitations,
  usage,created,price,currency,price_unit,path,line);
CREATE TABLE object(contract_id,name,physical_name,physical_type,description,granularity,
  deprecated,path,line);
CREATE TABLE property(contract_id,object,name,depth,physical_name,logical_type,physical_type,
  required,is_unique,pk_pos,classification,cde,encrypted_name,description,business_name,
  transform_logic,transform_sources,deprecated,line);
CREATE TABLE prop_option(contract_id,object,property,key,value);
CREATE TABLE relation(contract_id,object,from_cols,to_contract,to_object,to_cols,line);
CREATE TABLE rule(contract_id,object,property,id,name,type,metric,dimension,operator,lo,hi,
  unit,severity,query,schedule,line);
CREATE TABLE server(contract_id,name,type,environment,location,format,encoding,line);
CREATE TABLE sla(contract_id,property,value,value_ext,unit,element,driver,line);
CREATE TABLE role(contract_id,role,access,approver1,approver2,line);
CREATE TABLE member(owner_kind,owner_id,username,name,role,date_in,date_out,line);
CREATE TABLE support(owner_kind,owner_id,channel,url,tool,scope,description,line);
CREATE TABLE authdef(owner_kind,owner_id,type,url,description,line);
CREATE TABLE tag(owner_kind,owner_id,tag);
CREATE TABLE agreement(id,product_id,port,provider_team,consumer_team,consumer_product,
  purpose,status,start_date,end_date,reassess_date,path);
CREATE TABLE usage(ts,user,team,sql_id,product_id,port,object,property,rows,ms);
CREATE TABLE run(id,contract_id,server,started,result);
CREATE TABLE result(run_id,contract_id,rule_key,object,property,dimension,outcome,value,
  total,percent,reason);
CREATE TABLE cost(product_id,month,amount,currency,category);
CREATE TABLE attached(product_id,port,schema,file,bytes,fetched,sha256,role);
CREATE TABLE infotype(pattern,classification);
CREATE TABLE violation(policy,product_id,path,line,first_seen);
TABLES
}

check_policies() {
    if ! command -v sqlite3 >/dev/null; then
        point 0 "policies # SKIP the program sqlite3 is not installed"
        return
    fi
    catalog_tables >"$scratch/catalog.sql"
    for policy in "$samples"/mesh/policies/*.sql; do
        name=$(basename "$policy" .sql)
        for key in id title category severity decision why; do
            grep -q "^-- $key: ." "$policy" || echo "no $key"
        done >"$scratch/found"
        if ! grep -qx -- '-- scope: data' "$policy"; then
            sqlite3 -bail :memory: ".read $scratch/catalog.sql" ".read $policy" \
                >>"$scratch/found" 2>&1
        fi
        test ! -s "$scratch/found"
        point $? "the policy $name has its header and runs on the catalog's tables"
        explain "$scratch/found"
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

make_sandbox "$scratch/mesh"
check_list
check_contracts
check_policies
check_schemas
finish
