/* sniff: what the columns of the sample tell: header, comments, decimal commas. And the
 * sentences about all that was found.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/sniff.h"

#include <stdio.h>
#include <string.h>

struct column {
    const char *name;
    size_t name_length;
    bool name_is_figure, has_text;
    size_t filled, named; /* cells: not empty; the same as the name */
    size_t commas;        /* cells that are numbers with a decimal comma */
    bool has_other;       /* neither that nor a whole number */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* -12,5 and 1.234,50 are; 12,345 may as well be grouped by thousands. */
static bool is_decimal_comma(const struct sniff_cell *cell)
{
    size_t i = cell->length > 0 && cell->text[0] == '-' ? 1 : 0;
    const char *comma = memchr(cell->text, ',', cell->length);
    if (comma == NULL || cell->text + i == comma) {
        return false;
    }
    size_t place = (size_t)(comma - cell->text), fraction = cell->length - place - 1;
    for (; i < cell->length; i++) {
        bool group = i < place && cell->text[i] == '.' && (place - i) % 4 == 0;
        if (!is_digit(cell->text[i]) && !group && i != place) {
            return false;
        }
    }
    return fraction > 0 && fraction != 3;
}

static bool is_whole_number(const struct sniff_cell *cell)
{
    size_t i = cell->length > 1 && cell->text[0] == '-' ? 1 : 0;
    for (; i < cell->length && is_digit(cell->text[i]);) {
        i++;
    }
    return i == cell->length;
}

static void see_cell(struct column *column, const struct sniff_cell *cell)
{
    if (cell->length == 0) {
        return;
    }
    column->filled++;
    column->has_text = column->has_text || !sniff_is_figure(cell);
    column->named += cell->length == column->name_length &&
                             memcmp(cell->text, column->name, cell->length) == 0
                         ? 1
                         : 0;
    if (is_decimal_comma(cell)) {
        column->commas++;
    } else if (!is_whole_number(cell)) {
        column->has_other = true;
    }
}

static size_t see_columns(const struct sniff_sample *sample, struct column *columns)
{
    size_t count = 0;
    struct sniff_cell cell = {.next = sample->rows[0].start};
    while (count < SNIFF_COLUMNS && sniff_next_cell(sample, &sample->rows[0], &cell)) {
        columns[count++] = (struct column){.name = cell.text,
                                           .name_length = cell.length,
                                           .name_is_figure = sniff_is_figure(&cell)};
    }
    for (size_t row = 1; row < sample->count; row++) {
        cell = (struct sniff_cell){.next = sample->rows[row].start};
        for (size_t i = 0; sample->rows[row].cells == sample->rows[0].cells && i < count;
             i++) {
            if (sniff_next_cell(sample, &sample->rows[row], &cell)) {
                see_cell(&columns[i], &cell);
            }
        }
    }
    return count;
}

/* A name over figures speaks for a header; a figure over figures, or a name that is a
 * value too, against it. */
static void judge_header(const struct column *columns, size_t count,
                         struct sniff_report *report)
{
    for (size_t i = 0; i < count; i++) {
        const struct column *column = &columns[i];
        bool figures = column->filled > 0 && !column->has_text;
        if (figures && column->name_length > 0 && !column->name_is_figure) {
            report->header_for++;
        } else if ((figures && column->name_is_figure) ||
                   (column->named > 0 && column->named < column->filled)) {
            report->header_against++;
        }
    }
    report->header = report->header_for > report->header_against   ? SNIFF_HEADER_SEEN
                     : report->header_for < report->header_against ? SNIFF_HEADER_DOUBTED
                                                                   : SNIFF_HEADER_ASSUMED;
    enum sniff_trust trust =
        report->header == SNIFF_HEADER_DOUBTED ? SNIFF_GUESS
        : report->header == SNIFF_HEADER_ASSUMED || report->header_against > 0
            ? SNIFF_LIKELY
            : SNIFF_SURE;
    report->trust = trust < report->trust ? trust : report->trust;
}

static void count_comments(const struct sniff_sample *sample, struct sniff_report *report)
{
    for (size_t i = 1; i < sample->count; i++) {
        const struct sniff_row *row = &sample->rows[i];
        if (sample->bytes[row->start] == '#' && row->cells != report->cells) {
            report->first_comment =
                report->comments++ == 0 ? row->line : report->first_comment;
        }
    }
}

static void note_decimal_comma(const struct column *column, struct sniff_report *report)
{
    /* 1,2 may be a list: in a column of numbers most have a fraction. */
    if (column->commas < 2 || column->commas * 2 <= column->filled || column->has_other ||
        report->decimal_commas++ > 0) {
        return;
    }
    size_t most = sizeof report->decimal_column - 1, length = column->name_length;
    if (length > most) {
        for (length = most;
             length > 0 && ((unsigned char)column->name[length] & 0xC0) == 0x80;) {
            length--;
        }
        length = length > 0 ? length : most; /* no UTF-8 at all */
    }
    memcpy(report->decimal_column, column->name, length);
    report->decimal_column[length] = '\0';
}

void sniff_columns(const struct sniff_sample *sample, bool has_open_header,
                   struct sniff_report *report)
{
    struct column columns[SNIFF_COLUMNS];
    report->rows = sample->count;
    if (sample->count == 0) {
        return;
    }
    report->cells = sample->rows[0].cells;
    report->header_line = sample->rows[0].line;
    for (size_t i = 0; i < sample->count; i++) {
        report->regular += sample->rows[i].cells == report->cells ? 1 : 0;
    }
    size_t count = see_columns(sample, columns);
    if (has_open_header) {
        judge_header(columns, count, report);
    }
    if (sample->comment == '\0') {
        count_comments(sample, report);
    }
    for (size_t i = 0; has_open_header && i < count; i++) {
        note_decimal_comma(&columns[i], report);
    }
}

/* ---- Sentences ---- */

bool sniff_is_usual(const struct sniff_report *report)
{
    return !report->found_quote && report->header != SNIFF_HEADER_DOUBTED &&
           (!report->found_delimiter || report->delimiter == ',');
}

static void tell_delimiter(const struct sniff_report *report, struct text *out)
{
    char buffer[8];
    if (report->cells < 2) {
        text_append(out, ", one column");
        return;
    }
    text_printf(out, ", delimiter %s (%zu of %zu row%s ha%s %zu cells)",
                catalog_sign_name(report->delimiter, buffer), report->regular,
                report->rows, report->rows == 1 ? "" : "s",
                report->regular == 1 && report->rows == 1 ? "s" : "ve", report->cells);
}

void sniff_tell(const struct sniff_report *report, const char *name, struct text *out)
{
    static const char *const trusts[] = {"a guess", "likely", "sure"};
    static const char *const headers[] = {
        [SNIFF_HEADER_SEEN] = "header in line %lld",
        [SNIFF_HEADER_ASSUMED] = "line %lld taken as header",
        [SNIFF_HEADER_DOUBTED] =
            "line %lld taken as header though it looks like the rows below"};
    struct text parts = {0};
    if (report->rows > 0 && report->found_delimiter) {
        tell_delimiter(report, &parts);
    }
    if (report->found_quote) {
        text_printf(&parts, ", quote %c", report->quote);
    }
    if (report->rows > 0 && report->header != SNIFF_HEADER_DECLARED) {
        text_append(&parts, ", ");
        const char *at = headers[report->header], *number = strchr(at, '%');
        text_append_bytes(&parts, at, (size_t)(number - at));
        text_printf(&parts, "%lld%s", report->header_line, number + strlen("%lld"));
    }
    if (parts.length > 0) {
        text_printf(out, "%s: %s; %s.\n", name, text_string(&parts) + 2,
                    trusts[report->trust]);
    }
    text_release(&parts);
}

void sniff_warn(const struct sniff_report *report, const char *name, struct text *out)
{
    if (report->left_out == 1) {
        text_printf(out, "%s: line 1 stands before the table and was left out.\n", name);
    } else if (report->left_out > 1) {
        text_printf(out, "%s: lines 1 to %d stand before the table and were left out.\n",
                    name, report->left_out);
    }
    if (report->comments > 0) {
        text_printf(out,
                    "%s: %zu line%s begin%s with # and %s not like the others (the first "
                    "is line %lld); declare # as the comment sign to leave them out.\n",
                    name, report->comments, report->comments == 1 ? "" : "s",
                    report->comments == 1 ? "s" : "",
                    report->comments == 1 ? "is" : "are", report->first_comment);
    }
    if (report->decimal_commas > 0) {
        text_printf(
            out,
            "%s: %zu column%s look%s like numbers with a decimal comma (%s); they "
            "stay text unless the comma is declared.\n",
            name, report->decimal_commas, report->decimal_commas == 1 ? "" : "s",
            report->decimal_commas == 1 ? "s" : "", report->decimal_column);
    }
}
