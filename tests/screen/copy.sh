#!/bin/sh
# copy: what is copied inside a real tmux, as tmux is set up by default, is in its buffer,
# from where it goes to the terminal: the true bytes, also of signs that are only shown.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
if ! command -v tmux >/dev/null; then
    echo "1..0 # SKIP the program tmux is not installed"
    exit 0
fi
scratch=$(mktemp -d) || exit 99
tmux() {
    env -u TMUX -u TMUX_PANE LC_ALL=C.UTF-8 TERM=xterm-256color tmux \
        -f /dev/null -S "$scratch/socket" "$@"
}
trap 'tmux kill-server 2>/dev/null; rm -rf "$scratch"' EXIT
mkdir "$scratch/zoo"
printf 'id,sign\n1,"a\tb\342\200\256c\342\200\213d"\n2,"say ""no"", x"\n' >"$scratch/zoo/signs.csv"
mkfifo "$scratch/sync"
exec 8<>"$scratch/sync"
tmux new-session -d -s at -x 80 -y 24 \
    "HOME=$scratch XDG_DATA_HOME=$scratch XDG_CACHE_HOME=$scratch LANG=C.UTF-8 \
     exec $MWB $scratch/zoo --sync-fd 9 9>$scratch/sync"

# Until the program has been idle once since: each idleness is one letter.
until_idle() {
    while byte=$(timeout 20 dd bs=1 count=1 2>/dev/null <&8) && [ "$byte" != i ] && [ -n "$byte" ]; do
        :
    done
}

# Until the screen shows it.
until_shown() {
    tries=0
    until tmux capture-pane -p -t at | grep -q "$1"; do
        tries=$((tries + 1))
        [ $tries -lt 2000 ] || return 1
    done
}

# Until tmux has it in its buffer: its own command runs beside the program.
is_copied() { # NUMBER TITLE BYTES
    tries=0
    printf "$3" >"$scratch/wanted"
    until tmux save-buffer "$scratch/got" 2>/dev/null && cmp -s "$scratch/wanted" "$scratch/got"; do
        tries=$((tries + 1))
        if [ $tries -ge 2000 ]; then
            echo "not ok $1 - $2"
            od -c "$scratch/got" | sed 's/^/# /'
            tmux capture-pane -p -t at | sed 's/^/# /'
            return
        fi
    done
    echo "ok $1 - $2"
}

until_idle
tmux send-keys -t at F4 ':SELECT * FROM zoo.signs' Enter
until_shown '2 rows'
until_idle
tmux send-keys -t at Right y
is_copied 1 'a cell' 'a\tb\342\200\256c\342\200\213d'
tmux send-keys -t at 'g' 'V' 'G' 'y'
is_copied 2 'a block, a line a row' 'a\tb\342\200\256c\342\200\213d\nsay "no", x'
tmux send-keys -t at 'c' 'csv' Enter
is_copied 3 'as CSV' 'sign\na\tb\342\200\256c\342\200\213d\n"say ""no"", x"\n'
tmux send-keys -t at U ':copy row sql' Enter
is_copied 4 'as VALUES' "VALUES\n(2, 'say \"no\", x')\n"
tmux send-keys -t at ':copy row markdown' Enter
is_copied 5 'as a table' '| id | sign |\n| --- | --- |\n| 2 | say "no", x |\n'
echo "1..5"
