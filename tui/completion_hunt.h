/* completion_hunt: one search for candidates. Private to completion*.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_COMPLETION_HUNT_H
#define MWB_TUI_COMPLETION_HUNT_H

#include "engine/store.h"
#include "tui/completion.h"

/* Kinds in the order in which they are offered. */
enum hunt_kind {
    KIND_COLUMN,
    KIND_SOURCE,
    KIND_TABLE,
    KIND_SCHEMA,
    KIND_KEYWORD,
    KIND_FUNCTION
};

struct found {
    char *text, *detail;
    char *domain, *product; /* of a schema: is it here? */
    enum hunt_kind kind;
    bool contains; /* the word stands within the name, not at its start */
    size_t order;
};

struct completion {
    const struct workbench *workbench;
    struct array functions; /* of char * */
};

/* One search. */
struct hunt {
    struct completion *completion;
    sqlite3 *index; /* NULL: no catalog */
    const char *text;
    size_t length; /* of the text */
    char *word;    /* as typed so far */
    bool quoted;   /* the word stands behind a `"` that is still open */
    struct array found;
};

/* The name as SQL needs it where the cursor stands. Yours. */
char *hunt_spell(const struct hunt *hunt, const char *name);
/* A candidate whose text and detail are still to be set; NULL when the word is not in the
 * name. hunt_add_name() sets them and takes the detail. */
struct found *hunt_add(struct hunt *hunt, enum hunt_kind kind, const char *name);
void hunt_add_name(struct hunt *hunt, enum hunt_kind kind, const char *name,
                   char *detail);

void hunt_schemas(struct hunt *hunt);
void hunt_tables_anywhere(struct hunt *hunt); /* "orders.line_items" for "line" */
/* The tables of a schema, or the columns of a table in it. */
void hunt_schema(struct hunt *hunt, const char *schema, const char *table);
void hunt_workspace(struct hunt *hunt, const char *table);

#endif
