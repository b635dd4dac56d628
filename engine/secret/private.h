/* secret: what the room's files share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_SECRET_PRIVATE_H
#define MWB_SECRET_PRIVATE_H

#include "engine/array.h"
#include "engine/secret.h"

enum { SECRET_VALUE_MOST = 4096, SECRET_FILE_MOST = 64 * 1024, SECRET_PATIENCE = 30 };

/* What a section of the credentials file says. */
struct secret_section {
    struct secret secret;
    char *command; /* NULL: none */
    int line;      /* where it begins; 0: there is no such section */
};

/* Read the text of a credentials file and take the section of the origin. Sentences tell
 * lines, never what stands in them. The text is changed. */
bool secret_parse(char *text, const char *shown, const char *origin,
                  struct secret_section *section, struct error *err);
void secret_section_release(struct secret_section *section);

/* Run it for at most so many seconds; the first line of what it prints: yours. */
bool secret_run(const char *line, double seconds, char **first, struct error *err);

#endif
