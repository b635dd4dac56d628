/* session/destruction: what a statement would destroy, by its text alone. Whether
 * anything is there to be destroyed is destroy.c's. SPDX-License-Identifier:
 * GPL-3.0-or-later */
#ifndef MWB_SESSION_DESTRUCTION_H
#define MWB_SESSION_DESTRUCTION_H

#include "engine/sql.h"

enum loss {
    LOSS_NONE,
    LOSS_OBJECT,   /* DROP TABLE, VIEW, TRIGGER */
    LOSS_COLUMN,   /* ALTER TABLE ... DROP */
    LOSS_ROWS,     /* DELETE without WHERE */
    LOSS_VALUES,   /* UPDATE without WHERE */
    LOSS_REPLACED, /* REPLACE, INSERT OR REPLACE, UPDATE OR REPLACE */
    LOSS_RENAMED,  /* nothing, but what follows names another table */
};

struct destruction {
    enum loss loss;
    char *schema, *name;
    char *column; /* or the new name */
};

/* Names are yours, without their quotes; NULL where there is none. */
struct destruction destruction_read(const char *sql, struct sql_span span);
void destruction_release(struct destruction *one);

#endif
