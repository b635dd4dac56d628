/* command: a `:` line that is being completed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_COMMAND_COMPLETIONS_H
#define MWB_COMMAND_COMPLETIONS_H

#include "engine/command/private.h"

/* A line being completed: its words, and the one at its end. */
struct line {
    struct workbench *workbench;
    const struct command_row *row; /* of its first word; NULL: that is being typed */
    struct array words;            /* of char *, unquoted, the last one being typed */
    const char *typed;             /* the last */
    size_t start;                  /* where it begins in the text, quote and all */
    struct array *out;             /* of struct found */
};

/* A word with what it is, if it fits what is typed; detail may be NULL. */
void line_offer(const struct line *line, const char *word, const char *detail);

/* completions_names.c: files, and names of the mesh. */
void line_files(const struct line *line);
void line_products(const struct line *line);
/* Tables of a product, or columns of one of its tables, behind `prefix`. */
void line_parts(const struct line *line, const char *product, const char *table,
                const char *prefix);
void line_dotted(const struct line *line);
void line_roles(const struct line *line);
void line_agreements(const struct line *line);
void line_saved(const struct line *line);

/* completions_columns.c: columns of the rows that are shown, behind the last comma. */
void line_columns(const struct line *line);
/* What stands at this place, from 1, of a verb that works on the rows. */
void line_of_rows(const struct line *line, size_t position);

#endif
