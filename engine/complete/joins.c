/* complete/joins: conditions of joins, with what is known of the rows they bring
 * together. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/complete/private.h"

#include <stdlib.h>
#include <string.h>

enum { WEIGHT_CONDITION = -3, CONDITIONS_MOST = 40 };

/* ---- Sources and the tables they are made from ---- */

/* The tables of the mesh that columns of a source come from: struct known_table *. */
static struct array origins_of(struct search *search, const struct scope_source *source)
{
    struct array origins = ARRAY_OF(struct known_table *);
    const struct array *columns = scope_source_columns(search->scope, source);
    for (size_t i = 0; columns != NULL && i < columns->count; i++) {
        const struct scope_column *column = array_at(columns, i);
        struct known_table *table =
            column->table != NULL && column->schema != NULL
                ? known_table(search->complete, column->schema, column->table)
                : NULL;
        bool known = table == NULL || table->object_row == 0;
        for (size_t k = 0; k < origins.count && !known; k++) {
            known = *(struct known_table **)array_at(&origins, k) == table;
        }
        if (!known) {
            *(struct known_table **)array_push(&origins) = table;
        }
    }
    return origins;
}

/* What the source calls a column of its origin; NULL: it does not have it. */
static const char *called(struct search *search, const struct scope_source *source,
                          const struct known_table *table, const char *column)
{
    const struct array *columns = scope_source_columns(search->scope, source);
    for (size_t i = 0; columns != NULL && i < columns->count; i++) {
        const struct scope_column *one = array_at(columns, i);
        if (string_equal_fold(one->schema, table->schema) &&
            string_equal_fold(one->table, table->name) &&
            string_equal_fold(one->column, column)) {
            return one->name;
        }
    }
    return NULL;
}

/* ---- Where a table may be joined ---- */

/* Is this source what is being typed at the cursor? */
static bool is_typed(const struct search *search, const struct scope_source *source)
{
    return source->name.start + (search->place->quote != 0) >= search->place->word_start;
}

/* What the tables that one leads to are joined by. */
static void add_joins(struct search *search, const struct scope_source *source,
                      struct known_table *origin)
{
    const struct array *links = known_links(search->complete, origin);
    for (size_t i = 0; i < links->count; i++) {
        const struct known_link *link = array_at(links, i);
        if (link->way != WAY_KEY) {
            struct join *join = array_push(&search->joins);
            *join = (struct join){link->other,
                                  string_printf("%s = %s.%s", link->its,
                                                scope_source_name(source), link->mine)};
        }
    }
}

void seek_joins(struct search *search)
{
    const struct scope_query *query = scope_query(search->scope, search->place->query);
    for (size_t i = 0; query != NULL && i < query->sources.count; i++) {
        const struct scope_source *source = array_at(&query->sources, i);
        if (is_typed(search, source) || scope_source_name(source) == NULL) {
            continue;
        }
        struct array origins = origins_of(search, source);
        for (size_t k = 0; k < origins.count; k++) {
            add_joins(search, source, *(struct known_table **)array_at(&origins, k));
        }
        array_release(&origins);
    }
}

const char *seek_join_of(const struct search *search, const struct known_table *table)
{
    for (size_t i = 0; table->object_row > 0 && i < search->joins.count; i++) {
        const struct join *join = array_at(&search->joins, i);
        if (join->object_row == table->object_row) {
            return join->text;
        }
    }
    return NULL;
}

/* ---- What joining does to rows ---- */

static void tell_share(struct text *out, const struct measured *measure)
{
    double share =
        measure->rows > 0 ? 100.0 * (double)measure->matched / (double)measure->rows : 0;
    if (measure->matched == measure->rows) {
        text_append(out, "every row finds a partner");
    } else if (measure->matched == 0) {
        text_append(out, "no row finds a partner");
    } else if (share >= 99.95) {
        text_append(out, "nearly every row finds a partner");
    } else {
        text_printf(out, "%.1f %% of rows find a partner", share);
    }
    if (measure->rows == MEASURE_ROWS) {
        text_append(out, " (of the first 100,000)");
    }
    if (measure->most > 1) {
        double mean = (double)measure->partners / (double)measure->matched;
        if (mean < 1.05) {
            text_printf(out, "; multiplies a few rows: up to %lld for one",
                        measure->most);
        } else {
            text_printf(out, "; multiplies rows: %.1f for one, up to %lld", mean,
                        measure->most);
        }
    } else if (measure->matched > 0) {
        text_append(out, ", never two");
    }
}

static void tell_rows(struct search *search, const struct measure_spec *spec,
                      struct text *out)
{
    struct known_column *to =
        known_column(search->complete, spec->to->schema, spec->to->name, spec->to_column);
    struct known_column *from = known_column(search->complete, spec->from->schema,
                                             spec->from->name, spec->from_column);
    const struct complete_measure *measure = NULL;
    if (to != NULL && from != NULL && to->tells && from->tells) {
        measure = measure_ask(search->complete, spec);
    }
    if (measure != NULL && measure->is.rows > 0) {
        tell_share(out, &measure->is);
    } else if (to != NULL && (to->is_key || to->is_unique)) {
        text_append(out, "at most one partner, by its key");
    } else {
        text_append(out, "may multiply rows: no key");
    }
    for (int i = 0; i < 2; i++) {
        struct known_table *table = i == 0 ? spec->from : spec->to;
        if (!known_is_here(search->complete, table)) {
            text_printf(out, "; not measured: %s is not here yet", table->id);
            return;
        }
    }
}

static const char *const ways[] = {"relationship of the contract", "shared definition",
                                   "same key"};

/* ---- Conditions ---- */

struct pair {
    const struct scope_source *earlier, *later;
    struct known_table *from, *to;
};

static void append_side(struct text *out, const struct scope_source *source,
                        const char *column)
{
    sql_append_name(out, scope_source_name(source));
    text_append_char(out, '.');
    sql_append_name(out, column);
}

/* Column by column: "a.x = b.x AND a.y = b.y"; false: one of them is not in sight. */
static bool append_condition(struct search *search, const struct pair *pair,
                             const struct known_link *link, struct text *out)
{
    const char *mine = link->mine, *its = link->its;
    bool whole = *mine != '\0' && *its != '\0';
    while (whole && *mine != '\0' && *its != '\0') {
        char *left = string_copy_bytes(mine, strcspn(mine, ","));
        char *right = string_copy_bytes(its, strcspn(its, ","));
        const char *a = called(search, pair->earlier, pair->from, string_trim(left));
        const char *b = called(search, pair->later, pair->to, string_trim(right));
        whole = a != NULL && b != NULL;
        if (whole) {
            text_append(out, out->length > 0 ? " AND " : "");
            append_side(out, pair->earlier, a);
            text_append(out, " = ");
            append_side(out, pair->later, b);
        }
        mine += strcspn(mine, ",") + (strchr(mine, ',') != NULL);
        its += strcspn(its, ",") + (strchr(its, ',') != NULL);
        free(left);
        free(right);
    }
    return whole && *mine == '\0' && *its == '\0';
}

static void offer_condition(struct search *search, const struct pair *pair,
                            const struct known_link *link)
{
    struct text condition = {0}, detail = {0};
    if (append_condition(search, pair, link, &condition)) {
        const struct measure_spec spec = {pair->from, pair->to, link->mine, link->its};
        text_printf(&detail, "%s: ", ways[link->way]);
        if (strchr(link->mine, ',') == NULL) {
            tell_rows(search, &spec, &detail);
        } else {
            text_append(&detail, "of several columns");
        }
        seek_offer(search, (struct offer){.kind = COMPLETE_JOIN,
                                          .weight = WEIGHT_CONDITION + (int)link->way,
                                          .name = text_string(&condition),
                                          .text = string_copy(text_string(&condition)),
                                          .detail = text_take(&detail),
                                          .worst = COMPLETE_PART});
    }
    text_release(&condition);
    text_release(&detail);
}

/* A table joined to itself: by its key. */
static void offer_self(struct search *search, const struct pair *pair)
{
    for (size_t i = 0; i < pair->from->columns.count; i++) {
        const struct known_column *column = array_at(&pair->from->columns, i);
        if (column->is_key) {
            const struct known_link link = {WAY_KEY, pair->from->object_row, column->name,
                                            column->name};
            offer_condition(search, pair, &link);
        }
    }
}

static void offer_pair(struct search *search, const struct scope_source *earlier,
                       const struct scope_source *later)
{
    struct array from = origins_of(search, earlier), to = origins_of(search, later);
    for (size_t i = 0; i < from.count; i++) {
        struct pair pair = {earlier, later, *(struct known_table **)array_at(&from, i),
                            NULL};
        const struct array *links = known_links(search->complete, pair.from);
        for (size_t m = 0; m < to.count; m++) {
            pair.to = *(struct known_table **)array_at(&to, m);
            if (pair.to == pair.from) {
                offer_self(search, &pair);
            }
        }
        for (size_t k = 0; k < links->count; k++) {
            const struct known_link *link = array_at(links, k);
            for (size_t m = 0; m < to.count; m++) {
                pair.to = *(struct known_table **)array_at(&to, m);
                if (pair.to->object_row == link->other &&
                    search->found.count < CONDITIONS_MOST) {
                    offer_condition(search, &pair, link);
                }
            }
        }
    }
    array_release(&from);
    array_release(&to);
}

/* Right behind ON of a join; right behind WHERE of tables with commas between. */
void seek_conditions(struct search *search)
{
    const struct scope_place *place = search->place;
    const struct scope_query *query = scope_query(search->scope, place->query);
    bool on = place->clause == SCOPE_AT_ON, where = place->clause == SCOPE_AT_WHERE;
    if (query == NULL || !place->is_fresh || (!on && !where) || place->quote != 0) {
        return;
    }
    for (size_t later = 1; later < query->sources.count; later++) {
        const struct scope_source *source = array_at(&query->sources, later);
        bool fits = on ? later == place->source : source->join == SCOPE_COMMA;
        for (size_t i = later; fits && i-- > 0;) {
            const struct scope_source *earlier = array_at(&query->sources, i);
            if (scope_source_name(earlier) != NULL && scope_source_name(source) != NULL) {
                offer_pair(search, earlier, source);
            }
        }
    }
}
