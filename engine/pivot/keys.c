/* pivot/keys: what rows are grouped by: values, classes of numbers, parts of dates.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/pivot/private.h"
#include "engine/store.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Parts of ISO 8601 texts are as many of their first bytes. */
static const struct {
    const char *name;
    int bytes;
} steps[] = {
    [PIVOT_VALUE] = {"value", 0}, [PIVOT_CLASS] = {"class", 0},
    [PIVOT_YEAR] = {"year", 4},   [PIVOT_QUARTER] = {"quarter", 0},
    [PIVOT_MONTH] = {"month", 7}, [PIVOT_DAY] = {"day", 10},
    [PIVOT_HOUR] = {"hour", 13},
};

#define ISO_DAY "GLOB '[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]*'"

const char *pivot_step_name(enum pivot_step step)
{
    return steps[step].name;
}

bool pivot_step_named(const char *name, enum pivot_step *step)
{
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (string_equal_fold(steps[i].name, name)) {
            *step = (enum pivot_step)i;
            return true;
        }
    }
    return false;
}

/* ---- As SQL ---- */

/* The greatest multiple of the width that is not above the number: CAST cuts towards
 * zero, so what is below it gets one less. */
static void append_class(const char *column, double width, struct text *out)
{
    text_printf(out,
                "CASE WHEN typeof(%s) IN ('integer','real') AND abs(%s) < 1e15 * %.17g "
                "THEN %.17g * (CAST(%s / %.17g AS INTEGER) - (%s < %.17g * CAST(%s / "
                "%.17g AS INTEGER))) ELSE %s END",
                column, column, width, width, column, width, column, width, column, width,
                column);
}

static void append_part(const char *column, enum pivot_step step, struct text *out)
{
    text_printf(out, "CASE WHEN typeof(%s) = 'text' AND %s " ISO_DAY " THEN ", column,
                column);
    if (step == PIVOT_QUARTER) {
        text_printf(out, "substr(%s, 1, 4) || '-Q' || ((substr(%s, 6, 2) + 2) / 3)",
                    column, column);
    } else {
        text_printf(out, "substr(%s, 1, %d)", column, steps[step].bytes);
    }
    text_printf(out, " ELSE %s END", column);
}

void pivot_append_key(const struct pivot_key *key, const struct result *base,
                      struct text *out)
{
    struct text column = {0};
    result_append_column(base, key->column, &column);
    if (key->step == PIVOT_CLASS) {
        append_class(text_string(&column), key->width, out);
    } else if (key->step != PIVOT_VALUE) {
        append_part(text_string(&column), key->step, out);
    } else {
        text_append(out, text_string(&column));
    }
    text_release(&column);
}

void pivot_append_key_name(const struct pivot_key *key, const struct result *base,
                           struct text *out)
{
    const char *name = result_column(base, key->column)->name;
    struct text whole = {0};
    text_append(&whole, name);
    if (key->step > PIVOT_CLASS) {
        text_printf(&whole, " (%s)", pivot_step_name(key->step));
    } else if (key->step == PIVOT_CLASS) {
        text_append(&whole, " from");
    }
    text_append(out, " AS ");
    store_quote_name(out, text_string(&whole));
    text_release(&whole);
}

/* ---- Which classes suit ---- */

void pivot_range_sql(const struct result *base, size_t column, struct text *out)
{
    struct text name = {0};
    result_append_column(base, column, &name);
    const char *c = text_string(&name);
    text_printf(out,
                "SELECT count(%s) AS cells, count(*) FILTER (WHERE typeof(%s) IN "
                "('integer','real')) AS numbers, ",
                c, c);
    text_printf(out,
                "min(%s) FILTER (WHERE typeof(%s) IN ('integer','real')) AS least, "
                "max(%s) FILTER (WHERE typeof(%s) IN ('integer','real')) AS most, ",
                c, c, c, c);
    text_printf(out, "count(*) FILTER (WHERE typeof(%s) = 'text' AND %s " ISO_DAY ") ", c,
                c);
    text_printf(out,
                "AS dates, min(%s) FILTER (WHERE %s " ISO_DAY
                ") AS earliest, max(%s) FILTER (WHERE %s " ISO_DAY ") AS latest",
                c, c, c, c);
    result_append_from(base, out);
    text_release(&name);
}

enum {
    RANGE_CELLS,
    RANGE_NUMBERS,
    RANGE_LEAST,
    RANGE_MOST,
    RANGE_DATES,
    RANGE_EARLIEST,
    RANGE_LATEST
};

/* 1, 2 or 5 times a power of ten. */
static double nice_width(double range)
{
    double raw = range / PIVOT_CLASSES;
    if (!(raw > 0) || !isfinite(raw)) {
        return 1;
    }
    double power = pow(10, floor(log10(raw)));
    double lead = raw / power;
    return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

/* Days between the starts of two ISO texts, about. */
static double days_between(const char *from, const char *to)
{
    int a[3] = {0}, b[3] = {0};
    for (int i = 0; i < 3; i++) {
        static const int starts[] = {0, 5, 8};
        a[i] = atoi(from + starts[i]);
        b[i] = atoi(to + starts[i]);
    }
    return (b[0] - a[0]) * 365.25 + (b[1] - a[1]) * 30.4 + (b[2] - a[2]);
}

static enum pivot_step step_for(double days)
{
    return days < 3      ? PIVOT_HOUR
           : days < 62   ? PIVOT_DAY
           : days < 1500 ? PIVOT_MONTH
           : days < 5500 ? PIVOT_QUARTER
                         : PIVOT_YEAR;
}

bool pivot_choose_step(struct result *range, struct pivot_key *key, struct error *err)
{
    struct result_page page = {0};
    bool chosen = false;
    if (!result_page(range, 0, 1, 64, &page, err) || page.rows < 1) {
        result_page_release(&page);
        return false;
    }
    const struct result_cell *cells = page.cells;
    double some = strtod(cells[RANGE_CELLS].bytes, NULL) / 2;
    if (strtod(cells[RANGE_NUMBERS].bytes, NULL) > some) {
        double least = strtod(cells[RANGE_LEAST].bytes, NULL);
        double most = strtod(cells[RANGE_MOST].bytes, NULL);
        bool whole = cells[RANGE_LEAST].type == RESULT_INTEGER &&
                     cells[RANGE_MOST].type == RESULT_INTEGER;
        key->step = PIVOT_CLASS;
        key->width = nice_width(most - least);
        key->width = whole && key->width < 1 ? 1 : key->width;
        chosen = true;
    } else if (strtod(cells[RANGE_DATES].bytes, NULL) > some) {
        double days =
            days_between(cells[RANGE_EARLIEST].bytes, cells[RANGE_LATEST].bytes);
        bool has_time = cells[RANGE_LATEST].length > 12;
        key->step = step_for(days);
        key->step = key->step == PIVOT_HOUR && !has_time ? PIVOT_DAY : key->step;
        chosen = true;
    }
    result_page_release(&page);
    return chosen;
}
