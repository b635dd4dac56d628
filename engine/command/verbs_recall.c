/* command: the verb history: what ran before, to find it again or to forget it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"
#include "engine/path.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const columns[] = {"when",     "seconds", "rows",     "outcome",
                                      "products", "error",   "statement"};
enum { COLUMNS = sizeof columns / sizeof *columns };

static void add_entry(struct rows *rows, const struct recall_entry *entry)
{
    char at[32];
    path_write_instant(entry->at, at);
    rows_set_text(rows, 0, at);
    if (entry->outcome != NULL) {
        rows_set_number(rows, 1, round(entry->seconds * 1000) / 1000);
        rows_set_text(rows, 3, entry->outcome);
        rows_set_text(rows, 4, entry->products);
    }
    if (entry->outcome != NULL && entry->rows >= 0) {
        rows_set_number(rows, 2, (double)entry->rows);
    }
    if (entry->error[0] != '\0') {
        rows_set_text(rows, 5, entry->error);
    }
    rows_set_text(rows, 6, entry->sql);
    rows_insert(rows);
}

static bool list_found(struct command_call *call, const struct array *found,
                       struct error *err)
{
    struct rows *rows = rows_new(call->workbench->spool_folder, columns, COLUMNS, err);
    if (rows == NULL) {
        return false;
    }
    for (size_t i = 0; i < found->count; i++) {
        add_entry(rows, *(const struct recall_entry **)array_at(found, i));
    }
    if (!call_reply_rows(call, rows, columns, COLUMNS, err)) {
        return false;
    }
    call->reply.view = "grid";
    call_done(call);
    return true;
}

static bool forget(struct command_call *call, const struct array *found,
                   struct error *err)
{
    struct array marks = ARRAY_OF(const char *);
    for (size_t i = 0; i < found->count; i++) {
        *(const char **)array_push(&marks) =
            (*(const struct recall_entry **)array_at(found, i))->mark;
    }
    bool done = recall_forget(workbench_recall(call->workbench), &marks, err);
    array_release(&marks);
    if (done) {
        call_message(call, "%s",
                     found->count == 0 ? "no statement of the history has "
                                         "these words"
                                       : "");
        if (found->count > 0) {
            text_append_count(&call->reply.message, (long long)found->count, "statement");
            text_append(&call->reply.message,
                        found->count == 1 ? " is forgotten" : " are forgotten");
        }
        workbench_changed(call->workbench, WORKBENCH_HISTORY);
        call_done(call);
    }
    return done;
}

static char *join_words(const struct command_call *call)
{
    struct text text = {0};
    for (size_t i = 0; i < call_count(call); i++) {
        text_append(&text, i > 0 ? " " : "");
        text_append(&text, call_word(call, i));
    }
    return text_take(&text);
}

static bool find_and_do(struct command_call *call, const char *text, long long limit,
                        struct error *err)
{
    struct recall *recall = workbench_recall(call->workbench);
    bool is_to_go = call_has_flag(call, "--forget");
    struct recall_search search = {
        .text = text,
        .role = call->workbench->role,
        .only_failed = call_has_flag(call, "--failed"),
        .only_distinct = call_has_flag(call, "--distinct") || is_to_go,
        .limit = (size_t)limit,
    };
    recall_look(recall);
    struct array found = recall_find(recall, &search);
    bool done = is_to_go ? forget(call, &found, err) : list_found(call, &found, err);
    array_release(&found);
    return done;
}

bool verb_history(struct command_call *call, struct error *err)
{
    long long limit;
    char *text = join_words(call);
    bool done = call_number(call, "--limit", 0, &limit, err);
    bool has_text = text != NULL && text[0] != '\0';
    if (done && call_has_flag(call, "--forget") && !has_text && limit == 0 &&
        !call_has_flag(call, "--all")) {
        done = error_set(err, ERROR_USAGE,
                         "history --forget needs words that say which statements are to "
                         "go, or --all");
    } else if (done && call->spec.has_screen && call->values.count == 0) {
        text_printf(&call->reply.action, "history %s", has_text ? text : "");
        call_done(call);
    } else if (done) {
        done = find_and_do(call, text, limit, err);
    }
    free(text);
    return done;
}
