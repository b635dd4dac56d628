/* command: agreements: request, agreements, approve, reject, end, reassess.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/agreement.h"
#include "engine/command/private.h"

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- Who acts ---- */

struct acting {
    char *name, *team;
};

static void acting_open(const struct command_call *call, struct acting *acting,
                        struct agreement_person *person)
{
    const struct passwd *user = getpwuid(geteuid());
    const char *asked = command_flag_value(call, "--team");
    acting->name =
        user != NULL ? string_copy(user->pw_name) : string_printf("%ld", (long)geteuid());
    acting->team = asked != NULL ? string_copy(asked) : workbench_team(call->workbench);
    *person = (struct agreement_person){
        .name = acting->name, .team = acting->team, .role = call->workbench->role};
}

static void acting_release(struct acting *acting)
{
    free(acting->name);
    free(acting->team);
}

/* ---- request ---- */

static void tell_request(struct command_call *call, const struct agreement_asked *asked)
{
    const char *who = asked->approvers != NULL ? asked->approvers
                                               : "the people who look after the mesh";
    if (asked->path != NULL) {
        call_message(call, "asked for it: %s; commit it and tell %s", asked->path, who);
    } else {
        text_printf(&call->reply.text, "%s", asked->text);
        call->reply.text_title = "Request";
        call->reply.view = "text";
        text_printf(&call->reply.notes, "%s; send the request to %s\n", asked->why_not,
                    who);
    }
}

bool verb_request(struct command_call *call, struct error *err)
{
    const struct workbench *workbench = call->workbench;
    const char *product =
        call_word(call, 0) != NULL ? call_word(call, 0) : workbench->product;
    if (product == NULL) {
        return error_set(err, ERROR_USAGE,
                         "request needs a product: request DOMAIN/NAME");
    }
    struct acting acting;
    struct agreement_asked asked;
    struct agreement_request request = {.product = product,
                                        .port = command_flag_value(call, "--port"),
                                        .purpose = command_flag_value(call, "--purpose"),
                                        .until = command_flag_value(call, "--until")};
    if (call->spec.has_screen && request.purpose == NULL) {
        text_printf(&call->reply.action, "request %s", product);
        call_done(call);
        return true;
    }
    acting_open(call, &acting, &request.person);
    bool done = agreement_ask(workbench->catalog, &request, &asked, err);
    acting_release(&acting);
    if (!done) {
        return false;
    }
    tell_request(call, &asked);
    bool is_written = asked.path != NULL;
    agreement_asked_release(&asked);
    if (is_written) {
        return call_read_again(call, err);
    }
    call_done(call);
    return true;
}

/* ---- agreements ---- */

static const char *const columns[] = {
    "id",     "product", "port", "provider", "consumer", "role",   "purpose",
    "status", "start",   "end",  "reassess", "reminder", "answers"};
enum { COLUMNS = sizeof columns / sizeof *columns };

static bool show_list(struct command_call *call, const struct array *list,
                      struct error *err)
{
    struct rows *rows = rows_new(call->workbench->spool_folder, columns, COLUMNS, err);
    if (rows == NULL) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct agreement *one = array_at(list, i);
        rows_add(rows, "sssssssssssss", one->id, one->product, one->port, one->provider,
                 one->consumer, one->role, one->purpose, one->status, one->start,
                 one->end, one->reassess, one->due, one->approvers);
    }
    return call_reply_rows(call, rows, columns, COLUMNS, err);
}

bool verb_agreements(struct command_call *call, struct error *err)
{
    const struct catalog *catalog = call->workbench->catalog;
    struct catalog_entry entry = {0};
    struct agreement_filter filter = {.status = command_flag_value(call, "--status"),
                                      .team = command_flag_value(call, "--team"),
                                      .due = call_has_flag(call, "--due")};
    if (call_word(call, 0) != NULL) {
        if (!catalog_find(catalog, call_word(call, 0), &entry, err)) {
            return false;
        }
        filter.product = entry.id;
    }
    bool done = true;
    if (call->spec.has_screen && !filter.due && filter.status == NULL &&
        filter.team == NULL) {
        text_printf(&call->reply.action, "agreements %s",
                    filter.product != NULL ? filter.product : "");
    } else {
        struct array list = agreement_list(catalog, &filter);
        done = show_list(call, &list, err);
        agreements_release(&list);
    }
    catalog_entry_release(&entry);
    if (done) {
        call_done(call);
    }
    return done;
}

/* ---- approve, reject, end, reassess ---- */

static bool answer(struct command_call *call, enum agreement_step step, const char *told,
                   struct error *err)
{
    struct acting acting;
    char *path = NULL;
    struct agreement_answer answer = {.id = call_word(call, 0),
                                      .step = step,
                                      .reason = command_flag_value(call, "--reason"),
                                      .until = command_flag_value(call, "--until"),
                                      .reassess = command_flag_value(call, "--reassess")};
    if (answer.id == NULL) {
        return error_set(err, ERROR_USAGE,
                         "%s needs the id of an agreement: agreements "
                         "lists them",
                         command_verb(call));
    }
    acting_open(call, &acting, &answer.person);
    bool done = agreement_answer(call->workbench->catalog, &answer, &path, err);
    acting_release(&acting);
    if (done) {
        call_message(call, "%s is %s: %s; commit it", answer.id, told, path);
        free(path);
    }
    return done && call_read_again(call, err);
}

bool verb_approve(struct command_call *call, struct error *err)
{
    return answer(call, AGREEMENT_APPROVE, "approved", err);
}

bool verb_reject(struct command_call *call, struct error *err)
{
    return answer(call, AGREEMENT_REJECT, "rejected", err);
}

bool verb_end(struct command_call *call, struct error *err)
{
    return answer(call, AGREEMENT_END, "ended", err);
}

bool verb_reassess(struct command_call *call, struct error *err)
{
    return answer(call, AGREEMENT_REASSESS, "looked at again", err);
}
