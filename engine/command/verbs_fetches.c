/* command: the verb fetches: the log of what was fetched and looked at, newest first.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"
#include "engine/ledger.h"
#include "engine/path.h"

#include <stdlib.h>
#include <string.h>

static const char *const columns[] = {
    "at",   "product", "role",           "outcome",  "version", "bytes",
    "rows", "seconds", "source_changed", "location", "sentence"};
enum { COLUMNS = sizeof columns / sizeof *columns };

static bool take_row(void *owner, const struct ledger_row *row)
{
    const struct ledger_fetch *fetch = &row->fetch;
    rows_add(owner, "sssssZZdsss", row->at, fetch->product, fetch->role, fetch->outcome,
             fetch->version, fetch->bytes, fetch->rows, fetch->seconds,
             row->source_changed, fetch->location, fetch->sentence);
    return true;
}

bool call_since(const struct command_call *call, char since[32], struct error *err)
{
    const char *text = command_flag_value(call, "--since");
    since[0] = '\0';
    if (text == NULL) {
        return true;
    }
    long long instant;
    double period = catalog_period(text);
    if (period > 0) {
        instant = path_now() - (long long)period;
    } else if (strchr(text, '-') == NULL || !path_read_instant(text, &instant)) {
        return error_set(err, ERROR_USAGE,
                         "--since %s is no time; write a day such as 2026-10-01, an "
                         "instant such as 2026-10-01T06:00:00Z, or how long ago: 7d",
                         text);
    }
    path_write_instant(instant, since);
    return true;
}

static bool list(struct command_call *call, const struct ledger_question *question,
                 struct error *err)
{
    struct rows *rows = rows_new(call->workbench->spool_folder, columns, COLUMNS, err);
    if (rows == NULL) {
        return false;
    }
    bool read = ledger_fetches(question, take_row, rows, err);
    char *file = string_copy(rows_file(rows));
    if (rows_close(rows, read ? err : NULL) && read) {
        call->rows = rows_open(file, columns, COLUMNS, err);
    }
    free(file);
    call->reply.result = call->rows;
    call->reply.view = "grid";
    return call->rows != NULL;
}

bool verb_fetches(struct command_call *call, struct error *err)
{
    struct catalog_entry entry = {0};
    char since[32];
    struct ledger_question question = {.mesh = call->workbench->mesh,
                                       .only_failed = call_has_flag(call, "--failed")};
    bool good = call_since(call, since, err) &&
                call_number(call, "--limit", 0, &question.limit, err) &&
                (call_count(call) == 0 ||
                 catalog_find(call->workbench->catalog, call_word(call, 0), &entry, err));
    question.product = entry.id;
    question.since = since[0] != '\0' ? since : NULL;
    good = good && list(call, &question, err);
    catalog_entry_release(&entry);
    if (good) {
        call_done(call);
    }
    return good;
}
