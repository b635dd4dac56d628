# The catalog of large meshes: read for the first time, opened again, searched.
# SPDX-License-Identifier: GPL-3.0-or-later

make_mesh() { # NAME PRODUCTS: $work/NAME and its totals beside
    if [ ! -e "$work/$1.totals" ] || [ "$(cut -d'|' -f1 "$work/$1.totals")" != "$2" ]; then
        rm -rf "${work:?}/$1"
        "$tools/mesh" "$work/$1" "$2" 20 "$work/$1.totals"
    fi
}

# What the catalog has of it, like its totals: products, columns, rules, columns called
# customer_id, columns of the needle.
catalog_totals() { # MESH
    "$mwb" query "SELECT (SELECT count(*) FROM mesh.product), (SELECT count(*) FROM mesh.property),
        (SELECT count(*) FROM mesh.rule), (SELECT count(*) FROM mesh.property WHERE name = 'customer_id'),
        (SELECT count(*) FROM mesh.property WHERE name = 'xylograph_id')" \
        --mesh "$1" --format csv | sed -n 2p | tr , '|'
}

# Wall seconds of reading a mesh of which nothing is known yet.
cold_catalog() {
    fresh
    wall "$mwb" products needle --mesh "$mesh" 2>"$work/ours.log"
}

# Does a search find what the generator put in?
check_search() { # MESH
    right "columns customer_id" "$(cut -d'|' -f4 "$1.totals")" \
        "$("$mwb" products column:customer_id --mesh "$1" --format csv 2>"$work/ours.log" |
            sed 1d | wc -l)" &&
        right "columns of the needle" "$(cut -d'|' -f5 "$1.totals")" \
            "$("$mwb" products xylograph --mesh "$1" --format csv 2>"$work/ours.log" |
                sed 1d | wc -l)"
}

say_searches() { # WHAT GOAL
    local kind
    answer=$("$tools/search" "$index") || return
    for kind in words short parts facets; do
        say "$1, keystroke, $kind, p50 (ms)" "$(of $kind 2)" - - "$2" -
        say "  the same, p99 (ms)" "$(of $kind 3)" - - "$2" -
        note "the slowest of $(of $kind 5): $(of $kind 4) ms at \"$(of_rest $kind 6)\""
    done
}

of_rest() { # NAME NUMBER: from that column to the end of the line
    printf '%s\n' "$answer" | sed -n "s/^$1 //p" | cut -d' ' -f"$(($2 - 1))-"
}

say_changes() { # WHAT GOAL
    local file
    file=$(find "$mesh/accounts" -name '*.odcs.yaml' | sort | head -1)
    answer=$("$tools/refresh" "$mesh" "$index" "$file" 10) || return
    say "$1, one changed file read again, p50 (ms)" "$(of file 2)" "all files looked at" "$(of refresh 2)" "$2" -
    say "  nothing changed, p50 (ms)" "$(of nothing 2)" - - - -
}

measure_a_mesh() { # NAME PRODUCTS RUNS COLD-GOAL START-GOAL SEARCH-GOAL
    local ours base_ms what="mesh of $2 products"
    mesh=$work/$1
    fresh # here too, for each run has a shell of its own
    make_mesh "$1" "$2" || return
    ours=$(median_of "$3" cold_catalog)
    right "catalog of $2 products" "$(cat "$mesh.totals")" "$(catalog_totals "$mesh")" &&
        check_search "$mesh" || return
    index=$(find "$XDG_CACHE_HOME" -name "$1-*.db")
    say "$what, $(($2 * 20)) columns, first read, wall (s)" "$ours" - - "$4" -
    base_ms=$(column 2 "$(paint_start "$tools/empty")")
    ours=$(column 2 "$(paint_start "$mwb" "$mesh")")
    say "$what, first screen beyond an empty one (ms)" \
        "$(calculate "$ours - $base_ms")" "empty curses program" "$base_ms" "$5" -
    say_searches "$what" "$6" && say_changes "$what" 50
}

measure_catalog() {
    measure_a_mesh mesh-small 1000 3 1 15 16 || return
    printf '%s\n' 'time select 20 <Down>' 'time search 20 ma <Esc>/' >"$work/script"
    answer=$("$tools/paint" -f "$work/script" -- "$mwb" "$mesh") || return
    say "catalog of 1,000: next line, p50 (ms)" "$(of select 2)" - - 1 16
    say "catalog of 1,000: search as you type, p50 (ms)" "$(of search 2)" - - 1 16
}

# Beside it are some gigabytes of files.
measure_meshes() {
    [ "$mesh_products" -gt 0 ] || return 0
    has_room 4 "the huge mesh" || return 0
    measure_a_mesh mesh-huge "$mesh_products" 1 60 50 50
}
