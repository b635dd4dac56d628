# builtin.awk: turn the files of themes/ into one C file of strings (tui/builtin.h).
# SPDX-License-Identifier: GPL-3.0-or-later
function start(path, parts, count)
{
    count = split(path, parts, "/")
    printf "    {\"%s\",\n", parts[count]
}

BEGIN {
    print "/* Made from the files of themes/ by themes/builtin.awk. */"
    print "#include \"tui/builtin.h\"\n"
    print "#include <stddef.h>\n"
    print "const struct builtin_file builtin_files[] = {"
}

FNR == 1 {
    if (NR > 1) {
        print "    },"
    }
    start(FILENAME)
}

{
    gsub(/\\/, "\\\\")
    gsub(/"/, "\\\"")
    printf "     \"%s\\n\"\n", $0
}

END {
    if (NR > 0) {
        print "    },"
    }
    print "    {NULL, NULL},"
    print "};"
}
