/* Sources looked at in the background: what is seen goes to the log and to the catalog,
 * nothing is fetched, and nobody waits for sources that are away.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <utime.h>

#include "engine/ledger.h"
#include "engine/path.h"
#include "engine/workbench/private.h"
#include "tests/unit/files.h"
#include "tests/unit/httpd_help.h"
#include "tests/unit/tap.h"

static char home[] = "/tmp/mwb-test-background-XXXXXX";
static struct error err;

/* "fetched 1780000000": when the source changed, as it says. */
static bool last_outcome(void *owner, const struct ledger_row *row)
{
    snprintf(owner, 32, "%s %lld", row->fetch.outcome, row->fetch.source_changed);
    return false;
}

static void is_logged(const struct workbench *workbench, const char *want)
{
    char outcome[32] = "nothing";
    struct ledger_question question = {.mesh = workbench->mesh};
    ledger_fetches(&question, last_outcome, outcome, &err);
    is_text(outcome, want, "the log says %s", want);
}

static void on_got(void *owner, struct job *job, const struct get_report *report)
{
    bool *got = owner;
    *got = report != NULL;
    if (report == NULL) {
        printf("# %s\n", job_error(job)->message);
    }
}

static bool get(struct workbench *workbench)
{
    bool got = false;
    struct workbench_get_spec spec = {
        .product = "things", .refresh = true, .finished = on_got, .owner = &got};
    struct job *job = workbench_get_product(workbench, &spec, &err);
    while (job != NULL && !job_is_over(job)) {
        loop_step(workbench->loop, 1);
    }
    loop_step(workbench->loop, 0);
    return got;
}

static void look(struct workbench *workbench)
{
    size_t listed = jobs_count(workbench->jobs);
    background_look(workbench);
    is_int((long long)jobs_count(workbench->jobs), (long long)listed,
           "a look is not listed among the jobs");
    while (background_is_looking(workbench)) {
        loop_step(workbench->loop, 1);
    }
}

static bool has_newer(const struct workbench *workbench)
{
    struct catalog_freshness freshness;
    catalog_freshness_of(workbench->catalog, 1, &freshness);
    return freshness.has_newer;
}

static void put(const char *folder, const char *text, long long seconds)
{
    char *path = path_join(folder, "things.csv");
    struct utimbuf times = {seconds, seconds};
    files_put(folder, "things.csv", text);
    utime(path, &times);
    free(path);
}

static void test_looks(struct workbench *workbench, struct httpd *httpd,
                       const char *folder)
{
    ok(get(workbench), "a product comes from a server");
    is_logged(workbench, "fetched 1780000000");
    look(workbench);
    is_logged(workbench, "unchanged 1780000000");
    ok(!has_newer(workbench), "its source has nothing newer");
    put(folder, "a\n1\n2\n3\n", 1790000000);
    look(workbench);
    is_logged(workbench, "changed 1790000000");
    ok(has_newer(workbench), "now it has, and the catalog knows");
    ok(get(workbench) && !has_newer(workbench), "until somebody gets it");
    httpd_stop(httpd);
    for (int i = 0; i < 6; i++) {
        look(workbench);
    }
    is_logged(workbench, "failed 0");
    is_int((long long)background_wait(workbench), 16 * 5 * 60,
           "a source that is away is asked less and less often");
    options_set(workbench->options, "background_check", "0", &err);
    workbench_changed(workbench, WORKBENCH_OPTIONS);
    is_int((long long)background_wait(workbench), 0, "0 never looks");
}

int main(void)
{
    struct httpd httpd;
    if (mkdtemp(home) == NULL) {
        printf("Bail out! no temporary folder\n");
        return EXIT_FAILURE;
    }
    char *folder = path_join(home, "served"), *mesh = path_join(home, "mesh");
    put(folder, "a\n1\n2\n", 1780000000);
    if (!httpd_start(&httpd, folder)) {
        printf("1..0 # SKIP there is no python3 for a server\n");
        return EXIT_SUCCESS;
    }
    setenv("HOME", home, 1);
    setenv("MWB_WEB_PRIVATE", "1", 1);
    unsetenv("XDG_CACHE_HOME");
    unsetenv("XDG_DATA_HOME");
    unsetenv("MWB_CACHE");
    char *package = string_printf("{\"name\":\"things\",\"resources\":[{\"name\":"
                                  "\"t\",\"path\":\"http://127.0.0.1:%d/things.csv\"}]}",
                                  httpd.port);
    files_put(mesh, "datapackage.json", package);
    struct workbench_spec spec = {.mesh = mesh};
    struct workbench *workbench = workbench_new(&spec, &err);
    ok(workbench != NULL && workbench_wait_catalog(workbench, &err), "a mesh (%s)",
       err.message);
    options_set(workbench->options, "background_check", "5", &err);
    workbench_check_sources(workbench);
    is_int((long long)background_wait(workbench), 300, "asked every five minutes");
    test_looks(workbench, &httpd, folder);
    workbench_free(workbench);
    free(package);
    free(folder);
    free(mesh);
    path_remove_tree(home, NULL);
    return tap_done();
}
