/* chart: the chart of a result, drawn by the engine's raster; this file gives it colours
 * and keys.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart.h"
#include "tui/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct chart_pane {
    bool x_log, y_log;
};

static void *chart_open(struct screen *screen, const char *argument)
{
    (void)screen;
    (void)argument;
    return memory_new(sizeof(struct chart_pane));
}

static void chart_close(struct pane *pane)
{
    free(pane->state);
}

static enum chart_glyphs choose_glyphs(const struct pane *pane)
{
    const char *wanted = options_get(pane->workbench->options, "glyphs");
    const struct term *term = screen_term(pane->screen);
    const struct profile nothing = {.colours = -1};
    const struct profile *profile = term != NULL ? term_profile(term) : &nothing;
    if (screen_is_ascii(pane->screen) || string_equal(wanted, "ascii")) {
        return CHART_ASCII;
    }
    if (string_equal(wanted, "auto") && profile->signs[PROFILE_BLOCKS] == PROFILE_NO) {
        return CHART_ASCII;
    }
    bool has_braille = profile->signs[PROFILE_BRAILLE] != PROFILE_NO;
    return string_equal(wanted, "braille") ||
                   (string_equal(wanted, "auto") && has_braille)
               ? CHART_BRAILLE
               : CHART_BLOCKS;
}

static void draw_cells(const struct chart_raster *raster, struct view view)
{
    for (int y = 0; y < raster->rows; y++) {
        for (int x = 0; x < raster->cols; x++) {
            const struct chart_cell *cell = chart_raster_cell(raster, x, y);
            if (cell->text[0] == '\0' || strcmp(cell->text, " ") == 0) {
                continue;
            }
            struct style style = style_of(ROLE_AXIS);
            if (cell->series >= 0) {
                style = style_of((enum role)(ROLE_SERIES_1 + cell->series % 7));
            }
            style.flags = (unsigned char)((cell->bold ? STYLE_BOLD : 0) |
                                          (cell->dim ? STYLE_DIM : 0));
            view_sign(view, x, y, style, cell->text);
        }
    }
}

static void draw_message(struct pane *pane, struct view view)
{
    const struct workbench *workbench = pane->workbench;
    if (workbench->feed != NULL) {
        view_text(view, 1, 1, style_of(ROLE_DIM), "Reading the rows ...", -1);
    } else if (workbench->chart_error.kind != ERROR_NONE) {
        view_field(view, 1, 1, view.width - 2, style_of(ROLE_ERROR),
                   workbench->chart_error.message, -1, false);
    } else {
        view_text(view, 1, 1, style_of(ROLE_DIM), "No chart yet. Press . on a column of",
                  -1);
        view_text(view, 1, 2, style_of(ROLE_DIM), "numbers, or type :chart KIND [SQL].",
                  -1);
    }
}

static void chart_draw(struct pane *pane, struct view view, bool focused)
{
    (void)focused;
    const struct chart *chart = pane->workbench->chart;
    if (chart == NULL || pane->workbench->feed != NULL) {
        draw_message(pane, view);
        return;
    }
    struct chart_raster raster;
    size_t notes = chart_notes(chart);
    int note_rows = view.height > 14 ? 1 : 0;
    struct chart_raster_spec spec = {
        .cols = view.width,
        .rows = view.height - note_rows,
        .glyphs = choose_glyphs(pane),
    };
    chart_raster(chart, &spec, &raster);
    draw_cells(&raster, view);
    if (note_rows > 0) {
        const char *below = notes > 0 ? chart_note(chart, 0) : chart_summary(chart);
        view_field(view, 0, view.height - 1, view.width, style_of(ROLE_DIM), below, -1,
                   false);
    }
    chart_raster_release(&raster);
}

static void chart_title(struct pane *pane, struct text *left, struct text *right)
{
    const struct workbench *workbench = pane->workbench;
    text_append(left, "Chart");
    if (workbench->chart == NULL) {
        return;
    }
    size_t count;
    const struct chart_kind_row *kinds = chart_kinds(&count);
    for (size_t i = 0; i < count; i++) {
        if (kinds[i].kind == workbench->chart_asked.kind) {
            text_printf(left, " %s", kinds[i].name);
        }
    }
    text_printf(right, "%lld rows", chart_rows(workbench->chart));
}

/* ---- Actions ---- */

/* The same columns as the next kind. */
static void next_kind(struct pane *pane)
{
    const struct workbench *workbench = pane->workbench;
    const struct workbench_chart *asked = &workbench->chart_asked;
    size_t count;
    const struct chart_kind_row *kinds = chart_kinds(&count);
    size_t at = 0;
    while (at < count && kinds[at].kind != asked->kind) {
        at++;
    }
    struct text line = {0};
    text_printf(&line, "chart %s", kinds[at + 1 < count ? at + 1 : 0].name);
    if (asked->x != NULL) {
        text_printf(&line, " --x \"%s\"", asked->x);
    }
    if (asked->y != NULL) {
        text_printf(&line, " --y \"%s\"", asked->y);
    }
    if (asked->series != NULL) {
        text_printf(&line, " --by \"%s\"", asked->series);
    }
    screen_run(pane->screen, text_string(&line));
    text_release(&line);
}

static void write_file(struct pane *pane, const char *line)
{
    if (line == NULL || line[0] == '\0' || pane->workbench->chart == NULL) {
        return;
    }
    struct error err = {0};
    struct chart_file_spec spec = {.path = line};
    if (chart_write_file(pane->workbench->chart, &spec, &err)) {
        screen_message(pane->screen, ROLE_MESSAGE, "the chart is in %s", line);
    } else {
        screen_message(pane->screen, ROLE_ERROR, "%s", err.message);
    }
}

/* All notes and the sentence: what a picture cannot say. */
static void open_notes(struct pane *pane)
{
    const struct chart *chart = pane->workbench->chart;
    struct text page = {0};
    text_printf(&page, "Chart in words\n%s\n", chart_summary(chart));
    for (size_t i = 0; i < chart_notes(chart); i++) {
        text_printf(&page, "\n%s\n", chart_note(chart, i));
    }
    screen_open_dialog(pane->screen, "text", text_string(&page));
    text_release(&page);
}

static enum reaction chart_action(struct pane *pane, const char *action,
                                  const char *argument)
{
    (void)argument;
    struct chart_pane *state = pane->state;
    bool is_log = string_equal(action, "log-x") || string_equal(action, "log-y");
    if (pane->workbench->chart == NULL) {
        return REACTION_UNKNOWN;
    }
    if (string_equal(action, "kind")) {
        next_kind(pane);
    } else if (string_equal(action, "export")) {
        screen_ask(pane->screen, "write the chart to (.svg .png .pdf): ", "", write_file,
                   pane);
    } else if (is_log) {
        bool *axis = string_equal(action, "log-x") ? &state->x_log : &state->y_log;
        *axis = !*axis;
        chart_set_log(pane->workbench->chart, state->x_log, state->y_log);
        screen_dirty(pane->screen);
    } else if (string_equal(action, "open")) {
        open_notes(pane);
    } else {
        return REACTION_UNKNOWN;
    }
    return REACTION_DONE;
}

static void chart_changed(struct pane *pane, unsigned changes)
{
    struct chart_pane *state = pane->state;
    if (changes & WORKBENCH_CHART) {
        state->x_log = state->y_log = false;
    }
    if (changes & (WORKBENCH_CHART | WORKBENCH_OPTIONS)) {
        screen_dirty(pane->screen);
    }
}

const struct pane_kind pane_kind_chart = {
    .name = "chart",
    .hints = "K kind  x y logarithmic  Enter in words  E write a picture",
    .open = chart_open,
    .close = chart_close,
    .title = chart_title,
    .draw = chart_draw,
    .action = chart_action,
    .changed = chart_changed,
};
