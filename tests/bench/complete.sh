# Completion in a mesh of 1,000 products and 20,000 columns: each letter of statements typed
# with the menu open.
# SPDX-License-Identifier: GPL-3.0-or-later

measure_complete() {
    local figures
    fresh
    make_mesh mesh-small 1000 || return 1
    figures=$("$tools/complete" "$work/mesh-small") || return 1
    say "completion, 1,000 products: first answer (ms)" "$(column 1 "$figures")" - - 16 50
    say "completion, 1,000 products: a key, p50 (ms)" "$(column 2 "$figures")" - - 16 16
    say "  the same, p99 (ms)" "$(column 3 "$figures")" - - 16 16
    note "the slowest of $(column 5 "$figures"): $(column 4 "$figures") ms"
}
