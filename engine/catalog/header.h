/* catalog/header: the names of columns in the first line of a delimited text.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CATALOG_HEADER_H
#define MWB_CATALOG_HEADER_H

#include <stdbool.h>

#include "engine/array.h"

/* Append the names (char *) in the first line of the open file; a look into its first 64
 * KiB, packed ones as well. `sign` '\0': found out. Nothing is appended, and false given,
 * when the line is no header: no text, names missing, numbers, or longer than that. */
bool header_read(int fd, char sign, struct array *names);

#endif
