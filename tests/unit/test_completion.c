/* test_completion: what is offered where, out of a mesh of its own; and how long it takes
 * with a thousand products.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <unistd.h>

#include "engine/catalog.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/workbench.h"
#include "tests/unit/tap.h"
#include "tui/completion.h"
#include "tui/lineedit.h"

enum { MANY = 1000 };

static char *scratch;

static void write_text(const char *folder, const char *name, const char *text)
{
    struct error err = {0};
    char *path = path_join(folder, name);
    char *parent = path_folder(path);
    if (!path_make_folders(parent, &err) ||
        !path_write_file(path, text, strlen(text), 0600, &err)) {
        ok(false, "%s", err.message);
    }
    free(parent);
    free(path);
}

/* A Data Package of two tables with the columns id, name_N, and customer_id. */
static void write_package(const char *mesh, const char *name, int number)
{
    char *file = string_printf("%s/datapackage.json", name);
    char *text = string_printf(
        "{\"name\": \"%s\", \"title\": \"Number %d\", \"version\": \"1.0.0\", "
        "\"resources\": ["
        "{\"name\": \"line_items\", \"path\": \"a.csv\", \"schema\": {\"fields\": ["
        "{\"name\": \"id\", \"type\": \"integer\"}, {\"name\": \"name_%d\", \"type\": "
        "\"string\"}, "
        "{\"name\": \"Unit Price\", \"type\": \"number\"}]}}, "
        "{\"name\": \"customers\", \"path\": \"b.csv\", \"schema\": {\"fields\": ["
        "{\"name\": \"customer_id\", \"type\": \"integer\"}, {\"name\": \"id\", "
        "\"type\": \"string\"}]}}]}",
        name, number, number);
    char *folder = path_join(mesh, name);
    write_text(mesh, file, text);
    write_text(folder, "a.csv", "id,name,Unit Price\n1,x,2\n");
    write_text(folder, "b.csv", "customer_id,id\n1,2\n");
    free(folder);
    free(text);
    free(file);
}

static bool open_mesh(struct workbench *workbench, const char *name, int count)
{
    struct error err = {0};
    char *mesh = path_join(scratch, name);
    char *index = string_printf("%s/%s.db", scratch, name);
    write_text(mesh, "mesh.yaml", "name: Test\n");
    write_package(mesh, "orders", 0);
    for (int i = 1; i < count; i++) {
        char *package = string_printf("product-%04d", i);
        write_package(mesh, package, i);
        free(package);
    }
    bool built = catalog_build(mesh, index, NULL, &err);
    *workbench = (struct workbench){.mesh = mesh, .index = index};
    workbench->parameters = (struct array)ARRAY_OF(struct workbench_parameter);
    workbench->catalog = built ? catalog_open(index, &err) : NULL;
    ok(workbench->catalog != NULL, "the mesh %s is read %s", name, err.message);
    return workbench->catalog != NULL;
}

static void close_mesh(struct workbench *workbench)
{
    catalog_close(workbench->catalog);
    array_release(&workbench->parameters);
    free(workbench->workspace);
    free(workbench->mesh);
    free(workbench->index);
}

/* Candidates at the `|` of the text, as `text (detail)` a line; with the word they
 * replace before a colon. */
static char *ask(struct completion *completion, const char *marked, size_t most)
{
    const char *bar = strchr(marked, '|');
    size_t cursor = (size_t)(bar - marked), start = 99;
    struct text sql = {0}, out = {0};
    struct array found = ARRAY_OF(struct lineedit_candidate);
    text_append_bytes(&sql, marked, cursor);
    text_append(&sql, bar + 1);
    completion_find(completion, text_string(&sql), cursor, &start, &found);
    text_append_bytes(&out, sql.data + start, cursor - start);
    text_append_char(&out, ':');
    for (size_t i = 0; i < found.count; i++) {
        struct lineedit_candidate *candidate = array_at(&found, i);
        if (i < most) {
            text_printf(&out, " %s", candidate->text);
        }
        free(candidate->text);
        free(candidate->detail);
    }
    array_release(&found);
    text_release(&sql);
    return text_take(&out);
}

static char *detail_of(struct completion *completion, const char *sql, const char *text)
{
    size_t start;
    char *detail = NULL;
    struct array found = ARRAY_OF(struct lineedit_candidate);
    completion_find(completion, sql, strlen(sql), &start, &found);
    for (size_t i = 0; i < found.count; i++) {
        struct lineedit_candidate *candidate = array_at(&found, i);
        if (string_equal(candidate->text, text) && detail == NULL) {
            detail = candidate->detail;
            candidate->detail = NULL;
        }
        free(candidate->text);
        free(candidate->detail);
    }
    array_release(&found);
    return detail;
}

struct row {
    const char *title, *marked, *want;
    size_t most;
};

static const struct row rows[] = {
    {"a keyword in the case it is typed in", "sel|", "sel: select", 1},
    {"a keyword in capitals", "SEL|", "SEL: SELECT", 1},
    {"a function", "SELECT group_c|", "group_c: group_concat(", 9},
    {"a product after FROM", "SELECT * FROM ord|", "ord: orders", 9},
    {"whatever its case", "SELECT * FROM ORD|", "ORD: orders", 9},
    {"names that contain the word come after", "SELECT * FROM uct|",
     "uct: product_0001 product_0002", 2},
    {"a table for who knows only that", "SELECT * FROM line|",
     "line: orders.line_items product_0001.line_items", 2},
    {"the catalog", "SELECT * FROM mes|", "mes: mesh", 9},
    {"its tables", "SELECT * FROM mesh.prod|", "prod: product products", 9},
    {"tables of a schema", "SELECT * FROM orders.|", ": line_items customers", 9},
    {"some of them", "SELECT * FROM orders.cu|", "cu: customers", 9},
    {"tables of a schema in its other case", "SELECT * FROM ORDERS.L|", "L: line_items",
     9},
    {"columns behind an alias", "SELECT o.| FROM orders.line_items o",
     ": id name_0 \"Unit Price\"", 9},
    {"columns behind a table", "SELECT * FROM orders.customers WHERE customers.|",
     ": customer_id id", 9},
    {"columns of the right one of two",
     "SELECT c.| FROM orders.line_items o JOIN orders.customers c", ": customer_id id",
     9},
    {"columns that only contain the word", "SELECT o.rice| FROM orders.line_items o",
     "rice: \"Unit Price\"", 9},
    {"bare columns first", "SELECT na| FROM orders.line_items", "na: name_0", 1},
    {"bare columns of all tables",
     "SELECT | FROM orders.line_items a, orders.customers b",
     ": id name_0 \"Unit Price\" customer_id a b", 6},
    {"aliases", "SELECT * FROM orders.customers cust WHERE cust|",
     "cust: customer_id cust", 2},
    {"only of the statement at the cursor",
     "SELECT * FROM orders.customers; SELECT nam| FROM orders.line_items;",
     "nam: name_0 rename", 9},
    {"a name of WITH", "WITH recent AS (SELECT 1) SELECT * FROM rec|", "rec: recent", 1},
    {"the columns of an unknown alias are none", "SELECT zz.|", ":", 9},
    {"columns of the catalog", "SELECT p.sche| FROM mesh.product p", "sche: schema_name",
     9},
    {"behind an open quote", "SELECT * FROM \"ord|", "ord: orders\"", 9},
    {"nothing within a string", "SELECT 'ord|'", NULL, 9},
    {"a wildcard is no wildcard", "SELECT * FROM %|", NULL, 9},
};

static void places_get_their_names(struct completion *completion)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *got = ask(completion, rows[i].marked, rows[i].most);
        if (rows[i].want != NULL) {
            is_text(got, rows[i].want, "%s", rows[i].title);
        } else {
            ok(strstr(got, "orders") == NULL, "%s: %s", rows[i].title, got);
        }
        free(got);
    }
}

static void details_tell(struct completion *completion, struct workbench *workbench)
{
    char *detail =
        detail_of(completion, "SELECT * FROM orders.line_items o WHERE o.", "id");
    is_text(detail, "integer, column of orders.line_items", "the detail of a column");
    free(detail);
    detail = detail_of(completion, "SELECT * FROM ord", "orders");
    ok(detail != NULL && strstr(detail, "2 tables") != NULL &&
           strstr(detail, "not here yet") != NULL,
       "the detail of a product: %s", detail);
    free(detail);
    struct workbench_parameter *parameter = array_push(&workbench->parameters);
    char name[] = "from_day", value[] = "2024-01-01";
    *parameter = (struct workbench_parameter){name, value};
    detail = detail_of(completion, "SELECT :from", ":from_day");
    is_text(detail, "= 2024-01-01", "the detail of a parameter");
    free(detail);
    array_clear(&workbench->parameters);
}

static void workspace_is_read(struct completion *completion, struct workbench *workbench)
{
    struct error err = {0};
    workbench->workspace = path_join(scratch, "workspace.db");
    sqlite3 *db = store_open(workbench->workspace, STORE_CREATE, &err);
    ok(db != NULL && store_run(db, "CREATE TABLE mine(first, second)", &err),
       "a workspace %s", err.message);
    char *got = ask(completion, "SELECT * FROM mi|", 1);
    is_text(got, "mi: mine", "tables of the workspace");
    free(got);
    got = ask(completion, "SELECT sec| FROM mine", 1);
    is_text(got, "sec: second", "and their columns");
    free(got);
    got = ask(completion, "SELECT * FROM main.m|", 9);
    is_text(got, "m: mine", "behind main, too");
    free(got);
    ok(store_run(db, "BEGIN EXCLUSIVE", &err), "the workspace is locked");
    double before = path_monotonic();
    got = ask(completion, "SELECT * FROM mi|", 1);
    is_text(got, "mi: mine", "a locked workspace is read all the same");
    ok(path_monotonic() - before < 1, "and not waited for");
    free(got);
    store_close(db);
}

static void a_thousand_are_quick(void)
{
    static const char *const texts[] = {
        "SELECT * FROM |",
        "SELECT * FROM product_05|",
        "SELECT * FROM item|",
        "SELECT o.| FROM product_0999.line_items o",
        "SELECT na| FROM product_0999.line_items o JOIN product_0001.customers c",
        "SELECT p|",
    };
    struct workbench workbench;
    if (open_mesh(&workbench, "many", MANY)) {
        struct completion *completion = completion_new(&workbench);
        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
            double best = 1;
            for (int again = 0; again < 5; again++) { /* the machine may be busy */
                double before = path_monotonic();
                free(ask(completion, texts[i], 0));
                double took = path_monotonic() - before;
                best = took < best ? took : best;
            }
            ok(best < 0.016 || tap_is_slow(), "%s among 1,000 products: %.1f ms",
               texts[i], best * 1000);
        }
        completion_free(completion);
    }
    close_mesh(&workbench);
}

int main(void)
{
    char folder[] = "/tmp/mwb-completion-XXXXXX";
    struct error err = {0};
    struct workbench workbench;
    scratch = string_copy(mkdtemp(folder));
    setenv("MWB_CACHE", scratch, 1);
    if (open_mesh(&workbench, "few", 4)) {
        struct completion *completion = completion_new(&workbench);
        places_get_their_names(completion);
        details_tell(completion, &workbench);
        workspace_is_read(completion, &workbench);
        completion_free(completion);
    }
    close_mesh(&workbench);
    a_thousand_are_quick();
    ok(path_remove_tree(scratch, &err), "cleaned up %s", err.message);
    free(scratch);
    return tap_done();
}
