/* command: changes, who changed a product, a contract or one promise in it. git is asked
 * in a child: repositories are hostile and histories long.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"
#include "engine/filetree.h"
#include "engine/history.h"
#include "engine/path.h"
#include "engine/safetext.h"
#include "engine/store.h"

#include <stdlib.h>
#include <string.h>

static const char *const columns[] = {"commit", "date", "author", "subject",
                                      "file",   "old",  "new"};
enum {
    COLUMNS = sizeof columns / sizeof *columns,
    COLUMNS_WITHOUT_FIELD = COLUMNS - 2,
    SHORT_ID = 10,
};

/* What the child tells. */
enum { TOLD_FILE, TOLD_TEXT, TOLD_NOTE, TOLD_COUNT };

/* A descriptor whose history is asked for. */
struct asked_file {
    char *shown;               /* its path in the index */
    char *folder, *ref, *path; /* as in struct history_spec; ref may be NULL */
};

struct changes_work {
    struct array files; /* of struct asked_file */
    const char *field;  /* NULL: any change */
    size_t most;
    bool as_text;
    char *spools; /* folder for the rows */
    char *file;   /* of the rows, told */
    long long count;
};

/* ---- Which files ---- */

static void push_file(struct changes_work *work, const char *shown, const char *folder,
                      const char *ref, const char *path)
{
    struct asked_file *file = array_push(&work->files);
    *file = (struct asked_file){string_copy(shown), string_copy(folder), string_copy(ref),
                                string_copy(path)};
}

static void push_on_disk(struct changes_work *work, const char *shown, const char *file)
{
    char *folder = path_folder(file);
    push_file(work, shown, folder, NULL, path_base(file));
    free(folder);
}

/* A path in a repository that the mesh, or the source, was read from. */
static void push_in_git(struct changes_work *work, const char *shown,
                        const char *location, const char *below)
{
    struct filetree_location git;
    if (filetree_parse(location, &git, NULL)) {
        char *path =
            string_printf("%s%s%s", git.below != NULL ? git.below : "",
                          git.below != NULL && git.below[0] != '\0' ? "/" : "", below);
        push_file(work, shown, git.path, git.ref, path);
        free(path);
    }
    filetree_location_release(&git);
}

static bool push_indexed(struct command_call *call, const char *path, struct error *err)
{
    struct changes_work *work = call->own;
    struct catalog *catalog = call->workbench->catalog;
    sqlite3 *db = catalog_database(catalog);
    char *source =
        store_string(db, "SELECT source FROM document WHERE path=?1", "s", path);
    char *kind =
        store_string(db, "SELECT kind FROM source WHERE name IS ?1", "s", source);
    char *location =
        store_string(db, "SELECT location FROM source WHERE name IS ?1", "s", source);
    bool is_web = string_equal(kind, "web");
    if (is_web) {
        error_set(err, ERROR_FAILED,
                  "%s was fetched from %s, which keeps no history; only git can tell who "
                  "changed it",
                  path, location);
    } else if (string_equal(kind, "git")) {
        push_in_git(work, path, location,
                    path + (source != NULL ? strlen(source) + 1 : 0));
    } else {
        char *file = catalog_file(catalog, path);
        push_on_disk(work, path, file);
        free(file);
    }
    free(location);
    free(kind);
    free(source);
    return !is_web;
}

static bool push_all(struct command_call *call, const char *sql, const char *letters,
                     long long row, const char *name, struct error *err)
{
    bool done = true;
    sqlite3_stmt *stmt =
        store_prepare(catalog_database(call->workbench->catalog), sql, err);
    if (stmt != NULL && letters[0] == 'l') {
        store_bind(stmt, letters, row);
    } else if (stmt != NULL) {
        store_bind(stmt, letters, name);
    }
    while (done && stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        done = push_indexed(call, store_text(stmt, 0), err);
    }
    store_finish(stmt);
    return done && stmt != NULL;
}

/* A product with the contracts it delivers, a contract by its id or name, or a file. */
static bool find_files(struct command_call *call, const char *name, struct error *err)
{
    struct changes_work *work = call->own;
    struct catalog_entry entry;
    struct error unknown = {0};
    if (catalog_find(call->workbench->catalog, name, &entry, &unknown)) {
        long long row = entry.row;
        catalog_entry_release(&entry);
        return push_all(
            call,
            "SELECT path FROM product WHERE rowid=?1 UNION SELECT c.path FROM "
            "port o JOIN contract c ON c.rowid=o.contract_row WHERE "
            "o.product_row=?1 AND o.dir='out'",
            "l", row, NULL, err);
    }
    if (!push_all(call, "SELECT DISTINCT path FROM contract WHERE id=?1 OR name=?1", "s",
                  0, name, err)) {
        return false;
    }
    char *file = work->files.count == 0 ? path_absolute(name, NULL) : NULL;
    if (file != NULL && !path_is_folder(file)) {
        push_on_disk(work, name, file);
    }
    free(file);
    if (work->files.count == 0) {
        *err = unknown;
    }
    return work->files.count > 0;
}

/* ---- In the child ---- */

struct found {
    struct array changes; /* of struct history_change, those of all files */
    struct array shown;   /* of const char *: the file of each, as in the index */
    bool known;
    size_t failed;
    struct error first;
};

static void read_file(const struct changes_work *work, const struct asked_file *file,
                      struct found *found)
{
    bool known = false;
    struct error err = {0};
    struct history_spec spec = {.folder = file->folder,
                                .ref = file->ref,
                                .path = file->path,
                                .field = work->field,
                                .most = work->most};
    if (!history_read(&spec, &found->changes, &known, &err)) {
        found->first = found->failed++ == 0 ? err : found->first;
    }
    found->known |= known;
    while (found->shown.count < found->changes.count) {
        *(const char **)array_push(&found->shown) = file->shown;
    }
}

struct told {
    const struct history_change *change;
    const char *shown;
    size_t at;
};

/* Newest first; at one time as git gave them. */
static int compare_told(const void *a, const void *b)
{
    const struct told *first = a, *second = b;
    if (first->change->time != second->change->time) {
        return first->change->time > second->change->time ? -1 : 1;
    }
    return first->at < second->at ? -1 : 1;
}

static struct array in_order(const struct found *found)
{
    struct array all = ARRAY_OF(struct told);
    for (size_t i = 0; i < found->changes.count; i++) {
        *(struct told *)array_push(&all) = (struct told){
            array_at(&found->changes, i), *(const char **)array_at(&found->shown, i), i};
    }
    if (all.count > 1) {
        qsort(all.items, all.count, all.item_size, compare_told);
    }
    return all;
}

static bool tell_rows(const struct changes_work *work, const struct array *all,
                      struct job_port *port, struct error *err)
{
    size_t count = work->field != NULL ? COLUMNS : COLUMNS_WITHOUT_FIELD;
    struct rows *rows = rows_new(work->spools, columns, count, err);
    if (rows == NULL) {
        return false;
    }
    for (size_t i = 0; i < all->count; i++) {
        const struct told *told = array_at(all, i);
        char *id = string_printf("%.*s", SHORT_ID, told->change->commit);
        rows_add(rows, work->field != NULL ? "sssssss" : "sssss", id, told->change->date,
                 told->change->author, told->change->subject, told->shown,
                 told->change->old, told->change->new);
        free(id);
    }
    job_tell(port, TOLD_FILE, rows_file(rows), strlen(rows_file(rows)));
    return rows_close(rows, err);
}

static void append_safe(struct text *out, const char *string, int width)
{
    safetext_append_cut(out, string, strlen(string), width);
}

static void describe(const struct changes_work *work, const struct told *told,
                     struct text *out)
{
    const struct history_change *change = told->change;
    text_printf(out, "%.10s  %.10s  ", change->commit, change->date);
    append_safe(out, change->author, 30);
    text_append(out, change->author[0] != '\0' ? "  " : "");
    append_safe(out, change->subject, 100);
    text_append(out, "\n            ");
    append_safe(out, told->shown, 100);
    if (work->field != NULL) {
        text_append(out, "  ");
        append_safe(out, change->old != NULL ? change->old : "(none)", 100);
        text_append(out, " -> ");
        append_safe(out, change->new != NULL ? change->new : "(none)", 100);
    }
    text_append_char(out, '\n');
}

static bool tell(const struct changes_work *work, const struct found *found,
                 struct job_port *port, struct error *err)
{
    struct array all = in_order(found);
    long long count = (long long)all.count;
    bool done = true;
    if (work->as_text) {
        struct text out = {0};
        for (size_t i = 0; i < all.count; i++) {
            describe(work, array_at(&all, i), &out);
        }
        job_tell(port, TOLD_TEXT, text_string(&out), out.length);
        text_release(&out);
    } else {
        done = tell_rows(work, &all, port, err);
    }
    if (found->failed > 0) {
        job_tell(port, TOLD_NOTE, found->first.message, strlen(found->first.message));
    }
    job_tell(port, TOLD_COUNT, &count, sizeof count);
    array_release(&all);
    return done;
}

static bool ask_in_child(struct job_port *port, void *argument, struct error *err)
{
    const struct changes_work *work = argument;
    struct found found = {.changes = ARRAY_OF(struct history_change),
                          .shown = ARRAY_OF(const char *)};
    bool done;
    for (size_t i = 0; i < work->files.count && !job_cancelled(port); i++) {
        read_file(work, array_at(&work->files, i), &found);
    }
    if (found.failed == work->files.count) {
        *err = found.first;
        done = error_prefix(err, "could not tell who changed it: ");
    } else if (!found.known) {
        done = error_set(err, ERROR_FAILED,
                         "no revision of it has a field %s; write one as status, "
                         "description.purpose, sla.retention or TABLE.COLUMN",
                         work->field);
    } else {
        done = tell(work, &found, port, err);
    }
    history_release(&found.changes);
    array_release(&found.shown);
    return done;
}

/* ---- In the parent ---- */

static void on_told(void *owner, struct job *job, int type, const void *bytes,
                    size_t length)
{
    (void)job;
    struct command_call *call = owner;
    struct changes_work *work = call->own;
    switch (type) {
    case TOLD_FILE:
        work->file = string_copy_bytes(bytes, length);
        break;
    case TOLD_TEXT:
        text_append_bytes(&call->reply.text, bytes, length);
        break;
    case TOLD_NOTE:
        text_append_bytes(&call->reply.notes, bytes, length);
        break;
    default:
        memcpy(&work->count, bytes, length == sizeof work->count ? length : 0);
    }
}

static void on_asked(void *owner, struct job *job)
{
    struct command_call *call = owner;
    struct changes_work *work = call->own;
    struct error err = *job_error(job);
    bool done = job_state(job) == JOB_DONE;
    call->job = NULL;
    if (done && work->file != NULL) {
        call->rows =
            rows_open(work->file, columns,
                      work->field != NULL ? COLUMNS : COLUMNS_WITHOUT_FIELD, &err);
        call->reply.result = call->rows;
        done = call->rows != NULL;
    }
    if (!done) {
        call_fail(call, &err);
        return;
    }
    call->reply.text_title = "Changes";
    call->reply.view = work->as_text ? "text" : NULL;
    if (work->count == 0) {
        call_message(call, "git knows no change of it");
    }
    call_done(call);
}

static void free_work(void *own)
{
    struct changes_work *work = own;
    for (size_t i = 0; i < work->files.count; i++) {
        struct asked_file *file = array_at(&work->files, i);
        free(file->shown);
        free(file->folder);
        free(file->ref);
        free(file->path);
    }
    array_release(&work->files);
    free(work->spools);
    free(work->file);
    free(work);
}

bool verb_changes(struct command_call *call, struct error *err)
{
    struct workbench *workbench = call->workbench;
    long long most;
    const char *name =
        call_word(call, 0) != NULL ? call_word(call, 0) : workbench->product;
    if (name == NULL) {
        return error_set(err, ERROR_USAGE,
                         "changes needs a product or a contract: changes DOMAIN/NAME");
    }
    if (!call_number(call, "--limit", 1000, &most, err)) {
        return false;
    }
    struct changes_work *work = memory_new(sizeof *work);
    work->files = (struct array)ARRAY_OF(struct asked_file);
    work->field = call_word(call, 1);
    work->most = most > 0 ? (size_t)most : 0;
    work->as_text = call->spec.has_screen && command_flag_value(call, "--format") == NULL;
    work->spools = string_copy(workbench->spool_folder);
    call->own = work;
    call->free_own = free_work;
    if (!find_files(call, name, err)) {
        return false;
    }
    struct job_spec spec = {
        .title = "changes",
        .run = ask_in_child,
        .argument = work,
        .received = on_told,
        .finished = on_asked,
        .owner = call,
    };
    call->job = jobs_start(workbench->jobs, &spec, err);
    return call->job != NULL;
}
