/* export/literal: a cell as it stands in SQL.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/export.h"

#include <string.h>

static void append_hexadecimal(struct text *out, const struct result_cell *cell)
{
    text_append(out, "x'");
    for (size_t i = 0; i < cell->length; i++) {
        text_printf(out, "%02x", (unsigned char)cell->bytes[i]);
    }
    text_append_char(out, '\'');
}

/* SQL text ends at a NUL, so a string that holds one is written as its bytes. */
static void append_string(struct text *out, const struct result_cell *cell)
{
    if (cell->length > 0 && memchr(cell->bytes, '\0', cell->length) != NULL) {
        text_append(out, "CAST(");
        append_hexadecimal(out, cell);
        text_append(out, " AS TEXT)");
        return;
    }
    text_append_char(out, '\'');
    for (size_t i = 0; i < cell->length; i++) {
        text_append_repeated(out, cell->bytes[i], cell->bytes[i] == '\'' ? 2 : 1);
    }
    text_append_char(out, '\'');
}

void export_append_sql(struct text *out, const struct result_cell *cell)
{
    switch (cell->type) {
    case RESULT_NULL:
        text_append(out, "NULL");
        break;
    case RESULT_INTEGER:
    case RESULT_REAL:
        text_append_bytes(out, cell->bytes, cell->length);
        break;
    case RESULT_TEXT:
        append_string(out, cell);
        break;
    case RESULT_BLOB:
        append_hexadecimal(out, cell);
        break;
    }
}
