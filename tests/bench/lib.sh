# What run.sh measures with: places, clocks, checks, and the lines of the table.
# SPDX-License-Identifier: GPL-3.0-or-later

# A home, cache and data of our own; empty, unless a name says which to keep using.
fresh() { # [NAME]
    local home=$work/home-${1:-fresh}
    if [ $# -eq 0 ] && [ -e "$home" ]; then
        chmod -R u+w "$home" && rm -rf "$home"
    fi
    mkdir -p "$home"
    export HOME=$home XDG_CONFIG_HOME=$home/config XDG_DATA_HOME=$home/data \
        XDG_CACHE_HOME=$home/cache MWB_CACHE= MWB_MESH=
}

column() { # NUMBER LINE
    printf '%s\n' "$2" | awk -v n="$1" '{ print $n }'
}

# A column of the line of $answer that starts with a name.
of() { # NAME NUMBER
    printf '%s\n' "$answer" | awk -v name="$1" -v n="$2" '$1 == name { print $n; exit }'
}

calculate() { # EXPRESSION
    awk "BEGIN { printf \"%.2f\", $1 }"
}

wall() { # [-n RUNS] COMMAND...
    column 1 "$("$tools/clock" "$@")"
}

cpu() { # [-n RUNS] COMMAND...
    column 2 "$("$tools/clock" "$@")"
}

median_of() { # RUNS COMMAND: of what it prints
    local i
    for ((i = 0; i < $1; i++)); do
        $2
    done | sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# "start" and: first screen, its 99th percentile, at rest, CPU (ms), bytes.
paint_start() { # [-p] PROGRAM...
    local plain=
    if [ "$1" = -p ]; then
        plain=-p
        shift
    fi
    "$tools/paint" $plain -n $((runs * 2)) -- "$@"
}

make_rows() { # KIND COUNT FILE: a file of rows and its totals beside
    mkdir -p "${3%/*}"
    if [ ! -e "$3.totals" ] || [ "$(cut -d'|' -f1 "$3.totals")" != "$2" ]; then
        "$tools/rows" "$1" "$2" "$3.totals" >"$3" || exit 1
    fi
}

# Is the result what it must be? Else its figures do not count.
right() { # WHAT EXPECTED FOUND
    if [ "$2" != "$3" ]; then
        printf 'wrong result: %s: expected %s, found %s\n' "$1" "$2" "$3"
        return 1
    fi
}

note() { # TEXT: below the line it belongs to
    printf '    %s\n' "$1"
}

fail() { # GROUP
    printf 'FAILED: %s could not be measured\n' "$1"
    missed=$((missed + 1))
}

line_format='%-58s %9s  %-24s %9s %7s  %-7s %-7s %s\n'

head_line() {
    printf "$line_format" what ours peer "its own" ratio goal floor verdict
}

# The limit a goal or floor means: a number as it is, "1/20" as that part of the peer's.
limit_of() { # LIMIT PEER
    case $1 in
    -) printf '%s\n' - ;;
    */*) [ "$2" = - ] && printf '%s\n' - || awk "BEGIN { printf \"%.6f\", $2 * $1 }" ;;
    *) printf '%s\n' "$1" ;;
    esac
}

say() { # WHAT OURS PEER-NAME PEER GOAL FLOOR
    local verdict
    if [ -z "$2" ]; then
        fail "$1"
        return
    fi
    verdict=$(awk -v ours="$2" -v goal="$(limit_of "$5" "$4")" -v floor="$(limit_of "$6" "$4")" '
        BEGIN {
            if (goal != "-" && ours <= goal + 0) print "goal"
            else if (floor != "-" && ours <= floor + 0) print "floor"
            else if (floor != "-") print "MISSED"
            else if (goal != "-") print "short of the goal"
            else print "-"
        }')
    local ratio=-
    [ "$4" = - ] || ratio=$(awk -v a="$4" -v b="$2" 'BEGIN { if (b > 0) printf "%.2f", a / b }')
    printf "$line_format" "$1" "$2" "$3" "$4" "$ratio" "$5" "$6" "$verdict"
    [ "$verdict" != MISSED ] || missed=$((missed + 1))
}
