# steps.awk: take a case apart. For step N write N.command (what the shell runs), N.head
# (the lines of the case as they stand) and N.want (the expected lines) into the folder
# `steps`; print the number of steps. Lines before the first command go to 0.head.
# SPDX-License-Identifier: GPL-3.0-or-later

function to(name, text)
{
    printf "%s\n", text > (steps "/" name)
}

# Blank lines count only when an expected line follows them.
function want(line)
{
    for (; blanks > 0; blanks--) {
        to(n ".want", "")
    }
    to(n ".want", line)
}

function open_step()
{
    n++
    blanks = 0
    printf "" > (steps "/" n ".want")
    printf "%s", remarks > (steps "/" n ".head")
    remarks = ""
}

BEGIN {
    n = 0
    printf "" > (steps "/0.head")
}

/^#: / {
    if (n == 0) to("0.head", $0)
    else remarks = remarks $0 "\n"
    next
}

/^\$ / {
    open_step()
    to(n ".head", $0)
    to(n ".command", substr($0, 3))
    in_command = 1
    next
}

n == 0 {
    to("0.head", $0)
    next
}

in_command && /^>( |$)/ {
    to(n ".head", $0)
    to(n ".command", substr($0, 3))
    next
}

{
    in_command = 0
    if ($0 == "") blanks++
    else want($0)
}

END { print n }
