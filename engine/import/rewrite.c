/* rewrite: pieces of a file with an escape sign or with blanks behind delimiters.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/rewrite.h"

bool rewrite_is_needed(const struct catalog_dialect *dialect)
{
    return dialect->skip_initial_space || dialect->escape != 0;
}

void rewrite_start(struct rewrite *rewrite, const struct catalog_dialect *dialect)
{
    rewrite->delimiter = dialect->delimiter;
    rewrite->quote = dialect->quote != 0 ? dialect->quote : '"';
    rewrite->escape = dialect->escape != rewrite->quote ? dialect->escape : '\0';
    rewrite->skip_blanks = dialect->skip_initial_space;
    rewrite->in_quotes = rewrite->closed = false;
    rewrite->cell_begins = true;
}

/* Inside quotes an escaped quote is doubled. Outside, libcsv takes every sign but the
 * delimiter as it is, and an escaped delimiter ends its cell all the same. */
static size_t rewrite_escape(struct rewrite *rewrite, const struct source_piece *piece,
                             size_t at)
{
    char next = at + 1 < piece->length ? piece->data[at + 1] : '\0';
    if (next == rewrite->quote && rewrite->in_quotes) {
        text_append_char(&rewrite->out, next);
        text_append_char(&rewrite->out, next);
        return 2;
    }
    text_append_char(&rewrite->out, rewrite->escape);
    return next == rewrite->escape ? 2 : 1;
}

void rewrite_piece(struct rewrite *rewrite, struct source_piece *piece)
{
    text_clear(&rewrite->out);
    for (size_t i = 0; i < piece->length;) {
        char c = piece->data[i];
        bool blank = c == ' ' || (c == '\t' && rewrite->delimiter != '\t');
        if (rewrite->skip_blanks && rewrite->cell_begins && blank) {
            i++;
            continue;
        }
        if (rewrite->escape != '\0' && c == rewrite->escape) {
            i += rewrite_escape(rewrite, piece, i);
            rewrite->cell_begins = false;
            continue;
        }
        bool quote = c == rewrite->quote;
        bool closes = quote && rewrite->in_quotes;
        if (quote && (closes || rewrite->cell_begins || rewrite->closed)) {
            rewrite->in_quotes = !rewrite->in_quotes;
        }
        rewrite->closed = closes;
        bool ends = c == rewrite->delimiter || c == '\n' || c == '\r';
        rewrite->cell_begins = !rewrite->in_quotes && ends;
        text_append_char(&rewrite->out, c);
        i++;
    }
    piece->data = text_string(&rewrite->out);
    piece->length = rewrite->out.length;
}
