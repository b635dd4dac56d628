#!/bin/sh
# run: build fuzz targets with clang's libFuzzer and run each for FUZZ_SECONDS on its corpus
# and, where they are beside the repository, the files of public suites. `make fuzz` calls it
# in the build's folder; FUZZ_CFLAGS and FUZZ_LIBS come from there. What is found stays in
# fuzz-found/, to become a file of the corpus.
#   run.sh SRCDIR [NAME...]      all targets, or these
#   run.sh SRCDIR --names        their names
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
src=$1
shift
# name, the folders whose sources are compiled anew so that the fuzzer sees their branches,
# other sources, longest input, files of suites
targets='csv import,pages ways_digest 4096 csvkit-examples/*.csv
sniff import - 4096 csvkit-examples/*.csv
json import - 4096 JSONTestSuite/test_parsing/*.json
document document - 4096 -
sql sql - 4096 -'
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

fuzz() { # NAME FOLDERS MORE LENGTH SUITE
    # shellcheck disable=SC2046,SC2086 # lists of words
    ${FUZZ_CC:-clang} -g -O1 -fsanitize=fuzzer,address,undefined \
        -fno-sanitize-recover=undefined -std=gnu17 $FUZZ_CFLAGS $(sources "$1" "$2" "$3") \
        $FUZZ_LIBS -o "fuzz_$1" || return 1
    corpus=$(mktemp -d) || return 1
    ! [ -d "$src/tests/fuzz/corpus_$1" ] || cp "$src/tests/fuzz/corpus_$1"/* "$corpus"
    add_suite "$1" "$5"
    dictionary=
    ! [ -e "$src/tests/fuzz/$1.dict" ] || dictionary=-dict=$src/tests/fuzz/$1.dict
    # libfyaml 0.7.12 leaks a buffer when some documents are broken.
    leaks=1
    [ "$1" != document ] || leaks=0
    ASAN_OPTIONS=detect_leaks=$leaks "./fuzz_$1" -max_total_time="$seconds" \
        -max_len="$4" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix=fuzz-found/$1- $dictionary "$corpus"
    status=$?
    rm -rf "$corpus"
    return $status
}

all=0
for name in ${*:-$names}; do
    # shellcheck disable=SC2046 # a row is words
    fuzz $(set -f; echo "$targets" | grep "^$name ") || all=1
done
exit $all
