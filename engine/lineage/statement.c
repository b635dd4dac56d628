/* lineage/statement: the columns that the columns of a statement are made from.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/trace.h"

#include <stdlib.h>
#include <string.h>

void lineage_sources_release(struct array *sources)
{
    for (size_t i = 0; i < sources->count; i++) {
        struct lineage_source *source = array_at(sources, i);
        free(source->column);
        free(source->database);
        free(source->table);
        free(source->name);
    }
    array_release(sources);
}

static void add_source(struct array *sources, const struct made_column *column,
                       const struct source *from, bool is_direct)
{
    *(struct lineage_source *)array_push(sources) = (struct lineage_source){
        .column = string_copy(column->name),
        .database = string_copy(from->database),
        .table = string_copy(from->table),
        .name = *from->name != '\0' ? string_copy(from->name) : NULL,
        .is_direct = is_direct,
    };
}

/* A table none of whose columns is read is told by its rows. */
static bool has_columns_of(const struct trace *trace, const struct set *all,
                           const struct source *table)
{
    for (size_t n = 0; n < trace->sources.count; n++) {
        const struct source *source = source_at(trace, n);
        if (set_has(all, n) && *source->name != '\0' &&
            string_equal_fold(source->table, table->table) &&
            string_equal_fold(source->database, table->database)) {
            return true;
        }
    }
    return false;
}

static void tell_column(const struct trace *trace, const struct relation *relation,
                        const struct made_column *column, struct array *sources)
{
    struct set all = {0};
    size_t before = sources->count;
    set_join(&all, &column->direct);
    set_join(&all, &column->own);
    set_join(&all, &relation->rows);
    for (size_t n = 0; n < trace->sources.count; n++) {
        const struct source *source = source_at(trace, n);
        if (!set_has(&all, n) || source->kind != SOURCE_TABLE ||
            (*source->name == '\0' && has_columns_of(trace, &all, source))) {
            continue;
        }
        add_source(sources, column, source, set_has(&column->direct, n));
    }
    if (sources->count == before) { /* a column of nothing is a column, too */
        *(struct lineage_source *)array_push(sources) =
            (struct lineage_source){.column = string_copy(column->name)};
    }
    set_release(&all);
}

/* Where it cannot be taken apart: every column is made from all that is read. */
static bool trace_coarsely(struct trace *trace, const char *sql, struct relation *out)
{
    struct prepared all;
    struct set reads = {0};
    bool done = trace_prepare(trace, sql, &all);
    if (done) {
        const struct array none = ARRAY_OF(size_t);
        reads_beyond(&all.reads, &none, &reads);
        for (size_t i = 0; i < all.names.count; i++) {
            struct made_column *column =
                relation_add(out, *(char **)array_at(&all.names, i));
            set_join(&column->direct, &reads);
        }
        for (size_t n = 0; n < trace->sources.count; n++) {
            if (set_has(&reads, n) && *source_at(trace, n)->name == '\0') {
                set_add(&out->rows, n);
                for (size_t i = 0; i < out->columns.count; i++) {
                    set_remove(
                        &((struct made_column *)array_at(&out->columns, i))->direct, n);
                }
            }
        }
    }
    prepared_release(&all);
    set_release(&reads);
    return done;
}

/* The one statement of the text. */
static bool take_statement(const char *sql, struct tokens *tokens, char **statement,
                           struct error *err)
{
    struct array spans = sql_split(sql, strlen(sql));
    const struct sql_span *span = array_at(&spans, 0);
    bool is_one = spans.count == 1 && sql_is_select(sql + span->start, span->length);
    *statement = is_one ? string_copy_bytes(sql + span->start, span->length) : NULL;
    array_release(&spans);
    if (!is_one) {
        error_set(err, ERROR_FAILED,
                  "lineage is told of one SELECT; this is none, or more");
        return false;
    }
    if (!tokens_read(tokens, *statement, strlen(*statement))) {
        tokens_release(tokens);
        free(*statement);
        *statement = NULL;
        error_set(err, ERROR_FAILED,
                  "this is no complete statement: a quote or parenthesis has no other "
                  "one");
        return false;
    }
    return true;
}

bool lineage_of_statement(sqlite3 *db, const char *sql, struct array *sources,
                          struct error *err)
{
    struct tokens tokens;
    char *statement;
    if (!take_statement(sql, &tokens, &statement, err)) {
        return false;
    }
    struct trace trace;
    struct relation *relation = relation_new();
    struct part whole = {&tokens, 0, tokens.items.count};
    trace_init(&trace, db);
    bool is_fine = query_trace(&trace, &whole, NULL, NULL, relation);
    if (!is_fine) {
        relation_free(relation);
        relation = relation_new();
    }
    bool done = is_fine || trace_coarsely(&trace, statement, relation);
    if (!done) {
        error_set(err, ERROR_FAILED, "the statement does not compile: %s",
                  trace_said(&trace));
    }
    size_t first = sources->count;
    for (size_t i = 0; i < relation->columns.count && done; i++) {
        size_t before = sources->count;
        tell_column(&trace, relation, array_at(&relation->columns, i), sources);
        for (size_t k = before; k < sources->count; k++) {
            ((struct lineage_source *)array_at(sources, k))->position = (int)i;
        }
    }
    for (size_t i = first; i < sources->count; i++) {
        ((struct lineage_source *)array_at(sources, i))->is_coarse = !is_fine;
    }
    if (relation->stand == NULL) {
        relation_free(relation);
    }
    trace_release(&trace);
    tokens_release(&tokens);
    free(statement);
    return done;
}
