/* catalog/place: how a new index takes the place of the old one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CATALOG_PLACE_H
#define MWB_CATALOG_PLACE_H

#include "engine/catalog.h"

/* The part, open as `fd`, becomes the database the name `index` leads to. */
bool index_put_in_place(int fd, const char *part, const char *index, struct error *err);

#endif
