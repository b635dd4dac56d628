/* test_scope: what is in sight at a cursor, in whole statements and in half ones.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/scope.h"
#include "engine/text.h"
#include "tests/unit/tap.h"

/* Every table of schema s has the columns id, its name and `shared`; u of the workspace
 * has x and y; others are not known. */
static bool columns_of(void *owner, const char *schema, const char *table,
                       struct array *columns)
{
    (void)owner;
    const char *names[] = {"id", table, "shared"};
    bool mine = schema == NULL && string_equal_fold(table, "u");
    if (mine) {
        names[0] = "x";
        names[1] = "y";
    } else if (schema == NULL || !string_equal_fold(schema, "s")) {
        return false;
    }
    for (size_t i = 0; i < (mine ? 2u : 3u); i++) {
        struct scope_column *column = array_push(columns);
        column->name = string_copy(names[i]);
        column->schema = string_copy(schema);
        column->table = string_copy(table);
        column->column = string_copy(names[i]);
    }
    return true;
}

static struct scope *read_marked(const char *marked, struct text *sql)
{
    const char *bar = strchr(marked, '|');
    size_t cursor = bar != NULL ? (size_t)(bar - marked) : strlen(marked);
    text_append_bytes(sql, marked, cursor);
    text_append(sql, bar != NULL ? bar + 1 : "");
    struct scope_spec spec = {.sql = text_string(sql),
                              .length = sql->length,
                              .cursor = cursor,
                              .columns = columns_of};
    return scope_new(&spec);
}

static void say_columns(struct text *out, const struct array *columns)
{
    text_append_char(out, '(');
    for (size_t i = 0; columns != NULL && i < columns->count; i++) {
        const struct scope_column *column = array_at(columns, i);
        text_printf(out, "%s%s", i > 0 ? " " : "", column->name);
        if (column->table != NULL && !string_equal(column->name, column->column)) {
            text_printf(out, "=%s.%s", column->table, column->column);
        }
    }
    text_append(out, columns != NULL ? ")" : "?)");
}

/* "o(id orders shared) u(x y) < outer(...)": the sources in sight. */
static char *say_sources(struct scope *scope)
{
    struct text out = {0};
    size_t query = scope_place(scope)->query;
    while (query != SCOPE_NONE) {
        const struct scope_query *here = scope_query(scope, query);
        for (size_t i = 0; i < here->sources.count; i++) {
            const struct scope_source *source = array_at(&here->sources, i);
            const char *name = scope_source_name(source);
            text_printf(&out, "%s%s", out.length > 0 ? " " : "",
                        name != NULL ? name : "-");
            say_columns(&out, scope_source_columns(scope, source));
        }
        query = here->sees_outer ? here->outer : SCOPE_NONE;
        text_append(&out, query != SCOPE_NONE ? " <" : "");
    }
    return text_take(&out);
}

struct sight {
    const char *marked, *want;
};

static const struct sight sights[] = {
    {"SELECT | FROM s.a", "a(id a shared)"},
    {"SELECT | FROM s.a AS o, u", "o(id a shared) u(x y)"},
    {"SELECT o.| FROM s.a o", "o(id a shared)"},
    {"SELECT sum(o.| FROM s.a o", "o(id a shared)"},
    {"SELECT * FROM s.a o JOIN s.b ON |", "o(id a shared) b(id b shared)"},
    {"SELECT * FROM s.a o JOIN s.b ON (o.| WHERE 1", "o(id a shared) b(id b shared)"},
    {"SELECT * FROM (s.a JOIN u) WHERE |", "a(id a shared) u(x y)"},
    {"SELECT | FROM (SELECT id AS k, count(*) n, a FROM s.a) q", "q(k=a.id n a)"},
    {"SELECT * FROM (SELECT | FROM s.a) q", "a(id a shared)"},
    {"SELECT * FROM s.b, (SELECT | FROM s.a) q", "a(id a shared)"},
    {"SELECT * FROM s.b WHERE EXISTS (SELECT 1 FROM s.a WHERE |",
     "a(id a shared) < b(id b shared)"},
    {"SELECT (SELECT | FROM u) FROM s.b", "u(x y) < b(id b shared)"},
    {"WITH w AS (SELECT id i, a FROM s.a) SELECT | FROM w", "w(i=a.id a)"},
    {"WITH w AS (SELECT * FROM s.a) SELECT * FROM w z WHERE |", "z(id a shared)"},
    {"WITH w(p, q) AS (SELECT id, a FROM s.a) SELECT | FROM w", "w(p=a.id q=a.a)"},
    {"WITH w AS (SELECT * FROM v), v AS (SELECT x FROM u) SELECT | FROM w", "w(x)"},
    {"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE |) SELECT 1",
     "n(i)"},
    {"WITH w AS (SELECT x FROM u) SELECT (WITH w AS (SELECT y FROM u) SELECT | FROM w)",
     "w(y) <"},
    {"SELECT * FROM (WITH w AS (SELECT x FROM u) SELECT * FROM w) q WHERE |", "q(x)"},
    {"SELECT | FROM (SELECT * FROM s.a JOIN s.b USING (id, shared)) q",
     "q(id a shared b)"},
    {"SELECT | FROM (SELECT * FROM s.a NATURAL JOIN s.b) q", "q(id a shared b)"},
    {"SELECT | FROM (SELECT b.*, x FROM s.b, u) q", "q(id b shared x)"},
    {"SELECT | FROM (SELECT lower(a) FROM s.a) q", "q(lower(a))"},
    {"SELECT | FROM (SELECT x FROM u UNION SELECT id FROM s.a) q", "q(x)"},
    {"SELECT x FROM u UNION SELECT | FROM s.a", "a(id a shared)"},
    {"SELECT | FROM (VALUES (1, 2), (3, 4)) v", "v(column1 column2)"},
    {"SELECT | FROM nobody.knows k", "k(?)"},
    {"SELECT | FROM (SELECT * FROM nobody.knows) q", "q(?)"},
    {"SELECT | FROM w; ", "w(?)"},
    {"WITH w AS (SELECT * FROM w) SELECT | FROM w", "w(?)"},
    {"SELECT | FROM \"s\".\"a\" [my o]", "my o(id a shared)"},
    {"SELECT \"i| FROM s.a", "a(id a shared)"},
    {"SELECT * FROM s.a o WHERE o.a = 'x| AND 1", "o(id a shared)"},
    {"UPDATE u SET |", "u(x y)"},
    {"UPDATE u SET x = (SELECT | FROM s.a)", "a(id a shared) < u(x y)"},
    {"DELETE FROM u WHERE |", "u(x y)"},
    {"INSERT INTO u (|", "u(x y)"},
    {"INSERT INTO u SELECT | FROM s.a", "a(id a shared)"},
    {"INSERT INTO u VALUES (1, 2) RETURNING |", "u(x y)"},
    {"CREATE VIEW v AS SELECT | FROM s.a", "a(id a shared)"},
    {"CREATE INDEX i ON u (|", "u(x y)"},
    {"CREATE TRIGGER t AFTER INSERT ON u BEGIN UPDATE s.a SET a = new.|; END",
     "a(id a shared) < new(x y) old(x y)"},
    {"EXPLAIN QUERY PLAN SELECT | FROM u", "u(x y)"},
    {"SELECT * FROM json_each('[1]') j WHERE |", "j(?)"},
    {"SELECT count(*) FILTER (WHERE |) FROM u", "u(x y)"},
    {"SELECT a IS NOT DISTINCT FROM | FROM u", "u(x y)"},
    {"", ""},
};

static void sights_are_right(void)
{
    for (size_t i = 0; i < sizeof sights / sizeof *sights; i++) {
        struct text sql = {0};
        struct scope *scope = read_marked(sights[i].marked, &sql);
        char *got = say_sources(scope);
        is_text(got != NULL ? got : "", sights[i].want, "%s", sights[i].marked);
        free(got);
        scope_free(scope);
        text_release(&sql);
    }
}

static const char *const clauses[] = {
    "start",  "result", "table", "join",  "on",  "using",   "where",  "group",
    "having", "window", "order", "limit", "set", "columns", "values", "other"};
static const char *const expectations[] = {"operand", "operator", "name", "nothing"};

static char *say_place(const struct scope_place *place)
{
    struct text out = {0};
    text_printf(&out, "%s %s", clauses[place->clause], expectations[place->expects]);
    text_printf(&out, " <%s>", place->word);
    if (place->qualifier != NULL) {
        text_printf(&out, " of %s%s%s", place->schema != NULL ? place->schema : "",
                    place->schema != NULL ? "." : "", place->qualifier);
    }
    if (place->quote != 0) {
        text_printf(&out, " in %c", place->quote);
    }
    if (place->compared != NULL) {
        text_printf(&out, " as %s%s%s",
                    place->compared_qualifier != NULL ? place->compared_qualifier : "",
                    place->compared_qualifier != NULL ? "." : "", place->compared);
    }
    if (place->function != NULL) {
        text_printf(&out, " %s(%zu", place->function, place->argument);
    }
    return text_take(&out);
}

static const struct sight places[] = {
    {"|", "start operator <>"},
    {"sel|", "start operator <sel>"},
    {"SELECT |", "result operand <>"},
    {"SELECT a |", "result operator <>"},
    {"SELECT a AS |", "result name <>"},
    {"SELECT a, b|", "result operand <b>"},
    {"SELECT count(|", "result operand <> count(0"},
    {"SELECT coalesce(a, |", "result operand <> coalesce(1"},
    {"SELECT * |", "result operator <>"},
    {"SELECT 2 * |", "result operand <>"},
    {"SELECT * FROM |", "table operand <>"},
    {"SELECT * FROM or|", "table operand <or>"},
    {"SELECT * FROM orders.|", "table operand <> of orders"},
    {"SELECT * FROM orders.l|", "table operand <l> of orders"},
    {"SELECT * FROM \"my or|", "table operand <my or> in \""},
    {"SELECT * FROM a |", "join operator <>"},
    {"SELECT * FROM a AS |", "join name <>"},
    {"SELECT * FROM a x LEFT |", "join operator <>"},
    {"SELECT * FROM a x LEFT JOIN |", "table operand <>"},
    {"SELECT * FROM a JOIN b ON |", "on operand <>"},
    {"SELECT * FROM a JOIN b ON a.x = |", "on operand <> as a.x"},
    {"SELECT * FROM a JOIN b USING (|", "using operand <>"},
    {"SELECT * FROM a WHERE |", "where operand <>"},
    {"SELECT * FROM a WHERE b |", "where operator <>"},
    {"SELECT * FROM a WHERE b = |", "where operand <> as b"},
    {"SELECT * FROM a WHERE b = 'E|", "where operand <E> in ' as b"},
    {"SELECT * FROM a WHERE x.b IN ('a', |", "where operand <> as x.b"},
    {"SELECT * FROM a WHERE b NOT IN (|)", "where operand <> as b"},
    {"SELECT * FROM a WHERE b LIKE 'x|'", "where operand <x> in ' as b"},
    {"SELECT * FROM a WHERE b IS NOT |", "where operand <> as b"},
    {"SELECT * FROM a WHERE lower(b) = |", "where operand <>"},
    {"SELECT 'a|'", "result nothing <a> in '"},
    {"SELECT a -- co|", "result nothing <>"},
    {"SELECT a /* co|", "result nothing <>"},
    {"SELECT 12|", "result nothing <>"},
    {"SELECT :fr|", "result operand <:fr>"},
    {"SELECT * FROM a GROUP |", "group operand <>"},
    {"SELECT * FROM a GROUP BY |", "group operand <>"},
    {"SELECT * FROM a ORDER BY b |", "order operator <>"},
    {"UPDATE a SET b = |", "set operand <> as b"},
    {"INSERT INTO a (b, |", "columns operand <>"},
    {"INSERT INTO a VALUES (|", "values operand <>"},
    {"WITH |", "start name <>"},
    {"SELECT s.a.|", "result operand <> of s.a"},
};

static void places_are_right(void)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct text sql = {0};
        struct scope *scope = read_marked(places[i].marked, &sql);
        char *got = say_place(scope_place(scope));
        is_text(got, places[i].want, "%s", places[i].marked);
        free(got);
        scope_free(scope);
        text_release(&sql);
    }
}

static void meanings_are_found(void)
{
    struct text sql = {0};
    struct scope_meaning meaning;
    struct scope *scope = read_marked("SELECT 1 FROM s.a JOIN s.b USING (id) WHERE "
                                      "EXISTS (SELECT 1 FROM u WHERE |)",
                                      &sql);
    size_t query = scope_place(scope)->query;
    ok(scope_find_column(scope, query, NULL, "x", &meaning) && meaning.query == query,
       "a column of the query itself");
    ok(scope_find_column(scope, query, NULL, "b", &meaning) && meaning.query == 0 &&
           meaning.source == 1,
       "one of the query around it");
    ok(scope_find_column(scope, query, NULL, "id", &meaning), "USING makes one of two");
    ok(!scope_find_column(scope, query, NULL, "shared", &meaning) && meaning.is_ambiguous,
       "two of one name are ambiguous");
    ok(scope_find_column(scope, query, "B", "SHARED", &meaning) && meaning.source == 1,
       "unless the table is said, whatever the case");
    ok(!scope_find_column(scope, query, NULL, "nowhere", &meaning) && !meaning.is_unsure,
       "what is nowhere is surely nowhere");
    scope_free(scope);
    text_release(&sql);
}

static void parts_are_told(void)
{
    static const char sql[] =
        "SELECT a.id, b FROM s.a LEFT JOIN s.b ON a.id = b.id AND 1 "
        "WHERE a.a > 2 GROUP BY 1 HAVING 3 ORDER BY 4 LIMIT 5";
    struct scope_spec spec = {.sql = sql, .length = strlen(sql), .columns = columns_of};
    struct scope *scope = scope_new(&spec);
    const struct scope_query *query = scope_query(scope, 0);
    const struct scope_source *second = array_at(&query->sources, 1);
    const struct {
        struct scope_part part;
        const char *want;
    } parts[] = {{query->result, " a.id, b"}, {query->where, " a.a > 2"},
                 {query->group, " BY 1"},     {query->having, " 3"},
                 {query->order, " BY 4"},     {second->on, " a.id = b.id AND 1"},
                 {second->name, "s.b"},       {query->text, sql}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        char *got = string_copy_bytes(sql + parts[i].part.start, parts[i].part.length);
        is_text(got, parts[i].want, "a part of the statement");
        free(got);
    }
    ok(second->join == SCOPE_LEFT, "how a table is joined");
    scope_free(scope);
}

/* Stars that read stars twice, chains of names, and parentheses without end. */
static void hostile_texts_end(void)
{
    struct text sql = {0};
    text_append(&sql, "WITH w0 AS (SELECT * FROM s.a)");
    for (int i = 1; i < 5000; i++) {
        text_printf(&sql, ", w%d AS (SELECT * FROM w%d a, w%d b)", i, i - 1, i - 1);
    }
    text_append(&sql, " SELECT * FROM w4999 WHERE ");
    struct scope_spec spec = {.sql = text_string(&sql),
                              .length = sql.length,
                              .cursor = sql.length,
                              .columns = columns_of};
    struct scope *scope = scope_new(&spec);
    size_t query = scope_place(scope)->query;
    scope_result_columns(scope, query);
    scope_free(scope);
    ok(true, "five thousand names that read each other twice end");
    text_clear(&sql);
    text_append(&sql, "SELECT ");
    text_append_repeated(&sql, '(', 200000);
    spec.sql = text_string(&sql);
    spec.length = spec.cursor = sql.length;
    scope = scope_new(&spec);
    ok(scope_place(scope)->query == 0, "so do parentheses");
    scope_free(scope);
    text_release(&sql);
}

int main(void)
{
    sights_are_right();
    places_are_right();
    meanings_are_found();
    parts_are_told();
    hostile_texts_end();
    return tap_done();
}
