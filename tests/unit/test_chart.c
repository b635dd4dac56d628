/* Unit tests of engine/chart.h: what is collected, what is told, and the files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart/draw.h"
#include "engine/path.h"
#include "chart_help.h"
#include "tap.h"

#include <dirent.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *notes_of(const struct chart *chart, struct text *out)
{
    text_clear(out);
    for (size_t i = 0; i < chart_notes(chart); i++) {
        text_printf(out, "%s%s", i > 0 ? "|" : "", chart_note(chart, i));
    }
    return text_string(out);
}

static struct chart *new_chart(enum chart_kind kind)
{
    return chart_new(
        &(struct chart_spec){.kind = kind, .x_title = "day", .y_title = "revenue"});
}

static void finish(struct chart *chart)
{
    struct error err = {0};
    ok(chart_finish(chart, &err), "a chart is drawn %s", err.message);
}

static void kinds_are_rows(void)
{
    size_t count;
    const struct chart_kind_row *rows = chart_kinds(&count);
    is_int((long long)count, 4, "four kinds");
    for (size_t i = 0; i < count; i++) {
        ok(chart_kind_named(rows[i].name) == &rows[i] && strlen(rows[i].help) > 20,
           "%s is found by its name and has a sentence", rows[i].name);
    }
    ok(chart_kind_named("pie") == NULL && chart_kind_named("") == NULL, "others are not");
}

static void x_is_recognised(void)
{
    static const struct {
        enum chart_kind kind;
        const char *values[3];
        enum chart_x x;
    } cases[] = {
        {CHART_LINE, {"2024-01-01", "2024-01-02", NULL}, CHART_X_TIME},
        {CHART_LINE, {"2024-01", "2024-02", NULL}, CHART_X_TIME},
        {CHART_LINE, {"1.5", " 2 ", "-3e5"}, CHART_X_NUMBER},
        {CHART_BAR, {"01234", "99999", NULL}, CHART_X_TEXT},
        {CHART_LINE, {"2024-01-01", "soon", NULL}, CHART_X_TEXT},
        {CHART_SCATTER, {"0x10", "nan", "inf"}, CHART_X_TEXT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct chart *chart = new_chart(cases[i].kind);
        for (int k = 0; k < 3 && cases[i].values[k] != NULL; k++) {
            add_text(chart, cases[i].values[k], k + 1, NULL);
        }
        finish(chart);
        is_int(chart->x, cases[i].x, "what x is: %s", cases[i].values[0]);
        chart_free(chart);
    }
    struct chart *chart =
        chart_new(&(struct chart_spec){.kind = CHART_LINE, .x = CHART_X_TIME});
    add_number(chart, 86400, 1, NULL);
    add_number(chart, 172800, 2, NULL);
    add_number(chart, 1e300, 3, NULL);
    finish(chart);
    is_text(chart_summary(chart), "y rises from 1 to 2.", "seconds since 1970 are times");
    is_text(chart_note(chart, 0), "1 row is left out: x is not a date or time.",
            "beyond the calendar is told");
    chart_free(chart);
}

static void everything_left_out_is_told(void)
{
    struct chart *chart = new_chart(CHART_LINE);
    struct chart_value none = {0};
    struct text text = {0};
    for (int i = 0; i < 100; i++) {
        add_number(chart, i, i, NULL);
    }
    chart_add(chart, &(struct chart_point){chart_number(1), none, none});
    chart_add(chart, &(struct chart_point){chart_number(2), none, none});
    chart_add(chart, &(struct chart_point){none, chart_number(2), none});
    chart_add(chart, &(struct chart_point){words("late"), chart_number(2), none});
    chart_add(chart, &(struct chart_point){words("7"), words("8"), none});
    chart_add(chart, &(struct chart_point){chart_number(3), words("12 kg"), none});
    chart_add(chart, &(struct chart_point){chart_number(NAN), chart_number(2), none});
    chart_add(chart,
              &(struct chart_point){chart_number(4), chart_number(-INFINITY), none});
    finish(chart);
    is_text(
        notes_of(chart, &text),
        "1 row is left out: day has no value.|1 row is left out: day is not a number.|"
        "1 row is left out: day is infinite or not a number.|"
        "2 rows are left out: revenue has no value.|"
        "1 row is left out: revenue is not a number.|"
        "1 row is left out: revenue is infinite or not a number.",
        "each reason has its sentence");
    is_int(chart_rows(chart), 108, "all rows are counted");
    is_int((long long)chart->series[0].points.count, 101, "the others are drawn");
    chart_free(chart);

    chart = new_chart(CHART_BAR);
    add_text(chart, "red", 1, NULL);
    add_number(chart, 5, 1, NULL);
    add_text(chart, NULL, 3, NULL);
    add_text(chart, "", 3, NULL);
    finish(chart);
    is_text(notes_of(chart, &text),
            "day holds numbers and texts: all are taken as texts.", "mixed x is told");
    is_text(chart->labels[2], "(null)", "a missing category has its bar");
    is_text(chart->labels[3], "(empty)", "and so has an empty one");
    chart_free(chart);
    text_release(&text);
}

static void nothing_to_draw_is_an_error(void)
{
    struct error err = {0};
    struct chart *chart = new_chart(CHART_LINE);
    ok(!chart_finish(chart, &err), "no rows");
    is_text(err.message, "could not draw a line chart: the query gave no rows",
            "are told");
    struct chart_raster raster;
    chart_raster(chart, &(struct chart_raster_spec){0}, &raster);
    is_int(raster.cols, 78, "and yet a raster has its size");
    chart_raster_release(&raster);
    chart_free(chart);

    chart = new_chart(CHART_SCATTER);
    chart_add(chart, &(struct chart_point){chart_number(1), words("x"), {0}});
    ok(!chart_finish(chart, &err) &&
           strstr(err.message, "revenue is not a number") != NULL,
       "no row with a value: %s", err.message);
    chart_free(chart);

    chart = new_chart(CHART_HISTOGRAM);
    add_text(chart, "Germany", 0, NULL);
    ok(!chart_finish(chart, &err) && strstr(err.message, "try a bar chart") != NULL,
       "a histogram of texts: %s", err.message);
    chart_free(chart);
    chart_free(NULL);
}

static void bars_are_sums(void)
{
    struct chart *chart = new_chart(CHART_BAR);
    struct text text = {0};
    static const char *const names[] = {"b", "a", "b", "c", "b"};
    for (int i = 0; i < 5; i++) {
        add_text(chart, names[i], i + 1, NULL);
    }
    finish(chart);
    struct bar_view view;
    bars_view(chart, 40, &view);
    const struct bar *bars = view.bars.items;
    is_int((long long)view.bars.count, 3, "one bar a category");
    ok(strcmp(bars[0].label, "b") == 0 && bars[0].values[0] > 8.5 &&
           bars[0].values[0] < 9.5,
       "in the order of the rows, added up");
    is_text(notes_of(chart, &text),
            "2 rows are added to the bar of the same day: bars are sums.", "and said so");
    bar_view_release(&view);
    chart_free(chart);
    text_release(&text);
}

static double sum_of(const struct bar_view *view)
{
    double sum = 0;
    for (size_t i = 0; i < view->bars.count; i++) {
        const struct bar *bar = array_at(&view->bars, i);
        for (size_t s = 0; s < SLOTS; s++) {
            sum += bar->values[s];
        }
    }
    return sum;
}

static void many_bars_are_folded(void)
{
    struct chart *chart = new_chart(CHART_BAR);
    char name[32];
    double total = 0;
    for (int i = 0; i < 1000000; i++) {
        snprintf(name, sizeof name, "category %d", i);
        add_text(chart, name, i % 100 == 0 && i < 5000 ? 1000 : 1, NULL);
        total += i % 100 == 0 && i < 5000 ? 1000 : 1;
    }
    finish(chart);
    struct bar_view view;
    bars_view(chart, CHART_BARS_MOST + 1, &view);
    is_int((long long)view.bars.count, CHART_BARS_MOST + 1,
           "40 of a million and \"other\"");
    ok(fabs(sum_of(&view) - total) < 0.5, "nothing is lost: %.0f of %.0f", sum_of(&view),
       total);
    const struct bar *first = array_at(&view.bars, 0);
    ok(fabs(first->values[0] - 1000) < 0.5, "the greatest first");
    ok(strstr(view.other, "and more") != NULL, "%s", view.other);
    is_int((long long)chart->categories.items.count, CHART_NAMES_KEPT,
           "memory is bounded");
    ok(chart_notes(chart) == 2, "both limits are told");
    bar_view_release(&view);
    chart_free(chart);

    chart = new_chart(CHART_BAR);
    for (int i = 0; i < 41; i++) {
        snprintf(name, sizeof name, "%d", i);
        add_text(chart, name, i, NULL);
    }
    finish(chart);
    bars_view(chart, CHART_BARS_MOST + 1, &view);
    is_int((long long)view.folded, 0, "41 bars stay: folding one would save nothing");
    bar_view_release(&view);
    bars_view(chart, 5, &view);
    const struct bar *other = array_at(&view.bars, 4);
    ok(bar_is_cut(&view, other) && span_of_bars(&view, 1).hi < 41,
       "an \"other\" that dwarfs the rest does not make the scale");
    bar_view_release(&view);
    bars_view(chart, 1, &view);
    ok(view.bars.count == 1 && fabs(sum_of(&view) - 820) < 0.5, "even one bar holds all");
    bar_view_release(&view);
    chart_free(chart);
}

static void ordered_bars_show_gaps(void)
{
    struct chart *chart = new_chart(CHART_BAR);
    static const char *const months[] = {"2024-05", "2024-01", "2024-02", "2024-03"};
    for (int i = 0; i < 4; i++) {
        add_text(chart, months[i], i + 1, NULL);
    }
    finish(chart);
    const struct bar *bars = chart->bars.items.items;
    is_int((long long)chart->bars.items.count, 5, "a missing month has its place");
    ok(bars[3].label == NULL && bars[3].x > bars[2].x && bars[3].x < bars[4].x,
       "an empty one, between its neighbours");
    is_text(bars[0].label, "1 Jan 2024", "in the order of time");
    chart_free(chart);

    chart = new_chart(CHART_BAR);
    add_number(chart, 1, 1, NULL);
    add_number(chart, 2, 1, NULL);
    add_number(chart, 100000, 1, NULL);
    add_number(chart, -0.0, 1, NULL);
    add_number(chart, 0, 1, NULL);
    finish(chart);
    is_int((long long)chart->bars.items.count, 4, "far numbers make no endless gap");
    chart_free(chart);
}

static void series_are_ranked(void)
{
    struct chart *chart = chart_new(
        &(struct chart_spec){.kind = CHART_LINE, .y_title = "v", .series_title = "s"});
    char name[16];
    for (int s = 0; s < 12; s++) {
        snprintf(name, sizeof name, "s%d", s);
        add_number(chart, 0, s, name);
        add_number(chart, 1, s == 11 ? 0 : s * 2, name);
        add_number(chart, 0.5, s * 100, name);
    }
    finish(chart);
    is_int((long long)chart_series_count(chart), 8, "seven series and the rest");
    is_text(chart_series_name(chart, 0), "s10", "the greatest last value first");
    is_text(chart_series_name(chart, 6), "s11", "the least last");
    is_text(chart_series_name(chart, 7), "other (5)", "then the others");
    is_text(
        chart_note(chart, 0),
        "The 7 series with the greatest sums are drawn one by one; \"other\" are the 5 "
        "others together.",
        "and said so");
    chart_free(chart);

    chart = chart_new(&(struct chart_spec){.kind = CHART_LINE, .series_title = "s"});
    for (int i = 0; i < 80000; i++) {
        snprintf(name, sizeof name, "s%d", i);
        add_number(chart, i, 1, i < 70000 ? name : NULL);
    }
    finish(chart);
    is_int((long long)chart_series_count(chart), 8, "a series for each row is bearable");
    ok(strstr(chart_series_name(chart, 7), "or more") != NULL, "%s",
       chart_series_name(chart, 7));
    chart_free(chart);
}

/* ---- histograms ---- */

static long long counted(const struct array *bins)
{
    long long count = 0;
    for (size_t i = 0; i < bins->count; i++) {
        count += ((const struct bin *)array_at(bins, i))->count;
    }
    return count;
}

/* Bins whose counts are not those of the values between their edges. */
static int wrong_bins(const struct array *bins, const double *values, int count)
{
    int wrong = 0;
    for (size_t i = 0; i < bins->count; i++) {
        const struct bin *bin = array_at(bins, i);
        long long inside = 0;
        for (int k = 0; k < count; k++) {
            inside += values[k] >= bin->from && values[k] < bin->to;
        }
        wrong += inside != bin->count;
    }
    return wrong;
}

static void histograms_are_exact(void)
{
    enum { VALUES = 5000 };
    static double values[VALUES];
    uint64_t state = 99;
    for (int shape = 0; shape < 6; shape++) {
        struct chart_spec spec = {.kind = CHART_HISTOGRAM,
                                  .points_kept = shape % 2 ? 20 : 0};
        struct chart *chart = chart_new(&spec);
        for (int i = 0; i < VALUES; i++) {
            double share = random_share(&state);
            values[i] = shape == 0   ? floor(share * 1000) / 10
                        : shape == 1 ? -log(share + 1e-12) * 40 - 20
                        : shape == 2 ? floor(share * 6)
                        : shape == 3 ? (share < 0.01 ? 1e6 * share : share)
                        : shape == 4 ? share * 1e-9 + 5
                                     : floor(share * 100) / 100 - 0.5;
            chart_add(chart, &(struct chart_point){.x = chart_number(values[i])});
        }
        finish(chart);
        for (size_t most = 1; most < 120; most = most * 2 + 3) {
            struct array bins = ARRAY_OF(struct bin);
            bins_make(&chart->bins, most, &bins);
            ok(bins.count <= most + 1 && counted(&bins) == VALUES,
               "shape %d in at most %zu bins: %zu sum to all", shape, most, bins.count);
            is_int(wrong_bins(&bins, values, VALUES), 0, "and their counts are exact");
            array_release(&bins);
        }
        chart_free(chart);
    }
}

static void histograms_follow_the_calendar(void)
{
    struct chart *chart =
        chart_new(&(struct chart_spec){.kind = CHART_HISTOGRAM, .x_title = "at"});
    char date[32];
    for (int i = 0; i < 40000; i++) {
        snprintf(date, sizeof date, "%d-%02d-%02d", 1900 + i % 125, i % 12 + 1,
                 i % 28 + 1);
        chart_add(chart, &(struct chart_point){.x = words(date)});
    }
    finish(chart);
    struct array bins = ARRAY_OF(struct bin);
    bins_make(&chart->bins, 50, &bins);
    is_int(counted(&bins), 40000, "dates sum to all");
    int crooked = 0;
    for (size_t i = 0; i < bins.count; i++) {
        struct civil civil = civil_of(((const struct bin *)array_at(&bins, i))->from);
        crooked += civil.month != 1 || civil.day != 1 || civil.hour != 0;
    }
    ok(crooked == 0 && bins.count > 5, "and their %zu edges are years", bins.count);
    array_release(&bins);
    chart_free(chart);

    chart = chart_new(&(struct chart_spec){.kind = CHART_HISTOGRAM});
    for (int i = 0; i < 10; i++) {
        chart_add(chart, &(struct chart_point){.x = chart_number(0.37)});
    }
    finish(chart);
    bins_make(&chart->bins, 50, &bins);
    is_int((long long)bins.count, 1, "equal values are one bin");
    const struct bin *bin = array_at(&bins, 0);
    ok(bin != NULL && bin->from <= 0.37 && bin->to > 0.37 && bin->to - bin->from < 0.1,
       "that holds them closely");
    array_release(&bins);
    chart_free(chart);
}

static void millions_of_points_stay_small(void)
{
    static const enum chart_kind kinds[] = {CHART_LINE, CHART_SCATTER, CHART_HISTOGRAM};
    uint64_t state = 3;
    for (size_t k = 0; k < 3; k++) {
        struct chart *chart = new_chart(kinds[k]);
        for (int i = 0; i < 1000000; i++) {
            add_number(chart, random_share(&state) * 1000, random_share(&state), NULL);
        }
        finish(chart);
        ok(chart->series[0].points.count <= 4 * M4_COLUMNS &&
               chart->dots.items.count <= DOTS_MOST,
           "a million points keep %zu and %zu", chart->series[0].points.count,
           chart->dots.items.count);
        long long dots = 0;
        for (size_t i = 0; i < chart->dots.items.count; i++) {
            dots += ((const struct dot *)array_at(&chart->dots.items, i))->count;
        }
        is_int(dots, kinds[k] == CHART_SCATTER ? 1000000 : 0, "no point is lost");
        chart_free(chart);
    }
}

static void charts_are_spoken(void)
{
    struct chart *chart = new_chart(CHART_LINE);
    add_text(chart, "2024-01-01", 9770, NULL);
    add_text(chart, "2024-01-03", 30442.88, NULL);
    add_text(chart, "2024-01-07", 12017, NULL);
    finish(chart);
    is_text(chart_summary(chart),
            "revenue rises from 9.77k to 12.0k, peak 30.4k on 3 Jan 2024.",
            "a line in one sentence");
    chart_free(chart);

    chart = new_chart(CHART_SCATTER);
    for (int i = 0; i < 50; i++) {
        add_number(chart, i, 3 - 2 * i, NULL);
    }
    finish(chart);
    is_text(chart_summary(chart),
            "50 points of revenue by day; day from 0 to 49, revenue from -95 to 3; "
            "correlation "
            "-1.00, almost a line.",
            "a cloud in one sentence");
    chart_free(chart);
}

/* ---- files ---- */

static char *folder;

static char *in_folder(const char *name)
{
    return path_join(folder, name);
}

static int files_in_folder(void)
{
    DIR *dir = opendir(folder);
    int count = 0;
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        count += entry->d_name[0] != '.';
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return count;
}

/* XML that is well-formed as far as cairo writes it: tags nest, attributes are quoted,
 * ampersands begin entities, and there is one root. */
static bool is_well_formed(const char *xml)
{
    char open[64][32];
    size_t depth = 0;
    size_t roots = 0;
    for (const char *at = xml; *at != '\0'; at++) {
        if (*at == '&' && strchr(at, ';') == NULL) {
            return false;
        }
        if (*at != '<') {
            continue;
        }
        if (at[1] == '?' || at[1] == '!') {
            at = strchr(at, '>');
            if (at == NULL) {
                return false;
            }
            continue;
        }
        bool closes = at[1] == '/';
        const char *name = at + 1 + closes;
        size_t length = strcspn(name, " \t\n/>");
        const char *end = name + length;
        for (char quote = '\0'; *end != '\0' && (quote != '\0' || *end != '>'); end++) {
            quote = quote == '\0' && (*end == '"' || *end == '\'') ? *end
                    : *end == quote                                ? '\0'
                                                                   : quote;
        }
        if (*end == '\0' || length == 0 || length >= sizeof open[0]) {
            return false;
        }
        if (closes) {
            if (depth == 0 || strlen(open[depth - 1]) != length ||
                memcmp(open[--depth], name, length) != 0) {
                return false;
            }
        } else if (end[-1] != '/') {
            if (depth == 64) {
                return false;
            }
            roots += depth == 0;
            memcpy(open[depth], name, length);
            open[depth++][length] = '\0';
        }
        at = end;
    }
    return depth == 0 && roots == 1;
}

static void well_formedness_is_seen(void)
{
    ok(is_well_formed("<?xml version='1'?><a b='>'><c/></a>"), "well-formed");
    ok(!is_well_formed("<a><b></a></b>") && !is_well_formed("<a>") &&
           !is_well_formed("<a/") && !is_well_formed("<a></a><a></a>") &&
           !is_well_formed("<a>&x</a>"),
       "and not");
}

static void write_all(const struct chart *chart, const char *what)
{
    static const char *const names[] = {"chart.svg", "chart.PNG", "chart.pdf"};
    static const char *const heads[] = {"<?xml", "\x89PNG", "%PDF"};
    for (int i = 0; i < 3; i++) {
        struct error err = {0};
        char *path = in_folder(names[i]);
        char *bytes = NULL;
        size_t length = 0;
        ok(chart_write_file(
               chart, &(struct chart_file_spec){.path = path, .width = 300 + i}, &err),
           "%s as %s %s", what, names[i], err.message);
        ok(path_read_file(path, 64 << 20, &bytes, &length, &err) && length > 100 &&
               memcmp(bytes, heads[i], strlen(heads[i])) == 0,
           "is that");
        if (i == 0 && bytes != NULL) {
            ok(is_well_formed(bytes), "and well-formed");
        }
        free(bytes);
        free(path);
    }
}

static void files_are_written(void)
{
    for (int kind = CHART_LINE; kind <= CHART_HISTOGRAM; kind++) {
        for (int ordered = 0; ordered < 2; ordered++) {
            struct chart_spec spec = {.kind = (enum chart_kind)kind,
                                      .title = "</svg>&\x1b[2J\xff\"' \xe6\x97\xa5",
                                      .series_title = "s"};
            struct chart *chart = chart_new(&spec);
            for (int i = 0; i < 60; i++) {
                static const char *const texts[] = {"<a>", "&", "\xff", ""};
                if (ordered) {
                    add_number(chart, i, sin(i), texts[i % 4]);
                } else if (kind != CHART_HISTOGRAM) {
                    add_text(chart, texts[i / 4 % 4], cos(i) * 1e300, texts[i % 3]);
                } else {
                    add_text(chart, i % 2 ? "2024-01-05" : "2023-01-01T10:00", 0, NULL);
                }
            }
            finish(chart);
            write_all(chart, chart_kinds(&(size_t){0})[kind].name);
            chart_free(chart);
        }
    }
    is_int(files_in_folder(), 3, "nothing is left beside them");
}

static void files_fail_with_a_sentence(void)
{
    struct chart *chart = new_chart(CHART_LINE);
    struct error err = {0};
    add_number(chart, 1, 1, NULL);
    finish(chart);
    char *svg = in_folder("chart.svg");
    char *gif = in_folder("chart.gif");
    char *lost = in_folder("missing/chart.svg");
    ok(!chart_write_file(chart, &(struct chart_file_spec){.path = gif}, &err) &&
           err.kind == ERROR_USAGE,
       "%s", err.message);
    ok(!chart_write_file(chart, &(struct chart_file_spec){.path = lost}, &err) &&
           err.kind == ERROR_FAILED,
       "%s", err.message);
    ok(!chart_write_file(chart, &(struct chart_file_spec){.path = svg, .width = 5}, &err),
       "%s", err.message);
    struct chart_file_spec huge = {
        .path = svg, .width = 16000, .height = 16000, .format = CHART_PNG};
    ok(!chart_write_file(chart, &huge, &err), "%s", err.message);
    free(svg);
    free(gif);
    free(lost);
    chart_free(chart);
}

int main(void)
{
    char template[] = "/tmp/mwb-chart-XXXXXX";
    struct error err;
    folder = mkdtemp(template);
    kinds_are_rows();
    x_is_recognised();
    everything_left_out_is_told();
    nothing_to_draw_is_an_error();
    bars_are_sums();
    many_bars_are_folded();
    ordered_bars_show_gaps();
    series_are_ranked();
    histograms_are_exact();
    histograms_follow_the_calendar();
    millions_of_points_stay_small();
    charts_are_spoken();
    well_formedness_is_seen();
    files_are_written();
    files_fail_with_a_sentence();
    path_remove_tree(folder, &err);
    return tap_done();
}
