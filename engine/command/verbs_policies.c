/* command: policies and waive: the global policies of the mesh, held against it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/command/policies.h"
#include "engine/governance.h"

/* ---- A run ---- */

struct policies_work {
    char *product; /* id, or NULL */
};

static void free_work(void *own)
{
    struct policies_work *work = own;
    free(work->product);
    free(work);
}

/* What becomes of a run: rows, XML, or text. */
static bool answer(struct command_call *call, const struct governance_report *report,
                   struct error *err)
{
    const char *format = command_flag_value(call, "--format");
    bool of_one = call_word(call, 0) != NULL;
    if (string_equal(format, "junit")) {
        policies_junit(report, &call->reply.text);
        return true;
    }
    if (format == NULL && !call_has_flag(call, "--violations")) {
        policies_text(report, of_one, &call->reply.text);
        call->reply.text_title = "Policies";
        call->reply.view = "text";
        return true;
    }
    const char *folder = call->workbench->spool_folder;
    call->rows = of_one || call_has_flag(call, "--violations")
                     ? policies_violation_rows(report, folder, err)
                     : policies_rows(report, folder, err);
    call->reply.result = call->rows;
    return call->rows != NULL;
}

static void on_ran(void *owner, struct job *job, const struct governance_report *report)
{
    struct command_call *call = owner;
    struct error err = *job_error(job);
    struct text summary = {0};
    call->job = NULL;
    if (call->is_abandoned) {
        return;
    }
    if (report == NULL && err.kind == ERROR_NONE) {
        error_set(&err, ERROR_FAILED, "the policies ended without an answer");
    }
    if (report == NULL || !answer(call, report, &err)) {
        call_fail(call, &err);
        return;
    }
    bool good = policies_summary(report, &summary);
    call_message(call, "%s", text_string(&summary));
    if (!good) {
        error_set(&call->reply.error, ERROR_VERDICT, "%s", text_string(&summary));
    }
    text_release(&summary);
    call_done(call);
}

static bool start_run(struct command_call *call, struct error *err)
{
    const struct policies_work *work = call->own;
    struct workbench_policies_spec spec = {
        .policy = call_word(call, 0),
        .product = work->product,
        .with_data = !call_has_flag(call, "--no-data"),
        .finished = on_ran,
        .owner = call,
    };
    call->job = workbench_run_policies(call->workbench, &spec, err);
    return call->job != NULL;
}

static bool find_product(struct command_call *call, struct policies_work *work,
                         struct error *err)
{
    struct catalog_entry entry;
    const char *name = command_flag_value(call, "--product");
    if (name == NULL) {
        return true;
    }
    if (!catalog_find(call->workbench->catalog, name, &entry, err)) {
        return false;
    }
    work->product = string_copy(entry.id);
    catalog_entry_release(&entry);
    return true;
}

bool verb_policies(struct command_call *call, struct error *err)
{
    struct policies_work *work = memory_new(sizeof *work);
    call->own = work;
    call->free_own = free_work;
    if (!find_product(call, work, err)) {
        return false;
    }
    if (call_has_flag(call, "--adoption")) {
        return policies_adoption(call, err);
    }
    if (call_has_flag(call, "--rows")) {
        return policies_raw_rows(call, err);
    }
    if (call->spec.has_screen && command_flag_value(call, "--format") == NULL &&
        !call_has_flag(call, "--violations")) {
        const char *id = call_word(call, 0);
        text_printf(&call->reply.action, "governance %s%s", id != NULL ? id : "",
                    work->product != NULL ? work->product : "");
        call_done(call);
        return true;
    }
    return start_run(call, err);
}

/* ---- waive ---- */

static bool read_waiver(struct command_call *call, struct governance_waiver *waiver,
                        struct catalog_entry *entry, struct error *err)
{
    const char *product = call_word(call, 1);
    waiver->policy = call_word(call, 0);
    waiver->domain = command_flag_value(call, "--domain");
    waiver->reason = command_flag_value(call, "--reason");
    waiver->owner = command_flag_value(call, "--owner");
    waiver->until = command_flag_value(call, "--until");
    if (waiver->policy == NULL || (product == NULL) == (waiver->domain == NULL)) {
        return error_set(err, ERROR_USAGE,
                         "waive needs a policy and a product, or --domain: waive P02 "
                         "fulfillment/shelf-warmers --reason \"...\" --owner TEAM "
                         "--until 2027-03-31");
    }
    if (product != NULL) {
        if (!catalog_find(call->workbench->catalog, product, entry, err)) {
            return false;
        }
        waiver->product = entry->id;
    }
    return true;
}

static bool check_policy(const struct command_call *call, const char *id,
                         struct error *err)
{
    struct array policies;
    bool there = false;
    governance_policies(call->workbench->catalog, &policies);
    for (size_t i = 0; i < policies.count; i++) {
        struct governance_policy *policy = array_at(&policies, i);
        there = there || string_equal_fold(policy->id, id);
        governance_policy_release(policy);
    }
    array_release(&policies);
    return there || error_set(err, ERROR_FAILED, "there is no policy \"%s\"", id);
}

bool verb_waive(struct command_call *call, struct error *err)
{
    struct catalog_entry entry = {0};
    struct governance_waiver waiver = {0};
    char *path = NULL;
    bool done = read_waiver(call, &waiver, &entry, err) &&
                check_policy(call, waiver.policy, err) &&
                governance_waive(call->workbench->catalog, &waiver, &path, err);
    if (done) {
        call_message(call, "%s is waived for %s until %s: %s", waiver.policy,
                     waiver.product != NULL ? waiver.product : waiver.domain,
                     waiver.until, path);
        workbench_read_catalog(call->workbench, NULL);
        call_done(call);
    }
    catalog_entry_release(&entry);
    free(path);
    return done;
}
