# What it costs a statement that the ledger is told of it, while others read the ledger.
# SPDX-License-Identifier: GPL-3.0-or-later

measure_ledger() {
    local told=$([ "$quick" = 0 ] && echo 20000 || echo 5000) figures
    fresh
    figures=$("$tools/ledger" "$told") || return 1
    right "statements in the ledger" "$told" "$(column 4 "$figures")" || return 1
    say "a statement told to the ledger, ms: median" "$(column 1 "$figures")" - - 1 5
    say "a statement told to the ledger, ms: 99th percentile" "$(column 2 "$figures")" - - 1 50
    say "a statement told to the ledger, ms: slowest of $told" "$(column 3 "$figures")" - - 50 100
}
