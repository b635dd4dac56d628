# match.awk WANT GOT: status 0 when the lines got are those wanted, where `<*>` stands for
# any text within a line and a line `<**>` for any number of lines.
# SPDX-License-Identifier: GPL-3.0-or-later

# The parts between the wild cards must stand in their order; first and last at the ends.
function line_matches(pattern, line, parts, count, i, at)
{
    count = split(pattern, parts, "<[*]>")
    if (count <= 1) {
        return pattern == line
    }
    if (substr(line, 1, length(parts[1])) != parts[1]) {
        return 0
    }
    line = substr(line, length(parts[1]) + 1)
    for (i = 2; i < count; i++) {
        at = index(line, parts[i])
        if (parts[i] != "" && at == 0) {
            return 0
        }
        line = substr(line, parts[i] == "" ? 1 : at + length(parts[i]))
    }
    at = length(line) - length(parts[count])
    return at >= 0 && substr(line, at + 1) == parts[count]
}

function lines_match(i, j)
{
    for (; i <= wanted; i++) {
        if (want[i] == "<**>") {
            for (; j <= printed + 1; j++) {
                if (lines_match(i + 1, j)) {
                    return 1
                }
            }
            return 0
        }
        if (j > printed || !line_matches(want[i], got[j])) {
            return 0
        }
        j++
    }
    return j > printed
}

# FNR == NR would take an empty first file for the second.
FILENAME == ARGV[1] { want[++wanted] = $0; next }
{ got[++printed] = $0 }

END { exit lines_match(1, 1) ? 0 : 1 }
