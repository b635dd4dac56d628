/* Unit tests of charts as text: pictures that were looked at and kept in
 * tests/unit/chart, that thinning changes no raster, and that hostile data stay harmless
 * at every size. With CHART_PICTURES=FOLDER the pictures are written there instead of
 * compared. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart/parts.h"
#include "engine/path.h"
#include "chart_help.h"
#include "tap.h"

#include <float.h>
#include <math.h>

static const char *const GLYPHS[] = {"braille", "blocks", "ascii"};

/* ---- pictures ---- */

static struct chart *regions(void)
{
    static const char *const names[] = {"EMEA", "APAC", "AMER"};
    static const double bases[] = {12000, 10000, 30000};
    struct chart *chart = chart_new(&(struct chart_spec){.kind = CHART_LINE,
                                                         .x_title = "day",
                                                         .y_title = "revenue EUR",
                                                         .series_title = "region"});
    uint64_t state = 42;
    for (int day = 0; day < 74; day++) {
        for (int r = 0; r < 3; r++) {
            int month = day < 31 ? 1 : day < 60 ? 2 : 3;
            int before = day < 31 ? 0 : day < 60 ? 31 : 60;
            char date[16];
            snprintf(date, sizeof date, "2024-%02d-%02d", month, day - before + 1);
            double y = bases[r] + 1500 * sin(day / 6.0 + r) + 900 * random_share(&state);
            struct chart_value none = {0};
            bool missing = day == 40 && r == 1;
            chart_add(chart,
                      &(struct chart_point){words(date), missing ? none : chart_number(y),
                                            words(names[r])});
        }
    }
    return chart;
}

static struct chart *countries(void)
{
    static const char *const names[] = {
        "Germany", "France", "Österreich", "日本", "United Kingdom of Great Britain",
        "Spain"};
    struct chart *chart = chart_new(&(struct chart_spec){
        .kind = CHART_BAR, .x_title = "country", .y_title = "orders"});
    for (int i = 0; i < 6; i++) {
        add_text(chart, names[i], 48211.0 / (i + 1) - (i == 3 ? 20000 : 0), NULL);
    }
    return chart;
}

static struct chart *months(void)
{
    struct chart *chart = chart_new(&(struct chart_spec){.kind = CHART_BAR,
                                                         .x_title = "month",
                                                         .y_title = "orders",
                                                         .series_title = "channel"});
    for (int i = 0; i < 14; i++) {
        char month[16];
        snprintf(month, sizeof month, "%d-%02d", 2022 + i / 12, i % 12 + 1);
        for (int channel = 0; channel < 2 && i != 6; channel++) {
            add_text(chart, month, 5000 + 2000 * sin(i / 2.0 + channel),
                     channel ? "web" : "shop");
        }
    }
    return chart;
}

static struct chart *clouds(void)
{
    static const char *const names[] = {"setosa", "versicolor", "virginica"};
    struct chart *chart = chart_new(&(struct chart_spec){.kind = CHART_SCATTER,
                                                         .x_title = "length",
                                                         .y_title = "width",
                                                         .series_title = "species"});
    uint64_t state = 7;
    for (int i = 0; i < 120; i++) {
        double x = 1.4 + i % 3 * 2 + random_share(&state) * 1.5;
        add_number(chart, x, 0.2 + i % 3 * 0.8 + random_share(&state) * 0.8,
                   names[i % 3]);
    }
    return chart;
}

static struct chart *prices(void)
{
    struct chart *chart = chart_new(&(struct chart_spec){
        .kind = CHART_SCATTER, .x_title = "price", .y_title = "quantity"});
    uint64_t state = 9;
    for (int i = 0; i < 600; i++) {
        double x = random_share(&state) + random_share(&state);
        add_number(chart, 100 * x, 40 - 15 * x + 8 * (random_share(&state) - 0.5), NULL);
    }
    return chart;
}

static struct chart *ages(void)
{
    struct chart *chart =
        chart_new(&(struct chart_spec){.kind = CHART_HISTOGRAM, .x_title = "age"});
    uint64_t state = 11;
    for (int i = 0; i < 5000; i++) {
        double sum = 0;
        for (int k = 0; k < 6; k++) {
            sum += random_share(&state);
        }
        chart_add(chart, &(struct chart_point){.x = chart_number(floor(sum * 15))});
    }
    return chart;
}

static struct chart *balance(void)
{
    struct chart *chart = chart_new(&(struct chart_spec){
        .kind = CHART_LINE, .x_title = "n", .y_title = "balance", .y_log = true});
    for (int i = 0; i < 60; i++) {
        add_number(chart, i, 10000 * sin(i / 9.0) * exp(-i / 20.0), NULL);
    }
    return chart;
}

static const struct picture {
    const char *name;
    struct chart *(*chart)(void);
    int cols, rows;
} PICTURES[] = {
    {"line", regions, 78, 18},      {"line-small", regions, 40, 10},
    {"bar", countries, 78, 18},     {"bar-small", countries, 40, 10},
    {"columns", months, 100, 28},   {"scatter", prices, 78, 18},
    {"scatter-by", clouds, 78, 18}, {"histogram", ages, 78, 18},
    {"symlog", balance, 78, 18},
};

static void compare_picture(const struct picture *picture, const struct chart *chart,
                            enum chart_glyphs glyphs)
{
    struct chart_raster raster;
    struct text got = {0};
    chart_raster(chart, &(struct chart_raster_spec){picture->cols, picture->rows, glyphs},
                 &raster);
    ok(raster_is_sound(&raster, glyphs == CHART_ASCII), "%s in %s is sound",
       picture->name, GLYPHS[glyphs]);
    chart_raster_text(&raster, &got);
    const char *folder = getenv("CHART_PICTURES");
    const char *tests = getenv("TESTS_SRCDIR");
    char *path =
        folder != NULL
            ? string_printf("%s/%s-%s.txt", folder, picture->name, GLYPHS[glyphs])
            : string_printf("%s/unit/chart/%s-%s.txt", tests != NULL ? tests : "tests",
                            picture->name, GLYPHS[glyphs]);
    struct error err = {0};
    char *want = NULL;
    size_t length;
    if (folder != NULL) {
        ok(path_write_file(path, got.data, got.length, 0644, &err), "wrote %s", path);
    } else if (!ok(path_read_file(path, 1 << 20, &want, &length, &err), "read %s",
                   path)) {
        printf("# %s\n", err.message);
    } else {
        is_text(text_string(&got), want, "%s in %s", picture->name, GLYPHS[glyphs]);
    }
    free(want);
    free(path);
    text_release(&got);
    chart_raster_release(&raster);
}

static void pictures_are_as_kept(void)
{
    for (size_t i = 0; i < sizeof PICTURES / sizeof PICTURES[0]; i++) {
        struct chart *chart = PICTURES[i].chart();
        struct error err = {0};
        ok(chart_finish(chart, &err), "%s can be drawn", PICTURES[i].name);
        for (int glyphs = CHART_BRAILLE; glyphs <= CHART_ASCII; glyphs++) {
            compare_picture(&PICTURES[i], chart, (enum chart_glyphs)glyphs);
        }
        chart_free(chart);
    }
}

/* ---- thinning ---- */

static int by_x(const void *a, const void *b)
{
    const struct point *one = a;
    const struct point *two = b;
    return (one->x > two->x) - (one->x < two->x);
}

/* Rows of a random walk: in order, or in any order when `shuffled`. */
static void fill_walk(struct point *points, int count, uint64_t *state, bool shuffled)
{
    double level = 0;
    for (int i = 0; i < count; i++) {
        level += random_share(state) - 0.5 + (random_share(state) < 0.001 ? 40 : 0);
        points[i] = (struct point){i + random_share(state) * 0.9 - 1e5, level};
    }
    for (int i = count - 1; i > 0 && shuffled; i--) {
        int other = (int)(random_share(state) * (i + 1));
        struct point swap = points[i];
        points[i] = points[other];
        points[other] = swap;
    }
}

static char *drawn(const struct chart *chart, const struct chart_raster_spec *spec)
{
    struct chart_raster raster;
    struct text text = {0};
    chart_raster(chart, spec, &raster);
    chart_raster_text(&raster, &text);
    chart_raster_release(&raster);
    return text_take(&text);
}

/* The thinned chart, then the same chart with every point put back. */
static int differing_rasters(struct point *points, int count)
{
    static const int sizes[][2] = {{40, 10}, {78, 18}, {100, 28}, {160, 45}, {333, 70}};
    struct chart *thin =
        chart_new(&(struct chart_spec){.kind = CHART_LINE, .points_kept = 500});
    struct chart *whole =
        chart_new(&(struct chart_spec){.kind = CHART_LINE, .points_kept = 500});
    struct error err;
    int different = 0;
    for (int i = 0; i < count; i++) {
        add_number(thin, points[i].x, points[i].y, NULL);
        add_number(whole, points[i].x, points[i].y, NULL);
    }
    chart_finish(thin, &err);
    chart_finish(whole, &err);
    qsort(points, (size_t)count, sizeof *points, by_x);
    array_clear(&whole->series[0].points);
    for (int i = 0; i < count; i++) {
        *(struct point *)array_push(&whole->series[0].points) = points[i];
    }
    if (thin->series[0].points.count > 4 * M4_COLUMNS ||
        (count > 100000 && thin->series[0].points.count >= (size_t)count / 2)) {
        different = 1000; /* not thinned at all */
    }
    for (size_t size = 0; size < sizeof sizes / sizeof sizes[0]; size++) {
        for (int glyphs = CHART_BRAILLE; glyphs <= CHART_ASCII; glyphs++) {
            struct chart_raster_spec spec = {sizes[size][0], sizes[size][1],
                                             (enum chart_glyphs)glyphs};
            char *a = drawn(thin, &spec);
            char *b = drawn(whole, &spec);
            different += strcmp(a, b) != 0;
            free(a);
            free(b);
        }
    }
    chart_free(thin);
    chart_free(whole);
    return different;
}

static void thinning_changes_no_raster(void)
{
    static const int counts[] = {501, 3000, 20000, 200000};
    uint64_t state = 20240103;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        for (int shuffled = 0; shuffled < 2; shuffled++) {
            struct point *points = memory_new_many((size_t)counts[i], sizeof *points);
            fill_walk(points, counts[i], &state, shuffled != 0);
            is_int(differing_rasters(points, counts[i]), 0,
                   "%d points%s look as if not thinned", counts[i],
                   shuffled ? " in any order" : "");
            free(points);
        }
    }
}

/* ---- hostile data, every size ---- */

static void hostile_rows(struct chart *chart, int recipe, uint64_t *state)
{
    static const char *const texts[] = {"",
                                        "\x1b[2J\x1b]0;x\x07",
                                        "\xff\xfe\x80",
                                        "a\nb\tc\r",
                                        "\xe2\x80\xae"
                                        "evil",
                                        "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb",
                                        "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e",
                                        "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc"
                                        "\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81",
                                        "<&\"'>"};
    static const double numbers[] = {NAN,    INFINITY, -INFINITY, 1e308,
                                     -1e308, DBL_MAX,  5e-324,    0,
                                     -0.0,   1e-300,   3,         1e15 + 1};
    for (int i = 0; i < 300; i++) {
        const char *text = texts[(size_t)(random_share(state) * 9)];
        double x = recipe == 0   ? numbers[(size_t)(random_share(state) * 12)]
                   : recipe == 1 ? random_share(state) * 1e-310
                                 : (random_share(state) - 0.5) * 1e308;
        double y = numbers[(size_t)(random_share(state) * 12)];
        struct chart_point point = {chart_number(x), chart_number(y), words(text)};
        if (recipe == 3) {
            point.x = words(text);
        }
        chart_add(chart, &point);
    }
}

static void hostile_data_are_harmless(void)
{
    static const int sizes[][2] = {{1, 1},    {2, 3},    {15, 3},   {16, 4},   {17, 5},
                                   {20, 6},   {30, 8},   {40, 10},  {60, 16},  {78, 18},
                                   {100, 28}, {160, 45}, {200, 60}, {1000, 9}, {21, 200}};
    uint64_t state = 5;
    int unsound = 0;
    int drawn_rasters = 0;
    for (int kind = CHART_LINE; kind <= CHART_HISTOGRAM; kind++) {
        for (int recipe = 0; recipe < 8; recipe++) {
            struct chart_spec spec = {.kind = (enum chart_kind)kind,
                                      .x_title = "\x1b[31mx",
                                      .y_title = "y\xff\n",
                                      .series_title = recipe > 1 ? "\x9b" : NULL,
                                      .x_log = recipe % 2 == 1,
                                      .y_log = recipe > 3,
                                      .points_kept = recipe % 3 == 0 ? 50 : 0};
            struct chart *chart = chart_new(&spec);
            struct error err;
            hostile_rows(chart, recipe % 4, &state);
            bool done = chart_finish(chart, &err);
            for (size_t i = 0; i < sizeof sizes / sizeof sizes[0] && done; i++) {
                struct chart_raster raster;
                enum chart_glyphs glyphs = (enum chart_glyphs)((int)i % 3);
                chart_raster(
                    chart, &(struct chart_raster_spec){sizes[i][0], sizes[i][1], glyphs},
                    &raster);
                unsound += !raster_is_sound(&raster, glyphs == CHART_ASCII);
                drawn_rasters++;
                chart_raster_release(&raster);
            }
            chart_free(chart);
        }
    }
    is_int(unsound, 0, "no raster of hostile data is unsound");
    ok(drawn_rasters > 200, "and there were rasters: %d", drawn_rasters);
}

int main(void)
{
    pictures_are_as_kept();
    thinning_changes_no_raster();
    hostile_data_are_harmless();
    return tap_done();
}
