/* complete: what could stand at the cursor of a SQL text, best first.
 *
 * What the place allows is decided by scope.h; names come from the mesh (also of products
 * that are not here yet: they say so), the workspace, `mesh` and `ledger`, and from the
 * statement itself; keywords, functions, collations and pragmas from the SQLite that
 * runs, with the functions that a session has. Columns that two tables of the place have
 * come with their table before them.
 *
 * Behind JOIN, tables come first that a relationship of a contract, a shared definition
 * or a key leads to; behind ON the condition itself, with the share of rows that find a
 * partner and how many, measured on the versions that are here. Measuring is a job: until
 * it has ended the candidate says what the contract promises.
 *
 * Behind a comparison come the values of the column: those that its contract allows, and
 * frequent ones out of a sample of the version that is here. Values of a column that is
 * masked, refused or classified for the role, that holds personal data or is told in
 * groups only are never offered, and nothing is measured on it.
 *
 * A word matches a name from its start, from the start of a part (`total` in
 * order_total), by the starts of its parts (`ot`), within it, or letter by letter, in
 * this order, the last only where nothing fits better; then what fits the place best,
 * what this person's statements used (the ledger), and the order of the contract or of
 * the alphabet.
 *
 * An answer takes some milliseconds in a mesh of a thousand products and waits for
 * nothing, not even for a workspace that is being written.
 *
 * Sources: sqlite.org/pragma.html (function_list, collation_list, pragma_list),
 * c3ref/keyword_check.html, lang_corefunc.html, lang_aggfunc.html, lang_datefunc.html,
 * json1.html, windowfunctions.html.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_COMPLETE_H
#define MWB_COMPLETE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/array.h"
#include "engine/workbench.h"

enum { COMPLETE_MOST = 200 };

enum complete_kind {
    COMPLETE_COLUMN,
    COMPLETE_VALUE,
    COMPLETE_JOIN,   /* a condition */
    COMPLETE_SOURCE, /* an alias, a name of WITH */
    COMPLETE_TABLE,
    COMPLETE_SCHEMA, /* a product of several tables */
    COMPLETE_KEYWORD,
    COMPLETE_FUNCTION,
    COMPLETE_PARAMETER,
};
const char *complete_kind_name(enum complete_kind kind); /* "column" */

struct complete_candidate {
    enum complete_kind kind;
    char *text;        /* what replaces the word, as SQL needs it there */
    char *detail;      /* "integer, internal, column of orders.line_items" */
    char *description; /* what its contract says, one line; NULL: nothing */
    bool is_absent;    /* of a product that is not here yet; the detail says so */
    uint64_t matches;  /* bit n: byte n of the text was typed */
};

struct complete;

/* `changed` (may be NULL) is called from loop_step() when a measurement has ended, so
 * that the answer may be another one now. The workbench must stay as long. */
struct complete *complete_new(struct workbench *workbench, void (*changed)(void *owner),
                              void *owner);
void complete_free(struct complete *complete); /* NULL is fine */

struct complete_answer {
    size_t word_start;       /* what is replaced begins here and ends at the cursor */
    struct array candidates; /* of struct complete_candidate */
};
void complete_find(struct complete *complete, const char *text, size_t cursor,
                   struct complete_answer *answer);
void complete_answer_release(struct complete_answer *answer);
/* Is something being measured? For those who wait for it. */
bool complete_is_measuring(const struct complete *complete);

/* ---- Matching, for other lists as well ---- */

/* How well a name fits a word, the best first. */
enum complete_fit {
    COMPLETE_EXACT,    /* whatever its case, as all below */
    COMPLETE_START,    /* begins with it */
    COMPLETE_PART,     /* a part of it does, behind a sign that is no letter */
    COMPLETE_INITIALS, /* starts of parts, one after the other */
    COMPLETE_WITHIN,
    COMPLETE_LETTERS, /* its letters in this order, the first at the start of a part */
    COMPLETE_NOT,
};
/* *matches (may be NULL): bit n is set when byte n of the name was typed. */
enum complete_fit complete_match(const char *word, const char *name, uint64_t *matches);

#endif
