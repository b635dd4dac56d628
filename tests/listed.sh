#!/bin/sh
# listed: every test and every source that lies here is named by a fragment of the build,
# so that it runs, is built and is distributed.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
here=${TESTS_SRCDIR:-$(cd "$(dirname "$0")" && pwd)}
cd "$here/.." || exit 99
count=0
failed=0
named=$(cat Makefile.am ./*/*.am ./*/*/*.am | tr -s ' \t\\' '\n')

# all_named TITLE FILE...: a point; the files that no fragment names are listed below.
all_named() {
    title=$1
    shift
    count=$((count + 1))
    missing=$(
        for file in "$@"; do
            [ ! -e "$file" ] || printf '%s\n' "$file"
        done | awk -v named="$named" '
            BEGIN { split(named, words, "\n"); for (i in words) known[words[i]] = 1 }
            !($0 in known)'
    )
    if [ -z "$missing" ]; then
        echo "ok $count - the build names $title"
    else
        echo "not ok $count - the build names $title"
        printf '%s\n' "$missing" | sed 's/^/# no fragment (*.am) names /'
        failed=$((failed + 1))
    fi
}

all_named 'every unit test' tests/unit/test_*.c
all_named 'every case and every play' tests/*/*.case tests/*/*.play tests/*/golden/*
all_named 'every script of the tests' tests/*.sh tests/*/*.sh tests/*/*.awk tests/*.order
all_named 'every source of the tests' tests/*/*.[ch]
all_named 'every source of the engine' engine/*.[ch] engine/*/*.[ch]
all_named 'every source of the screen' tui/*.[ch] tui/*/*.[ch]
all_named 'every theme' themes/*.theme
echo "1..$count"
exit $((failed > 0))
