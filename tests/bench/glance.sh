# What a look at a whole mesh costs: 1,000 products, 20,000 statements of use, 10,000
# outcomes of checks, forty policies.
# SPDX-License-Identifier: GPL-3.0-or-later

measure_glance() {
    local told=$([ "$quick" = 0 ] && echo 20000 || echo 5000) figures
    fresh
    "$tools/mesh" "$work/mesh-glance" 1000 >/dev/null || return 1
    figures=$("$tools/glance" "$work/mesh-glance" "$told") || return 1
    say "glance at 1,000 products: all sheets (ms)" "$(column 1 "$figures")" - - 100 200
    say "glance at 1,000 products: all journeys (ms)" "$(column 2 "$figures")" - - 100 200
}
