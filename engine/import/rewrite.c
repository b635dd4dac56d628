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
    rewrite->in_quotes = rewrite->closed = rewrite->escaped = false;
    rewrite->cell_begins = true;
}

/* In the place of signs that are escaped. */
enum {
    ESCAPED_DELIMITER = 0xF8,
    ESCAPED_QUOTE = 0xF9,
    ESCAPED_LINE_FEED = 0xFA,
    ESCAPED_CARRIAGE = 0xFB
};

/* What stands for `c` behind an escape sign, or '\0' when it needs no escape: then the
 * escape sign is text too. */
static char escaped_sign(const struct rewrite *rewrite, char c)
{
    if (c == rewrite->quote) {
        return (char)ESCAPED_QUOTE;
    }
    if (c == rewrite->escape) {
        return c;
    }
    if (rewrite->in_quotes) {
        return '\0';
    }
    return c == rewrite->delimiter ? (char)ESCAPED_DELIMITER
           : c == '\n'             ? (char)ESCAPED_LINE_FEED
           : c == '\r'             ? (char)ESCAPED_CARRIAGE
                                   : '\0';
}

/* The signs behind an escape sign; returns how many: CR and LF are one end of a line. */
static size_t rewrite_escape(struct rewrite *rewrite, const struct source_piece *piece,
                             size_t at)
{
    char sign = escaped_sign(rewrite, piece->data[at]);
    if (sign == '\0') {
        text_append_char(&rewrite->out, rewrite->escape);
        return 0;
    }
    text_append_char(&rewrite->out, sign);
    if (sign == (char)ESCAPED_CARRIAGE && at + 1 < piece->length &&
        piece->data[at + 1] == '\n') {
        text_append_char(&rewrite->out, (char)ESCAPED_LINE_FEED);
        return 2;
    }
    return 1;
}

void rewrite_restore(const struct rewrite *rewrite, char *bytes, size_t length)
{
    for (size_t i = 0; rewrite->escape != '\0' && i < length; i++) {
        switch ((unsigned char)bytes[i]) {
        case ESCAPED_DELIMITER:
            bytes[i] = rewrite->delimiter;
            break;
        case ESCAPED_QUOTE:
            bytes[i] = rewrite->quote;
            break;
        case ESCAPED_LINE_FEED:
            bytes[i] = '\n';
            break;
        case ESCAPED_CARRIAGE:
            bytes[i] = '\r';
            break;
        default:
            break;
        }
    }
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
        if (rewrite->escaped) {
            rewrite->escaped = false;
            i += rewrite_escape(rewrite, piece, i);
            continue;
        }
        if (rewrite->escape != '\0' && c == rewrite->escape) {
            rewrite->escaped = true;
            rewrite->cell_begins = rewrite->closed = false;
            i++;
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
