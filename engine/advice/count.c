/* advice/count: the same statement with a counter among the conditions of each table.
 *
 * Behind WHERE, the counters come first: SQLite tries conditions in their order, so they
 * see each row that a loop visits. Of a table that is joined by LEFT JOIN they stand in
 * its ON, before what else is there.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/advice/private.h"
#include "engine/store.h"

#include <stdlib.h>
#include <string.h>

enum { COUNTERS_MOST = 200 };
static const char closing[] = "\n)"; /* a comment may stand before it */

struct insertion {
    size_t at, order;
    struct text text;
};

struct rewrite {
    const struct plan_facts *plan;
    const char *sql;
    struct array insertions; /* of struct insertion */
    struct array *counters;
};

static void insert(struct rewrite *rewrite, size_t at, const char *text)
{
    struct insertion *one = array_push(&rewrite->insertions);
    one->at = at;
    one->order = rewrite->insertions.count;
    text_append(&one->text, text);
}

/* Has it rowids: what was imported has, a view and a table without them have not. */
static bool can_count(const struct plan_facts *plan, const struct scope_source *source)
{
    if (source->kind != SCOPE_TABLE || source->table == NULL) {
        return false;
    }
    const struct table_facts *facts =
        facts_table(plan->facts, source->schema, source->table);
    if (facts != NULL) {
        return facts->name != NULL;
    }
    for (size_t i = 0; i < plan->own.count; i++) {
        const struct own_table *own = array_at(&plan->own, i);
        const char *dot = strchr(own->name, '.');
        if (dot != NULL && string_equal_fold(dot + 1, source->table)) {
            return own->has_rowids;
        }
    }
    return false;
}

static void append_rowid(struct text *out, const struct scope_source *source)
{
    if (source->alias == NULL && source->schema != NULL) {
        store_quote_name(out, source->schema);
        text_append(out, ".");
    }
    store_quote_name(out, scope_source_name(source));
    text_append(out, ".rowid");
}

/* The source of the same query whose loop is around that of this one; NULL: none. */
static const struct scope_source *find_around(const struct plan_facts *plan, size_t query,
                                              size_t source)
{
    const struct scope_query *in = scope_query(plan->scope, query);
    const struct scope_source *around = NULL;
    int parent = -1;
    for (size_t i = plan->nodes.count; i-- > 0;) {
        const struct node *node = array_at(&plan->nodes, i);
        bool is_loop = node->query == query && !string_starts(node->detail, "BLOOM");
        if (is_loop && node->source == source) {
            parent = node->parent;
            around = NULL;
        } else if (is_loop && node->parent == parent && around == NULL) {
            around = array_at(&in->sources, node->source);
        }
    }
    return around;
}

/* With the row around it: a condition on a table alone would have SQLite make a filter
 * from it, or take it earlier. */
static void append_counter(struct rewrite *rewrite, struct text *out, size_t query,
                           size_t source)
{
    const struct scope_query *in = scope_query(rewrite->plan->scope, query);
    const struct scope_source *around = find_around(rewrite->plan, query, source);
    struct counter *counter = array_push(rewrite->counters);
    *counter = (struct counter){query, source};
    /* likelihood(): it is always true and must not look as if it filtered. */
    text_printf(out, "likelihood(mwb_visit(%zu,", rewrite->counters->count - 1);
    append_rowid(out, array_at(&in->sources, source));
    if (around != NULL && can_count(rewrite->plan, around)) {
        text_append(out, ",");
        append_rowid(out, around);
    }
    text_append(out, "),1.0)");
}

/* The end of FROM, where WHERE would stand. */
static size_t end_of_from(const struct rewrite *rewrite, const struct scope_query *query)
{
    static const char *const ends[] = {"GROUP", "HAVING", "WINDOW",    "ORDER", "LIMIT",
                                       "UNION", "EXCEPT", "INTERSECT", NULL};
    const struct scope_source *last = array_at(&query->sources, query->sources.count - 1);
    size_t at = last->on.length > 0 ? last->on.start + last->on.length
                                    : last->name.start + last->name.length;
    size_t end = query->text.start + query->text.length;
    struct sql_token token;
    for (int depth = 0; sql_next(rewrite->sql, end, at, &token);) {
        const char *word = rewrite->sql + token.start;
        depth += token.kind == SQL_OPERATOR ? (*word == '(') - (*word == ')') : 0;
        if (depth < 0 || token.kind == SQL_SEMICOLON) {
            break;
        }
        for (size_t i = 0; depth == 0 && ends[i] != NULL; i++) {
            if (token.length == strlen(ends[i]) &&
                sqlite3_strnicmp(word, ends[i], (int)token.length) == 0) {
                return token.start;
            }
        }
        at = token.start + token.length;
    }
    return at;
}

static void count_in_on(struct rewrite *rewrite, size_t query, size_t source)
{
    const struct scope_query *in = scope_query(rewrite->plan->scope, query);
    const struct scope_source *one = array_at(&in->sources, source);
    struct text text = {0};
    text_append(&text, " ");
    append_counter(rewrite, &text, query, source);
    text_append(&text, " AND (");
    insert(rewrite, one->on.start, text_string(&text));
    insert(rewrite, one->on.start + one->on.length, closing);
    text_release(&text);
}

static void count_in_where(struct rewrite *rewrite, size_t index, const struct text *text)
{
    const struct scope_query *query = scope_query(rewrite->plan->scope, index);
    if (query->where.length > 0) {
        char *start = string_printf(" %s AND (", text_string(text));
        insert(rewrite, query->where.start, start);
        insert(rewrite, query->where.start + query->where.length, closing);
        free(start);
    } else {
        char *where = string_printf("\nWHERE %s ", text_string(text));
        insert(rewrite, end_of_from(rewrite, query), where);
        free(where);
    }
}

static void count_query(struct rewrite *rewrite, size_t index)
{
    const struct scope_query *query = scope_query(rewrite->plan->scope, index);
    struct text where = {0};
    if (query->verb != SCOPE_SELECT) {
        return;
    }
    for (size_t i = 0; i < query->sources.count; i++) {
        const struct scope_source *source = array_at(&query->sources, i);
        bool outer = source->join == SCOPE_LEFT && source->on.length > 0;
        if (rewrite->counters->count >= COUNTERS_MOST ||
            !can_count(rewrite->plan, source)) {
            continue;
        }
        if (outer) {
            count_in_on(rewrite, index, i);
        } else {
            text_append(&where, where.length > 0 ? " AND " : "");
            append_counter(rewrite, &where, index, i);
        }
    }
    if (where.length > 0) {
        count_in_where(rewrite, index, &where);
    }
    text_release(&where);
}

static int compare(const void *a, const void *b)
{
    const struct insertion *one = a, *other = b;
    size_t a_key = one->at != other->at ? one->at : one->order;
    size_t b_key = one->at != other->at ? other->at : other->order;
    return a_key < b_key ? -1 : a_key > b_key;
}

static char *apply(struct rewrite *rewrite)
{
    struct text out = {0};
    size_t at = 0;
    if (rewrite->insertions.count > 0) {
        qsort(rewrite->insertions.items, rewrite->insertions.count,
              sizeof(struct insertion), compare);
    }
    for (size_t i = 0; i < rewrite->insertions.count; i++) {
        const struct insertion *one = array_at(&rewrite->insertions, i);
        text_append_bytes(&out, rewrite->sql + at, one->at - at);
        text_append(&out, text_string(&one->text));
        at = one->at;
    }
    text_append(&out, rewrite->sql + at);
    return text_take(&out);
}

char *count_text(const struct plan_facts *plan, const char *sql, struct array *counters)
{
    struct rewrite rewrite = {.plan = plan,
                              .sql = sql,
                              .insertions = ARRAY_OF(struct insertion),
                              .counters = counters};
    for (size_t i = 0; i < scope_query_count(plan->scope); i++) {
        count_query(&rewrite, i);
    }
    char *text = counters->count > 0 ? apply(&rewrite) : NULL;
    for (size_t i = 0; i < rewrite.insertions.count; i++) {
        text_release(&((struct insertion *)array_at(&rewrite.insertions, i))->text);
    }
    array_release(&rewrite.insertions);
    return text;
}
