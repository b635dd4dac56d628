/* command: profile: what the values of each column are like, counted in a job.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/pivot.h"
#include "engine/survey.h"
#include "engine/sql.h"

static const char *const names[] = {
    "nr",        "column", "type",           "filled",   "empty",   "empty_percent",
    "different", "about",  "least",          "most",     "mean",    "deviation",
    "quarter",   "median", "three_quarters", "shortest", "longest", "frequent",
    "histogram"};
enum { NAMES = sizeof names / sizeof *names };

/* Kept of the rows it is about: they may be gone before the job is done. */
struct profile_work {
    struct result *rows; /* opened anew */
    char *classification, *products;
    unsigned long serial;
};

static void free_work(void *own)
{
    struct profile_work *work = own;
    result_free(work->rows);
    free(work->classification);
    free(work->products);
    free(work);
}

/* ---- A row for each column ---- */

static const char *type_of(const struct survey_column *column)
{
    int kinds = (column->integers > 0) + (column->reals > 0) + (column->texts > 0) +
                (column->blobs > 0);
    bool numbers = column->texts + column->blobs == 0;
    return kinds == 0              ? "empty"
           : kinds > 1 && !numbers ? "mixed"
           : column->texts > 0     ? "text"
           : column->blobs > 0     ? "bytes"
           : column->reals > 0     ? "number"
                                   : "integer";
}

static double rounded(double share)
{
    return (double)(long long)(share * 10000 + 0.5) / 100;
}

static void add_frequent(struct rows *rows, const struct survey_column *column)
{
    struct text text = {0};
    for (size_t i = 0; i < SURVEY_FREQUENT && column->frequent[i].text != NULL; i++) {
        text_printf(&text, "%s%s (%g %%)", i > 0 ? ", " : "", column->frequent[i].text,
                    rounded((double)column->frequent[i].count / (double)column->rows));
    }
    rows_set_text(rows, 17, text.length > 0 ? text_string(&text) : NULL);
    text_release(&text);
}

static void add_column(struct rows *rows, size_t index, const char *name, bool unicode,
                       const struct survey_column *column)
{
    struct text histogram = {0};
    long long filled = column->rows - column->nulls;
    rows_set_number(rows, 0, (double)index + 1);
    rows_set_text(rows, 1, name);
    rows_set_text(rows, 2, type_of(column));
    rows_set_number(rows, 3, (double)filled);
    rows_set_number(rows, 4, (double)column->nulls);
    rows_set_number(
        rows, 5,
        column->rows > 0 ? rounded((double)column->nulls / (double)column->rows) : 0);
    rows_set_number(rows, 6, (double)column->different);
    rows_set_text(rows, 7, column->is_estimated ? "about" : NULL);
    rows_set_text(rows, 8, column->least);
    rows_set_text(rows, 9, column->most);
    if (column->integers + column->reals > 0) {
        rows_set_number(rows, 10, column->mean);
        rows_set_number(rows, 11, column->deviation);
        rows_set_number(rows, 12, column->quarter);
        rows_set_number(rows, 13, column->median);
        rows_set_number(rows, 14, column->three_quarters);
    }
    if (column->shortest >= 0) {
        rows_set_number(rows, 15, (double)column->shortest);
        rows_set_number(rows, 16, (double)column->longest);
    }
    add_frequent(rows, column);
    survey_draw(column, unicode, &histogram);
    rows_set_text(rows, 18, histogram.length > 0 ? text_string(&histogram) : NULL);
    rows_insert(rows);
    text_release(&histogram);
}

static bool write_rows(const struct command_call *call, const struct result *result,
                       const struct array *columns, struct job_port *port,
                       struct error *err)
{
    struct rows *rows = rows_new(call->workbench->spool_folder, names, NAMES, err);
    if (rows == NULL) {
        return false;
    }
    for (size_t i = 0; i < columns->count; i++) {
        add_column(rows, i, result_column(result, i)->name, call->spec.unicode,
                   array_at(columns, i));
    }
    char *file = string_copy(rows_file(rows));
    bool done = rows_close(rows, err);
    if (done) {
        job_tell(port, 0, file, strlen(file) + 1);
    }
    free(file);
    return done;
}

static bool profile_in_child(struct job_port *port, void *argument, struct error *err)
{
    const struct command_call *call = argument;
    const struct profile_work *work = call->own;
    struct array columns;
    bool done = survey_read(work->rows, port, &columns, err) &&
                write_rows(call, work->rows, &columns, port, err);
    if (done) {
        survey_release(&columns);
    }
    return done;
}

/* ---- The reply ---- */

static void on_file(void *owner, struct job *job, int type, const void *bytes,
                    size_t length)
{
    struct command_call *call = owner;
    struct error err = {0};
    (void)job;
    (void)type;
    if (length > 0 && call->rows == NULL) {
        call->rows = rows_open(bytes, names, NAMES, &err);
    }
}

/* On the screen they lie on the rows they are about. */
static bool reply(struct command_call *call, struct error *err)
{
    const struct profile_work *work = call->own;
    call_message(call, "%zu columns of ", result_column_count(work->rows));
    text_append_count(&call->reply.message, result_count(work->rows), "row");
    call->reply.view = "grid";
    if (!call->spec.has_screen) {
        call->reply.result = call->rows;
        return true;
    }
    struct workbench_made made = {.asked = "profile",
                                  .classification = work->classification,
                                  .products = work->products,
                                  .sheet = pivot_new(PIVOT_PROFILE)};
    made.sheet->base = work->serial;
    if (!workbench_show_made(call->workbench, call->rows, &made, err)) {
        pivot_free(made.sheet);
        return false;
    }
    call->rows = NULL;
    return true;
}

static void on_profiled(void *owner, struct job *job)
{
    struct command_call *call = owner;
    struct error err = {0};
    call->job = NULL;
    if (job_state(job) != JOB_DONE) {
        call_fail(call, job_error(job));
    } else if (call->rows == NULL) {
        error_set(&err, ERROR_FAILED, "the profile was made, but could not be read");
        call_fail(call, &err);
    } else if (reply(call, &err)) {
        call_done(call);
    } else {
        call_fail(call, &err);
    }
}

/* ---- The verb ---- */

static bool start(struct command_call *call, const struct workbench_result *base,
                  struct error *err)
{
    struct profile_work *work = memory_new(sizeof *work);
    call->own = work;
    call->free_own = free_work;
    work->rows = call_open_again(base->result, err);
    work->classification = string_copy(base->classification);
    work->products = string_copy(text_string(&base->products));
    work->serial = base->serial;
    const struct job_spec spec = {.title = "profile of the rows shown",
                                  .run = profile_in_child,
                                  .argument = call,
                                  .received = on_file,
                                  .finished = on_profiled,
                                  .owner = call};
    call->job = work->rows != NULL ? jobs_start(call->workbench->jobs, &spec, err) : NULL;
    return call->job != NULL;
}

static void on_base(void *owner, struct workbench_result *result)
{
    struct command_call *call = owner;
    struct error err = {0};
    call->watched = NULL;
    if (result->error.kind != ERROR_NONE) {
        call_fail_run(call, result);
        return;
    }
    text_append(&call->reply.notes, text_string(&result->notes));
    call_note_use(call, text_string(&result->products));
    if (result->result == NULL) {
        error_set(&err, ERROR_FAILED, "profile needs rows, but the statement gives none");
        call_fail(call, &err);
    } else if (!start(call, result, &err)) {
        call_fail(call, &err);
    }
}

static bool run_base(struct command_call *call, const char *sql, struct error *err)
{
    struct workbench_query query = {.sql = sql, .finished = on_base};
    call->watched = call_start_query(call, &query, err);
    return call->watched != NULL;
}

bool verb_profile(struct command_call *call, struct error *err)
{
    const char *word = call_word(call, 0);
    struct workbench_result *shown = call->workbench->shown;
    if (word == NULL && !call_has_flag(call, "-f")) {
        if (shown == NULL || shown->result == NULL) {
            return error_set(err, ERROR_USAGE,
                             "profile needs rows: profile PRODUCT.TABLE or profile "
                             "SELECT ...");
        }
        return call_whole_result(call, err) != NULL && start(call, shown, err);
    }
    if (word != NULL && call_count(call) == 1 && !words_start_sql(word)) {
        struct text sql = {0};
        bool done = call_whole_table(call, word, &sql, err) &&
                    run_base(call, text_string(&sql), err);
        text_release(&sql);
        return done;
    }
    char *sql = call_sql(call, 0, err);
    bool done = sql != NULL && run_base(call, sql, err);
    free(sql);
    return done;
}
