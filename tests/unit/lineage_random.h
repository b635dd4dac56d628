/* lineage_random: statements at random over t(a,b,c,d), u(a,x,y) and w(e,f), each with a
 * seed of its own: joins, subqueries, CTEs, recursion, groups, windows, compounds.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_LINEAGE_RANDOM_H
#define MWB_TESTS_LINEAGE_RANDOM_H

#include <stdint.h>
#include <stdlib.h>

#include "engine/array.h"
#include "engine/text.h"

struct maker {
    uint64_t state;
    int depth, names; /* names given so far */
};

static unsigned draw(struct maker *maker, unsigned below)
{
    maker->state = maker->state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(maker->state >> 33) % below;
}

/* Columns in sight: "t1.a". */
struct sight {
    struct array columns; /* of char * */
};

static void sight_add(struct sight *sight, const char *label, const char *column)
{
    *(char **)array_push(&sight->columns) = string_printf("%s.%s", label, column);
}

static void sight_release(struct sight *sight)
{
    for (size_t i = 0; i < sight->columns.count; i++) {
        free(*(char **)array_at(&sight->columns, i));
    }
    array_release(&sight->columns);
}

static const struct {
    const char *name, *columns[5];
} base_tables[] = {
    {"t", {"a", "b", "c", "d"}}, {"u", {"a", "x", "y"}}, {"w", {"e", "f"}}};

static void make_query(struct maker *maker, int columns, struct text *out);

static void make_column(struct maker *maker, const struct sight *sight, struct text *out)
{
    if (sight->columns.count == 0 || draw(maker, 12) == 0) {
        text_printf(out, "%u", draw(maker, 4));
        return;
    }
    unsigned at = draw(maker, (unsigned)sight->columns.count);
    text_append(out, *(char **)array_at(&sight->columns, at));
}

static void make_expression(struct maker *maker, const struct sight *sight, int depth,
                            struct text *out)
{
    static const char *const forms[] = {"%+%",
                                        "%*%",
                                        "%-%",
                                        "abs(%)",
                                        "coalesce(%,%)",
                                        "CASE WHEN %>% THEN % ELSE % END",
                                        "(%=%)",
                                        "max(%,%)",
                                        "(% IS NOT DISTINCT FROM %)",
                                        "(% BETWEEN % AND %)",
                                        "iif(%,%,%)"};
    unsigned what = draw(maker, depth > 0 ? 20 : 1);
    if (what < 7 || depth == 0) {
        make_column(maker, sight, out);
    } else if (what < 17) {
        for (const char *p = forms[draw(maker, sizeof forms / sizeof *forms)]; *p != '\0';
             p++) {
            if (*p == '%') {
                make_expression(maker, sight, depth - 1, out);
            } else {
                text_append_char(out, *p);
            }
        }
    } else {
        int n = ++maker->names;
        unsigned table = draw(maker, 3);
        struct sight inner = {ARRAY_OF(char *)};
        char *label = string_printf("s%d", n);
        for (int i = 0; base_tables[table].columns[i] != NULL; i++) {
            sight_add(&inner, label, base_tables[table].columns[i]);
        }
        text_printf(out, "(SELECT %s(", draw(maker, 2) ? "sum" : "count");
        make_column(maker, &inner, out);
        text_printf(out, ") FROM %s AS %s WHERE ", base_tables[table].name, label);
        make_column(maker, &inner, out);
        text_append(out, draw(maker, 2) ? "<=" : "=");
        make_column(maker, sight, out);
        text_append(out, ")");
        sight_release(&inner);
        free(label);
    }
}

/* A table, or a query of the columns k0, k1 ... */
static void make_source(struct maker *maker, struct sight *sight, struct text *out)
{
    char *label = string_printf("r%d", ++maker->names);
    if (maker->depth <= 0 || draw(maker, 3) > 0) {
        unsigned table = draw(maker, 3);
        text_printf(out, "%s %s", base_tables[table].name, label);
        for (int i = 0; base_tables[table].columns[i] != NULL; i++) {
            sight_add(sight, label, base_tables[table].columns[i]);
        }
    } else {
        text_append(out, "(");
        make_query(maker, 2, out);
        text_printf(out, ") AS %s", label);
        sight_add(sight, label, "k0");
        sight_add(sight, label, "k1");
    }
    free(label);
}

static void make_from(struct maker *maker, struct sight *sight, struct text *out)
{
    static const char *const joins[] = {" JOIN ", " LEFT JOIN ", " CROSS JOIN ",
                                        " RIGHT JOIN ", " FULL JOIN "};
    text_append(out, " FROM ");
    if (draw(maker, 8) == 0) { /* both have a column a */
        static const char *const using[] = {
            "t t0 JOIN u u0 USING(a)", "t t0 LEFT JOIN u u0 USING(a)",
            "t t0 NATURAL JOIN u u0", "t t0 FULL JOIN u u0 USING(a)"};
        text_append(out, using[draw(maker, 4)]);
        *(char **)array_push(&sight->columns) = string_copy("a");
        sight_add(sight, "t0", "b");
        sight_add(sight, "t0", "a");
        sight_add(sight, "u0", "x");
        return;
    }
    make_source(maker, sight, out);
    for (unsigned i = draw(maker, 3); i > 1; i--) {
        unsigned join = draw(maker, 5);
        text_append(out, joins[join]);
        make_source(maker, sight, out);
        if (join != 2) {
            text_append(out, " ON ");
            make_column(maker, sight, out);
            text_append(out, draw(maker, 2) ? "=" : "<");
            make_column(maker, sight, out);
        }
    }
}

static void make_groups(struct maker *maker, const struct sight *sight, int columns,
                        struct text *out, struct text *tail)
{
    static const char *const aggregates[] = {"sum", "count", "min", "max", "total"};
    struct text group = {0};
    make_expression(maker, sight, 1, &group);
    for (int i = 0; i < columns; i++) {
        text_append(out, i > 0 ? ", " : "");
        unsigned what = draw(maker, 5);
        if (what == 0) {
            text_printf(out, "(%s)", text_string(&group));
        } else if (what == 1 && draw(maker, 2) == 0) {
            make_column(maker, sight, out); /* of any row of the group */
        } else {
            text_printf(out, "%s(", aggregates[draw(maker, 5)]);
            make_expression(maker, sight, 1, out);
            text_append(out, ")");
        }
        text_printf(out, " AS k%d", i);
    }
    text_printf(tail, " GROUP BY %s",
                text_string(&group)[0] >= '0' && text_string(&group)[0] <= '9'
                    ? "'k'"
                    : text_string(&group));
    if (draw(maker, 4) == 0) {
        text_append(tail, draw(maker, 2) ? " HAVING count(*)>1" : " HAVING k0>1");
    }
    text_release(&group);
}

static void make_plain(struct maker *maker, const struct sight *sight, int columns,
                       struct text *out)
{
    static const char *const windows[] = {"sum", "count", "first_value", "max"};
    for (int i = 0; i < columns; i++) {
        text_append(out, i > 0 ? ", " : "");
        if (draw(maker, 8) == 0) {
            text_printf(out, "%s(", windows[draw(maker, 4)]);
            make_column(maker, sight, out);
            text_append(out, ") OVER (PARTITION BY ");
            make_column(maker, sight, out);
            text_append(out, " ORDER BY ");
            make_column(maker, sight, out);
            text_append(out, ")");
        } else {
            make_expression(maker, sight, 2, out);
        }
        text_printf(out, " AS k%d", i);
    }
}

static void make_select(struct maker *maker, int columns, struct text *out)
{
    struct sight sight = {ARRAY_OF(char *)};
    struct text from = {0}, tail = {0}, list = {0};
    make_from(maker, &sight, &from);
    bool is_group = draw(maker, 4) == 0;
    if (is_group) {
        make_groups(maker, &sight, columns, &list, &tail);
    } else {
        make_plain(maker, &sight, columns, &list);
    }
    text_printf(out, "SELECT %s%s%s", !is_group && draw(maker, 6) == 0 ? "DISTINCT " : "",
                text_string(&list), text_string(&from));
    if (draw(maker, 3) == 0) {
        text_append(out, " WHERE ");
        make_expression(maker, &sight, 2, out);
    }
    text_append(out, text_string(&tail));
    text_release(&from);
    text_release(&tail);
    text_release(&list);
    sight_release(&sight);
}

static void make_query(struct maker *maker, int columns, struct text *out)
{
    static const char *const operations[] = {" UNION ALL ", " UNION ", " EXCEPT ",
                                             " INTERSECT "};
    maker->depth--;
    unsigned what = draw(maker, 10);
    if (what == 0 && maker->depth > 0) {
        int n = ++maker->names;
        text_printf(out, "WITH z%d(k0,k1) AS (", n);
        make_query(maker, 2, out);
        text_printf(out,
                    ") SELECT p.k0+q.k1 AS k0, p.k%u AS k1%s FROM z%d p JOIN z%d q "
                    "ON p.k0=q.k0",
                    draw(maker, 2), columns > 2 ? ", q.k1 AS k2" : "", n, n);
    } else if (what == 1 && maker->depth > 0) {
        int n = ++maker->names;
        text_printf(out, "WITH RECURSIVE z%d(k0,k1,n) AS (SELECT k0,k1,0 FROM (", n);
        make_query(maker, 2, out);
        text_printf(out,
                    ") UNION SELECT k%u,k%u,n+1 FROM z%d WHERE n<2 AND k0<4) SELECT "
                    "k0,k1%s FROM z%d",
                    draw(maker, 2), draw(maker, 2), n, columns > 2 ? ",n AS k2" : "", n);
    } else {
        make_select(maker, columns, out);
        if (what == 2) {
            text_append(out, operations[draw(maker, 4)]);
            make_select(maker, columns, out);
        }
    }
    maker->depth++;
}

#endif
