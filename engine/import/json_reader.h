/* json_reader: the rows of a JSON text, each with the place where it stands.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_JSON_READER_H
#define MWB_IMPORT_JSON_READER_H

#include <stdbool.h>

#include "engine/import/json_keys.h"
#include "engine/import/json_shape.h"
#include "engine/import/reader.h"
#include "engine/import/source.h"

struct json_reader_spec {
    struct source *source; /* at its start; all three stay the caller's */
    const struct json_shape *shape;
    struct json_keys *keys; /* columns of objects: rows add to them */
};

struct reader *json_reader_new(const struct json_reader_spec *spec);

#endif
