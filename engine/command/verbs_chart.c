/* command: the verb that draws rows.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"
#include "engine/path.h"

#include <stdlib.h>
#include <string.h>

static bool write_chart_file(struct command_call *call, struct error *err)
{
    const char *out = command_flag_value(call, "--out");
    long long width;
    long long height;
    if (!call_number(call, "--width", 0, &width, err) ||
        !call_number(call, "--height", 0, &height, err)) {
        return false;
    }
    struct chart_file_spec spec = {
        .path = out, .width = (int)width, .height = (int)height};
    if (!chart_write_file(call->workbench->chart, &spec, err)) {
        return false;
    }
    call_message(call, "the chart is in %s", out);
    return true;
}

static void on_drawn(void *owner)
{
    struct command_call *call = owner;
    struct workbench *workbench = call->workbench;
    if (workbench->chart == NULL) {
        call_fail(call, &workbench->chart_error);
        return;
    }
    call->reply.chart = workbench->chart;
    if (command_flag_value(call, "--out") != NULL) {
        struct error err = {0};
        if (!write_chart_file(call, &err)) {
            call_fail(call, &err);
            return;
        }
    } else {
        call_message(call, "%s", chart_summary(workbench->chart));
    }
    call->reply.view = "chart";
    call_done(call);
}

static bool draw(struct command_call *call, struct workbench_result *from,
                 struct error *err)
{
    const struct chart_kind_row *kind = chart_kind_named(call_word(call, 0));
    struct workbench_chart asked = {
        .kind = kind->kind,
        .x = (char *)command_flag_value(call, "--x"),
        .y = (char *)command_flag_value(call, "--y"),
        .series = (char *)command_flag_value(call, "--by"),
        .title = (char *)command_flag_value(call, "--title"),
    };
    if (command_flag_value(call, "--out") != NULL && !call_may_leave(call, from, err)) {
        return false;
    }
    return workbench_draw_chart(call->workbench, from, &asked, on_drawn, call, err);
}

static void draw_aside(struct command_call *call)
{
    struct error err = {0};
    if (!draw(call, call->ran, &err)) {
        call_fail(call, &err);
    }
}

static bool check_kind(const char *name, struct error *err)
{
    if (name != NULL && chart_kind_named(name) != NULL) {
        return true;
    }
    size_t count;
    const struct chart_kind_row *kinds = chart_kinds(&count);
    struct text names = {0};
    for (size_t i = 0; i < count; i++) {
        text_printf(&names, "%s%s", i > 0 ? ", " : "", kinds[i].name);
    }
    error_set(err, ERROR_USAGE, "chart needs a kind, one of %s%s%s", text_string(&names),
              name != NULL ? ", not " : "", name != NULL ? name : "");
    text_release(&names);
    return false;
}

static void cancel_chart(struct command_call *call)
{
    struct error err = {0};
    if (workbench_stop_chart(call->workbench)) {
        error_set(&err, ERROR_CANCELLED, "the chart was cancelled");
        call_fail(call, &err);
    }
}

bool verb_chart(struct command_call *call, struct error *err)
{
    call->cancel = cancel_chart;
    if (!check_kind(call_word(call, 0), err)) {
        return false;
    }
    bool has_sql = call_count(call) > 1 || call_has_flag(call, "-f");
    if (!has_sql && call->workbench->shown != NULL) {
        return draw(call, call->workbench->shown, err);
    }
    char *sql = call_sql(call, 1, err);
    bool started = sql != NULL && call_run_aside(call, sql, draw_aside, err);
    free(sql);
    return started;
}
