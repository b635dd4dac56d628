/* reject: a row that cannot be stored goes to the table mwb_reject, for both ways.
 *
 * A reject says where the row stands, which column is concerned, why, and shows the
 * beginning of the row as it is written. The reason is a sentence with a code in brackets
 * behind it; the column `defect` holds the code alone. Codes are those of the
 * Frictionless standard (framework.frictionlessdata.io/docs/errors), where it has one:
 *   [extra-cell] [missing-cell]  the row has more or fewer cells than the table
 *   [source-error]               it cannot be read as a row: quotes, bad JSON
 *   [encoding-error]             bytes that are no characters
 *   [duplicate-key]              a JSON object with a member twice (our own code)
 *
 * A row of a table with a masked column (plan.h) is not shown: raw is NULL and the reason
 * says why. No reason quotes a value.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_REJECT_H
#define MWB_IMPORT_REJECT_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/error.h"
#include "engine/import/load.h"

struct reject {
    size_t file;          /* of the plan */
    long long line, byte; /* of its first byte */
    size_t cells;         /* it has so many, when that is why */
    const char *problem;  /* else: why, with its code, or without for [source-error] */
    const char *raw;      /* the row as it stands in the file */
    size_t raw_length;    /* READER_RAW_MOST of them are kept */
};

/* Keep it and count it, as read and as rejected. False also when it is the last one that
 * spec.reject_limit allows. */
bool reject_store(struct load *load, const struct reject *reject, struct error *err);
/* False and a sentence, if it is the last one allowed when it is number `count`. Nothing
 * is kept. */
bool reject_allowed(const struct load *load, const struct reject *reject, long long count,
                    struct error *err);
/* Before load->db is closed. */
void reject_finish(struct load *load);

#endif
