/* json_plan: JSON files opened, and the columns that their objects bring.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <strings.h>
#include <string.h>

#include "engine/import/decode.h"
#include "engine/import/json_reader.h"
#include "engine/import/plan.h"
#include "engine/text.h"

struct reader *plan_json_reader(struct plan *plan, struct plan_file *file)
{
    struct json_reader_spec spec = {
        .source = file->source, .shape = &file->json, .keys = plan->keys};
    return json_reader_new(&spec);
}

static bool has_contract(const struct plan *plan)
{
    return plan->spec->columns != NULL && plan->spec->columns->count > 0;
}

/* Is it called JSON Lines? */
static bool is_called_lines(const char *name)
{
    static const char *const packings[] = {".gz", ".zst"};
    static const char *const suffixes[] = {".jsonl", ".ndjson", ".jsonlines"};
    size_t length = strlen(name);
    for (size_t i = 0; i < sizeof packings / sizeof packings[0]; i++) {
        length -= string_ends(name, packings[i]) ? strlen(packings[i]) : 0;
    }
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        size_t own = strlen(suffixes[i]);
        if (length > own && strncasecmp(name + length - own, suffixes[i], own) == 0) {
            return true;
        }
    }
    return false;
}

/* JSON is UTF-8. Where something else is declared that UTF-8 could be taken for, it is
 * looked through: a reader of JSON would stop at the first strange byte. */
static bool choose_encoding(struct plan *plan, struct source *source, struct error *err)
{
    const char *declared = source_declared(source);
    if (declared == NULL || !decode_extends_ascii(declared)) {
        return true;
    }
    struct source_piece piece;
    enum source_state state;
    while ((state = source_next(source, &piece, err)) == SOURCE_PIECE) {
    }
    long long broken = source_broken_at(source);
    if (state == SOURCE_FAILED || !(broken >= 0 ? source_read_otherwise(source, err)
                                                : source_rewind(source, err))) {
        return false;
    }
    if (broken >= 0) {
        text_printf(plan->notes, "%s: it is not UTF-8 (byte %lld).\n",
                    source_name(source), broken);
    }
    return true;
}

/* An array whose elements are all strings is the header. */
static bool look_for_header(struct plan *plan, struct plan_file *file, struct error *err)
{
    struct reader_row row = {0};
    struct reader *reader = plan_json_reader(plan, file);
    enum reader_state state;
    while ((state = reader_next(reader, &row, err)) == READER_BAD) {
    }
    size_t strings = 0;
    while (state == READER_ROW && strings < row.count && strings < READER_CELLS_MOST &&
           row.cells[strings].kind == CELL_STRING) {
        strings++;
    }
    bool declared = plan->spec->dialect != NULL && plan->spec->dialect->no_header;
    file->dialect.no_header = declared || strings == 0 || strings < row.count;
    reader_free(reader);
    return state != READER_FAILED && source_rewind(file->source, err);
}

/* All files that have rows have rows of the same kind. */
static bool check_kind(const struct plan *plan, size_t index, struct error *err)
{
    const struct json_shape *shape = &plan_file(plan, index)->json;
    for (size_t i = 0; i < index; i++) {
        const struct plan_file *file = plan_file(plan, i);
        if (file->json.form != JSON_FORM_NOTHING && file->json.arrays != shape->arrays) {
            return error_set(
                err, ERROR_FAILED,
                "could not import %s: its rows are %s and those of %s are %s",
                source_name(plan_file(plan, index)->source),
                shape->arrays ? "arrays" : "objects", source_name(file->source),
                file->json.arrays ? "arrays" : "objects");
        }
    }
    return true;
}

bool plan_open_json(struct plan *plan, size_t index, struct error *err)
{
    struct plan_file *file = plan_file(plan, index);
    const char *name = source_name(file->source);
    struct json_shape_spec spec = {.lines = plan->spec->lines || is_called_lines(name)};
    spec.may_be_empty = spec.lines || has_contract(plan);
    spec.property = plan->spec->dialect != NULL ? plan->spec->dialect->property : NULL;
    spec.lines = spec.lines && spec.property == NULL;
    if (!choose_encoding(plan, file->source, err) ||
        !json_find_shape(file->source, &spec, &file->json, err) ||
        !source_rewind(file->source, err)) {
        return false;
    }
    if (file->json.form == JSON_FORM_NOTHING) {
        plan_map_straight(plan, file);
        return true;
    }
    if (file->json.form == JSON_FORM_MEMBER) {
        text_printf(plan->notes, "%s: the rows are the elements of its member \"%s\".\n",
                    name, file->json.name);
    }
    if (!check_kind(plan, index, err)) {
        return false;
    }
    if (file->json.arrays) {
        return look_for_header(plan, file, err) && plan_read_header(plan, index, err);
    }
    if (plan->keys == NULL) {
        plan->keys = json_keys_new(plan->spec->columns, plan->spec->keep_nested);
    }
    plan_map_straight(plan, file);
    return true;
}

bool plan_takes_row(struct plan *plan, struct plan_file *file,
                    const struct reader_row *row)
{
    if (plan->keys != NULL && !plan->sealed && row->count > file->cells) {
        plan_add_columns(plan);
        plan_map_straight(plan, file);
    }
    return row->count == file->cells;
}

bool plan_seal(struct plan *plan, struct error *err)
{
    plan->sealed = true;
    if (plan->spec->format != IMPORT_JSON) {
        return true;
    }
    if (plan->columns.count == 0 && !has_contract(plan)) {
        return error_set(
            err, ERROR_FAILED,
            "could not import %s: it has no row that could show which columns there are",
            source_name(plan_file(plan, 0)->source));
    }
    if (plan->columns.count == 0 &&
        !plan_name_columns(plan, &(struct reader_row){0}, err)) {
        return false;
    }
    for (size_t i = 0; i < plan->files.count; i++) {
        if (!plan_file(plan, i)->json.arrays) {
            plan_map_straight(plan, plan_file(plan, i));
        }
    }
    plan_choose_columns(plan);
    plan_note_names(plan);
    return true;
}
