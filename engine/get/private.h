/* get: what the room's files share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_GET_PRIVATE_H
#define MWB_GET_PRIVATE_H

#include <stdbool.h>

#include "engine/error.h"
#include "engine/text.h"

/* Data that stand in a Data Package itself (`data`, data-package.org, data-resource) as
 * CSV with a header: a list of objects, a list of lists whose first is the header, or a
 * text that is CSV already. `table` is for the error. */
bool inline_to_csv(const char *table, const char *json, struct text *csv,
                   struct error *err);

#endif
