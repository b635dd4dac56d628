/* typing: does this text fit that type, and which value is it?
 *
 * Two families of kinds. Inferred ones are lossless: a cell is a number only if SQLite
 * prints that number as the very same text ("%!.15g"; sqlite.org/datatype3.html).
 * Declared ones follow Table Schema (specs.frictionlessdata.io/table-schema, field types)
 * and ODCS logical types: the text must be a number, however it is written.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_TYPING_H
#define MWB_IMPORT_TYPING_H

#include <locale.h>
#include <stdbool.h>
#include <stddef.h>

#include "engine/catalog.h"
#include "engine/import/dates.h"
#include "engine/mask.h"

_Static_assert((int)MASK_ROOM >= (int)DATES_MOST, "a date that is made has room");

enum typing_storage { STORAGE_TEXT, STORAGE_INTEGER, STORAGE_REAL, STORAGE_MIXED };

struct typing_value {
    enum {
        VALUE_TEXT, /* the cell itself, or what was made of it */
        VALUE_INTEGER,
        VALUE_REAL,
        VALUE_NULL
    } type;
    long long integer;
    double real;
    size_t made_length; /* of a text that was made; 0: it is the cell */
    size_t cut;         /* of the cell not more than so many bytes */
    char made[MASK_ROOM];
};

/* The text of a VALUE_TEXT that stands for the cell. */
static inline const char *typing_text(const struct typing_value *value, const char *cell,
                                      size_t *length)
{
    size_t kept = value->cut < *length ? value->cut : *length;
    *length = value->made_length > 0 ? value->made_length : kept;
    return value->made_length > 0 ? value->made : cell;
}

enum typing_fit {
    FIT_YES,
    FIT_NO,      /* a misfit: the value is given as it can be stored without loss */
    FIT_NO_BENT, /* a misfit that SQLite's number affinity would change: see STORAGE_MIXED
                  */
};

/* What a column's parser may ask. */
struct typing_rules {
    const char *true_values, *false_values; /* newline-separated, NULL: the usual ones */
    const char *decimal, *group;            /* a character each; NULL: '.' and none */
    bool not_bare;                          /* signs around a number are left out */
    const char *format; /* how dates are written, see dates.h; NULL: ISO 8601 */
    bool any_format;    /* they are written in a way that cannot be followed */
    locale_t numbers;   /* the "C" locale: strtod must not see the user's */
};

struct typing_kind {
    const char *names; /* declared type names it serves, blanks between */
    enum typing_storage storage;
    enum typing_fit (*parse)(const struct typing_rules *rules, const char *text,
                             size_t length, struct typing_value *value);
};

/* The kind for a declared type; NULL for "any", no type and unknown names: infer it. */
const struct typing_kind *typing_declared(const char *type);
/* The lossless kind that stores so. */
const struct typing_kind *typing_inferred(enum typing_storage storage);

/* Is the text exactly how SQLite prints an integer, a real? `whole` tells 5.0 from 5.5.
 */
bool typing_is_integer(const char *text, size_t length, long long *value);
bool typing_is_real(const char *text, size_t length, locale_t numbers, double *value,
                    bool *whole);

/* Do the rules name signs that SQLite does not know? Then a column without declared type
 * is judged by the text without them. */
static inline bool typing_has_marks(const struct typing_rules *rules)
{
    return rules->decimal != NULL || rules->group != NULL;
}
/* The text with '.' for its decimal sign and without its group signs, which must stand
 * between thirds of digits. False: it is no number. `plain` has TYPING_PLAIN bytes. */
enum { TYPING_PLAIN = 64 };
bool typing_unmark(const struct typing_rules *rules, const char *text, size_t length,
                   char *plain, size_t *plain_length);

/* Is the text one of the newline-separated `list`? A list "" holds one empty text. */
bool typing_list_has(const char *list, const char *text, size_t length);

#endif
