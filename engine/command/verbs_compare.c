/* command: compare: what differs between two results, tables or versions of a product.
 * Both sides are made ready one after the other, a job merges them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/compare_sides.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/compare.h"
#include "engine/gate.h"
#include "engine/safetext.h"

/* ---- The key of the contract ---- */

/* The columns of the result that hold the key of the table they all come from. */
static void find_likely(struct command_call *call)
{
    struct comparison *comparison = call->own;
    const struct result *rows = comparison->sides[1].rows;
    const struct result_column *first = result_column(rows, 0);
    struct catalog_product product;
    if (first == NULL || first->product == NULL || call->workbench->catalog == NULL ||
        !catalog_product(call->workbench->catalog, first->product, &product, NULL)) {
        return;
    }
    size_t wanted = 0;
    for (size_t i = 0; i < product.tables.count; i++) {
        const struct catalog_table *table = array_at(&product.tables, i);
        bool is = string_equal_fold(table->sql_name, first->table);
        for (size_t k = 0; is && k < table->columns.count; k++) {
            const struct catalog_column *column = array_at(&table->columns, k);
            wanted += column->key_position > 0;
            for (size_t c = 0; column->key_position > 0 && c < result_column_count(rows);
                 c++) {
                const struct result_column *one = result_column(rows, c);
                if (string_equal_fold(one->column, column->name) &&
                    string_equal(one->product, first->product)) {
                    *(char **)array_push(&comparison->likely) = string_copy(one->name);
                    break;
                }
            }
        }
    }
    if (comparison->likely.count != wanted) {
        comparison_release_names(&comparison->likely);
        comparison->likely = (struct array)ARRAY_OF(char *);
    }
    catalog_product_release(&product);
}

/* ---- The merge ---- */

struct work {
    const struct command_call *call;
    const struct comparison *comparison;
};

static bool compare_in_child(struct job_port *port, void *argument, struct error *err)
{
    const struct work *work = argument;
    const struct comparison *comparison = work->comparison;
    struct compare_spec spec = {
        .before = call_open_again(comparison->sides[0].rows, err),
        .after = call_open_again(comparison->sides[1].rows, err),
        .keys = &comparison->keys,
        .likely = &comparison->likely,
        .file = comparison->file,
        .both = call_has_flag(work->call, "--both"),
        .same = call_has_flag(work->call, "--same"),
    };
    bool done =
        spec.before != NULL && spec.after != NULL && compare_write(&spec, port, err);
    result_free(spec.before);
    result_free(spec.after);
    return done;
}

/* Types and origins of the columns, so that their facts are found. */
static void name_columns(struct result *rows, const struct compare_outcome *outcome,
                         const struct result *after)
{
    for (size_t i = 0; i < outcome->names.count; i++) {
        const char *name = *(char **)array_at(&outcome->names, i);
        const struct result_column *from = NULL;
        for (size_t k = 0; i > 0 && from == NULL && k < result_column_count(after); k++) {
            const struct result_column *one = result_column(after, k);
            from = string_equal(one->name, name) ? one : NULL;
        }
        result_set_column(rows, i, name, from != NULL ? from->declared : NULL,
                          from != NULL ? from->product : NULL,
                          from != NULL ? from->table : NULL,
                          from != NULL ? from->column : NULL);
    }
    result_set_count(rows, outcome->rows, true);
}

static const char *const summary_names[] = {"column", "key", "side", "changed",
                                            "percent"};
enum { SUMMARY_NAMES = sizeof summary_names / sizeof *summary_names };

/* --summary: a row for each column. */
static bool reply_summary(struct command_call *call,
                          const struct compare_outcome *outcome, struct error *err)
{
    struct rows *rows =
        rows_new(call->workbench->spool_folder, summary_names, SUMMARY_NAMES, err);
    double both = (double)(outcome->changed + outcome->same);
    for (size_t i = 0; rows != NULL && i < outcome->columns.count; i++) {
        const struct compare_column *column = array_at(&outcome->columns, i);
        rows_set_text(rows, 0, column->name);
        rows_set_text(rows, 1, column->is_key ? "key" : NULL);
        rows_set_text(rows, 2,
                      column->only_before  ? "only before"
                      : column->only_after ? "only after"
                                           : "both");
        rows_set_number(rows, 3, (double)column->changed);
        rows_set_number(
            rows, 4,
            both > 0
                ? (double)(long long)((double)column->changed / both * 10000 + 0.5) / 100
                : 0);
        rows_insert(rows);
    }
    return rows != NULL && call_reply_rows(call, rows, summary_names, SUMMARY_NAMES, err);
}

/* On the screen they lie on what was shown; else they are the call's. */
static bool reply_rows(struct command_call *call, const struct compare_outcome *outcome,
                       struct error *err)
{
    struct comparison *comparison = call->own;
    const struct side *sides = comparison->sides;
    struct result *rows = result_open(comparison->file, "rows", err);
    if (rows == NULL) {
        return false;
    }
    name_columns(rows, outcome, sides[1].rows);
    if (!call->spec.has_screen) {
        call->rows = rows;
        call->reply.result = rows;
        return true;
    }
    struct catalog *catalog = call->workbench->catalog;
    const char *one = sides[0].classification, *other = sides[1].classification;
    char *products = string_printf("%s%s", sides[0].products, sides[1].products);
    struct workbench_made made = {
        .asked = "compare",
        .classification = catalog != NULL ? gate_higher(catalog, one, other)
                                          : (one != NULL ? one : other),
        .products = products,
        .sheet = pivot_new(PIVOT_COMPARISON),
    };
    bool done = workbench_show_made(call->workbench, rows, &made, err);
    if (!done) {
        result_free(rows);
        pivot_free(made.sheet);
    }
    free(products);
    call->reply.view = "grid";
    return done;
}

static void on_compared(void *owner, struct job *job)
{
    struct command_call *call = owner;
    const struct comparison *comparison = call->own;
    struct compare_outcome outcome = {0};
    struct error err = {0};
    call->job = NULL;
    if (job_state(job) != JOB_DONE) {
        call_fail(call, job_error(job));
        return;
    }
    bool done = compare_read(comparison->file, &outcome, &err);
    if (done) {
        compare_describe(&outcome, &call->reply.message);
        done = call_has_flag(call, "--summary") ? reply_summary(call, &outcome, &err)
                                                : reply_rows(call, &outcome, &err);
        if (outcome.added + outcome.gone + outcome.changed > 0) {
            call->reply.error.kind = ERROR_VERDICT;
        }
    }
    compare_outcome_release(&outcome);
    if (done) {
        call_done(call);
    } else {
        call_fail(call, &err);
    }
}

static bool start_merge(struct command_call *call, struct error *err)
{
    struct comparison *comparison = call->own;
    struct work work = {call, comparison};
    struct text title = {0};
    find_likely(call);
    comparison->file = string_printf("%s/compare-XXXXXX", call->workbench->spool_folder);
    int fd = mkstemp(comparison->file);
    if (fd < 0) {
        return error_set(err, ERROR_FAILED, "could not write to the folder %s",
                         call->workbench->spool_folder);
    }
    close(fd);
    text_append(&title, "compare");
    for (int i = 0; i < 2; i++) {
        text_append(&title, i > 0 ? " and " : " ");
        safetext_append_cut(&title, comparison->sides[i].word,
                            strlen(comparison->sides[i].word), 40);
    }
    const struct job_spec spec = {.title = text_string(&title),
                                  .run = compare_in_child,
                                  .argument = &work,
                                  .finished = on_compared,
                                  .owner = call};
    call->job = jobs_start(call->workbench->jobs, &spec, err);
    text_release(&title);
    return call->job != NULL;
}

/* ---- The verb ---- */

bool comparison_make_ready(struct command_call *call, struct error *err)
{
    struct comparison *comparison = call->own;
    bool waits = false;
    while (comparison->ready < 2) {
        if (!comparison_take_side(call, &comparison->sides[comparison->ready], &waits,
                                  err)) {
            return false;
        }
        if (waits) {
            return true;
        }
        comparison->ready++;
    }
    return start_merge(call, err);
}

/* Nothing: the run before and this one. A product: its version before and its current. */
static bool read_sides(const struct command_call *call, struct error *err)
{
    struct comparison *comparison = call->own;
    struct side *sides = comparison->sides;
    const char *one = call_word(call, 0), *other = call_word(call, 1);
    if (call_count(call) > 2) {
        return error_set(err, ERROR_USAGE,
                         "compare takes two sides: put each statement into quotes");
    }
    sides[0].word =
        other != NULL || one == NULL ? string_copy(one != NULL ? one : "before") : NULL;
    sides[1].word = string_copy(other != NULL ? other : one != NULL ? one : "shown");
    if (one == NULL || sides[0].word != NULL) {
        return true;
    }
    if (words_start_sql(one) || string_equal(one, "before") ||
        string_equal(one, "shown") || strchr(one, '@') != NULL) {
        sides[0].word =
            string_equal(one, "shown") ? string_copy("before") : string_copy(one);
        free(sides[1].word);
        sides[1].word = string_copy("shown");
        return true;
    }
    sides[0].word = string_printf("%s@previous", one);
    return true;
}

static void read_keys(const struct command_call *call)
{
    struct comparison *comparison = call->own;
    const char *list = command_flag_value(call, "--key");
    while (list != NULL && *list != '\0') {
        char *name = string_copy_bytes(list, strcspn(list, ","));
        *(char **)array_push(&comparison->keys) = string_copy(string_trim(name));
        free(name);
        list += strcspn(list, ",");
        list += *list == ',';
    }
}

bool verb_compare(struct command_call *call, struct error *err)
{
    struct comparison *comparison = memory_new(sizeof *comparison);
    comparison->keys = (struct array)ARRAY_OF(char *);
    comparison->likely = (struct array)ARRAY_OF(char *);
    call->own = comparison;
    call->free_own = comparison_free;
    read_keys(call);
    return read_sides(call, err) && comparison_make_ready(call, err);
}
