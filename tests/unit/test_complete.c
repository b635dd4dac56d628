/* test_complete: what is offered in the sample mesh, statement by statement, out of
 * complete.cases; MWB_UPDATE=1 writes that file anew. Besides: how words match, what is
 * masked, and how long an answer takes with a thousand products.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <time.h>
#include <unistd.h>

#include "engine/catalog.h"
#include "engine/complete.h"
#include "engine/demo.h"
#include "engine/path.h"
#include "engine/store.h"
#include "tests/unit/tap.h"

enum { FIRST = 5, MANY = 1000 };

static char home[] = "/tmp/mwb-test-complete-XXXXXX";

/* ---- Matching ---- */

static void words_match(void)
{
    static const struct {
        const char *word, *name;
        enum complete_fit fit;
        uint64_t matches;
    } rows[] = {
        {"", "orders", COMPLETE_START, 0},
        {"orders", "ORDERS", COMPLETE_EXACT, 0x3f},
        {"ord", "Orders", COMPLETE_START, 7},
        {"total", "order_total_cents", COMPLETE_PART, 0x7c0},
        {"line", "orders.line_items", COMPLETE_PART, 0x780},
        {"ot", "order_total", COMPLETE_INITIALS, 0x41},
        {"ortot", "order_total", COMPLETE_INITIALS, 0x1c3},
        {"rder", "orders", COMPLETE_WITHIN, 0x1e},
        {"odrs", "orders", COMPLETE_LETTERS, 0x35},
        {"xyz", "orders", COMPLETE_NOT, 0},
        {"customerId", "customer_id", COMPLETE_INITIALS, 0x6ff},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t matches;
        enum complete_fit fit = complete_match(rows[i].word, rows[i].name, &matches);
        ok(fit == rows[i].fit && matches == rows[i].matches, "'%s' in %s: %d, %jx",
           rows[i].word, rows[i].name, (int)fit, (uintmax_t)matches);
    }
}

/* ---- The sample mesh ---- */

static void on_got(void *owner, struct job *job, const struct get_report *report)
{
    (void)job;
    (void)report;
    *(bool *)owner = true;
}

static void fetch(struct workbench *workbench, const char *product)
{
    struct error err = {0};
    bool over = false;
    struct workbench_get_spec spec = {
        .product = product, .finished = on_got, .owner = &over};
    struct job *job = workbench_get_product(workbench, &spec, &err);
    while (job != NULL && !over) {
        loop_step(workbench->loop, -1);
    }
    ok(job != NULL && job_state(job) == JOB_DONE, "%s is here %s", product,
       job != NULL ? job_error(job)->message : err.message);
}

static struct workbench *open_samples(void)
{
    static const char *const products[] = {"checkout/orders", "accounts/customers",
                                           "payment/payments", "fulfillment/shipments"};
    struct error err = {0};
    char *samples = path_of_package("samples"), *dir = path_join(home, "shop");
    struct demo_install_spec demo = {.samples = samples, .dir = dir};
    ok(samples != NULL && demo_install(&demo, &err), "the sample mesh %s", err.message);
    struct workbench_spec spec = {.mesh = dir};
    struct workbench *workbench = workbench_new(&spec, &err);
    ok(workbench != NULL && workbench_wait_catalog(workbench, &err), "is read %s",
       err.message);
    for (size_t i = 0; i < sizeof products / sizeof *products; i++) {
        fetch(workbench, products[i]);
    }
    free(workbench->workspace);
    workbench->workspace = path_join(home, "workspace.db");
    sqlite3 *db = store_open(workbench->workspace, STORE_CREATE, &err);
    ok(db != NULL && store_run(db,
                               "CREATE TABLE basket(order_id TEXT, note TEXT, \"Unit "
                               "Price\" REAL); CREATE TABLE \"my notes\"(id INTEGER, "
                               "\"said \"\"so\"\"\" TEXT)",
                               &err),
       "a workspace %s", err.message);
    store_close(db);
    free(samples);
    free(dir);
    return workbench;
}

/* Asked twice: the first time starts what is to be measured. */
static void ask(struct complete *complete, const char *marked,
                struct complete_answer *answer, struct text *sql)
{
    const char *bar = strchr(marked, '|');
    size_t cursor = bar != NULL ? (size_t)(bar - marked) : strlen(marked);
    text_append_bytes(sql, marked, cursor);
    text_append(sql, bar != NULL ? bar + 1 : "");
    complete_find(complete, text_string(sql), cursor, answer);
}

static void settle(struct workbench *workbench, struct complete *complete,
                   const char *marked)
{
    struct complete_answer answer;
    struct text sql = {0};
    ask(complete, marked, &answer, &sql);
    complete_answer_release(&answer);
    text_release(&sql);
    while (complete_is_measuring(complete)) {
        loop_step(workbench->loop, -1);
    }
}

static void tell(struct complete *complete, const char *marked, struct text *out)
{
    struct complete_answer answer;
    struct text sql = {0};
    ask(complete, marked, &answer, &sql);
    for (size_t i = 0; i < answer.candidates.count && i < FIRST; i++) {
        const struct complete_candidate *one = array_at(&answer.candidates, i);
        text_printf(out, "    %s  -- %s\n", one->text, one->detail);
    }
    if (answer.candidates.count == 0) {
        text_append(out, "    nothing\n");
    }
    complete_answer_release(&answer);
    text_release(&sql);
}

/* ---- The cases ---- */

/* `# title`, `? statement` with `|` for the cursor and \n for a line, then the first five
 * with what is said of them; blank lines between. */
struct cases {
    struct workbench *workbench;
    struct complete *complete;
    struct text want, written;
    char *title, *marked;
    int count;
};

static char *with_lines(const char *text)
{
    struct text out = {0};
    for (; *text != '\0'; text++) {
        bool line = text[0] == '\\' && text[1] == 'n';
        text_append_char(&out, line ? '\n' : *text);
        text += line;
    }
    return text_take(&out);
}

static void end_case(struct cases *cases)
{
    if (cases->marked == NULL) {
        return;
    }
    struct text got = {0};
    char *marked = with_lines(cases->marked);
    settle(cases->workbench, cases->complete, marked);
    tell(cases->complete, marked, &got);
    is_text(text_string(&got), text_string(&cases->want), "%s: %s",
            cases->title != NULL ? cases->title : "", cases->marked);
    text_printf(&cases->written, "# %s\n? %s\n%s\n",
                cases->title != NULL ? cases->title : "", cases->marked,
                text_string(&got));
    text_release(&got);
    text_clear(&cases->want);
    free(marked);
    free(cases->marked);
    cases->marked = NULL;
    cases->count++;
}

static void take_line(struct cases *cases, const char *line)
{
    if (string_starts(line, "# ")) {
        free(cases->title);
        cases->title = string_copy(line + 2);
    } else if (string_starts(line, "? ") || string_equal(line, "?")) {
        end_case(cases);
        cases->marked = string_copy(line[1] != '\0' ? line + 2 : "");
    } else if (*line != '\0') {
        text_printf(&cases->want, "%s\n", line);
    } else {
        end_case(cases);
    }
}

static void cases_hold(struct workbench *workbench, struct complete *complete)
{
    const char *source = getenv("TESTS_SRCDIR");
    char *path =
        string_printf("%s/unit/complete.cases", source != NULL ? source : "tests");
    char *bytes = NULL;
    size_t length;
    struct error err = {0};
    struct cases cases = {.workbench = workbench, .complete = complete};
    if (!path_read_file(path, 1 << 20, &bytes, &length, &err)) {
        ok(false, "%s", err.message);
        free(path);
        return;
    }
    char *rest = bytes;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        take_line(&cases, line);
    }
    end_case(&cases);
    ok(cases.count >= 60, "%d cases", cases.count);
    if (getenv("MWB_UPDATE") != NULL) {
        ok(path_write_file(path, text_string(&cases.written), cases.written.length, 0644,
                           &err),
           "%s is written anew %s", path, err.message);
    }
    text_release(&cases.want);
    text_release(&cases.written);
    free(cases.title);
    free(bytes);
    free(path);
}

/* ---- Nothing leaks ---- */

/* Every value of a column that the role sees masked, of the files as they lie there. */
static void nothing_is_told(struct complete *complete, const char *marked,
                            const char *title)
{
    struct complete_answer answer;
    struct text sql = {0};
    size_t values = 0;
    ask(complete, marked, &answer, &sql);
    for (size_t i = 0; i < answer.candidates.count; i++) {
        const struct complete_candidate *one = array_at(&answer.candidates, i);
        values += one->kind == COMPLETE_VALUE;
    }
    ok(values == 0, "%s: %zu values", title, values);
    complete_answer_release(&answer);
    text_release(&sql);
}

static void masked_values_stay(struct complete *complete)
{
    static const char *const columns[] = {"name", "email", "street", "city",
                                          "birth_date"};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        char *plain = string_printf(
            "SELECT * FROM customers.customers_pii p WHERE p.%s = |", columns[i]);
        char *nested = string_printf("SELECT * FROM (SELECT %s AS x FROM "
                                     "customers.customers_pii) q WHERE x IN ('|",
                                     columns[i]);
        nothing_is_told(complete, plain, plain);
        nothing_is_told(complete, nested, nested);
        free(plain);
        free(nested);
    }
}

/* ---- A thousand products ---- */

static void write_package(const char *mesh, int number)
{
    char *file = string_printf("%s/product-%04d/datapackage.json", mesh, number);
    char *folder = path_folder(file);
    char *text = string_printf(
        "{\"name\": \"product-%04d\", \"title\": \"Number %d\", \"resources\": ["
        "{\"name\": \"line_items\", \"path\": \"a.csv\", \"schema\": {\"fields\": ["
        "{\"name\": \"id\", \"type\": \"integer\"}, {\"name\": \"name_%d\", \"type\": "
        "\"string\"}, {\"name\": \"status\", \"type\": \"string\"}]}}, "
        "{\"name\": \"customers\", \"path\": \"b.csv\", \"schema\": {\"primaryKey\": "
        "\"customer_id\", \"fields\": [{\"name\": \"customer_id\", \"type\": "
        "\"integer\"}, {\"name\": \"id\", \"type\": \"string\"}]}}]}",
        number, number, number);
    struct error err = {0};
    if (!path_make_folders(folder, &err) ||
        !path_write_file(file, text, strlen(text), 0600, &err)) {
        ok(false, "%s", err.message);
    }
    free(text);
    free(folder);
    free(file);
}

/* Of this process: the machine may be busy. */
static double processor_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void a_thousand_are_quick(void)
{
    static const char *const texts[] = {
        "SELECT * FROM |",
        "SELECT * FROM product_05|",
        "SELECT * FROM item|",
        "SELECT o.| FROM product_0999.line_items o",
        "SELECT na| FROM product_0999.line_items o JOIN product_0001.customers c",
        "SELECT * FROM product_0999.customers o JOIN |",
        "SELECT * FROM product_0999.customers o JOIN product_0001.customers c ON |",
        "SELECT p|",
    };
    char *mesh = path_join(home, "many");
    struct error err = {0};
    for (int i = 0; i < MANY; i++) {
        write_package(mesh, i);
    }
    struct workbench_spec spec = {.mesh = mesh};
    struct workbench *workbench = workbench_new(&spec, &err);
    ok(workbench != NULL && workbench_wait_catalog(workbench, &err), "a large mesh %s",
       err.message);
    struct complete *complete = complete_new(workbench, NULL, NULL);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        double best = 1;
        for (int again = 0; again < 5; again++) {
            struct complete_answer answer;
            struct text sql = {0};
            double before = processor_seconds();
            ask(complete, texts[i], &answer, &sql);
            double took = processor_seconds() - before;
            best = took < best ? took : best;
            complete_answer_release(&answer);
            text_release(&sql);
        }
        ok(best < 0.016 || tap_is_slow(),
           "%s among 1,000 products: %.1f ms of a processor", texts[i], best * 1000);
    }
    complete_free(complete);
    workbench_free(workbench);
    free(mesh);
}

int main(void)
{
    struct error err = {0};
    if (mkdtemp(home) == NULL) {
        printf("Bail out! no temporary folder\n");
        return EXIT_FAILURE;
    }
    setenv("HOME", home, 1);
    setenv("TZ", "UTC", 1);
    unsetenv("XDG_CACHE_HOME");
    unsetenv("XDG_DATA_HOME");
    unsetenv("MWB_CACHE");
    words_match();
    struct workbench *workbench = open_samples();
    struct complete *complete = complete_new(workbench, NULL, NULL);
    cases_hold(workbench, complete);
    masked_values_stay(complete);
    complete_free(complete);
    workbench_free(workbench);
    a_thousand_are_quick();
    ok(path_remove_tree(home, &err), "cleaned up %s", err.message);
    return tap_done();
}
