#!/bin/sh
# layers: the architecture as a test. A room includes only doors before its own and its
# private headers; the engine knows no screen and never prints or exits; within the screen
# the order of tests/tui.order holds. `layers.sh ROOT` checks another tree.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
here=${TESTS_SRCDIR:-$(cd "$(dirname "$0")" && pwd)}
scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
count=0
failed=0

point() { # point STATUS TITLE: one TAP line
    count=$((count + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $count - $2"
    else
        failed=$((failed + 1))
        echo "not ok $count - $2"
    fi
}

# breaches ROOT: print the breaches of the tree at ROOT, nothing when the borders hold.
breaches() (
    cd "$1" || exit 99
    cp "$here/doors.order" "$here/tui.order" "$here/words.allowed" "$scratch/"
    find engine tui -name '*.[ch]' -print 2>/dev/null | LC_ALL=C sort >"$scratch/sources"
    # Names with blanks would be split below; the house has none.
    LC_ALL=C awk -f "$here/layers.awk" "$scratch/doors.order" "$scratch/tui.order" \
        "$scratch/words.allowed" $(cat "$scratch/sources")
)

# plant FILE LINE...: a source file in the tree that has breaches.
plant() {
    mkdir -p "$scratch/tree/$(dirname "$1")"
    file=$scratch/tree/$1
    shift
    printf '%s\n' "$@" >"$file"
}

# catches SENTENCE-PART TITLE: the planted tree gives exactly this breach, and is removed.
catches() {
    found=$(breaches "$scratch/tree")
    [ "$(printf '%s\n' "$found" | grep -c .)" -eq 1 ] &&
        printf '%s\n' "$found" | grep -qF -- "$1"
    verdict=$?
    point $verdict "catches $2"
    [ $verdict -eq 0 ] || printf '%s\n' "$found" | sed 's/^/#   found: /'
    rm -rf "$scratch/tree"
}

check_tree() {
    breaches "$1" >"$scratch/found"
    test ! -s "$scratch/found"
    point $? "the borders of the house hold"
    sed 's/^/# /' "$scratch/found"
    test -s "$scratch/sources"
    point $? "there were sources to look at"
}

check_orders() {
    missing=
    for door in "$1"/engine/*.h; do
        grep -qx "$(basename "$door" .h)" "$here/doors.order" || missing="$missing $door"
    done
    test -z "$missing"
    point $? "every door stands in tests/doors.order$missing"
    test -z "$(sort "$here/doors.order" | uniq -d)"
    point $? "no door stands in tests/doors.order twice"
}

# Each breach the rules name, planted in a tree of its own: this test can fail.
check_self() {
    plant engine/text.c '#include "engine/command.h"'
    catches 'engine/text.c:1: includes engine/command.h, a door that stands after' \
        "a door that stands later"
    plant engine/chart/draw.c '#include "engine/sql.h"' '#include "engine/workbench.h"'
    catches 'engine/chart/draw.c:2: includes engine/workbench.h' \
        "a later door in a room, an earlier one being welcome"
    plant engine/chart/draw.c '#include "engine/import/private.h"'
    catches 'a private header of the room import' "a room looking into another"
    plant engine/error.h '#include "engine/error/private.h"'
    plant engine/error/private.h ''
    plant engine/error/words.c '#include "private.h"' '#include "engine/error/private.h"'
    catches 'engine/error.h:1: the door includes engine/error/private.h' \
        "a door that shows a private header, private ones within a room being welcome"
    plant engine/import/csv.c '#include "engine/unheard.h"'
    catches 'which has no place in tests/doors.order' "a door without a place in the order"
    plant engine/unheard/a.c 'int a;'
    catches 'belongs to no door' "a room without a door"
    plant engine/path.c '#include "tui/theme.h"'
    catches 'it must not know the screen' "the engine looking at the screen"
    plant engine/path.c '  #  include <ncursesw/curses.h>'
    catches 'only tui/term*.c may know curses' "curses in the engine"
    plant tui/layout.c '#include <curses.h>'
    catches 'only tui/term*.c may know curses' "curses outside tui/term*.c"
    plant tui/layout.c '#include <readline/readline.h>'
    catches 'only tui/lineedit*.c may know readline' "readline outside tui/lineedit*.c"
    plant tui/panes/grid.c '#include "engine/result/spool.h"'
    catches 'a private header of a room; use the door' "the screen looking into a room"
    plant tui/widget/list.c '#include "tui/canvas.h"' '#include "tui/layout.h"'
    catches 'tui/widget/list.c:2: includes tui/layout.h, which stands above widget' \
        "a widget that knows the layout"
    plant tui/strange.c 'int a;'
    catches 'tui/strange.c:1: this file has no place in tests/tui.order' \
        "a screen file without a place"
    plant tui/layout.c '#include "tui/key.h"' '#include "tui/panes/grid.h"'
    catches 'tui/layout.c:2: includes tui/panes/grid.h' "a layout that knows a single pane"
    plant engine/path.c '/* printf("x") */' 'const char *a = "exit(1)"; // abort()' \
        "int c = '\"'; " 'text_printf(a); snprintf(b, 1, c); job->exit(1);' 'exit (1);'
    catches 'engine/path.c:5: calls exit' "exit in the engine, not in comments and strings"
    plant engine/path.c 'fprintf(stderr, "x");'
    catches 'uses stdout or stderr' "the engine printing to stderr"
    plant engine/path.c 'if (a) printf("x");'
    catches 'calls printf' "the engine printing"
    plant engine/text.c 'exit(3);' 'abort();'
    catches 'engine/text.c:2: calls abort' "abort, while text.c may exit"
    plant tui/main.c 'strcpy(a, b);'
    catches 'calls strcpy' "strcpy anywhere"
    plant engine/path.c '#include "engine/error.h"' '/* strcpy(' ' * gets( */ sprintf(a, b);'
    catches 'engine/path.c:3: calls sprintf' "sprintf after a comment of two lines"
}

root=${1:-$here/..}
check_tree "$root"
check_orders "$root"
check_self
echo "1..$count"
exit $((failed > 0))
