/* evidence: what the files of this room share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_EVIDENCE_PRIVATE_H
#define MWB_EVIDENCE_PRIVATE_H

#include "engine/evidence.h"

/* views.c: the temporary views, and tables where the index has none. */
bool evidence_make_views(sqlite3 *db, const struct evidence_spec *spec,
                         struct error *err);
/* here.c: the versions that are here, as rows of temp.attached. */
bool evidence_read_versions(sqlite3 *db, const struct evidence_spec *spec,
                            struct error *err);

#endif
