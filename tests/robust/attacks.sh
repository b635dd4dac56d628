#!/bin/sh
# attacks: locations that would lead out of a product's folder; see attacks.py. Each stands in
# a Data Package or a contract; ATTACKS=all puts each into both.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
if ! command -v python3 >/dev/null; then
    echo "1..0 # SKIP python3 is not installed"
    exit 0
fi
exec python3 "${TESTS_SRCDIR:?is set by make check}/robust/attacks.py"
