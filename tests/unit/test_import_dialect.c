/* import: dialects: what is declared and what is found out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tests/unit/import_help.h"

/* Import the string under this dialect; false when it fails. */
static bool import_under(const char *csv, struct catalog_dialect dialect)
{
    return import_bytes(csv, strlen(csv), (struct import_spec){.dialect = &dialect});
}

static void test_escapes(void)
{
    const struct catalog_dialect escapes = {.escape = '\\'};
    import_under("a,b\nx\\,y,1\nx\\\\,2\nx\\\"y,3\nx\\n,4\n", escapes);
    is_text(all(), "x,y|1\nx\\|2\nx\"y|3\nx\\n|4\n",
            "an escape keeps delimiter, quote and itself; elsewhere it is text");
    import_under("a,b\nl1\\\nl2,1\nl1\\\r\nl2,2\n", escapes);
    is_text(all(), "l1\nl2|1\nl1\r\nl2|2\n", "a line's end too");
    import_under("a,b\n\"x\\\"\\,y\\\\\",1\n\"x\"\"y\",2\n", escapes);
    is_text(all(), "x\"\\,y\\|1\nx\"y|2\n", "within quotes: quotes, and doubled ones");
    import_under("a,b\n1,x\\", escapes);
    is_text(all(), "1|x\\\n", "an escape sign that ends the file is text");
    struct text csv = {0};
    text_append(&csv, "a,b\n");
    size_t before = csv.length;
    for (int i = 0; i < 80000; i++) {
        text_append(&csv, "x\\,");
    }
    text_append(&csv, ",1\n");
    import_under(text_string(&csv), escapes);
    char *want = string_printf("%zu|1\n", (csv.length - before - 3) / 3 * 2);
    is_text(rows("SELECT length(a), b FROM t"), want,
            "escapes across pieces of a long line");
    free(want);
    text_release(&csv);
}

static void test_rows(void)
{
    char join[] = "/", comments[] = "3 6 ";
    import_under("A,A,B\nx,y,\nnote\n1,2,3\n\nnote,2\n4,5,6\n",
                 (struct catalog_dialect){
                     .header_rows = 2, .header_join = join, .comment_rows = comments});
    is_text(rows("SELECT \"A/x\", \"A/y\", B FROM t"), "1|2|3\n4|5|6\n",
            "header rows are joined as declared, comment rows left out by number");
    is_int(report.rejected, 0, "and not counted as rejected");
    import_under("a;'b\n'x';'''y'\n",
                 (struct catalog_dialect){.delimiter = ';', .quote = CATALOG_NO_SIGN});
    is_text(all(), "'x'|'''y'\n", "no quotes at all");
    import_under("a,b\n\"x,\"y\n",
                 (struct catalog_dialect){.delimiter = ',', .quote = CATALOG_NO_SIGN});
    is_text(all(), "\"x|\"y\n", "a quote is an ordinary sign then");
}

static void test_number_signs(void)
{
    char comma[] = ",", point[] = ".", narrow[] = "\xE2\x80\xAF";
    struct catalog_dialect dialect = {.delimiter = ';', .decimal_char = comma};
    import_under("a;b;c\n1,5;7;x\n-2,25;8;y\n", dialect);
    is_text(rows("SELECT a, typeof(a), typeof(b), typeof(c) FROM t"),
            "1.5|real|integer|text\n-2.25|real|integer|text\n",
            "numbers with a decimal comma");
    import_under("a\n1.5\n2,5\n", dialect);
    is_text(stored("a"), "TEXT", "a point is no decimal comma");
    import_under("a\n1,50\n", dialect);
    is_text(stored("a"), "TEXT", "what does not print back the same stays text");
    dialect.group_char = point;
    import_under("a;b\n1.234,5;1.000.000\n-12;12\n0,5;999\n", dialect);
    is_text(rows("SELECT a, b FROM t"), "1234.5|1000000\n-12.0|12\n0.5|999\n",
            "groups of three");
    import_under("a;b;c;d\n1.23;.234;1.2345;1.234.\n", dialect);
    is_text(rows("SELECT typeof(a)||typeof(b)||typeof(c)||typeof(d) FROM t"),
            "texttexttexttext\n", "other groups are no groups");
    dialect.group_char = narrow;
    import_under("a\n1\xE2\x80\xAF"
                 "234,5\n",
                 dialect);
    is_text(all(), "1234.5\n", "a group sign of several bytes");
}

/* Numbers that are declared may have anything around them, where the column says so. */
static void test_not_bare(void)
{
    struct array columns = ARRAY_OF(struct catalog_column);
    struct catalog_column *column = array_push(&columns);
    *column = (struct catalog_column){.name = (char[]){"a"}, .type = (char[]){"number"}};
    const char *csv = "a\n$5.5\n7 %\nEUR -12\n3\nten\n";
    import_bytes(csv, strlen(csv), (struct import_spec){.columns = &columns});
    is_text(all(), "$5.5\n7 %\nEUR -12\n3.0\nten\n", "$5.5 is no number");
    column->not_bare = true;
    import_bytes(csv, strlen(csv), (struct import_spec){.columns = &columns});
    is_text(all(), "5.5\n7.0\n-12.0\n3.0\nten\n", "unless the column says so");
    is_int(report.rejected, 0, "what is none stays text");
    array_release(&columns);
}

int main(void)
{
    help_start();
    test_escapes();
    test_rows();
    test_number_signs();
    test_not_bare();
    return help_end();
}
