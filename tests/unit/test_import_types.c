/* import: which values become numbers, NULL and text, and what columns are called.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tests/unit/import_help.h"

/* ---- Typing ---- */

static void test_lossless(void)
{
    static const struct {
        const char *values, *stored, *back;
    } cases[] = {
        {"1\n2\n-3\n0", "INTEGER", "1\n2\n-3\n0\n"},
        {"007\n8", "TEXT", "007\n8\n"},
        {"1.10\n2.5", "TEXT", "1.10\n2.5\n"},
        {"1.1\n-2.25\n0.5", "REAL", "1.1\n-2.25\n0.5\n"},
        {"5.0\n2.5", "REAL", "5.0\n2.5\n"},
        {"5\n2.5", "REAL", "5.0\n2.5\n"},
        {"5\n5.0\n2.5", "TEXT", "5\n5.0\n2.5\n"},
        {"+5", "TEXT", "+5\n"},
        {"-0", "TEXT", "-0\n"},
        {"1e400", "TEXT", "1e400\n"},
        {"1e5", "TEXT", "1e5\n"},
        {"1.0e+20", "REAL", "1.0e+20\n"},
        {"0x10", "TEXT", "0x10\n"},
        {"inf\nnan", "TEXT", "inf\nnan\n"},
        {"9223372036854775807\n-9223372036854775808", "INTEGER",
         "9223372036854775807\n-9223372036854775808\n"},
        {"9223372036854775808", "TEXT", "9223372036854775808\n"},
        {"12345678901234567890123456789012345678", "TEXT",
         "12345678901234567890123456789012345678\n"},
        {"9007199254740993\n0.5", "TEXT", "9007199254740993\n0.5\n"},
        {"0.1234567890123456", "TEXT", "0.1234567890123456\n"},
        {"0.00001", "TEXT", "0.00001\n"},
        {"0.0001", "REAL", "0.0001\n"},
        {"999999999999.123", "REAL", "999999999999.123\n"},
        {".5", "TEXT", ".5\n"},
        {"5.", "TEXT", "5.\n"},
        {" 5", "TEXT", " 5\n"},
        {"5 ", "TEXT", "5 \n"},
        {"NA\n1", "TEXT", "NA\n1\n"},
        {"24:00:00\n1.0.0.0", "TEXT", "24:00:00\n1.0.0.0\n"},
        {"1-684\n7", "TEXT", "1-684\n7\n"},
        {"-", "TEXT", "-\n"},
        {"true", "TEXT", "true\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *csv = string_printf("v\n%s\n", cases[i].values);
        ok(import_string(csv), "imports %s", cases[i].stored);
        is_text(stored("v"), cases[i].stored, "type of case %zu", i);
        is_text(all(), cases[i].back, "values of case %zu", i);
        free(csv);
    }
}

static void test_empty_cells(void)
{
    import_string("n,s,q\n1,a,\"1\"\n,,\"\"\n3,\"\",3\n");
    is_text(all(), "1|a|1\n~||~\n3||3\n", "empty: NULL in number columns, '' in text");
    is_int(report.read, 3, "rows read");
    import_string("a,b\n,\n,\n");
    is_text(all(), "|\n|\n", "a column of empty cells is text");
}

static struct catalog_column declared(const char *name, const char *type)
{
    return (struct catalog_column){.name = (char *)(uintptr_t)name,
                                   .type = (char *)(uintptr_t)type};
}

static void test_declared(void)
{
    struct array columns = ARRAY_OF(struct catalog_column);
    static const char *const types[][2] = {{"i", "integer"}, {"n", "number"},
                                           {"b", "boolean"}, {"s", "string"},
                                           {"d", "date"},    {"t", "timestamp"}};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        *(struct catalog_column *)array_push(&columns) =
            declared(types[i][0], types[i][1]);
    }
    struct import_spec spec = {.columns = &columns};
    const char *csv = "i,n,b,s,d,t\n"
                      "007,1.10,true,007,2024-02-29,2024-01-01T00:00:00Z\n"
                      "+5, 2 ,FALSE,,2023-02-29,yesterday\n"
                      ",,,\"\",,\n"
                      "x,y,maybe,NA,,2024-01-01 10:00\n";
    import_bytes(csv, strlen(csv), spec);
    is_text(all(),
            "7|1.1|1|007|2024-02-29|2024-01-01T00:00:00Z\n"
            "5|2.0|0|~|2023-02-29|yesterday\n"
            "~|~|~||~|~\n"
            "x|y|maybe|NA|~|2024-01-01 10:00\n",
            "declared types; misfits stay as written");
    const struct import_column_report *date = array_at(&report.columns, 4);
    is_int(date->misfits, 1, "a date that is none is counted");
    is_text(date->examples, "line 3: '2023-02-29'", "and shown with its line");
    is_int(report.rejected, 0, "no row is rejected for a misfit");

    const char *big =
        "i,n,b,s,d,t\n99999999999999999999,123456789012345678901234567890,,,,\n1,1,,,,\n";
    import_bytes(big, strlen(big), spec);
    is_text(rows("SELECT i, n, typeof(i) FROM t"),
            "99999999999999999999|123456789012345678901234567890|text\n1|1.0|integer\n",
            "numbers that no number holds stay text to the last digit");
    is_text(stored("i"), "MIXED", "and the column says so");

    struct catalog_dialect dialect = {.missing = (char *)(uintptr_t) "-\nn/a"};
    spec.dialect = &dialect;
    const char *marked = "i,n,b,s,d,t\n-,n/a,-,-,-,\n";
    import_bytes(marked, strlen(marked), spec);
    is_text(all(), "~|~|~|~|~|\n", "declared markers, and only they, are NULL");
    array_release(&columns);
}

static void test_contract_names(void)
{
    struct array columns = ARRAY_OF(struct catalog_column);
    *(struct catalog_column *)array_push(&columns) = declared("order_id", "integer");
    *(struct catalog_column *)array_push(&columns) = declared("city", "string");
    ((struct catalog_column *)array_at(&columns, 0))->physical_name =
        (char *)(uintptr_t) "OID";
    ((struct catalog_column *)array_at(&columns, 0))->key_position = 1;
    *(struct catalog_column *)array_push(&columns) = declared("gone", "string");
    const char *csv = "City,extra,OID\nRome,1.5,04\n";
    import_bytes(csv, strlen(csv), (struct import_spec){.columns = &columns});
    is_text(rows("SELECT order_id, city, extra FROM t"), "4|Rome|1.5\n",
            "columns get the contract's names");
    is_text(rows("SELECT name, original FROM mwb_column"),
            "city|City\nextra|~\norder_id|OID\n", "the header's names are kept");
    ok(noted("not in the file: gone"), "a column the file lacks is told");
    is_text(
        rows("SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 't'"),
        "mwb_key_t\n", "the declared key has an index");
    array_release(&columns);
}

/* ---- Headers ---- */

static void test_headers(void)
{
    import_string("id,,ID,id,\"a\"\"b\",select,\"x\ny\",id_2\n1,2,3,4,5,6,7,8\n");
    is_text(rows("SELECT group_concat(name, '/') FROM pragma_table_info('t')"),
            "id/column_2/ID_2/id_3/a\"b/select/x\ny/id_2_2\n", "names are made unique");
    ok(noted("changed"), "and the report says so");
    import_string("rowid,a\n7,8\n");
    is_text(rows("SELECT contiguous FROM mwb_table"), "0\n",
            "a column named rowid hides the row's number");
    struct text wide = {0};
    for (int i = 1; i <= 2001; i++) {
        text_printf(&wide, "c%d%s", i, i < 2001 ? "," : "\n");
    }
    ok(!import_string(text_string(&wide)), "2001 columns are refused");
    ok(strstr(err.message, "2001 columns") != NULL && strstr(err.message, "2000") != NULL,
       "with both numbers: %s", err.message);
    text_truncate(&wide, wide.length - 7);
    text_append(&wide, "\n");
    ok(import_string(text_string(&wide)), "2000 columns are fine");
    text_release(&wide);
    ok(!import_string(""), "an empty file is refused");
    ok(strstr(err.message, "empty") != NULL, "and called empty");
    ok(import_string("a,b\n"), "a header alone is a table without rows");
    is_int(report.stored, 0, "without rows");
}

int main(void)
{
    help_start();
    test_lossless();
    test_empty_cells();
    test_declared();
    test_contract_names();
    test_headers();
    return help_end();
}
