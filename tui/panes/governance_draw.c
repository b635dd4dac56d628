/* governance: how the pane looks: a line a policy or a violation, and below it the one
 * under the cursor in full. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/layout.h"
#include "tui/panes/governance.h"
#include "tui/widget/textview.h"

enum { DETAIL_ROWS = 9, LEAST_LIST = 5, LABEL_COLUMN = 14 };

static const struct outcome_look {
    const char *sign;
    enum role role;
} looks[] = {
    [GOVERNANCE_HOLDS] = {"✓", ROLE_MESSAGE},  [GOVERNANCE_VIOLATED] = {"✗", ROLE_ERROR},
    [GOVERNANCE_WARNED] = {"!", ROLE_WARNING}, [GOVERNANCE_ERROR] = {"✗", ROLE_ERROR},
    [GOVERNANCE_NOT_RUN] = {"·", ROLE_DIM},    [GOVERNANCE_MEASURED] = {"=", ROLE_TEXT},
};

void governance_title(struct pane *pane, struct text *left, struct text *right)
{
    const struct governance_state *state = pane->state;
    const struct governance_policy *policy =
        array_at(&state->report.policies, (size_t)state->policies.selected);
    long long violations = 0;
    text_append(left, "Policies");
    if (state->is_below && policy != NULL) {
        text_printf(left, ": %s %s", policy->id,
                    policy->title != NULL ? policy->title : "");
    } else if (state->product != NULL) {
        text_printf(left, " on %s", state->product);
    }
    if (state->job != NULL) {
        const struct job_progress *progress = job_progress(state->job);
        text_printf(right, "running, %lld of %lld", progress->done, progress->total);
        return;
    }
    for (size_t i = 0; i < state->report.policies.count; i++) {
        const struct governance_policy *one = array_at(&state->report.policies, i);
        violations += one->violations;
    }
    text_append_count(right, violations, "violation");
}

/* ---- Lines ---- */

/* "96 %" of the products keep to it; nothing where that makes no sense. */
static void append_adoption(struct text *out, const struct governance_policy *policy)
{
    if (policy->adoption >= 0) {
        text_printf(out, "%d %%", (int)(policy->adoption * 100));
    }
}

static void draw_policy(struct view line, const struct governance_policy *policy,
                        bool has_run)
{
    enum { ID = 2, ID_WIDTH = 6, SEVERITY = 8, COUNT = 14, SHARE = 6 };
    struct outcome_look look =
        has_run ? looks[policy->outcome] : looks[GOVERNANCE_NOT_RUN];
    struct text count = {0}, share = {0};
    int right = line.width - SEVERITY - COUNT - SHARE - 3;
    if (has_run && policy->outcome != GOVERNANCE_HOLDS && policy->violations == 0) {
        text_append(&count, governance_outcome_name(policy->outcome));
    } else if (policy->violations > 0) {
        text_append_count(&count, policy->violations, "violation");
    }
    append_adoption(&share, policy);
    view_sign(line, 0, 0, style_of(look.role), look.sign);
    view_field(line, ID, 0, ID_WIDTH, style_of(ROLE_LABEL), policy->id, -1, false);
    view_field(line, ID + ID_WIDTH, 0, right - ID - ID_WIDTH - 1, style_of(ROLE_TEXT),
               policy->title != NULL ? policy->title : policy->path, -1, false);
    view_field(line, right, 0, SEVERITY, style_of(ROLE_DIM), policy->severity, -1, false);
    view_field(line, right + SEVERITY + 1, 0, COUNT, style_of(look.role),
               text_string(&count), -1, false);
    view_field(line, line.width - SHARE, 0, SHARE, style_of(ROLE_TEXT),
               text_string(&share), -1, true);
    text_release(&count);
    text_release(&share);
}

static void draw_violation(struct view line, const struct governance_violation *violation)
{
    int width = line.width * 2 / 5 < 40 ? line.width * 2 / 5 : 40;
    bool waived = violation->waived != NULL;
    view_sign(line, 0, 0, style_of(waived ? ROLE_DIM : ROLE_WARNING), waived ? "~" : "!");
    view_field(line, 2, 0, width - 2, style_of(ROLE_PRODUCT),
               violation->product != NULL ? violation->product : "the mesh", -1, false);
    view_field(line, width + 1, 0, line.width - width - 1,
               style_of(waived ? ROLE_DIM : ROLE_TEXT), violation->sentence, -1, false);
}

/* ---- The one under the cursor ---- */

static void add(struct textview *text, const char *label, enum role role,
                const char *value)
{
    if (value != NULL && value[0] != '\0') {
        textview_field(text, LABEL_COLUMN, label, role, value);
    }
}

/* A statement of several lines: the label stands beside the first one. */
static void add_lines(struct textview *text, const char *label, enum role role,
                      const char *lines)
{
    for (const char *at = lines != NULL ? lines : ""; *at != '\0';) {
        size_t length = strcspn(at, "\n");
        char *line = string_copy_bytes(at, length);
        add(text, at == lines ? label : "", role, line);
        free(line);
        at += length + (at[length] == '\n' ? 1 : 0);
    }
}

static void tell_policy(struct textview *text, const struct governance_policy *policy)
{
    struct text adoption = {0};
    textview_line(text, ROLE_LABEL, policy->title != NULL ? policy->title : policy->id);
    add(text, "told", ROLE_WARNING, policy->reason);
    if (policy->adoption >= 0) {
        text_printf(&adoption, "%d of %d products", policy->looked_at - policy->violating,
                    policy->looked_at);
        for (size_t i = 0; i < policy->domains.count; i++) {
            const struct governance_domain *domain = array_at(&policy->domains, i);
            if (domain->violating > 0) {
                text_printf(&adoption, ", %s %d of %d", domain->name,
                            domain->products - domain->violating, domain->products);
            }
        }
        add(text, "keep to it", ROLE_TEXT, text_string(&adoption));
    }
    add(text, "decision", ROLE_TEXT, policy->decision);
    add(text, "why", ROLE_TEXT, policy->why);
    add(text, "context", ROLE_TEXT, policy->context);
    add(text, "consequences", ROLE_TEXT, policy->consequences);
    add(text, "enforced at", ROLE_TEXT, policy->gates);
    text_release(&adoption);
}

static void tell_violation(struct textview *text,
                           const struct governance_violation *violation)
{
    char *place = violation->path != NULL
                      ? string_printf("%s:%d", violation->path, violation->line)
                      : NULL;
    textview_line(text, ROLE_LABEL,
                  violation->product != NULL ? violation->product : "the mesh");
    textview_line(text, ROLE_TEXT, violation->sentence);
    add(text, "where", ROLE_TEXT, place);
    add(text, "waived", ROLE_DIM, violation->waived);
    add(text, "first seen", ROLE_DIM, violation->since);
    add_lines(text, "SQL", ROLE_DIM, violation->sql);
    free(place);
}

static void draw_details(struct pane *pane, struct view view)
{
    const struct governance_state *state = pane->state;
    struct textview *text = textview_new();
    view_hline(view, 0, 0, view.width, style_of(ROLE_BORDER));
    if (state->is_below) {
        const struct governance_violation *violation = array_at(
            &state->report.violations, state->first + (size_t)state->violations.selected);
        if (violation != NULL) {
            tell_violation(text, violation);
        }
    } else {
        const struct governance_policy *policy =
            array_at(&state->report.policies, (size_t)state->policies.selected);
        if (policy != NULL) {
            tell_policy(text, policy);
        }
    }
    textview_draw(text, view_inside(view, 0, 1, view.width, view.height - 1));
    textview_free(text);
}

/* ---- All of it ---- */

static void draw_line(const struct governance_state *state, struct view line, int index)
{
    if (state->is_below) {
        draw_violation(line,
                       array_at(&state->report.violations, state->first + (size_t)index));
    } else {
        draw_policy(line, array_at(&state->report.policies, (size_t)index),
                    state->has_run);
    }
}

void governance_draw(struct pane *pane, struct view view, bool focused)
{
    struct governance_state *state = pane->state;
    struct list *list = state->is_below ? &state->violations : &state->policies;
    bool has_details = view.height >= DETAIL_ROWS + 1 + LEAST_LIST;
    int height = view.height - (has_details ? DETAIL_ROWS + 1 : 0);
    list_show(list, height);
    if (list->count == 0) {
        textview_paragraph(view, ROLE_DIM,
                           "This mesh has no policies. They are files policies/ID.sql "
                           "beside mesh.yaml: a header of comments and one SELECT; a row "
                           "is a violation.");
        return;
    }
    for (int y = 0; y < height && list->top + y < list->count; y++) {
        struct view line = view_inside(view, 0, y, view.width - 1, 1);
        draw_line(state, line, list->top + y);
        if (list->top + y == list->selected) {
            view_restyle(line, 0, 0, line.width,
                         style_of(focused ? ROLE_SELECTED : ROLE_SELECTED_AWAY));
        }
    }
    list_draw_bar(view_inside(view, 0, 0, view.width, height), list->top, height,
                  list->count);
    if (has_details) {
        draw_details(pane, view_inside(view, 0, height, view.width, DETAIL_ROWS + 1));
    }
}
