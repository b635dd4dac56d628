/* command: verbs that look at the rows that are shown in another way: sorted, filtered,
 * and back and forward again. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"

#include <stdlib.h>

/* Views change what is shown, so the row they are made from has to be whole. */
struct workbench_result *call_whole_result(struct command_call *call, struct error *err)
{
    struct workbench_result *shown = call->workbench->shown;
    if (!shown->is_over) {
        error_set(err, ERROR_FAILED,
                  "%s has to wait: %s is still running; Ctrl-C stops it", call->row->name,
                  shown->title);
        return NULL;
    }
    return shown;
}

bool call_find_column(const struct workbench_result *shown, const char *name,
                      size_t *index, struct error *err)
{
    size_t count = result_column_count(shown->result);
    for (size_t i = 0; name != NULL && i < count; i++) {
        if (string_equal_fold(result_column(shown->result, i)->name, name)) {
            *index = i;
            return true;
        }
    }
    char *end;
    unsigned long number = name != NULL ? strtoul(name, &end, 10) : 0;
    if (number >= 1 && number <= count && *end == '\0') {
        *index = number - 1;
        return true;
    }
    return error_set(err, ERROR_USAGE,
                     "the result has no column \"%s\"; name one or give its "
                     "number from 1 to %zu",
                     name != NULL ? name : "", count);
}

bool call_show_view(struct command_call *call, struct workbench_result *base,
                    const struct result_view *view, struct error *err)
{
    struct workbench_query query = {.over = base, .view = view};
    return call_run_query(call, &query, err);
}

/* ---- sort ---- */

/* COLUMN [asc|desc] ... from the words on. */
static bool read_orders(const struct command_call *call,
                        const struct workbench_result *shown, struct result_view *view,
                        struct error *err)
{
    bool is_added = call_has_flag(call, "--add");
    for (size_t i = 0; i < call_count(call); i++) {
        struct result_order order = {0};
        if (!call_find_column(shown, call_word(call, i), &order.column, err)) {
            return false;
        }
        const char *direction = call_word(call, i + 1);
        order.descending = string_equal_fold(direction, "desc");
        i += order.descending || string_equal_fold(direction, "asc");
        result_view_sort(view, order, is_added);
        is_added = true;
    }
    return true;
}

bool verb_sort(struct command_call *call, struct error *err)
{
    struct workbench_result *shown = call_whole_result(call, err);
    if (shown == NULL) {
        return false;
    }
    if (call_count(call) == 0) {
        return error_set(err, ERROR_USAGE,
                         "sort by what? sort COLUMN [desc] [COLUMN [desc]] ...");
    }
    struct result_view *view;
    struct workbench_result *base = workbench_base(shown, &view);
    bool done =
        read_orders(call, shown, view, err) && call_show_view(call, base, view, err);
    result_view_free(view);
    return done;
}

/* ---- filter ---- */

/* The words as they were typed, but for what the line took for quotes. */
static char *join_words(const struct command_call *call)
{
    struct text words = {0};
    for (size_t i = 0; i < call_count(call); i++) {
        text_append(&words, i > 0 ? " " : "");
        text_append(&words, call_word(call, i));
    }
    return text_take(&words);
}

/* --cell ROW: rows with the same in the column as this one, by its number. */
static bool read_cell(const struct command_call *call,
                      const struct workbench_result *shown, int column,
                      struct result_filter *filter, struct error *err)
{
    long long row;
    if (column < 0) {
        return error_set(err, ERROR_USAGE, "--cell ROW needs --column COLUMN");
    }
    if (!call_number(call, "--cell", 0, &row, err) ||
        !result_filter_cell(shown->result, row - 1, (size_t)column, filter, err)) {
        return false;
    }
    filter->is_not = call_has_flag(call, "--not");
    return true;
}

static bool read_filter(const struct command_call *call,
                        const struct workbench_result *shown,
                        struct result_filter *filter, struct error *err)
{
    const char *name = command_flag_value(call, "--column");
    size_t column = 0;
    if (name != NULL && !call_find_column(shown, name, &column, err)) {
        return false;
    }
    int place = name != NULL ? (int)column : -1;
    if (command_flag_value(call, "--cell") != NULL) {
        return read_cell(call, shown, place, filter, err);
    }
    char *typed = join_words(call);
    bool done = result_filter_parse(shown->result, typed, place, filter, err);
    filter->column = done && filter->column < 0 ? place : filter->column;
    if (done && call_has_flag(call, "--not")) {
        filter->is_not = !filter->is_not;
    }
    free(typed);
    return done;
}

bool verb_filter(struct command_call *call, struct error *err)
{
    struct workbench_result *shown = call_whole_result(call, err);
    struct result_filter filter = {0};
    if (shown == NULL || !read_filter(call, shown, &filter, err)) {
        return false;
    }
    struct result_view *view;
    struct workbench_result *base = workbench_base(shown, &view);
    result_view_filter(view, &filter);
    bool done = call_show_view(call, base, view, err);
    result_view_free(view);
    return done;
}

bool verb_back(struct command_call *call, struct error *err)
{
    struct workbench_result *shown = call->workbench->shown;
    if (shown == NULL || shown->below == NULL) {
        return error_set(err, ERROR_FAILED, "there is no earlier view to go back to");
    }
    workbench_back(call->workbench);
    call->reply.view = "grid";
    call_done(call);
    return true;
}

bool verb_forward(struct command_call *call, struct error *err)
{
    struct workbench_result *shown = call->workbench->shown;
    if (shown == NULL || shown->above == NULL) {
        return error_set(err, ERROR_FAILED, "there is no view to go forward to");
    }
    workbench_forward(call->workbench);
    call->reply.view = "grid";
    call_done(call);
    return true;
}
