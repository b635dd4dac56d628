/* What the unit tests of charts share: random numbers, points from plain values, and the
 * facts that hold for every raster.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_CHART_HELP_H
#define MWB_TESTS_CHART_HELP_H

#include "engine/chart.h"
#include "engine/safetext.h"

#include <stdint.h>
#include <string.h>

/* A share of 1, the same row of them in every run. */
static inline double random_share(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (double)(*state >> 11) / 9007199254740992.0;
}

static inline struct chart_value words(const char *text)
{
    return text != NULL ? chart_text(text, strlen(text)) : (struct chart_value){0};
}

static inline void add_text(struct chart *chart, const char *x, double y,
                            const char *series)
{
    chart_add(chart, &(struct chart_point){words(x), chart_number(y), words(series)});
}

static inline void add_number(struct chart *chart, double x, double y, const char *series)
{
    chart_add(chart,
              &(struct chart_point){chart_number(x), chart_number(y), words(series)});
}

static inline bool cell_is_safe(const struct chart_cell *cell, bool ascii)
{
    const unsigned char *text = (const unsigned char *)cell->text;
    for (size_t i = 0; text[i] != '\0'; i++) {
        bool c1 = text[i] == 0xC2 && text[i + 1] < 0xA0;
        if (text[i] < 0x20 || text[i] == 0x7F || c1 || (ascii && text[i] >= 0x80)) {
            return false;
        }
    }
    return true;
}

/* Every cell is safe, a wide character takes two, nothing is wider than the raster. */
static inline bool raster_is_sound(const struct chart_raster *raster, bool ascii)
{
    for (int row = 0; row < raster->rows; row++) {
        for (int col = 0; col < raster->cols;) {
            const struct chart_cell *cell = chart_raster_cell(raster, col, row);
            int width = safetext_width(cell->text, strlen(cell->text));
            bool whole =
                width == 1 || (width == 2 && col + 1 < raster->cols &&
                               chart_raster_cell(raster, col + 1, row)->text[0] == '\0');
            if (!whole || !cell_is_safe(cell, ascii)) {
                return false;
            }
            col += width;
        }
    }
    return true;
}

#endif
