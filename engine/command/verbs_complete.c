/* command: complete: what could stand at a place of a statement, for editors and scripts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/complete.h"

static const char *const columns[] = {"text", "kind", "detail", "description"};
enum { COLUMNS = sizeof columns / sizeof *columns };

/* Measuring a join takes a moment: whoever asks by a verb can wait for it. */
static void find(struct command_call *call, const char *sql, size_t cursor,
                 struct complete_answer *answer)
{
    struct complete *complete = complete_new(call->workbench, NULL, NULL);
    complete_find(complete, sql, cursor, answer);
    if (complete_is_measuring(complete) && !call->spec.has_screen) {
        while (complete_is_measuring(complete)) {
            loop_step(call->workbench->loop, -1);
        }
        complete_answer_release(answer);
        complete_find(complete, sql, cursor, answer);
    }
    complete_free(complete);
}

static bool read_cursor(struct command_call *call, const char *sql, size_t *cursor,
                        struct error *err)
{
    const char *at = command_flag_value(call, "--at");
    char *end = NULL;
    long long byte = at != NULL ? strtoll(at, &end, 10) : (long long)strlen(sql);
    if (byte < 0 || (size_t)byte > strlen(sql) || (end != NULL && *end != '\0')) {
        return error_set(err, ERROR_USAGE, "--at %s is no byte of a text of %zu", at,
                         strlen(sql));
    }
    *cursor = (size_t)byte;
    return true;
}

static bool reply_rows(struct command_call *call, const struct complete_answer *answer,
                       struct error *err)
{
    struct rows *rows = rows_new(call->workbench->spool_folder, columns, COLUMNS, err);
    for (size_t i = 0; rows != NULL && i < answer->candidates.count; i++) {
        const struct complete_candidate *one = array_at(&answer->candidates, i);
        rows_add(rows, "ssss", one->text, complete_kind_name(one->kind), one->detail,
                 one->description);
    }
    return rows != NULL && call_reply_rows(call, rows, columns, COLUMNS, err);
}

static bool reply_page(struct command_call *call, const struct complete_answer *answer)
{
    for (size_t i = 0; i < answer->candidates.count; i++) {
        const struct complete_candidate *one = array_at(&answer->candidates, i);
        text_printf(&call->reply.text, "%-32s %s\n", one->text, one->detail);
    }
    call->reply.text_title = "What could stand there";
    call->reply.view = "text";
    return true;
}

bool verb_complete(struct command_call *call, struct error *err)
{
    const char *sql = call_word(call, 0);
    struct complete_answer answer;
    size_t cursor = 0;
    if (sql == NULL) {
        return error_set(err, ERROR_USAGE, "complete needs the text of a statement");
    }
    if (!read_cursor(call, sql, &cursor, err)) {
        return false;
    }
    find(call, sql, cursor, &answer);
    bool done = call->spec.has_screen ? reply_page(call, &answer)
                                      : reply_rows(call, &answer, err);
    complete_answer_release(&answer);
    if (done) {
        call_done(call);
    }
    return done;
}
