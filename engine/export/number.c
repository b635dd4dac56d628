/* export/number: real numbers that are read back as the same number.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/export/writer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* SQLite prints 15 digits; a double may need 17 (IEEE 754-2019, 5.12.2). */
void export_append_real(struct text *out, const struct result_cell *cell)
{
    char digits[40];
    if (!isfinite(cell->number) || strtod(cell->bytes, NULL) == cell->number) {
        text_append_bytes(out, cell->bytes, cell->length);
        return;
    }
    for (int precision = 16; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, cell->number);
        if (strtod(digits, NULL) == cell->number) {
            break;
        }
    }
    /* Without a point or an exponent it would be read as an integer. */
    text_append(out, digits);
    text_append(out, strpbrk(digits, ".e") == NULL ? ".0" : "");
}
