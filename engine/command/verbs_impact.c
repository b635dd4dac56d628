/* command: impact: who is hit by a change. Read in a child, for statements and
 * descriptors of others are compiled and compared.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"
#include "engine/lineage.h"
#include "engine/path.h"

#include <stdlib.h>
#include <string.h>

static const char *const hit_columns[] = {"kind",   "name",  "how",        "grade",
                                          "change", "owner", "statements", "last",
                                          "step",   "path",  "line"};
enum { HIT_COLUMNS = sizeof hit_columns / sizeof *hit_columns };

/* What the child tells. */
enum { TOLD_FILE, TOLD_NOTE, TOLD_BREAKING };

struct impact_work {
    struct lineage_impact_spec spec;
    char *folder, *start, *version;
    char *file; /* told */
    bool is_breaking;
};

/* ---- In the child ---- */

static bool tell_hits(const struct impact_work *work, const struct array *hits,
                      struct job_port *port, struct error *err)
{
    struct rows *rows = rows_new(work->folder, hit_columns, HIT_COLUMNS, err);
    bool is_breaking = false;
    if (rows == NULL) {
        return false;
    }
    for (size_t i = 0; i < hits->count; i++) {
        const struct lineage_hit *hit = array_at(hits, i);
        rows_add(rows, "ssssssZsZsZ", hit->kind, hit->name, hit->how, hit->grade,
                 hit->change, hit->owner, hit->statements, hit->last,
                 (long long)hit->step, hit->path, (long long)hit->line);
        is_breaking = is_breaking || string_equal(hit->grade, "breaking");
    }
    job_tell(port, TOLD_FILE, rows_file(rows), strlen(rows_file(rows)));
    job_tell(port, TOLD_BREAKING, &is_breaking, sizeof is_breaking);
    return rows_close(rows, err);
}

static bool impact_in_child(struct job_port *port, void *argument, struct error *err)
{
    const struct impact_work *work = argument;
    struct array hits = ARRAY_OF(struct lineage_hit), notes = ARRAY_OF(char *);
    bool done = lineage_impact(&work->spec, &hits, &notes, err) &&
                tell_hits(work, &hits, port, err);
    for (size_t i = 0; i < notes.count; i++) {
        char *note = *(char **)array_at(&notes, i);
        job_tell(port, TOLD_NOTE, note, strlen(note));
        free(note);
    }
    array_release(&notes);
    lineage_hits_release(&hits);
    return done;
}

/* ---- In the parent ---- */

static void on_impact_told(void *owner, struct job *job, int type, const void *bytes,
                           size_t length)
{
    struct command_call *call = owner;
    struct impact_work *work = call->own;
    (void)job;
    if (type == TOLD_FILE && work->file == NULL) {
        work->file = string_copy_bytes(bytes, length);
    } else if (type == TOLD_NOTE) {
        text_append_bytes(&call->reply.notes, bytes, length);
        text_append_char(&call->reply.notes, '\n');
    } else if (type == TOLD_BREAKING) {
        work->is_breaking = length == sizeof(bool) && *(const bool *)bytes;
    }
}

static void on_impact_read(void *owner, struct job *job)
{
    struct command_call *call = owner;
    struct impact_work *work = call->own;
    struct error err = *job_error(job);
    call->job = NULL;
    if (job_state(job) == JOB_DONE && work->file != NULL) {
        call->rows = rows_open(work->file, hit_columns, HIT_COLUMNS, &err);
    }
    if (call->rows == NULL) {
        call_fail(call, &err);
        return;
    }
    call->reply.result = call->rows;
    call->reply.view = "grid";
    if (work->is_breaking && !call->spec.has_screen) {
        error_set(&call->reply.error, ERROR_VERDICT,
                  "the change to %s breaks what is "
                  "listed as breaking",
                  work->version);
    }
    call_done(call);
}

static void free_impact(void *own)
{
    struct impact_work *work = own;
    path_remove_tree(work->folder, NULL);
    free(work->folder);
    free(work->start);
    free(work->version);
    free(work->file);
    free(work);
}

bool verb_impact(struct command_call *call, struct error *err)
{
    const struct workbench *workbench = call->workbench;
    const char *word = call_count(call) > 0 ? call_word(call, 0) : workbench->product;
    if (word == NULL || call_count(call) > 2) {
        return error_set(err, ERROR_USAGE,
                         "impact of what? impact PRODUCT[.TABLE[.COLUMN]] [VERSION]");
    }
    struct impact_work *work = memory_new(sizeof *work);
    call->own = work;
    call->free_own = free_impact;
    work->start = string_copy(word);
    work->version = string_copy(call_word(call, 1));
    work->folder = string_printf("%s/impact-XXXXXX", workbench->spool_folder);
    if (mkdtemp(work->folder) == NULL) {
        return error_set(err, ERROR_FAILED, "could not make a folder in %s",
                         workbench->spool_folder);
    }
    work->spec = (struct lineage_impact_spec){
        .what = {.catalog = workbench->catalog,
                 .role = workbench->role,
                 .start = work->start,
                 .workspace = workbench->workspace},
        .version = work->version,
        .folder = work->folder,
    };
    struct job_spec spec = {
        .title = "impact",
        .run = impact_in_child,
        .argument = work,
        .received = on_impact_told,
        .finished = on_impact_read,
        .owner = call,
        .timeout = 300,
    };
    call->job = jobs_start(workbench->jobs, &spec, err);
    return call->job != NULL;
}
