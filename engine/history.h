/* history: who changed a descriptor, or one promise in it, and when.
 *
 * Asked of git, for a file in a work tree or in any repository at a ref: the commits that
 * changed the file, newest first, through renames. With a field, only those after which
 * the field has another value than after the parent of the commit; both values are told.
 * Values are compared, not lines: a file that was only formatted anew changed nothing.
 *
 * A field is a path of names: `status`, `description.purpose`, `sla.retention`,
 * `orders.customer_id`, `orders.customer_id.classification`. In a list a name is that of
 * an item (its name, property, id ...) or a number from 0; where a map has no such
 * member, its lists of objects, columns, ports and promises are looked through.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_HISTORY_H
#define MWB_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/document.h"
#include "engine/error.h"
#include "engine/git.h"

struct history_spec {
    const char *folder; /* absolute: in a work tree, or a bare repository */
    const char *ref;    /* NULL or "": HEAD, and what is not committed yet comes first */
    const char *path;   /* of the file, relative to the folder */
    const char *field;  /* NULL: any change of the file */
    size_t most;        /* commits to look at; 0 = 1000 */
};

struct history_change {
    char commit[GIT_ID_SIZE]; /* "": not committed yet */
    long long time;           /* seconds since 1970 */
    char *date;               /* ISO 8601, of the author's clock; "" not committed */
    char *author, *subject;
    char *path;      /* of the file then, relative to the top of the repository */
    char *old, *new; /* of the field; NULL: it was not there */
};

/* Append struct history_change. False and a sentence when the file is in no repository,
 * or git is not there. `known` becomes whether the field was found in any revision;
 * without a field it is true. */
bool history_read(const struct history_spec *spec, struct array *changes, bool *known,
                  struct error *err);
void history_release(struct array *changes);

/* The value a field names in a descriptor; NULL: it has none. */
const struct document_value *history_field(const struct document_value *root,
                                           const char *field);
/* A value in few words: a scalar as written, a promise as its value and unit, else JSON.
 * Yours; NULL for NULL. */
char *history_value(const struct document_value *value);

#endif
