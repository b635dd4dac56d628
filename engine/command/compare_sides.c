/* compare_sides: the sides of a comparison become rows.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/compare_sides.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/gate.h"
#include "engine/sql.h"

void comparison_release_names(struct array *names)
{
    for (size_t i = 0; i < names->count; i++) {
        free(*(char **)array_at(names, i));
    }
    array_release(names);
}

void comparison_free(void *own)
{
    struct comparison *comparison = own;
    for (int i = 0; i < 2; i++) {
        struct side *side = &comparison->sides[i];
        workbench_result_free(side->ran);
        result_free(side->opened);
        cache_lease_release(side->lease);
        free(side->classification);
        free(side->products);
        free(side->word);
    }
    comparison_release_names(&comparison->keys);
    comparison_release_names(&comparison->likely);
    free(comparison->file);
    free(comparison);
}

/* ---- A side that is a statement ---- */

static void take_result(struct side *side, const struct workbench_result *result)
{
    side->rows = result->result;
    side->classification = string_copy(result->classification);
    side->products = string_copy(text_string(&result->products));
}

static void go_on(struct command_call *call)
{
    struct error err = {0};
    if (!comparison_make_ready(call, &err)) {
        call_fail(call, &err);
    }
}

static void on_side(void *owner, struct workbench_result *result)
{
    struct command_call *call = owner;
    struct comparison *comparison = call->own;
    struct side *side = &comparison->sides[comparison->ready];
    struct error err = {0};
    if (result->error.kind != ERROR_NONE) {
        call_fail_run(call, result);
        return;
    }
    if (result->result == NULL) {
        error_set(&err, ERROR_FAILED, "compare needs rows, but \"%s\" gives none",
                  side->word);
        call_fail(call, &err);
        return;
    }
    if (result->is_limited) {
        text_printf(&call->reply.notes, "%s was stopped at the row limit\n", side->word);
    }
    text_append(&call->reply.notes, text_string(&result->notes));
    side->ran = result;
    call->ran = NULL;
    take_result(side, result);
    comparison->ready++;
    go_on(call);
}

static bool run_side(struct command_call *call, const char *sql, struct error *err)
{
    struct workbench_query query = {.sql = sql, .aside = true, .finished = on_side};
    call->ran = call_start_query(call, &query, err);
    return call->ran != NULL;
}

/* ---- A side that is a table or a version ---- */

/* PRODUCT or PRODUCT.TABLE: the product and its table's name in SQL. */
static bool find_table(struct command_call *call, const char *word,
                       struct catalog_product *product, char **table, struct error *err)
{
    const struct catalog *catalog = call->workbench->catalog;
    struct catalog_entry entry = {0};
    const char *dot = strrchr(word, '.');
    struct error ignored = {0};
    const char *wanted = NULL;
    bool found = catalog_find(catalog, word, &entry, dot != NULL ? &ignored : err);
    if (!found && dot != NULL) {
        char *name = string_copy_bytes(word, (size_t)(dot - word));
        found = catalog_find(catalog, name, &entry, err);
        wanted = dot + 1;
        free(name);
    }
    if (!found || !catalog_product(catalog, entry.id, product, err)) {
        catalog_entry_release(&entry);
        return false;
    }
    catalog_entry_release(&entry);
    struct text names = {0};
    for (size_t i = 0; i < product->tables.count && *table == NULL; i++) {
        const struct catalog_table *one = array_at(&product->tables, i);
        bool is = wanted != NULL ? string_equal_fold(one->sql_name, wanted)
                                 : product->tables.count == 1;
        *table = is ? string_copy(one->sql_name) : NULL;
        text_printf(&names, "%s%s", i > 0 ? ", " : "", one->sql_name);
    }
    if (*table == NULL) {
        error_set(err, ERROR_USAGE, "which table of %s? PRODUCT.TABLE; there are: %s",
                  product->entry.id, text_string(&names));
        catalog_product_release(product);
    }
    text_release(&names);
    return *table != NULL;
}

bool call_whole_table(struct command_call *call, const char *word, struct text *sql,
                      struct error *err)
{
    struct catalog_product product;
    char *table = NULL;
    if (call->workbench->catalog == NULL) {
        return error_set(err, ERROR_USAGE,
                         "\"%s\" would be a product, but no mesh is open; a statement "
                         "starts with SELECT",
                         word);
    }
    if (!find_table(call, word, &product, &table, err)) {
        return false;
    }
    text_append(sql, "SELECT * FROM ");
    sql_append_name(sql, product.entry.schema);
    text_append_char(sql, '.');
    sql_append_name(sql, table);
    catalog_product_release(&product);
    free(table);
    return true;
}

/* The newest version whose key begins so; "previous": the newest that is not current. */
static char *find_file(struct command_call *call, const struct catalog_entry *entry,
                       const char *wanted, struct error *err)
{
    const struct cache_product place = {.mesh = call->workbench->mesh,
                                        .role = call->workbench->role,
                                        .domain = entry->domain,
                                        .name = entry->name,
                                        .group = -1};
    struct array versions = cache_versions(&place);
    bool previous = string_equal(wanted, "previous");
    char *file = NULL;
    for (size_t i = 0; i < versions.count && file == NULL; i++) {
        const struct cache_version *version = array_at(&versions, i);
        bool is = previous ? !version->is_current
                           : *wanted != '\0' && string_starts(version->key, wanted);
        file = is ? string_copy(version->file) : NULL;
    }
    cache_versions_release(&versions);
    if (file == NULL) {
        error_set(err, ERROR_FAILED,
                  "no %s version of %s is here; \"versions %s\" lists those that are",
                  wanted, entry->id, entry->id);
    }
    return file;
}

static bool open_version(struct command_call *call, struct side *side,
                         const struct catalog_product *product, const char *table,
                         const char *wanted, struct error *err)
{
    const char *purpose = command_flag_value(call, "--purpose");
    struct text asked = {0};
    text_printf(&asked, "compare %s", side->word);
    char *file = find_file(call, &product->entry, wanted, err);
    side->lease = file != NULL ? cache_lease_take(file, err) : NULL;
    const struct workbench_version_spec spec = {
        .product = product->entry.id,
        .file = file,
        .table = table,
        .asked = text_string(&asked),
        .purpose =
            purpose != NULL ? purpose : options_get(call->workbench->options, "purpose"),
    };
    side->opened =
        side->lease != NULL
            ? workbench_version_rows(call->workbench, &spec, &side->classification, err)
            : NULL;
    side->rows = side->opened;
    side->products = string_printf("%s\n", product->entry.id);
    text_release(&asked);
    free(file);
    return side->opened != NULL;
}

static bool take_version(struct command_call *call, struct side *side, struct error *err)
{
    struct catalog_product product;
    char *table = NULL;
    char *name = string_copy(side->word);
    char *at = strrchr(name, '@');
    *at = '\0';
    bool done = find_table(call, name, &product, &table, err);
    if (done) {
        done = open_version(call, side, &product, table, at + 1, err);
        catalog_product_release(&product);
    }
    free(table);
    free(name);
    return done;
}

/* True: ready, or on its way (then *waits). */
static bool take_table(struct command_call *call, struct side *side, bool *waits,
                       struct error *err)
{
    if (call->workbench->catalog != NULL && strrchr(side->word, '@') != NULL) {
        return take_version(call, side, err);
    }
    struct text sql = {0};
    *waits = true;
    bool done = call_whole_table(call, side->word, &sql, err) &&
                run_side(call, text_string(&sql), err);
    text_release(&sql);
    return done;
}

/* ---- A side that is there already ---- */

/* The same rows, opened anew: a child does not use the connections of its parent, and
 * what is shown may be gone before the merge is done. */
struct result *call_open_again(const struct result *from, struct error *err)
{
    struct result *result =
        result_open_finished(result_file(from), result_table(from), err);
    for (size_t i = 0; result != NULL && i < result_column_count(from); i++) {
        const struct result_column *column = result_column(from, i);
        result_set_column(result, i, column->name, column->declared, column->product,
                          column->table, column->column);
    }
    if (result != NULL) {
        result_set_count(result, result_count(from), true);
    }
    return result;
}

static bool take_there(struct side *side, const struct workbench_result *result,
                       struct error *err)
{
    if (result == NULL || result->result == NULL || !result->is_over) {
        return error_set(err, ERROR_FAILED,
                         string_equal(side->word, "before")
                             ? "there is no run before this one to compare with: run two "
                               "statements, or the same again"
                             : "no rows are shown to compare with");
    }
    take_result(side, result);
    side->rows = side->opened = call_open_again(result->result, err);
    return side->opened != NULL;
}

/* A comparison of a comparison says nothing: what was shown before it is meant. */
static const struct workbench_result *what_is_shown(const struct command_call *call)
{
    const struct workbench_result *shown = call->workbench->shown;
    while (shown != NULL && shown->sheet != NULL &&
           shown->sheet->kind == PIVOT_COMPARISON && shown->below != NULL) {
        shown = shown->below;
    }
    return shown;
}

bool comparison_take_side(struct command_call *call, struct side *side, bool *waits,
                          struct error *err)
{
    if (string_equal(side->word, "before")) {
        return take_there(side, call->workbench->before, err);
    }
    if (string_equal(side->word, "shown")) {
        return take_there(side, what_is_shown(call), err);
    }
    if (words_start_sql(side->word)) {
        *waits = true;
        return run_side(call, side->word, err);
    }
    return take_table(call, side, waits, err);
}
