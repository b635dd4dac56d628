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

/* ---- What nobody declares ---- */

static void sniffs(const char *csv, const char *want, const char *title)
{
    import_string(csv);
    struct text said = {0};
    text_append(&said, text_string(&report.sniffed));
    text_append(&said, text_string(&report.notes));
    ok(strstr(text_string(&said), want) != NULL, "%s: %s", title, want);
    if (strstr(text_string(&said), want) == NULL) {
        printf("# %s\n", text_string(&said));
    }
    text_release(&said);
}

static void test_delimiters(void)
{
    sniffs("a;b;c\n1;2,5;x\n3;4,5;y\n", "delimiter semicolon (3 of 3 rows have 3 cells)",
           "semicolons among commas");
    sniffs("a,b\n\"x, \"\"y\"\", z\",1\n\"l\nm\",2\n", "comma (3 of 3 rows have 2 cells)",
           "quotes within quotes are not counted");
    sniffs("a,b\n1,2\n3\n4,5,6\n",
           "comma (2 of 4 rows have 2 cells), header in line 1; a guess",
           "ragged rows make it a guess");
    sniffs("a b c\n1 x y\n2 x y\n3 x y\n", "delimiter space (4 of 4 rows have 3 cells)",
           "blanks where all rows agree");
    is_text(rows("SELECT c FROM t"), "y\ny\ny\n", "and are cut so");
    sniffs("x:y:z\nroot:0:a\nmail:8:b\nnews:9:c\n", "delimiter colon", "colons too");
    sniffs("t\n10:20:30\n11:20:30\n12:20:30\n", "one column", "times are no rows");
    sniffs("first word\nJohn Smith\nJane Doe\nA B\n", "one column", "nor are names");
    sniffs("'a','b'\n'x, y','2'\n", "quote '", "single quotes");
    is_text(all(), "x, y|2\n", "are taken off");
    sniffs("sep=|\na|b\n1|2\n", "line 1 stands before the table and was left out",
           "sep=");
}

static void test_headers(void)
{
    sniffs("id,name\n1,a\n2,b\n", "header in line 1; sure", "names over figures");
    sniffs("x,y\na,b\nc,d\n", "line 1 taken as header; likely", "all texts alike");
    sniffs("1,2\n3,4\n5,6\n",
           "line 1 taken as header though it looks like the rows below",
           "figures over figures");
    is_int(report.stored, 2, "it is still the header");
    sniffs("f,12\nm,13\nf,14\n", "though it looks like", "a name that is a value");
    struct catalog_dialect dialect = {.no_header = true};
    import_bytes("1,2\n3,4\n", 8, (struct import_spec){.dialect = &dialect});
    ok(!noted("header") && strstr(text_string(&report.sniffed), "header") == NULL,
       "what is declared is not judged");
}

/* What stands before a table is left out where that is plain, and always told. */
static void test_lines_before(void)
{
    sniffs("Sales of 2024\n\nid;name;sum\n1;a;2\n2;b;3\n",
           "lines 1 to 2 stand before the table and were left out", "a title");
    is_text(all(), "1|a|2\n2|b|3\n", "the rows below it");
    is_int(report.rejected, 0, "none is rejected");
    sniffs("# made by hand\n# 2024, May\nid,name\n1,a\n", "lines 1 to 2 stand before",
           "comments at the start");
    is_text(rows("SELECT id, name FROM t"), "1|a\n", "the rows below them");
    sniffs("#id,name\n1,a\n2,b\n", "header in line 1", "a header that begins with #");
    is_text(rows("SELECT \"#id\" FROM t"), "1\n2\n", "is one");
    import_string("name\na,b\nc,d\n");
    is_int(report.rejected, 2, "a short header is no title");
    import_string("Report\n1,2,3\n4,5,6\n");
    is_int(report.rejected, 2, "nor is anything without names below it");
    sniffs("id,name\n1,a\n# the rest is old\n2,b\n",
           "1 line begins with # and is not like", "comments between rows are told");
    is_int(report.rejected, 1, "and not left out");
    sniffs("T\n\nx,y\n1,2\n3,\"4\n", "lines 1 to 2 stand before", "line numbers");
    is_text(rows("SELECT line FROM mwb_reject"), "5\n",
            "count from the file's first line");
}

static void test_decimal_commas(void)
{
    sniffs("id;price\n1;2,50\n2;-1.234,5\n3;7\n",
           "1 column looks like numbers with a decimal comma (price)", "decimal commas");
    is_text(stored("price"), "TEXT", "are not guessed away");
    import_string("id;n\n1;2,500\n2;1,234\n");
    ok(!noted("decimal"), "thousands are no decimal commas");
    import_string("id;n\n1;1,2\n2;1,2\n3;1\n4;1\n5;2\n");
    ok(!noted("decimal"), "nor are lists");
}

/* ---- Names ---- */

static void test_labels(void)
{
    char *names[] = {(char[]){"id"}, (char[]){"name"}, (char[]){"age"}};
    struct array columns = ARRAY_OF(struct catalog_column);
    for (size_t i = 0; i < 3; i++) {
        struct catalog_column *column = array_push(&columns);
        column->name = names[i];
    }
    const char *csv = "id,nam,more\n1,a,x\n";
    import_bytes(csv, strlen(csv), (struct import_spec){.columns = &columns});
    ok(noted("called otherwise than in the contract: nam for name, more for age "
             "[incorrect-label]"),
       "names at the place of others");
    csv = "name,id,age,more,most\n";
    import_bytes(csv, strlen(csv), (struct import_spec){.columns = &columns});
    ok(noted("not in the contract: more, most [extra-label]") && !noted("incorrect"),
       "names the contract has not");
    csv = "id\n";
    import_bytes(csv, strlen(csv), (struct import_spec){.columns = &columns});
    ok(noted("not in the file: name, age [missing-label]"), "names the file has not");
    array_release(&columns);
    struct text broken = {0};
    text_append(&broken, "\xE9\xE9;");
    text_append_repeated(&broken, '\x93', 100);
    text_append(&broken, ";");
    text_append_repeated(&broken, '\x93', 100);
    text_append(&broken, "\n1;2,5;3,5\n2;3,5;4,5\n");
    import_string(text_string(&broken));
    ok(noted("\xE2\x80\x9C\xE2\x80\x9C"), "names before the encoding is known");
    ok(!noted("\x93\x93"), "are told as text");
    text_release(&broken);
    import_string(",,\n1,2,3\n");
    ok(noted("[blank-header]"), "a header without any name");
    import_string("a,,a\n1,2,3\n\n\n4,5,6\n,,\n\n");
    ok(noted("[blank-label] [duplicate-label]"), "names that are empty or used twice");
    ok(noted("3 blank lines were left out, the first is line 3 [blank-row]"),
       "blank lines and the first of them");
    ok(noted("1 row has empty cells only, row 3 [blank-row]"), "rows without a value");
}

/* ---- Encodings ---- */

static void test_mended(void)
{
    sniffs("a\nB\xC3\xA4r\nB\xC3\xB6r\nB\xC3\xBCr\n\xE2\x82\xAC\nB\xE4r\n",
           "it is UTF-8 but for 1 byte, the first at byte 22, which was read as "
           "Windows-1252 [encoding-error]",
           "one stray byte");
    is_text(all(), "Bär\nBör\nBür\n€\nBär\n", "is read as what it was meant to be");
    sniffs("a\nB\xC3\xA4r\nB\xE4r\n",
           "it is not UTF-8 (byte 8) and was read as Windows-1252",
           "as many bad as good: it is no UTF-8");
    is_text(all(), "BÃ¤r\nBär\n", "as a whole");
    struct text long_text = {0};
    text_append(&long_text, "a\n");
    for (int i = 0; i < 40000; i++) {
        text_append(&long_text, i % 7 == 3 ? "\xE2\x82x\n" : "€€€€€€€€\n");
    }
    import_string(text_string(&long_text));
    is_text(rows("SELECT count(*) FROM t WHERE a = 'â‚x'"), "5714\n",
            "bytes cut off are mended across blocks");
    is_text(rows("SELECT count(*) FROM t WHERE a = '€€€€€€€€'"), "34286\n",
            "and nothing else is touched");
    text_release(&long_text);
    import_string("a\n\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\n\xC3");
    is_text(all(), "ääää\nÃ\n", "a character that the end cuts off");
    import_bytes("a\0,\0b\0\n\0"
                 "1\0,\0\xE4\0\n\0",
                 16, (struct import_spec){0});
    is_text(all(), "1|ä\n", "UTF-16 that does not say so");
    ok(noted("UTF-16"), "is told");
}

int main(void)
{
    help_start();
    test_escapes();
    test_rows();
    test_number_signs();
    test_not_bare();
    test_delimiters();
    test_headers();
    test_lines_before();
    test_decimal_commas();
    test_labels();
    test_mended();
    return help_end();
}
