#!/bin/sh
# hostile: SQL of others that must do nothing but answer; see hostile.py. Each statement is
# a rule and a policy; every eighth also a saved query and typed, HOSTILE=all: each.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
if ! command -v python3 >/dev/null; then
    echo "1..0 # SKIP python3 is not installed"
    exit 0
fi
exec python3 "${TESTS_SRCDIR:?is set by make check}/robust/hostile.py"
