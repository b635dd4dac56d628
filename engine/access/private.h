/* access: what the room's files share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_ACCESS_PRIVATE_H
#define MWB_ACCESS_PRIVATE_H

#include "engine/access.h"

/* Append the files of one location: a path relative to `folder`, or a glob. */
bool local_files(const char *folder, const char *location, bool open, struct array *files,
                 struct error *err);
bool local_takes(const char *location);

#endif
