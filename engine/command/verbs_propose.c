/* command: propose, rules for the contracts of a product, found in the data that are
 * here. A child looks and, with --write, changes the contracts: data and descriptors are
 * hostile. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"
#include "engine/propose.h"

#include <stdlib.h>
#include <string.h>

static const char *const columns[] = {"table",    "column",  "kind",    "proposal",
                                      "evidence", "written", "why_not", "sql"};
enum { COLUMNS = sizeof columns / sizeof *columns };

/* What the child tells. */
enum { TOLD_FILE, TOLD_TEXT, TOLD_COUNTS };

struct propose_counts {
    long long proposals, fitting, files;
    bool is_written;
};

struct propose_work {
    char *index, *product, *role, *only, *spools;
    bool as_rows, writes;
    char *file; /* of the rows, told */
    struct propose_counts counts;
};

/* ---- In the child ---- */

static void describe(const struct array *proposals, struct text *out)
{
    for (size_t i = 0; i < proposals->count; i++) {
        const struct proposal *one = array_at(proposals, i);
        text_printf(out, "%s%s%s: %s\n    %s\n    %s\n", one->object,
                    one->property != NULL ? "." : "",
                    one->property != NULL ? one->property : "", one->rule, one->evidence,
                    one->sql);
        if (one->why_not != NULL) {
            text_printf(out, "    only shown: %s\n", one->why_not);
        }
    }
}

static bool tell_rows(const struct propose_work *work, const struct array *proposals,
                      struct job_port *port, struct error *err)
{
    struct rows *rows = rows_new(work->spools, columns, COLUMNS, err);
    if (rows == NULL) {
        return false;
    }
    for (size_t i = 0; i < proposals->count; i++) {
        const struct proposal *one = array_at(proposals, i);
        bool is_written = work->writes && one->why_not == NULL;
        rows_add(rows, "ssssssss", one->object, one->property, one->kind, one->rule,
                 one->evidence, is_written ? "yes" : "no", one->why_not, one->sql);
    }
    job_tell(port, TOLD_FILE, rows_file(rows), strlen(rows_file(rows)));
    return rows_close(rows, err);
}

static bool write_files(const struct propose_work *work, const struct array *files,
                        struct text *diff, struct propose_counts *counts,
                        struct error *err)
{
    bool done = true;
    for (size_t i = 0; i < files->count; i++) {
        const struct amend_file *file = array_at(files, i);
        size_t length = diff->length;
        amend_diff(file->relative, file->before, text_string(&file->after), diff);
        counts->files += diff->length > length ? 1 : 0;
        done = done && (!work->writes || amend_write(file, err));
    }
    counts->is_written = done && work->writes;
    return done;
}

static bool tell(const struct propose_work *work, struct array *proposals,
                 const struct array *files, struct job_port *port, struct error *err)
{
    struct text out = {0}, diff = {0};
    struct propose_counts counts = {.proposals = (long long)proposals->count};
    bool done = write_files(work, files, &diff, &counts, err);
    for (size_t i = 0; i < proposals->count; i++) {
        const struct proposal *one = array_at(proposals, i);
        counts.fitting += one->why_not == NULL ? 1 : 0;
    }
    if (done && work->as_rows) {
        done = tell_rows(work, proposals, port, err);
    } else if (done) {
        describe(proposals, &out);
        text_printf(&out, "%s%s", diff.length > 0 ? "\n" : "", text_string(&diff));
        job_tell(port, TOLD_TEXT, text_string(&out), out.length);
    }
    job_tell(port, TOLD_COUNTS, &counts, sizeof counts);
    text_release(&out);
    text_release(&diff);
    return done;
}

static void files_release(struct array *files)
{
    for (size_t i = 0; i < files->count; i++) {
        amend_close(array_at(files, i));
    }
    array_release(files);
}

static bool propose_in_child(struct job_port *port, void *argument, struct error *err)
{
    const struct propose_work *work = argument;
    struct catalog *catalog = catalog_open(work->index, err);
    struct policy *policy =
        catalog != NULL ? policy_open(catalog, work->role, err) : NULL;
    struct array proposals = ARRAY_OF(struct proposal),
                 files = ARRAY_OF(struct amend_file);
    bool done = false;
    if (policy != NULL) {
        struct propose_spec spec = {.catalog = catalog,
                                    .policy = policy,
                                    .product = work->product,
                                    .only = work->only};
        done = propose_rules(&spec, port, &proposals, err);
    }
    if (done) {
        propose_amend(catalog, &proposals, &files);
        done = tell(work, &proposals, &files, port, err);
    }
    files_release(&files);
    propose_release(&proposals);
    policy_close(policy);
    catalog_close(catalog);
    return done;
}

/* ---- In the parent ---- */

static void on_told(void *owner, struct job *job, int type, const void *bytes,
                    size_t length)
{
    struct command_call *call = owner;
    struct propose_work *work = call->own;
    (void)job;
    if (type == TOLD_FILE) {
        free(work->file);
        work->file = string_copy_bytes(bytes, length);
    } else if (type == TOLD_TEXT) {
        text_append_bytes(&call->reply.text, bytes, length);
    } else if (length == sizeof work->counts) {
        memcpy(&work->counts, bytes, length);
    }
}

static void tell_counts(struct command_call *call, const struct propose_counts *counts)
{
    struct text *message = &call->reply.message;
    if (counts->proposals == 0) {
        text_append(message, "nothing to propose: the contracts say all that the data "
                             "show");
        return;
    }
    text_append_count(message, counts->proposals, "proposal");
    if (counts->fitting == 0) {
        text_append(message, ", none of which can be written");
    } else if (counts->is_written) {
        text_printf(message, ", %lld written into ", counts->fitting);
        text_append_count(message, counts->files, "contract");
        text_append(message, "; look at them and commit them");
    } else {
        text_printf(message, ", %lld of them for --write", counts->fitting);
        if (call->spec.has_screen && call->reply.text.length > 0) {
            const struct propose_work *work = call->own;
            text_printf(&call->reply.text, "\n:propose %s --write makes this change.\n",
                        work->product);
        }
    }
}

static void on_finished(void *owner, struct job *job)
{
    struct command_call *call = owner;
    const struct propose_work *work = call->own;
    struct error err = *job_error(job);
    bool done = job_state(job) == JOB_DONE;
    call->job = NULL;
    if (done && work->file != NULL) {
        call->rows = rows_open(work->file, columns, COLUMNS, &err);
        call->reply.result = call->rows;
        done = call->rows != NULL;
    }
    if (!done) {
        call_fail(call, &err);
        return;
    }
    call->reply.text_title = "Proposals";
    call->reply.view = work->as_rows ? "grid" : "text";
    tell_counts(call, &work->counts);
    if (work->counts.is_written) {
        if (!call_read_again(call, &err)) {
            call_fail(call, &err);
        }
        return;
    }
    call_done(call);
}

static void free_work(void *own)
{
    struct propose_work *work = own;
    free(work->index);
    free(work->product);
    free(work->role);
    free(work->only);
    free(work->spools);
    free(work->file);
    free(work);
}

bool verb_propose(struct command_call *call, struct error *err)
{
    const struct workbench *workbench = call->workbench;
    const char *name =
        call_word(call, 0) != NULL ? call_word(call, 0) : workbench->product;
    struct catalog_entry entry;
    if (name == NULL) {
        return error_set(err, ERROR_USAGE,
                         "propose needs a product: propose DOMAIN/NAME");
    }
    if (!workbench_has_role(workbench, err) ||
        !catalog_find(workbench->catalog, name, &entry, err)) {
        return false;
    }
    struct propose_work *work = memory_new(sizeof *work);
    work->index = string_copy(workbench->index);
    work->product = string_copy(entry.id);
    work->role = string_copy(workbench->role);
    work->only = string_copy(command_flag_value(call, "--only"));
    work->spools = string_copy(workbench->spool_folder);
    work->as_rows = command_flag_value(call, "--format") != NULL;
    work->writes = call_has_flag(call, "--write");
    call->own = work;
    call->free_own = free_work;
    catalog_entry_release(&entry);
    struct job_spec spec = {
        .title = "propose",
        .run = propose_in_child,
        .argument = work,
        .received = on_told,
        .finished = on_finished,
        .owner = call,
    };
    call->job = jobs_start(workbench->jobs, &spec, err);
    return call->job != NULL;
}
