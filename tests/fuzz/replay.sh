#!/bin/sh
# replay: every fuzz target over its corpus, without a fuzzer. TAP.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
log=$(mktemp "${TMPDIR:-/tmp}/mwb-replay-XXXXXX") || exit 99
trap 'rm -f "$log"' EXIT
count=0
failed=0
for corpus in "$TESTS_SRCDIR"/fuzz/corpus_*; do
    name=${corpus##*/corpus_}
    count=$((count + 1))
    if files=$("$TESTS_BUILDDIR/fuzz/replay_$name" "$corpus" 2>"$log"); then
        echo "ok $count - $files of corpus_$name"
    else
        failed=$((failed + 1))
        echo "not ok $count - corpus_$name"
        tail -n 20 "$log" | sed 's/^/# /'
    fi
done
echo "1..$count"
exit $((failed > 0))
