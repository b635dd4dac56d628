/* findings: what is wrong in the descriptors of the mesh; from here to the line. Only the
 * page in sight is read. The argument is what to filter by.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "tui/layout.h"
#include "tui/panes/descriptor.h"
#include "tui/panes/finder.h"
#include "tui/widget/textview.h"

enum { DETAILS_MOST = 5, LIST_LEAST = 7, PAGE_SIZE = 128 };

struct findings {
    struct finder finder;
    struct catalog_finding_page page;
    size_t offset; /* of the page */
};

/* ---- Reading ---- */

static void read_page(struct pane *pane, size_t around)
{
    struct findings *state = pane->state;
    struct catalog_finding_filter filter = {
        .text = text_string(&state->finder.filter),
        .offset = around > PAGE_SIZE / 2 ? around - PAGE_SIZE / 2 : 0,
        .limit = PAGE_SIZE,
    };

    catalog_finding_page_release(&state->page);
    state->page = (struct catalog_finding_page){.findings = ARRAY_OF(struct finding)};
    state->offset = filter.offset;
    if (pane->workbench->catalog != NULL) {
        catalog_findings(pane->workbench->catalog, &filter, &state->page);
    }
    list_set_count(&state->finder.list, (int)state->page.total);
}

static void find_findings(struct pane *pane)
{
    const struct findings *state = pane->state;

    read_page(pane, (size_t)state->finder.list.selected);
}

static const struct finding *finding_at(struct pane *pane, int index)
{
    const struct findings *state = pane->state;
    size_t at = (size_t)index;

    finder_find(pane);
    if (index < 0 || index >= state->finder.list.count) {
        return NULL;
    }
    if (at < state->offset || at >= state->offset + state->page.findings.count) {
        read_page(pane, at);
    }
    return at - state->offset < state->page.findings.count
               ? array_at(&state->page.findings, at - state->offset)
               : NULL;
}

static const struct finding *selected(struct pane *pane)
{
    const struct findings *state = pane->state;

    finder_find(pane);
    return finding_at(pane, state->finder.list.selected);
}

/* ---- Drawing ---- */

static void title_findings(struct pane *pane, struct text *left, struct text *right)
{
    const struct findings *state = pane->state;

    finder_find(pane);
    finder_title(pane, left);
    text_append_count(right, (long long)state->page.errors, "error");
    text_append(right, ", ");
    text_append_count(right, (long long)(state->page.total - state->page.errors),
                      "warning");
}

static int place_width(const struct view *view)
{
    int width = view->width * 2 / 5;

    return width > 48 ? 48 : width;
}

/* The end of a path tells more than its start. */
static void draw_place(struct view line, int width, const struct finding *finding)
{
    char *place = string_printf("%s:%d", finding->path, finding->line);
    const char *shown = place;
    int room = width - 2;

    while (safetext_width(shown, strlen(shown)) > room && *shown != '\0') {
        shown += strcspn(shown, "/") + (strchr(shown, '/') != NULL ? 1 : 0);
    }
    if (*shown == '\0') {
        shown = place;
    }
    if (shown != place) {
        view_sign(line, 2, 0, style_of(ROLE_DIM), "…");
    }
    view_field(line, shown != place ? 3 : 2, 0, room - (shown != place ? 1 : 0),
               style_of(ROLE_LABEL), shown, -1, false);
    free(place);
}

static void draw_finding(struct pane *pane, struct view line, int index)
{
    const struct finding *finding = finding_at(pane, index);
    int width = place_width(&line);

    if (finding == NULL) {
        return;
    }
    view_sign(line, 0, 0, style_of(finding->is_error ? ROLE_ERROR : ROLE_WARNING),
              finding->is_error ? "✗" : "!");
    draw_place(line, width, finding);
    view_field(line, width + 1, 0, line.width - width - 1, style_of(ROLE_TEXT),
               finding->sentence, -1, false);
}

/* The one under the cursor in full: a list can only show its start. */
static void draw_details(struct pane *pane, struct view view)
{
    const struct finding *finding = selected(pane);
    struct textview *text = textview_new();
    char *place;

    if (finding != NULL) {
        place = string_printf("%s:%d:%d", finding->path, finding->line, finding->column);
        textview_line(text, ROLE_LABEL, place);
        textview_more(text, ROLE_DIM, "  [");
        textview_more(text, ROLE_DIM, finding->rule);
        textview_more(text, ROLE_DIM, "]");
        textview_line(text, finding->is_error ? ROLE_ERROR : ROLE_WARNING,
                      finding->sentence);
        if (finding->fix != NULL) {
            textview_line(text, ROLE_MESSAGE, finding->fix);
        }
        free(place);
        textview_draw(text, view);
    }
    textview_free(text);
}

static void draw_empty(struct pane *pane, struct view view)
{
    bool is_filtered = finder_is_filtered(pane);

    textview_paragraph(view, is_filtered ? ROLE_DIM : ROLE_MESSAGE,
                       is_filtered
                           ? "No finding has these words. Esc shows all again."
                           : "Nothing is wrong: every file of the mesh was read and "
                             "keeps the rules of its standard.");
}

/* ---- Actions ---- */

static void open_raw(struct pane *pane, const struct finding *finding)
{
    char *place = string_printf("%s:%d", finding->path, finding->line);

    screen_run_words(pane->screen, "raw", place, NULL);
    free(place);
}

static bool act_on_finding(struct pane *pane, const char *action)
{
    const struct finding *finding = selected(pane);
    bool is_edit = string_equal(action, "edit");

    if (!is_edit && !string_equal(action, "open")) {
        return false;
    }
    if (finding != NULL && is_edit) {
        descriptor_edit(pane, finding->path, finding->line);
    } else if (finding != NULL) {
        open_raw(pane, finding);
    }
    return true;
}

static enum reaction act_findings(struct pane *pane, const char *action,
                                  const char *argument)
{
    (void)argument;
    return act_on_finding(pane, action) ? REACTION_DONE : finder_action(pane, action);
}

static void follow_findings(struct pane *pane, unsigned changes)
{
    struct findings *state = pane->state;

    if ((changes & WORKBENCH_CATALOG) != 0) {
        state->finder.is_found = false;
    }
}

/* ---- The pane ---- */

static void *open_findings(struct screen *screen, const char *argument)
{
    static const struct finder_kind kind = {
        .name = "Findings",
        .prompt = "&",
        .details_most = DETAILS_MOST,
        .list_least = LIST_LEAST,
        .find = find_findings,
        .draw_line = draw_finding,
        .draw_empty = draw_empty,
        .draw_details = draw_details,
    };
    struct findings *state = memory_new(sizeof *state);

    (void)screen;
    finder_init(&state->finder, &kind, argument);
    return state;
}

static void close_findings(struct pane *pane)
{
    struct findings *state = pane->state;

    catalog_finding_page_release(&state->page);
    finder_release(&state->finder);
    free(state);
}

const struct pane_kind pane_kind_findings = {
    .name = "findings",
    .hints = "Enter the line  e edit  / filter",
    .is_dialog = true,
    .is_full = true,
    .open = open_findings,
    .close = close_findings,
    .title = title_findings,
    .draw = finder_draw,
    .action = act_findings,
    .mouse = finder_mouse,
    .changed = follow_findings,
};
