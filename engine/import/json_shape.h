/* json_shape: which of the shapes of json.h a text has: where its rows are.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_JSON_SHAPE_H
#define MWB_IMPORT_JSON_SHAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/error.h"
#include "engine/import/source.h"

enum json_form {
    JSON_FORM_NOTHING,  /* no value, or an array without elements */
    JSON_FORM_ARRAY,    /* the elements of the top value */
    JSON_FORM_LINES,    /* a value on each line */
    JSON_FORM_SEQUENCE, /* the top values */
    JSON_FORM_MEMBER,   /* the elements of a member of the top value */
};

enum { JSON_NAME_SHOWN = 64 }; /* bytes, the last one NUL */

struct json_shape {
    enum json_form form;
    bool arrays;   /* the rows are arrays, else objects */
    size_t member; /* JSON_FORM_MEMBER: its number among the members, from 0 */
    char name[JSON_NAME_SHOWN]; /* and the start of its name as written */
};

struct json_shape_spec {
    bool lines;        /* it is called JSON Lines */
    bool may_be_empty; /* a text without any value is JSON_FORM_NOTHING, else a fault */
    const char *property; /* the member that holds the rows, or NULL */
};

/* Reads from where the source stands, mostly the first values only; a lone object is read
 * to its end. False: it is no JSON as far as it was read, or no table. */
bool json_find_shape(struct source *source, const struct json_shape_spec *spec,
                     struct json_shape *shape, struct error *err);

#endif
