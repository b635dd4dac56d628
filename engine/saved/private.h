/* saved: what its files share. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_SAVED_PRIVATE_H
#define MWB_SAVED_PRIVATE_H

#include "engine/saved.h"

enum { SAVED_MOST_BYTES = 1024 * 1024 };

/* The folder of one's own; NULL without a home. Yours. */
char *saved_own_folder(struct error *err);

#endif
