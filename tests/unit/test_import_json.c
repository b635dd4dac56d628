/* import: JSON arrays, lines and lone objects as tables.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/json_text.h"
#include "tests/unit/import_help.h"

/* All is tried twice, for both ways must give the same. */
static enum import_way way;

static bool import_json(const char *text)
{
    snprintf(input, sizeof input, "%s/in.json", folder);
    return import_bytes(text, strlen(text),
                        (struct import_spec){.format = IMPORT_JSON, .way = way});
}

static bool import_lines(const char *text)
{
    snprintf(input, sizeof input, "%s/in.jsonl", folder);
    return import_bytes(text, strlen(text),
                        (struct import_spec){.format = IMPORT_JSON, .way = way});
}

static bool refused(const char *text, const char *words)
{
    bool good = !import_json(text) && strstr(err.message, words) != NULL;
    if (!good) {
        printf("# %s\n", err.message);
    }
    return good;
}

static const char *columns(void)
{
    return rows("SELECT name, stored, nulls FROM mwb_column ORDER BY position");
}

static void declare(struct array *declared, const char *name, const char *type)
{
    struct catalog_column *column = array_push(declared);
    column->name = string_copy(name);
    column->type = string_copy(type);
}

static void undeclare(struct array *declared)
{
    for (size_t i = 0; i < declared->count; i++) {
        struct catalog_column *column = array_at(declared, i);
        free(column->name);
        free(column->type);
    }
    array_release(declared);
}

/* ---- Shapes ---- */

static void test_shapes(void)
{
    ok(import_json(" [ {\"a\":1},\r\n{\"a\":2} ]\n"), "an array of objects");
    is_text(all(), "1\n2\n", "is its elements");
    import_json("{\"a\":1}\n{\"a\":2}\n\n{\"a\":3}");
    is_text(all(), "1\n2\n3\n", "objects on lines");
    import_json("{\"a\":1}{\"a\":2} {\n\"a\":3}");
    is_text(all(), "1\n2\n3\n", "objects one after another");
    import_json("{\n \"a\":1\n}\n{\n \"a\":2\n}\n");
    is_text(all(), "1\n2\n", "over several lines");
    import_json("{\"a\":1, \"b\":{\"c\":[1]}}");
    is_text(all(), "1|[1]\n", "a lone object is a row");
    import_json("[[1,\"x\"],[2,null]]");
    is_text(columns(), "column_1|INTEGER|0\ncolumn_2|TEXT|1\n", "arrays have no names");
    is_text(all(), "1|x\n2|~\n", "but rows");
    import_json("[[\"a\",\"b\"],[1,2],[3],[4,5,6]]");
    is_text(columns(), "a|INTEGER|0\nb|INTEGER|0\n", "unless the first is all strings");
    is_text(rows("SELECT line, byte, defect, raw FROM mwb_reject"),
            "1|17|missing-cell|[3]\n1|21|extra-cell|[4,5,6]\n", "short and long rows");
    import_json("[\"a\",\"b\"]\n[1,2]\n");
    is_text(all(), "1|2\n", "lines may be arrays");
}

static void test_members(void)
{
    ok(import_json(
           "{\"n\":2,\"meta\":{\"x\":[{}]},\"rows\":[{\"a\":1},{\"a\":2}],\"z\":[]}"),
       "an object with one array of objects");
    is_text(all(), "1\n2\n", "is that array");
    ok(noted("the rows are the elements of its member \"rows\""), "and a note says so");
    import_json("{\"z\":[1],\"rows\":[{\"a\":1},{\"a\":[{\"b\":1}]},{\"a\":2}]}");
    is_text(all(), "1\n[{\"b\":1}]\n2\n", "objects in its objects are none of its rows");
    ok(refused("{\"a\":[{\"x\":1}],\"b\":[{\"y\":1}]}", "2 tables (a, b)"),
       "two are too many");
    ok(refused("{\"a\":[1,2],\"b\":[3,4]}", "its members are columns"), "columns");
    import_json("{\"a\":[1,2],\"b\":[3]}");
    is_text(all(), "[1,2]|[3]\n", "arrays of different length are values");
    import_lines("{\"rows\":[{\"a\":1}]}\n");
    is_text(all(), "[{\"a\":1}]\n", "a lone line is a row");
}

static void test_property(void)
{
    const char *text = "{\"a\":[{\"x\":1}],\"b\":[{\"y\":2},{\"y\":3}],\"c\":[[4],[5]],"
                       "\"e\":[]}";
    char b[] = "b", c[] = "c", d[] = "d";
    struct catalog_dialect dialect = {.property = b};
    struct import_spec spec = {.format = IMPORT_JSON, .way = way, .dialect = &dialect};
    ok(import_bytes(text, strlen(text), spec), "one of several tables");
    is_text(all(), "2\n3\n", "is chosen by its name");
    dialect.property = c;
    import_bytes(text, strlen(text), spec);
    is_text(all(), "4\n5\n", "its rows may be arrays");
    dialect.property = d;
    ok(!import_bytes(text, strlen(text), spec) &&
           strstr(err.message, "in the member \"d\" of one object") != NULL,
       "none of that name: %s", err.message);
    text = "[{\"d\":1}]";
    ok(!import_bytes(text, strlen(text), spec), "no lone object");
    text = "{\"d\":[{}]}\n{\"d\":[{}]}";
    ok(!import_bytes(text, strlen(text), spec), "nor several");
}

static void test_no_table(void)
{
    ok(refused("5", "valid JSON, but no table"), "a number");
    ok(refused("\"x\"", "valid JSON, but no table"), "a string");
    ok(refused("[1,2]", "an array of strings, numbers or words"), "an array of numbers");
    ok(refused("[]", "no row that could show which columns"), "an empty array");
    ok(refused("", "line 1, column 1 (byte 0): a value is expected"), "nothing");
    ok(refused("[{},{}]", "no row that could show which columns"), "empty objects");
    ok(refused("[]\n5", "something follows"), "an empty array and more");
    struct array declared = ARRAY_OF(struct catalog_column);
    declare(&declared, "id", "integer");
    ok(import_bytes(
           "[]", 2,
           (struct import_spec){.format = IMPORT_JSON, .way = way, .columns = &declared}),
       "an empty array with a contract");
    is_text(columns(), "id|INTEGER|0\n", "has the columns of the contract");
    undeclare(&declared);
}

/* ---- Columns ---- */

static void test_nested(void)
{
    const char *text = "[{\"a\":{\"b\":1,\"c\":{\"d\": [1, {\"x\":2 }]}},\"e\":{ }},"
                       "{\"late\":true,\"a\":{\"b\":2}}]";
    import_json(text);
    is_text(columns(), "a.b|INTEGER|0\na.c.d|TEXT|1\ne|TEXT|1\nlate|INTEGER|1\n",
            "objects are flattened in the order of their members");
    is_text(all(), "1|[1, {\"x\":2 }]|{ }|~\n2|~|~|1\n",
            "arrays and empty objects are kept as written");
    import_bytes(
        text, strlen(text),
        (struct import_spec){.format = IMPORT_JSON, .way = way, .keep_nested = true});
    is_text(all(), "{\"b\":1,\"c\":{\"d\": [1, {\"x\":2 }]}}|{ }|~\n{\"b\":2}|~|1\n",
            "keep_nested keeps objects");
    struct array declared = ARRAY_OF(struct catalog_column);
    declare(&declared, "a", "object");
    import_bytes(
        text, strlen(text),
        (struct import_spec){.format = IMPORT_JSON, .way = way, .columns = &declared});
    is_text(rows("SELECT name FROM mwb_column"), "a\ne\nlate\n",
            "and so does a column of the contract with its name");
    undeclare(&declared);
}

static void test_names(void)
{
    import_json("[{\"a.b\":1,\"a\":{\"b\":2},\"A.B\":3,\"\":4,\"x\\u0000\":5}]");
    is_text(rows("SELECT name, original FROM mwb_column"),
            "a.b|~\na.b_2|a.b\nA.B_3|A.B\ncolumn_4|\nx_|~\n",
            "names are made different, empty ones numbered");
    is_text(all(), "1|2|3|4|5\n", "and the values are theirs");
    struct text wide = {0};
    text_append(&wide, "[{");
    for (int i = 0; i < 2000; i++) {
        text_printf(&wide, "%s\"k%d\":%d", i > 0 ? "," : "", i, i);
    }
    size_t length = wide.length;
    text_append(&wide, "}]");
    ok(import_json(text_string(&wide)), "2,000 columns");
    is_text(rows("SELECT k0, k1999 FROM t"), "0|1999\n", "are stored");
    text_truncate(&wide, length);
    text_append(&wide, "},\n{\"one\":{\"more\":1}}]");
    ok(refused(text_string(&wide),
               "line 2: its member \"one.more\" would be column 2001"),
       "2,001 are not");
    text_release(&wide);
}

static void test_twice(void)
{
    import_json(
        "[{\"a\":1},{\"a\":1,\"new\":2,\"a\":2},{\"b\":{\"c\":1,\"c\":1}},{\"d\":4},"
        "{\"e\":[{\"x\":1,\"x\":2}]}]");
    is_text(all(), "1|~|~\n~|4|~\n~|~|[{\"x\":1,\"x\":2}]\n",
            "a member that is there twice rejects its row, also nested");
    is_text(columns(), "a|INTEGER|2\nd|INTEGER|2\ne|TEXT|2\n", "and it has no columns");
    is_text(rows("SELECT defect, reason FROM mwb_reject"),
            "duplicate-key|its member \"a\" is there twice [duplicate-key]\n"
            "duplicate-key|its member \"c\" is there twice [duplicate-key]\n",
            "the reason names it");
    is_int(report.read, report.stored + report.rejected, "read = stored + rejected");
}

/* ---- Values ---- */

static void test_numbers(void)
{
    import_json("[{\"i\":1,\"r\":1.10,\"m\":1e400,\"z\":-0,\"w\":9007199254740993},"
                "{\"i\":-9223372036854775808,\"r\":1e2,\"m\":0.5,\"z\":3,\"w\":0.5},"
                "{\"i\":9223372036854775807,\"r\":5,\"m\":7,\"z\":0,\"w\":-1E-3}]");
    is_text(all(),
            "1|1.1|1e400|-0|9007199254740993\n"
            "-9223372036854775808|100.0|0.5|3|0.5\n"
            "9223372036854775807|5.0|7|0|-0.001\n",
            "numbers are stored exactly");
    is_text(rows("SELECT typeof(i), typeof(r), typeof(m), typeof(z), typeof(w) FROM t"),
            "integer|real|text|text|integer\ninteger|real|real|integer|real\n"
            "integer|real|integer|integer|real\n",
            "as integer, real, or as the text they are");
    is_text(rows("SELECT name, stored, misfits, examples FROM mwb_column"),
            "i|INTEGER|0|~\nr|REAL|0|~\nm|MIXED|1|line 1: '1e400'\n"
            "z|MIXED|1|line 1: '-0'\nw|MIXED|0|~\n",
            "what no number of SQLite is, is counted");
    import_json("[[0.30000000000000004],[2.2250738585072014e-308],[0.0],[1e22],[0e99]]");
    is_text(rows("SELECT typeof(column_1) FROM t"), "real\nreal\nreal\nreal\nreal\n",
            "what a double prints with its 17 digits is that double");
    is_text(rows("SELECT count(*) FROM t WHERE column_1 = 0.1 + 0.2"), "1\n", "exactly");
    import_json("[[0.300000000000000041],[4.9e-324],[1.0e309],[-0.0],"
                "[123456789012345678901234567890],[0.12345678901234567890]]");
    is_text(all(),
            "0.300000000000000041\n4.9e-324\n1.0e309\n-0.0\n"
            "123456789012345678901234567890\n0.12345678901234567890\n",
            "other numbers keep their digits");
    is_text(rows("SELECT DISTINCT typeof(column_1) FROM t"), "text\n", "as texts");
}

static void test_kinds(void)
{
    import_json("[{\"b\":true,\"m\":1,\"n\":null,\"s\":\"\",\"x\":true},"
                "{\"b\":false,\"m\":\"1\",\"n\":null,\"s\":\"NA\",\"x\":1},"
                "{\"b\":null,\"m\":[],\"s\":\"5\"}]");
    is_text(all(), "1|1|~||true\n0|1|~|NA|1\n~|[]|~|5|~\n", "kinds of values");
    is_text(rows("SELECT name, stored, nulls FROM mwb_column"),
            "b|INTEGER|1\nm|MIXED|0\nn|TEXT|3\ns|TEXT|0\nx|MIXED|1\n",
            "and of columns: absent and null are NULL, an empty string is not");
    is_text(rows("SELECT typeof(m), typeof(x) FROM t"),
            "integer|text\ntext|integer\ntext|null\n", "mixed columns keep every value");
    ok(noted("values of different kinds stand in the same column, which has no type "
             "therefore: m, x."),
       "and are told");
    import_bytes(
        "[{\"a\":1.50,\"b\":true}]", 21,
        (struct import_spec){.format = IMPORT_JSON, .way = way, .all_text = true});
    is_text(rows("SELECT a, typeof(a), b FROM t"), "1.50|text|true\n", "all_text");
}

static void test_contract(void)
{
    struct array declared = ARRAY_OF(struct catalog_column);
    char missing[] = "NA", comma[] = ",";
    const char *const types[][2] = {
        {"i", "integer"}, {"n", "number"}, {"b", "boolean"}, {"s", "string"}};
    for (size_t i = 0; i < 4; i++) {
        declare(&declared, types[i][0], types[i][1]);
    }
    struct catalog_dialect dialect = {.missing = missing, .decimal_char = comma};
    const char *text = "[{\"i\":\"5\",\"n\":\"1,5\",\"b\":\"yes\",\"s\":7.0},"
                       "{\"i\":6,\"n\":2.5,\"b\":true,\"s\":\"NA\"},"
                       "{\"i\":\"x\",\"n\":\"\",\"b\":false,\"s\":false}]";
    import_bytes(text, strlen(text),
                 (struct import_spec){.format = IMPORT_JSON,
                                      .way = way,
                                      .columns = &declared,
                                      .dialect = &dialect});
    is_text(rows("SELECT i, n, s, typeof(i), typeof(n) FROM t"),
            "5|1.5|7.0|integer|real\n6|2.5|~|integer|real\nx||false|text|text\n",
            "declared types parse strings and numbers");
    is_text(rows("SELECT b FROM t LIMIT 2 OFFSET 1"), "1\n0\n", "and truth values");
    is_text(rows("SELECT name, misfits FROM mwb_column WHERE name IN ('i','n')"),
            "i|1\nn|1\n", "misfits are counted");
    undeclare(&declared);
}

static void test_strings(void)
{
    import_json("[{\"s\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00\"}]");
    is_text(all(), "\"\\/\b\f\n\r\t\xC3\xA9\xF0\x9F\x98\x80\n", "escapes");
    import_json("[{\"s\":\"a\\u0000b\"}]");
    is_text(rows("SELECT hex(s), length(CAST(s AS BLOB)) FROM t"), "610062|3\n", "NUL");
    import_json("[{\"s\":\"\\ud800x\\udc00\\ud83d\\ud83d\\ude00\",\"k\":[\"\\udfff\"]}]");
    is_text(all(),
            "\xEF\xBF\xBDx\xEF\xBF\xBD\xEF\xBF\xBD\xF0\x9F\x98\x80|[\"\\udfff\"]\n",
            "lone surrogates become U+FFFD, but not in what is kept as written");
    ok(noted("3 surrogates stood alone"), "and are counted");
    import_json("\xEF\xBB\xBF[{\"s\":\"\xC3\xA9\"}]");
    is_text(all(), "\xC3\xA9\n", "a byte order mark is eaten");
    static const char wide[] = "\xFF\xFE[\0{\0\"\0a\0\"\0:\0\"\0\xE9\0\"\0}\0]\0";
    import_bytes(wide, sizeof wide - 1,
                 (struct import_spec){.format = IMPORT_JSON, .way = way});
    is_text(all(), "\xC3\xA9\n", "UTF-16 with its mark");
    char encoding[] = "iso-8859-1";
    struct catalog_dialect latin = {.encoding = encoding};
    import_bytes(
        "[{\"s\":\"\xE9\"}]", 11,
        (struct import_spec){.format = IMPORT_JSON, .way = way, .dialect = &latin});
    is_text(all(), "\xC3\xA9\n", "what is declared as Latin-1");
}

/* ---- Rejects and faults ---- */

static void test_bad_lines(void)
{
    ok(import_lines(
           "{\"a\":1}\n{\"a\":\n  {\"a\":2} x\r\n\n{\"a\":\"\xE9\"}\n7\n{\"a\":3}\n[1]"),
       "bad lines do not stop lines");
    is_text(all(), "1\n3\n", "the good ones are stored");
    is_text(
        rows("SELECT line, byte, defect, reason, raw FROM mwb_reject WHERE line <> 5"),
        "2|8|source-error|column 6: it ends within a value [source-error]|{\"a\":\n"
        "3|16|source-error|column 11: something follows the end of the value "
        "[source-error]|{\"a\":2} x\n"
        "6|38|source-error|it is a number, and the rows here are objects "
        "[source-error]|7\n"
        "8|48|source-error|it is an array, and the rows here are objects "
        "[source-error]|[1]\n",
        "the others are told with line, byte, column and text");
    is_text(rows("SELECT byte, defect, reason FROM mwb_reject WHERE line = 5"),
            "28|encoding-error|column 7: this is not UTF-8 [encoding-error]\n",
            "also when they are no UTF-8");
    is_int(report.read, report.stored + report.rejected, "read = stored + rejected");
    ok(import_lines("x\n{\"a\":1}\n"), "the first line may be bad");
    is_text(all(), "1\n", "too");
    ok(refused("[{\"a\":1},\n {\"a\" 2}]", "line 2, column 7 (byte 16): a colon"),
       "in an array, a fault stops");
    ok(refused("[{\"a\":1},]", "line 1, column 10 (byte 9): a value"), "a last comma");
    ok(refused("[{\"a\":\"\xC3\xA9\xC3\"}]", "column 9 (byte 9): this is not UTF-8"),
       "columns count characters");
    ok(refused("[{\"a\":1}", "ends within"), "no end");
}

static void test_limits(void)
{
    struct text text = {0};
    text_append_repeated(&text, '[', 513);
    ok(refused(text_string(&text), "deeper than 512"), "513 levels");
    struct json_scan scan;
    text_truncate(&text, 512);
    text_append_repeated(&text, ']', 512);
    ok(json_check(text_string(&text), text.length, &scan), "512 levels are JSON");
    text_clear(&text);
    text_append(&text, "{\"a\":1}\n{\"a\":\"");
    text_append_repeated(&text, 'x', 17 * 1024 * 1024);
    text_append(&text, "\"}\n");
    ok(!import_lines(text_string(&text)), "a string of 17 MiB");
    ok(strstr(err.message, "line 2") != NULL &&
           strstr(err.message, "longer than 16 MiB") != NULL,
       "is refused with its line: %s", err.message);
    text_clear(&text);
    text_append(&text, "[{\"a\":[0");
    while (text.length < 33 * 1024 * 1024) {
        text_append_repeated(&text, ' ', 1024 * 1024);
        text_append(&text, ",0");
    }
    text_append(&text, "]}]");
    ok(refused(text_string(&text), "longer than 32 MiB"), "a row of 33 MiB");
    text_release(&text);
}

static void test_formats(void)
{
    is_int(import_format_of("x.ndjson.gz", -1), IMPORT_JSON, "x.ndjson.gz");
    is_int(import_format_of("x.CSV", -1), IMPORT_CSV, "x.CSV");
    static const struct {
        const char *text;
        enum import_format format;
    } cases[] = {{" [ {\"a\":1}]", IMPORT_JSON},
                 {"\xEF\xBB\xBF{\"a\":1}", IMPORT_JSON},
                 {"[a],b\n1,2\n", IMPORT_CSV},
                 {"{a},b\n", IMPORT_CSV},
                 {"", IMPORT_CSV}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        write_bytes(second, cases[i].text, strlen(cases[i].text));
        int fd = open(second, O_RDONLY);
        is_int(import_format_of("data", fd), cases[i].format, "looks like it: case %zu",
               i);
        close(fd);
    }
}

static void test_several_files(void)
{
    snprintf(input, sizeof input, "%s/in.json", folder);
    write_bytes(input, "[{\"a\":1}]", 9);
    write_bytes(second, "{\"b\":2,\"a\":3}\n{\"b\":4}\n", 22);
    run((struct import_spec){.format = IMPORT_JSON, .way = way}, 2);
    is_text(all(), "1|~\n3|2\n~|4\n", "later files may bring columns");
    is_text(columns(), "a|INTEGER|1\nb|INTEGER|1\n", "NULLs are counted in all files");
}

static void test_all(void)
{
    test_shapes();
    test_members();
    test_property();
    test_no_table();
    test_nested();
    test_names();
    test_twice();
    test_numbers();
    test_kinds();
    test_contract();
    test_strings();
    test_bad_lines();
    test_limits();
    test_several_files();
}

int main(void)
{
    help_start();
    test_formats();
    way = IMPORT_REFERENCE;
    test_all();
    way = IMPORT_ANY;
    test_all();
    return help_end();
}
