/* quality/set: a list of values that others are looked up in. 10 and "10" are one: what
 * a contract writes without quotes may be stored as either.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_QUALITY_SET_H
#define MWB_QUALITY_SET_H

#include "engine/quality/test.h"

struct quality_set;
struct quality_set *quality_set_new(const struct array *words); /* of char * */
void quality_set_free(struct quality_set *set);                 /* NULL is fine */
bool quality_set_has(const struct quality_set *set, struct quality_value *value);

#endif
