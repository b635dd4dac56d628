/* document/file: a file on disk to a document.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/document.h"

#include <stdlib.h>

#include "engine/document/tree.h"
#include "engine/path.h"

struct document *document_read(const char *path, struct document_place *place,
                               struct error *err)
{
    struct document_place where = {.line = 1, .column = 1};
    char *bytes;
    size_t length;
    if (place != NULL) {
        *place = where;
    }
    if (!path_read_file(path, TREE_MAX_BYTES, &bytes, &length, err)) {
        return NULL;
    }
    struct document *document =
        document_parse(bytes, length, document_format_of(path), &where, err);
    free(bytes);
    if (document == NULL) {
        error_prefix(err, "%s:%d:%d: ", path, where.line, where.column);
    }
    if (place != NULL) {
        *place = where;
    }
    return document;
}
