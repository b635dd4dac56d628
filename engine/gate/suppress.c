/* gate/suppress: a statement that counts gets a condition on its groups.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/gate/private.h"

#include <stdlib.h>

#include "engine/store.h"

static void join(struct text *out, const char *word)
{
    text_append(out, out->length > 0 ? word : "");
}

/* Rows of a join stand for the same row of a table many times. */
static void append_rows(const struct shape *shape, const struct shape_source *source,
                        const struct shape_range *column, struct text *out)
{
    if (shape->sources.count == 1) {
        text_append(out, "count(");
        if (column != NULL) {
            shape_append(shape, *column, out);
        }
        text_append(out, column != NULL ? ")" : "*)");
        return;
    }
    text_append(out, "count(DISTINCT ");
    if (column != NULL) {
        text_append(out, "CASE WHEN ");
        shape_append(shape, *column, out);
        text_append(out, " IS NOT NULL THEN ");
    }
    store_quote_name(out, source->name);
    text_append(out, column != NULL ? ".rowid END)" : ".rowid)");
}

/* Enough rows of each table, and of each column that is summed up enough values. */
static void append_condition(const struct shape *shape, struct text *out)
{
    struct text condition = {0};
    for (size_t i = 0; i < shape->sources.count; i++) {
        const struct shape_source *source = array_at(&shape->sources, i);
        for (size_t k = 0; source->at_least > 0 && k <= shape->arguments.count; k++) {
            const struct shape_range *column =
                k > 0 ? array_at(&shape->arguments, k - 1) : NULL;
            join(&condition, " AND ");
            append_rows(shape, source, column, &condition);
            text_printf(&condition, " >= %lld", source->at_least);
        }
    }
    text_append(out, text_string(&condition));
    text_release(&condition);
}

static void append_clause(const struct shape *shape, const char *word,
                          struct shape_range range, struct text *out)
{
    if (range.to > range.from) {
        text_append(out, word);
        shape_append(shape, range, out);
    }
}

static char *statement(const struct shape *shape)
{
    struct text sql = {0};
    text_append(&sql, "SELECT ");
    shape_append(shape, shape->items, &sql);
    append_clause(shape, " FROM ", shape->from, &sql);
    append_clause(shape, " WHERE ", shape->where, &sql);
    append_clause(shape, " GROUP BY ", shape->group, &sql);
    text_append(&sql, " HAVING ");
    if (shape->having.to > shape->having.from) {
        text_append(&sql, "(");
        shape_append(shape, shape->having, &sql);
        text_append(&sql, ") AND ");
    }
    append_condition(shape, &sql);
    append_clause(shape, " ORDER BY ", shape->order, &sql);
    append_clause(shape, " LIMIT ", shape->limit, &sql);
    return text_take(&sql);
}

static char *count(const struct shape *shape)
{
    struct text sql = {0};
    if (shape->group.to == shape->group.from) {
        return NULL;
    }
    text_append(&sql, "SELECT count(*) FROM (SELECT ");
    shape_append(shape, shape->items, &sql);
    append_clause(shape, " FROM ", shape->from, &sql);
    append_clause(shape, " WHERE ", shape->where, &sql);
    append_clause(shape, " GROUP BY ", shape->group, &sql);
    text_append(&sql, " HAVING NOT (");
    append_condition(shape, &sql);
    text_append(&sql, "))");
    return text_take(&sql);
}

/* Counting needs an aggregate or a key: constants alone would give a row for each row. */
static bool has_groups(const struct shape *shape, struct error *err)
{
    if (shape->group.to > shape->group.from) {
        return true;
    }
    for (size_t i = shape->items.from; i < shape->items.to; i++) {
        static const char *const names[] = {"count", "sum", "total", "avg", "stddev"};
        for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
            if (shape_is(shape, i, names[k]) && shape_is(shape, i + 1, "(")) {
                return true;
            }
        }
    }
    return shape_refuse(shape, err, "the statement gives rows");
}

bool gate_suppress(const struct gate_shape *asked, struct gate_suppressed *out,
                   struct error *err)
{
    struct shape shape = {.asked = asked,
                          .words = ARRAY_OF(struct shape_word),
                          .item_list = ARRAY_OF(struct shape_item),
                          .group_list = ARRAY_OF(struct shape_range),
                          .sources = ARRAY_OF(struct shape_source),
                          .columns = ARRAY_OF(char *),
                          .arguments = ARRAY_OF(struct shape_range)};
    *out = (struct gate_suppressed){0};
    bool done = shape_read(&shape, err) && has_groups(&shape, err);
    if (done) {
        out->sql = statement(&shape);
        out->count = count(&shape);
        for (size_t i = 0; i < shape.sources.count; i++) {
            const struct shape_source *source = array_at(&shape.sources, i);
            out->at_least =
                source->at_least > out->at_least ? source->at_least : out->at_least;
        }
    }
    shape_release(&shape);
    return done;
}

void gate_suppressed_release(struct gate_suppressed *suppressed)
{
    free(suppressed->sql);
    free(suppressed->count);
    *suppressed = (struct gate_suppressed){0};
}

long long gate_hidden_at_most(long long hidden, long long at_least)
{
    return (hidden / at_least + 1) * at_least - 1;
}
