#!/bin/sh
# hostile: descriptors made to harm get a sentence, in bounded time and memory, alone and
# as files of a mesh whose good product stays in sight. TAP; a point for each file.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
MWB=${MWB:-./mwb}
count=0
failed=0
seconds=10
kilobytes=600000

point() { # STATUS TITLE
    count=$((count + 1))
    if [ "$1" -eq 0 ]; then
        printf 'ok %s - %s\n' "$count" "$2"
    else
        failed=$((failed + 1))
        printf 'not ok %s - %s\n' "$count" "$2"
        sed 's/^/# /' "$scratch/out" | head -10 | cut -c 1-300
    fi
}

scratch=$(mktemp -d "${TMPDIR:-/tmp}/mwb-hostile-XXXXXX") || exit 99
trap 'rm -rf "$scratch"' EXIT
trap 'exit 99' HUP INT TERM
export HOME="$scratch" MWB_CACHE="$scratch/cache" LC_ALL=C.UTF-8
unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME MWB_MESH
mesh=$scratch/mesh
mkdir "$mesh"

# Where a sanitizer or Valgrind reserves the address space, only time is bounded.
(ulimit -v "$kilobytes" && "$MWB" version) >"$scratch/out" 2>&1 || kilobytes=unlimited

bounded() { # COMMAND...: what it prints to out; its status, above 128 when it was killed
    (
        ulimit -c 0
        ulimit -v "$kilobytes"
        ulimit -t "$seconds"
        exec "$@"
    ) >"$scratch/out" 2>&1
}

repeat() { # COUNT TEXT
    awk -v n="$1" -v text="$2" 'BEGIN { for (i = 0; i < n; i++) printf "%s", text }'
}

product() { # NAME: the least product, to go on with
    printf 'apiVersion: v1.0.0\nkind: DataProduct\nid: %s\nstatus: active\n' "$1"
}

# refused NAME WORDS: the file of the mesh is an error with these words.
refused() {
    bounded "$MWB" lint "$mesh/$1"
    status=$?
    [ "$status" -eq 1 ] && grep -qF -- "$2" "$scratch/out" && no_controls
    point $? "$1: $2"
}

# taken NAME: it is read, perhaps with warnings.
taken() {
    bounded "$MWB" lint "$mesh/$1"
    [ $? -eq 0 ] && no_controls
    point $? "$1 is read"
}

# No control but line ends reached the terminal, nor the ones that turn text round.
no_controls() {
    ! LC_ALL=C tr -d '\n' <"$scratch/out" | LC_ALL=C grep -q '[[:cntrl:]]' &&
        ! grep -q "$(printf '\342\200\256')" "$scratch/out"
}

# ---- Bombs ----

{
    product bomb
    echo 'a0: &a0 [x, x, x, x, x, x, x, x, x]'
    awk 'BEGIN { for (i = 1; i < 12; i++) { printf "a%d: &a%d [", i, i
        for (k = 0; k < 9; k++) printf "*a%d,", i - 1; print "]" } }'
} >"$mesh/bomb.odps.yaml"
refused bomb.odps.yaml 'counting what its aliases repeat'
{
    product cycle
    printf 'description: &d\n  purpose: *d\n'
} >"$mesh/cycle.odps.yaml"
refused cycle.odps.yaml 'stands inside what it names'
{
    product deep
    printf 'tags: '
    repeat 100000 '['
} >"$mesh/deep.odps.yaml"
refused deep.odps.yaml 'deeper than 64 levels'
{
    product more
    printf 'tags: '
    repeat 2000000 '[]: '
} >"$mesh/brackets.odps.yaml"
refused brackets.odps.yaml 'more than 400000 brackets'
{
    product colons
    printf 'tags: ['
    repeat 390000 'a: '
} >"$mesh/colons.odps.yaml"
refused colons.odps.yaml 'this is no YAML'
repeat 100000 '{"kind":' >"$mesh/deep.odps.json"
refused deep.odps.json 'deeper than 64 levels'
repeat 100000 '- ' >"$mesh/lists.odps.yaml"
refused lists.odps.yaml 'deeper than 64 levels'
{
    product wide
    echo 'tags:'
    repeat 100001 '- a
'
} >"$mesh/wide.odps.yaml"
refused wide.odps.yaml 'more than 100000 values'
{
    product anchors
    awk 'BEGIN { for (i = 0; i < 1001; i++) printf "a%d: &a%d 1\n", i, i }'
} >"$mesh/anchors.odps.yaml"
refused anchors.odps.yaml 'more than 1000 anchors'
{
    product words
    printf 'description:\n  purpose: '
    repeat 8000000 'a'
} >"$mesh/words.odps.yaml"
taken words.odps.yaml
truncate -s 100000000 "$mesh/large.odps.yaml"
bounded "$MWB" lint "$mesh/large.odps.yaml"
[ $? -le 3 ] && grep -q '8.0 MiB' "$scratch/out"
point $? 'a file of 100 MB is not read'

# ---- Keys, tags, numbers ----

{
    product twice
    printf 'name: a\nname: b\n'
} >"$mesh/twice.odps.yaml"
refused twice.odps.yaml 'stands twice in one map, first on line 5'
{
    product merge
    printf 'customProperties: &c []\n<<: *c\n'
} >"$mesh/merge.odps.yaml"
refused merge.odps.yaml 'nothing was merged here'
{
    product tag
    printf 'name: !!python/object/apply:os.system ["touch harm"]\n'
} >"$mesh/tag.odps.yaml"
refused tag.odps.yaml 'is not known here and was ignored'
{
    product number
    printf 'name: 1e400\n'
} >"$mesh/number.odps.yaml"
refused number.odps.yaml 'name must be a text, not a number'
{
    product nan
    printf 'version: .nan\n'
} >"$mesh/nan.odps.yaml"
refused nan.odps.yaml 'version must be a text, not a number'
{
    product documents
    printf -- '---\nkind: DataProduct\n'
} >"$mesh/documents.odps.yaml"
refused documents.odps.yaml 'a second document starts here'
printf '{"kind":"DataProduct","apiVersion":"v1.0.0","id":"j","status":"a","status":"b"}' \
    >"$mesh/twice.odps.json"
refused twice.odps.json 'stands twice'
printf '{"kind":"DataProduct","apiVersion":"v1.0.0","id":NaN,"status":"a"}' >"$mesh/nan.odps.json"
refused nan.odps.json 'this is no JSON'

# ---- Bytes ----

{
    product nul
    printf 'name: a\000b\n'
} >"$mesh/nul.odps.yaml"
refused nul.odps.yaml 'a control character (byte 0x00) stands here'
{
    product raw
    printf 'name: \033[31mred\n'
} >"$mesh/raw.odps.yaml"
refused raw.odps.yaml 'a control character (byte 0x1B) stands here'
{
    product latin
    printf 'name: caf\351\n'
} >"$mesh/latin.odps.yaml"
refused latin.odps.yaml 'the byte 0xE9 is no UTF-8'
printf '\377\376k\000i\000n\000d\000' >"$mesh/utf16.odps.yaml"
refused utf16.odps.yaml 'UTF-16'
{
    product escapes
    printf 'name: "\\e]0;title\\a\\e[31mred\\x9b2J\\0"\ncolour: "\\e[2J"\n'
} >"$mesh/escapes.odps.yaml"
refused escapes.odps.yaml '"colour" is no key'
{
    product key
    printf '"\\e[31m\\u202Ekey": 1\n'
} >"$mesh/key.odps.yaml"
refused key.odps.yaml 'is no key of a data product'
{
    product turned
    printf 'name: "abc\342\200\256fed"\noutputPorts: [{name: a, version: "1"}]\n'
} >"$mesh/turned.odps.yaml"
taken turned.odps.yaml

# ---- Paths ----

package() { # PATH: a package with one file there
    printf '{"resources":[{"name":"a","path":"%s"}]}' "$1"
}
climbing() { # NAME PATH
    mkdir "$mesh/$1"
    package "$2" >"$mesh/$1/datapackage.json"
    refused "$1/datapackage.json" 'must be a path below the descriptor'
    bounded "$MWB" get --mesh "$mesh/$1" "$1"
    [ $? -ge 1 ] && ! grep -q 'root:' "$scratch/out"
    point $? "$2 is not fetched"
}
climbing up ../../../../../../../../etc/passwd
climbing slash /etc/passwd
climbing inside a/../../../etc/passwd

# ---- All of them as one mesh ----

{
    product good
    printf 'name: fine\noutputPorts:\n  - name: out\n    version: "1"\n'
} >"$mesh/good.odps.yaml"
bounded "$MWB" products --mesh "$mesh" --format csv
[ $? -eq 0 ] && grep -q 'fine' "$scratch/out" && no_controls
point $? 'the good product of such a mesh is listed'
bounded "$MWB" query --mesh "$mesh" --format csv \
    "SELECT DISTINCT path FROM mesh.problem WHERE severity = 'error' ORDER BY path"
status=$?
unheard=
for name in bomb.odps.yaml cycle.odps.yaml deep.odps.yaml deep.odps.json large.odps.yaml \
    brackets.odps.yaml wide.odps.yaml twice.odps.yaml nul.odps.yaml latin.odps.yaml; do
    grep -qx "$name" "$scratch/out" || unheard="$unheard $name"
done
[ "$status" -eq 0 ] && [ -z "$unheard" ]
point $? "every file that was not taken is told of${unheard:+, but not$unheard}"
[ ! -e harm ] && [ ! -e "$mesh/harm" ]
point $? 'no tag ran a program'
echo "1..$count"
exit $((failed > 0))
