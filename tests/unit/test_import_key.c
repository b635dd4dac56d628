/* The index of a contract's key: the same both ways, sound, and told to the planner.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tests/unit/import_help.h"

static struct array columns = ARRAY_OF(struct catalog_column);

static void declare(const char *name, const char *type, int position)
{
    struct catalog_column *column = array_push(&columns);
    column->name = (char *)(uintptr_t)name;
    column->type = (char *)(uintptr_t)type;
    column->key_position = position;
}

static void import_way(const struct text *csv, enum import_way way, int threads,
                       int page_size)
{
    struct import_spec spec = {.columns = &columns,
                               .way = way,
                               .threads = threads,
                               .page_size = page_size,
                               .chunk_size = 2000};
    if (!import_bytes(text_string(csv), csv->length, spec)) {
        ok(false, "imported: %s", err.message);
    }
}

/* Everything the index has, in its order; and what is known of it. */
static char *index_of(const char *key)
{
    struct text sql = {0};
    text_append(&sql, "SELECT rowid");
    for (const char *name = key; *name != '\0'; name++) {
        if (*name >= 'a' && *name <= 'z') { /* columns have names of one letter */
            text_printf(&sql, ", quote(%c)", *name);
        }
    }
    text_printf(&sql, " FROM t INDEXED BY mwb_key_t ORDER BY %s, rowid", key);
    struct text known = {0};
    text_append(&known, rows(text_string(&sql)));
    text_append(&known, rows("SELECT * FROM sqlite_stat1 ORDER BY idx"));
    text_append(&known, rows("SELECT sql FROM sqlite_schema WHERE name = 'mwb_key_t'"));
    text_append(&known, noted("primary-key") ? "repeats" : "");
    text_release(&sql);
    return text_take(&known);
}

static void both_ways(const char *what, const char *key, const struct text *csv)
{
    static const int sizes[] = {512, 4096, 65536};
    bool same = true;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        import_way(csv, IMPORT_REFERENCE, 1, sizes[i]);
        char *reference = index_of(key);
        same = same && strchr(reference, '|') != NULL;
        for (int threads = 1; threads <= 4; threads += 3) {
            import_way(csv, IMPORT_DIRECT, threads, sizes[i]);
            char *direct = index_of(key);
            bool sound = strcmp(rows("PRAGMA integrity_check(3)"), "ok\n") == 0;
            if (!sound || strcmp(reference, direct) != 0) {
                printf("# pages of %d bytes, %d threads: %s\n", sizes[i], threads,
                       sound ? "other keys" : rows("PRAGMA integrity_check(3)"));
                same = false;
            }
            free(direct);
        }
        free(reference);
    }
    ok(same, "%s: the index is the same both ways", what);
    array_clear(&columns);
}

/* `count` rows of the columns a to d: whole numbers, fractions, texts, texts. */
static struct text make_csv(int count)
{
    struct text csv = {0};
    text_append(&csv, "a,b,c,d\n");
    for (int i = 0; i < count; i++) {
        int mixed = i * 7919 % 1009;
        text_printf(&csv, "%d,%d.%d,order number %05d,", mixed - 500, mixed % 77,
                    i % 3 * 25, mixed);
        text_append_repeated(&csv, (char)('a' + i % 7), (size_t)(i % 400));
        text_append_char(&csv, '\n');
    }
    return csv;
}

static void test_kinds(void)
{
    static const struct {
        const char *what, *key;
        int positions[4];
    } keys[] = {
        {"whole numbers", "a", {1, 0, 0, 0}},
        {"fractions and whole ones among them", "b", {0, 1, 0, 0}},
        {"texts", "c", {0, 0, 1, 0}},
        {"long texts", "d", {0, 0, 0, 1}},
        {"two columns in another order", "c, a", {2, 0, 1, 0}},
        {"all columns", "d, c, b, a", {4, 3, 2, 1}},
    };
    static const char *const names[] = {"a", "b", "c", "d"};
    static const char *const types[] = {"integer", "number", "string", "string"};
    struct text csv = make_csv(700);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        for (int j = 0; j < 4; j++) {
            declare(names[j], types[j], keys[i].positions[j]);
        }
        both_ways(keys[i].what, keys[i].key, &csv);
    }
    text_release(&csv);
}

static void test_odd_cells(void)
{
    struct text csv = {0};
    text_append(&csv, "a,b,c\n");
    static const char *const cells[] = {"",
                                        "0",
                                        "1",
                                        "-1",
                                        "x",
                                        "1.5",
                                        "2.0",
                                        "-0",
                                        "-0.0",
                                        "1e3",
                                        "99999999999999999999",
                                        "9223372036854775807",
                                        "\"\"",
                                        "007",
                                        "128",
                                        "-140737488355329",
                                        "-9223372036854775808",
                                        " 5"};
    enum { CELLS = sizeof cells / sizeof *cells };
    for (int i = 0; i < 3 * CELLS; i++) {
        text_printf(&csv, "%s,%s,%s\n", cells[i % CELLS], cells[i * 5 % CELLS],
                    cells[i * 7 % CELLS]);
    }
    for (int i = 0; i < 5; i++) {
        static const char *const keys[] = {"a", "b", "c", "a, b", "c, b, a"};
        static const int positions[][3] = {
            {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 2, 0}, {3, 2, 1}};
        declare("a", "integer", positions[i][0]);
        declare("b", "number", positions[i][1]);
        declare("c", "string", positions[i][2]);
        char *what = string_printf("cells that do not fit, %s", keys[i]);
        both_ways(what, keys[i], &csv);
        free(what);
    }
    text_release(&csv);
}

/* The types of other columns turn out wrong late: all is made again. */
static void test_second_pass(void)
{
    struct text csv = {0};
    text_append(&csv, "a,e\n");
    for (int i = 0; i < 3000; i++) {
        text_printf(&csv, "%d,%s\n", 3000 - i, i < 2900 ? "5" : "late");
    }
    declare("a", "integer", 1);
    import_way(&csv, IMPORT_DIRECT, 1, 512);
    ok(strstr(text_string(&report.way_why), "second time") != NULL,
       "a type is wrong until the end: %s", text_string(&report.way_why));
    both_ways("a second pass", "a", &csv);
    text_release(&csv);
}

static void test_planner(void)
{
    struct text csv = {0};
    text_append(&csv, "a,b\n1,1\n1,2\n1,3\n2,1\n2,1\n");
    for (enum import_way way = IMPORT_DIRECT; way <= IMPORT_REFERENCE; way++) {
        declare("a", "integer", 1);
        declare("b", "integer", 2);
        import_way(&csv, way, 1, 0);
        is_text(rows("SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY idx"),
                "t|~|5\nt|mwb_key_t|5 3 2\n", "rows that share a key, for the planner");
        ok(noted("t: the key (\"a\", \"b\") is not unique: 1 row repeats the key of "
                 "another [primary-key]"),
           "a key that is not unique is told");
        array_clear(&columns);
    }
    text_release(&csv);
    declare("a", "integer", 1);
    text_append(&csv, "a\n3\n1\n2\n");
    import_way(&csv, IMPORT_DIRECT, 1, 0);
    is_text(rows("SELECT stat FROM sqlite_stat1 WHERE idx IS NOT NULL"), "3 1\n",
            "each its own");
    ok(!noted("primary-key"), "a unique key is not talked about");
    text_clear(&csv);
    text_append(&csv, "a\n");
    import_way(&csv, IMPORT_DIRECT, 1, 0);
    is_text(rows("SELECT idx, stat FROM sqlite_stat1"), "~|0\n", "no rows, no keys");
    is_text(rows("PRAGMA integrity_check"), "ok\n", "and an empty index");
    array_clear(&columns);
    text_release(&csv);
}

int main(void)
{
    help_start();
    test_kinds();
    test_odd_cells();
    test_second_pass();
    test_planner();
    array_release(&columns);
    return help_end();
}
