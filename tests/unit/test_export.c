/* Unit tests of engine/export.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/export.h"
#include "engine/path.h"
#include "engine/store.h"
#include "tap.h"

#include <csv.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *folder;

/* A result of this SQL: cells of every kind. */
static struct result *make_result(const char *name, const char *sql)
{
    struct error err = {0};
    char *path = path_join(folder, name);
    unlink(path);
    sqlite3 *db = store_open(path, STORE_CREATE, &err);
    if (db == NULL || !store_run(db, sql, &err)) {
        printf("Bail out! %s\n", err.message);
        exit(EXIT_FAILURE);
    }
    store_close(db);
    struct result *result = result_open(path, "rows", &err);
    free(path);
    return result;
}

static bool take(void *to, const char *bytes, size_t length, struct error *err)
{
    (void)err;
    text_append_bytes(to, bytes, length);
    return true;
}

static char *written(struct result *result, const struct export_spec *spec,
                     struct export_outcome *outcome)
{
    struct text out = {0};
    struct error err = {0};
    struct export_sink sink = {take, &out};
    ok(export_result(result, spec, &sink, NULL, outcome, &err), "%s written%s",
       spec->format->name, err.message);
    is_int(outcome->bytes, (long long)out.length, "bytes counted");
    return text_take(&out);
}

static void is_written(struct result *result, struct export_spec spec, const char *want)
{
    struct export_outcome outcome;
    char *got = written(result, &spec, &outcome);
    is_text(got, want, "%s", spec.format->name);
    is_int(outcome.rows, result_count(result), "rows counted");
    free(got);
}

static void every_format_writes(void)
{
    struct result *result = make_result(
        "kinds.db",
        "CREATE TABLE rows(c0, c1, c2);"
        "INSERT INTO rows VALUES(1, 'a|b', NULL), (-2.5, '', 'it''s \"q\"'),"
        "(1e999, 'two' || char(10) || 'lines', x'00ff10'), (4, ' b,c ', '\\<&')");
    result_set_column(result, 0, "n", "REAL", NULL, NULL, NULL);
    result_set_column(result, 1, "text", NULL, NULL, NULL, NULL);
    result_set_column(result, 2, "text", NULL, NULL, NULL, NULL);
    struct export_outcome outcome;
    struct export_spec csv = {.format = export_format_named("csv")};
    char *got = written(result, &csv, &outcome);
    static const char head[] = "n,text,text\n1,a|b,\n-2.5,\"\",\"it's \"\"q\"\"\"\n"
                               "Inf,\"two\nlines\",";
    ok(strncmp(got, head, sizeof head - 1) == 0, "csv quotes what it must: %.20s", got);
    free(got);
    is_written(result, (struct export_spec){.format = export_format_named("json")},
               "[\n{\"n\":1,\"text\":\"a|b\",\"text_2\":null},\n"
               "{\"n\":-2.5,\"text\":\"\",\"text_2\":\"it's \\\"q\\\"\"},\n"
               "{\"n\":9e999,\"text\":\"two\\nlines\",\"text_2\":\"AP8Q\"},\n"
               "{\"n\":4,\"text\":\" b,c \",\"text_2\":\"\\\\<&\"}\n]\n");
    is_written(result, (struct export_spec){.format = export_format_named("jsonl")},
               "{\"n\":1,\"text\":\"a|b\",\"text_2\":null}\n"
               "{\"n\":-2.5,\"text\":\"\",\"text_2\":\"it's \\\"q\\\"\"}\n"
               "{\"n\":9e999,\"text\":\"two\\nlines\",\"text_2\":\"AP8Q\"}\n"
               "{\"n\":4,\"text\":\" b,c \",\"text_2\":\"\\\\<&\"}\n");
    result_free(result);
    result =
        make_result("marks.db", "CREATE TABLE rows(c0, c1); INSERT INTO rows VALUES"
                                "(1, 'a|b'), (NULL, 'x' || char(13, 10) || '\\|<b>&*')");
    is_written(
        result, (struct export_spec){.format = export_format_named("markdown")},
        "| c0 | c1 |\n|---:|---|\n| 1 | a\\|b |\n|  | x<br>\\\\\\|\\<b>&amp;\\* |\n");
    is_written(result, (struct export_spec){.format = export_format_named("TSV")},
               "c0\tc1\n1\ta|b\n\t\"x\r\n\\|<b>&*\"\n");
    result_free(result);
}

static void nothing_is_also_written(void)
{
    struct result *result = make_result("none.db", "CREATE TABLE rows(a, b)");
    is_written(result, (struct export_spec){.format = export_format_named("json")},
               "[]\n");
    is_written(result, (struct export_spec){.format = export_format_named("jsonl")}, "");
    is_written(result, (struct export_spec){.format = export_format_named("csv")},
               "a,b\n");
    is_written(result, (struct export_spec){.format = export_format_named("table")},
               "a | b\n--+--\n(0 rows)\n");
    result_free(result);
    result =
        make_result("null.db", "CREATE TABLE rows(a); INSERT INTO rows VALUES(NULL)");
    is_written(result, (struct export_spec){.format = export_format_named("csv")},
               "a\n\"\"\n");
    result_free(result);
}

#define BAR "\xE2\x94\x82"
#define RULE "\xE2\x94\x80"
#define CROSS "\xE2\x94\xBC"

static void tables_are_aligned(void)
{
    struct result *result = make_result(
        "table.db", "CREATE TABLE rows(id, name, note); INSERT INTO rows VALUES"
                    "(1, 'bolt', NULL), (1000, 'gr' || char(252) || 'n', ''),"
                    "(22, char(27) || '[31mred', 'NULL')");
    is_written(result, (struct export_spec){.format = export_format_named("table")},
               "  id | name      | note\n-----+-----------+-----\n"
               "   1 | bolt      | NULL\n1000 | gr\xC3\xBCn      |\n"
               "  22 | ^[[31mred | NULL\n(3 rows)\n");
    struct export_outcome outcome;
    struct export_spec spec = {.format = export_format_named("table"),
                               .unicode = true,
                               .null_text = "\xE2\x88\x85",
                               .width = 20,
                               .row_limit = 2};
    char *got = written(result, &spec, &outcome);
    is_text(got,
            "  id " BAR " name " BAR " note\n" RULE RULE RULE RULE RULE CROSS RULE RULE
                RULE RULE RULE RULE CROSS RULE RULE RULE RULE RULE "\n   1 " BAR
            " bolt " BAR " \xE2\x88\x85\n1000 " BAR " gr\xC3\xBCn " BAR
            "\n(the first 2 of 3 rows)\n",
            "cut to 20 columns, two rows, with lines");
    free(got);
    spec = (struct export_spec){.format = spec.format, .width = 10};
    got = written(result, &spec, &outcome);
    ok(strstr(got, "(3 rows; 2 more columns did not fit)\n") != NULL,
       "columns that do not fit are told");
    free(got);
    result_free(result);
}

static void formulas_are_guarded(void)
{
    struct result *result =
        make_result("formula.db", "CREATE TABLE rows(\"=a\", b); INSERT INTO rows VALUES"
                                  "('+55 11', -5), ('@x', '-1'), ('a=b', '')");
    struct export_spec spec = {.format = export_format_named("csv"), .spreadsheet = true};
    struct export_outcome outcome;
    char *got = written(result, &spec, &outcome);
    is_text(got, "'=a,b\n'+55 11,-5\n'@x,'-1\na=b,\"\"\n",
            "text that looks like a formula gets a quote, numbers do not");
    is_int(outcome.guarded, 4, "and they are counted");
    free(got);
    spec.spreadsheet = false;
    got = written(result, &spec, &outcome);
    is_text(got, "=a,b\n+55 11,-5\n@x,-1\na=b,\"\"\n", "without, nothing is changed");
    free(got);
    result_free(result);
}

/* ---- Hostile cells there and back ---- */

static struct result *make_hostile(void)
{
    return make_result(
        "hostile.db",
        "CREATE TABLE rows(a, b, c);"
        "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 700) "
        "INSERT INTO rows SELECT char(i) || ',' || char(34) || char(i * 37 % 900 + 1), "
        "substr(char(10, 13, 34, 44, 32, 233, 128512), i % 7 + 1, i % 4), "
        "hex(zeroblob(i * i % 40000)) FROM n");
}

struct reader {
    struct text joined;
};

static void on_field(void *bytes, size_t length, void *owner)
{
    struct reader *reader = owner;
    text_append_bytes(&reader->joined, bytes, length);
    text_append_char(&reader->joined, '\x1F');
}

static void on_record(int end, void *owner)
{
    (void)end;
    text_append_char(&((struct reader *)owner)->joined, '\x1E');
}

static void csv_comes_back(void)
{
    struct result *result = make_hostile();
    struct export_spec spec = {.format = export_format_named("csv")};
    struct export_outcome outcome;
    char *got = written(result, &spec, &outcome);
    struct reader reader = {0};
    struct csv_parser parser;
    csv_init(&parser, CSV_STRICT);
    csv_parse(&parser, got, (size_t)outcome.bytes, on_field, on_record, &reader);
    csv_fini(&parser, on_field, on_record, &reader);
    csv_free(&parser);
    struct text want = {0};
    struct result_page page = {0};
    struct error err = {0};
    text_append(&want, "a\x1F"
                       "b\x1F"
                       "c\x1F\x1E");
    result_page(result, 0, 1000, 0, &page, &err);
    for (long long row = 0; row < page.rows; row++) {
        for (size_t i = 0; i < page.columns; i++) {
            const struct result_cell *cell = result_page_cell(&page, row, i);
            text_append_bytes(&want, cell->bytes, cell->length);
            text_append_char(&want, '\x1F');
        }
        text_append_char(&want, '\x1E');
    }
    is_int(page.rows, 700, "rows that are hard to write");
    ok(want.length == reader.joined.length &&
           memcmp(want.data, reader.joined.data, want.length) == 0,
       "a reader of csv finds them all unchanged (%zu bytes)", want.length);
    result_page_release(&page);
    text_release(&want);
    text_release(&reader.joined);
    free(got);
    result_free(result);
}

static void json_is_valid(void)
{
    struct result *result = make_hostile();
    struct export_spec spec = {.format = export_format_named("json")};
    struct export_outcome outcome;
    char *got = written(result, &spec, &outcome);
    struct error err = {0};
    sqlite3 *db = store_open(NULL, STORE_MEMORY, &err);
    char *file = string_printf("ATTACH 'file:%s/hostile.db?mode=ro' AS h", folder);
    is_int(store_number(db, 0, "SELECT json_valid(?1)", "s", got), 1, "valid JSON");
    ok(store_run(db, file, &err), "the rows beside%s", err.message);
    is_int(store_number(db, 0,
                        "SELECT count(*) FROM json_each(?1) j JOIN h.rows r "
                        "ON r.rowid = j.key + 1 WHERE j.value ->> 'a' = r.a "
                        "AND j.value ->> 'b' = r.b AND j.value ->> 'c' = r.c",
                        "s", got),
           700, "and every cell comes back");
    store_close(db);
    free(file);
    free(got);
    result_free(result);
    result = make_result("broken.db", "CREATE TABLE rows(a); INSERT INTO rows VALUES"
                                      "(CAST(x'41FF42C3' AS TEXT)), ('fine')");
    spec.format = export_format_named("jsonl");
    got = written(result, &spec, &outcome);
    is_text(got,
            "{\"a\":\"A\xEF\xBF\xBD"
            "B\xEF\xBF\xBD\"}\n{\"a\":\"fine\"}\n",
            "what is no UTF-8 is replaced");
    is_int(outcome.replaced, 1, "and counted");
    free(got);
    result_free(result);
}

static void files_are_replaced_whole(void)
{
    struct result *result =
        make_result("file.db", "CREATE TABLE rows(a); INSERT INTO rows VALUES(1)");
    char *path = path_join(folder, "out.csv");
    struct error err = {0};
    struct export_spec spec = {.format = export_format_of(path)};
    struct export_outcome outcome;
    char *bytes = NULL;
    size_t length;
    ok(export_to_file(result, &spec, path, NULL, &outcome, &err), "a file%s",
       err.message);
    ok(path_read_file(path, 1000, &bytes, &length, &err), "is there");
    is_text(bytes, "a\n1\n", "with its rows");
    free(bytes);
    free(path);
    path = path_join(folder, "no/such/folder.csv");
    ok(!export_to_file(result, &spec, path, NULL, &outcome, &err), "no folder: %s",
       err.message);
    free(path);
    path = path_join(folder, "pipe.csv");
    mkfifo(path, 0600);
    ok(!export_to_file(result, &spec, path, NULL, &outcome, &err), "a pipe: %s",
       err.message);
    free(path);
    ok(export_format_of("a.b/c") == NULL && export_format_of("x.PARQUET") == NULL,
       "no format by such a name");
    size_t count;
    ok(export_format_of("X.MD") == &export_formats(&count)[4] && count == 11,
       "by suffix");
    result_free(result);
}

static bool refuse(void *to, const char *bytes, size_t length, struct error *err)
{
    (void)to;
    (void)bytes;
    (void)length;
    return error_set(err, ERROR_FAILED, "the sink is full");
}

static void a_sink_may_refuse(void)
{
    struct result *result = make_hostile();
    struct error err = {0};
    struct export_sink sink = {refuse, NULL};
    size_t count;
    const struct export_format *formats = export_formats(&count);
    for (size_t i = 0; i < count; i++) {
        struct export_spec spec = {.format = &formats[i]};
        ok(!export_result(result, &spec, &sink, NULL, NULL, &err) &&
               string_equal(err.message, "the sink is full") != formats[i].is_file,
           "%s stops when its sink does, or has none", formats[i].name);
    }
    result_free(result);
}

static void cells_are_sql(void)
{
    struct text out = {0};
    static const struct result_cell cells[] = {
        {.type = RESULT_NULL, .bytes = "", .length = 0},
        {.type = RESULT_INTEGER, .bytes = "12", .length = 2},
        {.type = RESULT_TEXT, .bytes = "it's", .length = 4},
        {.type = RESULT_BLOB, .bytes = "\0\xFF", .length = 2},
        {.type = RESULT_TEXT, .bytes = "a\0b", .length = 3},
    };
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        export_append_sql(&out, &cells[i]);
        text_append_char(&out, ' ');
    }
    is_text(text_string(&out), "NULL 12 'it''s' x'00ff' CAST(x'610062' AS TEXT) ",
            "cells as they stand in SQL");
    text_release(&out);
}

int main(void)
{
    char pattern[] = "/tmp/mwb-test-XXXXXX";
    folder = mkdtemp(pattern);
    every_format_writes();
    nothing_is_also_written();
    tables_are_aligned();
    formulas_are_guarded();
    csv_comes_back();
    json_is_valid();
    files_are_replaced_whole();
    a_sink_may_refuse();
    cells_are_sql();
    path_remove_tree(folder, NULL);
    return tap_done();
}
