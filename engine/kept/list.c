/* kept: the files of a version that is here, and copies of them for the person.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/kept.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/store.h"

void kept_files_release(struct array *files)
{
    for (size_t i = 0; i < files->count; i++) {
        struct kept_file *file = array_at(files, i);
        free(file->name);
        free(file->table);
        free(file->source);
        free(file->path);
        free(file->sha256);
    }
    array_release(files);
}

/* VERSION.db -> VERSION.files */
static char *files_folder(const char *version)
{
    size_t length = strlen(version) - (string_ends(version, ".db") ? 3 : 0);
    return string_printf("%.*s.files", (int)length, version);
}

bool kept_list(const char *version, struct array *files, struct error *err)
{
    sqlite3 *db = store_open(version, STORE_IMMUTABLE, err);
    if (db == NULL) {
        return false;
    }
    bool has = store_number(
        db, 0, "SELECT count(*) FROM sqlite_schema WHERE name = 'mwb_file'", "");
    sqlite3_stmt *stmt =
        has ? store_prepare(db,
                            "SELECT name, table_name, source, sha256, type, bytes FROM "
                            "mwb_file ORDER BY rowid",
                            err)
            : NULL;
    char *folder = files_folder(version);
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        const char *name = store_text(stmt, 0);
        if (!path_is_safe(name) || strchr(name, '/') != NULL) {
            continue; /* nobody but us writes versions; and if they did */
        }
        struct kept_file *file = array_push(files);
        const struct kept_type *type = kept_type_named(store_text(stmt, 4));
        *file = (struct kept_file){
            .name = string_copy(name),
            .table = store_text_copy(stmt, 1),
            .source = store_text_copy(stmt, 2),
            .path = path_join(folder, name),
            .sha256 = store_text_copy(stmt, 3),
            .type = type != NULL ? type : kept_type_named("file"),
            .bytes = sqlite3_column_int64(stmt, 5),
        };
    }
    store_finish(stmt);
    store_close(db);
    free(folder);
    return !has || stmt != NULL;
}

const struct kept_file *kept_find(const struct array *files, const char *name,
                                  struct error *err)
{
    struct text names = {0};
    for (size_t i = 0; i < files->count; i++) {
        const struct kept_file *file = array_at(files, i);
        if (name != NULL ? string_equal(file->name, name) : files->count == 1) {
            text_release(&names);
            return file;
        }
        text_printf(&names, "%s%s", i > 0 ? ", " : "", file->name);
    }
    if (files->count == 0) {
        error_set(err, ERROR_FAILED, "this version has no files, only tables");
    } else if (name != NULL) {
        error_set(err, ERROR_FAILED, "there is no file \"%.100s\"; there are: %.400s",
                  name, text_string(&names));
    } else {
        error_set(err, ERROR_USAGE, "which file? There are: %.400s", text_string(&names));
    }
    text_release(&names);
    return NULL;
}

bool kept_check(const struct kept_file *file, struct error *err)
{
    char hex[65];
    int fd = path_open_regular(file->path, err);
    struct arrival *arrival = fd >= 0 ? arrival_of_file(fd, file->name, err) : NULL;
    bool read = arrival != NULL && arrival_hash(arrival, "sha256", hex, err);
    arrival_free(arrival);
    if (!read) {
        return false;
    }
    return string_equal(hex, file->sha256) ||
           error_set(
               err, ERROR_FAILED,
               "%s is not what was kept: somebody changed it; get the product again",
               file->path);
}

/* ---- Copies ---- */

static bool copy_all(int from, int to)
{
    char buffer[65536];
    for (;;) {
        ssize_t n = read(from, buffer, sizeof buffer);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n == 0 && fsync(to) == 0;
        }
        if (!path_write_bytes(to, buffer, (size_t)n)) {
            return false;
        }
    }
}

bool kept_save(const struct kept_file *file, const char *folder, char **place,
               struct error *err)
{
    *place = NULL;
    int from = path_open_regular(file->path, err);
    int root = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int number = errno;
    int to = -1;
    if (from >= 0 && root >= 0) {
        to = openat(root, file->name,
                    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        number = errno;
    }
    bool done = to >= 0 && copy_all(from, to);
    if (from >= 0 && !done) {
        number = to >= 0 ? errno : number;
        error_set(err, ERROR_FAILED,
                  number == EEXIST ? "%s is in %s already, and nothing is replaced: %s"
                                   : "could not save %s to %s: %s",
                  file->name, folder, error_of_errno(number));
    }
    if (!done && to >= 0) {
        unlinkat(root, file->name, 0);
    }
    int all[] = {from, root, to};
    for (int i = 0; i < 3; i++) {
        if (all[i] >= 0) {
            close(all[i]);
        }
    }
    *place = done ? path_join(folder, file->name) : NULL;
    return done;
}
