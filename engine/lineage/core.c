/* lineage/core: one plain SELECT: what each of its result expressions reads.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/core.h"

#include <stdlib.h>
#include <string.h>

#include "engine/store.h"

static void release_core(struct core *core)
{
    for (size_t i = 0; i < core->items.count; i++) {
        struct item *item = array_at(&core->items, i);
        free(item->text);
        free(item->alias);
    }
    for (size_t i = 0; i < core->functions.count; i++) {
        struct made_column *given = array_at(&core->functions, i);
        free(given->name);
        set_release(&given->direct);
        set_release(&given->own);
    }
    array_release(&core->items);
    array_release(&core->functions);
    free(core->rest);
    free(core->source);
    from_list_release(&core->from);
    prepared_release(&core->plain);
}

/* ---- Result expressions ---- */

/* May an expression end here, so that a name behind it is an alias? */
static bool may_end(const struct part *part, size_t index)
{
    static const char *const ends[] = {"END",
                                       "NULL",
                                       "ISNULL",
                                       "NOTNULL",
                                       "CURRENT_DATE",
                                       "CURRENT_TIME",
                                       "CURRENT_TIMESTAMP",
                                       NULL};
    const struct token *token = token_at(part, index);
    if (token == NULL) {
        return false;
    }
    switch (token->kind) {
    case SQL_NAME:
    case SQL_STRING:
    case SQL_BLOB:
    case SQL_NUMBER:
    case SQL_PARAMETER:
        return true;
    case SQL_KEYWORD:
        return token_is_any(part, index, ends);
    default:
        return token_is(part, index, ")");
    }
}

/* Cuts `AS alias` or `alias` off the end. */
static char *cut_alias(struct part *part)
{
    static const char *const words[] = {
        "AS",      "END",          "NULL",         "ISNULL",
        "NOTNULL", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP",
        NULL};
    size_t last = part->to - 1;
    if (part->to < part->from + 2 || !token_is_name(part, last)) {
        return NULL;
    }
    bool is_said = token_is(part, last - 1, "AS") && !token_is(part, last, "AS");
    bool is_word = token_at(part, last)->kind == SQL_KEYWORD;
    if (!is_said &&
        (!may_end(part, last - 1) || (is_word && token_is_any(part, last, words)))) {
        return NULL;
    }
    char *name = token_name(part, last);
    struct text alias = {0};
    store_quote_name(&alias, name);
    free(name);
    part->to = is_said ? last - 1 : last;
    return text_take(&alias);
}

static void add_item(struct core *core, const struct part *written)
{
    struct part part = *written;
    struct text text = {0};
    char *alias = cut_alias(&part);
    rewrite(core->trace, &part, core->scope, &text);
    *(struct item *)array_push(&core->items) =
        (struct item){text_take(&text), alias, part};
}

static bool add_items(struct core *core, const struct part *list)
{
    struct array pieces = part_split(list);
    bool done = pieces.count > 0;
    for (size_t i = 0; i < pieces.count && done; i++) {
        const struct part *piece = array_at(&pieces, i);
        bool is_star =
            token_is(piece, piece->to - 1, "*") &&
            (piece->to - piece->from == 1 ||
             (piece->to - piece->from == 3 && token_is(piece, piece->from + 1, ".")));
        if (is_star) {
            done = core_add_star(core, piece);
        } else {
            add_item(core, piece);
        }
    }
    array_release(&pieces);
    return done;
}

/* ---- Preparing with one expression in its place ---- */

bool core_prepare(struct core *core, size_t wanted, size_t nameless, struct prepared *out)
{
    struct text sql = {0};
    for (size_t i = 0; i < core->items.count; i++) {
        const struct item *item = array_at(&core->items, i);
        bool stands = wanted == i || wanted == CORE_ALL;
        text_append(&sql, i > 0 ? ", " : "SELECT ");
        text_append(&sql, stands ? item->text : core->filler);
        if (item->alias != NULL && nameless != i) {
            text_printf(&sql, " AS %s", item->alias);
        }
    }
    text_printf(&sql, " %s", core->rest);
    bool done = trace_prepare(core->trace, text_string(&sql), out);
    text_release(&sql);
    return done;
}

/* A filler with which the rest compiles: HAVING and ORDER BY may ask for a group. */
static bool find_filler(struct core *core)
{
    static const char *const fillers[] = {"1", "count(*)"};
    for (size_t i = 0; i < sizeof fillers / sizeof *fillers; i++) {
        core->filler = fillers[i];
        if (core_prepare(core, CORE_NONE, CORE_NONE, &core->plain)) {
            return true;
        }
        prepared_release(&core->plain);
    }
    return false;
}

/* ---- From what is read to what it is made from ---- */

static const struct made_column *given_to(const struct core *core, const char *function)
{
    for (size_t i = 0; i < core->functions.count; i++) {
        const struct made_column *given = array_at(&core->functions, i);
        if (string_equal_fold(given->name, function)) {
            return given;
        }
    }
    return NULL;
}

/* One source: its values go to `direct`, what decides about them to `own`, what decides
 * about rows to `rows`. */
static void absorb(const struct core *core, size_t number, struct set *direct,
                   struct set *own, struct set *rows)
{
    const struct source *source = source_at(core->trace, number);
    if (source->kind == SOURCE_TABLE) {
        set_add(*source->name != '\0' ? direct : rows, number);
        return;
    }
    if (source->kind == SOURCE_FUNCTION) {
        const struct made_column *given = given_to(core, source->table);
        if (given != NULL) {
            set_join(*source->name != '\0' ? direct : rows, &given->direct);
            set_join(own, &given->own);
        }
        return;
    }
    const struct relation *relation =
        *(struct relation **)array_at(&core->trace->relations, source->relation);
    if (relation->is_open) {
        set_add(*source->name != '\0' ? direct : rows, number);
        return;
    }
    set_join(rows, &relation->rows);
    const struct made_column *column = relation_column(relation, source->name);
    if (column != NULL) {
        set_join(direct, &column->direct);
        set_join(own, &column->own);
    } else if (*source->name != '\0') { /* its rowid */
        for (size_t i = 0; i < relation->columns.count; i++) {
            column = array_at(&relation->columns, i);
            set_join(own, &column->direct);
            set_join(own, &column->own);
        }
    }
}

void core_absorb(const struct core *core, const struct set *numbers, struct set *direct,
                 struct set *own, struct set *rows)
{
    for (size_t n = 0; n < core->trace->sources.count; n++) {
        if (set_has(numbers, n)) {
            absorb(core, n, direct, own, rows);
        }
    }
}

static const struct array no_reads = ARRAY_OF(size_t);

bool core_read_alone(struct core *core, const char *text, struct set *out)
{
    struct prepared with, without;
    char *sql = string_printf("SELECT %s %s", text, core->source);
    char *plain = string_printf("SELECT 1 %s", core->source);
    bool done = trace_prepare(core->trace, sql, &with);
    bool compared = trace_prepare(core->trace, plain, &without);
    if (done) {
        reads_beyond(&with.reads, compared ? &without.reads : &no_reads, out);
    }
    prepared_release(&with);
    prepared_release(&without);
    free(sql);
    free(plain);
    return done;
}

/* Table-valued functions: their columns are made from what they are given. One may be
 * given what another tells. */
static void read_functions(struct core *core)
{
    for (size_t i = 0; i < core->from.items.count; i++) {
        const struct from_item *item = array_at(&core->from.items, i);
        struct set reads = {0};
        if (item->is_function && *item->arguments != '\0' &&
            core_read_alone(core, item->arguments, &reads)) {
            struct made_column given = {.name = string_copy(item->function)};
            core_absorb(core, &reads, &given.direct, &given.own, &given.own);
            *(struct made_column *)array_push(&core->functions) = given;
        }
        set_release(&reads);
    }
    /* Of two calls of one function nobody tells which is read: both. */
    for (size_t i = 0; i < core->functions.count; i++) {
        for (size_t k = 0; k < core->functions.count; k++) {
            struct made_column *to = array_at(&core->functions, i);
            const struct made_column *from = array_at(&core->functions, k);
            if (i != k && string_equal_fold(to->name, from->name)) {
                set_join(&to->direct, &from->direct);
                set_join(&to->own, &from->own);
            }
        }
    }
}

/* ---- One SELECT ---- */

static bool read_columns(struct core *core)
{
    struct prepared names;
    bool done = core_prepare(core, CORE_ALL, CORE_NONE, &names) &&
                names.names.count == core->items.count;
    for (size_t i = 0; i < core->items.count && done; i++) {
        struct made_column *column =
            relation_add(core->out, *(char **)array_at(&names.names, i));
        struct prepared with;
        struct set reads = {0};
        done = core_prepare(core, i, CORE_NONE, &with);
        reads_beyond(&with.reads, &core->plain.reads, &reads);
        core_absorb(core, &reads, &column->direct, &column->own, &column->own);
        prepared_release(&with);
        set_release(&reads);
    }
    prepared_release(&names);
    return done;
}

static void read_rest(struct core *core)
{
    struct set reads = {0};
    reads_beyond(&core->plain.reads, &no_reads, &reads);
    struct set *rows = &core->out->rows;
    core_absorb(core, &reads, rows, rows, rows);
    set_release(&reads);
    core_decide(core);
}

/* The tail written again; its tables are noted. */
static void write_rest(struct core *core)
{
    static const char *const ends[] = {"WHERE", "GROUP", "HAVING", "WINDOW",
                                       "ORDER", "LIMIT", NULL};
    struct text rest = {0};
    struct part tail = core->tail;
    core->from.items = (struct array)ARRAY_OF(struct from_item);
    if (token_is(&tail, tail.from, "FROM")) {
        struct part clause = {tail.in, tail.from + 1,
                              token_find(&tail, tail.from + 1, ends)};
        text_append(&rest, "FROM ");
        rewrite_from(core->trace, &clause, core->scope, &core->from, &rest);
        text_append(&rest, " ");
        tail.from = clause.to;
    }
    core->source = string_copy(text_string(&rest));
    rewrite(core->trace, &tail, core->scope, &rest);
    text_append(&rest, "");
    core->rest = text_take(&rest);
}

/* FROM, or what may follow without one; not the FROM of IS DISTINCT FROM. */
static size_t find_tail(const struct part *part)
{
    static const char *const starts[] = {"FROM",   "WHERE", "GROUP", "HAVING",
                                         "WINDOW", "ORDER", "LIMIT", NULL};
    size_t at = token_find(part, part->from, starts);
    while (at < part->to && token_is(part, at, "FROM") &&
           token_is(part, at - 1, "DISTINCT")) {
        at = token_find(part, at + 1, starts);
    }
    return at;
}

bool core_trace(struct trace *trace, const struct part *part, const struct scope *scope,
                struct relation *out)
{
    struct core core = {
        .trace = trace,
        .scope = scope,
        .items = ARRAY_OF(struct item),
        .functions = ARRAY_OF(struct made_column),
        .out = out,
        .tail = {part->in, find_tail(part), part->to},
    };
    struct part list = {part->in, part->from + 1, core.tail.from};
    core.is_distinct = token_is(&list, list.from, "DISTINCT");
    list.from += core.is_distinct || token_is(&list, list.from, "ALL");
    write_rest(&core);
    bool done = token_is(part, part->from, "SELECT") && add_items(&core, &list) &&
                find_filler(&core);
    if (done) {
        read_functions(&core);
        done = read_columns(&core);
    }
    if (done) {
        read_rest(&core);
    }
    release_core(&core);
    return done;
}
