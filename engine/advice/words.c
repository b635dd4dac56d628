/* advice/words: the steps of SQLite's plan in words.
 * Source: sqlite.org/eqp.html; where.c and select.c of SQLite 3.40 to 3.46 for the words
 * that page does not list.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/advice/private.h"

#include <stdlib.h>
#include <string.h>

/* `*` is the rest of the line. */
static const struct phrase {
    const char *start, *words;
} phrases[] = {
    {"SCAN CONSTANT ROW", "one row of values"},
    {"MULTI-INDEX OR", "look up by each side of OR"},
    {"INDEX ", "side * of OR"},
    {"CO-ROUTINE ", "make the rows of *, one after the other"},
    {"MATERIALIZE ", "make the rows of * and keep them"},
    {"CORRELATED SCALAR SUBQUERY ", "subquery * for a value, again for each row"},
    {"SCALAR SUBQUERY ", "subquery * for a value, once"},
    {"CORRELATED LIST SUBQUERY ", "subquery * for the values of IN, again for each row"},
    {"LIST SUBQUERY ", "subquery * for the values of IN, once"},
    {"REUSE LIST SUBQUERY ", "use the values of subquery * again"},
    {"REUSE SUBQUERY ", "use the value of subquery * again"},
    {"USE TEMP B-TREE FOR GROUP BY", "sort to form groups"},
    {"USE TEMP B-TREE FOR ORDER BY", "sort for ORDER BY"},
    {"USE TEMP B-TREE FOR DISTINCT", "remember what came, to tell it once (DISTINCT)"},
    {"USE TEMP B-TREE FOR count(DISTINCT)", "remember what came, to count it once"},
    {"USE TEMP B-TREE FOR RIGHT PART OF ORDER BY", "sort what is equal so far, for ORDER "
                                                   "BY"},
    {"USE TEMP B-TREE FOR LAST ", "sort what is equal so far, by the last *"},
    {"USE TEMP B-TREE FOR ", "sort for *"},
    {"COMPOUND QUERY", "several SELECTs, one after the other"},
    {"LEFT-MOST SUBQUERY", "the first SELECT"},
    {"UNION ALL", "UNION ALL: the next SELECT"},
    {"UNION USING TEMP B-TREE", "UNION: the next SELECT, rows that are there left out"},
    {"EXCEPT USING TEMP B-TREE", "EXCEPT: rows of the next SELECT are taken away"},
    {"INTERSECT USING TEMP B-TREE", "INTERSECT: only rows of the next SELECT stay"},
    {"MERGE (", "sorted rows of two SELECTs are merged (*"},
    {"LEFT", "the first SELECT"},
    {"RIGHT-JOIN ", "rows of * that met none (RIGHT JOIN)"},
    {"RIGHT", "the second SELECT"},
    {"SETUP", "the first rows of the recursion"},
    {"RECURSIVE STEP", "each further step of the recursion"},
    {"USING ROWID SEARCH ON TABLE ", "test IN by the row numbers of *"},
};

/* "orders.line_items (l)". */
static void append_source(struct text *out, const char *name,
                          const struct scope_source *source)
{
    bool is_table = source != NULL && source->table != NULL;
    if (!is_table && string_starts(name, "(subquery-")) {
        text_printf(out, "subquery %.*s", (int)strspn(name + 10, "0123456789"),
                    name + 10);
        return;
    }
    if (!is_table) {
        text_append(out, name);
        return;
    }
    if (source->schema != NULL) {
        text_printf(out, "%s.", source->schema);
    }
    text_append(out, source->table);
    if (source->alias != NULL) {
        text_printf(out, " (%s)", source->alias);
    }
}

static char *phrase_of(const char *detail)
{
    struct text out = {0};
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
        if (!string_starts(detail, phrases[i].start)) {
            continue;
        }
        const char *rest = detail + strlen(phrases[i].start);
        for (const char *c = phrases[i].words; *c != '\0'; c++) {
            if (*c == '*') {
                append_source(&out, rest, NULL);
            } else {
                text_append_char(&out, *c);
            }
        }
        return text_take(&out);
    }
    return string_copy(detail);
}

/* "(a=? AND b>?)" as "by a and a range of b". */
static void append_conditions(struct text *out, const char *detail)
{
    size_t others;
    struct array columns = node_columns(detail, &others);
    for (size_t i = 0; i < columns.count; i++) {
        const char *name = *(char **)array_at(&columns, i);
        text_printf(out, "%s%s", i > 0 ? " and " : " by ",
                    string_equal(name, "rowid") ? "its row number" : name);
    }
    if (others > 0) {
        const char *sign = strpbrk(strrchr(detail, '('), "<>");
        const char *start = sign;
        while (start > detail && strchr("( ", start[-1]) == NULL) {
            start--;
        }
        text_printf(out, "%s a range of %.*s", columns.count > 0 ? " and" : " by",
                    (int)(sign - start), start);
    }
    sql_names_release(&columns);
}

static void append_index(struct text *out, const char *detail, bool searches)
{
    const char *at = strstr(detail, "INDEX ");
    if (strstr(detail, " AUTOMATIC ") != NULL) {
        text_append(out, ", with an index made for this statement");
    } else if (at != NULL && strstr(detail, "VIRTUAL TABLE") == NULL) {
        const char *name = at + strlen("INDEX ");
        const char *how = searches                             ? ", with the index "
                          : strstr(detail, "COVERING") != NULL ? ", from the index "
                                                               : ", in the order of ";
        text_printf(out, "%s%.*s", how, (int)strcspn(name, " "), name);
    } else if (strstr(detail, "VIRTUAL TABLE") != NULL) {
        text_append(out, ", a function or virtual table");
    }
}

char *words_of_step(const char *detail, const struct scope_source *source)
{
    struct text out = {0};
    char *name = node_name(detail);
    bool searches = string_starts(detail, "SEARCH ");
    if (name == NULL || string_starts(detail, "SCAN CONSTANT")) {
        free(name);
        return phrase_of(detail);
    }
    if (string_starts(detail, "BLOOM FILTER")) {
        text_append(&out, "make a filter from ");
        append_source(&out, name, source);
        text_append(&out, " that skips rows early");
    } else {
        bool is_extreme =
            searches && strchr(detail, '(') == NULL && strstr(detail, " USING ") != NULL;
        searches = searches && (is_extreme || strchr(detail, '(') != NULL);
        text_append(&out, is_extreme ? "take the first or last of "
                          : searches ? "look up rows of "
                                     : "read all of ");
        append_source(&out, name, source);
        if (searches) {
            append_conditions(&out, detail);
        }
        append_index(&out, detail, searches);
    }
    free(name);
    return text_take(&out);
}
