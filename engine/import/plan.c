/* plan: files opened, headers read, columns watched and their storage decided.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/plan.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/access.h"
#include "engine/import/json_value.h"
#include "engine/text.h"

enum { EXAMPLES_MOST = 3, EXAMPLE_BYTES = 40 };

void plan_init(struct plan *plan, const struct import_spec *spec,
               struct import_report *report)
{
    memset(plan, 0, sizeof *plan);
    plan->own = *spec;
    plan->spec = &plan->own;
    plan->columns = (struct array)ARRAY_OF(struct plan_column);
    plan->shown = (struct array)ARRAY_OF(size_t);
    plan->files = (struct array)ARRAY_OF(struct plan_file);
    plan->numbers = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    plan->notes = &report->notes;
    plan->sniffed = &report->sniffed;
}

static void release_columns(struct plan *plan)
{
    for (size_t i = 0; i < plan->columns.count; i++) {
        struct plan_column *column = plan_column(plan, i);
        free(column->name);
        free(column->original);
        text_release(&column->examples);
        stats_free(column->stats);
    }
    array_clear(&plan->columns);
}

void plan_release(struct plan *plan)
{
    release_columns(plan);
    array_release(&plan->columns);
    array_release(&plan->shown);
    for (size_t i = 0; i < plan->files.count; i++) {
        source_free(plan_file(plan, i)->source);
        free(plan_file(plan, i)->map);
    }
    array_release(&plan->files);
    json_keys_free(plan->keys);
    if (plan->numbers != (locale_t)0) {
        freelocale(plan->numbers);
    }
}

/* ---- Opening ---- */

/* The same finding of many files is told once. */
static void plan_tell_sniffed(struct plan *plan, struct plan_file *file)
{
    const char *name = source_name(file->source);
    struct sniff_report *found = &file->sniffed;
    const struct sniff_report *before =
        plan->files.count > 1 ? &plan_file(plan, 0)->sniffed : NULL;
    if (before == NULL || before->delimiter != found->delimiter ||
        before->quote != found->quote) {
        sniff_tell(found, name, sniff_is_usual(found) ? plan->sniffed : plan->notes);
    }
    if (before != NULL && before->decimal_commas > 0) {
        found->decimal_commas = 0;
    }
    sniff_warn(found, name, plan->notes);
}

static bool plan_sniff(struct plan *plan, struct plan_file *file, struct error *err)
{
    struct sniff_spec spec = {
        .name = source_name(file->source),
        .judge_header = plan->files.count == 1 &&
                        (plan->spec->columns == NULL || plan->spec->columns->count == 0)};
    if (plan->spec->dialect != NULL) {
        file->dialect = *plan->spec->dialect;
    }
    if (!source_peek(file->source, &spec.bytes, &spec.length, err)) {
        return false;
    }
    sniff_dialect(&spec, &file->dialect, &file->sniffed);
    plan_tell_sniffed(plan, file);
    return true;
}

static struct reader *plan_reader(struct plan *plan, struct plan_file *file)
{
    return plan->spec->format == IMPORT_JSON ? plan_json_reader(plan, file)
                                             : reader_new(file->source, &file->dialect);
}

struct reader *plan_open_rows(struct plan *plan, struct plan_file *file,
                              struct error *err)
{
    if (!source_rewind(file->source, err)) {
        return NULL;
    }
    struct reader *reader = plan_reader(plan, file);
    bool good = reader_skip_lines(reader, file->dialect.skip_rows, err);
    for (int i = 0; good && i < file->headers; i++) {
        struct reader_row row;
        enum reader_state state = reader_next(reader, &row, err);
        good = state != READER_FAILED;
    }
    if (!good) {
        reader_free(reader);
        return NULL;
    }
    return reader;
}

/* Several header rows make one: the parts of a column's name, joined. */
struct header {
    struct text bytes;
    struct array cells; /* of struct reader_cell */
};

static void header_join(struct header *header, const struct reader_row *row,
                        const char *between)
{
    struct header old = *header;
    header->bytes = (struct text){0};
    header->cells = (struct array)ARRAY_OF(struct reader_cell);
    size_t kept = row->count < READER_CELLS_MOST ? row->count : READER_CELLS_MOST;
    for (size_t i = 0; i < kept || i < old.cells.count; i++) {
        size_t start = header->bytes.length;
        const struct reader_cell *before = array_at(&old.cells, i);
        if (before != NULL) {
            text_append_bytes(&header->bytes, text_string(&old.bytes) + before->offset,
                              before->length);
        }
        if (i < kept && row->cells[i].length > 0) {
            text_append(&header->bytes, header->bytes.length > start ? between : "");
            text_append_bytes(&header->bytes, reader_cell_text(row, i),
                              row->cells[i].length);
        }
        struct reader_cell *cell = array_push(&header->cells);
        cell->offset = start;
        cell->length = header->bytes.length - start;
    }
    text_release(&old.bytes);
    array_release(&old.cells);
}

/* Read the header rows (the first row, when there is none, to count its cells). An empty
 * file gives a row without cells. */
static bool read_header(struct plan *plan, struct plan_file *file, struct header *header,
                        struct error *err)
{
    struct reader *reader = plan_reader(plan, file);
    int rows = file->dialect.header_rows > 1 ? file->dialect.header_rows : 1;
    bool good = reader_skip_lines(reader, file->dialect.skip_rows, err);
    for (int i = 0; good && i < rows; i++) {
        struct reader_row row;
        enum reader_state state = reader_next(reader, &row, err);
        if (state == READER_END) {
            break;
        }
        if (state == READER_BAD) {
            good = error_set(err, ERROR_FAILED,
                             "could not read the header of %s, line %lld: %s",
                             source_name(file->source), row.line, row.problem);
        } else if (state == READER_FAILED) {
            good = false;
        } else {
            header_join(header, &row,
                        file->dialect.header_join != NULL ? file->dialect.header_join
                                                          : " ");
        }
    }
    reader_free(reader);
    return good;
}

bool plan_read_header(struct plan *plan, size_t index, struct error *err)
{
    struct plan_file *file = plan_file(plan, index);
    struct header header = {.cells = ARRAY_OF(struct reader_cell)};
    bool good = read_header(plan, file, &header, err);
    struct reader_row row = {.bytes = text_string(&header.bytes),
                             .cells = header.cells.items,
                             .count = header.cells.count};
    file->headers = file->dialect.no_header         ? 0
                    : file->dialect.header_rows > 1 ? file->dialect.header_rows
                                                    : 1;
    if (good && index == 0) {
        release_columns(plan);
        good = plan_name_columns(plan, &row, err);
        if (good) {
            plan_map_straight(plan, file);
        }
    } else if (good) {
        good = plan_map_header(plan, file, &row, err);
    }
    text_release(&header.bytes);
    array_release(&header.cells);
    return good;
}

/* Where nobody said so, the first file tells what all are. */
static bool plan_find_format(struct plan *plan, const struct plan_file *file,
                             struct error *err)
{
    const char *bytes;
    size_t length;
    if (plan->spec->format != IMPORT_BY_CONTENT) {
        return true;
    }
    if (!source_peek(file->source, &bytes, &length, err)) {
        return false;
    }
    plan->own.format = format_begins_like_json(bytes, length) ? IMPORT_JSON : IMPORT_CSV;
    return true;
}

bool plan_open_file(struct plan *plan, size_t index, struct error *err)
{
    const struct access_file *from = array_at(plan->spec->files, index);
    struct feed_spec feed = plan->feed;
    feed.fd = from->fd;
    feed.arrival = from->arrival;
    feed.name = from->path;
    feed.encoding = plan->spec->dialect != NULL ? plan->spec->dialect->encoding : NULL;
    struct plan_file *file = array_push(&plan->files);
    file->source = source_new(&feed, err);
    if (file->source == NULL || !plan_find_format(plan, file, err)) {
        return false;
    }
    if (plan->spec->format == IMPORT_JSON) {
        return plan_open_json(plan, index, err);
    }
    return plan_sniff(plan, file, err) && plan_read_header(plan, index, err);
}

bool plan_reopen_file(struct plan *plan, size_t index, struct error *err)
{
    struct plan_file *file = plan_file(plan, index);
    free(file->map);
    file->map = NULL;
    return source_rewind(file->source, err) && plan_read_header(plan, index, err);
}

/* ---- Watching ---- */

static bool plan_is_null(const struct plan_column *column, const char *text,
                         const struct reader_cell *cell)
{
    bool is_text = cell->kind == CELL_TEXT || cell->kind == CELL_STRING;
    if (cell->kind == CELL_NULL || (is_text && column->markers != NULL)) {
        return cell->kind == CELL_NULL ||
               typing_list_has(column->markers, text, cell->length);
    }
    if (cell->kind != CELL_TEXT) {
        return false; /* JSON has a word for it */
    }
    bool number = column->storage != STORAGE_TEXT;
    return cell->length == 0 && ((column->empty_is_null && (cell->bare || number)) ||
                                 (column->inferred && number));
}

enum typing_fit plan_value(const struct plan_column *column, const char *text,
                           const struct reader_cell *cell, struct typing_value *value)
{
    value->made_length = 0;
    value->cut = SIZE_MAX;
    if (plan_is_null(column, text, cell)) {
        value->type = VALUE_NULL;
        return FIT_YES;
    }
    enum typing_fit fit =
        column->rule.kind != MASK_NONE ? plan_mask_value(column, text, cell, value)
        : column->told                 ? json_value(column, text, cell, value)
                       : column->kind->parse(&column->rules, text, cell->length, value);
    if (value->type == VALUE_INTEGER && column->kind->storage == STORAGE_REAL) {
        value->type = VALUE_REAL;
        value->real = (double)value->integer;
    } else if (value->type == VALUE_REAL && column->storage == STORAGE_INTEGER &&
               fabs(value->real) < 9e18 &&
               value->real == (double)(long long)value->real) {
        value->type = VALUE_INTEGER;
        value->integer = (long long)value->real;
    }
    return fit;
}

/* A note is a line, whatever a cell holds. */
static void append_on_one_line(struct text *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const char *escape = text[i] == '\n'   ? "\\n"
                             : text[i] == '\r' ? "\\r"
                             : text[i] == '\t' ? "\\t"
                                               : NULL;
        if (escape != NULL) {
            text_append(out, escape);
        } else {
            bool control = (unsigned char)text[i] < ' ' || text[i] == '\x7F';
            text_append_char(out, control ? '?' : text[i]);
        }
    }
}

void plan_note_misfit(struct plan_column *column, long long line, const char *text,
                      size_t length)
{
    if (column->misfits++ >= EXAMPLES_MOST || column->masked) {
        return;
    }
    size_t shown = length;
    if (shown > EXAMPLE_BYTES) {
        for (shown = EXAMPLE_BYTES;
             shown > 0 && ((unsigned char)text[shown] & 0xC0) == 0x80;) {
            shown--;
        }
    }
    text_printf(&column->examples, "%sline %lld: '", column->misfits > 1 ? "; " : "",
                line);
    append_on_one_line(&column->examples, text, shown);
    text_append(&column->examples, shown < length ? "...'" : "'");
}

static void see_inferred(struct plan_column *column, const char *text, size_t length)
{
    long long integer;
    double real;
    bool whole = false;
    char plain[TYPING_PLAIN];
    if (typing_has_marks(&column->rules)) {
        if (!typing_unmark(&column->rules, text, length, plain, &length)) {
            column->saw_text = true;
            return;
        }
        text = plain;
    }
    if (typing_is_integer(text, length, &integer)) {
        column->saw_integer = true;
        column->saw_big |= integer > (1LL << 53) || integer < -(1LL << 53);
    } else if (typing_is_real(text, length, column->rules.numbers, &real, &whole)) {
        column->saw_real = true;
        column->saw_whole |= whole;
    } else {
        column->saw_text = true;
    }
}

void plan_see_cell(struct plan_column *column, const char *text,
                   const struct reader_cell *cell)
{
    if (column->rule.kind != MASK_NONE) {
        return; /* what it stores is known */
    }
    if (column->told) {
        if (!plan_is_null(column, text, cell)) {
            json_see(column, text, cell);
        }
    } else if (column->inferred) {
        bool empty = cell->length == 0 && column->markers == NULL;
        if (!column->saw_text && !empty && !plan_is_null(column, text, cell)) {
            see_inferred(column, text, cell->length);
        }
    } else if (column->kind->storage != STORAGE_TEXT && !column->saw_bent &&
               !plan_is_null(column, text, cell)) {
        struct typing_value value;
        column->saw_bent = column->kind->parse(&column->rules, text, cell->length,
                                               &value) == FIT_NO_BENT;
    }
}

void plan_add_seen(struct plan_column *into, const struct plan_column *from)
{
    into->saw_text |= from->saw_text;
    into->saw_integer |= from->saw_integer;
    into->saw_big |= from->saw_big;
    into->saw_real |= from->saw_real;
    into->saw_whole |= from->saw_whole;
    into->saw_bent |= from->saw_bent;
    into->saw_boolean |= from->saw_boolean;
}

void plan_see_row(struct plan *plan, const struct plan_file *file,
                  const struct reader_row *row)
{
    for (size_t i = 0; i < row->count; i++) {
        if (file->map[i] >= 0) {
            plan_see_cell(plan_column(plan, (size_t)file->map[i]),
                          reader_cell_text(row, i), &row->cells[i]);
        }
    }
}

/* Whole numbers and fractions together are REAL, if it can be told afterwards how the
 * whole ones were written: all as 5 or all as 5.0. */
static enum typing_storage decide_storage(const struct plan_column *column)
{
    if (column->saw_text || (!column->saw_integer && !column->saw_real)) {
        return STORAGE_TEXT;
    }
    if (!column->saw_real) {
        return STORAGE_INTEGER;
    }
    bool mixed = column->saw_integer && (column->saw_whole || column->saw_big);
    return mixed ? STORAGE_TEXT : STORAGE_REAL;
}

enum typing_storage plan_storage(const struct plan_column *column)
{
    if (column->inferred) {
        return column->told ? json_storage(column) : decide_storage(column);
    }
    return column->saw_bent ? STORAGE_MIXED : column->kind->storage;
}

void plan_decide(struct plan *plan)
{
    plan_choose_columns(plan);
    for (size_t i = 0; i < plan->columns.count; i++) {
        struct plan_column *column = plan_column(plan, i);
        column->storage = plan_storage(column);
        if (column->inferred) {
            column->kind = typing_inferred(column->storage);
        }
        if (column->place >= 0 && column->stats == NULL) {
            column->stats = stats_new();
        }
    }
}

void plan_forget_rows(struct plan *plan)
{
    for (size_t i = 0; i < plan->columns.count; i++) {
        struct plan_column *column = plan_column(plan, i);
        column->saw_text = column->saw_integer = column->saw_big = column->saw_real =
            column->saw_whole = column->saw_bent = column->saw_boolean = false;
        column->nulls = column->misfits = 0;
        column->kind = column->inferred ? NULL : column->kind;
        column->storage = column->inferred ? STORAGE_TEXT : column->kind->storage;
        text_clear(&column->examples);
        stats_free(column->stats);
        column->stats = NULL;
    }
}
