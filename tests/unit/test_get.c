/* get: a product of a mesh comes into the cache, whole or not at all, also under kill -9.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "engine/cache.h"
#include "engine/get.h"
#include "engine/path.h"
#include "engine/store.h"
#include "tests/unit/tap.h"

enum { KILLS = 100, GENERATION_ROWS = 20000 };

static char root[] = "/tmp/mwb-test-get-XXXXXX";
static char *mesh, *index_file;
static struct catalog *catalog;
static struct catalog_entry entry;
static struct error err;

static void put(const char *relative, const char *bytes, size_t length)
{
    char *path = path_join(mesh, relative);
    path_write_file(path, bytes, length, 0600, &err);
    free(path);
}

static void put_string(const char *relative, const char *text)
{
    put(relative, text, strlen(text));
}

static void build(const char *folder)
{
    free(index_file);
    index_file = catalog_index_path(folder, &err);
    ok(index_file != NULL && catalog_build(folder, index_file, NULL, &err),
       "an index: %s", err.message);
    catalog = catalog_open(index_file, &err);
    ok(catalog != NULL && catalog_find(catalog, "shop", &entry, &err), "the product: %s",
       err.message);
}

static bool get(const char *product, bool again, struct get_report *report)
{
    struct get_spec spec = {.index = index_file, .product = product, .again = again};
    err = (struct error){0};
    return get_product(&spec, NULL, report, &err);
}

static const char package[] =
    "{\"name\": \"shop\", \"version\": \"1.2.0\", \"resources\": ["
    "{\"name\": \"orders\", \"path\": \"orders.csv\", \"schema\": {\"fields\": ["
    "{\"name\": \"id\", \"type\": \"integer\"}, {\"name\": \"code\", \"type\": "
    "\"string\"}],"
    " \"primaryKey\": \"id\"}},"
    "{\"name\": \"gone\", \"path\": \"gone.csv\"},"
    "{\"name\": \"inside\", \"data\": [{\"a\": 1, \"b\": \"x\\\"y\"}, {\"a\": null,"
    " \"c\": [1, {\"d\": \"e\"}]}]}]}";

static void test_get(void)
{
    struct get_report report, again;
    put_string("orders.csv", "id,code\n1,007\n2,x\n3\n");
    ok(get("shop", false, &report), "get: %s", err.message);
    is_int(report.tables, 2, "the tables that are there come");
    is_int(report.rows, 4, "with their rows");
    is_int(report.rejected, 1, "and one reject");
    ok(strstr(text_string(&report.notes), "gone") != NULL, "the missing one is told: %s",
       text_string(&report.notes));
    ok(!report.was_current, "it was not there before");
    sqlite3 *db = store_open(report.file, STORE_IMMUTABLE, &err);
    ok(db != NULL, "the version opens");
    char *version =
        store_string(db, "SELECT value FROM mwb_product WHERE key = 'version'", "");
    is_text(version, "1.2.0", "and knows its version");
    char *code = store_string(db, "SELECT code FROM orders WHERE id = 1", "");
    is_text(code, "007", "typed by the contract");
    char *inside = store_string(
        db, "SELECT group_concat(quote(a) || quote(b) || quote(c), ';') FROM inside", "");
    is_text(inside, "1'x\"y'NULL;NULLNULL'[1,{\"d\":\"e\"}]'", "rows in the descriptor");
    free(inside);
    free(version);
    free(code);
    store_close(db);
    ok(get("shop", false, &again) && again.was_current, "a second get finds it current");
    is_int(again.rows, 4, "and counts the same");
    is_text(text_string(&again.notes), text_string(&report.notes), "and tells the same");
    is_text(again.file, report.file, "in the same file");
    struct text packed = {0};
    struct get_report unpacked;
    get_report_pack(&report, &packed);
    ok(get_report_unpack(packed.data, packed.length, &unpacked), "a report travels");
    is_text(unpacked.file, report.file, "with its file");
    is_int(unpacked.rejected, 1, "its counts");
    is_text(text_string(&unpacked.notes), text_string(&report.notes), "and its notes");
    get_report_release(&unpacked);
    for (size_t cut = 0; cut < packed.length; cut += 7) {
        if (get_report_unpack(packed.data, cut, &unpacked)) {
            ok(false, "half a report is taken at %zu", cut);
            get_report_release(&unpacked);
        }
    }
    text_release(&packed);
    get_report_release(&again);
    get_report_release(&report);
    ok(!get("nothing", false, &report) && err.message[0] != '\0', "unknown: %s",
       err.message);
    get_report_release(&report);
}

static void test_refresh(void)
{
    struct get_report first, second;
    ok(get("shop", false, &first), "get");
    put_string("orders.csv", "id,code\n1,a\n");
    ok(get("shop", false, &second) && !second.was_current, "a changed file is got again");
    is_int(second.rows, 3, "with its new rows");
    ok(path_exists(first.file), "readers of the old version keep it");
    get_report_release(&first);
    ok(get("shop", true, &first) && !first.was_current, "again gets it in any case");
    get_report_release(&first);
    get_report_release(&second);
}

/* ---- kill -9 ---- */

/* Every row of a generation holds its number: a mixture would show. */
static void put_generation(int generation)
{
    struct text csv = {0};
    text_append(&csv, "id,code\n");
    for (int i = 1; i <= GENERATION_ROWS + generation; i++) {
        text_printf(&csv, "%d,g%d\n", i, generation);
    }
    put("orders.csv", csv.data, csv.length);
    text_release(&csv);
}

/* SIGKILL so many nanoseconds from now, sent by the kernel. */
static void kill_me_in(long long nanoseconds)
{
    timer_t timer;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL};
    struct itimerspec when = {.it_value = {.tv_sec = nanoseconds / 1000000000,
                                           .tv_nsec = nanoseconds % 1000000000 + 1}};
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) == 0) {
        timer_settime(timer, 0, &when, NULL);
    }
}

/* Is what is current one whole generation? */
static bool current_is_whole(struct text *why)
{
    const struct cache_product product = {
        .mesh = catalog_mesh_path(catalog), .domain = entry.domain, .name = entry.name};
    char *file = cache_current(&product);
    sqlite3 *db = file != NULL ? store_open(file, STORE_IMMUTABLE, &err) : NULL;
    char *check = db != NULL ? store_string(db, "PRAGMA integrity_check", "") : NULL;
    char *code = db != NULL ? store_string(db, "SELECT max(code) FROM orders", "") : NULL;
    long long rows =
        db != NULL ? store_number(db, 0, "SELECT count(*) FROM orders", "") : 0;
    bool same = db != NULL &&
                store_number(db, 0, "SELECT count(DISTINCT code) FROM orders", "") == 1;
    bool whole = same && string_equal(check, "ok") && code != NULL &&
                 rows == GENERATION_ROWS + strtoll(code + 1, NULL, 10);
    if (!whole) {
        text_clear(why);
        text_printf(why, "%s: %s, %s, %lld rows",
                    file != NULL ? file : "no current version",
                    check != NULL ? check : "", code != NULL ? code : "", rows);
    }
    free(check);
    free(code);
    free(file);
    store_close(db);
    return whole;
}

static int stages(void)
{
    char *folder = path_join(getenv("MWB_CACHE"), "stage");
    DIR *listing = opendir(folder);
    int count = 0;
    for (struct dirent *item; listing != NULL && (item = readdir(listing)) != NULL;) {
        count += item->d_name[0] != '.' ? 1 : 0;
    }
    if (listing != NULL) {
        closedir(listing);
    }
    free(folder);
    return count;
}

static void test_kills(void)
{
    struct get_report report;
    struct text why = {0};
    put_generation(0);
    ok(get("shop", true, &report), "a first generation");
    long long whole_time = (long long)(report.seconds * 1.6e9);
    get_report_release(&report);
    srand(7);
    int killed = 0, halves = 0;
    for (int i = 1; i <= KILLS; i++) {
        put_generation(i);
        pid_t child = fork();
        if (child == 0) {
            kill_me_in((long long)((double)rand() / RAND_MAX * (double)whole_time));
            _exit(get("shop", true, &report) ? 0 : 1);
        }
        int status = 0;
        waitpid(child, &status, 0);
        killed += WIFSIGNALED(status) ? 1 : 0;
        /* How long a run takes depends on what else the machine does: aim by the hits. */
        whole_time = whole_time / 100 * (WIFSIGNALED(status) ? 105 : 90);
        halves += current_is_whole(&why) ? 0 : 1;
        rand();
    }
    ok(killed > KILLS / 3, "%d of %d runs were killed on the way", killed, KILLS);
    is_int(halves, 0, "no half-visible and no lost version %s", text_string(&why));
    cache_sweep();
    is_int(stages(), 0, "nothing is left of them after the broom");
    ok(get("shop", false, &report) && report.rows == GENERATION_ROWS + KILLS + 2,
       "the next one works");
    get_report_release(&report);
    text_release(&why);
}

int main(void)
{
    if (mkdtemp(root) == NULL) {
        printf("Bail out! no temporary folder\n");
        return 1;
    }
    char *cache = path_join(root, "cache");
    mesh = path_join(root, "mesh");
    setenv("MWB_CACHE", cache, 1);
    path_make_folders(mesh, &err);
    put_string("datapackage.json", package);
    build(mesh);
    test_get();
    test_refresh();
    test_kills();
    catalog_entry_release(&entry);
    catalog_close(catalog);
    path_remove_tree(root, NULL);
    free(cache);
    free(mesh);
    free(index_file);
    return tap_done();
}
