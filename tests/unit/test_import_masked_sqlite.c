/* SQLite files made anew through masks: what stays, what does not, and that no byte of a
 * masked value is in the new file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/mask.h"
#include "engine/policy.h"
#include "tests/unit/import_help.h"

#define CANARY "Kanarienvogel"

static struct mask_key *key;
static struct text notes;

static bool is_in_file(const char *path)
{
    char wide[2 * sizeof CANARY] = {0}, *bytes = NULL;
    size_t length = 0;
    struct error problem = {0};
    for (size_t i = 0; i + 1 < sizeof CANARY; i++) {
        wide[2 * i] = CANARY[i];
    }
    if (!path_read_file(path, (size_t)1 << 30, &bytes, &length, &problem)) {
        return false;
    }
    bool found = memmem(bytes, length, CANARY, sizeof CANARY - 1) != NULL ||
                 memmem(bytes, length, wide, 2 * (sizeof CANARY - 1)) != NULL;
    free(bytes);
    return found;
}

static void make_source(const char *sql)
{
    struct error problem = {0};
    unlink(input);
    sqlite3 *db = store_open(input, STORE_CREATE, &problem);
    ok(db != NULL && store_run(db, sql, &problem), "a source: %s", problem.message);
    store_close(db);
}

struct wish {
    const char *table, *physical_name;
    const char *columns[8][2]; /* names and physical names of the contract */
    const char *masks[8][2];   /* columns and rules */
};

static bool import_wishes(const struct wish *wishes, size_t count)
{
    struct array tables = ARRAY_OF(struct import_masked_table);
    struct array columns[4], masks[4];
    for (size_t i = 0; i < count; i++) {
        columns[i] = (struct array)ARRAY_OF(struct catalog_column);
        masks[i] = (struct array)ARRAY_OF(struct policy_mask);
        for (size_t c = 0; wishes[i].columns[c][0] != NULL; c++) {
            struct catalog_column *column = array_push(&columns[i]);
            column->name = (char *)(uintptr_t)wishes[i].columns[c][0];
            column->physical_name = (char *)(uintptr_t)wishes[i].columns[c][1];
        }
        for (size_t m = 0; wishes[i].masks[m][0] != NULL; m++) {
            struct policy_mask *mask = array_push(&masks[i]);
            mask->column = (char *)(uintptr_t)wishes[i].masks[m][0];
            mask_parse(wishes[i].masks[m][1], &mask->rule, &err);
        }
        struct import_masked_table *table = array_push(&tables);
        *table = (struct import_masked_table){.name = wishes[i].table,
                                              .physical_name = wishes[i].physical_name,
                                              .columns = &columns[i],
                                              .masks = &masks[i]};
    }
    unlink(database);
    text_clear(&notes);
    err = (struct error){0};
    int fd = open(input, O_RDONLY);
    struct import_masked_spec spec = {.path = database,
                                      .source_fd = fd,
                                      .source_name = "source.db",
                                      .tables = &tables,
                                      .mask_key = key};
    bool good = import_sqlite_masked(&spec, NULL, &notes, &err);
    close(fd);
    char *raw = string_printf("%s-raw", database);
    ok(!path_exists(raw), "the copy of the file is gone");
    free(raw);
    for (size_t i = 0; i < count; i++) {
        array_release(&columns[i]);
        array_release(&masks[i]);
    }
    array_release(&tables);
    return good;
}

static const char rich[] =
    "CREATE TABLE person(id INTEGER PRIMARY KEY, name TEXT, born TEXT, pay REAL, town "
    "VARCHAR(9), photo BLOB, shout TEXT AS (upper(name)) STORED, UNIQUE(town, id));"
    "INSERT INTO person(id, name, born, pay, town, photo) VALUES"
    "(7, 'Kanarienvogel', '1987-06-05', 1234.5, 'Ulm', x'4B616E617269656E766F67656C'),"
    "(9, NULL, 'Kanarienvogel', 'Kanarienvogel', NULL, NULL),"
    "(8, 5, '1990-01-01', -3, 'Bonn', 'Kanarienvogel');"
    "INSERT INTO person(id, name) WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT "
    "i + 1 FROM n WHERE i < 2000) SELECT i, 'Kanarienvogel' || i FROM n;"
    "DELETE FROM person WHERE id >= 100;" /* pages of the freelist */
    "CREATE INDEX by_name ON person(name); CREATE INDEX by_town ON person(town);"
    "CREATE INDEX by_shout ON person(lower(name));"
    "CREATE VIEW everybody AS SELECT name FROM person;"
    "CREATE VIEW canary AS SELECT 'Kanarienvogel';"
    "CREATE TRIGGER t1 AFTER INSERT ON person BEGIN SELECT 'Kanarienvogel'; END;"
    "CREATE TABLE stranger(x); INSERT INTO stranger VALUES ('Kanarienvogel');"
    "CREATE TABLE mwb_reject(raw); INSERT INTO mwb_reject VALUES ('Kanarienvogel');"
    "CREATE TABLE town(name TEXT PRIMARY KEY, note) WITHOUT ROWID;"
    "INSERT INTO town VALUES ('Ulm', 1.5), ('Bonn', x'00ff');"
    "ANALYZE;";

static const struct wish people[] = {
    {"person",
     NULL,
     {{"id", NULL},
      {"nom", "name"},
      {"born", NULL},
      {"pay", NULL},
      {"town", NULL},
      {"photo", NULL}},
     {{"nom", "first 1"}, {"born", "year"}, {"pay", "round 100"}, {"photo", "token"}}},
    {"places", "town", {{"name", NULL}, {"note", NULL}}, {{NULL, NULL}}},
};

static void test_rich(void)
{
    make_source(rich);
    if (!ok(import_wishes(people, 2), "made anew: %s", err.message)) {
        return;
    }
    is_text(
        rows("SELECT id, nom, born, pay, typeof(pay), town, length(photo) FROM "
             "person ORDER BY id"),
        "7|K|1987|1200.0|real|Ulm|24\n8|5|1990|-100.0|real|Bonn|24\n9|~|~|~|null|~|~\n",
        "rows through their masks");
    is_text(rows("SELECT name, typeof(note) FROM places ORDER BY name"),
            "Bonn|blob\nUlm|real\n", "another table has its name of the contract");
    is_text(rows("SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'mwb_%' AND "
                 "name NOT LIKE 'sqlite%' ORDER BY 2"),
            "table|person\ntable|places\n", "nothing else is there");
    is_text(rows("SELECT tbl_name, sql FROM sqlite_schema WHERE type = 'index' AND name "
                 "LIKE 'mwb_index%' ORDER BY 2"),
            "person|CREATE INDEX \"mwb_index_person_0\" ON \"person\"(\"id\")\n"
            "person|CREATE INDEX \"mwb_index_person_2\" ON \"person\"(\"town\")\n"
            "person|CREATE INDEX \"mwb_index_person_4\" ON \"person\"(\"town\", \"id\")\n"
            "places|CREATE INDEX \"mwb_index_places_1\" ON \"places\"(\"name\")\n",
            "but indexes over columns that are as they were");
    is_text(rows("SELECT name, rows, contiguous FROM mwb_table ORDER BY name"),
            "person|3|1\nplaces|2|1\n", "the facts are told");
    is_text(rows("SELECT count(*) FROM mwb_reject"), "0\n", "no rejects of others");
    ok(!is_in_file(database), "no value is in the new file");
    ok(strstr(text_string(&notes), CANARY) == NULL, "nor in what is told");
    ok(strstr(text_string(&notes),
              "1 table that the contract does not know and 3 view") != NULL,
       "what was left out is told: 3 views and triggers, 1 table");
    is_text(rows("PRAGMA integrity_check"), "ok\n", "the new file is sound");
}

static void test_token_of_rowid(void)
{
    static const struct wish wish[] = {
        {"t", NULL, {{"id", NULL}, {"v", NULL}}, {{"id", "token"}}}};
    make_source("CREATE TABLE t(id INTEGER PRIMARY KEY, v); INSERT INTO t VALUES "
                "(4111111, 'a'), (5222222, 'b')");
    ok(import_wishes(wish, 1), "a masked rowid: %s", err.message);
    is_text(rows("SELECT rowid, length(id), v FROM t ORDER BY rowid"), "1|24|a\n2|24|b\n",
            "does not stay as the rowid");
    is_text(rows("SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND tbl_name = "
                 "'t'"),
            "0\n", "nor in an index");
}

static void test_wide_text(void)
{
    static const struct wish wish[] = {
        {"t", NULL, {{"a", NULL}, {"b", NULL}}, {{"a", "first 2"}}}};
    make_source("PRAGMA encoding = 'UTF-16le'; CREATE TABLE t(a TEXT, b TEXT); INSERT "
                "INTO t VALUES ('\xC3\x84 Kanarienvogel', '\xE2\x82\xAC')");
    ok(import_wishes(wish, 1), "UTF-16: %s", err.message);
    is_text(rows("SELECT a, b FROM t"), "\xC3\x84 |\xE2\x82\xAC\n",
            "characters are characters");
    ok(!is_in_file(database), "no value is in the new file");
}

static void test_drift(void)
{
    static const struct wish wish[] = {
        {"t", NULL, {{"id", NULL}, {"mail", NULL}}, {{"mail", "token"}}}};
    static const struct wish twice[] = {
        {"t", NULL, {{"id", NULL}, {"mail", "email"}}, {{"mail", "first 1"}}}};
    make_source("CREATE TABLE t(id, email); INSERT INTO t VALUES (1, 'Kanarienvogel')");
    ok(import_wishes(wish, 1), "a masked column under another name: %s", err.message);
    is_text(rows("SELECT * FROM t"), "1\n",
            "takes what the contract does not know along");
    make_source("CREATE TABLE t(id, email, MAIL); INSERT INTO t VALUES (1, 'ab', "
                "'Kanarienvogel')");
    ok(import_wishes(twice, 1), "both names at once: %s", err.message);
    is_text(rows("SELECT * FROM t"), "1|a\n", "are one column");
    ok(!is_in_file(database), "no value is in the new file");
    make_source("CREATE TABLE other(x); INSERT INTO other VALUES ('Kanarienvogel')");
    ok(!import_wishes(wish, 1) && strstr(err.message, "nothing is left") != NULL,
       "a file with no table of the contract: %s", err.message);
    ok(!is_in_file(database), "and nothing of it");
    write_bytes(input, "SQLite format 3 but Kanarienvogel", 33);
    ok(!import_wishes(wish, 1) && strstr(err.message, CANARY) == NULL,
       "what is no database is refused: %s", err.message);
}

int main(void)
{
    help_start();
    char *path = string_printf("%s/mask.key", folder);
    setenv("MWB_MASK_KEY", path, 1);
    key = mask_key_open("test", &err);
    test_rich();
    test_token_of_rowid();
    test_wide_text();
    test_drift();
    mask_key_close(key);
    text_release(&notes);
    free(path);
    return help_end();
}
