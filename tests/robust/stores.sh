#!/bin/sh
# stores: products whose contracts say no more than `type: s3`, `location: s3://BUCKET/...`,
# got, asked again, gone on with and refused, at a store that checks signatures. TAP.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
scratch=$(mktemp -d "${TMPDIR:-/tmp}/mwb-stores-XXXXXX") || exit 99
server=
finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null
    rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 99' HUP INT TERM
command -v python3 >/dev/null || {
    echo "1..0 # SKIP python3 is not installed, which the store for this test is written in"
    exit 0
}
count=0
failed=0

point() { # point STATUS TITLE
    count=$((count + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $count - $2"
    else
        failed=$((failed + 1))
        echo "not ok $count - $2"
        sed 's/^/# /' "$scratch/said"
    fi
}

# says STATUS PATTERN TITLE WORDS...: the verb ends so, and something it prints matches.
says() {
    status=$1 pattern=$2 title=$3
    shift 3
    "$MWB" "$@" --mesh "$scratch/mesh" >"$scratch/said" 2>&1
    [ $? -eq "$status" ] && grep -q -- "$pattern" "$scratch/said"
    point $? "$title"
}

# asked NUMBER TITLE: so many requests since the last call.
asked() {
    now=$(wc -l <"$scratch/log")
    echo "$((now - before)) requests" >"$scratch/said"
    [ $((now - before)) -eq "$1" ]
    point $? "$2"
    before=$now
}

start_store() {
    mkfifo "$scratch/in" || exit 99
    : >"$scratch/log"
    python3 "$TESTS_SRCDIR/unit/s3d.py" "$scratch/log" <"$scratch/in" >"$scratch/port" &
    server=$!
    exec 9>"$scratch/in"
    tail -n +1 -F --pid=$server "$scratch/port" 2>/dev/null | head -n 1 >/dev/null
    port=$(cat "$scratch/port")
    before=0
}

product() { # product NAME LOCATION COLUMN... [-- TABLE COLUMN...]
    table=$1
    {
        printf 'apiVersion: v3.1.0\nkind: DataContract\nid: %s\nname: %s\n' "$1" "$1"
        printf 'version: 1.0.0\nstatus: active\ndomain: test\ndataProduct: %s\n' "$1"
        printf 'servers:\n  - {server: production, type: s3, location: "%s", format: csv}\n' "$2"
        shift 2
        printf 'schema:\n  - name: %s\n    properties:\n' "$table"
        while [ $# -gt 0 ]; do
            if [ "$1" = -- ]; then
                printf '  - name: %s\n    properties:\n' "$2"
                shift
            else
                printf '      - {name: %s, logicalType: string}\n' "$1"
            fi
            shift
        done
    } >"$scratch/mesh/$table.odcs.yaml"
}

for name in HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME XDG_RUNTIME_DIR; do
    export "$name=$scratch/$name"
    mkdir -p -m 700 "$scratch/$name"
done
unset MWB_CACHE AWS_PROFILE AWS_REGION AWS_ENDPOINT_URL AWS_SESSION_TOKEN
mkdir "$scratch/mesh"
echo "name: Stores" >"$scratch/mesh/mesh.yaml"
product orders 's3://private/orders/*.csv' id name
product below 's3://private/orders/' id name
product deep 's3://private/orders/**/2*.csv' id name
product odd 's3://private/odd/[a]?b.csv' key
product many 's3://many/many/' a
product large 's3://private/large.csv' n
product broken 's3://breaks/large.csv' n
product public 's3://public/plain/a.txt' x
product away 's3://elsewhere/plain/a.txt' x
product gone 's3://private/gone.csv' x
product empty 's3://private/empty/' x
product both 's3://private/both/' x -- other x
start_store
export "AWS_ENDPOINT_URL_S3=http://127.0.0.1:$port"

says 0 '1 row' "a public bucket needs no keys" get public
says 3 'there are no keys: set AWS_ACCESS_KEY_ID' "others do" get orders
export AWS_ACCESS_KEY_ID=AKIATESTTESTTESTTEST AWS_SECRET_ACCESS_KEY=wrong
says 3 'the secret key is not that' "a wrong secret is refused" get orders
export AWS_SECRET_ACCESS_KEY=wJalr/secret+canary
before=$(wc -l <"$scratch/log")
says 0 '1 table, 3 rows' "a pattern of names is a table" get orders
asked 3 "one listing, two files"
says 0 'is here already' "what has not changed is not fetched" get orders --refresh
asked 1 "one listing"
says 0 '4 rows' "all that lies under a name is one, without what is hidden" get below
says 0 '4 rows' "so are names at any depth" get deep
says 0 '2 rows' "names with blanks and signs" get odd
says 0 '200,000 rows' "a large object" get large
says 0 '200,000 rows' "one whose connection breaks is gone on with" get broken
says 0 '1 row' "a bucket in another region is found there" get away
says 0 '2,500 rows' "2,500 objects, of which 1,000 are listed at once" get many
says 0 '2 tables, 3 rows' "several tables below a name, each by its own" get both
says 3 'there is no such object (NoSuchKey)' "one that is not there" get gone
says 3 'there is no object s3://private/empty/' "a name with nothing below" get empty
says 0 's3://private/orders/2024-01.csv' "the version knows its sources" \
    query 'SELECT location FROM orders.mwb_source'
says 0 '^20000100000$' "all bytes came" \
    query 'SELECT sum(CAST(n AS INTEGER)) + 200000 AS sum FROM broken.broken' --format csv
unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
mkdir -m 700 "$HOME/.aws"
printf '[team]\naws_access_key_id=ASIATESTTESTTESTTEST\n' >"$HOME/.aws/credentials"
printf 'aws_secret_access_key=session/secret+canary\naws_session_token=to/ken+canary==\n' \
    >>"$HOME/.aws/credentials"
chmod 600 "$HOME/.aws/credentials"
AWS_PROFILE=team says 0 '3 rows' "a session's keys of a profile" get orders --refresh
chmod 640 "$HOME/.aws/credentials"
AWS_PROFILE=team says 3 'chmod 600' "a profile that others may read is refused" \
    get orders --refresh
exec 9>&-
echo "1..$count"
exit $((failed > 0))
