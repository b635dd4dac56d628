/* sqlite_remake: the tables of an SQLite file made anew through masks: what the parts of
 * that share.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_SQLITE_REMAKE_H
#define MWB_IMPORT_SQLITE_REMAKE_H

#include <sqlite3.h>
#include <stdbool.h>

#include "engine/array.h"
#include "engine/import.h"
#include "engine/mask.h"
#include "engine/text.h"

struct remake_column {
    char *name;           /* in the file */
    const char *shown;    /* in the new table: the contract's, else the same */
    const char *affinity; /* as a type's name; "" for none */
    struct mask_rule rule;
    bool is_known; /* to the contract */
};

struct remake {
    const struct import_masked_spec *spec;
    sqlite3 *from, *to;
    struct job_port *port;
    struct text *notes;
    const struct import_masked_table *table; /* the one at work */
    char *name;                              /* in the file */
    struct array columns; /* of struct remake_column: those that stay */
    long long left_out, rows;
};

/* sqlite_columns.c: the columns of the table at work; those that stay, in the order of
 * the file. */
bool remake_read_columns(struct remake *remake, struct error *err);
void remake_choose_columns(struct remake *remake);
void remake_release_columns(struct remake *remake);
/* The indexes of the table, over columns that are as they were. */
bool remake_indexes(struct remake *remake, struct error *err);

#endif
