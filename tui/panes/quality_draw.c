/* quality_draw: a run under way, the list of outcomes, and one of them in full.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/quality.h"

#include <stdlib.h>
#include <string.h>

#include "tui/layout.h"
#include "tui/widget/textview.h"

enum {
    DETAIL_ROWS = 7,
    DETAIL_LEAST_HEIGHT = 16,
    BAR_WIDTH = 20,
    LONGEST_NAME = 56,
    WIDE = 110, /* from here on there is room for numbers of rows and dimensions */
};

struct outcome_look {
    const char *mark;
    enum role role;
};

static struct outcome_look look_of(enum quality_outcome outcome)
{
    static const struct outcome_look looks[] = {
        [QUALITY_PASSED] = {"✓", ROLE_MESSAGE}, [QUALITY_WARNING] = {"!", ROLE_WARNING},
        [QUALITY_FAILED] = {"✗", ROLE_ERROR},   [QUALITY_ERROR] = {"E", ROLE_ERROR},
        [QUALITY_NOT_RUN] = {"-", ROLE_DIM},
    };
    return looks[outcome];
}

/* ---- Progress ---- */

static void draw_bar(struct view line, int x, const struct job_progress *progress)
{
    long long filled =
        progress->total > 0 ? (long long)job_percent(progress) * BAR_WIDTH / 100 : 0;
    for (int i = 0; i < BAR_WIDTH; i++) {
        view_sign(line, x + i, 0, style_of(i < filled ? ROLE_TITLE_FOCUS : ROLE_BORDER),
                  i < filled ? "█" : "░");
    }
}

/* What the child is at: the first product that is not done. */
static bool is_running(const struct quality_state *state,
                       const struct quality_product *product)
{
    const struct quality_product *current = array_at(&state->products, state->done);
    return state->job != NULL && product == current;
}

static void describe_product(const struct quality_state *state,
                             const struct quality_product *product, struct text *out)
{
    char seconds[32];
    if (product->err.kind != ERROR_NONE) {
        text_append(out, product->err.message);
    } else if (product->is_done) {
        quality_totals_describe(&product->totals, out);
        text_printf(out, ", %s",
                    string_of_seconds(product->seconds, seconds, sizeof seconds));
    } else if (is_running(state, product)) {
        text_append(out, job_progress(state->job)->note);
    } else {
        text_append(out, state->is_cancelled ? "not run: cancelled" : "waits");
    }
}

static void draw_product(const struct quality_state *state, struct view line,
                         const struct quality_product *product)
{
    struct text facts = {0};
    int name = line.width * 2 / 5;
    int x = name + 1;
    bool is_at_it = is_running(state, product);
    bool is_bad = product->err.kind != ERROR_NONE;
    describe_product(state, product, &facts);
    view_field(line, 0, 0, name, style_of(ROLE_PRODUCT), product->id, -1, false);
    if (is_at_it && job_progress(state->job)->total > 0) {
        draw_bar(line, x, job_progress(state->job));
        view_printf(line, x + BAR_WIDTH + 1, 0, style_of(ROLE_TEXT), "%3d%%",
                    job_percent(job_progress(state->job)));
        x += BAR_WIDTH + 6;
    }
    view_field(line, x, 0, line.width - x, style_of(is_bad ? ROLE_ERROR : ROLE_DIM),
               text_string(&facts), -1, false);
    text_release(&facts);
}

/* How far the run is, or what came of all. */
static void draw_summary(const struct quality_state *state, struct view line)
{
    struct text sentence = {0};
    char seconds[32];
    const struct quality_totals *totals = &state->totals;
    bool is_bad = totals->failed + totals->errors > 0;
    if (state->job != NULL) {
        text_printf(&sentence, "%zu of %zu checked, %s: %s", state->done,
                    state->products.count,
                    string_of_seconds(job_seconds(state->job), seconds, sizeof seconds),
                    job_progress(state->job)->note);
    } else if (totals->checks > 0) {
        quality_totals_describe(totals, &sentence);
        text_append(&sentence, state->is_cancelled ? "; cancelled" : "");
    } else {
        text_append(&sentence, state->is_cancelled ? "Cancelled." : "Nothing ran.");
    }
    view_field(line, 0, 0, line.width,
               style_of(state->job != NULL ? ROLE_TEXT
                        : is_bad           ? ROLE_ERROR
                                           : ROLE_MESSAGE),
               text_string(&sentence), -1, false);
    text_release(&sentence);
}

/* ---- A check ---- */

/* The line of its past, each run in the look of its outcome. */
static int draw_trend(struct view line, int x, int width,
                      const struct quality_trend *trend)
{
    struct text signs = {0};
    quality_sparkline(trend, !canvas_is_ascii(line.canvas), &signs);
    const char *at = text_string(&signs);
    int skipped = trend->length > width ? trend->length - width : 0;
    for (int i = 0; i < trend->length; i++) {
        size_t bytes = (unsigned char)*at < 0x80 ? 1 : (unsigned char)*at < 0xE0 ? 2 : 3;
        if (i >= skipped) {
            view_text(line, x + i - skipped, 0,
                      style_of(look_of(trend->outcomes[i]).role), at, (ptrdiff_t)bytes);
        }
        at += bytes;
    }
    text_release(&signs);
    return width;
}

/* "orders.rule": the key; of a table alone its contract's words are longer. */
static const char *name_of(const struct quality_check *check)
{
    return check->key != NULL ? check->key : check->rule;
}

static void draw_numbers(struct view line, int x, const struct quality_check *check)
{
    char rows[32];
    enum { NUMBERS = 14, DIMENSION = 14 };
    if (check->total >= 0) {
        view_field(line, x, 0, NUMBERS, style_of(ROLE_NUMBER),
                   string_of_count(check->total, rows, sizeof rows), -1, true);
    }
    if (check->percent >= 0) {
        view_printf(line, x + NUMBERS + 1, 0, style_of(ROLE_DIM), "%7.3f%%",
                    check->percent);
    }
    if (check->dimension != NULL) {
        view_field(line, x + NUMBERS + 11, 0, DIMENSION, style_of(ROLE_DIM),
                   check->dimension, -1, false);
    }
}

struct check_columns {
    int name, value, threshold, trend, numbers, reason;
};

static struct check_columns columns_of(int width)
{
    struct check_columns columns = {.value = 9, .threshold = 12, .trend = 8};
    if (width >= WIDE) {
        columns = (struct check_columns){
            .value = 12, .threshold = 24, .trend = QUALITY_TREND_LENGTH, .numbers = 40};
    }
    int rest = width - 2 - columns.value - columns.threshold - columns.trend -
               columns.numbers - 4;
    columns.name = rest < LONGEST_NAME ? rest : LONGEST_NAME;
    columns.reason = rest - columns.name;
    return columns;
}

static void draw_check(struct view line, const struct quality_line *one)
{
    const struct quality_check *check = one->check;
    const struct quality_trend *trend = quality_trend_of(one);
    const struct outcome_look look = look_of(check->outcome);
    const struct check_columns columns = columns_of(line.width);
    int x = 2 + columns.name + 1;
    view_sign(line, 0, 0, style_of(look.role), look.mark);
    view_field(line, 2, 0, columns.name, style_of(ROLE_TEXT), name_of(check), -1, false);
    if (check->outcome == QUALITY_NOT_RUN || check->outcome == QUALITY_ERROR) {
        view_field(line, x, 0, line.width - x, style_of(look.role),
                   check->reason != NULL ? check->reason
                                         : quality_outcome_name(check->outcome),
                   -1, false);
        return;
    }
    view_field(line, x, 0, columns.value, style_of(look.role), check->value, -1, true);
    x += columns.value + 1;
    view_field(line, x, 0, columns.threshold, style_of(ROLE_DIM), check->threshold, -1,
               false);
    x += columns.threshold + 1;
    if (trend != NULL) {
        draw_trend(line, x, columns.trend, trend);
    }
    if (columns.numbers > 0) {
        x += columns.trend + 1;
        draw_numbers(line, x, check);
        view_field(line, x + columns.numbers, 0, columns.reason, style_of(ROLE_DIM),
                   check->description != NULL ? check->description : check->reason, -1,
                   false);
    }
}

/* ---- The one under the cursor in full ---- */

static void tell_past(const struct quality_trend *trend, struct textview *text)
{
    bool has_other =
        trend->first_bad != NULL && !string_equal(trend->first_bad, trend->since);
    struct text past = {0};
    text_printf(&past, "%s since %s%s", quality_outcome_name(trend->outcome),
                trend->since, trend->is_always ? ", its first run" : "");
    if (has_other) {
        text_printf(&past, "; failed first %s", trend->first_bad);
    }
    text_printf(&past, "; %d of %d runs not fine", trend->bad, trend->runs);
    textview_line(text, ROLE_DIM, text_string(&past));
    text_release(&past);
}

static void tell_check(const struct quality_line *line, struct textview *text)
{
    const struct quality_check *check = line->check;
    const struct quality_trend *trend = quality_trend_of(line);
    textview_line(text, ROLE_LABEL, name_of(check));
    textview_more(text, ROLE_DIM, "  ");
    textview_more(text, look_of(check->outcome).role,
                  quality_outcome_name(check->outcome));
    if (check->description != NULL) {
        textview_more(text, ROLE_DIM, "  ");
        textview_more(text, ROLE_TEXT, check->description);
    }
    if (check->reason != NULL) {
        textview_line(text, look_of(check->outcome).role, check->reason);
    }
    if (trend != NULL && trend->since != NULL) {
        tell_past(trend, text);
    }
    if (check->sql != NULL) {
        textview_lines(text, ROLE_DIM, check->sql);
    }
}

static void draw_details(const struct quality_state *state, struct view view)
{
    const struct quality_line *line = quality_line_at(state, state->list.selected);
    struct textview *text = textview_new();
    view_hline(view, 0, 0, view.width, style_of(ROLE_BORDER));
    if (line != NULL && line->check != NULL) {
        tell_check(line, text);
    } else if (line != NULL) {
        struct text facts = {0};
        describe_product(state, line->product, &facts);
        textview_line(text, ROLE_PRODUCT, line->product->id);
        textview_line(text, ROLE_TEXT, text_string(&facts));
        text_release(&facts);
    }
    textview_draw(text, view_inside(view, 1, 1, view.width - 2, view.height - 1));
    textview_free(text);
}

/* ---- All of it ---- */

static void draw_empty(const struct quality_state *state, struct view view)
{
    textview_paragraph(view_inside(view, 1, 0, view.width - 2, view.height), ROLE_MESSAGE,
                       state->products.count == 0
                           ? "No product was named: close this and choose one."
                           : "Every check passed; f shows them.");
}

static void draw_lines(struct quality_state *state, struct view view, bool focused)
{
    list_show(&state->list, view.height);
    if (state->list.count == 0) {
        draw_empty(state, view);
    }
    for (int y = 0; y < view.height && state->list.top + y < state->list.count; y++) {
        int index = state->list.top + y;
        const struct quality_line *one = quality_line_at(state, index);
        struct view line = view_inside(view, 1, y, view.width - 2, 1);
        if (one->check == NULL) {
            draw_product(state, line, one->product);
        } else {
            draw_check(line, one);
        }
        if (index == state->list.selected) {
            view_restyle(view, 0, y, view.width - 1,
                         style_of(focused ? ROLE_SELECTED : ROLE_SELECTED_AWAY));
        }
    }
    list_draw_bar(view, state->list.top, view.height, state->list.count);
}

void quality_draw_pane(struct quality_state *state, struct view view, bool focused)
{
    bool has_details = view.height >= DETAIL_LEAST_HEIGHT;
    int height = view.height - QUALITY_SUMMARY - (has_details ? DETAIL_ROWS + 1 : 0);
    draw_summary(state, view_inside(view, 1, 0, view.width - 2, 1));
    draw_lines(state, view_inside(view, 0, QUALITY_SUMMARY, view.width, height), focused);
    if (has_details) {
        draw_details(state, view_inside(view, 0, QUALITY_SUMMARY + height, view.width,
                                        DETAIL_ROWS + 1));
    }
}
