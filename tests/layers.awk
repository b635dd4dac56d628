# layers.awk: read C sources, print every breach of the house's borders as
# `file:line: sentence`. Input: the two order files, the list of allowed words, then the
# sources, all relative to the root. Comments and strings do not count.
# SPDX-License-Identifier: GPL-3.0-or-later

function breach(sentence)
{
    print FILENAME ":" FNR ": " sentence
}

# "engine/chart/scale.c" and "engine/chart.h" both belong to the subject "chart".
function subject_of(path, parts)
{
    split(path, parts, "/")
    sub(/\.[ch]$/, "", parts[2])
    return parts[2]
}

function is_door(path)
{
    return path ~ /^engine\/[^\/]*\.h$/
}

function is_curses(header)
{
    return header ~ /curses|^term\.h$|^menu\.h$|^panel\.h$|^form\.h$/
}

# Ranks of the screen: a subject may carry a tail after its listed name (lineedit_builtin).
function screen_rank(subject)
{
    sub(/_.*/, "", subject)
    return subject in screen_order ? screen_order[subject] : 0
}

function check_engine_include(header, own, other)
{
    own = subject_of(FILENAME)
    other = subject_of(header)
    if (header ~ /^tui\//) {
        breach("the engine includes " header "; it must not know the screen")
    } else if (header !~ /^engine\//) {
        return
    } else if (!is_door(header)) {
        if (other != own) {
            breach("includes " header ", a private header of the room " other)
        } else if (is_door(FILENAME)) {
            breach("the door includes " header ", a header private to its room")
        }
    } else if (!(other in door_order)) {
        breach("includes " header ", which has no place in tests/doors.order")
    } else if (other != own && door_order[other] > door_order[own]) {
        breach("includes " header ", a door that stands after its own (" own ")")
    }
}

function check_screen_include(header, own, other)
{
    if (header ~ /^engine\/.*\//) {
        breach("includes " header ", a private header of a room; use the door")
    }
    if (header !~ /^tui\//) {
        return
    }
    own = subject_of(FILENAME)
    other = subject_of(header)
    if (!screen_rank(other)) {
        breach("includes " header ", which has no place in tests/tui.order")
    } else if (screen_rank(other) > screen_rank(own)) {
        breach("includes " header ", which stands above " own " in tests/tui.order")
    }
}

function check_libraries(header)
{
    if (is_curses(header) && FILENAME !~ /^tui\/term(_[a-z]+)?\.c$/ && FILENAME !~ /^tests\//) {
        breach("includes <" header ">; only tui/term*.c may know curses")
    }
    if (header ~ /^readline\// && FILENAME !~ /^tui\/lineedit[^\/]*\.c$/) {
        breach("includes <" header ">; only tui/lineedit*.c may know readline")
    }
    if (header ~ /^sqlite3/ && FILENAME ~ /^tui\//) {
        breach("includes <" header ">; the screen asks the engine for rows")
    }
}

# The file that #include "name" means: beside the file first, as the compiler looks.
function resolve(name, folder)
{
    folder = FILENAME
    sub(/[^\/]*$/, "", folder)
    return (folder name) in known ? folder name : name
}

function check_include(line, header)
{
    header = line
    sub(/^[ \t]*#[ \t]*include[ \t]*[<"]/, "", header)
    sub(/[>"].*/, "", header)
    if (line ~ /"/) {
        header = resolve(header)
    }
    check_libraries(header)
    if (FILENAME ~ /^engine\//) {
        check_engine_include(header)
    } else if (FILENAME ~ /^tui\//) {
        check_screen_include(header)
    }
}

# The line without comments, strings and character constants.
function bare(line, result, c, next2)
{
    result = ""
    while (line != "") {
        next2 = substr(line, 1, 2)
        c = substr(line, 1, 1)
        if (in_comment) {
            if (!match(line, /\*\//)) {
                return result
            }
            line = substr(line, RSTART + 2)
            in_comment = 0
        } else if (next2 == "/*") {
            in_comment = 1
            line = substr(line, 3)
        } else if (next2 == "//") {
            return result
        } else if (c == "\"" && match(line, /^"([^"\\]|\\.)*"/)) {
            result = result "\"\""
            line = substr(line, RLENGTH + 1)
        } else if (c == "'" && match(line, /^'([^'\\]|\\.)*'/)) {
            result = result "0"
            line = substr(line, RLENGTH + 1)
        } else {
            result = result c
            line = substr(line, 2)
        }
    }
    return result
}

function is_allowed(word, i)
{
    for (i = 1; i <= allowed_count; i++) {
        if (FILENAME ~ allowed_file[i] && allowed_word[i] == word) {
            return 1
        }
    }
    return 0
}

function check_words(line, pattern, reason, word)
{
    while (match(line, "(^|[^A-Za-z0-9_.>])(" pattern ")[ \t]*\\(")) {
        word = substr(line, RSTART, RLENGTH)
        gsub(/[^A-Za-z0-9_]/, "", word)
        if (!is_allowed(word)) {
            breach("calls " word "; " reason)
        }
        line = substr(line, RSTART + RLENGTH)
    }
}

function check_calls(line)
{
    check_words(line, "strcpy|strcat|sprintf|vsprintf|strtok|gets",
                "use struct text, snprintf or memcpy")
    if (FILENAME !~ /^engine\//) {
        return
    }
    check_words(line, "printf|vprintf|puts|putchar|perror|abort|exit|_exit|quick_exit|err|errx|warn|warnx",
                "the engine hands errors up, it never prints or exits")
    if (line ~ /[^A-Za-z0-9_](stdout|stderr)[^A-Za-z0-9_]/) {
        breach("uses stdout or stderr; the engine never prints")
    }
}

function check_place()
{
    if (is_door(FILENAME) && !(subject_of(FILENAME) in door_order)) {
        breach("this door has no place in tests/doors.order")
    }
    if (FILENAME ~ /^engine\/.*\.c$/ && !(subject_of(FILENAME) in door_order)) {
        breach("this file belongs to no door of tests/doors.order")
    }
    if (FILENAME ~ /^tui\// && !screen_rank(subject_of(FILENAME))) {
        breach("this file has no place in tests/tui.order")
    }
}

function read_allowed(pattern)
{
    if ($0 !~ /^#/ && NF >= 2) {
        pattern = $1
        gsub(/\./, "\\.", pattern)
        gsub(/\*/, "[^/]*", pattern)
        allowed_file[++allowed_count] = "^" pattern "$"
        allowed_word[allowed_count] = $2
    }
}

BEGIN {
    for (i = 1; i < ARGC; i++) {
        known[ARGV[i]] = 1
    }
}

FILENAME ~ /doors\.order$/ { if (NF) door_order[$1] = FNR; next }
FILENAME ~ /tui\.order$/ { if (NF) screen_order[$1] = FNR; next }
FILENAME ~ /words\.allowed$/ { read_allowed(); next }

FNR == 1 {
    in_comment = 0
    check_place()
}

{
    if (!in_comment && $0 ~ /^[ \t]*#[ \t]*include/) {
        check_include($0)
    }
    check_calls(" " bare($0) " ")
}
