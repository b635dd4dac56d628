# The grid of rows beside less and visidata: what a key costs on the line and in time, and
# what it takes to sort, filter and count all rows of the large table.
# SPDX-License-Identifier: GPL-3.0-or-later

# visidata holds rows as objects and is not at rest until it has read them all: it gets
# the first 100,000, less and we all of them. A page is a page.
visidata_keys() { # SCRIPT
    [ -x "$venv/bin/vd" ] || return 0
    head -100001 "$work/big/orders.csv" >"$work/some.csv"
    "$tools/paint" -p -f "$1" -- "$venv/bin/vd" "$work/some.csv"
}

measure_grid() {
    local ours less vd answer
    make_large || return
    cat >"$work/script" <<'SCRIPT'
time open 1 ":query SELECT * FROM orders.orders<Enter>"
keys <F4>
keys z
time page-down 30 <PageDown>
keys <Home>
time line-down 30 <Down>
time end 10 <End> <Home>
time right 6 <Right>
settle filter ":filter quantity > 3<Enter>"
settle back u
settle sort ":sort price desc customer<Enter>"
time sorted-end 5 <End> <Home>
settle undo u
settle redo <C-r>
memory memory
SCRIPT
    ours=$("$tools/paint" -f "$work/script" -- "$mwb" "$work/big/orders.csv") || return
    printf 'time page-down 30 <Space>\ntime line-down 30 j\ntime end 3 G g\nmemory memory\n' >"$work/script"
    less=$("$tools/paint" -p -f "$work/script" -- less -S "$work/big/orders.csv") || return
    printf 'time page-down 10 <PageDown>\ntime line-down 10 j\nmemory memory\n' >"$work/script"
    vd=$(visidata_keys "$work/script")
    say "grid: first page of SELECT * (ms)" "$(answer=$ours of open 2)" - - 5 16
    say "grid: jump to the last row (ms)" "$(answer=$ours of end 2)" less "$(answer=$less of end 2)" 5 16
    for key in page-down line-down; do
        local goal=11/10 floor=4500
        [ $key = page-down ] || { goal=200 && floor=900; }
        say "grid: $key (bytes)" "$(answer=$ours of $key 5)" less "$(answer=$less of $key 5)" $goal $floor
        [ -z "$vd" ] || say "grid: $key (bytes)" "$(answer=$ours of $key 5)" visidata "$(answer=$vd of $key 5)" - -
        say "grid: $key, p50 (ms)" "$(answer=$ours of $key 2)" less "$(answer=$less of $key 2)" 1 -
        say "grid: $key, p99 (ms)" "$(answer=$ours of $key 3)" less "$(answer=$less of $key 3)" 8 16
        [ -z "$vd" ] || say "grid: $key, p50 (ms)" "$(answer=$ours of $key 2)" visidata "$(answer=$vd of $key 2)" - -
    done
    say "grid: private memory, $rows rows (KiB)" "$(answer=$ours of memory 3)" less "$(answer=$less of memory 3)" 24576 49152
    [ -z "$vd" ] || say "grid: private memory, 100,000 rows of theirs (KiB)" "$(answer=$ours of memory 3)" visidata "$(answer=$vd of memory 3)" - -
    say "grid: filter all rows (ms)" "$(answer=$ours of filter 2)" - - - -
    say "grid: sort all rows by two columns (ms)" "$(answer=$ours of sort 2)" - - - -
    say "grid: last page of what was sorted (ms)" "$(answer=$ours of sorted-end 2)" - - 5 16
    say "grid: undo the sort (ms)" "$(answer=$ours of undo 2)" - - 5 16
    say "grid: redo the sort (ms)" "$(answer=$ours of redo 2)" - - 5 16
}
