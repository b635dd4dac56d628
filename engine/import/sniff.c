/* sniff: tries each delimiter on the first rows of a file and keeps the most regular.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/sniff.h"

#include <string.h>

static const char candidates[] = {',', '\t', ';', '|'};
static const char shy_candidates[] = {':', ' '}; /* texts are full of them */

enum { SHY_CELLS_LEAST = 3, SHY_ROWS_LEAST = 4, LINES_BEFORE_MOST = 20 };

static const double nearly_all = 0.98;
static const double most = 0.8;

/* ---- Rows of the sample ---- */

static void add_row(struct sniff_sample *sample, size_t start, size_t end, long long line,
                    size_t cells)
{
    bool is_comment = sample->comment != '\0' && sample->bytes[start] == sample->comment;
    if (end > start && !is_comment && sample->count < SNIFF_ROWS) {
        sample->rows[sample->count++] = (struct sniff_row){start, end, line, cells};
    }
}

/* Cut the sample into rows; one that it cuts off does not count unless it is the only
 * one. */
static void cut_rows(struct sniff_sample *sample, char delimiter)
{
    size_t start = sample->first, cells = 1;
    long long line = sample->first_line, row_line = line;
    bool quoted = false, closed = false, cell_begins = true; /* closed: just now */
    sample->delimiter = delimiter;
    sample->count = 0;
    for (size_t i = start; i < sample->length && sample->count < SNIFF_ROWS; i++) {
        char c = sample->bytes[i];
        bool ends_line =
            c == '\n' ||
            (c == '\r' && (i + 1 == sample->length || sample->bytes[i + 1] != '\n'));
        line += ends_line ? 1 : 0;
        if (c == sample->quote && (quoted || closed || cell_begins)) {
            closed = quoted;
            quoted = !quoted;
            cell_begins = false;
            continue;
        }
        closed = false;
        if (!quoted && (c == '\n' || c == '\r')) {
            add_row(sample, start, i, row_line, cells);
            cells = 1;
            cell_begins = true;
            start = i + 1;
            row_line = line;
        } else if (!quoted) {
            cells += c == delimiter ? 1 : 0;
            cell_begins = c == delimiter;
        }
    }
    if (sample->whole || sample->count == 0) {
        add_row(sample, start, sample->length, row_line, cells);
    }
}

bool sniff_next_cell(const struct sniff_sample *sample, const struct sniff_row *row,
                     struct sniff_cell *cell)
{
    size_t at = cell->next, start = at;
    bool quoted = false, closed = false;
    if (cell->over) {
        return false;
    }
    for (; at < row->end && (quoted || sample->bytes[at] != sample->delimiter); at++) {
        bool quote = sample->bytes[at] == sample->quote;
        bool was_quoted = quoted;
        quoted ^= quote && (quoted || closed || at == start);
        closed = quote && was_quoted;
    }
    cell->over = at >= row->end;
    cell->next = at + 1;
    cell->text = sample->bytes + start;
    cell->length = at - start;
    if (cell->length >= 2 && cell->text[0] == sample->quote &&
        cell->text[cell->length - 1] == sample->quote) {
        cell->text++;
        cell->length -= 2;
    }
    return true;
}

bool sniff_is_figure(const struct sniff_cell *cell)
{
    bool digit = false;
    for (size_t i = 0; i < cell->length; i++) {
        char c = cell->text[i];
        if (c >= '0' && c <= '9') {
            digit = true;
        } else if (c == '\0' || strchr(" +-.,:/%TZ", c) == NULL) {
            return false;
        }
    }
    return digit;
}

/* ---- Delimiter ---- */

struct score {
    char delimiter;
    double share; /* of rows with as many cells as the first; 0: the first has only one */
    size_t cells, regular;
    size_t before; /* rows before the table */
};

static struct score score_from(const struct sniff_sample *sample, size_t first)
{
    struct score score = {.delimiter = sample->delimiter, .before = first};
    if (first < sample->count) {
        score.cells = sample->rows[first].cells;
        for (size_t i = first; i < sample->count; i++) {
            score.regular += sample->rows[i].cells == score.cells ? 1 : 0;
        }
        score.share =
            score.cells > 1 ? (double)score.regular / (double)(sample->count - first) : 0;
    }
    return score;
}

/* Could these be the names of columns? */
static bool row_is_names(const struct sniff_sample *sample, const struct sniff_row *row)
{
    struct sniff_cell cell = {.next = row->start};
    while (sniff_next_cell(sample, row, &cell)) {
        if (cell.length == 0 || sniff_is_figure(&cell)) {
            return false;
        }
    }
    return true;
}

/* Rows of one cell, or comments, and then a table: where does it begin? 0: there is none
 * such. Two columns are few: then a blank line or a comment must show the border. */
static size_t find_table(const struct sniff_sample *sample)
{
    size_t first = 0;
    bool border = false;
    while (first < sample->count && first < LINES_BEFORE_MOST) {
        const struct sniff_row *row = &sample->rows[first];
        bool comment = sample->bytes[row->start] == '#';
        if (row->cells > 1 && !comment) {
            break;
        }
        border = border || comment;
        first++;
    }
    if (first == 0 || first + 1 >= sample->count) {
        return 0;
    }
    const struct sniff_row *row = &sample->rows[first];
    border = border || row->cells > 2 || row->line > sample->rows[first - 1].line + 1;
    struct score score = score_from(sample, first);
    return border && score.share >= 0.9 && row_is_names(sample, row) ? first : 0;
}

static bool is_shy_table(const struct sniff_sample *sample, const struct score *score)
{
    bool figures = true; /* 12:30:00 is no row of a table */
    for (size_t i = 0; i < sample->count; i++) {
        struct sniff_cell cell = {.next = sample->rows[i].start};
        while (sniff_next_cell(sample, &sample->rows[i], &cell)) {
            if (cell.length == 0 && sample->delimiter == ' ') {
                return false;
            }
            figures = figures && sniff_is_figure(&cell);
        }
    }
    return !figures && score->share == 1 && score->cells >= SHY_CELLS_LEAST &&
           sample->count >= SHY_ROWS_LEAST;
}

static char delimiter_of_name(const char *name)
{
    return string_contains_fold(name, ".tsv") || string_contains_fold(name, ".tab") ? '\t'
                                                                                    : ',';
}

/* The best delimiter; *second is the share of the next best. */
static struct score best_delimiter(struct sniff_sample *sample, char usual,
                                   double *second)
{
    struct score best = {.delimiter = usual};
    *second = 0;
    for (size_t i = 0; i <= sizeof candidates; i++) {
        cut_rows(sample, i == 0 ? usual : candidates[i - 1]);
        struct score score = score_from(sample, 0);
        if (i > 0 && score.delimiter == usual) {
            continue;
        }
        if (score.share > best.share) {
            *second = best.share;
            best = score;
        } else if (score.share > *second) {
            *second = score.share;
        }
    }
    for (size_t i = 0; best.share < 0.5 && i < sizeof candidates; i++) {
        cut_rows(sample, candidates[i]);
        struct score score = score_from(sample, find_table(sample));
        if (score.before > 0 && score.share > best.share) {
            best = score;
        }
    }
    for (size_t i = 0; best.share == 0 && i < sizeof shy_candidates; i++) {
        cut_rows(sample, shy_candidates[i]);
        struct score score = score_from(sample, 0);
        best = is_shy_table(sample, &score) ? score : best;
    }
    return best;
}

static bool has_candidate(const struct sniff_sample *sample)
{
    for (size_t i = 0; i < sizeof candidates; i++) {
        if (memchr(sample->bytes, candidates[i], sample->length) != NULL) {
            return true;
        }
    }
    return false;
}

static enum sniff_trust trust_of(const struct sniff_sample *sample,
                                 const struct score *score, double second)
{
    if (score->share == 0) { /* one column */
        return has_candidate(sample) ? SNIFF_GUESS : SNIFF_SURE;
    }
    bool shy = memchr(candidates, score->delimiter, sizeof candidates) == NULL;
    if (score->share >= nearly_all && second < nearly_all && !shy) {
        return SNIFF_SURE;
    }
    return score->share >= most ? SNIFF_LIKELY : SNIFF_GUESS;
}

/* ---- Quote ---- */

/* Cells in single quotes: only where no double quote stands, and most lines begin with
 * one. */
static char sniff_quote(const char *bytes, size_t length)
{
    if (memchr(bytes, '"', length) != NULL) {
        return '"';
    }
    size_t lines = 0, single = 0;
    for (size_t i = 0; i < length; i++) {
        if (i == 0 || bytes[i - 1] == '\n') {
            lines++;
            single += bytes[i] == '\'' ? 1 : 0;
        }
    }
    return lines > 1 && single * 10 >= lines * 9 ? '\'' : '"';
}

/* ---- All of it ---- */

/* The byte behind so many lines. */
static size_t skip_lines(const char *bytes, size_t length, int lines)
{
    size_t at = 0;
    for (; lines > 0 && at < length; lines--) {
        while (at < length && bytes[at] != '\n' && bytes[at] != '\r') {
            at++;
        }
        at += at + 1 < length && bytes[at] == '\r' && bytes[at + 1] == '\n' ? 2 : 1;
    }
    return at < length ? at : length;
}

static void obey_sep(const struct sniff_spec *spec, struct catalog_dialect *dialect,
                     struct sniff_report *report)
{
    const char *bytes = spec->bytes;
    if (spec->length >= 6 && memcmp(bytes, "sep=", 4) == 0 &&
        (bytes[5] == '\n' || bytes[5] == '\r') && strchr("\r\n\"'", bytes[4]) == NULL) {
        dialect->delimiter = dialect->delimiter != 0 ? dialect->delimiter : bytes[4];
        if (dialect->skip_rows == 0) {
            dialect->skip_rows = report->left_out = 1;
        }
    }
}

void sniff_dialect(const struct sniff_spec *spec, struct catalog_dialect *dialect,
                   struct sniff_report *report)
{
    struct sniff_sample sample = {.bytes = spec->bytes, .first_line = 1};
    sample.length = spec->length < SNIFF_BYTES ? spec->length : SNIFF_BYTES;
    sample.whole = spec->length < SNIFF_BYTES; /* else there may be more */
    sample.comment = dialect->comment;
    memset(report, 0, sizeof *report);
    report->trust = SNIFF_SURE;
    obey_sep(spec, dialect, report);
    bool rows_are_open = dialect->skip_rows == 0 && dialect->header_rows == 0;
    sample.first = skip_lines(sample.bytes, sample.length, dialect->skip_rows);
    sample.first_line = dialect->skip_rows + 1;
    if (dialect->quote == 0) {
        dialect->quote = sniff_quote(sample.bytes, sample.length);
        report->found_quote = dialect->quote != '"';
    }
    sample.quote = report->quote = dialect->quote;
    size_t before = 0;
    if (dialect->delimiter == 0) {
        double second;
        struct score best =
            best_delimiter(&sample, delimiter_of_name(spec->name), &second);
        report->found_delimiter = true;
        report->trust = trust_of(&sample, &best, second);
        dialect->delimiter = best.delimiter;
        before = rows_are_open ? best.before : 0;
    }
    report->delimiter = dialect->delimiter;
    cut_rows(&sample, dialect->delimiter);
    if (before > 0) {
        report->left_out = dialect->skip_rows = (int)sample.rows[before].line - 1;
        sample.count -= before;
        for (size_t i = 0; i < sample.count; i++) {
            sample.rows[i] = sample.rows[i + before];
        }
    }
    sniff_columns(&sample, spec->judge_header && rows_are_open && !dialect->no_header,
                  report);
    report->decimal_commas = dialect->decimal_char == NULL ? report->decimal_commas : 0;
}
