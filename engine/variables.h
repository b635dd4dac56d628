/* variables: ${NAME} and ${NAME:-default} in texts of descriptors.
 *
 * Descriptors stay as they are written, in the index and when they are saved; a text is
 * resolved at the moment it is used, from the environment of the program. What comes out
 * is as hostile as the descriptor, whose default it may be: a path is to be judged after
 * it, and what is resolved must not be sent to an address that the same descriptor names,
 * or it could ask for any secret of the environment.
 *
 * Source: Open Data Contract Standard 3.2.0, bitol.io, section Variables: a name is
 * letters, digits and _, not starting with a digit; the default holds where the variable
 * is not set or empty. Any other `${` is text.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_VARIABLES_H
#define MWB_VARIABLES_H

#include <stdbool.h>

#include "engine/error.h"

/* Does the text name a variable? */
bool variables_stand_in(const char *text);
/* The text with its variables resolved. Yours; NULL and a sentence when a variable is not
 * set and has no default. */
char *variables_resolve(const char *text, struct error *err);

/* The same for what is sent to another host, or names one: the environment is asked for
 * variables called MESH_... only; of others the default holds. */
char *variables_resolve_address(const char *text, struct error *err);

#endif
