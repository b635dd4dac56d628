#!/bin/sh
# selftest: the harness, tried on plays that must fail, so that a green play means something.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
play=$TESTS_BUILDDIR/screen/play
unset MWB_UPDATE
TESTS_BUILDDIR_REAL=$TESTS_BUILDDIR
count=0
failed=0

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

# fails TEXT TITLE: the play on standard input fails, and a failed point or a note has TEXT.
fails() {
    {
        echo "run $TESTS_BUILDDIR_REAL/screen/keyecho"
        echo sync
        cat
    } >"$scratch/a.play"
    mkdir -p "$scratch/screen"
    TESTS_BUILDDIR=$scratch MWB_PLAY_DEADLINE=${deadline:-20} "$play" "$scratch/a.play" \
        >"$scratch/log" 2>&1
    [ $? -ne 0 ] && grep '^not ok\|^#' "$scratch/log" | grep -qF -- "$1"
    point $? "$2"
}

fails 'shows nothing of this' 'text that is not there' <<'END'
expect "nothing of this"
END
fails '|size 80 24' 'a failure shows the screen' <<'END'
expect "nothing of this"
END
fails 'does not show size' 'text that is there' <<'END'
expect-not "size 80"
END
fails 'row 1, column 2' 'text at another place' <<'END'
expect-at 1 2 "size"
END
fails 'the cursor stands' 'a cursor at another place' <<'END'
expect-cursor 1 1
END
fails 'MWB_UPDATE=1 writes it' 'a golden screen that is not there' <<'END'
expect-screen no-such-golden
END
echo 'size 81 24' >"$scratch/golden"
fails 'want |size 81 24' 'a golden screen that differs' <<'END'
expect-screen golden
END
fails 'got |size 80 24' 'a golden screen that differs shows what there is' <<'END'
expect-screen golden
END
fails 'got |aaaa..bbbbbbb..ccc' 'looks that differ' <<'END'
expect-attrs golden
END
fails 'OSC 52' 'a clipboard sequence' <<'END'
keys "<M-c>"
sync
expect-no-raw-escapes
END
fails 'U+202E' 'a character that turns text around' <<'END'
keys "<M-b>"
sync
expect-no-raw-escapes
END
for sequence in '\\033]0;x\\007=OSC 0' '\\033P1q\\033\\\\=DCS' '\\302\\233=U+009B' '\\033[5i=CSI i' \
    '\\033[?47h=CSI ?47h' '\\033c=ESC c' '\\033_x\\033\\\\=APC' '\\033]8;;x\\007=OSC 8'; do
    fails "${sequence#*=}" "the sequence ${sequence#*=}" <<END
run-bare printf "a${sequence%=*}b"
expect-exit 0
expect-no-raw-escapes
END
done
fails 'the clipboard was given y' 'another text in the clipboard' <<'END'
allow "OSC 52"
keys "<M-c>"
sync
expect-copied "y"
END
fails 'the alternate screen is still shown' 'a terminal that was not given back' <<'END'
keys "<M-n>q"
expect-exit 0
expect-modes-restored
END
fails 'pastes are bracketed' 'a paste mode left on' <<'END'
keys "<M-n>q"
expect-exit 0
expect-modes-restored
END
fails 'local flags' 'termios left in raw mode' <<'END'
keys "<M-n>q"
expect-exit 0
expect-modes-restored
END
fails 'killed by signal 6' 'a crash is named' <<'END'
keys "<M-a>"
expect-exit 0
END
fails 'status 3' 'another status' <<'END'
keys "<M-x>"
expect-exit 0
END
fails 'left behind' 'a child that outlives the program' <<'END'
keys "<M-f>"
sync
keys "q"
expect-exit 0
expect-no-orphans
END
fails 'sends less than 2 bytes' 'more output than allowed' <<'END'
keys "a"
sync
expect-output-below 2
END
fails 'there is no command expekt' 'a command that is none' <<'END'
expekt "size"
END
fails 'usage: expect-at' 'a command with too few words' <<'END'
expect-at 1 2
END
fails 'no key is called <Foo>' 'a key that is none' <<'END'
keys "<Foo>"
END
fails 'does not end' 'a quote that does not end' <<'END'
expect "size
END
fails 'usage: for' 'a loop that does not end' <<'END'
for A in 1 2
expect "size"
END
fails 'the shell command failed' 'a shell command that fails' <<'END'
shell false
END
fails 'nothing-like-this' 'text missing in a file' <<'END'
shell echo a >"$HOME/a"
expect-file $HOME/a "nothing-like-this"
END
fails 'is no' 'a file that is there' <<'END'
shell echo a >"$HOME/a"
expect-no-file $HOME/a
END
fails 'the program could not be started' 'a program that is not there' <<'END'
run $TMP/no-such-program
sync
END
deadline=1
fails 'becomes idle' 'a program that never gets idle (a wait of a second)' <<'END'
keys "<M-m>a"
sync
END
fails 'has children' 'children to kill where there are none (a wait of a second)' <<'END'
kill-children
END
fails 'ends with 0 (the program runs' 'a program that does not end (a wait of a second)' <<'END'
expect-exit 0
END
raw=$(echo "$scratch"/screen/a.play.3.raw)
"$play" --replay "$raw" 80 24 xterm-256color >"$scratch/log" 2>&1
grep -q '^size 80 24' "$scratch/log"
point $? 'the bytes of a failure are kept and can be shown again'

echo "1..$count"
exit $((failed > 0))
