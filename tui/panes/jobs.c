/* jobs: what runs now and what ran, newest first, with progress and cancel.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "tui/layout.h"
#include "tui/pane.h"
#include "tui/widget/list.h"

enum { BAR_WIDTH = 12 };

struct jobs_state {
    struct list list;
};

static void *open_jobs(struct screen *screen, const char *argument)
{
    (void)screen;
    (void)argument;
    return memory_new(sizeof(struct jobs_state));
}

static void close_jobs(struct pane *pane)
{
    free(pane->state);
}

static struct job *selected_job(struct pane *pane)
{
    const struct jobs_state *state = pane->state;
    size_t index = (size_t)state->list.selected;

    return index < jobs_count(pane->workbench->jobs)
               ? jobs_at(pane->workbench->jobs, index)
               : NULL;
}

static void title_jobs(struct pane *pane, struct text *left, struct text *right)
{
    size_t running = jobs_running(pane->workbench->jobs);

    text_append(left, "Jobs");
    if (running > 0) {
        text_printf(right, "%zu running", running);
    }
}

/* ---- One line ---- */

struct job_look {
    const char *mark;
    enum role role;
};

static struct job_look look_of(const struct job *job)
{
    static const struct job_look looks[] = {
        [JOB_RUNNING] = {"▸", ROLE_TITLE_FOCUS},
        [JOB_DONE] = {"✓", ROLE_MESSAGE},
        [JOB_FAILED] = {"✗", ROLE_ERROR},
        [JOB_CANCELLED] = {"·", ROLE_WARNING},
    };
    return looks[job_state(job)];
}

static void describe_speed(const struct job *job, struct text *out)
{
    const struct job_progress *progress = job_progress(job);
    char buffer[32];

    if (job_state(job) == JOB_RUNNING) {
        job_pace_describe(job_pace(job), out);
    } else if (progress->rows >= 0) {
        text_append_count(out, progress->rows, "row");
    }
    if (job_state(job) != JOB_RUNNING || job_pace_left(job_pace(job)) < 0) {
        text_printf(out, "%s%s", out->length > 0 ? ", " : "",
                    string_of_seconds(job_seconds(job), buffer, sizeof buffer));
    }
    if (job_state(job) == JOB_RUNNING && progress->note[0] != '\0') {
        text_printf(out, ", %s", progress->note);
    }
}

static void draw_bar(struct view line, int x, const struct job_progress *progress)
{
    static const char *const eighths[] = {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
    long long done = progress->done < progress->total ? progress->done : progress->total;
    long long filled = progress->total > 0 ? done * BAR_WIDTH * 8 / progress->total : 0;

    for (int i = 0; i < BAR_WIDTH; i++) {
        long long here = filled - 8 * i;
        here = here < 0 ? 0 : here > 8 ? 8 : here;
        if (here == 0) {
            view_sign(line, x + i, 0, style_of(ROLE_BORDER), "░");
        } else {
            view_sign(line, x + i, 0, style_of(ROLE_TITLE_FOCUS), eighths[here]);
        }
    }
}

static void describe(const struct job *job, struct text *out)
{
    enum job_state state = job_state(job);

    if (state == JOB_FAILED) {
        text_append(out, job_error(job)->message);
    } else if (state == JOB_CANCELLED) {
        text_append(out, "cancelled");
    } else {
        describe_speed(job, out);
    }
}

static void draw_job(struct view line, const struct job *job)
{
    struct job_look look = look_of(job);
    const struct job_progress *progress = job_progress(job);
    struct text facts = {0};
    int title = line.width / 2 < 40 ? line.width / 2 : 40;
    int x = 2 + title + 1;

    view_sign(line, 0, 0, style_of(look.role), look.mark);
    view_field(line, 2, 0, title, style_of(ROLE_TEXT), job_title(job), -1, false);
    if (job_state(job) == JOB_RUNNING && progress->total > 0 &&
        line.width > x + BAR_WIDTH + 6) {
        draw_bar(line, x, progress);
        view_printf(line, x + BAR_WIDTH + 1, 0, style_of(ROLE_TEXT), "%3d%%",
                    job_percent(progress));
        x += BAR_WIDTH + 6;
    }
    describe(job, &facts);
    view_field(line, x, 0, line.width - x, style_of(ROLE_DIM), text_string(&facts), -1,
               false);
    text_release(&facts);
}

static void draw_jobs(struct pane *pane, struct view view, bool focused)
{
    struct jobs_state *state = pane->state;
    size_t count = jobs_count(pane->workbench->jobs);

    list_set_count(&state->list, (int)count);
    list_show(&state->list, view.height);
    if (count == 0) {
        view_text(view, 1, 0, style_of(ROLE_DIM), "Nothing runs and nothing ran.", -1);
    }
    for (int y = 0; y < view.height && state->list.top + y < (int)count; y++) {
        int index = state->list.top + y;
        struct view line = view_inside(view, 1, y, view.width - 2, 1);
        draw_job(line, jobs_at(pane->workbench->jobs, (size_t)index));
        if (index == state->list.selected) {
            view_restyle(view, 0, y, view.width - 1,
                         style_of(focused ? ROLE_SELECTED : ROLE_SELECTED_AWAY));
        }
    }
    list_draw_bar(view, state->list.top, view.height, (int)count);
}

/* ---- Actions ---- */

static void show_details(struct pane *pane, const struct job *job)
{
    struct text page = {0};
    char buffer[32];

    text_printf(&page, "Job: %s\n%s\n\n", job_title(job), job_title(job));
    text_printf(&page, "time    %s\n",
                string_of_seconds(job_seconds(job), buffer, sizeof buffer));
    if (job_progress(job)->rows >= 0) {
        text_printf(&page, "rows    %s\n",
                    string_of_count(job_progress(job)->rows, buffer, sizeof buffer));
    }
    if (job_state(job) == JOB_FAILED) {
        text_printf(&page, "\n%s\n", job_error(job)->message);
    }
    screen_open_dialog(pane->screen, "text", text_string(&page));
    text_release(&page);
}

static void forget_ended(struct pane *pane)
{
    struct jobs *jobs = pane->workbench->jobs;

    for (size_t i = jobs_count(jobs); i-- > 0;) {
        if (job_is_over(jobs_at(jobs, i))) {
            jobs_forget(jobs, jobs_at(jobs, i));
        }
    }
}

static void cancel_all(struct pane *pane)
{
    struct jobs *jobs = pane->workbench->jobs;
    size_t cancelled = 0;

    for (size_t i = 0; i < jobs_count(jobs); i++) {
        if (!job_is_over(jobs_at(jobs, i))) {
            job_cancel(jobs_at(jobs, i));
            cancelled++;
        }
    }
    if (cancelled == 0) {
        screen_message(pane->screen, ROLE_DIM, "Nothing runs.");
    } else {
        screen_message(pane->screen, ROLE_WARNING, "Cancelling %zu ...", cancelled);
    }
}

static enum reaction act_jobs(struct pane *pane, const char *action, const char *argument)
{
    struct jobs_state *state = pane->state;
    struct job *job = selected_job(pane);
    bool runs = job != NULL && !job_is_over(job);

    (void)argument;
    if (list_act(&state->list, action)) {
        return REACTION_DONE;
    }
    if (string_equal(action, "cancel-all")) {
        cancel_all(pane);
        return REACTION_DONE;
    }
    if (string_equal(action, "forget")) {
        forget_ended(pane);
        return REACTION_DONE;
    }
    if (string_equal(action, "details") && job != NULL) {
        show_details(pane, job);
        return REACTION_DONE;
    }
    if (string_equal(action, "cancel-job") || (string_equal(action, "cancel") && runs)) {
        if (runs) {
            job_cancel(job);
        } else {
            screen_message(pane->screen, ROLE_DIM, "This job has ended already.");
        }
        return REACTION_DONE;
    }
    return REACTION_UNKNOWN;
}

const struct pane_kind pane_kind_jobs = {
    .name = "jobs",
    .hints = "c cancel  C cancel all  Enter details  x forget ended",
    .open = open_jobs,
    .close = close_jobs,
    .title = title_jobs,
    .draw = draw_jobs,
    .action = act_jobs,
};
