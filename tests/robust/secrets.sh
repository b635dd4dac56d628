#!/bin/sh
# secrets: canaries in every place a secret may come from; then everything that meets them
# runs, and what was printed, kept, or could be seen of processes is searched. Nothing may be
# found outside the files of mode 0600 that hold them and the descriptors that quote them.
# TAP.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
scratch=$(mktemp -d "${TMPDIR:-/tmp}/mwb-secrets-XXXXXX") || exit 99
server=
finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null
    [ -n "${KEEP:-}" ] || rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 99' HUP INT TERM
command -v python3 >/dev/null || {
    echo "1..0 # SKIP python3 is not installed, which the server for this test is written in"
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
    fi
}

# ---- The server, and what it wants to be told ----

server_of_tests() {
    mkdir "$scratch/server" "$scratch/out" "$scratch/cwd" || exit 99
    mkfifo "$scratch/server/in" "$scratch/server/log.gate" || exit 99
    S3D_TOKEN=canary-token S3D_BASIC=reader:canary-command \
        python3 "$TESTS_SRCDIR/unit/s3d.py" "$scratch/server/log" <"$scratch/server/in" \
        >"$scratch/server/port" 2>/dev/null &
    server=$!
    exec 9>"$scratch/server/in"
    tail -n +1 -F --pid=$server "$scratch/server/port" 2>/dev/null | head -n 1 >/dev/null
    port=$(cat "$scratch/server/port")
}

# ---- The places ----

homes() {
    for name in HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME XDG_RUNTIME_DIR; do
        export "$name=$scratch/$name"
        mkdir -p -m 700 "$scratch/$name"
    done
    unset MWB_CACHE AWS_PROFILE AWS_REGION AWS_ENDPOINT_URL
    export MWB_WEB_PRIVATE=1 AWS_ENDPOINT_URL_S3="http://127.0.0.1:$port"
    export "MWB_TOKEN_127_0_0_1_$port=canary-token"
    mkdir -p "$XDG_CONFIG_HOME/mwb" "$HOME/.aws"
    printf 'canary-command\nmore of the canary\n' >"$HOME/password"
    {
        echo "[http://localhost:$port]"
        echo "user = reader"
        echo "command = cat '$HOME/password'"
        echo "[postgresql://127.0.0.1:1]"
        echo "user = reader"
        echo "password = canary-database"
    } >"$XDG_CONFIG_HOME/mwb/credentials"
    {
        echo "[default]"
        echo "aws_access_key_id = ASIATESTTESTTESTTEST"
        echo "aws_secret_access_key = session/secret+canary"
        echo "aws_session_token = to/ken+canary=="
    } >"$HOME/.aws/credentials"
    chmod 600 "$XDG_CONFIG_HOME/mwb/credentials" "$HOME/.aws/credentials" "$HOME/password"
}

product() { # product NAME TYPE LINE...: a contract whose server has these lines
    {
        echo "apiVersion: v3.1.0"
        echo "kind: DataContract"
        echo "id: $1"
        echo "name: $1"
        echo "version: 1.0.0"
        echo "status: active"
        echo "domain: test"
        echo "dataProduct: $1"
        echo "servers:"
        echo "  - server: production"
        echo "    type: $2"
        shift 2
        for line in "$@"; do
            echo "    $line"
        done
        echo "schema:"
        echo "  - name: rows"
        echo "    properties:"
        echo "      - {name: id, logicalType: integer}"
        echo "      - {name: name, logicalType: string}"
    } >"$scratch/mesh/$name.odcs.yaml"
}

mesh() {
    mkdir "$scratch/mesh"
    echo "name: Secrets" >"$scratch/mesh/mesh.yaml"
    here=http://127.0.0.1:$port/web
    while read -r name type location; do
        product "$name" "$type" "location: $location" "format: csv"
    done <<END
token custom $here/token.csv
basic custom http://localhost:$port/web/basic.csv
echo custom $here/echo.csv
missing custom $here/missing.csv?sig=canary-query
userinfo custom http://reader:canary-userinfo@127.0.0.1:$port/web/open.csv
presigned custom $here/open.csv?X-Amz-Signature=canary-signed&token=canary-query
slow custom $here/slow.csv
stored s3 s3://private/orders/*.csv
refused s3 s3://archive/x.csv
nowhere sftp sftp://reader:canary-userinfo@127.0.0.1/x.csv
END
    name=database
    product database postgres "host: 127.0.0.1" "port: 1" "database: x" "schema: public"
}

# ---- What is run ----

# run WORDS...: everything that is printed is kept.
run() {
    echo "\$ mwb $*"
    (cd "$scratch/cwd" && ulimit -c unlimited && exec "$MWB" "$@" --mesh "$scratch/mesh") 2>&1
    echo "[status $?]"
}

features() {
    products='token basic echo missing userinfo presigned stored refused nowhere database'
    run products
    run findings
    run lint
    for name in $products; do
        run show "$name"
        run get "$name"
        run get "$name" --refresh
        run access "$name"
        run versions "$name"
        run fetches "$name"
        run query "SELECT * FROM $name.rows"
    done
    for name in token basic presigned stored; do
        run query "SELECT * FROM $name.mwb_table" --format json
        run query "SELECT * FROM $name.mwb_product" --format json
        run query "SELECT * FROM $name.mwb_source" --format json
        run export "SELECT * FROM $name.rows" --out "$scratch/out/$name.csv"
    done
    run query "SELECT * FROM ledger.fetch" --format json
    run fetches
    run get $products
    sed 's/canary-userinfo/canary-other/' "$scratch/mesh/userinfo.odcs.yaml" \
        >"$scratch/other.odcs.yaml"
    run diff "$scratch/mesh/userinfo.odcs.yaml" "$scratch/other.odcs.yaml"
    for place in "https://u:canary@127.0.0.1:1/data.json" \
        "http://127.0.0.1:1/data.json?token=canary" "git:https://u:canary@127.0.0.1:1/x.git"; do
        (cd "$scratch/cwd" && "$MWB" products --mesh "$place") 2>&1
    done
    printf 'products\nget presigned --refresh\nshow userinfo\n' >"$scratch/script"
    run script "$scratch/script"
    chmod 644 "$XDG_CONFIG_HOME/mwb/credentials"
    run get basic --refresh
    chmod 600 "$XDG_CONFIG_HOME/mwb/credentials"
}

# What others of the host can see of processes, while a fetch is under way; and what one
# leaves that crashes there.
look_at_processes() {
    run get slow >"$scratch/out/slow" 2>/dev/null &
    read -r asked <"$scratch/server/log.gate"
    test "$asked" = asked
    point $? "a fetch is under way"
    program=$(readlink -f "$MWB")
    found=0
    shown=0
    loose=0
    for status in /proc/[0-9]*/status; do
        folder=${status%/status}
        case $(readlink "$folder/exe" 2>/dev/null) in "$program"*) ;; *) continue ;; esac
        tr '\0' '\n' <"$folder/environ" 2>/dev/null | grep -q "^HOME=$scratch/" || continue
        found=$((found + 1))
        ! grep -qa canary "$folder/cmdline" || shown=$((shown + 1))
        grep -q '^Max core file size  *0  *0 ' "$folder/limits" || loose=$((loose + 1))
        pids="${pids:-} ${folder#/proc/}"
    done
    test "$shown" -eq 0
    point $? "no process shows a secret among its arguments"
    [ "$(id -u)" -ne 0 ] || [ "$found" -gt 1 ]
    point $? "the program and its job are seen"
    test "$loose" -eq 0
    point $? "none of them may leave a core"
    for pid in ${pids:-}; do
        kill -SEGV "$pid" 2>/dev/null
    done
    echo done >"$scratch/server/log.gate"
    wait $! 2>/dev/null
    test -z "$(find "$scratch" -name 'core*' -type f)"
    point $? "one that crashes leaves none"
}

# hits FOLDER...: files with a canary that are no place for one.
hits() {
    grep -rla canary "$@" 2>/dev/null | grep -v -e "^$XDG_CONFIG_HOME/mwb/credentials$" \
        -e "^$HOME/.aws/credentials$" -e "^$HOME/password$"
}

server_of_tests
homes
mesh
features >"$scratch/out/features"
look_at_processes
for name in token basic presigned stored; do
    grep -q '^1,one' "$scratch/out/$name.csv"
    point $? "the product $name was fetched"
done
grep -q "signed to/ken+canary==" "$scratch/server/log"
point $? "the store was asked with keys"
hits "$scratch/out" | sed 's/^/# /' >"$scratch/printed"
test ! -s "$scratch/printed"
point $? "nothing that was printed or exported has a secret"
grep -a canary "$scratch/out"/* | head -n 20 | cut -c 1-300 | sed 's/^/# /'
hits "$HOME" "$XDG_CONFIG_HOME" "$XDG_DATA_HOME" "$XDG_CACHE_HOME" "$XDG_RUNTIME_DIR" \
    "$scratch/cwd" >"$scratch/kept"
# The index of descriptors keeps their addresses as they are written, for the person alone.
while read -r file; do
    case $file in
    */index/* | */index.db | *.index)
        [ -z "$(find "$file" -perm /077)" ] || echo "$file: others may read it"
        ;;
    *) echo "$file" ;;
    esac
done <"$scratch/kept" >"$scratch/wrong"
test ! -s "$scratch/wrong"
point $? "nothing that is kept has one but the private index of what descriptors say"
sed 's/^/# /' "$scratch/wrong"
strings=$(grep -rlaE 'canary-(token|command|database)|secret\+canary|ken\+canary' \
    "$XDG_DATA_HOME" "$XDG_CACHE_HOME" "$XDG_RUNTIME_DIR" "$scratch/cwd" 2>/dev/null)
test -z "$strings"
point $? "nowhere is one that the person gave"
exec 9>&-
echo "1..$count"
exit $((failed > 0))
