/* catalog/use: how often this person used which product: `use.db` below the data folder,
 * a table use(mesh, product, uses, last). SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CATALOG_USE_H
#define MWB_CATALOG_USE_H

#include <stddef.h>
#include <stdint.h>

#include "engine/catalog.h"

enum { USE_MOST_WORTH = 24 };

/* By row of a product: from 0, never used, to USE_MOST_WORTH, by this person, or much by
 * teams that share their use. What cannot be read was never used. */
void use_read(const struct catalog *catalog, uint8_t *worths, size_t rows);

#endif
