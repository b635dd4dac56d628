/* catalog/facets: which products a facet holds of, and which values there are.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/search.h"

#include <stdlib.h>
#include <string.h>

#include "engine/catalog/reading.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

/* A facet that is not kept as such: the products, given the typed value as ?1, its words
 * as ?2. */
static const struct derived {
    const char *facet, *sql;
} derived[] = {
    {"class", "SELECT o.product_row FROM domain d JOIN facet f ON f.facet='domain' AND "
              "f.value=d.name JOIN facet_of o ON o.facet_row=f.row WHERE "
              "lower(d.class)=lower(?1)"},
};

/* The values that are meant: those that are so, else that start so, else that have it in
 * them. */
static const char *const kept[] = {
    "SELECT o.product_row FROM facet f JOIN facet_of o ON o.facet_row=f.row WHERE "
    "f.facet=?3 AND (f.folded=?2 OR f.value=?1)",
    "SELECT o.product_row FROM facet f JOIN facet_of o ON o.facet_row=f.row WHERE "
    "f.facet=?3 AND substr(f.folded,1,length(?2))=?2",
    "SELECT o.product_row FROM facet f JOIN facet_of o ON o.facet_row=f.row WHERE "
    "f.facet=?3 AND instr(f.folded,?2)>0",
};

static size_t mark_all(const struct catalog *catalog, const char *sql,
                       const char *const values[3], uint8_t *marks, size_t rows)
{
    size_t count = 0;
    sqlite3_stmt *stmt = catalog_statement(catalog, sql);
    if (stmt == NULL) {
        return 0;
    }
    store_bind(stmt, "ss", values[0], values[1]);
    if (sqlite3_bind_parameter_count(stmt) > 2) {
        sqlite3_bind_text(stmt, 3, values[2], -1, SQLITE_STATIC);
    }
    while (store_step(stmt, NULL) == STORE_ROW) {
        sqlite3_int64 row = sqlite3_column_int64(stmt, 0);
        if (row > 0 && (size_t)row < rows) {
            marks[row] = 1;
            count++;
        }
    }
    sqlite3_reset(stmt);
    return count;
}

/* ---- Freshness: by the rule, from what the index and the log know ---- */

/* What the log knows better than the index. */
static void mark_seen(const struct catalog *catalog, const char *state, uint8_t *marks,
                      size_t rows)
{
    const struct array *all = freshness_all_seen(catalog);
    long long now = catalog_now(catalog);
    sqlite3_stmt *find = catalog_statement(
        catalog, "SELECT p.rowid,f.changed,f.period FROM product p JOIN freshness f ON "
                 "f.product_row=p.rowid WHERE p.key=?1 COLLATE NOCASE");
    for (size_t i = 0; find != NULL && i < all->count; i++) {
        const struct catalog_seen *seen = array_at(all, i);
        store_bind(find, "s", seen->product);
        if (store_step(find, NULL) == STORE_ROW) {
            sqlite3_int64 row = sqlite3_column_int64(find, 0);
            sqlite3_int64 own = sqlite3_column_int64(find, 1);
            struct catalog_freshness facts = {
                .changed = seen->changed > own ? seen->changed : own,
                .promised = sqlite3_column_double(find, 2)};
            enum catalog_freshness_state is =
                freshness_rule(&facts, now, own > 0 ? now : seen->looked);
            if (row > 0 && (size_t)row < rows) {
                marks[row] = string_equal(catalog_freshness_name(is), state);
            }
        }
        sqlite3_reset(find);
    }
}

static void mark_fresh(const struct catalog *catalog, const char *state, uint8_t *marks,
                       size_t rows)
{
    long long now = catalog_now(catalog);
    sqlite3_stmt *stmt =
        catalog_statement(catalog, "SELECT product_row,changed,period FROM freshness");
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        sqlite3_int64 row = sqlite3_column_int64(stmt, 0);
        struct catalog_freshness facts = {.changed = sqlite3_column_int64(stmt, 1),
                                          .promised = sqlite3_column_double(stmt, 2)};
        if (row > 0 && (size_t)row < rows) {
            marks[row] = string_equal(
                catalog_freshness_name(freshness_rule(&facts, now, now)), state);
        }
    }
    sqlite3_reset(stmt);
    mark_seen(catalog, state, marks, rows);
}

void facet_mark(const struct catalog *catalog, const struct fold *fold,
                const struct filter_term *term, uint8_t *marks, size_t rows)
{
    struct text folded = {0};
    fold_words(fold, term->value, &folded);
    const char *values[3] = {term->value,
                             folded.length > 0 ? text_string(&folded) : term->value,
                             term->facet->name};
    bool is_kept = true;
    if (term->facet->is_bare) {
        mark_fresh(catalog, term->facet->name, marks, rows);
        is_kept = false;
    }
    if (string_equal(term->facet->name, "quality")) {
        standing_mark(catalog, term->value, marks, rows);
        is_kept = false;
    }
    for (size_t i = 0; i < sizeof derived / sizeof *derived; i++) {
        if (string_equal(derived[i].facet, term->facet->name)) {
            mark_all(catalog, derived[i].sql, values, marks, rows);
            is_kept = false;
        }
    }
    size_t found = 0;
    for (size_t i = 0; is_kept && found == 0 && i < sizeof kept / sizeof *kept; i++) {
        found = mark_all(catalog, kept[i], values, marks, rows);
    }
    text_release(&folded);
}

/* ---- Values and how many products have them ---- */

/* The values of the facet that start with the words ?2. */
#define VALUES_OF                                                                        \
    "FROM facet f WHERE f.facet=?1 AND (?2='' OR substr(f.folded,1,length(?2))=?2 OR "   \
    "instr(f.folded,' '||?2)>0)"

static const char classes_sql[] =
    "SELECT 0,d.class,(SELECT count(*) FROM facet f JOIN facet_of o ON "
    "o.facet_row=f.row WHERE f.facet='domain' AND f.value IN(SELECT name FROM domain e "
    "WHERE e.class=d.class)) FROM domain d WHERE d.class IS NOT NULL AND "
    "lower(substr(d.class,1,length(?2)))=?2 AND ?1 IS NOT NULL GROUP BY d.class";

static int compare_values(const void *a, const void *b)
{
    const struct catalog_facet_value *x = a;
    const struct catalog_facet_value *y = b;
    return x->products != y->products
               ? (x->products < y->products) - (x->products > y->products)
               : strcmp(x->value, y->value);
}

static void finish_values(struct array *values, size_t limit)
{
    if (values->count > 0) {
        qsort(values->items, values->count, sizeof(struct catalog_facet_value),
              compare_values);
    }
    while (limit > 0 && values->count > limit) {
        struct catalog_facet_value *last = array_at(values, values->count - 1);
        free(last->value);
        values->count--;
    }
}

/* How many of the products that hold have the value. */
static long long count_holding(const struct search_query *query, long long facet_row)
{
    long long count = 0;
    sqlite3_stmt *stmt = catalog_statement(
        query->catalog, "SELECT product_row FROM facet_of WHERE facet_row=?1");
    if (stmt == NULL) {
        return 0;
    }
    store_bind(stmt, "l", facet_row);
    while (store_step(stmt, NULL) == STORE_ROW) {
        sqlite3_int64 row = sqlite3_column_int64(stmt, 0);
        count += row > 0 && (size_t)row < query->state->rows &&
                 search_holds(query, (size_t)row);
    }
    sqlite3_reset(stmt);
    return count;
}

/* The same of a facet that is not kept. */
static long long count_derived(const struct search_query *query, const char *facet,
                               const char *value)
{
    const struct filter_term term = {.facet = filter_facet(facet),
                                     .value = (char *)(uintptr_t)value};
    uint8_t *marks = memory_new_many(query->state->rows, 1);
    long long count = 0;
    facet_mark(query->catalog, query->state->fold, &term, marks, query->state->rows);
    for (size_t row = 0; row < query->state->rows; row++) {
        count += marks[row] && search_holds(query, row);
    }
    free(marks);
    return count;
}

/* query: NULL when all products count. */
static void take_values(const struct catalog *catalog, const struct search_query *query,
                        const struct catalog_facet_request *request, const char *start,
                        struct array *values)
{
    static const char counted[] = "SELECT f.row,f.value,(SELECT count(*) FROM facet_of o "
                                  "WHERE o.facet_row=f.row) " VALUES_OF;
    static const char uncounted[] = "SELECT f.row,f.value,0 " VALUES_OF;
    bool is_class = string_equal(request->facet, "class");
    sqlite3_stmt *stmt = catalog_statement(catalog, is_class        ? classes_sql
                                                    : query == NULL ? counted
                                                                    : uncounted);
    if (stmt == NULL) {
        return;
    }
    store_bind(stmt, "ss", request->facet, start);
    while (store_step(stmt, NULL) == STORE_ROW) {
        long long row = sqlite3_column_int64(stmt, 0);
        long long count = query == NULL ? sqlite3_column_int64(stmt, 2)
                          : is_class ? count_derived(query, "class", store_text(stmt, 1))
                                     : count_holding(query, row);
        if (count > 0) {
            *(struct catalog_facet_value *)array_push(values) =
                (struct catalog_facet_value){store_text_copy(stmt, 1), count};
        }
    }
    sqlite3_reset(stmt);
}

static void take_standings(const struct search_query *query, const char *start,
                           struct array *values)
{
    for (size_t i = 0; standing_words[i] != NULL; i++) {
        long long count = string_starts(standing_words[i], start)
                              ? count_derived(query, "quality", standing_words[i])
                              : 0;
        if (count > 0) {
            *(struct catalog_facet_value *)array_push(values) =
                (struct catalog_facet_value){string_copy(standing_words[i]), count};
        }
    }
}

struct array catalog_facets(const struct catalog *catalog,
                            const struct catalog_facet_request *request)
{
    struct array values = ARRAY_OF(struct catalog_facet_value);
    struct search_state *state = search_ready(catalog);
    struct filter terms = {.terms = ARRAY_OF(struct filter_term)};
    struct text start = {0};
    if (state == NULL ||
        (request->filter != NULL && !search_terms(request->filter, &terms, NULL))) {
        return values;
    }
    struct search_query query = {.catalog = catalog, .state = state, .filter = &terms};
    search_query_run(&query);
    fold_words(state->fold, request->start, &start);
    if (string_equal(request->facet, "quality")) {
        take_standings(&query, text_string(&start), &values);
    } else {
        take_values(catalog, terms.terms.count > 0 ? &query : NULL, request,
                    text_string(&start), &values);
    }
    finish_values(&values, request->limit);
    search_query_release(&query);
    filter_release(&terms);
    text_release(&start);
    return values;
}

void catalog_facets_release(struct array *values)
{
    for (size_t i = 0; i < values->count; i++) {
        struct catalog_facet_value *value = array_at(values, i);
        free(value->value);
    }
    array_release(values);
}
