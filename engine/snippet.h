/* snippet: pieces of SQL that are typed by a short name, with places to fill in.
 *
 * Some come with the program; a person's own stand in $XDG_CONFIG_HOME/mwb/snippets and
 * take the place of those of the same name:
 *
 *   # lines like this one are left out
 *   snippet late Parcels that came late
 *       SELECT ${1:columns}
 *       FROM shipments.shipments
 *       WHERE delivered_at > promised_at AND carrier = '${2}'$0
 *
 * The body is indented by a tab or four blanks, which are taken off. Places are ${N},
 * ${N:what stands there first} and $N, N from 1 to 9 in the order in which they are
 * visited, and $0 where one ends, which is the end of the text unless it is said. A
 * number that comes again gets the same first text and is not visited. Anything else with
 * a $ is SQL ($name is a parameter); \$ and \\ are the signs themselves.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_SNIPPET_H
#define MWB_SNIPPET_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/text.h"

struct snippet {
    char *name, *title, *body; /* title may be "" */
    bool is_mine;
};

/* All there are, by name: array of struct snippet, release. Lines of the person's file
 * that make no sense are told, a sentence each; `problems` may be NULL. */
struct array snippets_list(struct text *problems);
void snippets_release(struct array *snippets);
/* NULL: there is none of this name (letter for letter). */
const struct snippet *snippets_named(const struct array *snippets, const char *name);

/* Append the snippets of a text in the format of the file. */
void snippets_parse(const char *text, struct array *snippets, struct text *problems);

/* A place of an expanded snippet: bytes in `out`, from where it began. */
struct snippet_place {
    size_t start, length;
};
/* The body as SQL: lines but the first are indented by `indent`. `places` gets them in
 * the order in which they are visited: array of struct snippet_place, never empty. */
void snippet_expand(const char *body, const char *indent, struct text *out,
                    struct array *places);

#endif
