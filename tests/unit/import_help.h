/* What the tests of import share: a folder, files in it, an import and its rows as text.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_IMPORT_HELP_H
#define MWB_TESTS_IMPORT_HELP_H

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/access.h"
#include "engine/import.h"
#include "engine/path.h"
#include "engine/store.h"
#include "tests/unit/tap.h"

static char folder[] = "/tmp/mwb-test-import-XXXXXX";
static char database[64], input[64], second[64];

static inline void write_bytes(const char *path, const void *bytes, size_t length)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || write(fd, bytes, length) != (ssize_t)length) {
        printf("Bail out! cannot write %s\n", path);
        exit(1);
    }
    close(fd);
}

static inline void add_input(struct array *files, const char *path)
{
    struct access_file *file = array_push(files);
    struct stat info;
    file->path = string_copy(path_base(path));
    file->fd = open(path, O_RDONLY);
    file->bytes = fstat(file->fd, &info) == 0 ? (long long)info.st_size : 0;
}

/* What the last import said. */
static struct import_report report;
static struct error err;

static inline bool run(struct import_spec spec, int count)
{
    struct array files = ARRAY_OF(struct access_file);
    add_input(&files, input);
    if (count > 1) {
        add_input(&files, second);
    }
    import_report_release(&report);
    err = (struct error){0};
    spec.table = "t";
    spec.files = &files;
    if (!spec.add_to_existing) {
        unlink(database);
    }
    bool good = import_table(database, &spec, NULL, &report, &err);
    access_files_release(&files);
    return good;
}

static inline bool import_bytes(const void *bytes, size_t length, struct import_spec spec)
{
    write_bytes(input, bytes, length);
    return run(spec, 1);
}

static inline bool import_string(const char *text)
{
    return import_bytes(text, strlen(text), (struct import_spec){0});
}

/* The rows of a query as text: cells between |, NULL as ~, rows end in a newline. */
static inline const char *rows(const char *sql)
{
    static struct text out;
    text_clear(&out);
    sqlite3 *db = store_open(database, STORE_READ, &err);
    sqlite3_stmt *stmt = db != NULL ? store_prepare(db, sql, &err) : NULL;
    while (stmt != NULL && store_step(stmt, &err) == STORE_ROW) {
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            bool null = sqlite3_column_type(stmt, i) == SQLITE_NULL;
            text_append(&out, i > 0 ? "|" : "");
            text_append(&out, null ? "~" : store_text(stmt, i));
        }
        text_append(&out, "\n");
    }
    store_finish(stmt);
    store_close(db);
    return text_string(&out);
}

static inline const char *all(void)
{
    return rows("SELECT * FROM t ORDER BY rowid");
}

static inline const char *stored(const char *column)
{
    for (size_t i = 0; i < report.columns.count; i++) {
        struct import_column_report *row = array_at(&report.columns, i);
        if (string_equal(row->name, column)) {
            return row->stored;
        }
    }
    return NULL;
}

static inline bool noted(const char *words)
{
    return strstr(text_string(&report.notes), words) != NULL;
}

static inline void help_start(void)
{
    if (mkdtemp(folder) == NULL) {
        printf("Bail out! no temporary folder\n");
        exit(1);
    }
    snprintf(database, sizeof database, "%s/out.db", folder);
    snprintf(input, sizeof input, "%s/in.csv", folder);
    snprintf(second, sizeof second, "%s/more.csv", folder);
    report.columns = (struct array)ARRAY_OF(struct import_column_report);
}

static inline int help_end(void)
{
    import_report_release(&report);
    path_remove_tree(folder, NULL);
    return tap_done();
}

#endif
