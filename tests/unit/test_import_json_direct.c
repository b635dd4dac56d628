/* JSON by the direct way: columns that come late, what it leaves to the reference way,
 * and chunks whose borders lie anywhere.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tests/unit/import_help.h"

static const struct import_spec anyhow = {.format = IMPORT_JSON, .threads = 2};
static const struct import_spec directly = {
    .format = IMPORT_JSON, .way = IMPORT_DIRECT, .threads = 2, .chunk_size = 64};

static bool import_named(const char *name, const struct text *text,
                         struct import_spec spec)
{
    snprintf(input, sizeof input, "%s/%s", folder, name);
    return import_bytes(text_string(text), text->length, spec);
}

static bool import_lines(const char *text, struct import_spec spec)
{
    struct text all = {0};
    text_append(&all, text);
    bool good = import_named("in.jsonl", &all, spec);
    text_release(&all);
    return good;
}

static bool import_array(const char *text, struct import_spec spec)
{
    struct text all = {0};
    text_append(&all, text);
    bool good = import_named("in.json", &all, spec);
    text_release(&all);
    return good;
}

static bool went_direct(const char *why)
{
    return report.way == IMPORT_DIRECT &&
           strstr(text_string(&report.way_why), why) != NULL;
}

static bool was_declined(const char *why)
{
    return report.way == IMPORT_REFERENCE &&
           strstr(text_string(&report.way_why), why) != NULL;
}

/* ---- Columns ---- */

static void test_late_members(void)
{
    struct text text = {0};
    for (int i = 0; i < 100; i++) {
        text_printf(&text, "{\"a\":%d%s}\n", i,
                    i == 60   ? ",\"z\":true"
                    : i == 40 ? ",\"y\":{\"b\":1.5},\"x\":\"w\""
                    : i == 70 ? ",\"y\":{\"b\":2},\"x\":null"
                              : "");
    }
    ok(import_named("in.jsonl", &text, directly), "late members are imported (%s)",
       err.message);
    ok(went_direct("members that came late"), "by the direct way");
    is_text(rows("SELECT * FROM t WHERE a IN (1, 40, 60, 70)"),
            "1|~|~|~\n40|1.5|w|~\n60|~|~|1\n70|2.0|~|~\n", "each in its column");
    is_text(rows("SELECT sql FROM sqlite_schema WHERE name = 't'"),
            "CREATE TABLE \"t\"(\"a\" INTEGER, \"y.b\" REAL, \"x\" TEXT, \"z\" "
            "INTEGER)\n",
            "columns in the order of their first rows, with types");
    text_release(&text);
}

static void test_late_kinds(void)
{
    struct text text = {0};
    for (int i = 0; i < 100; i++) {
        text_printf(&text, "{\"a\":%s,\"b\":%s,\"c\":%s}\n", i == 50 ? "2.5" : "1",
                    i == 60 ? "\"x\"" : "true", i == 70 ? "[1]" : "null");
    }
    ok(import_named("in.jsonl", &text, directly) && went_direct("for other types"),
       "kinds that come late decide, too (%s)", err.message);
    is_text(rows("SELECT DISTINCT a, b, c FROM t ORDER BY a, b, c"),
            "1.0|true|~\n1.0|true|[1]\n1.0|x|~\n2.5|true|~\n",
            "what was stored before is stored again");
    text_release(&text);
}

static void test_columns_most(void)
{
    struct text text = {0};
    text_append(&text, "{\"a\":1}\n");
    for (int i = 0; i < 2000; i++) {
        text_printf(&text, "%s\"c%d\":1", i > 0 ? "," : "{", i);
    }
    text_append(&text, "}\n");
    bool refused = !import_named("in.jsonl", &text, anyhow);
    ok(refused && strstr(err.message, "column 2001") != NULL,
       "the 2,001st column is a sentence: %s", err.message);
    text_release(&text);
}

/* A few bytes a row would become 2,000 cells each. */
static void test_crowded(void)
{
    struct text text = {0};
    for (int i = 0; i < 1000; i++) {
        text_printf(&text, "%s\"c%d\":1", i > 0 ? "," : "{", i);
    }
    text_append(&text, "}\n");
    for (int i = 0; i < 2000; i++) {
        text_append(&text, "{}\n");
    }
    bool good = import_named("in.jsonl", &text, anyhow);
    ok(good && was_declined("few of very many"),
       "rows of many columns and few members are left to the reference way (%s)",
       text_string(&report.way_why));
    is_int(report.stored, 2001, "with all rows");
    text_release(&text);
}

/* ---- Declined ---- */

static void test_declined(void)
{
    static const struct {
        const char *text, *why, *stored;
    } cases[] = {
        {"[[1,2],[3,4]]", "arrays", "1|2\n3|4\n"},
        {"{\"a\":1} {\"a\":2}", "neither", "1\n2\n"},
        {"[{\"a\":1},{\"a\":\"\\ud800\"}]", "surrogate", "1\n\xEF\xBF\xBD\n"},
        {"[{\"a\":1},{\"a\":2,\"\\udfff\":3}]", "surrogate", "1|~\n2|3\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool good = import_array(cases[i].text, anyhow);
        ok(good && was_declined(cases[i].why), "left to the reference way: %s",
           text_string(&report.way_why));
        is_text(all(), cases[i].stored, "which takes it");
        ok(!import_array(cases[i].text, directly) &&
               strstr(err.message, "directly") != NULL,
           "asked for alone, the direct way says so: %s", err.message);
    }
}

/* ---- Borders ---- */

static void test_array_that_does_not_end(void)
{
    struct text text = {0};
    text_append(&text, "[");
    for (int i = 0; i < 50; i++) {
        text_printf(&text, "%s{\"a\":%d}", i > 0 ? "," : "", i);
    }
    for (int size = 1; size <= 20; size++) {
        struct import_spec spec = anyhow;
        spec.chunk_size = size * 10;
        ok(!import_named("in.json", &text, spec) &&
               strstr(err.message, "line 1, column 441") != NULL,
           "its end is told, chunks of %d bytes: %s", size * 10, err.message);
    }
    text_append(&text, "]");
    ok(import_named("in.json", &text, directly) && report.stored == 50,
       "with its end it is imported (%s)", err.message);
    text_release(&text);
}

static void test_rejects(void)
{
    ok(import_lines(
           "{\"a\":1}\n\n \t{\"a\":\xC3\xA9}\r\n{\"a\":2,\"a\":3}\n[4]\n{\"a\":5}",
           directly),
       "bad lines are left out (%s)", err.message);
    is_text(all(), "1\n5\n", "the others are there");
    is_text(rows("SELECT line, byte, reason, defect, raw FROM mwb_reject"),
            "3|11|column 8: a value is expected here [source-error]|source-error|"
            "{\"a\":\xC3\xA9}\n"
            "4|21|its member \"a\" is there twice [duplicate-key]|duplicate-key|"
            "{\"a\":2,\"a\":3}\n"
            "5|35|it is an array, and the rows here are objects [source-error]|"
            "source-error|[4]\n",
            "and listed with place and reason");
    struct import_spec spec = directly;
    spec.reject_limit = 2;
    ok(!import_lines("{\"a\":1}\nx\ny\nz\n", spec) &&
           strstr(err.message, "line 3") != NULL,
       "as many as are allowed: %s", err.message);
}

int main(void)
{
    help_start();
    test_late_members();
    test_late_kinds();
    test_columns_most();
    test_crowded();
    test_declined();
    test_array_that_does_not_end();
    test_rejects();
    return help_end();
}
