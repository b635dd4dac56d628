#!/bin/sh
# tour: the five-minute tour of README.md works as written. TAP, a point a command.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
MWB=${MWB:-./mwb}
readme=${TESTS_SRCDIR:-$(dirname "$0")/..}/../README.md
scratch=$(mktemp -d "${TMPDIR:-/tmp}/mwb-tour-XXXXXX") || exit 99
trap 'chmod -R u+rwX "$scratch"; rm -rf "$scratch"' EXIT
unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME MWB_MESH MWB_CACHE
export HOME="$scratch" LC_ALL=C.UTF-8
ln -s "$MWB" "$scratch/mwb"
readme=$(cd "$(dirname "$readme")" && pwd)/README.md
cd "$scratch" || exit 99

# The blocks of the tour as one script; before each command a line that counts it.
sed -n '/^```sh$/,/^```$/p' "$readme" | sed '/^```/d' >tour.txt
awk '
    /^\.\/mwb/ { printf "point=$((point + 1)); " }
    /^\.\/mwb/ { run = 1; quotes = 0 }
    run { quotes += gsub(/"/, "\"") }
    { printf "%s", $0 }
    run && quotes % 2 == 0 {
        printf " >out.$point 2>err.$point; echo $? >status.$point"; run = 0
    }
    { print "" }' tour.txt >tour.run
point=0
. ./tour.run

count=0
failed=0
i=1
while [ "$i" -le "$point" ]; do
    count=$((count + 1))
    if [ "$(cat "status.$i")" = 0 ] && { [ -s "out.$i" ] || [ -s "err.$i" ]; }; then
        printf 'ok %s - command %s of the tour\n' "$count" "$i"
    else
        failed=$((failed + 1))
        printf 'not ok %s - command %s of the tour\n' "$count" "$i"
        sed 's/^/# /' "out.$i" "err.$i" | head -20
    fi
    i=$((i + 1))
done
count=$((count + 1))
if grep -q '^Union Post' out.5 && [ "$(wc -l <returns.csv)" -gt 1000 ] && [ "$point" -ge 11 ]; then
    printf 'ok %s - the tour shows carriers and leaves returns.csv\n' "$count"
else
    failed=$((failed + 1))
    printf 'not ok %s - the tour shows carriers and leaves returns.csv\n' "$count"
fi
printf '1..%s\n' "$count"
[ "$failed" -eq 0 ]
