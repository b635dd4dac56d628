#!/bin/sh
# run: build fuzz targets with clang's libFuzzer and run each for FUZZ_SECONDS on its corpus
# and, where they are beside the repository, the files of public suites. `make fuzz` calls
# it in the build's folder; FUZZ_CFLAGS and FUZZ_LIBS come from there. What is found stays
# in fuzz-found/, to become a file of the corpus.
#
# FUZZ_RUNS=N tries N inputs, or what FUZZ_SECONDS allow; FUZZ_RUNS=listed as many as the
# table says. With the same FUZZ_SEED they are the same on each machine that has the same
# compiler and seeds: seeds come in the order of their names, and libFuzzer mixes neither
# what is compared nor how deep the stack is into its choice, for both depend on addresses.
#   run.sh SRCDIR [NAME...]      all targets, or these
#   run.sh SRCDIR --names        their names
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
src=$1
shift
# name, the folders whose sources are compiled anew so that the fuzzer sees their branches,
# other sources, longest input, inputs of a listed run (some ten seconds), files of suites
targets='csv import,pages ways_digest 4096 2000 csvkit-examples/*.csv
sniff import - 4096 120000 csvkit-examples/*.csv
json import - 4096 130000 JSONTestSuite/test_parsing/*.json
document document - 4096 400000 -
amend amend,document - 4096 350000 -
standard standard - 4096 25000 -
sql sql - 4096 90000 -
scope scope,sql - 4096 60000 -
formatter formatter,sql - 4096 30000 -
dialect dialect,functions,confine - 4096 40000 -
filter catalog - 4096 900000 -
view result,functions - 1024 20000 -
costs catalog - 4096 400 -
gate gate,sql - 4096 28000 -
advice advice,scope,sql - 2048 20000 -
destruction session,sql - 1024 30000 -
lineage lineage,sql - 4096 20000 -
period catalog - 256 1800000 -
policy governance,catalog - 4096 200000 -
location filetree,web,git - 4096 700000 -
places git,kept - 4096 1200000 -
settings access,program - 1024 1200000 -
typed recall,snippet,sql_file - 4096 200000 -
secret secret - 4096 600000 -
answer web - 4096 400000 -
mask mask,infotype - 4096 1000000 -
quality quality - 4096 800000 -
s3 s3,secret - 4096 700000 -
readers catalog,standard - 8192 300 -'
names=$(echo "$targets" | cut -d ' ' -f 1)
if [ "${1:-}" = --names ]; then
    echo "$names"
    exit
fi
seconds=${FUZZ_SECONDS:-60}
mkdir -p fuzz-found

# sources NAME FOLDERS MORE: the files to compile.
sources() {
    echo "$src/tests/fuzz/fuzz_$1.c"
    for folder in $(echo "$2" | tr , ' '); do
        ls "$src/engine/$folder"/*.c "$src/engine/$folder.c" 2>/dev/null
    done
    [ "$3" = - ] || echo "$src/tests/suites/$3.c"
}

# add_suite NAME PATTERN: files of a public suite into the corpus. The first byte of JSON picks
# how it is read: 0 as a text, 1 as an array, 2 and 3 as lines.
add_suite() {
    [ -n "${MWB_SHARED:-}" ] || return 0
    # shellcheck disable=SC2086 # a pattern
    for file in "$MWB_SHARED"/suites/$2; do
        [ -f "$file" ] || continue
        case $1 in
        json) prefixes='0 1 2 3' ;;
        *) prefixes=- ;;
        esac
        for prefix in $prefixes; do
            { printf %s "${prefix#-}" && head -c 4000 "$file"; } >"$corpus/$prefix-${file##*/}"
        done
    done
}

fuzz() { # NAME FOLDERS MORE LENGTH LISTED SUITE
    case $5 in
    *[!0-9]*)
        echo "run.sh: the row of $1 does not say how many inputs are listed" >&2
        return 1
        ;;
    esac
    # shellcheck disable=SC2046,SC2086 # lists of words
    ${FUZZ_CC:-clang} -g -O1 -fsanitize=fuzzer,address,undefined \
        -fno-sanitize-coverage=stack-depth \
        -fsanitize-coverage-ignorelist="$src/tests/fuzz/unseen" \
        -fno-sanitize-recover=undefined -std=gnu17 $FUZZ_CFLAGS $(sources "$1" "$2" "$3") \
        $FUZZ_LIBS -o "fuzz_$1" || return 1
    corpus=$(mktemp -d) || return 1
    ! [ -d "$src/tests/fuzz/corpus_$1" ] || cp "$src/tests/fuzz/corpus_$1"/* "$corpus"
    add_suite "$1" "$6"
    find "$corpus" -type f | LC_ALL=C sort | paste -sd , | tr -d '\n' >"$corpus.list"
    seeds=
    ! [ -s "$corpus.list" ] || seeds=-seed_inputs=@$corpus.list
    dictionary=
    ! [ -e "$src/tests/fuzz/$1.dict" ] || dictionary=-dict=$src/tests/fuzz/$1.dict
    case ${FUZZ_RUNS:-} in
    '') same= ;;
    listed) same="-use_cmp=0 -runs=$5" ;;
    *) same="-use_cmp=0 -runs=$FUZZ_RUNS" ;;
    esac
    # libfyaml 0.7.12 leaks a buffer when some documents are broken.
    leaks=1
    case $1 in amend | document | readers | standard) leaks=0 ;; esac
    ASAN_OPTIONS=detect_leaks=$leaks "./fuzz_$1" -max_total_time="$seconds" $same \
        -seed="${FUZZ_SEED:-0}" $seeds \
        -max_len="$4" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix=fuzz-found/"$1"- $dictionary
    status=$?
    rm -rf "$corpus" "$corpus.list"
    return $status
}

all=0
for name in ${*:-$names}; do
    # shellcheck disable=SC2046 # a row is words
    fuzz $(set -f; echo "$targets" | grep "^$name ") || all=1
done
exit $all
