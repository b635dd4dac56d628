/* What the files of provenance share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_PROVENANCE_PRIVATE_H
#define MWB_PROVENANCE_PRIVATE_H

#include "engine/provenance.h"

/* local.c: the files of the mesh that the version was made from, unless they changed. */
void provenance_add_local(struct provenance_source *source,
                          const struct catalog *catalog);

#endif
