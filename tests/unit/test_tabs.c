/* Tabs of a workbench: they run beside each other, each with its session and transaction;
 * what would be lost is told before it runs; they are kept for the next start.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <signal.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/text.h"
#include "engine/workbench.h"
#include "tests/unit/tap.h"

static char home[] = "/tmp/mwb-test-tabs-XXXXXX";
static const char endless[] = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 "
                              "FROM c) SELECT max(n) FROM c";

/* ---- A workbench that runs statements ---- */

static struct workbench *open_workbench(const char *mesh)
{
    struct error err = {0};
    struct workbench_spec spec = {.mesh = mesh, .with_state = true};
    struct workbench *workbench = workbench_new(&spec, &err);
    if (workbench == NULL || !workbench_wait_catalog(workbench, &err)) {
        printf("Bail out! %s\n", err.message);
        exit(EXIT_FAILURE);
    }
    return workbench;
}

static struct workbench_result *start(struct workbench *workbench, const char *sql)
{
    struct error err = {0};
    struct workbench_query query = {.sql = sql};
    struct workbench_result *result = workbench_run(workbench, &query, &err);
    if (result == NULL) {
        printf("# %s\n", err.message);
    }
    return result;
}

static struct workbench_result *run(struct workbench *workbench, const char *sql)
{
    struct workbench_result *result = start(workbench, sql);
    while (result != NULL && !result->is_over) {
        loop_step(workbench->loop, -1);
    }
    return result;
}

static long long transaction(const struct workbench *workbench, size_t index)
{
    return workbench_tab_transaction(workbench, workbench_tab_at(workbench, index));
}

/* ---- Beside each other ---- */

static void two_run_at_once(struct workbench *workbench)
{
    struct error err = {0};
    struct workbench_query query = {.sql = "SELECT 1"};
    struct workbench_result *first = start(workbench, endless);
    ok(workbench_run(workbench, &query, &err) == NULL &&
           strstr(err.message, "still running") != NULL,
       "one tab runs one statement at a time");
    struct workbench_tab *tab = workbench_tab_new(workbench);
    ok(workbench->shown == NULL && workbench->tabs.count == 2, "a new tab is empty");
    struct workbench_result *second = run(workbench, "SELECT 2");
    ok(second->error.kind == ERROR_NONE && workbench_result_rows(second) == 1,
       "a statement runs in it");
    ok(!first->is_over && workbench_is_running(workbench), "beside one without end");
    ok(workbench->shown == second, "each shows its own");
    workbench_tab_select(workbench, 0);
    ok(workbench->shown == first && workbench_tab_shown(workbench, tab) == second,
       "and keeps it");
    workbench_result_cancel(first);
    while (!first->is_over) {
        loop_step(workbench->loop, -1);
    }
    is_int(first->error.kind, ERROR_CANCELLED, "what runs is stopped");
    ok(!second->result || workbench_result_rows(second) == 1, "alone");
}

static void count_end(void *owner, struct workbench_result *result)
{
    (void)result;
    ++*(int *)owner;
}

static void closing_gives_up(struct workbench *workbench)
{
    struct error err = {0};
    int ends = 0;
    workbench_tab_select(workbench, 1);
    struct workbench_query query = {
        .sql = endless, .finished = count_end, .owner = &ends};
    ok(workbench_run(workbench, &query, &err) != NULL, "a statement without end");
    query.aside = true;
    struct workbench_result *aside = workbench_run(workbench, &query, &err);
    ok(aside != NULL, "and one beside it");
    workbench_tab_close(workbench, 1);
    is_int(ends, 2, "who waits for them hears of it");
    ok(aside->is_over && aside->error.kind == ERROR_CANCELLED, "as given up");
    workbench_result_free(aside);
    ok(workbench->tabs.count == 1 && workbench->tab == 0 &&
           !workbench_is_running(workbench),
       "the tab is gone");
    query.tab = 2;
    ok(workbench_run(workbench, &query, &err) == NULL, "nothing runs in it any more");
}

/* ---- Transactions ---- */

static void kill_children(void)
{
    char *file = string_printf("/proc/self/task/%d/children", (int)getpid());
    FILE *children = fopen(file, "r");
    int child;
    while (children != NULL && fscanf(children, "%d", &child) == 1) {
        kill(child, SIGKILL);
    }
    if (children != NULL) {
        fclose(children);
    }
    free(file);
}

static void transactions_are_told(struct workbench *workbench)
{
    struct text open = {0};
    run(workbench, "CREATE TABLE kept(id INTEGER PRIMARY KEY, n)");
    is_int(transaction(workbench, 0), -1, "no transaction is open");
    run(workbench, "BEGIN");
    is_int(transaction(workbench, 0), 0, "one is, without changes");
    run(workbench, "INSERT INTO kept VALUES (1, 7), (2, 8), (3, 9)");
    is_int(transaction(workbench, 0), 3, "with changes");
    workbench_tab_new(workbench);
    is_int(transaction(workbench, 1), -1, "it is of one tab");
    ok(workbench_open_transactions(workbench, &open), "there is one");
    is_text(text_string(&open), "tab 1", "and where");
    text_release(&open);
    struct workbench_result *other = run(workbench, "INSERT INTO kept VALUES (4, 4)");
    ok(strstr(other->error.message, "another tab") != NULL, "others cannot write: %s",
       other->error.message);
    workbench_tab_close(workbench, 1);
    run(workbench, "COMMIT");
    is_int(transaction(workbench, 0), -1, "COMMIT ends it");
}

/* What ran next would not be undone by a later ROLLBACK. */
static void a_lost_transaction_is_told(struct workbench *workbench)
{
    run(workbench, "BEGIN; INSERT INTO kept VALUES (5, 5)");
    kill_children();
    struct workbench_result *result = run(workbench, "INSERT INTO kept VALUES (6, 6)");
    ok(result == NULL || strstr(result->error.message, "rolled back") != NULL,
       "nothing runs outside of a transaction that was lost");
    is_int(transaction(workbench, 0), -1, "it is known to be gone");
    result = run(workbench, "SELECT * FROM kept");
    is_int(workbench_result_rows(result), 3, "nothing of it stays, and SQL runs again");
}

/* ---- What would be lost ---- */

/* kept(id, n) has three rows, empty none; seen is a view. */
static const struct {
    const char *sql, *told;
} losses[] = {
    {"DROP TABLE IF EXISTS absent; DROP TABLE empty; CREATE TABLE empty(a UNIQUE)", NULL},
    {"DROP TABLE kept", "DROP TABLE kept: all of it would go, 3 rows\n"},
    {"drop/**/table if exists main . [kept];", "DROP TABLE kept: all of it would go, 3 "
                                               "rows\n"},
    {"DELETE FROM 'kept' -- WHERE",
     "DELETE FROM kept has no WHERE: all of it would go, 3 "
     "rows\n"},
    {"DELETE FROM kept WHERE id = 99", NULL},
    {"DELETE FROM kept RETURNING (SELECT 1 WHERE 1)",
     "DELETE FROM kept has no WHERE: all of it would go, 3 rows\n"},
    {"UPDATE kept SET n = (SELECT 1 WHERE 1)",
     "UPDATE kept has no WHERE: all of it would change, 3 rows\n"},
    {"UPDATE OR REPLACE kept SET id = 1 WHERE id = 99",
     "REPLACE INTO kept: of its 3 rows those with the same keys would go\n"},
    {"INSERT OR REPLACE INTO kept VALUES (1, 1)",
     "REPLACE INTO kept: of its 3 rows those with the same keys would go\n"},
    {"REPLACE INTO empty VALUES (1)", NULL},
    {"WITH c AS (SELECT 1 WHERE 1) DELETE FROM kept",
     "DELETE FROM kept has no WHERE: all of it would go, 3 rows\n"},
    {"WITH \"DELETE\" AS (SELECT 1) SELECT * FROM \"DELETE\"", NULL},
    {"ALTER TABLE kept DROP n",
     "a column dropped from kept: its values would go, those of 3 rows\n"},
    {"ALTER TABLE kept RENAME TO other; DROP TABLE other; DROP VIEW seen",
     "DROP TABLE other: all of it would go, 3 rows\nDROP of seen: what it says would "
     "go\n"},
    {"CREATE TABLE mine AS SELECT 1 AS a; DELETE FROM mine; DROP TABLE mine", NULL},
    {"CREATE TEMP TABLE brief AS SELECT 1 AS a; DROP TABLE brief", NULL},
    {"EXPLAIN QUERY PLAN DELETE FROM kept", NULL},
    {"CREATE TRIGGER t AFTER INSERT ON empty BEGIN DELETE FROM kept; END", NULL},
    {"DROP TRIGGER t", "DROP of t: what it says would go\n"},
    {"SELECT 'DROP TABLE kept; DELETE FROM kept'", NULL},
};

static void losses_are_told(struct workbench *workbench)
{
    struct error err = {0};
    run(workbench, "CREATE TABLE empty(a UNIQUE); CREATE VIEW seen AS SELECT 1");
    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
        const struct workbench_result *result = run(workbench, losses[i].sql);
        is_text(result->destroys, losses[i].told, "%s", losses[i].sql);
        is_int(result->error.kind, losses[i].told != NULL ? ERROR_FAILED : ERROR_NONE,
               "it %s: %s", losses[i].told != NULL ? "waits" : "runs",
               result->error.message);
    }
    is_int(workbench_result_rows(run(workbench, "SELECT * FROM kept")), 3,
           "nothing was lost");
    struct workbench_query query = {.sql = "DELETE FROM kept", .may_destroy = true};
    struct workbench_result *result = workbench_run(workbench, &query, &err);
    while (!result->is_over) {
        loop_step(workbench->loop, -1);
    }
    is_int(result->changes, 3, "with a yes it runs");
}

/* ---- What a running statement has done so far ---- */

static void progress_is_told(struct workbench *workbench)
{
    run(workbench,
        "CREATE TABLE many AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT "
        "n + 1 FROM c WHERE n < 2000) SELECT n FROM c");
    struct workbench_result *result = start(
        workbench, "SELECT count(*) FROM many a, many b, many c WHERE a.n + b.n < c.n");
    while (!result->is_over && session_run_scanned(result->run) == 0) {
        loop_step(workbench->loop, -1);
    }
    ok(!result->is_over && session_run_scanned(result->run) > 0,
       "rows looked at are counted while it runs");
    workbench_result_cancel(result);
    while (!result->is_over) {
        loop_step(workbench->loop, -1);
    }
    result = run(workbench, "SELECT n, 'a text' AS t FROM many");
    ok(session_run_bytes(result->run) > 2000, "and bytes of what it brought");
    ok(result->first_row >= 0 && result->first_row <= result->seconds,
       "the first row came before the last");
}

/* ---- Kept for the next start ---- */

static char *state_file(const struct workbench *workbench)
{
    char *stem = path_stem(workbench->index);
    char *file = string_printf("%s/.local/share/mwb/state/%s.session", home, stem);
    free(stem);
    return file;
}

static void tabs_come_back(struct workbench *workbench, const char *mesh)
{
    struct error err = {0};
    struct workbench_tab *first = workbench_tab_in_front(workbench);
    first->text = string_copy("SELECT 1;\ntab fake\ntext 3\n");
    first->cursor = 3;
    first->file = string_copy("/tmp/report.sql");
    first->in_file = string_copy("SELECT 0\n");
    workbench_tab_new(workbench)->name = string_copy("sécond");
    ok(workbench_save_state(workbench, "in front\n\n", 99, "focus sql", &err),
       "saved: %s", err.message);
    struct workbench *later = open_workbench(mesh);
    char *buffer, *layout;
    size_t cursor;
    workbench_load_state(later, &buffer, &cursor, &layout);
    is_text(buffer, "in front\n\n", "the text in front comes back");
    is_int((long long)cursor, 10, "its cursor not behind its end");
    is_text(layout, "focus sql", "so does the layout");
    is_int((long long)later->tabs.count, 2, "so do the tabs");
    is_text(workbench_tab_in_front(later)->name, "sécond", "with their names");
    is_text(workbench_tab_at(later, 0)->text, "SELECT 1;\ntab fake\ntext 3\n",
            "and texts, whatever they say");
    ok(workbench_tab_is_changed(workbench_tab_at(later, 0), "SELECT 1") &&
           !workbench_tab_is_changed(workbench_tab_at(later, 0), "SELECT 0\n"),
       "and what their files held");
    free(buffer);
    free(layout);
    workbench_free(later);
}

/* Whatever is left of the file, and the one of earlier versions. */
static void broken_states_do_no_harm(struct workbench *workbench, const char *mesh)
{
    struct error err = {0};
    char *file = state_file(workbench), *bytes = NULL, *buffer, *layout;
    size_t length = 0, cursor;
    ok(path_read_file(file, 1 << 20, &bytes, &length, &err), "the file: %s", err.message);
    struct workbench *later = open_workbench(mesh);
    bool held = true;
    for (size_t i = 0; i <= length; i += 1 + i / 16) {
        while (later->tabs.count > 1) {
            workbench_tab_close(later, 0);
        }
        path_write_file(file, bytes, i, 0600, &err);
        workbench_load_state(later, &buffer, &cursor, &layout);
        held = held && (buffer == NULL || cursor <= strlen(buffer));
        free(buffer);
        free(layout);
    }
    ok(held, "a file that ends anywhere is read as far as it makes sense");
    while (later->tabs.count > 1) {
        workbench_tab_close(later, 0);
    }
    static const char old[] = "mwb-session 1\nlayout focus grid\nproduct \ncursor 2\n"
                              "buffer 8\nSELECT 1";
    path_write_file(file, old, strlen(old), 0600, &err);
    workbench_load_state(later, &buffer, &cursor, &layout);
    is_text(buffer, "SELECT 1", "one text of an earlier version is read");
    is_int((long long)cursor, 2, "with its cursor");
    free(buffer);
    free(layout);
    free(bytes);
    free(file);
    workbench_free(later);
}

static void go_back(void *owner, struct workbench_result *result)
{
    (void)result;
    workbench_back(owner);
}

/* A view that runs when the program ends: who waits for it goes back to what was shown,
 * which is going, too. AddressSanitizer looks on. */
static void views_end_with_the_program(const char *mesh)
{
    struct error err = {0};
    struct workbench *workbench = open_workbench(mesh);
    struct workbench_result *base = run(workbench, "SELECT 1 AS a");
    struct workbench_query query = {
        .sql = endless, .over = base, .finished = go_back, .owner = workbench};
    struct workbench_result *view = workbench_run(workbench, &query, &err);
    ok(view != NULL && workbench->shown == view && view->below == base,
       "a view that never ends%s", err.message);
    workbench_free(workbench);
    ok(true, "ends with the program");
}

int main(void)
{
    struct error err = {0};
    if (mkdtemp(home) == NULL) {
        printf("Bail out! no temporary folder\n");
        return EXIT_FAILURE;
    }
    setenv("HOME", home, 1);
    unsetenv("XDG_CACHE_HOME");
    unsetenv("XDG_DATA_HOME");
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("MWB_CACHE");
    char *mesh = path_join(home, "m"), *description = path_join(mesh, "mesh.yaml");
    path_make_folders(mesh, &err);
    ok(path_write_file(description, "name: m\n", 8, 0600, &err), "a mesh");
    struct workbench *workbench = open_workbench(mesh);
    two_run_at_once(workbench);
    closing_gives_up(workbench);
    transactions_are_told(workbench);
    a_lost_transaction_is_told(workbench);
    losses_are_told(workbench);
    progress_is_told(workbench);
    tabs_come_back(workbench, mesh);
    broken_states_do_no_harm(workbench, mesh);
    workbench_free(workbench);
    views_end_with_the_program(mesh);
    free(description);
    free(mesh);
    path_remove_tree(home, NULL);
    return tap_done();
}
