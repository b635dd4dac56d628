/* session/worker: the child of a session waits for statement lists and answers each.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/session/worker.h"
#include "engine/session/judge.h"
#include "engine/session/message.h"

#include <stdint.h>
#include <stdlib.h>

/* Rows written in it; -1: none is open. */
static long long open_transaction(const struct worker *worker)
{
    return worker->db == NULL || sqlite3_get_autocommit(worker->db) != 0
               ? -1
               : sqlite3_total_changes64(worker->db) - worker->changes_before;
}

static void tell_done(struct worker *worker, const struct outcome *outcome)
{
    struct text message = {0};
    message_put_number(&message, outcome->error.kind);
    message_put_string(&message, outcome->error.message);
    message_put_number(&message,
                       outcome->offset == SIZE_MAX ? -1 : (long long)outcome->offset);
    message_put_number(&message, outcome->rows);
    message_put_number(&message, outcome->changes);
    message_put_number(&message, outcome->limited);
    message_put_string(&message, text_string(&outcome->products));
    message_put_string(&message, text_string(&outcome->versions));
    message_put_string(&message, outcome->needs);
    message_put_string(&message, text_string(&outcome->notes));
    message_put_string(&message, outcome->asks);
    message_put_string(
        &message, outcome->destroys.length > 0 ? text_string(&outcome->destroys) : NULL);
    message_put_number(&message, open_transaction(worker));
    job_tell(worker->port, MESSAGE_DONE, message.data, message.length);
    text_release(&message);
}

static void answer(struct worker *worker, const void *bytes, size_t length)
{
    struct request request;
    struct outcome outcome = {.offset = SIZE_MAX, .changes = -1};
    job_reset_cancelled(worker->port);
    job_tell(worker->port, MESSAGE_STARTED, "", 0);
    if (request_read(&request, bytes, length)) {
        worker->request = &request; /* cppcheck-suppress autoVariables */
        worker->outcome = &outcome; /* cppcheck-suppress autoVariables */
        statement_run_all(worker);
    } else {
        error_set(&outcome.error, ERROR_FAILED,
                  "the session did not understand the request; run the statement again");
    }
    tell_done(worker, &outcome);
    text_release(&outcome.products);
    text_release(&outcome.versions);
    text_release(&outcome.notes);
    text_release(&outcome.destroys);
    free(outcome.asks);
    free(outcome.needs);
    request_release(&request);
}

bool worker_main(struct job_port *port, void *start, struct error *err)
{
    const struct worker_start *given = start;
    struct worker worker = {.port = port,
                            .workspace = given->workspace,
                            .attachments = ARRAY_OF(struct attachment),
                            .permitted = ARRAY_OF(char *),
                            .touches = ARRAY_OF(struct gate_touch),
                            .written = ARRAY_OF(char *),
                            .inner = ARRAY_OF(char *)};
    (void)err;
    limits_note(&worker);
    for (;;) {
        int type;
        void *bytes;
        size_t length;
        int got = job_listen(port, -1, &type, &bytes, &length);
        if (got == 0) {
            break;
        }
        if (got > 0) {
            if (type == MESSAGE_RUN) {
                answer(&worker, bytes, length);
            }
            free(bytes);
        }
    }
    judge_forget(&worker);
    text_release(&worker.refusal);
    text_release(&worker.refused_table);
    attach_close(&worker);
    return true;
}
