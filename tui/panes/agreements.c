/* agreements: who may use what, for what, until when, and what waits for somebody. The
 * argument is a product's id, or "" for all of the mesh. Answers are verbs; who may give
 * them is decided by them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/agreement.h"
#include "tui/layout.h"
#include "tui/pane.h"
#include "tui/widget/list.h"
#include "tui/widget/textview.h"

enum { DETAIL_ROWS = 9, LEAST_LIST = 4, LABEL_COLUMN = 14 };

struct agreements {
    char *product;     /* NULL: all of the mesh */
    struct array rows; /* of struct agreement */
    struct list list;
    bool only_due;
    size_t due; /* of all */
};

static void read_rows(struct pane *pane)
{
    struct agreements *state = pane->state;
    const struct catalog *catalog = pane->workbench->catalog;
    struct agreement_filter filter = {.product = state->product, .due = true};

    agreements_release(&state->rows);
    state->rows = (struct array)ARRAY_OF(struct agreement);
    state->due = 0;
    if (catalog != NULL) {
        state->rows = agreement_list(catalog, &filter);
        state->due = state->rows.count;
        if (!state->only_due) {
            agreements_release(&state->rows);
            filter.due = false;
            state->rows = agreement_list(catalog, &filter);
        }
    }
    list_set_count(&state->list, (int)state->rows.count);
}

static void *open_agreements(struct screen *screen, const char *argument)
{
    struct agreements *state = memory_new(sizeof *state);

    (void)screen;
    state->product =
        argument != NULL && argument[0] != '\0' ? string_copy(argument) : NULL;
    state->rows = (struct array)ARRAY_OF(struct agreement);
    state->list.count = -1; /* not read yet */
    return state;
}

static void close_agreements(struct pane *pane)
{
    struct agreements *state = pane->state;

    agreements_release(&state->rows);
    free(state->product);
    free(state);
}

/* ---- Drawing ---- */

static void title_agreements(struct pane *pane, struct text *left, struct text *right)
{
    struct agreements *state = pane->state;

    if (state->list.count < 0) {
        read_rows(pane);
    }
    text_printf(left, "Agreements%s%s", state->product != NULL ? " on " : "",
                state->product != NULL ? state->product : "");
    text_append_count(right, (long long)state->rows.count, "agreement");
    if (state->only_due) {
        text_append(right, state->rows.count == 1 ? " waits for somebody"
                                                  : " wait for somebody");
    } else if (state->due > 0) {
        text_printf(right, ", %zu to look at", state->due);
    }
}

static enum role role_of(const struct agreement *agreement)
{
    if (agreement->due != NULL) {
        return ROLE_WARNING;
    }
    return string_equal_fold(agreement->status, "approved") ? ROLE_MESSAGE : ROLE_DIM;
}

/* Status, who and what; then until when or what is to be done. */
static void draw_row(struct view line, const struct agreement *agreement)
{
    enum { STATUS = 10 };
    int who = line.width / 4, what = line.width / 3;
    int rest = STATUS + who + what + 3;
    const char *due = agreement->due;
    char *product =
        string_printf("%s%s%s", agreement->product != NULL ? agreement->product : "?",
                      agreement->port != NULL ? ", " : "",
                      agreement->port != NULL ? agreement->port : "");
    char *end = agreement->end != NULL ? string_printf("until %s", agreement->end) : NULL;

    view_field(line, 0, 0, STATUS, style_of(role_of(agreement)),
               agreement->status != NULL ? agreement->status : "draft", -1, false);
    view_field(line, STATUS + 1, 0, who, style_of(ROLE_TEXT),
               agreement->consumer != NULL ? agreement->consumer : "?", -1, false);
    view_field(line, STATUS + who + 2, 0, what, style_of(ROLE_PRODUCT), product, -1,
               false);
    free(product);
    view_field(line, rest, 0, line.width - rest,
               style_of(due != NULL ? ROLE_WARNING : ROLE_DIM),
               due != NULL   ? due
               : end != NULL ? end
                             : "",
               -1, false);
    free(end);
}

static void add(struct textview *text, const char *label, enum role role,
                const char *value)
{
    if (value != NULL && value[0] != '\0') {
        textview_field(text, LABEL_COLUMN, label, role, value);
    }
}

static void draw_details(struct view view, const struct agreement *agreement)
{
    struct textview *text = textview_new();
    struct text line = {0};

    view_hline(view, 0, 0, view.width, style_of(ROLE_BORDER));
    text_printf(&line, "%s%s%s", agreement->product != NULL ? agreement->product : "?",
                agreement->port != NULL ? ", port " : "",
                agreement->port != NULL ? agreement->port : "");
    textview_line(text, ROLE_LABEL, agreement->id);
    add(text, "product", ROLE_PRODUCT, text_string(&line));
    text_clear(&line);
    text_printf(&line, "%s%s%s%s%s",
                agreement->consumer != NULL ? agreement->consumer : "?",
                agreement->consumer_product != NULL ? ", for " : "",
                agreement->consumer_product != NULL ? agreement->consumer_product : "",
                agreement->role != NULL ? ", as " : "",
                agreement->role != NULL ? agreement->role : "");
    add(text, "used by", ROLE_TEXT, text_string(&line));
    add(text, "purpose", ROLE_TEXT, agreement->purpose);
    text_clear(&line);
    text_printf(&line, "%s to %s%s%s", agreement->start != NULL ? agreement->start : "?",
                agreement->end != NULL ? agreement->end : "no end",
                agreement->reassess != NULL ? ", looked at again on " : "",
                agreement->reassess != NULL ? agreement->reassess : "");
    add(text, "from", ROLE_TEXT, text_string(&line));
    add(text, "reminder", ROLE_WARNING, agreement->due);
    add(text, "answered by", ROLE_TEXT, agreement->approvers);
    add(text, "file", ROLE_DIM, agreement->path);
    textview_draw(text, view_inside(view, 0, 1, view.width, view.height - 1));
    text_release(&line);
    textview_free(text);
}

static void draw_list(struct agreements *state, struct view view, bool focused)
{
    list_show(&state->list, view.height);
    for (int y = 0; y < view.height && state->list.top + y < state->list.count; y++) {
        int index = state->list.top + y;
        struct view line = view_inside(view, 0, y, view.width - 1, 1);
        draw_row(line, array_at(&state->rows, (size_t)index));
        if (index == state->list.selected) {
            view_restyle(line, 0, 0, line.width,
                         style_of(focused ? ROLE_SELECTED : ROLE_SELECTED_AWAY));
        }
    }
    list_draw_bar(view, state->list.top, view.height, state->list.count);
}

static void draw_agreements(struct pane *pane, struct view view, bool focused)
{
    struct agreements *state = pane->state;
    int height = view.height - DETAIL_ROWS - 1;
    bool has_details = height >= LEAST_LIST;

    if (state->list.count < 0) {
        read_rows(pane);
    }
    if (state->list.count == 0) {
        textview_paragraph(view, ROLE_DIM,
                           state->only_due ? "Nothing waits for anybody."
                                           : "There is no agreement. A asks for access.");
        return;
    }
    draw_list(state,
              view_inside(view, 0, 0, view.width, has_details ? height : view.height),
              focused);
    if (has_details) {
        draw_details(view_inside(view, 0, height, view.width, DETAIL_ROWS + 1),
                     array_at(&state->rows, (size_t)state->list.selected));
    }
}

/* ---- Actions ---- */

static const struct agreement *selected(struct pane *pane)
{
    struct agreements *state = pane->state;

    if (state->list.count < 0) {
        read_rows(pane);
    }
    return array_at(&state->rows, (size_t)state->list.selected);
}

static void answer(struct pane *pane, const char *verb, const char *flag,
                   const char *value)
{
    const struct agreement *agreement = selected(pane);

    if (agreement != NULL && value != NULL) {
        bool has_value = value[0] != '\0';
        screen_run_words(pane->screen, verb, agreement->id, has_value ? flag : NULL,
                         value, NULL);
    }
}

static void approve_until(struct pane *pane, const char *line)
{
    answer(pane, "approve", "--until", line);
}

static void reject_because(struct pane *pane, const char *line)
{
    answer(pane, "reject", "--reason", line);
}

static void reassess_until(struct pane *pane, const char *line)
{
    answer(pane, "reassess", "--until", line);
}

/* What is asked before an answer. */
static const struct {
    const char *action, *question;
    void (*done)(struct pane *pane, const char *line);
} questions[] = {
    {"approve", "until when (a day; empty: as asked for): ", approve_until},
    {"reject", "why not: ", reject_because},
    {"reassess", "looked at again on (a day such as 2027-10-01): ", reassess_until},
};

static bool ask_first(struct pane *pane, const char *action)
{
    const struct agreement *agreement = selected(pane);

    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        if (!string_equal(action, questions[i].action)) {
            continue;
        }
        if (agreement != NULL) {
            bool asked_for = string_equal(action, "approve") && agreement->end != NULL;
            screen_ask(pane->screen, questions[i].question,
                       asked_for ? agreement->end : "", questions[i].done, pane);
        }
        return true;
    }
    return false;
}

static void act_on(struct pane *pane, const char *action,
                   const struct agreement *agreement)
{
    if (string_equal(action, "end")) {
        screen_run_words(pane->screen, "end", agreement->id, NULL);
    } else if (string_equal(action, "open")) {
        screen_run_words(pane->screen, "raw", agreement->path, NULL);
    } else {
        screen_open_dialog(pane->screen, "request", agreement->product);
    }
}

static enum reaction act_agreements(struct pane *pane, const char *action,
                                    const char *argument)
{
    static const char *const direct[] = {"end", "open", "request"};
    struct agreements *state = pane->state;

    (void)argument;
    if (list_act(&state->list, action) || ask_first(pane, action)) {
        return REACTION_DONE;
    }
    if (string_equal(action, "due")) {
        state->only_due = !state->only_due;
        read_rows(pane);
        return REACTION_DONE;
    }
    if (string_equal(action, "request") && selected(pane) == NULL &&
        state->product != NULL) {
        screen_open_dialog(pane->screen, "request", state->product);
        return REACTION_DONE;
    }
    for (size_t i = 0; i < sizeof direct / sizeof *direct; i++) {
        if (string_equal(action, direct[i])) {
            if (selected(pane) != NULL) {
                act_on(pane, action, selected(pane));
            }
            return REACTION_DONE;
        }
    }
    return REACTION_UNKNOWN;
}

static void mouse_agreements(struct pane *pane, int x, int y, int button)
{
    struct agreements *state = pane->state;

    (void)x;
    if (button >= 4) {
        list_act(&state->list, button == 4 ? "up" : "down");
    } else {
        list_select(&state->list, state->list.top + y);
    }
}

static void follow_agreements(struct pane *pane, unsigned changes)
{
    if ((changes & WORKBENCH_CATALOG) != 0) {
        read_rows(pane);
    }
}

const struct pane_kind pane_kind_agreements = {
    .name = "agreements",
    .hints = "Enter its file  y yes  x no  w go on  e end  . due  A ask",
    .is_dialog = true,
    .is_full = true,
    .open = open_agreements,
    .close = close_agreements,
    .title = title_agreements,
    .draw = draw_agreements,
    .action = act_agreements,
    .mouse = mouse_agreements,
    .changed = follow_agreements,
};
