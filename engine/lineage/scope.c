/* lineage/scope: names that may stand in FROM: CTEs, and views of the databases.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/trace.h"

#include <stdlib.h>
#include <string.h>

#include "engine/store.h"

/* ---- WITH ---- */

static const char *const as_words[] = {"AS", NULL};

static bool take_cte(struct scope *scope, const struct part *part, size_t *at)
{
    struct cte *cte = array_push(&scope->ctes);
    size_t i = *at;
    cte->columns = (struct array)ARRAY_OF(char *);
    if (!token_is_name(part, i)) {
        cte->name = string_copy("");
        return false;
    }
    cte->name = token_name(part, i++);
    if (token_is(part, i, "(")) {
        size_t end = token_at(part, i)->match;
        for (i++; i < end; i++) {
            if (token_is_name(part, i)) {
                *(char **)array_push(&cte->columns) = token_name(part, i);
            }
        }
        i = end + 1;
    }
    if (!token_is_any(part, i++, as_words)) {
        return false;
    }
    i += token_is(part, i, "NOT");
    i += token_is(part, i, "MATERIALIZED");
    if (!token_opens_query(part, i)) {
        return false;
    }
    cte->body = (struct part){part->in, i + 1, token_at(part, i)->match};
    *at = token_next(part, i);
    return true;
}

bool scope_open(struct scope *scope, struct part *part)
{
    size_t i = part->from;
    scope->ctes = (struct array)ARRAY_OF(struct cte);
    if (!token_is(part, i, "WITH")) {
        return true;
    }
    i++;
    i += token_is(part, i, "RECURSIVE") && !token_is(part, i + 1, "AS");
    do {
        if (!take_cte(scope, part, &i)) {
            return false;
        }
    } while (token_is(part, i, ",") && i++ > 0);
    part->from = i;
    return true;
}

void scope_release(struct scope *scope)
{
    for (size_t i = 0; i < scope->ctes.count; i++) {
        struct cte *cte = array_at(&scope->ctes, i);
        for (size_t k = 0; k < cte->columns.count; k++) {
            free(*(char **)array_at(&cte->columns, k));
        }
        array_release(&cte->columns);
        free(cte->name);
    }
    array_release(&scope->ctes);
}

static struct cte *find_cte(const struct scope **scope, const char *name)
{
    for (; *scope != NULL; *scope = (*scope)->above) {
        for (size_t i = 0; i < (*scope)->ctes.count; i++) {
            struct cte *cte = array_at(&(*scope)->ctes, i);
            if (sqlite3_stricmp(cte->name, name) == 0) {
                return cte;
            }
        }
    }
    return NULL;
}

const char *scope_stand(struct trace *trace, const struct scope *scope, const char *name,
                        bool *stays)
{
    *stays = false;
    struct cte *cte = find_cte(&scope, name);
    if (cte == NULL) {
        return NULL;
    }
    if (cte->state == CTE_NEW) {
        cte->state = CTE_WORKING;
        struct relation *relation = query_stand(trace, &cte->body, scope, cte);
        cte->relation = relation;
        cte->state = relation != NULL ? CTE_DONE : CTE_FAILED;
    }
    if (cte->relation == NULL) {
        cte->stays = *stays = true;
        return NULL;
    }
    return cte->relation->stand;
}

/* ---- Views ---- */

struct view_seen {
    char *database, *name;
    struct tokens tokens;      /* of its CREATE VIEW */
    struct relation *relation; /* NULL: being traced, or it cannot be */
};

void view_seen_init(struct trace *trace)
{
    trace->views = (struct array)ARRAY_OF(struct view_seen *);
}

void view_seen_release(struct trace *trace)
{
    for (size_t i = 0; i < trace->views.count; i++) {
        struct view_seen *seen = *(struct view_seen **)array_at(&trace->views, i);
        free(seen->database);
        free(seen->name);
        tokens_release(&seen->tokens);
        free(seen);
    }
    array_release(&trace->views);
}

/* The statement of a view, or NULL: there is no such view in this database. Yours. */
static char *view_sql(const struct trace *trace, const char *database, const char *name)
{
    struct text sql = {0};
    text_append(&sql, "SELECT type='view',sql FROM ");
    store_quote_name(&sql, database);
    text_append(&sql, ".sqlite_master WHERE name=?1 COLLATE NOCASE AND type IN('table',"
                      "'view')");
    sqlite3_stmt *stmt = store_prepare(trace->db, text_string(&sql), NULL);
    char *found = NULL;
    text_release(&sql);
    if (stmt != NULL) {
        store_bind(stmt, "s", name);
        if (store_step(stmt, NULL) == STORE_ROW) {
            bool is_view = sqlite3_column_int(stmt, 0) != 0;
            found = string_copy(is_view ? store_text(stmt, 1) : "");
        }
        store_finish(stmt);
    }
    return found;
}

/* CREATE VIEW name(columns) AS query: its columns and its query. */
static bool take_view(struct view_seen *seen, struct cte *cte)
{
    struct part all = {&seen->tokens, 0, seen->tokens.items.count};
    size_t i = 0;
    while (i < all.to && !token_is(&all, i, "(") && !token_is(&all, i, "AS")) {
        i++;
    }
    if (token_is(&all, i, "(")) {
        size_t end = token_at(&all, i)->match;
        for (i++; i < end; i++) {
            if (token_is_name(&all, i)) {
                *(char **)array_push(&cte->columns) = token_name(&all, i);
            }
        }
        i = end + 1;
    }
    cte->body = (struct part){all.in, i + 1, all.to};
    return token_is(&all, i, "AS");
}

static void trace_view(struct trace *trace, struct view_seen *seen, const char *sql)
{
    struct scope scope = {.ctes = ARRAY_OF(struct cte), .database = seen->database};
    struct cte cte = {.columns = ARRAY_OF(char *), .state = CTE_WORKING};
    if (tokens_read(&seen->tokens, sql, strlen(sql)) && take_view(seen, &cte)) {
        seen->relation = query_stand(trace, &cte.body, &scope, &cte);
    }
    for (size_t i = 0; i < cte.columns.count; i++) {
        free(*(char **)array_at(&cte.columns, i));
    }
    array_release(&cte.columns);
}

static struct view_seen *find_view(const struct trace *trace, const char *database,
                                   const char *name)
{
    for (size_t i = 0; i < trace->views.count; i++) {
        struct view_seen *seen = *(struct view_seen **)array_at(&trace->views, i);
        if (sqlite3_stricmp(seen->database, database) == 0 &&
            sqlite3_stricmp(seen->name, name) == 0) {
            return seen;
        }
    }
    return NULL;
}

const char *view_stand(struct trace *trace, const char *database, const char *name)
{
    char *sql = NULL;
    if (database != NULL) {
        sql = view_sql(trace, database, name);
    }
    /* temp before main before the others, as SQLite looks for names. */
    for (int i = 0;
         database == NULL && sql == NULL && sqlite3_db_name(trace->db, i) != NULL; i++) {
        const char *looked = sqlite3_db_name(trace->db, i == 0 ? 1 : i == 1 ? 0 : i);
        sql = looked != NULL ? view_sql(trace, looked, name) : NULL;
        database = sql != NULL ? looked : NULL;
    }
    if (sql == NULL || *sql == '\0') {
        free(sql);
        return NULL;
    }
    struct view_seen *seen = find_view(trace, database, name);
    if (seen == NULL) {
        seen = memory_new(sizeof *seen);
        *(struct view_seen **)array_push(&trace->views) = seen;
        seen->database = string_copy(database);
        seen->name = string_copy(name);
        trace_view(trace, seen, sql);
    }
    free(sql);
    return seen->relation != NULL ? seen->relation->stand : NULL;
}
