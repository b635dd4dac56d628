/* Masks within imports: what stands in the table, its types, keys and statistics; and
 * that no byte of a masked value is in the database or in anything told of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/mask.h"
#include "engine/policy.h"
#include "tests/unit/import_help.h"

/* In every value that must not be seen. */
#define CANARY "Kanarienvogel"

enum { COLUMNS_MOST = 8, MASKS_MOST = 6 };

struct rule {
    const char *column, *rule;
};

struct subject {
    const char *name;
    const char *text, *more; /* files */
    enum import_format format;
    bool keep_nested, no_header;
    struct catalog_column columns[COLUMNS_MOST]; /* up to the first without a name */
    struct rule masks[MASKS_MOST];
    const char *want;   /* the rows; NULL: refused */
    const char *stored; /* "name TYPE,..." */
    const char *note;   /* words that are told, or NULL */
};

static struct mask_key *key;

/* ---- Looking for the canary ---- */

static bool has_bytes(const char *bytes, size_t length, const char *wanted, size_t size)
{
    return memmem(bytes, length, wanted, size) != NULL;
}

static bool is_in_file(const char *path)
{
    char wide[2 * sizeof CANARY] = {0}, *bytes = NULL;
    size_t length = 0;
    struct error problem = {0};
    for (size_t i = 0; i + 1 < sizeof CANARY; i++) {
        wide[2 * i] = CANARY[i];
    }
    if (!path_read_file(path, (size_t)1 << 30, &bytes, &length, &problem)) {
        return false; /* none was made */
    }
    bool found = has_bytes(bytes, length, CANARY, sizeof CANARY - 1) ||
                 has_bytes(bytes, length, wide, 2 * (sizeof CANARY - 1));
    free(bytes);
    return found;
}

static bool is_told(void)
{
    bool found = strstr(text_string(&report.notes), CANARY) != NULL ||
                 strstr(text_string(&report.sniffed), CANARY) != NULL ||
                 strstr(text_string(&report.way_why), CANARY) != NULL ||
                 strstr(err.message, CANARY) != NULL;
    for (size_t i = 0; i < report.columns.count; i++) {
        const struct import_column_report *column = array_at(&report.columns, i);
        found = found || strstr(column->name, CANARY) != NULL ||
                (column->original != NULL && strstr(column->original, CANARY) != NULL) ||
                (column->examples != NULL && strstr(column->examples, CANARY) != NULL);
    }
    return found;
}

/* ---- One subject ---- */

static bool import_subject(const struct subject *subject, enum import_way way)
{
    struct array columns = ARRAY_OF(struct catalog_column);
    struct array masks = ARRAY_OF(struct policy_mask);
    struct catalog_dialect dialect = {.no_header = subject->no_header};
    for (size_t i = 0; i < COLUMNS_MOST && subject->columns[i].name != NULL; i++) {
        *(struct catalog_column *)array_push(&columns) = subject->columns[i];
    }
    for (size_t i = 0; i < MASKS_MOST && subject->masks[i].column != NULL; i++) {
        struct policy_mask *mask = array_push(&masks);
        mask->column = (char *)(uintptr_t)subject->masks[i].column;
        mask_parse(subject->masks[i].rule, &mask->rule, &err);
    }
    struct import_spec spec = {.format = subject->format,
                               .columns = columns.count > 0 ? &columns : NULL,
                               .dialect = &dialect,
                               .masks = &masks,
                               .mask_key = key,
                               .keep_nested = subject->keep_nested,
                               .way = way};
    write_bytes(input, subject->text, strlen(subject->text));
    if (subject->more != NULL) {
        write_bytes(second, subject->more, strlen(subject->more));
    }
    bool good = run(spec, subject->more != NULL ? 2 : 1);
    array_release(&columns);
    array_release(&masks);
    return good;
}

static const char *types(void)
{
    static struct text out;
    text_clear(&out);
    for (size_t i = 0; i < report.columns.count; i++) {
        const struct import_column_report *column = array_at(&report.columns, i);
        text_printf(&out, "%s%s %s", i > 0 ? "," : "", column->name, column->stored);
    }
    return text_string(&out);
}

static void try_subject(const struct subject *subject)
{
    static const enum import_way ways[] = {IMPORT_REFERENCE, IMPORT_ANY};
    for (size_t i = 0; i < 2; i++) {
        const char *way = i == 0 ? "reference" : "direct";
        bool good = import_subject(subject, ways[i]);
        is_text(good ? all() : NULL, subject->want, "%s (%s): %s", subject->name, way,
                err.message);
        if (good) {
            is_text(types(), subject->stored, "%s (%s): its types", subject->name, way);
        }
        ok(!is_told(), "%s (%s): nothing told quotes a value", subject->name, way);
        ok(!is_in_file(database), "%s (%s): no value is in the database", subject->name,
           way);
        if (subject->note != NULL) {
            ok(noted(subject->note), "%s (%s): it is told", subject->name, way);
        }
    }
}

#define NAMED(text) .name = (char *)(uintptr_t)(text)
#define TYPED(text) .type = (char *)(uintptr_t)(text)
#define PHYSICAL(text) .physical_name = (char *)(uintptr_t)(text)
#define FORMAT(text) .format = (char *)(uintptr_t)(text)

static const struct subject subjects[] = {
    {.name = "first characters and nothing",
     .text = "id,name,zip\n1,Ka Kanarienvogel,12345\n2,\xC3\x84\xC3\xA9 "
             "Kanarienvogel,07\n3,,\n",
     .columns = {{NAMED("id")}, {NAMED("name")}, {NAMED("zip")}},
     .masks = {{"name", "first 2"}, {"zip", "first 3"}},
     .want = "1|Ka|123\n2|\xC3\x84\xC3\xA9|07\n3|~|~\n",
     .stored = "id INTEGER,name TEXT,zip TEXT",
     .note = "t: masked: name (only its first 2 characters), zip (only its first 3 "
             "characters)."},
    {.name = "NULL for all",
     .text = "id,name\n1,Kanarienvogel\n2,x\n",
     .columns = {{NAMED("id")}, {NAMED("name"), TYPED("string")}},
     .masks = {{"name", "null"}},
     .want = "1|~\n2|~\n",
     .stored = "id INTEGER,name TEXT"},
    {.name = "a dropped column",
     .text = "name,id\nKanarienvogel,1\nx,2\n",
     .columns = {{NAMED("name")}, {NAMED("id")}},
     .masks = {{"name", "drop"}},
     .want = "1\n2\n",
     .stored = "id INTEGER",
     .note = "t: masked: name (left out)."},
    {.name = "dates are read as declared",
     .text = "id,born,since\n1,31.12.1987,2020-05-06\n2,Kanarienvogel,2021-11-30\n",
     .columns = {{NAMED("id")},
                 {NAMED("born"), TYPED("date"), FORMAT("%d.%m.%Y")},
                 {NAMED("since"), TYPED("date")}},
     .masks = {{"born", "year"}, {"since", "month"}},
     .want = "1|1987|2020-05\n2|~|2021-11\n",
     .stored = "id INTEGER,born INTEGER,since TEXT",
     .note = "1 cell is no date and masked all the same"},
    {.name = "rounded numbers",
     .text = "a,b,c,d\n37,37.5,-3,\"1.234,5\"\n40,Kanarienvogel,,12\n",
     .columns = {{NAMED("a"), TYPED("integer")},
                 {NAMED("b"), TYPED("number")},
                 {NAMED("c")},
                 {NAMED("d"), TYPED("number"), .decimal_char = (char[]){","},
                  .group_char = (char[]){"."}}},
     .masks =
         {{"a", "round 10"}, {"b", "round 10"}, {"c", "round 10"}, {"d", "round 10"}},
     .want = "30|30.0|-10|1230.0\n40|~|~|10.0\n",
     .stored = "a INTEGER,b REAL,c INTEGER,d REAL"},
    {.name = "a column by its physical name",
     .text = "ID,E_MAIL\n1,Kanarienvogel@example.org\n",
     .columns = {{NAMED("id"), PHYSICAL("ID")}, {NAMED("email"), PHYSICAL("e_mail")}},
     .masks = {{"email", "first 1"}},
     .want = "1|K\n",
     .stored = "id INTEGER,email TEXT"},
    {.name = "a masked column under a new name",
     .text = "id,mail,note\n1,Kanarienvogel@example.org,x\n",
     .columns = {{NAMED("id")}, {NAMED("email")}},
     .masks = {{"email", "token"}},
     .want = "1\n",
     .stored = "id INTEGER",
     .note = "2 columns that the contract does not know were left out"},
    {.name = "a header that is a row of values",
     .text = "1,Kanarienvogel Vorname\n2,Kanarienvogel Nachname\n",
     .columns = {{NAMED("id")}, {NAMED("name")}},
     .masks = {{"name", "token"}},
     .want = NULL},
    {.name = "no header",
     .text = "1,Kanarienvogel A\n2,Kanarienvogel B\n",
     .no_header = true,
     .columns = {{NAMED("id")}, {NAMED("name")}},
     .masks = {{"name", "drop"}},
     .want = "1\n2\n",
     .stored = "id INTEGER"},
    {.name = "the same name twice",
     .text = "id,name,name,NAME\n1,a,Kanarienvogel,Kanarienvogel\n",
     .columns = {{NAMED("id")}, {NAMED("name")}},
     .masks = {{"name", "first 1"}},
     .want = "1|a\n",
     .stored = "id INTEGER,name TEXT",
     .note = "2 columns that the contract does not know were left out"},
    {.name = "a column that the contract does not know",
     .text = "id,contact\n1,Kanarienvogel\n",
     .masks = {{"contact", "null"}},
     .want = "1|~\n",
     .stored = "id INTEGER,contact TEXT"},
    {.name = "rejected rows",
     .text = "id,name\n1,Kanarienvogel,extra\n2\n3,\"Kanarienvogel\n",
     .columns = {{NAMED("id")}, {NAMED("name")}},
     .masks = {{"name", "drop"}},
     .want = "",
     .stored = "id TEXT",
     .note = "3 of 3 rows were rejected"},
    {.name = "a second file in another order",
     .text = "id,name,city\n1,Kanarienvogel,Ulm\n",
     .more = "city,name,id\nBonn,Kanarienvogel,2\n",
     .columns = {{NAMED("id")}, {NAMED("name")}, {NAMED("city")}},
     .masks = {{"name", "drop"}},
     .want = "1|Ulm\n2|Bonn\n",
     .stored = "id INTEGER,city TEXT"},
    {.name = "a second file with columns of its own",
     .text = "id,name\n1,x\n",
     .more = "id,name,Kanarienvogel\n2,y,z\n",
     .columns = {{NAMED("id")}, {NAMED("name")}},
     .masks = {{"name", "first 1"}},
     .want = NULL},
    {.name = "nothing left",
     .text = "name\nKanarienvogel\n",
     .columns = {{NAMED("name")}},
     .masks = {{"name", "drop"}},
     .want = NULL},
    {.name = "a file that is not UTF-8",
     .text = "id,name\n1,Kanarienvogel \xE9\n2,\xE9t\xE9\n",
     .columns = {{NAMED("id")}, {NAMED("name")}},
     .masks = {{"name", "first 1"}},
     .want = "1|K\n2|\xC3\xA9\n",
     .stored = "id INTEGER,name TEXT",
     .note = "Windows-1252"},
    {.name = "members of JSON",
     .text = "{\"id\":1,\"name\":\"Kanarienvogel\",\"at\":\"1987-01-02\"}\n"
             "{\"id\":2,\"name\":null,\"at\":\"Kanarienvogel\",\"late\":1}\n",
     .format = IMPORT_JSON,
     .columns = {{NAMED("id")}, {NAMED("name")}, {NAMED("at")}, {NAMED("late")}},
     .masks = {{"name", "drop"}, {"at", "year"}},
     .want = "1|1987|~\n2|~|1\n",
     .stored = "id INTEGER,at INTEGER,late INTEGER"},
    {.name = "members of JSON that come late",
     .text = "{\"id\":1,\"x\":\"y\"}\n{\"id\":2,\"name\":\"Kanarienvogel\"}\n",
     .format = IMPORT_JSON,
     .columns = {{NAMED("id")}, {NAMED("name")}},
     .masks = {{"name", "drop"}},
     .want = "1|y\n2|~\n",
     .stored = "id INTEGER,x TEXT"},
    {.name = "a member that never comes",
     .text = "{\"id\":1,\"nom\":\"Kanarienvogel\"}\n",
     .format = IMPORT_JSON,
     .columns = {{NAMED("id")}, {NAMED("name")}},
     .masks = {{"name", "drop"}},
     .want = "1\n",
     .stored = "id INTEGER",
     .note = "1 column that the contract does not know was left out"},
    {.name = "members within members",
     .text = "{\"id\":1,\"who\":{\"name\":\"Kanarienvogel\",\"town\":\"Ulm\"}}\n",
     .format = IMPORT_JSON,
     .columns = {{NAMED("id")}, {NAMED("who.name")}, {NAMED("who.town")}},
     .masks = {{"who.name", "first 1"}},
     .want = "1|K|Ulm\n",
     .stored = "id INTEGER,who.name TEXT,who.town TEXT"},
    {.name = "members within members kept whole",
     .text = "{\"id\":1,\"who\":{\"name\":\"Kanarienvogel\",\"town\":\"Ulm\"}}\n",
     .format = IMPORT_JSON,
     .keep_nested = true,
     .columns = {{NAMED("id")}, {NAMED("who.name")}, {NAMED("who.town")}},
     .masks = {{"who.name", "first 1"}},
     .want = "1\n",
     .stored = "id INTEGER"},
    {.name = "a member around a masked one that is declared",
     .text = "{\"id\":1,\"who\":{\"name\":\"Kanarienvogel\",\"town\":\"Ulm\"}}\n",
     .format = IMPORT_JSON,
     .columns = {{NAMED("id")}, {NAMED("who")}, {NAMED("who.name")}},
     .masks = {{"who.name", "first 1"}},
     .want = "1\n",
     .stored = "id INTEGER"},
    {.name = "arrays around masked members",
     .text = "{\"id\":1,\"who\":{\"name\":\"ab\"}}\n"
             "{\"id\":2,\"who\":[{\"name\":\"Kanarienvogel\"}]}\n",
     .format = IMPORT_JSON,
     .columns = {{NAMED("id")}, {NAMED("who.name")}},
     .masks = {{"who.name", "first 1"}},
     .want = "1|a\n2|~\n",
     .stored = "id INTEGER,who.name TEXT"},
    {.name = "an object that is masked as a whole",
     .text = "[{\"id\":1,\"who\":{\"name\":\"Kanarienvogel\"}}]",
     .format = IMPORT_JSON,
     .columns = {{NAMED("id")}, {NAMED("who"), TYPED("object")}},
     .masks = {{"who", "first 3"}},
     .want = "1|{\"n\n",
     .stored = "id INTEGER,who TEXT"},
    {.name = "members of an object that is masked and not declared",
     .text = "[{\"id\":1,\"who\":{\"name\":\"Kanarienvogel\"}}]",
     .format = IMPORT_JSON,
     .masks = {{"who", "token"}},
     .want = "1\n",
     .stored = "id INTEGER"},
    {.name = "rows of JSON that are none",
     .text =
         "{\"id\":1,\"Kanarienvogel\":1,\"Kanarienvogel\":2}\n{\"id\":2,\"name\":\"x\"}\n"
         "{\"id\":\"Kanarienvogel\n\"Kanarienvogel\"\n",
     .format = IMPORT_JSON,
     .columns = {{NAMED("id")}, {NAMED("name")}},
     .masks = {{"name", "first 1"}},
     .want = "2|x\n",
     .stored = "id INTEGER,name TEXT"},
    {.name = "rows of JSON that are arrays",
     .text = "[[\"id\",\"name\"],[1,\"Kanarienvogel\"],[2,\"x\"]]",
     .format = IMPORT_JSON,
     .columns = {{NAMED("id")}, {NAMED("name")}},
     .masks = {{"name", "drop"}},
     .want = "1\n2\n",
     .stored = "id INTEGER"},
};

/* ---- Tokens ---- */

/* A number, the same digits as text, and a whole number of a number column join. */
static void test_join(void)
{
    static const struct subject texts = {.name = "",
                                         .text = "k\n5\n1.5\nabc\n007\n",
                                         .columns = {{NAMED("k"), TYPED("string")}},
                                         .masks = {{"k", "token"}}};
    static const struct subject numbers = {.name = "",
                                           .text = "k\n5.0\n1.50\nabc\n007\n",
                                           .columns = {{NAMED("k"), TYPED("number")}},
                                           .masks = {{"k", "token"}}};
    static const struct subject json = {.name = "",
                                        .text =
                                            "[{\"k\":5},{\"k\":1.50},{\"k\":\"abc\"}]",
                                        .format = IMPORT_JSON,
                                        .masks = {{"k", "token"}}};
    import_subject(&texts, IMPORT_ANY);
    char *wanted = string_copy(rows("SELECT k FROM t LIMIT 3"));
    ok(strlen(wanted) == 75 && strncmp(wanted, "5\n", 2) != 0, "texts have tokens");
    import_subject(&numbers, IMPORT_ANY);
    is_text(rows("SELECT k FROM t LIMIT 3"), wanted, "numbers have the same ones");
    import_subject(&json, IMPORT_ANY);
    is_text(rows("SELECT k FROM t LIMIT 3"), wanted, "and so has JSON");
    struct mask_key *own = key;
    key = NULL;
    import_subject(&json, IMPORT_ANY);
    is_text(rows("SELECT k FROM t LIMIT 3"), "~\n~\n~\n", "without a key there is NULL");
    key = own;
    free(wanted);
}

/* Keys, statistics and examples are those of masked values. */
static void test_key(void)
{
    static const struct subject whole = {
        .name = "",
        .text = "k,name\n1,Kanarienvogel\n2,Kanarienvogel\n3,Kanarienvogel\n",
        .columns = {{NAMED("k"), TYPED("integer"), .key_position = 2},
                    {NAMED("name"), TYPED("integer"), .key_position = 1}},
        .masks = {{"name", "token"}, {"k", "token"}}};
    struct subject other = whole;
    import_subject(&whole, IMPORT_ANY);
    is_text(rows("SELECT count(*) FROM t INDEXED BY mwb_key_t"), "3\n",
            "a key of masked columns has its index");
    is_text(rows("SELECT stat FROM sqlite_stat1 WHERE idx IS NOT NULL"), "3 3 1\n",
            "and its counts");
    is_text(rows("SELECT name, texts, integers, least, most, shortest, longest, "
                 "\"distinct\" FROM mwb_statistic"),
            "k|3|0|~|~|24|24|3\nname|3|0|~|~|24|24|1\n",
            "statistics count what is there");
    is_text(rows("SELECT name, stored, misfits, examples FROM mwb_column"),
            "k|TEXT|0|~\nname|TEXT|3|~\n", "misfits are counted, none is shown");
    is_text(rows("PRAGMA integrity_check"), "ok\n", "the database is sound");
    other.masks[1] = (struct rule){"k", "drop"};
    import_subject(&other, IMPORT_ANY);
    is_text(rows("SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND tbl_name = "
                 "'t'"),
            "0\n", "a key that lost a column is none");
    ok(!noted("[primary-key]"), "and not said to repeat");
    other.masks[1] = (struct rule){"k", "round 10"};
    import_subject(&other, IMPORT_ANY);
    ok(!noted("[primary-key]"), "values that became the same are no fault of the data");
}

/* Who says what becomes of columns that the contract does not know. */
static struct mask_rule judge(const void *context, const char *column)
{
    struct mask_rule rule = {MASK_NONE, 0};
    if (strstr(column, context) != NULL) {
        rule.kind = MASK_DROP;
    }
    return rule;
}

static void test_strangers(void)
{
    static const char text[] = "id,my zip,note\n1,Kanarienvogel,x\n2,Kanarienvogel\n";
    struct import_spec spec = {.strangers = {judge, "zip"}};
    import_bytes(text, sizeof text - 1, spec);
    is_text(all(), "1|x\n", "a rule for columns that no contract knows");
    ok(!is_told() && !is_in_file(database), "no value is anywhere");
    spec.strangers.context = "nothing";
    import_bytes(text, sizeof text - 1, spec);
    is_text(rows("SELECT raw FROM mwb_reject"), "2,Kanarienvogel\n",
            "where nothing is masked rejected rows are shown");
}

int main(void)
{
    help_start();
    char *path = string_printf("%s/mask.key", folder);
    setenv("MWB_MASK_KEY", path, 1);
    key = mask_key_open("test", &err);
    ok(key != NULL, "a key: %s", err.message);
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
        try_subject(&subjects[i]);
    }
    test_join();
    test_key();
    test_strangers();
    mask_key_close(key);
    free(path);
    return help_end();
}
