/* session/classes: what tables of the workspace were made from, as a classification.
 *
 * Kept in the database of the tables themselves (mwb_classification of main and of temp),
 * so that a ROLLBACK, a copy of the file and the next program all see the same;
 * statements cannot change it (guard.c). It is raised before a statement writes, never
 * lowered while the table is there.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/session/classes.h"

#include <stdlib.h>
#include <string.h>

#include "engine/store.h"

static bool begin_trusted(struct worker *worker)
{
    bool before = worker->trusted;
    worker->trusted = true;
    return before;
}

/* "main.orders" -> "main" and "orders", yours. */
static void split(const char *name, char **database, char **table)
{
    size_t length = strcspn(name, ".");
    *database = string_copy_bytes(name, length);
    *table = string_copy(name + length + (name[length] == '.'));
}

static char *sql_for(const char *before, const char *database, const char *after)
{
    struct text sql = {0};
    text_append(&sql, before);
    store_quote_name(&sql, database);
    text_append(&sql, after);
    return text_take(&sql);
}

static bool has_classes(struct worker *worker, const char *database)
{
    char *sql = sql_for("SELECT count(*) FROM ", database,
                        ".sqlite_schema WHERE type='table' AND "
                        "name='" CLASSES_TABLE "'");
    bool has = store_number(worker->db, 0, sql, "") > 0;
    free(sql);
    return has;
}

/* Inner tables of a virtual one (orders_content of orders) hold what it holds. */
char *classes_of(struct worker *worker, const char *name)
{
    char *database, *table;
    char *found = NULL;
    bool before = begin_trusted(worker);
    split(name, &database, &table);
    if (has_classes(worker, database)) {
        char *sql = string_printf(
            "SELECT classification FROM \"%s\"." CLASSES_TABLE
            " c WHERE name=?1 COLLATE NOCASE OR (substr(?1,1,length(name)+1)=name||'_' "
            "COLLATE NOCASE AND EXISTS(SELECT 1 FROM \"%s\".sqlite_schema s WHERE "
            "s.name=c.name COLLATE NOCASE AND s.sql LIKE 'CREATE VIRTUAL%%')) ORDER BY "
            "name<>?1 COLLATE NOCASE LIMIT 1",
            database, database);
        found = store_string(worker->db, sql, "s", table);
        free(sql);
    }
    worker->trusted = before;
    free(database);
    free(table);
    return found;
}

static bool is_there(struct worker *worker, const char *database, const char *table)
{
    char *sql = sql_for("SELECT count(*) FROM ", database,
                        ".sqlite_schema WHERE name=?1 COLLATE NOCASE");
    bool is = store_number(worker->db, 0, sql, "s", table) > 0;
    free(sql);
    return is;
}

static bool keep(struct worker *worker, const char *database, const char *table,
                 const char *classification, struct error *err)
{
    char *make = sql_for("CREATE TABLE IF NOT EXISTS ", database,
                         "." CLASSES_TABLE
                         "(name TEXT PRIMARY KEY COLLATE NOCASE,classification TEXT)");
    char *put =
        sql_for("INSERT OR REPLACE INTO ", database, "." CLASSES_TABLE " VALUES(?1,?2)");
    bool done = has_classes(worker, database) || store_run(worker->db, make, err);
    sqlite3_stmt *stmt = done ? store_prepare(worker->db, put, err) : NULL;
    if (stmt != NULL) {
        store_bind(stmt, "ss", table, classification);
    }
    done = stmt != NULL && store_execute(stmt, err);
    store_finish(stmt);
    free(make);
    free(put);
    return done;
}

static bool raise_one(struct worker *worker, const char *name, const char *classification,
                      struct error *err)
{
    char *database, *table;
    split(name, &database, &table);
    char *old = classes_of(worker, name);
    const char *higher = is_there(worker, database, table)
                             ? gate_higher(worker->catalog, old, classification)
                             : classification; /* what had the name before is gone */
    bool done = string_equal(higher, old) || keep(worker, database, table, higher, err) ||
                error_prefix(err, "could not note what %s is made from: ", name);
    free(old);
    free(database);
    free(table);
    return done;
}

bool classes_raise(struct worker *worker, const char *classification, struct error *err)
{
    bool before = begin_trusted(worker);
    bool done = true;
    for (size_t i = 0; i < worker->written.count && done; i++) {
        const char *name = *(char **)array_at(&worker->written, i);
        bool is_ours = string_equal_fold(name, "main." CLASSES_TABLE) ||
                       string_equal_fold(name, "temp." CLASSES_TABLE);
        done = is_ours || raise_one(worker, name, classification, err);
    }
    worker->trusted = before;
    return done;
}

/* ---- Another name ---- */

long long classes_page(struct worker *worker)
{
    char *database, *table;
    if (worker->altered == NULL) {
        return 0;
    }
    bool before = begin_trusted(worker);
    split(worker->altered, &database, &table);
    char *sql = sql_for("SELECT rootpage FROM ", database,
                        ".sqlite_schema WHERE name=?1 COLLATE NOCASE");
    long long page = store_number(worker->db, 0, sql, "s", table);
    free(sql);
    free(database);
    free(table);
    worker->trusted = before;
    return page;
}

bool classes_may_alter(struct worker *worker, struct error *err)
{
    char *classification = worker->altered != NULL && classes_page(worker) == 0
                               ? classes_of(worker, worker->altered)
                               : NULL;
    bool may = classification == NULL ||
               error_set(err, ERROR_FAILED,
                         "%s is a virtual table made from %s rows, which keeps its name; "
                         "make another one of the new name",
                         worker->altered, classification);
    free(classification);
    return may;
}

void classes_follow(struct worker *worker, long long page)
{
    char *database, *table;
    if (worker->altered == NULL || page == 0) {
        return;
    }
    bool before = begin_trusted(worker);
    split(worker->altered, &database, &table);
    char *sql =
        sql_for("SELECT name FROM ", database, ".sqlite_schema WHERE rootpage=?1");
    char *now = store_string(worker->db, sql, "l", page);
    char *old = classes_of(worker, worker->altered);
    if (now != NULL && old != NULL && !string_equal_fold(now, table)) {
        keep(worker, database, now, old, NULL);
    }
    free(sql);
    free(now);
    free(old);
    free(database);
    free(table);
    worker->trusted = before;
}
