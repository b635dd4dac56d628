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

static void describe_result(const struct workbench *workbench, struct text *out)
{
    const struct workbench_result *shown = workbench->shown;
    char rows[32], seconds[32];
    long long count;

    if (shown == NULL) {
        return;
    }
    count = workbench_result_rows(shown);
    string_of_seconds(shown->run != NULL ? session_run_seconds(shown->run)
                                         : shown->seconds,
                      seconds, sizeof seconds);
    string_of_count(count, rows, sizeof rows);
    text_printf(out, "%s ", shown->title != NULL ? shown->title : "query");
    if (!shown->is_over) {
        text_printf(out, "running %s, %s row%s", seconds, rows, count == 1 ? "" : "s");
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

static void describe_jobs(const struct workbench *workbench, struct text *out)
{
    size_t running = jobs_running(workbench->jobs);

    if (running > 0) {
        text_printf(out, "%zu job%s", running, running == 1 ? "" : "s");
    }
}

void status_draw(struct screen *screen, struct view line)
{
    const struct workbench *workbench = screen->workbench;
    struct text mesh = {0}, result = {0}, jobs = {0};
    int x = 1;

    view_fill(line, 0, 0, line.width, 1, style_of(ROLE_STATUS));
    describe_mesh(workbench, &mesh);
    describe_result(workbench, &result);
    describe_jobs(workbench, &jobs);
    x = add_part(line, x, "mwb", true);
    x = add_part(line, x, text_string(&mesh), false);
    x = add_part(line, x, workbench->product != NULL ? workbench->product : "", false);
    x = add_part(line, x, line.width >= 100 ? "products read-only" : "RO", false);
    x = add_part(line, x, text_string(&result), false);
    add_part(line, x, text_string(&jobs), true);
    text_release(&mesh);
    text_release(&result);
    text_release(&jobs);
}
