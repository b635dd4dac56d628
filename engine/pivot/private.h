/* pivot: what the files of this room share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_PIVOT_PRIVATE_H
#define MWB_PIVOT_PRIVATE_H

#include "engine/pivot.h"

#define PIVOT_ALL "(total)"
#define PIVOT_OTHERS "(others)"

/* The key as SQL over the base: the same text always gives the same value, so that a
 * value of a sheet finds its rows again. */
void pivot_append_key(const struct pivot_key *key, const struct result *base,
                      struct text *out);
/* " AS "name"" of the key's column. */
void pivot_append_key_name(const struct pivot_key *key, const struct result *base,
                           struct text *out);

#endif
