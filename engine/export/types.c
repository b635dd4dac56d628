/* export/types: declared types that leave every value as it is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/export/types.h"
#include "engine/sql.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum affinity { AFFINITY_NONE, AFFINITY_TEXT, AFFINITY_NUMBER, AFFINITY_REAL };

/* In the order of SQLite's rules. */
static enum affinity affinity_of(const char *declared)
{
    static const struct {
        const char *word;
        enum affinity affinity;
    } rules[] = {{"INT", AFFINITY_NUMBER}, {"CHAR", AFFINITY_TEXT},
                 {"CLOB", AFFINITY_TEXT},  {"TEXT", AFFINITY_TEXT},
                 {"BLOB", AFFINITY_NONE},  {"REAL", AFFINITY_REAL},
                 {"FLOA", AFFINITY_REAL},  {"DOUB", AFFINITY_REAL}};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (strcasestr(declared, rules[i].word) != NULL) {
            return rules[i].affinity;
        }
    }
    return *declared == '\0' ? AFFINITY_NONE : AFFINITY_NUMBER;
}

/* Text that could be read as a number: wide on purpose. */
static bool may_be_number(const struct result_cell *cell)
{
    return cell->length > 0 && strchr(" \t\n\v\f\r+-.0123456789iInN", cell->bytes[0]);
}

static bool keeps(enum affinity affinity, const struct result_cell *cell)
{
    switch (cell->type) {
    case RESULT_INTEGER:
        return affinity == AFFINITY_NONE || affinity == AFFINITY_NUMBER;
    case RESULT_REAL: /* 2.0 would become the integer 2 where any number may stand */
        return affinity == AFFINITY_NONE || affinity == AFFINITY_REAL ||
               (affinity == AFFINITY_NUMBER && cell->number != trunc(cell->number));
    case RESULT_TEXT:
        return affinity == AFFINITY_NONE || affinity == AFFINITY_TEXT ||
               !may_be_number(cell);
    case RESULT_NULL:
    case RESULT_BLOB:
        return true;
    }
    return false;
}

static void look_at(char **types, const enum affinity *affinities,
                    const struct result_page *page)
{
    for (long long row = 0; row < page->rows; row++) {
        for (size_t i = 0; i < page->columns; i++) {
            if (types[i] != NULL &&
                !keeps(affinities[i], result_page_cell(page, row, i))) {
                free(types[i]);
                types[i] = NULL;
            }
        }
    }
}

char **export_types(struct export_run *run, struct error *err)
{
    struct result_page page = {0};
    char **types = memory_new_many(run->columns, sizeof *types);
    enum affinity *affinities = memory_new_many(run->columns, sizeof *affinities);
    for (size_t i = 0; i < run->columns; i++) {
        const char *declared = result_column(run->result, i)->declared;
        types[i] = string_copy(declared);
        affinities[i] = affinity_of(declared != NULL ? declared : "");
    }
    bool going = true;
    for (long long row = 0; going && row < run->rows; row += page.rows) {
        going = export_read_page(run, row, &page, err) && page.rows > 0;
        if (going && job_cancelled(run->port)) {
            going = error_set(err, ERROR_CANCELLED, "the export was cancelled");
        } else if (going) {
            look_at(types, affinities, &page);
        }
    }
    result_page_release(&page);
    free(affinities);
    if (!going) {
        export_types_release(types, run->columns);
        return NULL;
    }
    return types;
}

void export_types_release(char **types, size_t count)
{
    for (size_t i = 0; types != NULL && i < count; i++) {
        free(types[i]);
    }
    free(types);
}

/* A declared type is words and a pair of brackets; what is not is left out. */
static void append_type(struct text *out, const char *type)
{
    static const char fine[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ (,)";
    if (type != NULL && *type != '\0' && type[strspn(type, fine)] == '\0') {
        text_append_char(out, ' ');
        text_append(out, type);
    }
}

void export_append_table(struct text *out, const struct export_run *run,
                         char *const *names, char *const *types)
{
    text_append(out, "CREATE TABLE ");
    sql_append_name(out, run->spec->table != NULL ? run->spec->table : "rows");
    text_append(out, " (");
    for (size_t i = 0; i < run->columns; i++) {
        text_append(out, i > 0 ? ",\n  " : "\n  ");
        sql_append_name(out, names[i]);
        append_type(out, types[i]);
    }
    text_append(out, "\n)");
}
