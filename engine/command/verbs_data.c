/* command: get, which brings products here.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"
#include "engine/get.h"

#include <stdlib.h>
#include <string.h>

/* A job for each product, one after the other. */
struct get_state {
    size_t next;
};

static bool get_next(struct command_call *call, struct error *err);

static void describe_report(struct command_call *call, const struct get_report *report)
{
    char seconds[32];
    struct text *message = &call->reply.message;
    text_append(message, message->length > 0 ? "\n" : "");
    if (report->was_current) {
        text_printf(message, "%s is here already: ", report->product);
        text_append_count(message, report->rows, "row");
    } else {
        text_printf(message, "got %s: ", report->product);
        text_append_count(message, report->tables, "table");
        text_append(message, ", ");
        text_append_count(message, report->rows, "row");
        text_printf(message, " in %s",
                    string_of_seconds(report->seconds, seconds, sizeof seconds));
    }
    if (report->rejected > 0) {
        text_append(message, ", ");
        text_append_count(message, report->rejected, "row");
        text_append(message, " rejected (see mwb_reject)");
    }
    if (report->notes.length > 0) {
        text_append_char(message, '\n');
        text_append(message, text_string(&report->notes));
        while (message->length > 0 && message->data[message->length - 1] == '\n') {
            text_truncate(message, message->length - 1);
        }
    }
}

static void on_got(void *owner, struct job *job, const struct get_report *report)
{
    struct command_call *call = owner;
    call->job = NULL;
    if (report == NULL) {
        call_fail(call, job_error(job));
        return;
    }
    describe_report(call, report);
    struct error err = {0};
    struct get_state *state = call->own;
    if (state->next < call_count(call)) {
        if (!get_next(call, &err)) {
            call_fail(call, &err);
        }
    } else {
        call_done(call);
    }
}

/* NAME@VERSION: the catalog describes one version, and says which. */
static bool check_version(const struct catalog_entry *entry, const char *version,
                          struct error *err)
{
    if (version == NULL || string_equal(entry->version, version)) {
        return true;
    }
    return error_set(err, ERROR_FAILED, "%s is offered as version %s, not %s", entry->id,
                     entry->version != NULL ? entry->version : "(none declared)",
                     version);
}

static bool get_next(struct command_call *call, struct error *err)
{
    struct get_state *state = call->own;
    char *name = string_copy(call_word(call, state->next++));
    char *sign = strrchr(name, '@');
    if (sign != NULL) {
        *sign++ = '\0';
    }
    struct catalog_entry entry;
    bool found = catalog_find(call->workbench->catalog, name, &entry, err);
    if (found) {
        if (check_version(&entry, sign, err)) {
            call->job = workbench_get_product(call->workbench, entry.id,
                                              call_has_flag(call, "--refresh"), on_got,
                                              call, err);
        } else {
            found = false;
        }
        catalog_entry_release(&entry);
    }
    free(name);
    return found && call->job != NULL;
}

bool verb_get(struct command_call *call, struct error *err)
{
    if (call_count(call) == 0 && call->workbench->product != NULL) {
        *(char **)array_push(&call->words) = string_copy(call->workbench->product);
    }
    if (call_count(call) == 0) {
        return error_set(err, ERROR_USAGE, "get needs a product: get DOMAIN/NAME");
    }
    call->own = memory_new(sizeof(struct get_state));
    call->free_own = free;
    return get_next(call, err);
}
