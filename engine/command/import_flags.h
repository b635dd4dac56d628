/* What the flags of import say.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_COMMAND_IMPORT_FLAGS_H
#define MWB_COMMAND_IMPORT_FLAGS_H

#include "engine/command/private.h"
#include "engine/import.h"

struct import_flags {
    const struct command_call *call;
    struct catalog_dialect dialect; /* encoding and property are the call's */
    struct text markers;            /* of --null, a line each */
    struct import_spec spec;        /* what holds for every table */
};

/* Start with {0}; what is wrong is a sentence. */
bool import_flags_read(struct import_flags *flags, const struct command_call *call,
                       struct error *err);
void import_flags_release(struct import_flags *flags);

/* Flags go before what a schema says. */
void import_flags_override(const struct import_flags *flags,
                           struct catalog_dialect *dialect);

#endif
