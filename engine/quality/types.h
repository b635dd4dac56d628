/* quality/types: the logical types of the standards, as SQLite stores them; and moments
 * in time that are written in several ways.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_QUALITY_TYPES_H
#define MWB_QUALITY_TYPES_H

#include "engine/quality/test.h"

struct quality_type {
    const char *name; /* of the class: string, integer, number, boolean, date ... */
    bool (*fits)(const struct quality_value *value); /* not asked of NULL */
};
/* By a logical or physical type: "integer", "VARCHAR(36)", "array<string>"; NULL: not
 * known. */
const struct quality_type *quality_type_named(const char *word);

/* i8 ... u128, f32, f64: the least and the most of them. */
bool quality_range_named(const char *format, double *least, double *most);

/* A date, time or instant so that memcmp() orders it: UTC, with a T, without Z. Yours. */
char *quality_instant(const char *text, size_t length);
/* As strcmp(): the moment as stored against one of quality_instant(). */
int quality_instant_compare(const char *text, size_t length, const char *moment,
                            size_t moment_length);

#endif
