#!/bin/sh
# names: no function of the program stands in for one of a library that happens to have the
# same name, as profile_release() of libkrb5 once did, which libpq calls. TAP.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
MWB=${MWB:-./mwb}
if ! command -v nm >/dev/null; then
    echo '1..0 # SKIP nm is not installed'
    exit 0
fi
lent=$(nm -D --defined-only "$MWB" | awk '$2 == "T" && $3 !~ /^_/ { print $3 }')
if [ -z "$lent" ]; then
    echo 'ok 1 - the program lends no function to libraries'
else
    echo 'not ok 1 - the program lends no function to libraries'
    echo "$lent" | sed 's/^/# /'
fi
echo '1..1'
[ -z "$lent" ]
