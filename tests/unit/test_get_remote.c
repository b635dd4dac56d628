/* get: products whose files come from elsewhere: asked, fetched, verified, held back.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/arrival.h"
#include "engine/cache.h"
#include "engine/get.h"
#include "engine/path.h"
#include "engine/store.h"
#include "tests/unit/httpd_help.h"
#include "tests/unit/tap.h"

static char root[] = "/tmp/mwb-test-get-remote-XXXXXX";
static char *www, *mesh, *index_file;
static struct httpd httpd;
static struct error err;

static void put(const char *folder, const char *name, const char *content)
{
    char *path = path_join(folder, name);
    path_write_file(path, content, strlen(content), 0600, &err);
    free(path);
}

/* A product NAME with one table t, read from /NAME.csv of the server. */
static void describe(const char *name, const char *declared)
{
    char *folder = path_join(mesh, name);
    char *text =
        string_printf("{\"name\":\"%s\",\"version\":\"1.0.0\",\"resources\":[{\"name\":"
                      "\"t\",\"path\":\"http://127.0.0.1:%d/%s.csv\"%s}]}",
                      name, httpd.port, name, declared);
    path_make_folders(folder, &err);
    put(folder, "datapackage.json", text);
    free(text);
    free(folder);
}

static void build(void)
{
    free(index_file);
    index_file = catalog_index_path(mesh, &err);
    ok(index_file != NULL && catalog_build(mesh, index_file, NULL, &err), "an index: %s",
       err.message);
}

static bool run(const struct get_spec *wanted, struct get_report *report)
{
    struct get_spec spec = *wanted;
    spec.index = index_file;
    err = (struct error){0};
    return get_product(&spec, NULL, report, &err);
}

/* Rows of the table t in the current version, -1: there is none. */
static long long current_rows(const char *name)
{
    struct cache_product place = {
        .mesh = mesh, .domain = "mesh", .name = name, .group = -1};
    char *file = cache_current(&place);
    sqlite3 *db = file != NULL ? store_open(file, STORE_IMMUTABLE, NULL) : NULL;
    long long rows = db != NULL ? store_number(db, -1, "SELECT count(*) FROM t", "") : -1;
    store_close(db);
    free(file);
    return rows;
}

static void test_refresh(void)
{
    struct get_report report;
    put(www, "a.csv", "id,name\n1,x\n2,y\n");
    describe("a", "");
    build();
    ok(!run(&(struct get_spec){.product = "a", .is_implied = true}, &report),
       "a statement does not fetch it: %s", err.message);
    get_report_release(&report);
    ok(run(&(struct get_spec){.product = "a"}, &report) && !report.was_current,
       "it comes: %s", err.message);
    is_int(current_rows("a"), 2, "whole");
    get_report_release(&report);
    ok(run(&(struct get_spec){.product = "a", .refresh = true}, &report) &&
           report.was_current,
       "its source says that nothing changed: %s", err.message);
    get_report_release(&report);
    put(www, "a.csv", "id,name\n1,x\n2,y\n3,z\n");
    ok(run(&(struct get_spec){.product = "a"}, &report) && report.was_current,
       "nobody asks without being told to");
    get_report_release(&report);
    ok(run(&(struct get_spec){.product = "a", .refresh = true}, &report) &&
           !report.was_current,
       "a change is fetched");
    is_int(current_rows("a"), 3, "and current");
    get_report_release(&report);
}

static void test_consent(void)
{
    struct get_report report;
    put(www, "a.csv", "id,label\n1,x\n2,y\n3,z\n4,z\n");
    ok(run(&(struct get_spec){.product = "a", .refresh = true}, &report) &&
           report.needs_consent,
       "a version that breaks what was promised: %s", text_string(&report.broken));
    is_text(text_string(&report.broken), "t has no column name any more\n", "says how");
    is_int(current_rows("a"), 3, "the version before stays");
    get_report_release(&report);
    put(www, "a.csv", "");
    ok(run(&(struct get_spec){.product = "a", .accept = true}, &report) &&
           !report.needs_consent,
       "with consent: %s", err.message);
    is_int(current_rows("a"), 4, "what was kept is current, nothing is fetched again");
    get_report_release(&report);
    char *path = path_join(www, "a.csv");
    unlink(path);
    free(path);
    ok(!run(&(struct get_spec){.product = "a", .refresh = true}, &report),
       "a source that is gone: %s", err.message);
    is_int(current_rows("a"), 4, "takes nothing away");
    get_report_release(&report);
}

/* The file has four bytes, and none of these hashes. */
static const struct {
    const char *declared;
    bool is_right;
} declarations[] = {
    {",\"bytes\":4", true},
    {",\"bytes\":5", false},
    {",\"hash\":\"sha256:"
     "cfbbf6de90a6f0da45ac50e2c7cc5b10b7f48c2a88f6a3b8a6ffdc9fd0a03e1a\"",
     false},
    {",\"hash\":\"00000000000000000000000000000000\"", false},
    {",\"hash\":\"crc32:12345678\"", false},
};

static void test_declared(void)
{
    for (size_t i = 0; i < sizeof declarations / sizeof *declarations; i++) {
        struct get_report report;
        char *name = string_printf("d%zu", i), *file = string_printf("%s.csv", name);
        put(www, file, "k\n1\n");
        describe(name, declarations[i].declared);
        build();
        bool got = run(&(struct get_spec){.product = name}, &report);
        ok(got == declarations[i].is_right, "%s: %s", declarations[i].declared,
           got ? "taken" : err.message);
        is_int(current_rows(name), declarations[i].is_right ? 1 : -1,
               "nothing is visible unless it is right");
        get_report_release(&report);
        free(name);
        free(file);
    }
}

static const char *const hashes[] = {"sha256", "sha1", "md5", "git"};

/* What the server really has, in all forms. */
static void test_right_hashes(void)
{
    for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++) {
        struct get_report report;
        char hex[65];
        char *name = string_printf("h%zu", i), *file = string_printf("%s.csv", name);
        put(www, file, "k\n1\n");
        char *path = path_join(www, file);
        struct arrival *whole =
            arrival_of_file(path_open_regular(path, &err), file, &err);
        ok(whole != NULL && arrival_hash(whole, hashes[i], hex, &err), "hashed");
        arrival_free(whole);
        const char *kind = string_equal(hashes[i], "git") ? "sha1" : hashes[i];
        char *declared = string_printf(",\"hash\":\"%s:%s\"", kind, hex);
        describe(name, declared);
        build();
        ok(run(&(struct get_spec){.product = name}, &report), "%s is right: %s",
           hashes[i], err.message);
        get_report_release(&report);
        free(declared);
        free(path);
        free(name);
        free(file);
    }
}

static void test_look(void)
{
    struct array products = ARRAY_OF(const char *);
    struct text changed = {0}, failed = {0};
    struct get_spec spec = {.index = index_file};
    for (size_t i = 0; i < 4; i++) {
        *(const char **)array_push(&products) =
            (const char *const[]){"mesh/h0", "mesh/h1", "mesh/h2", "mesh/a"}[i];
    }
    put(www, "h1.csv", "k\n1\n2\n");
    ok(get_look(&spec, &products, NULL, &changed, &failed, &err), "asked: %s",
       err.message);
    is_text(text_string(&changed), "mesh/h1\n", "what changed");
    ok(strstr(text_string(&failed), "mesh/a: ") == text_string(&failed),
       "what could not be asked: %s", text_string(&failed));
    struct get_plan plan;
    spec.product = "h0";
    ok(get_plan(&spec, &plan, &err) && plan.is_here && plan.is_remote &&
           plan.bytes == 4 && plan.files == 1,
       "the plan knows the size of what came before");
    get_plan_release(&plan);
    text_release(&changed);
    text_release(&failed);
    array_release(&products);
}

int main(void)
{
    if (mkdtemp(root) == NULL) {
        return 99;
    }
    www = path_join(root, "www");
    mesh = path_join(root, "mesh");
    path_make_folders(www, &err);
    path_make_folders(mesh, &err);
    setenv("HOME", root, 1);
    setenv("MWB_WEB_PRIVATE", "1", 1);
    unsetenv("MWB_CACHE");
    unsetenv("XDG_CACHE_HOME");
    unsetenv("XDG_DATA_HOME");
    unsetenv("XDG_CONFIG_HOME");
    if (!httpd_start(&httpd, www)) {
        printf("1..0 # SKIP there is no python3 for a server\n");
        path_remove_tree(root, NULL);
        return 0;
    }
    test_refresh();
    test_consent();
    test_declared();
    test_right_hashes();
    test_look();
    httpd_stop(&httpd);
    free(index_file);
    free(www);
    free(mesh);
    path_remove_tree(root, NULL);
    return tap_done();
}
