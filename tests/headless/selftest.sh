#!/bin/sh
# selftest: the driver of the headless cases, tried on cases that must pass, fail, skip.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
here=${TESTS_SRCDIR:+$TESTS_SRCDIR/headless}
here=${here:-$(cd "$(dirname "$0")" && pwd)}
scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
unset MWB_UPDATE MWB_SHARED
count=0
failed=0

# The program under test is played by a script with a known answer.
printf '#!/bin/sh\n%s\n' \
    'echo "out $*"; echo "err $*" >&2; [ "${1:-}" != fail ] || exit 3' >"$scratch/mwb"
chmod +x "$scratch/mwb"
MWB=$scratch/mwb
export MWB

point() {
    count=$((count + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $count - $2"
    else
        failed=$((failed + 1))
        echo "not ok $count - $2"
        sed 's/^/#  /' "$scratch/log"
    fi
}

# expect STATUS TEXT TITLE: run the case on standard input; its log has a line TEXT.
expect() {
    cat >"$scratch/a.case"
    sh "$here/run.sh" "$scratch/a.case" >"$scratch/log" 2>&1
    [ $? -eq "$1" ] && grep -qxF -- "$2" "$scratch/log"
    point $? "$3"
}

expect 0 'ok 1 - a: mwb show me' 'a command with its output and errors in order' <<'END'
# title: nothing to see
$ mwb show me
out show me
err show me
END
expect 1 'not ok 1 - a: mwb' 'a wrong line fails' <<'END'
$ mwb
out
ERR
END
expect 1 'not ok 1 - a: mwb' 'a missing line fails' <<'END'
$ mwb
out 
END
expect 1 'not ok 1 - a: true' 'output that did not come fails' <<'END'
$ true
anything
END
expect 1 'not ok 1 - a: mwb' 'output that was not expected fails' <<'END'
$ mwb
END
expect 0 'ok 1 - a: mwb fail' 'a status' <<'END'
$ mwb fail
out fail
err fail
[status 3]
END
expect 1 'not ok 1 - a: mwb fail' 'a status nobody expected fails' <<'END'
$ mwb fail
out fail
err fail
END
expect 1 'not ok 1 - a: echo a' 'a status that did not come fails' <<'END'
$ echo a
a
[status 1]
END
expect 0 'ok 2 - a: cat f' 'two commands share a folder, and blank lines between' <<'END'
$ echo a >f; echo; echo b >>f

#: remarks are free
$ cat f
a
b

END
expect 0 'ok 1 - a: cat <<X' 'a command of several lines' <<'END'
$ cat <<X
> one
>
> X
one
END
expect 0 'ok 1 - a: echo a; echo; echo b' 'blank lines within an output' <<'END'
$ echo a; echo; echo b
a

b
END
expect 1 'not ok 1 - a: echo a; echo b' 'a blank line too many fails' <<'END'
$ echo a; echo b
a

b
END
expect 0 'ok 1 - a: echo took 12 ms of 30' 'wild cards in a line' <<'END'
$ echo took 12 ms of 30
took <*> ms of <*>
END
expect 1 'not ok 1 - a: echo took 12 ms' 'a wild card does not eat what follows' <<'END'
$ echo took 12 ms
took <*> s
END
expect 0 'ok 1 - a: seq 9' 'wild lines' <<'END'
$ seq 9
1
<**>
8
9
END
expect 1 'not ok 1 - a: seq 9' 'wild lines with a wrong end fail' <<'END'
$ seq 9
1
<**>
8
END
expect 0 'ok 1 - a: printf "\$ a\n> b\n\\\\c\n"' 'lines that look like the case' <<'END'
$ printf "\$ a\n> b\n\\\\c\n"
\$ a
\> b
\\c
END
expect 0 'ok 1 - a: printf "a\033[1m\r\n"' 'control characters are shown' <<'END'
$ printf "a\033[1m\r\n"
a<ESC>[1m<CR>
END
expect 0 'ok 1 - a: printf a' 'a missing newline at the end is shown' <<'END'
$ printf a
a
[no newline at the end]
END
expect 0 'ok 1 - a: pwd; echo $HOME $TERM $LC_ALL; tty <&0' 'the surroundings' <<'END'
$ pwd; echo $HOME $TERM $LC_ALL; tty <&0
$TMP/desk
$TMP/home dumb C.UTF-8
not a tty
[status 1]
END
expect 0 'ok 1 - a # SKIP the program no-such-program is not installed' 'a skip' <<'END'
# needs no-such-program
$ false
END
expect 0 'ok 1 - a # SKIP MWB_SHARED is not set: no folder of real data beside the repository' \
    'a skip for want of data' <<'END'
# needs shared
$ false
END
expect 1 "not ok 1 - a: the case has no line that starts with '\$ '" 'an empty case fails' <<'END'
# title: empty
END
MWB_CASE_LIMIT=1
export MWB_CASE_LIMIT
expect 0 'ok 1 - a: tail -f /dev/null' 'a command that does not end is ended' <<'END'
$ tail -f /dev/null
[status 124]
END

# MWB_UPDATE=1 writes what was printed, keeps what matched with its wild cards.
cat >"$scratch/b.case" <<'END'
# title: updated
$ echo 12 ms
<*> ms
#: kept
$ mwb fail
wrong
END
cat >"$scratch/b.want" <<'END'
# title: updated
$ echo 12 ms
<*> ms

#: kept
$ mwb fail
out fail
err fail
[status 3]
END
MWB_UPDATE=1 sh "$here/run.sh" "$scratch/b.case" >"$scratch/log"
cmp -s "$scratch/b.case" "$scratch/b.want"
point $? 'MWB_UPDATE=1 writes the case'
sh "$here/run.sh" "$scratch/b.case" >"$scratch/log"
point $? 'the written case passes'

echo "1..$count"
exit $((failed > 0))
