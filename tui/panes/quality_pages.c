/* quality_pages: a check's SQL, its past and its cause, as pages of text.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/quality.h"

#include "tui/layout.h"

static void show_page(struct quality_state *state, struct text *page)
{
    screen_open_dialog(state->screen, "text", text_string(page));
    text_release(page);
}

static void append_part(struct text *page, const char *title, const char *part)
{
    if (part != NULL && *part != '\0') {
        text_printf(page, "%s\n%s\n\n", title, part);
    }
}

void quality_show_sql(struct quality_state *state, const struct quality_line *line)
{
    const struct quality_check *check = line->check;
    struct text page = {0};
    if (check == NULL) {
        screen_message(state->screen, ROLE_DIM, "Choose a check first.");
        return;
    }
    text_printf(&page, "SQL of %s\n", check->key);
    append_part(&page, "-- what was counted", check->sql);
    append_part(&page, "-- the rows that fail", check->rows_sql);
    append_part(&page, "-- the rule as it is written", check->query);
    append_part(&page, "-- outcome", check->reason);
    show_page(state, &page);
}

void quality_show_trend(struct quality_state *state, const struct quality_line *line)
{
    const struct quality_trend *trend = quality_trend_of(line);
    struct text page = {0};
    if (trend == NULL) {
        screen_message(state->screen, ROLE_DIM, "Nothing is kept of it yet.");
        return;
    }
    struct array moments = quality_history(state->workbench->mesh, line->product->id,
                                           trend->key, QUALITY_TREND_LENGTH);
    text_printf(&page, "Past of %s\n", trend->key);
    quality_sparkline(trend, !screen_is_ascii(state->screen), &page);
    text_append(&page, "\n\n");
    for (size_t i = 0; i < moments.count; i++) {
        const struct quality_moment *moment = array_at(&moments, i);
        text_printf(&page, "%-20s  %-8s %14s  %s\n", moment->at,
                    quality_outcome_name(moment->outcome),
                    moment->value != NULL ? moment->value : "",
                    moment->threshold != NULL ? moment->threshold : "");
    }
    quality_history_release(&moments);
    show_page(state, &page);
}

static void append_step(struct text *page, const struct quality_step *step)
{
    text_printf(page, "%*s%s%s  %s\n", 2 * step->depth, "", step->is_cause ? "> " : "",
                step->product,
                step->is_cause      ? "FAILED FIRST"
                : !step->is_checked ? "never checked"
                : step->key != NULL ? "failed"
                                    : "passed");
    if (step->through != NULL) {
        text_printf(page, "%*s  through %s%s%s\n", 2 * step->depth, "", step->through,
                    step->path != NULL ? " in " : "",
                    step->path != NULL ? step->path : "");
    }
    if (step->key != NULL) {
        text_printf(page, "%*s  %s since %s: %s\n", 2 * step->depth, "", step->key,
                    step->since, step->reason != NULL ? step->reason : step->value);
    }
}

void quality_show_cause(struct quality_state *state, const struct quality_line *line)
{
    struct quality_cause cause;
    struct error err = {0};
    struct text page = {0};
    const char *key = line->check != NULL && (line->check->outcome == QUALITY_FAILED ||
                                              line->check->outcome == QUALITY_WARNING)
                          ? line->check->key
                          : NULL;
    if (quality_find_cause(state->workbench->catalog, line->product->id, key, &cause,
                           &err)) {
        text_printf(&page, "Why %s\n%s.\n\n", line->product->id,
                    text_string(&cause.sentence));
        for (size_t i = 0; i < cause.steps.count; i++) {
            append_step(&page, array_at(&cause.steps, i));
        }
        show_page(state, &page);
    } else {
        screen_message(state->screen, ROLE_ERROR, "%s", err.message);
    }
    quality_cause_release(&cause);
}
