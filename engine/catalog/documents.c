/* catalog/documents: which rows of the index came from which file or folder, so that one
 * changed file is taken out and read again without the others.
 *
 * All rows of a document are inserted in one go, so they lie side by side: two rowids for
 * each table say which they are, without an index in any of those tables.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"

#include <fcntl.h>
#include <gcrypt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

static const char *const roles[] = {
    [ROLE_FOLDER] = "folder", [ROLE_DESCRIPTOR] = "descriptor",
    [ROLE_OTHER] = "other",   [ROLE_MESH] = "mesh",
    [ROLE_POLICY] = "policy", [ROLE_AGREEMENT] = "agreement",
    [ROLE_QUERY] = "query",   [ROLE_COSTS] = "costs",
    [ROLE_USE] = "use",
};

const char *document_role_name(enum document_role role)
{
    return roles[role];
}

/* ---- Stamps ---- */

static long long nanoseconds(const struct timespec *time)
{
    return (long long)time->tv_sec * 1000000000 + time->tv_nsec;
}

/* ctime too: a tool that sets mtime back cannot set it. A folder's size says nothing on
 * some file systems; its times change with its entries. */
bool document_stamp_of(const struct roots *roots, const char *path,
                       struct document_stamp *stamp)
{
    struct stat info;
    char *full = roots_file(roots, path);
    bool there = lstat(full, &info) == 0;
    free(full);
    *stamp = (struct document_stamp){0};
    if (there) {
        long long mtime = nanoseconds(&info.st_mtim), ctime = nanoseconds(&info.st_ctim);
        stamp->is_folder = S_ISDIR(info.st_mode);
        stamp->size = stamp->is_folder ? 0 : (long long)info.st_size;
        stamp->changed = mtime > ctime ? mtime : ctime;
        stamp->inode = (long long)info.st_ino;
    }
    return there;
}

void document_settle(const struct document_stamp *stamp)
{
    enum { TICK = 10000000 }; /* ns, no clock of a file system in use is coarser */
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    long long age = nanoseconds(&now) - stamp->changed;
    if (age >= 0 && age < TICK) {
        nanosleep(&(struct timespec){.tv_nsec = (long)(TICK - age)}, NULL);
    }
}

void document_hash(const void *bytes, size_t length, unsigned char hash[DOCUMENT_HASH])
{
    gcry_md_hash_buffer(GCRY_MD_SHA256, hash, bytes, length);
}

/* ---- Reading one ---- */

void document_begin(struct build *build)
{
    memset(build->spans, 0, sizeof build->spans);
    catalog_names_release(&build->uses);
    build->uses = (struct array)ARRAY_OF(char *);
    build->is_reading = true;
}

void document_uses(struct build *build, const char *path)
{
    for (size_t i = 0; i < build->uses.count; i++) {
        if (string_equal(path, *(char **)array_at(&build->uses, i))) {
            return;
        }
    }
    *(char **)array_push(&build->uses) = string_copy(path);
}

/* "product 3 3;port 7 12" */
static char *spans_text(const struct build *build)
{
    struct text spans = {0};
    for (int kind = 0; kind < INSERT_COUNT; kind++) {
        if (build->spans[kind].first > 0) {
            text_printf(&spans, "%s%s %lld %lld", spans.length > 0 ? ";" : "",
                        index_inserts[kind].table, build->spans[kind].first,
                        build->spans[kind].last);
        }
    }
    return text_take(&spans);
}

/* What is not there is noted as well: it may come. */
static void insert_uses(struct build *build, long long row)
{
    for (size_t i = 0; i < build->uses.count; i++) {
        const char *path = *(char **)array_at(&build->uses, i);
        struct document_stamp stamp;
        document_stamp_of(&build->roots, path, &stamp);
        build_insert(build, INSERT_DEPENDENCY, "lslll", row, path, stamp.size,
                     stamp.changed, stamp.inode);
    }
    catalog_names_release(&build->uses);
    build->uses = (struct array)ARRAY_OF(char *);
}

void document_depends(struct build *build, const char *document, const char *path)
{
    long long row = document_row(build, document);
    struct document_stamp stamp;
    document_stamp_of(&build->roots, path, &stamp);
    build_run(
        build,
        "INSERT INTO dependency(document,path,size,changed,inode,product_row) SELECT "
        "?1,?2,?3,?4,?5,?6 WHERE NOT EXISTS(SELECT 1 FROM dependency WHERE "
        "document=?1 AND path=?2 AND product_row=?6)",
        "lsllll", row, path, stamp.size, stamp.changed, stamp.inode, build->linking);
}

static void bind_hash(struct build *build, long long row, const unsigned char *hash)
{
    static const char sql[] = "UPDATE document SET hash=?2 WHERE rowid=?1";
    if (build->set_hash == NULL) {
        build->set_hash = store_prepare(build->db, sql, &build->failure);
    }
    if (hash != NULL && build->set_hash != NULL) {
        sqlite3_bind_int64(build->set_hash, 1, row);
        sqlite3_bind_blob(build->set_hash, 2, hash, DOCUMENT_HASH, SQLITE_STATIC);
        store_execute(build->set_hash, &build->failure);
    }
}

long long document_end(struct build *build, const struct document_entry *entry)
{
    char *spans = spans_text(build);
    struct standard_claim claim = standard_of(entry->root);
    build->is_reading = false;
    long long row = build_insert(
        build, INSERT_DOCUMENT, "sssslllsiis", entry->path, roles[entry->role],
        claim.id != STANDARD_UNKNOWN ? standard_word(claim.id) : NULL, claim.text,
        entry->stamp.size, entry->stamp.changed, entry->stamp.inode, spans,
        (int)entry->under_descriptor, (int)entry->is_package,
        roots_source(&build->roots, entry->path));
    bind_hash(build, row, entry->hash);
    insert_uses(build, row);
    *(long long *)array_push(&build->read) = row;
    free(spans);
    return row;
}

/* ---- Finding and forgetting ---- */

long long document_row(struct build *build, const char *path)
{
    return store_number(build->db, 0, "SELECT rowid FROM document WHERE path=?1", "s",
                        path);
}

/* What hung on the rows of a document: by names, since rows go. */
static const struct {
    const char *table, *sql; /* ?1, ?2: its first and last row */
} hanging[] = {
    {"contract", "INSERT OR IGNORE INTO touched_id SELECT id FROM contract WHERE rowid "
                 "BETWEEN ?1 AND ?2"},
    {"port", "INSERT OR IGNORE INTO touched_id SELECT contract_id FROM port WHERE rowid "
             "BETWEEN ?1 AND ?2 AND contract_id IS NOT NULL AND dir='out'"},
    {"product", "INSERT OR IGNORE INTO touched_key SELECT wanted_key FROM product WHERE "
                "rowid BETWEEN ?1 AND ?2"},
    {"product", "INSERT OR IGNORE INTO touched_base SELECT base_name FROM product WHERE "
                "rowid BETWEEN ?1 AND ?2"},
    {"product", "INSERT OR IGNORE INTO touched_product SELECT rowid FROM product WHERE "
                "rowid BETWEEN ?1 AND ?2"},
    {"product", "INSERT OR IGNORE INTO touched_name SELECT 'product',id FROM product "
                "WHERE rowid BETWEEN ?1 AND ?2 AND id IS NOT NULL"},
    {"port", "INSERT OR IGNORE INTO touched_name SELECT 'input',contract_id FROM port "
             "WHERE rowid BETWEEN ?1 AND ?2 AND contract_id IS NOT NULL AND dir='in'"},
    {"team", "INSERT OR IGNORE INTO touched_name SELECT 'team',name FROM team WHERE "
             "rowid BETWEEN ?1 AND ?2 AND name IS NOT NULL"},
    {"agreement", "INSERT OR IGNORE INTO touched_agreement SELECT rowid FROM agreement "
                  "WHERE rowid BETWEEN ?1 AND ?2"},
};

/* Each span of the text to the function. */
static void each_span(struct build *build, const char *spans,
                      void (*take)(struct build *build, const char *table,
                                   long long first, long long last))
{
    while (*spans != '\0') {
        char *end;
        size_t word = strcspn(spans, " ");
        char *table = string_copy_bytes(spans, word);
        long long first = strtoll(spans + word, &end, 10);
        long long last = strtoll(end, &end, 10);
        take(build, table, first, last);
        free(table);
        spans = end + (*end == ';');
    }
}

static void touch_span(struct build *build, const char *table, long long first,
                       long long last)
{
    for (size_t i = 0; i < sizeof hanging / sizeof *hanging; i++) {
        if (string_equal(hanging[i].table, table)) {
            build_run(build, hanging[i].sql, "ll", first, last);
        }
    }
}

/* Names of tables are our own: no descriptor says them. */
static void delete_span(struct build *build, const char *table, long long first,
                        long long last)
{
    char *sql = string_printf("DELETE FROM %s WHERE rowid BETWEEN ?1 AND ?2", table);
    build_run(build, sql, "ll", first, last);
    free(sql);
}

void document_touch(struct build *build, long long row)
{
    char *spans =
        store_string(build->db, "SELECT rows FROM document WHERE rowid=?1", "l", row);
    build_run(build, "INSERT OR IGNORE INTO touched_document VALUES(?1)", "l", row);
    build_run(build,
              "INSERT OR IGNORE INTO touched_path SELECT path FROM document WHERE "
              "rowid=?1",
              "l", row);
    if (spans != NULL) {
        each_span(build, spans, touch_span);
    }
    free(spans);
}

void document_forget(struct build *build, long long row)
{
    char *spans =
        store_string(build->db, "SELECT rows FROM document WHERE rowid=?1", "l", row);
    if (spans == NULL) {
        return;
    }
    document_touch(build, row);
    each_span(build, spans, delete_span);
    build_run(build, "DELETE FROM touched_document WHERE row=?1", "l", row);
    build_run(build, "DELETE FROM dependency WHERE document=?1", "l", row);
    build_run(build, "DELETE FROM document WHERE rowid=?1", "l", row);
    free(spans);
}

void document_forget_below(struct build *build, const char *folder)
{
    struct array rows = ARRAY_OF(long long);
    sqlite3_stmt *stmt = store_prepare(
        build->db,
        "SELECT rowid FROM document WHERE role IN('folder','descriptor','other') AND "
        "(path=?1 OR ?1='' OR (path>?1||'/' AND path<?1||'0'))",
        &build->failure);
    if (stmt != NULL) {
        store_bind(stmt, "s", folder);
    }
    while (stmt != NULL && store_step(stmt, &build->failure) == STORE_ROW) {
        *(long long *)array_push(&rows) = sqlite3_column_int64(stmt, 0);
    }
    store_finish(stmt);
    for (size_t i = 0; i < rows.count; i++) {
        document_forget(build, *(long long *)array_at(&rows, i));
    }
    array_release(&rows);
}
