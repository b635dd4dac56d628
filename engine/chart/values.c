/* What a row of a chart holds: whether x is a number, a time or a text, and its value.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart/parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *chart_x_title(const struct chart *chart)
{
    return chart->spec.x_title != NULL ? chart->spec.x_title : "x";
}

const char *chart_y_title(const struct chart *chart)
{
    return chart->spec.y_title != NULL ? chart->spec.y_title : "y";
}

/* A decimal number and nothing else: strtod alone would take "nan", "0x1p3" and "12 kg".
 */
bool number_parse(const char *text, size_t length, double *number)
{
    char buffer[64];
    while (length > 0 && *text == ' ') {
        text++;
        length--;
    }
    while (length > 0 && text[length - 1] == ' ') {
        length--;
    }
    if (length == 0 || length >= sizeof buffer) {
        return false;
    }
    memcpy(buffer, text, length);
    buffer[length] = '\0';
    if (strspn(buffer, "0123456789+-.eE") != length) {
        return false;
    }
    char *end;
    *number = strtod(buffer, &end);
    return end == buffer + length;
}

struct guess {
    size_t numbers, numerals, times, texts;
};

static void guess_add(struct guess *guess, const struct chart_value *value)
{
    double number;
    bool clock;
    if (value->kind == CHART_NUMBER) {
        guess->numbers++;
    } else if (value->kind == CHART_TEXT) {
        if (time_parse(value->text, value->length, &number, &clock)) {
            guess->times++;
        } else if (number_parse(value->text, value->length, &number)) {
            guess->numerals++;
        } else {
            guess->texts++;
        }
    }
}

/* Figures that come as text are numbers on a scale, but bars keep them as they are
 * written: a postal code is a name. */
void x_decide(struct chart *chart)
{
    struct guess guess = {0};
    const struct pending *pending = chart->pending.items;
    for (size_t i = 0; i < chart->pending.count; i++) {
        guess_add(&guess, &pending[i].point.x);
    }
    chart->decided = true;
    if (chart->spec.x != CHART_X_AUTO) {
        chart->x = chart->spec.x;
        return;
    }
    size_t seen = guess.numbers + guess.numerals + guess.times + guess.texts;
    bool bars = chart->spec.kind == CHART_BAR;
    if (guess.times == seen && seen > 0) {
        chart->x = CHART_X_TIME;
    } else if (guess.numbers + (bars ? 0 : guess.numerals) == seen && seen > 0) {
        chart->x = CHART_X_NUMBER;
    } else {
        chart->x = CHART_X_TEXT;
    }
}

static bool read_number(struct chart *chart, const struct chart_value *value, double *x)
{
    *x = value->number;
    if (value->kind == CHART_TEXT && !number_parse(value->text, value->length, x)) {
        chart->tally.x_odd++;
        return false;
    }
    if (!isfinite(*x)) {
        chart->tally.x_infinite++;
        return false;
    }
    return true;
}

static bool read_time(struct chart *chart, const struct chart_value *value, double *x)
{
    bool clock = true;
    bool read = false;
    if (value->kind == CHART_TEXT) {
        read = time_parse(value->text, value->length, x, &clock);
    } else if (chart->spec.x == CHART_X_TIME) {
        *x = value->number;
        read = *x >= TIME_LEAST && *x <= TIME_GREATEST;
        clock = read && fmod(*x, 86400) != 0;
    }
    chart->tally.x_odd += !read;
    chart->clock = chart->clock || (read && clock);
    return read;
}

static bool read_category(struct chart *chart, const struct chart_value *value, double *x,
                          long *name)
{
    char buffer[64];
    if (value->kind == CHART_TEXT) {
        *name = names_number(&chart->categories, value->text, value->length);
    } else {
        const char *text = value->kind == CHART_NULL
                               ? "(null)"
                               : number_exact(value->number, buffer, sizeof buffer);
        chart->tally.mixed += value->kind == CHART_NUMBER;
        *name = names_number(&chart->categories, text, strlen(text));
    }
    *x = (double)*name;
    return true;
}

bool x_read(struct chart *chart, const struct chart_value *value, double *x, long *name)
{
    *name = 0;
    if (chart->x == CHART_X_TEXT) {
        read_category(chart, value, x, name);
        /* Bars beyond the last name are added to "other"; elsewhere they have no place.
         */
        chart->tally.beyond += *name < 0;
        return *name >= 0 || chart->spec.kind == CHART_BAR;
    }
    if (value->kind == CHART_NULL) {
        chart->tally.x_null++;
        return false;
    }
    bool read = chart->x == CHART_X_TIME ? read_time(chart, value, x)
                                         : read_number(chart, value, x);
    if (read && chart->spec.kind == CHART_BAR) {
        *x += 0.0; /* -0 is 0 */
        *name = names_number(&chart->categories, (const char *)x, sizeof *x);
        chart->tally.beyond += *name < 0;
        read = *name >= 0;
    }
    return read;
}

bool y_read(struct chart *chart, const struct chart_value *value, double *y)
{
    *y = value->number;
    if (value->kind == CHART_NULL) {
        chart->tally.y_null++;
        return false;
    }
    if (value->kind == CHART_TEXT && !number_parse(value->text, value->length, y)) {
        chart->tally.y_odd++;
        return false;
    }
    if (!isfinite(*y)) {
        chart->tally.y_infinite++;
        return false;
    }
    return true;
}
