/* governance: the global policies, what became of each and who keeps to it; below one its
 * violations, and from there to the line or to the rows. The argument is a product's id,
 * a policy's id, or "" for all. They run when the pane opens, in a job.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/command.h"
#include "engine/governance.h"
#include "tui/layout.h"
#include "tui/pane.h"
#include "tui/panes/descriptor.h"
#include "tui/panes/governance.h"
#include "tui/widget/list.h"

/* ---- Running ---- */

/* The job may end after the pane: it holds no more of it then. */
struct governance_watch {
    struct governance_state *state;
};

static const struct governance_policy *policy_shown(const struct governance_state *state)
{
    return array_at(&state->report.policies, (size_t)state->policies.selected);
}

/* Violations of one policy stand beside each other. */
static void count_violations(struct governance_state *state)
{
    const struct governance_policy *policy = policy_shown(state);
    const struct governance_violation *violation;
    size_t count = 0;
    state->first = 0;
    while ((violation = array_at(&state->report.violations, state->first)) != NULL &&
           policy != NULL && !string_equal(violation->policy, policy->id)) {
        state->first++;
    }
    while ((violation = array_at(&state->report.violations, state->first + count)) !=
               NULL &&
           policy != NULL && string_equal(violation->policy, policy->id)) {
        count++;
    }
    list_set_count(&state->violations, (int)count);
}

static void take_report(struct governance_state *state,
                        const struct governance_report *report)
{
    struct text packed = {0};
    struct governance_report copy;
    governance_report_pack(report, &packed);
    if (governance_report_unpack(packed.data, packed.length, &copy)) {
        governance_report_release(&state->report);
        state->report = copy;
        state->has_run = true;
        list_set_count(&state->policies, (int)copy.policies.count);
        count_violations(state);
    }
    text_release(&packed);
}

static void on_ran(void *owner, struct job *job, const struct governance_report *report)
{
    struct governance_watch *watch = owner;
    struct governance_state *state = watch->state;
    if (state != NULL) {
        state->watch = NULL;
        state->job = NULL;
        if (report != NULL) {
            take_report(state, report);
        } else if (job_state(job) == JOB_FAILED) {
            screen_message(state->screen, ROLE_ERROR, "%s", job_error(job)->message);
        }
        screen_dirty(state->screen);
    }
    free(watch);
}

static void start(struct governance_state *state)
{
    struct error err = {0};
    if (state->job != NULL || state->workbench->catalog == NULL) {
        return;
    }
    state->watch = memory_new(sizeof *state->watch);
    state->watch->state = state;
    const struct workbench_policies_spec spec = {
        .policy = state->policy,
        .product = state->product,
        .with_data = true,
        .finished = on_ran,
        .owner = state->watch,
    };
    state->job = workbench_run_policies(state->workbench, &spec, &err);
    if (state->job == NULL) {
        free(state->watch);
        state->watch = NULL;
        screen_message(state->screen, ROLE_ERROR, "%s", err.message);
    }
}

/* ---- Life ---- */

/* Until they ran the list shows what the files say. */
static void read_policies(struct governance_state *state)
{
    struct array all;
    governance_report_release(&state->report);
    state->report =
        (struct governance_report){.policies = ARRAY_OF(struct governance_policy),
                                   .violations = ARRAY_OF(struct governance_violation)};
    state->has_run = false;
    if (state->workbench->catalog == NULL) {
        return;
    }
    governance_policies(state->workbench->catalog, &all);
    for (size_t i = 0; i < all.count; i++) {
        struct governance_policy *policy = array_at(&all, i);
        if (state->policy == NULL || string_equal_fold(policy->id, state->policy)) {
            *(struct governance_policy *)array_push(&state->report.policies) = *policy;
        } else {
            governance_policy_release(policy);
        }
    }
    array_release(&all);
    list_set_count(&state->policies, (int)state->report.policies.count);
    count_violations(state);
}

/* A product's id has its domain in front. */
static void *open_governance(struct screen *screen, const char *argument)
{
    struct governance_state *state = memory_new(sizeof *state);
    state->screen = screen;
    state->workbench = screen_workbench(screen);
    if (argument != NULL && argument[0] != '\0') {
        bool is_product = strchr(argument, '/') != NULL;
        state->product = is_product ? string_copy(argument) : NULL;
        state->policy = is_product ? NULL : string_copy(argument);
    }
    read_policies(state);
    start(state);
    return state;
}

static void close_governance(struct pane *pane)
{
    struct governance_state *state = pane->state;
    if (state->watch != NULL) {
        state->watch->state = NULL;
        job_cancel(state->job);
    }
    governance_report_release(&state->report);
    free(state->policy);
    free(state->product);
    free(state);
}

static void follow_governance(struct pane *pane, unsigned changes)
{
    struct governance_state *state = pane->state;
    if ((changes & WORKBENCH_CATALOG) != 0) {
        start(state);
    }
}

/* ---- Actions ---- */

static const struct governance_violation *violation_shown(
    const struct governance_state *state)
{
    return state->is_below && state->violations.count > 0
               ? array_at(&state->report.violations,
                          state->first + (size_t)state->violations.selected)
               : NULL;
}

/* The rows come behind this pane, which leaves: nothing of it may be used after that. */
static void show_answer(struct pane *pane, const char *flag)
{
    const struct governance_policy *policy = policy_shown(pane->state);
    struct screen *screen = pane->screen;
    if (policy != NULL) {
        char *id = string_copy(policy->id);
        screen_close_pane(screen, pane);
        screen_run_words(screen, "policies", id, flag, NULL);
        screen_focus(screen, "grid");
        free(id);
    }
}

static void show_rows(struct pane *pane)
{
    show_answer(pane, "--rows");
}

static void show_raw(const struct pane *pane, const char *path, int line)
{
    char *place = string_printf("%s:%d", path, line > 0 ? line : 1);
    screen_run_words(pane->screen, "raw", place, NULL);
    free(place);
}

static void open_line(struct pane *pane)
{
    struct governance_state *state = pane->state;
    const struct governance_policy *policy = policy_shown(state);
    const struct governance_violation *violation = violation_shown(state);
    if (violation != NULL && violation->path != NULL) {
        show_raw(pane, violation->path, violation->line);
    } else if (violation != NULL || (policy != NULL && policy->is_measure)) {
        show_rows(pane);
    } else if (state->violations.count > 0) {
        state->is_below = true;
        list_select(&state->violations, 0);
    } else if (policy != NULL && policy->violations == 0) {
        screen_message(pane->screen, ROLE_DIM,
                       "%s has no violation here; r shows how it is written", policy->id);
    }
}

static void show_file(struct pane *pane)
{
    const struct governance_policy *policy = policy_shown(pane->state);
    if (policy != NULL && policy->path != NULL) {
        show_raw(pane, policy->path, policy->line);
    }
}

static void edit_place(struct pane *pane)
{
    const struct governance_policy *policy = policy_shown(pane->state);
    const struct governance_violation *violation = violation_shown(pane->state);
    if (violation != NULL && violation->path != NULL) {
        descriptor_edit(pane, violation->path, violation->line > 0 ? violation->line : 1);
    } else if (policy != NULL && policy->path != NULL) {
        descriptor_edit(pane, policy->path, policy->line);
    }
}

static void run_again(struct pane *pane)
{
    start(pane->state);
}

static void show_adoption(struct pane *pane)
{
    show_answer(pane, "--adoption");
}

static void on_waiver(struct pane *pane, const char *line)
{
    if (line != NULL) {
        screen_run(pane->screen, line);
    }
}

/* What is still to be said of a waiver is typed. */
static void begin_waiver(struct pane *pane)
{
    const struct governance_violation *violation = violation_shown(pane->state);
    if (violation == NULL || violation->product == NULL) {
        screen_message(pane->screen, ROLE_DIM,
                       "Enter shows the violations; waive one of "
                       "them");
        return;
    }
    struct text line = {0};
    text_append(&line, "waive ");
    command_append_word(&line, violation->policy);
    text_append_char(&line, ' ');
    command_append_word(&line, violation->product);
    text_append(&line, " --owner \"\" --until 2027-03-31 --reason ");
    screen_ask(pane->screen, ":", text_string(&line), on_waiver, pane);
    text_release(&line);
}

static const struct {
    const char *name;
    void (*act)(struct pane *pane);
} actions[] = {
    {"open", open_line},     {"raw", show_file},   {"edit", edit_place},
    {"rows", show_rows},     {"again", run_again}, {"adoption", show_adoption},
    {"waive", begin_waiver},
};

static enum reaction act_governance(struct pane *pane, const char *action,
                                    const char *argument)
{
    struct governance_state *state = pane->state;
    struct list *list = state->is_below ? &state->violations : &state->policies;
    (void)argument;
    if (list_act(list, action)) {
        if (!state->is_below) {
            count_violations(state);
        }
        return REACTION_DONE;
    }
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (string_equal(action, actions[i].name)) {
            actions[i].act(pane);
            return REACTION_DONE;
        }
    }
    if (state->is_below &&
        (string_equal(action, "clear") || string_equal(action, "back") ||
         string_equal(action, "left"))) {
        state->is_below = false;
        return REACTION_DONE;
    }
    return REACTION_UNKNOWN;
}

static void mouse_governance(struct pane *pane, int x, int y, int button)
{
    struct governance_state *state = pane->state;
    struct list *list = state->is_below ? &state->violations : &state->policies;
    (void)x;
    if (button >= 4) {
        list_act(list, button == 4 ? "up" : "down");
    } else {
        list_select(list, list->top + y);
    }
    if (!state->is_below) {
        count_violations(state);
    }
}

const struct pane_kind pane_kind_governance = {
    .name = "governance",
    .hints = "Enter violations, the line  s rows  r the policy  R run again  w waive",
    .is_dialog = true,
    .is_full = true,
    .open = open_governance,
    .close = close_governance,
    .title = governance_title,
    .draw = governance_draw,
    .action = act_governance,
    .mouse = mouse_governance,
    .changed = follow_governance,
};
