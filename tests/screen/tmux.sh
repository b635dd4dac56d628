#!/bin/sh
# tmux: a second opinion. The program runs inside tmux, whose idea of the screen must be
# that of the golden file, which libvterm drew.
#
#   tmux.sh                             the small program of the harness
#   tmux.sh GOLDEN MASK PROGRAM ARG...  another one; what MASK (of sed -E) matches is ~
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
if ! command -v tmux >/dev/null; then
    echo "1..0 # SKIP the program tmux is not installed"
    exit 0
fi
if [ $# -eq 0 ]; then
    if [ ! -x "$TESTS_BUILDDIR/screen/keyecho" ]; then
        echo "1..0 # SKIP the small program of the harness was not built: no libvterm"
        exit 0
    fi
    set -- "$TESTS_SRCDIR/screen/golden/keyecho.txt" 'time [0-9]+ ms' \
        "$TESTS_BUILDDIR/screen/keyecho"
fi
golden=$1
mask=$2
shift 2
scratch=$(mktemp -d) || exit 99
tmux() {
    env -u TMUX -u TMUX_PANE LC_ALL=C.UTF-8 TERM=xterm-256color tmux \
        -f "$scratch/conf" -S "$scratch/socket" "$@"
}
printf '%s\n' 'set -g status off' 'set -s exit-empty off' >"$scratch/conf"
trap 'tmux kill-server 2>/dev/null; rm -rf "$scratch"' EXIT
count=0
failed=0

# The screen as tmux sees it, blanks at the ends of lines cut, in as many lines as the golden.
seen() {
    # The mask keeps its width, letter by letter, as the harness does.
    tmux capture-pane -p -t "at$count" | sed -E "h;s/.*($mask).*/\1/;T;s/./~/g;x;G;s/($mask)(.*)\n(~*)\$/\3\2/"
}

# Wait until the program says that it is idle, then until tmux has drawn it.
looks_like_golden() {
    while byte=$(timeout 20 dd bs=1 count=1 2>/dev/null <&8) && [ "$byte" != i ] && [ -n "$byte" ]; do
        :
    done
    tries=0
    while seen >"$scratch/seen"; ! cmp -s "$golden" "$scratch/seen"; do
        tries=$((tries + 1))
        [ $tries -lt 400 ] || return 1
    done
}

for terminal in screen screen-256color tmux tmux-256color; do
    count=$((count + 1))
    mkfifo "$scratch/sync.$count"
    exec 8<>"$scratch/sync.$count" # for both: opening must not wait for the program
    tmux new-session -d -s "at$count" -x 80 -y 24 \
        "LANG=C.UTF-8 TERM=$terminal exec $* --sync-fd 9 9>$scratch/sync.$count"
    if looks_like_golden; then
        echo "ok $count - tmux as $terminal draws the golden screen"
    else
        failed=$((failed + 1))
        echo "not ok $count - tmux as $terminal draws the golden screen"
        diff "$golden" "$scratch/seen" | sed 's/^/# /'
    fi
    exec 8<&-
    tmux kill-session -t "at$count"
done
echo "1..$count"
exit $((failed > 0))
