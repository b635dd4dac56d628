#!/bin/sh
# listed: every test that lies here is named by a fragment of the build, so that it runs.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
here=${TESTS_SRCDIR:-$(cd "$(dirname "$0")" && pwd)}
cd "$here/.." || exit 99
count=0
failed=0
for test in tests/unit/test_*.c tests/headless/*.case tests/screen/*.play tests/pty/*.play \
    tests/*.sh tests/*/*.sh; do
    [ -e "$test" ] || continue
    count=$((count + 1))
    if cat tests/*.am tests/*/*.am | grep -qwF -- "$test"; then
        echo "ok $count - $test runs"
    else
        echo "not ok $count - $test is named by no tests/*.am or tests/*/*.am"
        failed=$((failed + 1))
    fi
done
echo "1..$count"
exit $((failed > 0))
