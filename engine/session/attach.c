/* session/attach: the workspace, the catalog, and products attached when they are named.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/cache.h"
#include "engine/ledger.h"
#include "engine/path.h"
#include "engine/quality.h"
#include "engine/functions.h"
#include "engine/session/worker.h"
#include "engine/store.h"

#include <stdlib.h>
#include <sys/stat.h>

static bool is_own_schema(const char *schema)
{
    return string_equal_fold(schema, "main") || string_equal_fold(schema, "temp");
}

static void release_attachment(struct attachment *attachment)
{
    free(attachment->schema);
    free(attachment->file);
    free(attachment->product);
    cache_lease_release(attachment->lease);
}

struct attachment *attach_find(struct worker *worker, const char *schema)
{
    for (size_t i = 0; i < worker->attachments.count; i++) {
        struct attachment *one = array_at(&worker->attachments, i);
        if (string_equal_fold(one->schema, schema)) {
            return one;
        }
    }
    return NULL;
}

/* ---- Opening ---- */

static bool open_workspace(struct worker *worker, struct error *err)
{
    if (worker->db != NULL) {
        return true;
    }
    worker->db = store_open(worker->workspace,
                            worker->workspace != NULL ? STORE_CREATE : STORE_MEMORY, err);
    if (worker->db == NULL) {
        return error_prefix(err, "the workspace is not there: ");
    }
    /* Attached products are files of others. */
    sqlite3_exec(worker->db, "PRAGMA cell_size_check=ON", NULL, NULL, NULL);
    functions_register(worker->db);
    quality_functions(worker->db, NULL);
    guard_set(worker, worker->db);
    return true;
}

static void close_catalog(struct worker *worker)
{
    permit_close(worker);
    catalog_close(worker->catalog);
    worker->catalog = NULL;
    free(worker->index);
    worker->index = NULL;
}

/* What is attached as `mesh` is another file from now on, though its name may be the
 * same. */
static void forget_mesh(struct worker *worker)
{
    struct attachment *mesh = attach_find(worker, "mesh");
    if (mesh != NULL) {
        free(mesh->file);
        mesh->file = NULL;
    }
}

/* The index is replaced by rename when the mesh changes: another inode, another mesh. */
static bool open_catalog(struct worker *worker, struct error *err)
{
    const char *index = worker->request->index;
    struct stat now = {0};
    if (index == NULL || stat(index, &now) != 0) {
        close_catalog(worker);
        return true;
    }
    if (worker->catalog != NULL && string_equal(worker->index, index) &&
        worker->index_device == now.st_dev && worker->index_inode == now.st_ino) {
        return true;
    }
    close_catalog(worker);
    forget_mesh(worker);
    worker->catalog = catalog_open(index, err);
    if (worker->catalog == NULL) {
        return false;
    }
    worker->index = string_copy(index);
    worker->index_device = now.st_dev;
    worker->index_inode = now.st_ino;
    return true;
}

bool attach_open(struct worker *worker, struct error *err)
{
    return open_workspace(worker, err) && open_catalog(worker, err) &&
           permit_open(worker, err);
}

void attach_close(struct worker *worker)
{
    for (size_t i = 0; i < worker->attachments.count; i++) {
        release_attachment(array_at(&worker->attachments, i));
    }
    array_release(&worker->attachments);
    close_catalog(worker);
    store_close(worker->db);
    worker->db = NULL;
}

/* ---- What a schema stands for ---- */

struct target {
    char *file, *product;
    char *refusal; /* why the role may not read it, or NULL */
};

/* The log of fetches, unless a product has its name. */
static bool find_ledger(const char *schema, struct target *out)
{
    out->file = string_equal_fold(schema, "ledger") ? ledger_ready(NULL) : NULL;
    return out->file != NULL;
}

/* False: the schema is no product, not the catalog and not the ledger. A product that is
 * not in the cache has no file. */
static bool find_target(struct worker *worker, const char *schema, struct target *out)
{
    struct catalog_entry entry;
    *out = (struct target){0};
    if (is_own_schema(schema)) {
        return false;
    }
    if (worker->catalog != NULL && string_equal_fold(schema, "mesh")) {
        out->file = string_copy(worker->index);
        return true;
    }
    if (worker->catalog == NULL ||
        !catalog_find_schema(worker->catalog, schema, &entry)) {
        return find_ledger(schema, out);
    }
    out->product = string_copy(entry.id);
    const struct cache_product product = {.mesh = catalog_mesh_path(worker->catalog),
                                          .role = worker->request->role,
                                          .domain = entry.domain,
                                          .name = entry.name};
    out->file = cache_current(&product);
    out->refusal = permit_refusal(worker, entry.id, &out->file);
    catalog_entry_release(&entry);
    return true;
}

/* A version that is to be attached is held; one that was replaced meanwhile is not. */
static bool hold_target(struct target *target, struct cache_lease **lease,
                        struct error *err)
{
    *lease = target->product != NULL ? cache_lease_take(target->file, err) : NULL;
    return target->product == NULL || *lease != NULL;
}

static void release_target(struct target *target)
{
    free(target->file);
    free(target->product);
    free(target->refusal);
}

bool attach_check(struct worker *worker, struct outcome *outcome)
{
    struct array schemas = sql_schemas(worker->request->sql, worker->request->sql_length);
    bool here = true;
    for (size_t i = 0; i < schemas.count && here; i++) {
        const char *schema = *(char **)array_at(&schemas, i);
        struct target target;
        bool known = find_target(worker, schema, &target);
        if (known && target.refusal != NULL) {
            here = error_set(&outcome->error, ERROR_FAILED, "%s", target.refusal);
        } else if (known && target.file == NULL) {
            here = error_set(&outcome->error, ERROR_FAILED,
                             "the product %s is not on this machine yet; get it first: "
                             "get %s",
                             target.product, target.product);
            outcome->needs = string_copy(target.product);
        }
        release_target(&target);
    }
    sql_names_release(&schemas);
    return here;
}

/* ---- Attaching ---- */

static bool run_trusted(struct worker *worker, const char *sql, const char *file,
                        struct error *err)
{
    bool before = worker->trusted;
    worker->trusted = true;
    sqlite3_stmt *stmt = store_prepare(worker->db, sql, err);
    if (stmt != NULL && file != NULL) {
        store_bind(stmt, "s", file);
    }
    bool done = stmt != NULL && store_execute(stmt, err);
    store_finish(stmt);
    worker->trusted = before;
    return done;
}

static bool detach(struct worker *worker, size_t index, struct error *err)
{
    struct attachment *one = array_at(&worker->attachments, index);
    struct text sql = {0};
    text_append(&sql, "DETACH ");
    store_quote_name(&sql, one->schema);
    bool done = run_trusted(worker, sql.data, NULL, err);
    text_release(&sql);
    if (!done) {
        return error_prefix(
            err,
            "could not let go of %s to make room for another product; end "
            "the open transaction with COMMIT or ROLLBACK first: ",
            one->schema);
    }
    release_attachment(one);
    array_remove(&worker->attachments, index);
    return true;
}

static bool detach_least_used(struct worker *worker, struct error *err)
{
    size_t least = 0;
    for (size_t i = 1; i < worker->attachments.count; i++) {
        const struct attachment *one = array_at(&worker->attachments, i);
        const struct attachment *best = array_at(&worker->attachments, least);
        least = one->used < best->used ? i : least;
    }
    return detach(worker, least, err);
}

static bool attach_file(struct worker *worker, const char *schema, struct target *target,
                        struct error *err)
{
    size_t limit = (size_t)sqlite3_limit(worker->db, SQLITE_LIMIT_ATTACHED, -1);
    if (worker->attachments.count >= limit && !detach_least_used(worker, err)) {
        return false;
    }
    struct cache_lease *lease;
    if (!hold_target(target, &lease, err)) {
        return false;
    }
    /* Index and log may change in place, a product's version never does. */
    bool may_change = target->product == NULL;
    struct text sql = {0};
    char *uri = store_uri_immutable(target->file);
    char *shared = store_uri_shared(target->file);
    text_append(&sql, "ATTACH ?1 AS ");
    store_quote_name(&sql, schema);
    bool done = (may_change && run_trusted(worker, sql.data, shared, NULL)) ||
                run_trusted(worker, sql.data, uri, err);
    free(shared);
    free(uri);
    text_release(&sql);
    if (!done) {
        cache_lease_release(lease);
        return error_prefix(err, "could not open %s (%s): ", schema, target->file);
    }
    struct attachment *one = array_push(&worker->attachments);
    *one = (struct attachment){.schema = string_copy(schema),
                               .file = string_copy(target->file),
                               .product = string_copy(target->product),
                               .lease = lease,
                               .used = worker->clock};
    return true;
}

/* Attached already, and still the version that is current? */
static bool attach_target(struct worker *worker, const char *schema,
                          struct target *target, struct error *err)
{
    struct attachment *one = attach_find(worker, schema);
    bool stale = one != NULL && !string_equal(one->file, target->file);
    if (stale) {
        size_t index = (size_t)(one - (struct attachment *)worker->attachments.items);
        if (!detach(worker, index, err)) {
            return false;
        }
        one = NULL;
    }
    if (one != NULL) {
        one->used = worker->clock;
        return true;
    }
    return attach_file(worker, schema, target, err);
}

static bool attach_schema(struct worker *worker, const char *schema, bool *known,
                          struct error *err)
{
    enum { TRIES = 20 };
    bool done = false, is_gone = true;
    /* Between the look for it and the lease it may be replaced and removed. */
    for (int i = 0; i < TRIES && is_gone; i++) {
        struct target target;
        *known = find_target(worker, schema, &target);
        is_gone = false;
        if (!*known) {
            done = true;
        } else if (target.refusal != NULL) {
            done = error_set(err, ERROR_FAILED, "%s", target.refusal);
        } else if (target.file == NULL) {
            done = error_set(err, ERROR_FAILED,
                             "the product %s is not on this machine yet", target.product);
        } else {
            done = attach_target(worker, schema, &target, err);
            is_gone = !done && !path_exists(target.file);
        }
        release_target(&target);
    }
    return done;
}

/* More products in one statement than SQLite can hold. */
static bool check_limit(struct worker *worker, struct error *err)
{
    struct text names = {0};
    const char *last = NULL;
    int count = 0;
    for (size_t i = 0; i < worker->schemas.count; i++) {
        const char *schema = *(char **)array_at(&worker->schemas, i);
        struct target target;
        if (find_target(worker, schema, &target)) {
            text_printf(&names, "%s%s", count++ > 0 ? ", " : "", schema);
            last = schema;
        }
        release_target(&target);
    }
    int limit = sqlite3_limit(worker->db, SQLITE_LIMIT_ATTACHED, -1);
    bool fits = count <= limit;
    if (!fits) {
        error_set(
            err, ERROR_FAILED,
            "the statement uses %d products (%.400s) and SQLite holds %d at a time; "
            "copy a table of one into your workspace first, for example CREATE TABLE "
            "copied AS SELECT * FROM %s.TABLE, and use main.copied instead",
            count, text_string(&names), limit, last);
    }
    text_release(&names);
    return fits;
}

/* `pragma_table_info('t', 'orders')` names its schema in a string. */
static void add_pragma_schemas(struct worker *worker)
{
    const char *sql = worker->request->sql;
    size_t end = worker->span.start + worker->span.length;
    struct sql_token token = {.start = worker->span.start};
    bool pragma = false;
    while (sql_next(sql, end, token.start + token.length, &token)) {
        pragma = pragma || (token.length > 7 &&
                            sqlite3_strnicmp(sql + token.start, "pragma_", 7) == 0);
        if (!pragma || token.kind != SQL_STRING) {
            continue;
        }
        char *schema = string_copy_bytes(sql + token.start + 1, token.length - 2);
        struct target target;
        if (find_target(worker, schema, &target)) {
            *(char **)array_push(&worker->schemas) = string_copy(schema);
        }
        release_target(&target);
        free(schema);
    }
}

bool attach_schemas(struct worker *worker, struct error *err)
{
    bool known;
    worker->clock++;
    add_pragma_schemas(worker);
    if (!check_limit(worker, err)) {
        return false;
    }
    /* Those that are attached already are touched first, so that none of them is let go
     * to make room for another of the same statement. */
    for (size_t i = 0; i < worker->schemas.count; i++) {
        struct attachment *one =
            attach_find(worker, *(char **)array_at(&worker->schemas, i));
        if (one != NULL) {
            one->used = worker->clock;
        }
    }
    for (size_t i = 0; i < worker->schemas.count; i++) {
        if (!attach_schema(worker, *(char **)array_at(&worker->schemas, i), &known,
                           err)) {
            return false;
        }
    }
    return true;
}

bool attach_late(struct worker *worker, const char *schema, struct error *err)
{
    bool known = false;
    return attach_find(worker, schema) == NULL &&
           attach_schema(worker, schema, &known, err) && known;
}
