/* postgres_fetch: what tests of PostgreSQL share: a server, a home of its own with the
 * secret for it, one fetch and import, and a look at what was stored.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_POSTGRES_FETCH_H
#define MWB_TESTS_POSTGRES_FETCH_H

#include <fcntl.h>
#include <sqlite3.h>

#include "engine/access.h"
#include "engine/import.h"
#include "engine/store.h"
#include "tests/unit/postgres_help.h"
#include "tests/unit/tap.h"

static struct postgres server;
static char home[] = "/tmp/mwb-test-pghome-XXXXXX";
static char *partial, *database;
static struct error err;
static struct import_report report;

/* ---- One fetch ---- */

struct wish {
    const char *name, *query, *schema, *type, *security;
    int port;
    const char *columns; /* "name type,name type": what a contract declares */
};

static inline void declare(const char *text, struct array *columns)
{
    while (text != NULL && *text != '\0') {
        size_t name = strcspn(text, " "), all = strcspn(text, ",");
        struct catalog_column *column = array_push(columns);
        column->name = string_copy_bytes(text, name);
        column->type = string_copy_bytes(text + name + 1, all - name - 1);
        text += all + (text[all] == ',' ? 1 : 0);
    }
}

static inline void append_key(struct text *out, const char *key, const char *value)
{
    if (value != NULL) {
        text_append(out, out->length > 1 ? "," : "");
        text_append_json(out, key);
        text_append(out, ":");
        text_append_json(out, value);
    }
}

struct fetch {
    struct catalog_server server;
    struct catalog_product product;
    struct catalog_table table;
    struct text details;
    struct array files;
};

static inline bool fetch_open(struct fetch *fetch, const struct wish *wish)
{
    char port[16];
    snprintf(port, sizeof port, "%d", wish->port != 0 ? wish->port : server.port);
    *fetch = (struct fetch){0};
    text_append(&fetch->details, "{");
    append_key(&fetch->details, "host", "127.0.0.1");
    append_key(&fetch->details, "port", port);
    append_key(&fetch->details, "database", "postgres");
    append_key(&fetch->details, "schema", wish->schema);
    append_key(&fetch->details, "sslmode", wish->security);
    text_append(&fetch->details, "}");
    fetch->server = (struct catalog_server){
        .name = (char *)"production",
        .type = (char *)(wish->type != NULL ? wish->type : "postgres"),
        .details = fetch->details.data};
    fetch->table = (struct catalog_table){.name = (char *)"t",
                                          .sql_name = (char *)"t",
                                          .columns = ARRAY_OF(struct catalog_column),
                                          .files = ARRAY_OF(char *),
                                          .physical_name = (char *)wish->name,
                                          .query = (char *)wish->query,
                                          .server = &fetch->server};
    declare(wish->columns, &fetch->table.columns);
    fetch->product =
        (struct catalog_product){.folder = home, .entry.id = (char *)"shop/orders"};
    struct access_spec spec = {
        .product = &fetch->product, .table = &fetch->table, .partial = partial};
    err = (struct error){0};
    return access_open(&spec, &fetch->files, &err);
}

static inline void fetch_close(struct fetch *fetch, bool opened)
{
    if (opened) {
        access_files_release(&fetch->files);
    }
    for (size_t i = 0; i < fetch->table.columns.count; i++) {
        struct catalog_column *column = array_at(&fetch->table.columns, i);
        free(column->name);
        free(column->type);
    }
    array_release(&fetch->table.columns);
    text_release(&fetch->details);
}

/* Fetch and import, as the verb get does. */
static inline bool bring(const struct wish *wish)
{
    struct fetch fetch;
    unlink(database);
    import_report_release(&report);
    bool opened = fetch_open(&fetch, wish), good = opened;
    if (good) {
        struct access_file *file = array_at(&fetch.files, 0);
        struct import_spec spec = {.table = "t",
                                   .format = IMPORT_CSV,
                                   .columns = fetch.table.columns.count > 0
                                                  ? &fetch.table.columns
                                                  : file->columns,
                                   .dialect = file->dialect,
                                   .files = &fetch.files};
        good = import_table(database, &spec, NULL, &report, &err) &&
               access_settle(file, &fetch.table, NULL, &err);
    }
    fetch_close(&fetch, opened);
    return good;
}

/* What the database has: the first row of a statement, its cells with bars between. */
static inline const char *stored(const char *sql)
{
    static struct text out;
    sqlite3 *db = store_open(database, STORE_IMMUTABLE, &err);
    sqlite3_stmt *stmt = db != NULL ? store_prepare(db, sql, &err) : NULL;
    text_clear(&out);
    text_append(&out, "");
    if (stmt != NULL && store_step(stmt, &err) == STORE_ROW) {
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            const char *text = (const char *)sqlite3_column_text(stmt, i);
            text_append(&out, i > 0 ? "|" : "");
            text_append(&out, text != NULL ? text : "NULL");
        }
    }
    store_finish(stmt);
    store_close(db);
    return text_string(&out);
}

static inline bool says(const char *part)
{
    if (strstr(err.message, part) != NULL) {
        return true;
    }
    printf("# the sentence was: %s\n", err.message);
    return false;
}

/* ---- Files of the person ---- */

static inline void put_file(const char *name, const char *text, mode_t mode)
{
    char *path = path_join(home, name);
    char *folder = path_folder(path);
    path_make_folders(folder, NULL);
    unlink(path);
    path_write_file(path, text, strlen(text), mode, NULL);
    free(folder);
    free(path);
}

static inline void put_credentials(const char *password)
{
    char *text =
        string_printf("[postgres://127.0.0.1:%d]\nuser = reader\npassword = %s\n",
                      server.port, password);
    put_file(".config/mwb/credentials", text, 0600);
    free(text);
}

/* ---- Start and end ---- */

static inline void prepare(void)
{
    static const char *const names[] = {"PGHOST",     "PGPORT",    "PGUSER",
                                        "PGPASSWORD", "PGSERVICE", "PGDATABASE",
                                        "PGPASSFILE", "PGSSLMODE", "XDG_CONFIG_HOME"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        unsetenv(names[i]);
    }
    setenv("HOME", home, 1);
    partial = path_join(home, "partial");
    database = path_join(home, "out.db");
    path_make_folders(partial, NULL);
    postgres_do_sql(&server,
                    "CREATE TYPE mood AS ENUM('so, \"so\"','good'); CREATE DOMAIN "
                    "positive AS int CHECK(value>0)");
}

/* False, and a line that says so, where there is no server to be had. */
static inline bool begin_with_server(void)
{
    if (mkdtemp(home) == NULL || !postgres_start(&server)) {
        postgres_stop(&server);
        path_remove_tree(home, NULL);
        printf("1..0 # SKIP PostgreSQL is not installed, or cannot run here\n");
        return false;
    }
    prepare();
    put_credentials(POSTGRES_PASSWORD);
    return true;
}

static inline int end_with_server(void)
{
    import_report_release(&report);
    postgres_stop(&server);
    path_remove_tree(home, NULL);
    free(partial);
    free(database);
    return tap_done();
}

#endif
