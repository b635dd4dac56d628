/* command: verbs that put rows together: frequency, pivot, totals.
 * They work on the rows that are shown, or on those of --of SQL, which are shown first,
 * so that there is something to go back to.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"
#include "engine/command/sheets.h"

#include <stdlib.h>
#include <string.h>

struct sheet_work {
    struct pivot *pivot; /* until it runs */
    struct workbench_result *base;
    size_t most;                                                /* columns across */
    bool (*make)(struct command_call *call, struct error *err); /* once there is a base */
};

static void free_work(void *own)
{
    struct sheet_work *work = own;
    pivot_free(work->pivot);
    free(work);
}

/* ---- The rows it is about ---- */

static void make_of_shown(struct command_call *call)
{
    struct sheet_work *work = call->own;
    struct error err = {0};
    work->base = call->workbench->shown;
    work->pivot->base = work->base->serial;
    if (!work->make(call, &err)) {
        call_fail(call, &err);
    }
}

static void on_base(void *owner, struct workbench_result *result)
{
    struct command_call *call = owner;
    struct error err = {0};
    call->watched = NULL;
    if (result->error.kind != ERROR_NONE) {
        call_fail_run(call, result);
    } else if (result->result == NULL) {
        error_set(&err, ERROR_FAILED, "%s needs rows, but the statement gives none",
                  call->row->name);
        call_fail(call, &err);
    } else {
        text_append(&call->reply.notes, text_string(&result->notes));
        call_note_use(call, text_string(&result->products));
        make_of_shown(call);
    }
}

static bool with_base(struct command_call *call, enum pivot_kind kind,
                      bool (*make)(struct command_call *call, struct error *err),
                      struct error *err)
{
    const char *sql = command_flag_value(call, "--of");
    struct sheet_work *work = memory_new(sizeof *work);
    work->pivot = pivot_new(kind);
    work->pivot->ascii = !call->spec.unicode;
    work->make = make;
    call->own = work;
    call->free_own = free_work;
    if (sql != NULL) {
        struct workbench_query query = {.sql = sql, .finished = on_base};
        call->watched = call_start_query(call, &query, err);
        return call->watched != NULL;
    }
    if (call->workbench->shown == NULL || call->workbench->shown->result == NULL) {
        return error_set(err, ERROR_USAGE,
                         "%s needs rows: run a statement first, or give one with --of "
                         "SQL",
                         call->row->name);
    }
    work->base = call_whole_result(call, err);
    if (work->base != NULL) {
        work->pivot->base = work->base->serial;
    }
    return work->base != NULL && make(call, err);
}

/* Columns without a declared type tell by their first values whether they are numbers. */
static void sample(const struct sheet_work *work)
{
    enum { SAMPLE = 100, BYTES = 64 };
    struct result_page page = {0};
    result_page(work->base->result, 0, SAMPLE, BYTES, &page, NULL);
    result_page_release(&page);
}

static bool run_sheet(struct command_call *call, struct error *err)
{
    struct sheet_work *work = call->own;
    struct text sql = {0};
    pivot_sql(work->pivot, work->base->result, &sql);
    struct workbench_query query = {
        .sql = text_string(&sql), .over = work->base, .sheet = work->pivot};
    bool done = call_run_query(call, &query, err);
    work->pivot = done ? NULL : work->pivot;
    text_release(&sql);
    return done;
}

/* A statement about the base, not shown; `then` gets its rows as call->ran. */
static bool ask_base(struct command_call *call, const struct text *sql,
                     void (*then)(void *owner, struct workbench_result *result),
                     struct error *err)
{
    const struct sheet_work *work = call->own;
    const struct workbench_query query = {.sql = text_string(sql),
                                          .over = work->base,
                                          .aside = true,
                                          .finished = then,
                                          .owner = call};
    call->ran = workbench_run(call->workbench, &query, err);
    return call->ran != NULL;
}

/* ---- Keys: NAME[:STEP] ---- */

static bool read_step(const char *word, struct pivot_key *key, struct error *err)
{
    static const char class[] = "class=";
    if (string_starts(word, class)) {
        char *end;
        key->step = PIVOT_CLASS;
        key->width = strtod(word + strlen(class), &end);
        return (key->width > 0 && key->width < 1e300 && *end == '\0') ||
               error_set(err, ERROR_USAGE,
                         "the width of classes is a number above 0, not \"%s\"",
                         word + strlen(class));
    }
    return (pivot_step_named(word, &key->step) && key->step != PIVOT_CLASS) ||
           error_set(err, ERROR_USAGE,
                     "a column is grouped by value, year, quarter, month, day, hour or "
                     "class=WIDTH, not by \"%s\"",
                     word);
}

static bool read_key(const struct sheet_work *work, const char *word,
                     struct pivot_key *key, struct error *err)
{
    struct error ignored = {0};
    const char *colon = word != NULL ? strrchr(word, ':') : NULL;
    *key = (struct pivot_key){0};
    if (call_find_column(work->base, word, &key->column,
                         colon != NULL ? &ignored : err)) {
        return true;
    }
    if (colon == NULL) {
        return false;
    }
    char *name = string_copy_bytes(word, (size_t)(colon - word));
    bool done = call_find_column(work->base, name, &key->column, err) &&
                read_step(colon + 1, key, err);
    free(name);
    return done;
}

/* Columns with commas between them; each is given to `take`. */
static bool read_list(struct sheet_work *work, const char *list,
                      bool (*take)(struct sheet_work *work, const char *word,
                                   struct error *err),
                      struct error *err)
{
    struct error whole = {0};
    if (strchr(list, ',') == NULL || take(work, list, &whole)) {
        return strchr(list, ',') != NULL || take(work, list, err);
    }
    bool done = true;
    while (done && *list != '\0') {
        char *word = string_copy_bytes(list, strcspn(list, ","));
        list += strcspn(list, ",");
        list += *list == ',';
        done = take(work, string_trim(word), err);
        free(word);
    }
    return done;
}

static bool take_key(struct sheet_work *work, const char *word, struct error *err)
{
    struct pivot_key key;
    if (!read_key(work, word, &key, err)) {
        return false;
    }
    pivot_add_key(work->pivot, &key);
    return true;
}

static bool take_value(struct sheet_work *work, const char *word, struct error *err)
{
    size_t column;
    if (!call_find_column(work->base, word, &column, err)) {
        return false;
    }
    pivot_add_value(work->pivot, column);
    return true;
}

/* "sum amount" as two words, or "sum(amount)" as one. */
static bool read_aggregate(struct command_call *call, size_t first, struct error *err)
{
    struct sheet_work *work = call->own;
    char *name = string_copy(call_word(call, first));
    const char *values = call_word(call, first + 1);
    char *bracket = name != NULL ? strchr(name, '(') : NULL;
    size_t length = name != NULL ? strlen(name) : 0;
    bool done = true;
    if (bracket != NULL && length > 0 && name[length - 1] == ')') {
        name[length - 1] = *bracket = '\0';
        values = bracket[1] != '\0' ? bracket + 1 : NULL;
    }
    if (name != NULL) {
        work->pivot->aggregate = pivot_aggregate_named(name, err);
        done = work->pivot->aggregate != NULL &&
               (values == NULL || read_list(work, values, take_value, err));
    }
    free(name);
    return done;
}

/* ---- frequency ---- */

static void on_range(void *owner, struct workbench_result *result)
{
    struct command_call *call = owner;
    struct sheet_work *work = call->own;
    struct error err = {0};
    if (result->error.kind != ERROR_NONE) {
        call_fail(call, &result->error);
        return;
    }
    struct pivot_key *key = array_at(&work->pivot->keys, 0);
    bool chosen = pivot_choose_step(result->result, key, &err);
    if (!chosen && err.kind == ERROR_NONE) {
        text_append(&call->reply.notes,
                    "neither numbers nor dates: each value is counted by itself\n");
    }
    if (err.kind != ERROR_NONE || !run_sheet(call, &err)) {
        call_fail(call, &err);
    }
}

static bool make_classes(struct command_call *call, struct error *err)
{
    const struct sheet_work *work = call->own;
    const struct pivot_key *key = array_at(&work->pivot->keys, 0);
    struct text sql = {0};
    pivot_range_sql(work->base->result, key->column, &sql);
    bool done = ask_base(call, &sql, on_range, err);
    text_release(&sql);
    return done;
}

/* The same key once more is the other way to count: values or classes. */
static bool turn_frequency(struct command_call *call, bool *is_turned, struct error *err)
{
    struct sheet_work *work = call->own;
    const struct pivot *sheet = sheet_of(work->base);
    size_t column = 1;
    *is_turned =
        sheet != NULL && sheet->kind == PIVOT_FREQUENCY &&
        command_flag_value(call, "--of") == NULL && !call_has_flag(call, "--classes") &&
        call_find_column(work->base, call_word(call, 0), &column, NULL) && column == 0;
    if (!*is_turned) {
        return true;
    }
    struct pivot_key key = *(const struct pivot_key *)array_at(&sheet->keys, 0);
    bool had_classes = key.step != PIVOT_VALUE;
    struct workbench_result *base = sheet_base(call->workbench, sheet->base);
    if (base == NULL) {
        return error_set(err, ERROR_FAILED, "the rows of this frequency are gone");
    }
    while (call->workbench->shown != base) {
        workbench_back(call->workbench);
    }
    work->base = base;
    work->pivot->base = base->serial;
    key.step = PIVOT_VALUE;
    pivot_add_key(work->pivot, &key);
    return had_classes ? run_sheet(call, err) : make_classes(call, err);
}

static bool make_frequency(struct command_call *call, struct error *err)
{
    struct sheet_work *work = call->own;
    bool is_turned;
    if (!turn_frequency(call, &is_turned, err)) {
        return false;
    }
    if (is_turned) {
        return true;
    }
    return take_key(work, call_word(call, 0), err) &&
           (call_has_flag(call, "--classes") ? make_classes(call, err)
                                             : run_sheet(call, err));
}

bool verb_frequency(struct command_call *call, struct error *err)
{
    return with_base(call, PIVOT_FREQUENCY, make_frequency, err);
}

/* ---- pivot ---- */

static void on_heads(void *owner, struct workbench_result *result)
{
    struct command_call *call = owner;
    struct sheet_work *work = call->own;
    struct error err = {0};
    if (result->error.kind != ERROR_NONE) {
        call_fail(call, &result->error);
        return;
    }
    if (!pivot_take_heads(work->pivot, result->result, work->most, &err)) {
        call_fail(call, &err);
        return;
    }
    if (work->pivot->others > 0) {
        const struct pivot_key *across = &work->pivot->across;
        text_append_count(&call->reply.notes, work->pivot->others, "further value");
        text_printf(&call->reply.notes,
                    " of %s together in the column (others); --most N gives more of them "
                    "a column of their own\n",
                    result_column(work->base->result, across->column)->name);
    }
    if (!run_sheet(call, &err)) {
        call_fail(call, &err);
    }
}

/* Without words: the first column down, the second across, the third where they meet. */
static bool guess_pivot(struct sheet_work *work, struct error *err)
{
    const struct result *rows = work->base->result;
    struct pivot_key key = {0};
    sample(work);
    if (result_column_count(rows) < 2) {
        return error_set(err, ERROR_USAGE,
                         "pivot needs at least two columns, one down and one across");
    }
    pivot_add_key(work->pivot, &key);
    work->pivot->has_across = true;
    work->pivot->across.column = 1;
    if (result_column_count(rows) > 2) {
        bool numeric = result_column(rows, 2)->numeric;
        work->pivot->aggregate = pivot_aggregate_named(numeric ? "sum" : "max", err);
        pivot_add_value(work->pivot, 2);
    }
    return true;
}

static bool read_pivot(struct command_call *call, struct error *err)
{
    struct sheet_work *work = call->own;
    const char *across = call_word(call, 1);
    if (call_word(call, 0) == NULL) {
        return guess_pivot(work, err);
    }
    if (!read_list(work, call_word(call, 0), take_key, err)) {
        return false;
    }
    work->pivot->has_across = across != NULL && !string_equal(across, "-");
    return (!work->pivot->has_across ||
            read_key(work, across, &work->pivot->across, err)) &&
           read_aggregate(call, 2, err);
}

static bool check_value(struct pivot *pivot, struct error *err)
{
    if (pivot->aggregate == NULL) {
        pivot->aggregate = pivot_aggregate_named("count", err);
    }
    if (pivot->values.count > 1) {
        return error_set(err, ERROR_USAGE,
                         "a pivot has one value where groups meet; \"totals\" takes "
                         "several");
    }
    return pivot->values.count == 1 || !pivot->aggregate->needs_value ||
           error_set(err, ERROR_USAGE, "%s needs a column: %s COLUMN",
                     pivot->aggregate->name, pivot->aggregate->name);
}

static bool make_pivot(struct command_call *call, struct error *err)
{
    struct sheet_work *work = call->own;
    struct text sql = {0};
    long long most;
    if (!call_number(call, "--most", PIVOT_HEADS, &most, err) || !read_pivot(call, err) ||
        !check_value(work->pivot, err)) {
        return false;
    }
    if (most < 1 || most > PIVOT_HEADS_MOST) {
        return error_set(err, ERROR_USAGE, "--most is a number from 1 to %d",
                         PIVOT_HEADS_MOST);
    }
    work->most = (size_t)most;
    if (!work->pivot->has_across) {
        return run_sheet(call, err);
    }
    pivot_heads_sql(work->pivot, work->base->result, work->most, &sql);
    bool done = ask_base(call, &sql, on_heads, err);
    text_release(&sql);
    return done;
}

bool verb_pivot(struct command_call *call, struct error *err)
{
    return with_base(call, PIVOT_TABLE, make_pivot, err);
}

/* ---- totals ---- */

static bool make_totals(struct command_call *call, struct error *err)
{
    struct sheet_work *work = call->own;
    struct pivot *pivot = work->pivot;
    if (call_word(call, 0) == NULL) {
        return error_set(err, ERROR_USAGE, "totals needs a column to group by: totals %s",
                         call->row->arguments);
    }
    pivot->with_rows = call_has_flag(call, "--rows");
    pivot->totals_first = call_has_flag(call, "--above");
    if (!read_list(work, call_word(call, 0), take_key, err) ||
        !read_aggregate(call, 1, err)) {
        return false;
    }
    if (pivot->aggregate == NULL) {
        pivot->aggregate = pivot_aggregate_named("sum", err);
    }
    if (pivot->values.count == 0 && pivot->aggregate->needs_value) {
        sample(work);
        pivot_guess_values(pivot, work->base->result);
    }
    return run_sheet(call, err);
}

bool verb_totals(struct command_call *call, struct error *err)
{
    return with_base(call, PIVOT_TOTALS, make_totals, err);
}
