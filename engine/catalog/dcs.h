/* catalog/dcs: a Data Contract Specification while it is read.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CATALOG_DCS_H
#define MWB_CATALOG_DCS_H

#include "engine/catalog/contract.h"

/* Tables or topics with their fields (read_dcs_models.c). */
void read_dcs_models(struct source *source, struct spot *spot);
/* Its reusable fields. */
void read_dcs_definitions(struct source *source, const struct spot *spot);

#endif
