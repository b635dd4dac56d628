/* advice/write: a plan as lines of text.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/advice/private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/safetext.h"

enum { DEEPEST = 24, NUMBERS = 12 };

/* Two digits are all that an estimate is worth. */
static long long rounded(double rows)
{
    double unit = rows >= 100 ? pow(10, floor(log10(rows)) - 1) : 1;
    return rows > 9e17 ? (long long)9e17 : (long long)(round(rows / unit) * unit);
}

static void append_rows(struct text *out, double rows)
{
    char buffer[32];
    text_append(out, string_of_count(rounded(rows), buffer, sizeof buffer));
}

void advice_cost(const struct advice_plan *plan, struct text *out)
{
    char buffer[32];
    if (plan->seconds >= 0) {
        double seconds =
            plan->seconds >= 10 ? (double)rounded(plan->seconds) : plan->seconds;
        bool is_short = seconds < 0.01;
        text_printf(out, "%s %s, ", is_short ? "less than" : "about",
                    string_of_seconds(is_short ? 0.01 : seconds, buffer, sizeof buffer));
    }
    if (plan->rows >= 0) {
        append_rows(out, plan->rows);
        text_append(out, plan->rows == 1 ? " row to read" : " rows to read");
    } else {
        text_clear(out);
    }
}

/* ---- The head ---- */

void advice_write_head(const struct advice_plan *plan, struct text *out)
{
    char buffer[32];
    struct text cost = {0};
    if (plan->steps.count == 0) {
        text_append(out, "it goes through no table row by row");
        return;
    }
    advice_cost(plan, &cost);
    text_append(out, cost.length > 0 ? text_string(&cost)
                                     : "how many rows there are to read is not known");
    text_release(&cost);
    if (plan->seconds >= 0) {
        text_printf(out, " (by %zu statements of before)", plan->past);
    } else {
        text_append(out, "; how long that takes is not known yet: too few statements ran "
                         "here that took a while");
    }
    if (plan->is_counted) {
        text_append(out, "\nit was run: ");
        text_append_count(out, plan->rows_read, "row");
        text_printf(out, " read in %s, ",
                    string_of_seconds(plan->took, buffer, sizeof buffer));
        text_append_count(out, plan->rows_told, "row");
        text_append(out, " in the result");
    } else if (plan->not_counted != NULL) {
        text_printf(out, "\nrows were not counted: %s", plan->not_counted);
    }
}

/* ---- The tree ---- */

static int indent_of(const struct advice_step *step)
{
    int indent = step->depth + step->loops;
    return indent < DEEPEST ? indent : DEEPEST;
}

static void write_number(struct text *out, double rows, bool exact)
{
    char buffer[32];
    const char *number = rows < 0
                             ? ""
                             : string_of_count(exact ? (long long)rows : rounded(rows),
                                               buffer, sizeof buffer);
    text_printf(out, "%*s", NUMBERS, number);
}

int advice_column(const struct advice_plan *plan, const struct advice_step *step)
{
    return NUMBERS * (plan->is_counted ? 2 : 1) + 3 + 2 * indent_of(step);
}

void advice_write_columns(const struct advice_plan *plan, struct text *out)
{
    text_printf(out, "%*s", NUMBERS, "rows, about");
    if (plan->is_counted) {
        text_printf(out, "%*s", NUMBERS, "counted");
    }
    text_append(out, "   step");
}

void advice_write_step(const struct advice_plan *plan, const struct advice_step *step,
                       const struct advice_style *style, struct text *out)
{
    int indent = indent_of(step);
    const char *branch = style->unicode ? "\u2514 " : "- ";
    write_number(out, step->is_read ? step->estimated : -1, false);
    if (plan->is_counted) {
        write_number(out, (double)step->counted, true);
    }
    text_append(out, step->is_expensive ? " ! " : "   ");
    text_append_repeated(out, ' ', indent > 0 ? (size_t)(indent - 1) * 2 : 0);
    text_append(out, indent > 0 ? branch : "");
    text_append(out, step->loops > 0 && step->is_read ? "for each: " : "");
    text_append(out, step->words);
}

static bool has_expensive(const struct advice_plan *plan)
{
    for (size_t i = 0; i < plan->steps.count; i++) {
        if (((const struct advice_step *)array_at(&plan->steps, i))->is_expensive) {
            return true;
        }
    }
    return false;
}

void advice_write(const struct advice_plan *plan, const struct advice_style *style,
                  struct text *out)
{
    advice_write_head(plan, out);
    if (plan->steps.count == 0) {
        text_append_char(out, '\n');
        return;
    }
    text_append(out, "\n\n");
    advice_write_columns(plan, out);
    text_append_char(out, '\n');
    for (size_t i = 0; i < plan->steps.count; i++) {
        advice_write_step(plan, array_at(&plan->steps, i), style, out);
        text_append_char(out, '\n');
    }
    text_append(out, has_expensive(plan) ? "\n! is the step that reads most\n" : "");
}
