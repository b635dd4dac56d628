/* status: the line at the top: where one is, and what runs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/layout/private.h"

#include <string.h>

static int add_part(struct view line, int x, const char *part, bool strong)
{
    struct style style = style_of(ROLE_STATUS);

    if (*part == '\0' || x >= line.width) {
        return x;
    }
    if (x > 1) {
        view_sign(line, x + 1, 0, style, "│");
        x += 3;
    }
    style.flags = strong ? STYLE_BOLD : 0;
    return x + view_text(line, x, 0, style, part, -1);
}

static void describe_mesh(const struct workbench *workbench, struct text *out)
{
    if (workbench->catalog != NULL) {
        text_append(out, catalog_mesh_name(workbench->catalog));
    } else {
        text_append(out, workbench->mesh != NULL ? workbench->mesh : "no mesh");
    }
    if (workbench->catalog_is_loading) {
        text_append(out, " (reading ...)");
    }
}

static void describe_role(const struct workbench *workbench, bool is_wide,
                          struct text *out)
{
    if (workbench->role != NULL) {
        text_printf(out, "%s%s", is_wide ? "as " : "", workbench->role);
    } else if (workbench->role_error.kind != ERROR_NONE) {
        text_append(out, "no role");
    }
}

/* "q1 running 2.3 s of 30 s, 48,000 rows, 12.0 MiB, 3,200,000 looked at" */
static void describe_running(const struct workbench_result *shown, bool is_wide,
                             struct text *out)
{
    const struct session_run *run = shown->run;
    long long count = workbench_result_rows(shown);
    long long scanned = run != NULL ? session_run_scanned(run) : 0;
    long long bytes = run != NULL ? session_run_bytes(run) : 0;
    char number[32];

    string_of_seconds(run != NULL ? session_run_seconds(run) : shown->seconds, number,
                      sizeof number);
    text_printf(out, "running %s", number);
    if (shown->timeout > 0) {
        string_of_seconds(shown->timeout, number, sizeof number);
        text_printf(out, " of %s", number);
    }
    text_append(out, ", ");
    text_append_count(out, count, "row");
    if (bytes > 0 && is_wide) {
        string_of_bytes(bytes, number, sizeof number);
        text_printf(out, ", %s", number);
    }
    if (scanned > 0 && (is_wide || count == 0)) {
        string_of_count(scanned, number, sizeof number);
        text_printf(out, ", %s looked at", number);
    }
}

static void describe_result(const struct workbench *workbench, bool is_wide,
                            struct text *out)
{
    const struct workbench_result *shown = workbench->shown;
    char rows[32], seconds[32];
    long long count;

    if (shown == NULL) {
        return;
    }
    count = workbench_result_rows(shown);
    string_of_seconds(shown->seconds, seconds, sizeof seconds);
    string_of_count(count, rows, sizeof rows);
    text_printf(out, "%s ", shown->title != NULL ? shown->title : "query");
    if (!shown->is_over) {
        describe_running(shown, is_wide, out);
    } else if (shown->destroys != NULL) {
        text_append(out, "has not run");
    } else if (shown->error.kind == ERROR_CANCELLED) {
        text_printf(out, "cancelled after %s", seconds);
    } else if (shown->error.kind != ERROR_NONE) {
        text_printf(out, "failed after %s", seconds);
    } else if (shown->result == NULL && shown->changes >= 0) {
        string_of_count(shown->changes, rows, sizeof rows);
        text_printf(out, "ok %s, %s changed", seconds, rows);
    } else {
        text_printf(out, "ok %s, %s%s row%s", seconds, rows, shown->is_limited ? "+" : "",
                    count == 1 ? "" : "s");
    }
}

/* A transaction that is open in the tab in front, or in one behind. */
static void describe_transaction(const struct workbench *workbench, bool is_wide,
                                 struct text *out)
{
    const struct workbench_tab *front = workbench_tab_in_front(workbench);
    long long changes = workbench_tab_transaction(workbench, front);

    if (changes >= 0) {
        text_append(out, is_wide ? "transaction open, " : "transaction, ");
        text_append_count(out, changes, "row");
        text_append(out, is_wide ? " changed" : "");
    }
}

/* What is being fetched, of all jobs that fetch. */
struct fetching {
    const char *product; /* the newest */
    size_t count, measured;
    int percents; /* of those measured, added up */
};

static struct fetching find_fetching(const struct jobs *jobs)
{
    static const char get[] = "get ";
    struct fetching fetching = {0};

    for (size_t i = 0; i < jobs_count(jobs); i++) {
        const struct job *job = jobs_at(jobs, i);
        if (job_is_over(job) || !string_starts(job_title(job), get)) {
            continue;
        }
        if (fetching.count++ == 0) {
            fetching.product = job_title(job) + strlen(get);
        }
        if (job_progress(job)->total > 0) {
            fetching.measured++;
            fetching.percents += job_percent(job_progress(job));
        }
    }
    return fetching;
}

static void describe_jobs(const struct workbench *workbench, bool is_wide,
                          struct text *out)
{
    size_t running = jobs_running(workbench->jobs);
    struct fetching fetching = find_fetching(workbench->jobs);

    if (fetching.count == 1 && is_wide) {
        text_printf(out, "getting %s", fetching.product);
    } else if (fetching.count > 0) {
        text_printf(out, "getting %zu", fetching.count);
    }
    if (fetching.measured > 0) {
        text_printf(out, " %d%%", fetching.percents / (int)fetching.measured);
    }
    if (running > fetching.count) {
        text_printf(out, "%s%zu job%s", out->length > 0 ? ", " : "",
                    running - fetching.count, running - fetching.count == 1 ? "" : "s");
    }
}

void status_draw(struct screen *screen, struct view line)
{
    const struct workbench *workbench = screen->workbench;
    struct text mesh = {0}, role = {0}, result = {0}, jobs = {0}, open = {0};
    bool is_wide = line.width >= 100;
    int x = 1;

    view_fill(line, 0, 0, line.width, 1, style_of(ROLE_STATUS));
    describe_mesh(workbench, &mesh);
    describe_role(workbench, is_wide, &role);
    describe_result(workbench, is_wide, &result);
    describe_transaction(workbench, is_wide, &open);
    describe_jobs(workbench, line.width >= 100, &jobs);
    x = add_part(line, x, "mwb", true);
    x = add_part(line, x, text_string(&mesh), false);
    x = add_part(line, x, text_string(&role), false);
    x = add_part(line, x, workbench->product != NULL ? workbench->product : "", false);
    if (is_wide || role.length == 0) {
        x = add_part(line, x, is_wide ? "products read-only" : "RO", false);
    }
    x = add_part(line, x, text_string(&open), true);
    x = add_part(line, x, text_string(&result), false);
    add_part(line, x, text_string(&jobs), true);
    text_release(&mesh);
    text_release(&role);
    text_release(&result);
    text_release(&jobs);
    text_release(&open);
}
