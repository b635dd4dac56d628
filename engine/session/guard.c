/* session/guard: SQLite asks here before it compiles what a statement does: a user's
 * statement may read everything attached and write only the workspace. The first refusal
 * is kept as a sentence. Reading is noted: it tells which products were used.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/session/classes.h"
#include "engine/session/touch.h"
#include "engine/session/worker.h"

#include <stdlib.h>
#include <string.h>

static int refuse(struct worker *worker, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static int refuse(struct worker *worker, const char *format, ...)
{
    if (worker->refusal.length == 0) {
        va_list args;
        va_start(args, format);
        text_vprintf(&worker->refusal, format, args);
        va_end(args);
    }
    return SQLITE_DENY;
}

static bool is_own(const char *database)
{
    return database == NULL || string_equal_fold(database, "main") ||
           string_equal_fold(database, "temp");
}

struct question {
    int action;
    const char *first, *second, *database, *inside;
};

static int allow(struct worker *worker, const struct question *question)
{
    (void)worker;
    (void)question;
    return SQLITE_OK;
}

/* The table of classifications is ours: no statement changes it, or makes another one of
 * its name (what ALTER TABLE names things to is told to nobody). */
static bool is_about_classes(const struct worker *worker, const struct question *question)
{
    const char *text = worker->request->sql + worker->span.start;
    bool is = string_equal_fold(question->first, CLASSES_TABLE) ||
              string_equal_fold(question->second, CLASSES_TABLE);
    if (question->action == SQLITE_ALTER_TABLE && !is) {
        char *statement = string_copy_bytes(text, worker->span.length);
        is = string_contains_fold(statement, CLASSES_TABLE);
        free(statement);
    }
    return is;
}

static void note_write(struct worker *worker, const struct question *question)
{
    static const int writes[] = {SQLITE_INSERT,
                                 SQLITE_UPDATE,
                                 SQLITE_DELETE,
                                 SQLITE_CREATE_TABLE,
                                 SQLITE_CREATE_TEMP_TABLE,
                                 SQLITE_CREATE_VTABLE};
    for (size_t i = 0; i < sizeof writes / sizeof *writes; i++) {
        if (writes[i] == question->action) {
            touch_write(worker, question->database, question->first);
        }
    }
    if (question->action == SQLITE_ALTER_TABLE && question->second != NULL) {
        free(worker->altered);
        worker->altered = string_printf("%s.%s", question->first, question->second);
    }
}

static int write_own(struct worker *worker, const struct question *question)
{
    const char *database =
        question->action == SQLITE_ALTER_TABLE ? question->first : question->database;
    if (worker->target != worker->db) {
        return refuse(worker, "a result can be read only; write into your workspace");
    }
    if (!is_own(database)) {
        return refuse(worker,
                      "%s is read-only: a product cannot be changed from here; copy a "
                      "table into your workspace with CREATE TABLE copied AS SELECT * "
                      "FROM %s.TABLE and change the copy",
                      database, database);
    }
    if (is_about_classes(worker, question)) {
        return refuse(worker,
                      "%s tells what tables of the workspace are made from; it "
                      "can be read, not changed",
                      CLASSES_TABLE);
    }
    note_write(worker, question);
    return SQLITE_OK;
}

static bool is_named(const struct worker *worker, const char *schema)
{
    for (size_t i = 0; i < worker->schemas.count; i++) {
        if (string_equal_fold(*(char **)array_at(&worker->schemas, i), schema)) {
            return true;
        }
    }
    return false;
}

/* Does the statement itself name the table, and no schema? Of a view that it names, the
 * authorizer does not always tell the name. */
static bool is_bare(const struct worker *worker, const char *table)
{
    struct array sources =
        sql_sources(worker->request->sql + worker->span.start, worker->span.length);
    bool is = false;
    for (size_t i = 0; i < sources.count && !is; i++) {
        const struct sql_source *source = array_at(&sources, i);
        is = source->schema == NULL && string_equal_fold(source->table, table);
    }
    sql_sources_release(&sources);
    return is;
}

/* A PRAGMA names no table by accident: what is read then is read by SQLite itself, as the
 * inner tables of a full-text index by integrity_check (since 3.44). */
bool guard_is_pragma(const struct worker *worker)
{
    size_t end = worker->span.start + worker->span.length;
    struct sql_token token = {0};
    return sql_next(worker->request->sql, end, worker->span.start, &token) &&
           token.length == strlen("PRAGMA") &&
           sqlite3_strnicmp(worker->request->sql + token.start, "PRAGMA",
                            (int)token.length) == 0;
}

/* SQLite looks for a bare table name in every attached database, and which are attached
 * is an accident of what ran before: only products that the statement names are looked
 * in. */
static int read_table(struct worker *worker, const struct question *question)
{
    if (!worker->is_judged) {
        touch_read(worker, question->database, question->first, question->second,
                   question->inside);
    } else if (!touch_is_known(worker, question->database, question->first,
                               question->second)) {
        return refuse(worker, "the workspace changed while the statement began; run it "
                              "again");
    }
    if (worker->target != worker->db || is_own(question->database)) {
        return SQLITE_OK;
    }
    if (!is_named(worker, question->database) && question->inside == NULL &&
        !guard_is_pragma(worker) && is_bare(worker, question->first)) {
        text_clear(&worker->refused_table);
        text_append(&worker->refused_table, question->first);
        return refuse(worker,
                      "there is no table %s in the workspace; did you mean %s.%s?",
                      question->first, question->database, question->first);
    }
    struct attachment *one = attach_find(worker, question->database);
    if (one != NULL) {
        one->read = true;
    }
    return SQLITE_OK;
}

static int refuse_attach(struct worker *worker, const struct question *question)
{
    return refuse(worker,
                  "%s is not for use here: products are attached by themselves when a "
                  "statement names them, as in SELECT * FROM product.table",
                  question->action == SQLITE_ATTACH ? "ATTACH" : "DETACH");
}

static int call_function(struct worker *worker, const struct question *question)
{
    static const char *const refused[] = {"load_extension", "fts3_tokenizer", NULL};
    for (size_t i = 0; refused[i] != NULL; i++) {
        if (string_equal_fold(question->second, refused[i])) {
            return refuse(worker,
                          "the function %s is not allowed here: it loads or runs "
                          "code from outside",
                          refused[i]);
        }
    }
    return SQLITE_OK;
}

static int make_virtual(struct worker *worker, const struct question *question)
{
    static const char *const modules[] = {"fts5",  "fts4",      "fts3",
                                          "rtree", "rtree_i32", NULL};
    for (size_t i = 0; modules[i] != NULL; i++) {
        if (string_equal_fold(question->second, modules[i])) {
            return write_own(worker, question);
        }
    }
    return refuse(worker,
                  "virtual tables of the kind %s are not allowed here; fts5, fts4 "
                  "and rtree are",
                  question->second);
}

/* What a PRAGMA may do here. */
enum pragma_right {
    PRAGMA_LOOK = 1, /* ask without an argument */
    PRAGMA_NAME = 2, /* ask about the table or index that is the argument */
    PRAGMA_SET = 4,  /* set in the workspace */
};

static const struct pragma_row {
    const char *name;
    int rights;
} pragmas[] = {
    {"application_id", PRAGMA_LOOK | PRAGMA_SET},
    {"auto_vacuum", PRAGMA_LOOK},
    {"automatic_index", PRAGMA_LOOK | PRAGMA_SET},
    {"cache_size", PRAGMA_LOOK},
    {"case_sensitive_like", PRAGMA_LOOK | PRAGMA_SET},
    {"collation_list", PRAGMA_LOOK},
    {"compile_options", PRAGMA_LOOK},
    {"data_version", PRAGMA_LOOK},
    {"database_list", PRAGMA_LOOK},
    {"encoding", PRAGMA_LOOK},
    {"foreign_key_check", PRAGMA_LOOK | PRAGMA_NAME},
    {"foreign_key_list", PRAGMA_NAME},
    {"foreign_keys", PRAGMA_LOOK | PRAGMA_SET},
    {"freelist_count", PRAGMA_LOOK},
    {"function_list", PRAGMA_LOOK},
    {"index_info", PRAGMA_NAME},
    {"index_list", PRAGMA_NAME},
    {"index_xinfo", PRAGMA_NAME},
    {"integrity_check", PRAGMA_LOOK | PRAGMA_NAME},
    {"journal_mode", PRAGMA_LOOK},
    {"module_list", PRAGMA_LOOK},
    {"page_count", PRAGMA_LOOK},
    {"page_size", PRAGMA_LOOK},
    {"pragma_list", PRAGMA_LOOK},
    {"quick_check", PRAGMA_LOOK | PRAGMA_NAME},
    {"recursive_triggers", PRAGMA_LOOK | PRAGMA_SET},
    {"reverse_unordered_selects", PRAGMA_LOOK | PRAGMA_SET},
    {"schema_version", PRAGMA_LOOK},
    {"table_info", PRAGMA_NAME},
    {"table_list", PRAGMA_LOOK | PRAGMA_NAME},
    {"table_xinfo", PRAGMA_NAME},
    {"user_version", PRAGMA_LOOK | PRAGMA_SET},
};

static int use_pragma(struct worker *worker, const struct question *question)
{
    for (size_t i = 0; i < sizeof pragmas / sizeof pragmas[0]; i++) {
        if (!string_equal_fold(pragmas[i].name, question->first)) {
            continue;
        }
        int rights = pragmas[i].rights;
        bool asks = question->second == NULL ? (rights & PRAGMA_LOOK) != 0
                                             : (rights & PRAGMA_NAME) != 0;
        if (asks) {
            return SQLITE_OK;
        }
        if ((rights & PRAGMA_SET) != 0) {
            return write_own(worker, question);
        }
        return refuse(worker,
                      "PRAGMA %s cannot be used like this here: it may be read, "
                      "not set",
                      question->first);
    }
    return refuse(worker,
                  "PRAGMA %s is not allowed here, for it could change how the session or "
                  "its files work; those that only read, such as table_info, are",
                  question->first);
}

/* Actions that are not just "write into this database". */
static const struct rule {
    int action;
    int (*judge)(struct worker *worker, const struct question *question);
} rules[] = {
    {SQLITE_SELECT, allow},         {SQLITE_RECURSIVE, allow},
    {SQLITE_TRANSACTION, allow},    {SQLITE_SAVEPOINT, allow},
    {SQLITE_READ, read_table},      {SQLITE_FUNCTION, call_function},
    {SQLITE_PRAGMA, use_pragma},    {SQLITE_ATTACH, refuse_attach},
    {SQLITE_DETACH, refuse_attach}, {SQLITE_CREATE_VTABLE, make_virtual},
};

static int authorize(void *owner, int action, const char *first, const char *second,
                     const char *database, const char *inside)
{
    struct worker *worker = owner;
    struct question question = {action, first, second, database, inside};
    if (worker->trusted) {
        return SQLITE_OK;
    }
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (rules[i].action == action) {
            return rules[i].judge(worker, &question);
        }
    }
    return write_own(worker, &question);
}

void guard_set(struct worker *worker, sqlite3 *db)
{
    sqlite3_set_authorizer(db, authorize, worker);
}
