# The forty policies of the sample mesh, held against a mesh of 1,000 products.
# SPDX-License-Identifier: GPL-3.0-or-later

# Their verdict is negative, which is no failure of the measurement.
run_policies() {
    wall sh -c '"$1" policies --mesh "$2" --format tsv >"$3" 2>"$4" || test $? -eq 1' sh \
        "$mwb" "$work/mesh-policies" "$work/policies.tsv" "$work/ours.log"
}

measure_policies() {
    local ours
    fresh
    "$tools/mesh" "$work/mesh-policies" 1000 >/dev/null || return 1
    cp -r "$here/../../samples/mesh/policies" "$work/mesh-policies" || return 1
    "$mwb" products needle --mesh "$work/mesh-policies" >/dev/null 2>"$work/ours.log"
    ours=$(median_of "$runs" run_policies)
    right "policies that were run" 40 \
        "$(awk -F '\t' 'NR > 1 && $5 != "error" { n++ } END { print n }' "$work/policies.tsv")" ||
        return 1
    say "40 policies, 1,000 products, with start and ledger, wall (s)" "$ours" - - 1 2
}
