/* What the files of the cache room share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CACHE_PRIVATE_H
#define MWB_CACHE_PRIVATE_H

#include "engine/cache.h"

/* The file of a version in its product's folder. Yours. */
char *cache_version_file(const char *folder, const char *version_key);

#endif
