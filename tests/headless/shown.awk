# shown.awk: what a program printed, as it stands in a case: folders of the test by name,
# ESC and CR visible, lines that would be read as part of the case behind a backslash,
# no blank lines at the end.
# SPDX-License-Identifier: GPL-3.0-or-later

function named(line, folder, name, at, result)
{
    if (folder == "") {
        return line
    }
    while ((at = index(line, folder)) > 0) {
        result = result substr(line, 1, at - 1) name
        line = substr(line, at + length(folder))
    }
    return result line
}

{
    line = named($0, ENVIRON["TOP"], "$TMP")
    line = named(line, ENVIRON["SAMPLES"], "$SAMPLES")
    line = named(line, ENVIRON["SHARED"], "$SHARED")
    gsub(/\033/, "<ESC>", line)
    gsub(/\r/, "<CR>", line)
    if (line ~ /^(\$ |> |>$|#: |\\)/) {
        line = "\\" line
    }
    if (line == "") {
        blanks++
        next
    }
    for (; blanks > 0; blanks--) {
        print ""
    }
    print line
}
