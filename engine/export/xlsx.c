/* export/xlsx: a workbook for spreadsheets, by libxlsxwriter in its mode of constant
 * memory, where rows are written one after the other.
 *
 * A number of a spreadsheet is a double: an integer beyond 2^53 is written as text, and
 * told. Text is never a formula. What XML cannot hold is written as _xHHHH_, and an
 * underscore that would read so as _x005F_ (ECMA-376 part 1, 22.9.2.19 ST_Xstring).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/export/writer.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

enum {
    LINES_MOST = 1048576,
    COLUMNS_MOST = 16384,
    CHARACTERS_MOST = 32767,
    WIDTH_LEAST = 8,
    WIDTH_MOST = 60,
    SAMPLE_ROWS = 200,
    SAMPLE_BYTES = 200,
};

struct workbook {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *bold;
    lxw_row_t line; /* the next one of the sheet */
    int *widths;    /* of columns, in characters */
    char *folder;   /* for what the library keeps meanwhile */
    struct text text;
};

/* ---- Text ---- */

static bool reads_as_escape(const char *bytes, size_t left)
{
    if (left < 7 || bytes[0] != '_' || bytes[1] != 'x' || bytes[6] != '_') {
        return false;
    }
    for (int i = 2; i < 6; i++) {
        if (!isxdigit((unsigned char)bytes[i])) {
            return false;
        }
    }
    return true;
}

/* U+FFFE and U+FFFF are characters that XML 1.0 does not know. */
static bool is_no_character(const char *bytes, size_t size)
{
    return size == 3 && memcmp(bytes, "\xEF\xBF", 2) == 0 &&
           ((unsigned char)bytes[2] == 0xBE || (unsigned char)bytes[2] == 0xBF);
}

/* As the workbook holds it; *characters counts UTF-16 units. False: bytes were no UTF-8
 * and were replaced. */
static bool append_string(struct text *out, const char *bytes, size_t length,
                          size_t *characters)
{
    bool whole = true;
    text_append(out, "");
    for (size_t i = 0; i < length;) {
        unsigned char c = (unsigned char)bytes[i];
        size_t size =
            export_character_length((const unsigned char *)bytes + i, length - i);
        *characters += size == 4 ? 2 : 1;
        if (size == 0 || is_no_character(bytes + i, size)) {
            text_append(out, "\xEF\xBF\xBD");
            whole = false;
            size = size == 0 ? 1 : size;
        } else if (size == 1 && c < ' ' && c != '\t' && c != '\n') {
            text_printf(out, "_x%04X_", c);
        } else if (reads_as_escape(bytes + i, length - i)) {
            text_append(out, "_x005F_");
        } else {
            text_append_bytes(out, bytes + i, size);
        }
        i += size;
    }
    return whole;
}

static bool write_text(struct export_run *run, lxw_col_t column, const char *bytes,
                       size_t length, struct error *err)
{
    struct workbook *workbook = run->state;
    size_t characters = 0;
    text_clear(&workbook->text);
    run->outcome->replaced += !append_string(&workbook->text, bytes, length, &characters);
    if (characters > CHARACTERS_MOST || workbook->text.length > CHARACTERS_MOST * 4) {
        return error_set(err, ERROR_FAILED,
                         "row %lld has a text of %zu characters in column %s and a cell "
                         "of xlsx takes %d; export as csv or sqlite, or shorten it with "
                         "substr()",
                         run->outcome->rows + 1, characters,
                         result_column(run->result, column)->name, CHARACTERS_MOST);
    }
    worksheet_write_string(workbook->sheet, workbook->line, column,
                           text_string(&workbook->text), NULL);
    return true;
}

/* ---- Sheets ---- */

/* Widths by the header and the first rows. */
static bool measure(struct export_run *run, struct workbook *workbook, struct error *err)
{
    struct result_page page = {0};
    bool done = run->rows == 0 || export_read_page(run, 0, &page, err);
    workbook->widths = memory_new_many(run->columns, sizeof *workbook->widths);
    for (size_t i = 0; done && i < run->columns; i++) {
        int width = (int)strlen(result_column(run->result, i)->name) + 3;
        for (long long row = 0; row < page.rows; row++) {
            int length = (int)result_page_cell(&page, row, i)->length + 1;
            width = length > width && length < SAMPLE_BYTES ? length : width;
        }
        width = width < WIDTH_LEAST ? WIDTH_LEAST : width;
        workbook->widths[i] = width > WIDTH_MOST ? WIDTH_MOST : width;
    }
    result_page_release(&page);
    return done;
}

static bool failed(const struct export_run *run, struct error *err)
{
    return error_set(err, ERROR_FAILED,
                     "could not write the workbook %s; make room on the disk or choose "
                     "another format",
                     run->file);
}

static void write_header(struct export_run *run)
{
    struct workbook *workbook = run->state;
    struct text text = {0};
    for (size_t i = 0; i < run->columns; i++) {
        const char *name = result_column(run->result, i)->name;
        size_t characters = 0;
        text_clear(&text);
        append_string(&text, name, strlen(name), &characters);
        worksheet_write_string(workbook->sheet, 0, (lxw_col_t)i, text_string(&text),
                               workbook->bold);
        worksheet_set_column(workbook->sheet, (lxw_col_t)i, (lxw_col_t)i,
                             workbook->widths[i], NULL);
    }
    text_release(&text);
    worksheet_freeze_panes(workbook->sheet, 1, 0);
    workbook->line = 1;
}

/* "rows", then "rows 2": names of sheets hold 31 characters and none of []:*?/\. */
static char *sheet_name(const struct export_run *run, long long number)
{
    const char *given = run->spec->table != NULL ? run->spec->table : "rows";
    char *name = number > 1 ? string_printf("%.20s %lld", given, number)
                            : string_printf("%.24s", given);
    for (char *at = name; *at != '\0'; at++) {
        bool fits = isalnum((unsigned char)*at) || strchr(" _-.", *at) != NULL;
        *at = fits ? *at : '_';
    }
    return name;
}

static bool open_sheet(struct export_run *run, struct error *err)
{
    struct workbook *workbook = run->state;
    char *name = sheet_name(run, ++run->outcome->sheets);
    workbook->sheet = workbook_add_worksheet(workbook->book, name);
    free(name);
    if (workbook->sheet == NULL) {
        return failed(run, err);
    }
    write_header(run);
    return true;
}

static bool begin(struct export_run *run, struct error *err)
{
    if (run->columns > COLUMNS_MOST) {
        return error_set(err, ERROR_FAILED,
                         "the rows have %zu columns and a sheet of xlsx takes %d; choose "
                         "fewer columns, or csv",
                         run->columns, COLUMNS_MOST);
    }
    struct workbook *workbook = memory_new(sizeof *workbook);
    const char *base = strrchr(run->file, '/');
    run->state = workbook;
    workbook->folder = base != NULL
                           ? string_copy_bytes(run->file, (size_t)(base - run->file) + 1)
                           : string_copy(".");
    lxw_workbook_options options = {
        .constant_memory = LXW_TRUE, .tmpdir = workbook->folder, .use_zip64 = LXW_FALSE};
    workbook->book = workbook_new_opt(run->file, &options);
    if (workbook->book == NULL) {
        return failed(run, err);
    }
    workbook->bold = workbook_add_format(workbook->book);
    format_set_bold(workbook->bold);
    return measure(run, workbook, err) && open_sheet(run, err);
}

/* ---- Rows ---- */

static bool is_exact(const struct result_cell *cell)
{
    const long long most = 1LL << 53;
    long long whole = cell->type == RESULT_INTEGER ? strtoll(cell->bytes, NULL, 10) : 0;
    return cell->type == RESULT_REAL ? isfinite(cell->number) != 0
                                     : whole <= most && whole >= -most;
}

static bool write_number(struct export_run *run, lxw_col_t column,
                         const struct result_cell *cell, struct error *err)
{
    const struct workbook *workbook = run->state;
    double number = cell->type == RESULT_REAL ? cell->number : strtod(cell->bytes, NULL);
    char digits[32];
    if (!is_exact(cell)) {
        run->outcome->as_text++;
        return write_text(run, column, cell->bytes, cell->length, err);
    }
    /* The library writes 16 digits. */
    snprintf(digits, sizeof digits, "%.16G", number);
    run->outcome->rounded += strtod(digits, NULL) != number;
    worksheet_write_number(workbook->sheet, workbook->line, column, number, NULL);
    return true;
}

static bool write_cell(struct export_run *run, lxw_col_t column,
                       const struct result_cell *cell, struct error *err)
{
    switch (cell->type) {
    case RESULT_NULL:
        return true;
    case RESULT_INTEGER:
    case RESULT_REAL:
        return write_number(run, column, cell, err);
    case RESULT_TEXT:
        return write_text(run, column, cell->bytes, cell->length, err);
    case RESULT_BLOB:
        break;
    }
    struct text digits = {0};
    export_append_sql(&digits, cell);
    bool done = write_text(run, column, text_string(&digits), digits.length, err);
    text_release(&digits);
    return done;
}

static bool write_row(struct export_run *run, const struct result_page *page,
                      long long row, struct error *err)
{
    struct workbook *workbook = run->state;
    if (workbook->line == LINES_MOST && !open_sheet(run, err)) {
        return false;
    }
    for (size_t i = 0; i < run->columns; i++) {
        const struct result_cell *cell = export_cell(run, page, row, i, err);
        if (cell == NULL || !write_cell(run, (lxw_col_t)i, cell, err)) {
            return false;
        }
    }
    workbook->line++;
    return true;
}

/* ---- The end ---- */

static bool write_facts(struct export_run *run, struct error *err)
{
    struct workbook *workbook = run->state;
    struct array facts = export_facts(run);
    bool good = true;
    if (facts.count > 0) {
        workbook->sheet = workbook_add_worksheet(workbook->book, "provenance");
        good = workbook->sheet != NULL || failed(run, err);
    }
    for (size_t i = 0; good && i < facts.count; i++) {
        const struct provenance_fact *fact = array_at(&facts, i);
        size_t length = strlen(fact->value);
        workbook->line = (lxw_row_t)i;
        worksheet_write_string(workbook->sheet, workbook->line, 0, fact->name,
                               workbook->bold);
        good = write_text(run, 1, fact->value,
                          length < CHARACTERS_MOST ? length : CHARACTERS_MOST - 1, err);
    }
    if (good && facts.count > 0) {
        worksheet_set_column(workbook->sheet, 0, 0, 16, NULL);
        worksheet_set_column(workbook->sheet, 1, 1, WIDTH_MOST, NULL);
    }
    provenance_facts_release(&facts);
    return good;
}

/* Closing assembles the file, whatever was written before. */
static bool finish(struct export_run *run, struct error *err)
{
    struct workbook *workbook = run->state;
    if (!write_facts(run, err)) {
        return false;
    }
    lxw_error status = workbook_close(workbook->book);
    workbook->book = NULL;
    return status == LXW_NO_ERROR ||
           error_set(err, ERROR_FAILED, "could not write the workbook %s: %s", run->file,
                     lxw_strerror(status));
}

static void end(struct export_run *run)
{
    struct workbook *workbook = run->state;
    if (workbook == NULL) {
        return;
    }
    if (workbook->book != NULL) {
        lxw_workbook_free(workbook->book);
    }
    text_release(&workbook->text);
    free(workbook->folder);
    free(workbook->widths);
    free(workbook);
}

const struct export_writer export_xlsx = {begin, write_row, finish, end};
