/* Unit tests of the axes of charts: round ticks, the time ladder, logarithms, the
 * calendar. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart/axis.h"
#include "engine/text.h"
#include "tap.h"

#include <float.h>
#include <math.h>
#include <stdint.h>

static uint64_t random_state = 88172645463325252u;

static double random_share(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (double)(random_state >> 11) / 9007199254740992.0;
}

static const char *labels_of(const struct ticks *ticks, struct text *out)
{
    text_clear(out);
    for (size_t i = 0; i < ticks->count; i++) {
        text_printf(out, "%s%s", i > 0 ? " " : "", ticks->items[i].label);
        if (ticks->items[i].below[0] != '\0') {
            text_printf(out, "/%s", ticks->items[i].below);
        }
    }
    return text_string(out);
}

static struct tick_room columns(double length)
{
    return (struct tick_room){.length = length, .character = 1, .gap = 2};
}

static void linear_ticks_are_known(void)
{
    static const struct {
        double lo, hi, length;
        bool fixed;
        const char *labels;
    } cases[] = {
        {8.1, 14.1, 36, false,
         "8 10 12 14"}, /* the example of the R package `labeling` */
        {0, 100, 60, true, "0 20 40 60 80 100"},
        {0, 1, 60, true, "0 0.2 0.4 0.6 0.8 1.0"},
        {-1, 1, 48, true, "-1.0 -0.5 0 0.5 1.0"},
        {0, 48211, 60, false, "0 10k 20k 30k 40k 50k"},
        {2010, 2024, 84, true, "2010 2012 2014 2016 2018 2020 2022 2024"},
        {0, 4e6, 60, true, "0 1M 2M 3M 4M"},
        {0, 4e-6, 48, true, "0 1e-6 2e-6 3e-6 4e-6"},
        {0, 8e20, 48, true, "0 2e20 4e20 6e20 8e20"},
        {5, 5.4, 60, true, "5.0 5.1 5.2 5.3 5.4"},
    };
    struct text text = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ticks ticks;
        struct tick_room room = columns(cases[i].length);
        ticks_linear(&ticks, cases[i].lo, cases[i].hi, cases[i].fixed, &room);
        is_text(labels_of(&ticks, &text), cases[i].labels, "ticks of %g to %g",
                cases[i].lo, cases[i].hi);
    }
    text_release(&text);
}

/* Independent of ticks_legible(): where the labels begin and end in columns. */
static bool labels_touch(const struct ticks *ticks, double length)
{
    for (size_t i = 1; i < ticks->count; i++) {
        const struct tick *a = &ticks->items[i - 1];
        const struct tick *b = &ticks->items[i];
        double end = fmax(a->at * length - (double)strlen(a->label) / 2, 0) +
                     (double)strlen(a->label);
        double start = fmin(b->at * length + (double)strlen(b->label) / 2, length) -
                       (double)strlen(b->label);
        if (start - end < 1) {
            return true;
        }
    }
    return false;
}

static bool step_is_round(const struct ticks *ticks)
{
    if (ticks->count < 2) {
        return true;
    }
    double step = ticks->items[1].value - ticks->items[0].value;
    double mantissa = step / pow(10, floor(log10(step) + 1e-9));
    static const double round[] = {1, 1.2, 1.5, 1.6, 1.8, 2, 2.4, 2.5,
                                   3, 4,   5,   6,   7.5, 8, 9};
    for (size_t i = 0; i < sizeof round / sizeof round[0]; i++) {
        if (fabs(mantissa - round[i]) < 1e-3) {
            return true;
        }
    }
    return false;
}

static void random_ticks_are_round(void)
{
    int touching = 0;
    int crooked = 0;
    int outside = 0;
    int doubled = 0;
    int few = 0;
    for (int i = 0; i < 3000; i++) {
        double size = pow(10, floor(random_share() * 24 - 12));
        double lo = (random_share() - 0.5) * size * 4;
        double hi = lo + random_share() * size + size * 1e-4;
        double length = 8 + floor(random_share() * 150);
        struct tick_room room = columns(length);
        struct ticks ticks;
        ticks_linear(&ticks, lo, hi, i % 2 == 0, &room);
        touching += labels_touch(&ticks, length);
        crooked += !step_is_round(&ticks);
        few += ticks.count < (length > 40 ? 2 : 1);
        for (size_t k = 0; k < ticks.count; k++) {
            outside += !(ticks.items[k].at >= -1e-9 && ticks.items[k].at <= 1 + 1e-9);
            doubled +=
                k > 0 && strcmp(ticks.items[k].label, ticks.items[k - 1].label) == 0;
        }
    }
    is_int(touching, 0, "labels of random axes do not touch");
    is_int(crooked, 0, "their steps are round");
    is_int(outside, 0, "their ticks are on the axis");
    is_int(doubled, 0, "their labels differ");
    is_int(few, 0, "wide axes have two ticks and more");
}

static void extreme_ticks_end(void)
{
    static const double cases[][2] = {
        {-DBL_MAX, DBL_MAX}, {1e308, DBL_MAX},
        {0, 5e-324},         {-1e-310, 1e-310},
        {1e15, 1e15 + 1},    {1e300, 1e300 * (1 + 1e-15)},
        {-1e308, 1e-308},    {0.1, 0.1 + 1e-16},
        {1e-308, 1e308},     {123456.789, 123456.78900001},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ticks ticks;
        struct tick_room room = columns(70);
        ticks_linear(&ticks, cases[i][0], cases[i][1], false, &room);
        bool sound = ticks.count > 0 && ticks.count <= TICKS_MOST;
        for (size_t k = 0; k < ticks.count; k++) {
            sound = sound && isfinite(ticks.items[k].value) &&
                    ticks.items[k].at >= -1e-6 && ticks.items[k].at <= 1 + 1e-6;
        }
        ok(sound, "ticks of %g to %g", cases[i][0], cases[i][1]);
    }
    struct ticks ticks;
    struct tick_room room = columns(2);
    ticks_linear(&ticks, 123456, 987654, true, &room);
    is_int((long long)ticks.count, 1, "where no two labels fit there is one");
}

static double seconds_of(const char *text)
{
    double seconds = NAN;
    bool clock;
    time_parse(text, strlen(text), &seconds, &clock);
    return seconds;
}

static void time_ticks_climb_the_ladder(void)
{
    static const struct {
        const char *from, *to;
        const char *labels;
    } cases[] = {
        {"2024-01-01", "2024-03-31",
         "1/Jan 2024 8 15 22 1/Feb 2024 8 15 22 1/Mar 2024 8 15 22"},
        {"2024-01-30", "2024-02-05", "30/Jan 2024 31 1/Feb 2024 2 3 4 5"},
        {"2023-11", "2024-09", "Nov/2023 Dec Jan/2024 Feb Mar Apr May Jun Jul Aug Sep"},
        {"2009-06-01", "2024-03-01", "2010 2012 2014 2016 2018 2020 2022 2024"},
        {"2023-01-15", "2024-12-20", "Apr/2023 Jul Oct Jan/2024 Apr Jul Oct"},
        {"1900-01-01", "2020-01-01", "1900 1920 1940 1960 1980 2000 2020"},
        {"2024-01-01T22:00", "2024-01-02T04:00:01",
         "22:00/1 Jan 2024 UTC 23:00 00:00/2 Jan 2024 UTC 01:00 02:00 03:00 04:00"},
        {"2024-01-01T10:00:00", "2024-01-01T10:00:50",
         "10:00:00/1 Jan 2024 UTC 10:00:10 10:00:20 10:00:30 10:00:40 10:00:50"},
        {"2024-01-01T10:00:00", "2024-01-01T10:00:00.2",
         "10:00:00.00/1 Jan 2024 UTC 10:00:00.05 10:00:00.10 10:00:00.15 10:00:00.20"},
    };
    struct text text = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ticks ticks;
        struct tick_room room = columns(77);
        room.overhang = 2;
        bool clock = strchr(cases[i].from, 'T') != NULL;
        ticks_time(&ticks, seconds_of(cases[i].from), seconds_of(cases[i].to), clock,
                   &room);
        is_text(labels_of(&ticks, &text), cases[i].labels, "ladder from %s to %s",
                cases[i].from, cases[i].to);
    }
    text_release(&text);
}

static void random_times_are_legible(void)
{
    int touching = 0;
    int outside = 0;
    int none = 0;
    for (int i = 0; i < 2000; i++) {
        double lo = TIME_LEAST + random_share() * (TIME_GREATEST - TIME_LEAST) * 0.9;
        double hi = lo + pow(10, random_share() * 12.5 - 2);
        double length = 10 + floor(random_share() * 190);
        struct tick_room room = columns(length);
        struct ticks ticks;
        ticks_time(&ticks, lo, fmin(hi, TIME_GREATEST), true, &room);
        touching += labels_touch(&ticks, length);
        none += ticks.count == 0;
        for (size_t k = 0; k < ticks.count; k++) {
            outside += !(ticks.items[k].at >= -1e-9 && ticks.items[k].at <= 1 + 1e-9);
        }
    }
    is_int(touching, 0, "labels of random time axes do not touch");
    is_int(outside, 0, "their ticks are on the axis");
    is_int(none, 0, "each has a tick");
}

static void logarithmic_ticks_are_decades(void)
{
    static const struct {
        double lo, hi, least, length;
        const char *labels;
    } cases[] = {
        {1, 100000, 1, 60, "1 10 100 1k 10k 100k"},
        {1, 1000, 1, 60, "1 2 5 10 20 50 100 200 500 1k"},
        {1e-6, 1e6, 1e-6, 40, "1e-6 0.001 1 1k 1M"},
        {20, 70, 20, 72, "20 30 40 50 60 70"},
        {-1000, 1000, 1, 80, "-1k -100 -10 -1 0 1 10 100 1k"},
        {-100000, 100000, 1, 40, "-10k -10 0 10 10k"},
    };
    struct text text = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ticks ticks;
        struct tick_room room = columns(cases[i].length);
        struct scale scale = scale_logarithmic(cases[i].lo, cases[i].hi, cases[i].least);
        ticks_logarithmic(&ticks, &scale, &room);
        is_text(labels_of(&ticks, &text), cases[i].labels, "decades of %g to %g",
                cases[i].lo, cases[i].hi);
    }
    struct scale bent = scale_logarithmic(-1000, 1000, 1);
    ok(fabs(scale_at(&bent, 0) - 0.5) < 1e-12, "zero is in the middle");
    ok(fabs(scale_at(&bent, 10) + scale_at(&bent, -10) - 1) < 1e-12,
       "both sides are alike");
    struct scale one = scale_logarithmic(7, 7, 7);
    ok(one.lo < one.hi, "a single value gets room");
    struct scale zero = scale_logarithmic(0, 0, 0);
    ok(zero.lo < zero.hi, "nothing but zero gets room");
    struct scale wide = scale_logarithmic(-DBL_MAX, DBL_MAX, 5e-324);
    ok(isfinite(scale_at(&wide, 1e-300)) && scale_at(&wide, DBL_MAX) > 0.99,
       "the whole range of doubles bends");
    text_release(&text);
}

static void times_are_read(void)
{
    static const struct {
        const char *text;
        double seconds;
        bool clock;
    } good[] = {
        {"1970-01-01", 0, false},
        {"2000-03-01", 951868800, false},
        {"2024-02", 1706745600, false},
        {"1600-02-29", -11670998400, false},
        {"2024-02-29T12:34:56.5Z", 1709210096.5, true},
        {"2024-02-29 12:34", 1709210040, true},
        {"2024-02-29T12:34:56+02:00", 1709202896, true},
        {"2024-02-29T12:34:56-0530", 1709229896, true},
        {"2024-02-29t12:34:56,25z", 1709210096.25, true},
        {"0000-01-01", -62167219200, false},
    };
    static const char *const bad[] = {
        "",
        "2024",
        "2024-13",
        "2024-00-01",
        "2023-02-29",
        "2024-1-1",
        "2024-01-01T",
        "2024-01-01T25:00",
        "2024-01-01T10:60",
        "2024-01-01x",
        "2024-01-01T10:00:00+",
        "24-01-01",
        "2024-W05",
        "2024-01-01T10",
        "2024-01-01 10:00:61",
        "2024-01-01T10:00:00.",
        "\x00",
        "-2024-01-01",
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        double seconds = NAN;
        bool clock = false;
        ok(time_parse(good[i].text, strlen(good[i].text), &seconds, &clock) &&
               fabs(seconds - good[i].seconds) < 1e-6 && clock == good[i].clock,
           "%s is %.2f", good[i].text, seconds);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        double seconds;
        bool clock;
        ok(!time_parse(bad[i], strlen(bad[i]), &seconds, &clock), "\"%s\" is no time",
           bad[i]);
    }
    int wrong = 0;
    for (long long day = -800000; day < 800000; day += 17) {
        struct civil civil = civil_of((double)day * 86400 + 86399.5);
        wrong +=
            civil_days(civil.year, civil.month, civil.day) != day || civil.hour != 23;
    }
    is_int(wrong, 0, "days go to dates and back");
}

static void figures_are_spoken(void)
{
    static const struct {
        double value;
        const char *words;
    } cases[] = {
        {0, "0"},         {9770, "9.77k"},    {12017.1, "12.0k"}, {30442.88, "30.4k"},
        {999, "999"},     {999.6, "1.00k"},   {999999, "1.00M"},  {-3.3, "-3.30"},
        {0.125, "0.125"}, {0.0125, "0.0125"}, {1e-9, "1e-09"},    {4.2e15, "4.2e+15"},
        {12, "12"},       {99.96, "100"},     {-48211, "-48.2k"},
    };
    char buffer[48];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        is_text(number_spoken(cases[i].value, buffer, sizeof buffer), cases[i].words,
                "%g is spoken", cases[i].value);
    }
    is_text(number_exact(0.1, buffer, sizeof buffer), "0.1", "exact is short");
    is_text(number_exact(1.0 / 3, buffer, sizeof buffer), "0.3333333333333333",
            "and reads back");
}

int main(void)
{
    linear_ticks_are_known();
    random_ticks_are_round();
    extreme_ticks_end();
    time_ticks_climb_the_ladder();
    random_times_are_legible();
    logarithmic_ticks_are_decades();
    times_are_read();
    figures_are_spoken();
    return tap_done();
}
