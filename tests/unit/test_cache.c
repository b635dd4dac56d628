/* cache: versions become visible whole or not at all, stages of the dead are swept.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/cache.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"
#include "tests/unit/tap.h"

static char root[] = "/tmp/mwb-test-cache-XXXXXX";
static struct error err;
static const struct cache_product orders = {"/mesh", NULL, "shop", "orders", -1, false};

static int entries(const char *kind)
{
    char *folder = path_join(root, kind);
    DIR *listing = opendir(folder);
    int count = 0;
    for (struct dirent *entry; listing != NULL && (entry = readdir(listing)) != NULL;) {
        count += entry->d_name[0] != '.' ? 1 : 0;
    }
    if (listing != NULL) {
        closedir(listing);
    }
    free(folder);
    return count;
}

static bool write_database(const char *path, const char *content)
{
    sqlite3 *db = store_open(path, STORE_CREATE, &err);
    sqlite3_stmt *stmt = db != NULL && store_run(db, "CREATE TABLE t(content TEXT)", &err)
                             ? store_prepare(db, "INSERT INTO t VALUES (?)", &err)
                             : NULL;
    if (stmt != NULL) {
        store_bind(stmt, "s", content);
    }
    bool good = stmt != NULL && store_execute(stmt, &err);
    store_finish(stmt);
    store_close(db);
    return good;
}

static bool publish(const char *key, const char *content)
{
    struct cache_stage *stage = cache_stage_new(&orders, &err);
    bool good = stage != NULL && write_database(cache_stage_file(stage), content) &&
                cache_stage_publish(stage, &orders, key, &err);
    cache_stage_free(stage);
    return good;
}

static char *current_content(void)
{
    char *file = cache_current(&orders);
    sqlite3 *db = file != NULL ? store_open(file, STORE_IMMUTABLE, &err) : NULL;
    char *content = db != NULL ? store_string(db, "SELECT content FROM t", "") : NULL;
    store_close(db);
    free(file);
    return content;
}

static bool has(const char *name)
{
    struct cache_mesh *mesh = cache_mesh_open("/mesh", NULL);
    bool answer = cache_mesh_has(mesh, "shop", name);
    cache_mesh_close(mesh);
    return answer;
}

static void test_publish(void)
{
    ok(!has("orders"), "a list sees that nothing is here");
    ok(cache_current(&orders) == NULL, "nothing is current at first");
    ok(publish("1.0.0-aa", "first"), "a version is published: %s", err.message);
    char *content = current_content();
    is_text(content, "first", "and current");
    ok(has("orders") && !has("returns"), "a list sees which products are here");
    free(content);
    char *old = cache_current(&orders);
    struct stat info;
    ok(old != NULL && stat(old, &info) == 0 && (info.st_mode & 0777) == 0440,
       "mode 0440");
    ok(publish("1.0.0-bb", "second"), "the next one");
    content = current_content();
    is_text(content, "second", "takes its place");
    free(content);
    ok(path_exists(old), "the old one stays for its readers");
    free(old);
    char *version = cache_version(&orders, "1.0.0-aa");
    ok(version != NULL, "a version is found by its key");
    free(version);
    ok(cache_version(&orders, "../../x") == NULL, "a key cannot climb");
    ok(!publish("a/b", "x"), "nor be a path");
    is_int(entries("stage"), 0, "no stage is left");
    static const struct cache_product unlike[] = {
        {"/mesh", NULL, "shop", "a b", -1, false},
        {"/mesh", NULL, "shop", "a-b", -1, false},
        {"/other", NULL, "shop", "a-b", -1, false},
        {"/mesh", "analyst", "shop", "a-b", -1, false},
    };
    char *folders[4];
    for (size_t i = 0; i < 4; i++) {
        folders[i] = cache_product_folder(&unlike[i], &err);
        for (size_t j = 0; j < i; j++) {
            ok(!string_equal(folders[i], folders[j]),
               "names, meshes and roles do not share a folder: %zu, %zu", i, j);
        }
    }
    for (size_t i = 0; i < 4; i++) {
        free(folders[i]);
    }
}

static void test_pointer(void)
{
    char *folder = cache_product_folder(&orders, &err);
    char *pointer = path_join(folder, "current");
    static const char *const bad[] = {"../../../../etc/passwd\n", "/etc/passwd\n", "",
                                      "gone.db\n"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        path_write_file(pointer, bad[i], strlen(bad[i]), 0600, &err);
        char *file = cache_current(&orders);
        ok(file == NULL, "bad pointer %zu is none", i);
        free(file);
    }
    free(pointer);
    free(folder);
}

/* Disks and people damage files: such a version counts as not there, and can be made
 * again in its place. */
static void test_damage(void)
{
    static const char *const titles[] = {"empty", "another file", "cut", "a folder"};
    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        ok(publish("2.0.0-cc", "third"), "a version: %s", err.message);
        char *file = cache_current(&orders);
        bool done = file != NULL && chmod(file, 0600) == 0;
        if (i == 3) {
            done = done && unlink(file) == 0 && mkdir(file, 0700) == 0;
        } else if (i == 2) {
            done = done && truncate(file, 4096) == 0;
        } else {
            done = done && path_write_file(file, "no database", i * 11, 0600, &err);
        }
        ok(done && cache_current(&orders) == NULL, "%s: not there", titles[i]);
        ok(cache_version(&orders, "2.0.0-cc") == NULL, "nor by key");
        free(file);
    }
    ok(publish("2.0.0-cc", "third"), "it can be made again: %s", err.message);
    char *content = current_content();
    is_text(content, "third", "and is current");
    free(content);
}

/* A child makes a stage and waits to be killed. */
static void test_sweep(void)
{
    int ready[2];
    char signal_byte;
    if (pipe(ready) != 0) {
        ok(false, "no pipe");
        return;
    }
    pid_t child = fork();
    if (child == 0) {
        bool good =
            cache_stage_new(&orders, NULL) != NULL && cache_spool_folder(NULL) != NULL;
        if (write(ready[1], good ? "y" : "n", 1) == 1) {
            pause();
        }
        _exit(0);
    }
    ok(read(ready[0], &signal_byte, 1) == 1 && signal_byte == 'y', "a child has a stage");
    cache_sweep();
    is_int(entries("stage"), 1, "a living one's stage is kept");
    is_int(entries("spool"), 1, "and its spool");
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    cache_sweep();
    is_int(entries("stage"), 0, "a killed one's stage is swept");
    is_int(entries("spool"), 0, "and its spool");
    close(ready[0]);
    close(ready[1]);
    char *spool = cache_spool_folder(&err);
    struct stat info;
    ok(spool != NULL && stat(spool, &info) == 0 && (info.st_mode & 0777) == 0700,
       "a spool folder is private");
    cache_spools_end(spool);
    is_int(entries("spool"), 0, "and goes when told");
    free(spool);
}

static void test_root(void)
{
    char *open_root = path_join(root, "open");
    ok(mkdir(open_root, 0700) == 0 && chmod(open_root, 0777) == 0,
       "a folder others may write");
    setenv("MWB_CACHE", open_root, 1);
    err = (struct error){0};
    char *got = cache_root(&err);
    ok(got == NULL && strstr(err.message, "MWB_CACHE") != NULL, "is refused: %s",
       err.message);
    char *file = path_join(root, "file");
    path_write_file(file, "x", 1, 0600, &err);
    setenv("MWB_CACHE", file, 1);
    err = (struct error){0};
    ok(cache_root(&err) == NULL && err.message[0] != '\0', "so is a file: %s",
       err.message);
    ok(cache_stage_new(&orders, &err) == NULL, "and no stage is made there");
    free(open_root);
    free(file);
}

static void test_schema(void)
{
    sqlite3 *db = store_open(NULL, STORE_MEMORY, &err);
    ok(store_run(db, cache_version_schema(), &err) &&
           store_run(db, cache_version_schema(), &err),
       "the facts' tables can be made twice");
    is_int(store_number(db, 0,
                        "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'mwb%'", ""),
           6, "six of them");
    store_close(db);
}

int main(void)
{
    if (mkdtemp(root) == NULL) {
        printf("Bail out! no temporary folder\n");
        return 1;
    }
    setenv("MWB_CACHE", root, 1);
    test_publish();
    test_pointer();
    test_damage();
    test_sweep();
    test_schema();
    test_root();
    path_remove_tree(root, NULL);
    return tap_done();
}
