/* cache: versions that are kept, held, removed and evicted; one fetch at a time.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

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

static char root[] = "/tmp/mwb-test-kept-XXXXXX";
static struct error err;
static const struct cache_product orders = {"/mesh", NULL, "shop", "orders", -1, false};
static const struct cache_product returns = {"/mesh",   "analyst", "shop",
                                             "returns", -1,        false};

static bool write_version(const char *path, int bytes)
{
    sqlite3 *db = store_open(path, STORE_CREATE, &err);
    char *sql =
        string_printf("CREATE TABLE t(a); INSERT INTO t VALUES (zeroblob(%d))", bytes);
    bool good = db != NULL && store_run(db, sql, &err);
    store_close(db);
    free(sql);
    return good;
}

/* `file`: the content of a file that is no table, NULL: none. */
static bool publish(const struct cache_product *product, const char *key,
                    const char *file)
{
    struct cache_stage *stage = cache_stage_new(product, &err);
    bool good = stage != NULL && write_version(cache_stage_file(stage), 100000);
    if (good && file != NULL) {
        char *files = path_join(cache_stage_folder(stage), "files");
        char *folder = path_join(files, "deep");
        char *path = path_join(folder, "report.pdf");
        good = path_make_folders(folder, &err) &&
               path_write_file(path, file, strlen(file), 0600, &err);
        free(path);
        free(folder);
        free(files);
    }
    good = good && cache_stage_publish(stage, product, key, &err);
    cache_stage_free(stage);
    return good;
}

/* "key key* key": newest first, a star behind the current one, a plus behind open ones.
 */
static char *listed(const struct cache_product *product)
{
    struct array versions = cache_versions(product);
    struct text out = {0};
    for (size_t i = 0; i < versions.count; i++) {
        const struct cache_version *version = array_at(&versions, i);
        text_printf(&out, "%s%s%s%s", i > 0 ? " " : "", version->key,
                    version->is_current ? "*" : "", version->is_open ? "+" : "");
    }
    cache_versions_release(&versions);
    return text_take(&out);
}

#define is_listed(product, want, ...)                                                    \
    do {                                                                                 \
        char *got = listed(product);                                                     \
        is_text(got != NULL ? got : "", want, __VA_ARGS__);                              \
        free(got);                                                                       \
    } while (0)

static void test_list(void)
{
    is_listed(&orders, "", "nothing is here at first");
    ok(publish(&orders, "1-a", NULL) && publish(&orders, "1-b", "one") &&
           publish(&orders, "1-c", NULL),
       "three versions: %s", err.message);
    is_listed(&orders, "1-c* 1-b 1-a", "newest first");
    struct array versions = cache_versions(&orders);
    const struct cache_version *first = array_at(&versions, 0),
                               *second = array_at(&versions, 1);
    ok(second->bytes == first->bytes + 3, "files count: %lld and %lld", first->bytes,
       second->bytes);
    cache_versions_release(&versions);
    char *files = cache_version_files(&orders, "1-b");
    char *report = files != NULL ? path_join(files, "deep/report.pdf") : NULL;
    struct stat info;
    ok(report != NULL && stat(report, &info) == 0 && (info.st_mode & 0777) == 0440,
       "files of a version lie beside it, 0440");
    ok(cache_version_files(&orders, "1-a") == NULL, "a version without files has none");
    free(report);
    free(files);
    ok(cache_version_use(&orders, "1-a", &err), "back to the first: %s", err.message);
    is_listed(&orders, "1-c 1-b 1-a*", "it is current");
    ok(!cache_version_use(&orders, "1-x", &err), "none such: %s", err.message);
    ok(!cache_version_use(&orders, "../1-c", &err), "nor a path: %s", err.message);
}

static void test_remove(void)
{
    ok(!cache_version_remove(&orders, "1-a", &err), "the current one stays: %s",
       err.message);
    ok(!cache_version_remove(&orders, "1-x", &err), "none such: %s", err.message);
    char *files = cache_version_files(&orders, "1-b");
    ok(cache_version_remove(&orders, "1-b", &err), "another goes: %s", err.message);
    ok(files != NULL && !path_exists(files), "with its files");
    free(files);
    is_listed(&orders, "1-c 1-a*", "the others are there");
    publish(&orders, "1-d", NULL);
    publish(&orders, "1-e", NULL);
    is_int(cache_keep(&orders, 0), 0, "0 keeps all");
    is_int(cache_keep(&orders, 2), 2, "two too many");
    is_listed(&orders, "1-e* 1-d", "the newest are kept");
    ok(cache_version_use(&orders, "1-d", &err), "an older one is current");
    is_int(cache_keep(&orders, 1), 1, "one too many");
    is_listed(&orders, "1-d*", "and is the one that is kept");
    ok(publish(&orders, "1-d", "new") && publish(&orders, "1-d", "newer"),
       "a version is made again under its key: %s", err.message);
    files = cache_version_files(&orders, "1-d");
    char *report = files != NULL ? path_join(files, "deep/report.pdf") : NULL;
    char *content = NULL;
    size_t length;
    ok(report != NULL && path_read_file(report, 100, &content, &length, &err),
       "its files are there");
    is_text(content, "newer", "the new ones");
    free(content);
    free(report);
    free(files);
    ok(publish(&orders, "1-d", NULL) && cache_version_files(&orders, "1-d") == NULL,
       "and go when it has none any more");
}

/* Another process that holds something until it is killed. */
static pid_t start_holder(bool (*hold)(void))
{
    int ready[2];
    char answer = 'n';
    if (pipe(ready) != 0) {
        return -1;
    }
    pid_t child = fork();
    if (child == 0) {
        bool good = hold();
        if (write(ready[1], good ? "y" : "n", 1) == 1) {
            pause();
        }
        _exit(0);
    }
    close(ready[1]);
    bool good = read(ready[0], &answer, 1) == 1 && answer == 'y';
    close(ready[0]);
    ok(good, "another process holds it");
    return child;
}

static void end_holder(pid_t child)
{
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

static bool hold_current(void)
{
    struct cache_lease *lease;
    return cache_current_leased(&orders, &lease) != NULL;
}

static void test_lease(void)
{
    pid_t reader = start_holder(hold_current);
    publish(&orders, "2-a", NULL);
    is_listed(&orders, "2-a* 1-d+", "an open version is told");
    ok(!cache_version_remove(&orders, "1-d", &err), "and not removed: %s", err.message);
    is_int(cache_keep(&orders, 1), 0, "nor when too many are kept");
    end_holder(reader);
    is_listed(&orders, "2-a* 1-d", "a killed reader reads no more");
    struct cache_lease *lease;
    char *file = cache_current_leased(&orders, &lease);
    ok(file != NULL && lease != NULL, "the current version and its lease");
    is_listed(&orders, "2-a*+ 1-d", "one's own counts");
    cache_lease_release(lease);
    is_listed(&orders, "2-a* 1-d", "until it is given back");
    char *gone = cache_version(&orders, "1-d");
    ok(cache_version_remove(&orders, "1-d", &err) && cache_lease_take(gone, &err) == NULL,
       "a removed version cannot be held: %s", err.message);
    free(gone);
    free(file);
}

static bool hold_fetch(void)
{
    bool published;
    return cache_fetch_lock(&orders, NULL, &published, NULL) != NULL;
}

static bool hold_fetch_and_publish(void)
{
    return hold_fetch() && publish(&orders, "3-a", NULL);
}

static void test_fetch(void)
{
    bool published = true;
    struct cache_fetch *fetch = cache_fetch_lock(&orders, NULL, &published, &err);
    ok(fetch != NULL && !published, "the first need not wait: %s", err.message);
    struct cache_fetch *other = cache_fetch_lock(&returns, NULL, &published, &err);
    ok(other != NULL, "nor who fetches another product");
    cache_fetch_unlock(other);
    cache_fetch_unlock(fetch);
    cache_fetch_unlock(NULL);
    /* A killed process lets go, and what it published is told to who waited. */
    pid_t holder = start_holder(hold_fetch_and_publish);
    pid_t killer = fork();
    if (killer == 0) {
        /* The lock is held when this starts: the waiting begins before or after. */
        kill(holder, SIGKILL);
        _exit(0);
    }
    fetch = cache_fetch_lock(&orders, NULL, &published, &err);
    ok(fetch != NULL, "the next gets it: %s", err.message);
    cache_fetch_unlock(fetch);
    waitpid(killer, NULL, 0);
    waitpid(holder, NULL, 0);
    is_listed(&orders, "3-a* 2-a", "with what the other one made");
}

static void test_partial(void)
{
    char *a = cache_partial_folder(&orders, &err);
    char *b = cache_partial_folder(&returns, &err);
    char *again = cache_partial_folder(&orders, &err);
    struct stat info;
    ok(a != NULL && stat(a, &info) == 0 && (info.st_mode & 0777) == 0700,
       "what arrives is private: %s", err.message);
    ok(!string_equal(a, b), "and apart for each product and role");
    is_text(again, a, "and found again");
    struct timespec old[2] = {{.tv_sec = 1000000}, {.tv_sec = 1000000}};
    utimensat(AT_FDCWD, b, old, 0);
    cache_sweep();
    ok(path_exists(a) && !path_exists(b), "what nobody came back for is swept");
    ok(cache_room() > 0, "there is room: %lld bytes", cache_room());
    free(a);
    free(b);
    free(again);
}

static void set_used(const struct cache_product *product, const char *key, time_t when)
{
    char *file = cache_version(product, key);
    struct cache_lease *lease = cache_lease_take(file, &err);
    cache_lease_release(lease);
    char *used = string_printf("%.*s.used", (int)(strlen(file) - 3), file);
    struct timespec times[2] = {{.tv_sec = when}, {.tv_sec = when}};
    ok(utimensat(AT_FDCWD, used, times, 0) == 0, "%s was used at %ld", key, (long)when);
    free(used);
    free(file);
}

static void test_evict(void)
{
    struct cache_evicted evicted;
    publish(&returns, "1-a", NULL);
    publish(&orders, "4-a", NULL);
    set_used(&returns, "1-a", 1000);
    set_used(&orders, "4-a", 2000);
    set_used(&orders, "2-a", 4000);
    set_used(&orders, "3-a", 3000);
    ok(cache_evict(0, &evicted, &err) && evicted.versions == 0, "no limit, no loss");
    long long all = evicted.bytes_before, one = all / 4;
    ok(cache_evict(all, &evicted, &err) && evicted.versions == 0, "nor at the limit");
    ok(cache_evict(all - 1, &evicted, &err), "a byte below");
    is_int(evicted.versions, 1, "one goes");
    is_listed(&orders, "4-a* 2-a", "the least used of those that were replaced");
    cache_evict(2 * one, &evicted, &err);
    is_listed(&orders, "4-a*", "then the other one");
    is_listed(&returns, "1-a*", "before any that is current");
    cache_evict(one, &evicted, &err);
    is_listed(&returns, "", "then what was used least");
    is_listed(&orders, "4-a*", "not what was used later");
    pid_t reader = start_holder(hold_current);
    cache_evict(1, &evicted, &err);
    is_listed(&orders, "4-a*+", "never what is open");
    end_holder(reader);
    cache_evict(1, &evicted, &err);
    is_listed(&orders, "", "and at last all");
    ok(cache_current(&orders) == NULL, "so nothing is current");
    ok(publish(&orders, "4-a", NULL), "it comes back: %s", err.message);
    is_listed(&orders, "4-a*", "as if nothing had been");
}

/* Killed between the renames of a version with files: the sweep tidies. */
static void test_tidy(void)
{
    char *folder = cache_product_folder(&orders, &err);
    char *orphan = path_join(folder, "9-z.files"), *sum = path_join(folder, "9-z.sha256");
    char *kept = path_join(folder, "4-a.used");
    pid_t child = fork();
    if (child == 0) {
        struct cache_stage *stage = cache_stage_new(&orders, NULL);
        char *note = path_join(cache_stage_folder(stage), "tidy");
        path_write_file(note, folder, strlen(folder), 0600, NULL);
        path_make_folders(orphan, NULL);
        path_write_file(sum, "x", 1, 0600, NULL);
        path_write_file(kept, "", 0, 0600, NULL);
        _exit(0);
    }
    waitpid(child, NULL, 0);
    ok(path_exists(orphan) && path_exists(sum), "a killed process left a half");
    cache_sweep();
    ok(!path_exists(orphan) && !path_exists(sum), "which the sweep finds");
    ok(path_exists(kept), "what belongs to a version stays");
    is_listed(&orders, "4-a*", "as does the version");
    free(kept);
    free(sum);
    free(orphan);
    free(folder);
}

int main(void)
{
    if (mkdtemp(root) == NULL) {
        printf("Bail out! no temporary folder\n");
        return 1;
    }
    setenv("MWB_CACHE", root, 1);
    test_list();
    test_remove();
    test_lease();
    test_fetch();
    test_partial();
    test_evict();
    test_tidy();
    path_remove_tree(root, NULL);
    return tap_done();
}
