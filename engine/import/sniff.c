/* sniff: tries each delimiter on the first lines of a file and keeps the most regular.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/sniff.h"

#include <stdbool.h>
#include <string.h>

#include "engine/text.h"

enum { SNIFF_BYTES = 64 * 1024, SNIFF_ROWS = 200 };

static const char candidates[] = {',', '\t', ';', '|'};

struct tally {
    size_t rows, regular, first_cells;
};

static void tally_row(struct tally *tally, size_t cells)
{
    tally->first_cells = tally->rows == 0 ? cells : tally->first_cells;
    tally->regular += cells == tally->first_cells ? 1 : 0;
    tally->rows++;
}

/* Count cells row by row with this delimiter; a row that the sample cuts does not count
 * unless it is the only one. */
static struct tally tally_cells(const char *bytes, size_t length, char delimiter,
                                char quote)
{
    struct tally tally = {0};
    size_t cells = 1;
    bool quoted = false, cell_begins = true, row_begins = true;
    for (size_t i = 0; i < length && tally.rows < SNIFF_ROWS; i++) {
        char c = bytes[i];
        if (c == quote && (quoted || cell_begins)) {
            quoted = !quoted;
            cell_begins = row_begins = false;
        } else if (quoted) {
            continue;
        } else if (c == '\n' || c == '\r') {
            if (!row_begins) {
                tally_row(&tally, cells);
            }
            cells = 1;
            cell_begins = row_begins = true;
        } else {
            cells += c == delimiter ? 1 : 0;
            cell_begins = c == delimiter;
            row_begins = false;
        }
    }
    if (tally.rows == 0) {
        tally_row(&tally, cells);
    }
    return tally;
}

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

static char sniff_delimiter(const char *name, const char *bytes, size_t length,
                            char quote)
{
    char best = string_contains_fold(name, ".tsv") || string_contains_fold(name, ".tab")
                    ? '\t'
                    : ',';
    double best_share = 0;
    for (size_t i = 0; i <= sizeof candidates; i++) {
        /* The suffix's own delimiter is tried first and wins between equals. */
        char delimiter = i == 0 ? best : candidates[i - 1];
        struct tally tally = tally_cells(bytes, length, delimiter, quote);
        double share =
            tally.first_cells > 1 ? (double)tally.regular / (double)tally.rows : 0;
        if (share > best_share) {
            best = delimiter;
            best_share = share;
        }
    }
    return best;
}

void sniff_dialect(const char *name, const char *bytes, size_t length,
                   struct catalog_dialect *dialect)
{
    length = length < SNIFF_BYTES ? length : SNIFF_BYTES;
    if (length >= 6 && memcmp(bytes, "sep=", 4) == 0 &&
        (bytes[5] == '\n' || bytes[5] == '\r')) {
        dialect->delimiter = dialect->delimiter != 0 ? dialect->delimiter : bytes[4];
        dialect->skip_rows += dialect->skip_rows == 0 ? 1 : 0;
    }
    if (dialect->quote == 0) {
        dialect->quote = sniff_quote(bytes, length);
    }
    if (dialect->delimiter == 0) {
        dialect->delimiter = sniff_delimiter(name, bytes, length, dialect->quote);
    }
}
