/* pages_help: a database with empty tables, and looking at it when they are filled.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_PAGES_HELP_H
#define MWB_TESTS_PAGES_HELP_H

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/pages.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"
#include "tests/unit/tap.h"

static char folder[] = "/tmp/mwb-test-pages-XXXXXX";
static char *path;
static struct error err;

static inline void make_database(int page_size, const char *sql)
{
    unlink(path);
    sqlite3 *db = store_open(path, STORE_CREATE, &err);
    char *pragma =
        string_printf("PRAGMA synchronous = OFF; PRAGMA page_size = %d", page_size);
    if (db == NULL || !store_run(db, pragma, &err) || !store_run(db, sql, &err)) {
        ok(false, "a database to begin with: %s", err.message);
    }
    free(pragma);
    store_close(db);
}

static inline char *ask(const char *sql)
{
    sqlite3 *db = store_open(path, STORE_READ, &err);
    sqlite3_stmt *stmt = db != NULL ? store_prepare(db, sql, &err) : NULL;
    char *answer = NULL;
    if (stmt != NULL && store_step(stmt, &err) == STORE_ROW) {
        answer = store_text_copy(stmt, 0);
    }
    store_finish(stmt);
    store_close(db);
    return answer;
}

static inline long long ask_number(const char *sql)
{
    char *answer = ask(sql);
    long long number = answer != NULL ? strtoll(answer, NULL, 10) : -1;
    free(answer);
    return number;
}

static inline uint32_t root_of(const char *name)
{
    char *sql =
        string_printf("SELECT rootpage FROM sqlite_schema WHERE name = '%s'", name);
    uint32_t root = (uint32_t)ask_number(sql);
    free(sql);
    return root;
}

static inline bool is_sound(void)
{
    char *answer = ask("PRAGMA integrity_check(3)");
    bool sound = string_equal(answer, "ok");
    if (!sound) {
        printf("# %s\n", answer != NULL ? answer : err.message);
    }
    free(answer);
    return sound;
}

static inline bool good(bool done)
{
    if (!done) {
        printf("# %s\n", err.message);
    }
    return done;
}

/* A file whose pages up to a few before byte 2^30 are a hole: nobody uses them, which
 * integrity_check says of each, and no more than that must it say. */
static inline long long stretch(uint32_t page_size, uint32_t before)
{
    uint32_t count = (1u << 30) / page_size - before;
    FILE *file = fopen(path, "r+b");
    unsigned char number[4] = {(unsigned char)(count >> 24), (unsigned char)(count >> 16),
                               (unsigned char)(count >> 8), (unsigned char)count};
    bool done = fseek(file, 28, SEEK_SET) == 0 && fwrite(number, 4, 1, file) == 1 &&
                ftruncate(fileno(file), (off_t)count * page_size) == 0;
    fclose(file);
    return done ? (long long)count - 2 : -1;
}

/* Versions of SQLite say it in one row or in many. */
static inline bool only_unused(long long wanted)
{
    sqlite3 *db = store_open(path, STORE_READ, &err);
    sqlite3_stmt *stmt = store_prepare(db, "PRAGMA integrity_check(2000000)", &err);
    long long unused = 0;
    bool only = true;
    while (store_step(stmt, &err) == STORE_ROW) {
        char *rest = NULL;
        char *said = store_text_copy(stmt, 0);
        for (char *line = strtok_r(said, "\n", &rest); line != NULL && only;
             line = strtok_r(NULL, "\n", &rest)) {
            bool is_unused = strstr(line, "never used") != NULL;
            unused += is_unused ? 1 : 0;
            only = is_unused || string_starts(line, "*** in database main");
        }
        free(said);
    }
    store_finish(stmt);
    store_close(db);
    return only && unused == wanted;
}

static inline void begin_folder(void)
{
    if (mkdtemp(folder) == NULL) {
        exit(99);
    }
    path = path_join(folder, "t.sqlite");
}

static inline void end_folder(void)
{
    unlink(path);
    ok(rmdir(folder) == 0, "nothing is left behind");
    free(path);
}

#endif
