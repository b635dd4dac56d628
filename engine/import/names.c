/* names: header cells to column names, matched with the contract; and later files'
 * headers to the columns of the first.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/import/json_value.h"
#include "engine/import/plan.h"
#include "engine/text.h"

static bool is_taken(const struct plan *plan, size_t before, const char *name)
{
    for (size_t i = 0; i < before; i++) {
        const char *other = plan_column(plan, i)->name;
        if (other != NULL && string_equal_fold(other, name)) {
            return true;
        }
    }
    return false;
}

bool plan_uses(const struct plan *plan, const struct catalog_column *declared)
{
    for (size_t i = 0; i < plan->columns.count; i++) {
        if (plan_column(plan, i)->declared == declared) {
            return true;
        }
    }
    return false;
}

/* ---- Which column of the contract is meant: exactly, else in another case. ---- */

static bool means_exactly(const struct catalog_column *declared, const char *header)
{
    return string_equal(declared->name, header) ||
           string_equal(declared->physical_name, header);
}

static bool means_folded(const struct catalog_column *declared, const char *header)
{
    return string_equal_fold(declared->name, header) ||
           (declared->physical_name != NULL &&
            string_equal_fold(declared->physical_name, header));
}

static void match_by(struct plan *plan,
                     bool (*means)(const struct catalog_column *, const char *))
{
    for (size_t i = 0; i < plan->columns.count; i++) {
        struct plan_column *column = plan_column(plan, i);
        for (size_t d = 0; column->declared == NULL && d < plan_declared_count(plan);
             d++) {
            const struct catalog_column *declared = plan_declared(plan, d);
            if (means(declared, column->original) && !plan_uses(plan, declared)) {
                column->declared = declared;
            }
        }
    }
}

/* Where the header has no name of its own, the place decides. */
static void match_by_place(struct plan *plan, bool all)
{
    for (size_t i = 0; i < plan->columns.count; i++) {
        struct plan_column *column = plan_column(plan, i);
        const struct catalog_column *declared = plan_declared(plan, i);
        if (column->declared == NULL && declared != NULL && !plan_uses(plan, declared) &&
            (all || column->original[0] == '\0')) {
            column->declared = declared;
        }
    }
}

/* ---- Names ---- */

static void name_column(struct plan *plan, size_t index)
{
    struct plan_column *column = plan_column(plan, index);
    char *base = column->declared != NULL      ? string_copy(column->declared->name)
                 : column->original[0] != '\0' ? string_copy(column->original)
                                               : string_printf("column_%zu", index + 1);
    char *name = string_copy(base);
    for (int i = 2; is_taken(plan, index, name); i++) {
        free(name);
        name = string_printf("%s_%d", base, i);
    }
    free(base);
    column->name = name;
    if (string_equal(name, column->original)) {
        free(column->original);
        column->original = NULL;
    }
}

static void type_column(struct plan *plan, struct plan_column *column)
{
    const struct catalog_dialect *dialect = plan->spec->dialect;
    const struct catalog_column *declared = column->declared;
    column->rules.numbers = plan->numbers;
    column->told = plan->spec->format == IMPORT_JSON;
    if (plan->spec->all_text) {
        column->kind = typing_inferred(STORAGE_TEXT);
        return;
    }
    column->markers = dialect != NULL ? dialect->missing : NULL;
    column->rules.decimal = dialect != NULL ? dialect->decimal_char : NULL;
    column->rules.group = dialect != NULL ? dialect->group_char : NULL;
    column->inferred = declared == NULL;
    if (declared == NULL) {
        return;
    }
    column->kind = typing_declared(declared->type);
    column->inferred = column->kind == NULL;
    column->storage = column->inferred ? STORAGE_TEXT : column->kind->storage;
    column->empty_is_null = declared->type != NULL;
    column->markers = declared->missing != NULL ? declared->missing : column->markers;
    column->rules.true_values = declared->true_values;
    column->rules.false_values = declared->false_values;
    if (declared->decimal_char != NULL) {
        column->rules.decimal = declared->decimal_char;
    }
    if (declared->group_char != NULL) {
        column->rules.group = declared->group_char;
    }
    column->rules.not_bare = declared->not_bare;
    column->rules.format =
        string_equal(declared->format, "default") ? NULL : declared->format;
    column->rules.any_format =
        column->rules.format != NULL && !dates_follows(column->rules.format);
}

/* A NUL would end the name early in SQL text; it becomes `_`. */
static char *header_text(const struct reader_row *header, size_t cell, bool none)
{
    if (none || cell >= READER_CELLS_MOST) {
        return string_copy("");
    }
    const struct reader_cell *at = &header->cells[cell];
    char *name =
        string_copy_bytes(at->length > 0 ? header->bytes + at->offset : "", at->length);
    for (size_t i = 0; i < at->length; i++) {
        name[i] = name[i] == '\0' ? '_' : name[i];
    }
    return name;
}

/* An empty file still has the columns its contract declares. */
static bool name_from_contract(struct plan *plan, struct error *err)
{
    const char *file = source_name(plan_file(plan, 0)->source);
    if (plan_declared_count(plan) == 0) {
        return error_set(
            err, ERROR_FAILED,
            "could not import %s: it is empty, there is not even a header line", file);
    }
    text_printf(plan->notes,
                "%s: the file is empty; the columns are those of the contract.\n", file);
    for (size_t i = 0; i < plan_declared_count(plan); i++) {
        struct plan_column *column = array_push(&plan->columns);
        column->declared = plan_declared(plan, i);
        column->original = string_copy(column->declared->name);
    }
    return true;
}

bool plan_name_columns(struct plan *plan, const struct reader_row *header,
                       struct error *err)
{
    struct plan_file *file = plan_file(plan, 0);
    size_t count = header->count > 0 ? header->count : plan_declared_count(plan);
    if (count > READER_COLUMNS_MOST) {
        return error_set(err, ERROR_FAILED,
                         "could not import %s: it has %zu columns%s and a table can have "
                         "%d at most; cut the file into narrower ones",
                         source_name(file->source), count,
                         count >= READER_CELLS_MOST ? " or more" : "",
                         READER_COLUMNS_MOST);
    }
    if (header->count == 0 && !name_from_contract(plan, err)) {
        return false;
    }
    for (size_t i = 0; i < header->count; i++) {
        struct plan_column *column = array_push(&plan->columns);
        column->original = header_text(header, i, file->dialect.no_header);
    }
    match_by(plan, means_exactly);
    match_by(plan, means_folded);
    match_by_place(plan, file->dialect.no_header);
    for (size_t i = 0; i < plan->columns.count; i++) {
        name_column(plan, i);
        type_column(plan, plan_column(plan, i));
        plan_mask_column(plan, plan_column(plan, i));
    }
    return true;
}

/* ---- Members of JSON objects ---- */

static void match_member(struct plan *plan, struct plan_column *column)
{
    static bool (*const ways[])(const struct catalog_column *,
                                const char *) = {means_exactly, means_folded};
    for (size_t way = 0; way < sizeof ways / sizeof ways[0]; way++) {
        for (size_t d = 0; column->declared == NULL && d < plan_declared_count(plan);
             d++) {
            const struct catalog_column *declared = plan_declared(plan, d);
            if (ways[way](declared, column->original) && !plan_uses(plan, declared)) {
                column->declared = declared;
            }
        }
    }
}

void plan_add_columns(struct plan *plan)
{
    while (plan->columns.count < json_keys_count(plan->keys)) {
        size_t index = plan->columns.count;
        struct plan_column *column = array_push(&plan->columns);
        column->original = string_copy(json_keys_name(plan->keys, index));
        match_member(plan, column);
        name_column(plan, index);
        type_column(plan, column);
        plan_mask_column(plan, column);
    }
}

/* ---- Later files ---- */

void plan_map_straight(struct plan *plan, struct plan_file *file)
{
    free(file->map);
    file->cells = plan->columns.count;
    file->map = memory_new_many(file->cells + 1, sizeof *file->map);
    for (size_t i = 0; i < file->cells; i++) {
        file->map[i] = (int)i;
    }
}

static bool is_named(const struct plan_column *column, const char *header)
{
    const char *original = column->original != NULL ? column->original : column->name;
    return string_equal(original, header) || string_equal_fold(column->name, header);
}

/* At the same place first: names may be used twice. */
static int find_column(const struct plan *plan, const char *header, size_t place)
{
    if (place < plan->columns.count && is_named(plan_column(plan, place), header)) {
        return (int)place;
    }
    for (size_t i = 0; i < plan->columns.count; i++) {
        if (is_named(plan_column(plan, i), header)) {
            return (int)i;
        }
    }
    return -1;
}

/* Is it a header? Most of its names are known; or some are, and no cell is a number, as
 * in data there nearly always is one. */
static bool map_names(struct plan *plan, struct plan_file *file,
                      const struct reader_row *header, struct text *strangers)
{
    size_t known = 0;
    bool figure = false;
    for (size_t i = 0; i < header->count; i++) {
        char *name = header_text(header, i, false);
        int column = find_column(plan, name, i);
        for (size_t j = 0; j < i && column >= 0; j++) {
            column = file->map[j] == column ? -1 : column;
        }
        file->map[i] = column;
        known += column >= 0 ? 1 : 0;
        if (column < 0) {
            struct sniff_cell cell = {.text = name, .length = strlen(name)};
            figure = figure || cell.length == 0 || sniff_is_figure(&cell);
            text_printf(strangers, "%s%s", strangers->length > 0 ? ", " : "", name);
        }
        free(name);
    }
    return known * 2 > header->count || (known > 0 && !figure);
}

/* A later file may have the same header, in any order; or none, if the first line holds
 * no names of columns: parts of one file cut in pieces have it only once. */
bool plan_map_header(struct plan *plan, struct plan_file *file,
                     const struct reader_row *header, struct error *err)
{
    const char *name = source_name(file->source);
    if (header->count == 0) {
        text_printf(plan->notes, "%s: the file is empty.\n", name);
        plan_map_straight(plan, file);
        return true;
    }
    struct text strangers = {0};
    bool good = true;
    if (!file->dialect.no_header && header->count <= READER_COLUMNS_MOST) {
        file->cells = header->count;
        file->map = memory_new_many(header->count, sizeof *file->map);
        if (map_names(plan, file, header, &strangers)) {
            if (strangers.length > 0) {
                good = error_set(
                    err, ERROR_FAILED,
                    "could not import %s: its header has columns that the first "
                    "file %s has not: %s [extra-label]",
                    name, source_name(plan_file(plan, 0)->source),
                    plan_masked(plan) == NULL ? text_string(&strangers)
                                              : "not shown, for some columns are masked");
            } else if (header->count < plan->columns.count) {
                text_printf(plan->notes,
                            "%s: it has %zu of the %zu columns; the others are NULL "
                            "in its rows [missing-label].\n",
                            name, header->count, plan->columns.count);
            }
            text_release(&strangers);
            return good;
        }
        text_printf(plan->notes,
                    "%s: its first line is no header like that of the first file "
                    "and was taken as data [incorrect-label].\n",
                    name);
    }
    text_release(&strangers);
    file->headers = 0;
    plan_map_straight(plan, file);
    return true;
}
