/* Numbers as words: labels of ticks that are short and alike, figures for a sentence.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart/axis.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct unit {
    double size;
    char suffix[8];
};

static const struct unit UNITS[] = {
    {1, ""}, {1e3, "k"}, {1e6, "M"}, {1e9, "G"}, {1e12, "T"}};

enum { UNIT_COUNT = sizeof UNITS / sizeof UNITS[0], DECIMALS_MOST = 17 };

static double greatest_of(const struct ticks *ticks)
{
    double greatest = 0;
    for (size_t i = 0; i < ticks->count; i++) {
        greatest = fmax(greatest, fabs(ticks->items[i].value));
    }
    return greatest;
}

static double step_of(const struct ticks *ticks)
{
    double step = ticks->count > 1 ? INFINITY : fabs(ticks->items[0].value);
    for (size_t i = 1; i < ticks->count; i++) {
        step = fmin(step,
                    fabs(ticks->items[i].value / 2 - ticks->items[i - 1].value / 2) * 2);
    }
    return step;
}

/* How many decimals it takes to write all the values in this unit, a thousandth of a step
 * being noise. */
static int decimals_of(const struct ticks *ticks, double unit, double step)
{
    double power = 1;
    for (int decimals = 0; decimals < DECIMALS_MOST; decimals++, power *= 10) {
        bool whole = true;
        for (size_t i = 0; i < ticks->count && whole; i++) {
            double value = ticks->items[i].value / unit * power;
            whole = fabs(value - nearbyint(value)) <= step / unit * power / 1000;
        }
        if (whole) {
            return decimals;
        }
    }
    return DECIMALS_MOST;
}

static void write_label(char *label, double value, const struct unit *unit, int decimals)
{
    double shown = value / unit->size;
    if (fabs(shown) < 0.5 * pow(10, -decimals)) {
        snprintf(label, TICK_LABEL_SIZE, "0");
        return;
    }
    int used = snprintf(label, TICK_LABEL_SIZE, "%.*f%s", decimals, shown, unit->suffix);
    if (used >= TICK_LABEL_SIZE) {
        snprintf(label, TICK_LABEL_SIZE, "%.6g", value);
    }
}

static size_t label_all(struct ticks *ticks, const struct unit *unit, double step)
{
    int decimals = decimals_of(ticks, unit->size, step);
    size_t longest = 0;
    for (size_t i = 0; i < ticks->count; i++) {
        write_label(ticks->items[i].label, ticks->items[i].value, unit, decimals);
        size_t length = strlen(ticks->items[i].label);
        longest = length > longest ? length : longest;
    }
    return longest;
}

static struct unit power_unit(double greatest)
{
    int exponent = (int)floor(log10(greatest));
    struct unit unit = {.size = pow(10, exponent)};
    snprintf(unit.suffix, sizeof unit.suffix, "e%d", exponent);
    return unit;
}

/* The unit that makes the longest label shortest; plain figures win a draw. */
void number_labels(struct ticks *ticks)
{
    double greatest = greatest_of(ticks);
    double step = step_of(ticks);
    bool small = greatest > 0 && greatest < 1e-3;
    struct unit power = small || greatest >= 1e15 ? power_unit(greatest) : UNITS[0];
    if (greatest >= 1e15) {
        label_all(ticks, &power, step);
        return;
    }
    const struct unit *best = &UNITS[0];
    size_t shortest = label_all(ticks, best, step);
    for (size_t i = 1; i < UNIT_COUNT && UNITS[i].size <= greatest; i++) {
        size_t length = label_all(ticks, &UNITS[i], step);
        if (length < shortest) {
            shortest = length;
            best = &UNITS[i];
        }
    }
    if (small && label_all(ticks, &power, step) < shortest) {
        best = &power;
    }
    label_all(ticks, best, step);
}

const char *number_spoken(double value, char *buffer, size_t size)
{
    double magnitude = fabs(value);
    if (magnitude > 0 && (magnitude >= 999.5e12 || magnitude < 1e-3)) {
        snprintf(buffer, size, "%.3g", value);
        return buffer;
    }
    const struct unit *unit = &UNITS[0];
    /* 999,999 is 1.00M, not 1000k. */
    for (size_t i = 1; i < UNIT_COUNT && magnitude >= 0.9995 * UNITS[i].size; i++) {
        unit = &UNITS[i];
    }
    double shown = value / unit->size;
    int decimals = fabs(shown) >= 99.95 ? 0 : fabs(shown) >= 9.995 ? 1 : 2;
    if (unit == &UNITS[0] && magnitude == floor(magnitude)) {
        decimals = 0;
    } else if (magnitude < 0.9995) {
        decimals = magnitude >= 0.0995 ? 3 : magnitude >= 0.00995 ? 4 : 5;
    }
    snprintf(buffer, size, "%.*f%s", decimals, shown, unit->suffix);
    return buffer;
}

const char *number_exact(double value, char *buffer, size_t size)
{
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(buffer, size, "%.*g", digits, value);
        if (strtod(buffer, NULL) == value) {
            break;
        }
    }
    return buffer;
}
