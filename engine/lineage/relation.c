/* lineage/relation: what is known of a query's columns, and the table in its place.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/trace.h"

#include <stdlib.h>
#include <string.h>

#include "engine/store.h"

struct relation *relation_new(void)
{
    struct relation *relation = memory_new(sizeof *relation);
    relation->columns = (struct array)ARRAY_OF(struct made_column);
    return relation;
}

void relation_free(struct relation *relation)
{
    if (relation == NULL) {
        return;
    }
    for (size_t i = 0; i < relation->columns.count; i++) {
        struct made_column *column = array_at(&relation->columns, i);
        free(column->name);
        set_release(&column->direct);
        set_release(&column->own);
    }
    array_release(&relation->columns);
    set_release(&relation->rows);
    free(relation->stand);
    free(relation);
}

struct made_column *relation_add(struct relation *relation, const char *name)
{
    struct made_column *column = array_push(&relation->columns);
    column->name = string_copy(name);
    return column;
}

const struct made_column *relation_column(const struct relation *relation,
                                          const char *name)
{
    for (size_t i = 0; i < relation->columns.count; i++) {
        const struct made_column *column = array_at(&relation->columns, i);
        if (sqlite3_stricmp(column->name, name) == 0) {
            return column;
        }
    }
    return NULL;
}

/* Two columns of one name: the second becomes name:1, as SQLite has it. */
static void tell_apart(struct relation *relation)
{
    for (size_t i = 1; i < relation->columns.count; i++) {
        struct made_column *column = array_at(&relation->columns, i);
        int n = 0;
        char *base = string_copy(column->name);
        for (size_t k = 0; k < i;) {
            const struct made_column *other = array_at(&relation->columns, k);
            if (sqlite3_stricmp(other->name, column->name) == 0) {
                free(column->name);
                column->name = string_printf("%s:%d", base, ++n);
                k = 0;
            } else {
                k++;
            }
        }
        free(base);
    }
}

bool relation_stand(struct trace *trace, struct relation *relation)
{
    struct text sql = {0};
    tell_apart(relation);
    char *stand = string_printf("mwb_lineage_%zu", trace->relations.count);
    text_printf(&sql, "CREATE TEMP TABLE %s(", stand);
    for (size_t i = 0; i < relation->columns.count; i++) {
        text_append(&sql, i > 0 ? "," : "");
        store_quote_name(&sql,
                         ((struct made_column *)array_at(&relation->columns, i))->name);
    }
    text_append(&sql, ")");
    bool done =
        relation->columns.count > 0 && store_run(trace->db, text_string(&sql), NULL);
    text_release(&sql);
    if (!done) {
        free(stand);
        return false;
    }
    relation->stand = stand;
    *(struct relation **)array_push(&trace->relations) = relation;
    return true;
}

void relation_distinct(struct relation *relation)
{
    for (size_t i = 0; i < relation->columns.count; i++) {
        const struct made_column *column = array_at(&relation->columns, i);
        set_join(&relation->rows, &column->direct);
        set_join(&relation->rows, &column->own);
    }
}

/* ---- Queries that read themselves ---- */

/* The column of the relation itself that this source is, or NULL. */
static const struct made_column *own_column(const struct trace *trace,
                                            const struct relation *relation,
                                            size_t number)
{
    const struct source *source = source_at(trace, number);
    bool is_own = source != NULL && source->kind == SOURCE_STAND &&
                  string_equal(source->table, relation->stand);
    return is_own ? relation_column(relation, source->name) : NULL;
}

/* One round: what is read of itself brings what that is made from. */
static bool unfold(const struct trace *trace, const struct relation *relation,
                   struct set *direct, struct set *others)
{
    bool is_new = false;
    for (size_t n = 0; n < trace->sources.count; n++) {
        const struct made_column *column =
            set_has(direct, n) ? own_column(trace, relation, n) : NULL;
        if (column != NULL) {
            is_new = set_join(direct, &column->direct) || is_new;
            is_new = set_join(others, &column->own) || is_new;
        }
    }
    return is_new;
}

static void drop_own(const struct trace *trace, const struct relation *relation,
                     struct set *set)
{
    for (size_t n = 0; n < trace->sources.count; n++) {
        const struct source *source = source_at(trace, n);
        if (source->kind == SOURCE_STAND &&
            string_equal(source->table, relation->stand)) {
            set_remove(set, n);
        }
    }
}

void relation_close(const struct trace *trace, struct relation *relation)
{
    bool is_new = true;
    while (is_new) {
        is_new = unfold(trace, relation, &relation->rows, &relation->rows);
        for (size_t i = 0; i < relation->columns.count; i++) {
            struct made_column *column = array_at(&relation->columns, i);
            is_new = unfold(trace, relation, &column->direct, &column->own) || is_new;
            is_new = unfold(trace, relation, &column->own, &column->own) || is_new;
        }
    }
    drop_own(trace, relation, &relation->rows);
    for (size_t i = 0; i < relation->columns.count; i++) {
        struct made_column *column = array_at(&relation->columns, i);
        drop_own(trace, relation, &column->direct);
        drop_own(trace, relation, &column->own);
    }
    relation->is_open = false;
}
