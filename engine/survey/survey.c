/* survey: one pass over all columns of a result.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/survey/private.h"
#include "engine/store.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_BETWEEN_LOOKS = 4096 };

/* What is held of a column while rows pass. */
struct watcher {
    struct survey_column *column;
    struct sketch sketch;
    sqlite3_value *least, *most;
    long long numbers;
    double mean, squares; /* Welford's */
    double low, high;     /* of numbers */
    double *sample;
    unsigned long long seed;
};

/* ---- One value ---- */

static int class_of(sqlite3_value *value)
{
    int type = sqlite3_value_type(value);
    return type == SQLITE_TEXT ? 1 : type == SQLITE_BLOB ? 2 : 0;
}

static int compare(sqlite3_value *one, sqlite3_value *other)
{
    int a = class_of(one), b = class_of(other);
    if (a != b) {
        return a - b;
    }
    if (a == 0 && sqlite3_value_type(one) == SQLITE_INTEGER &&
        sqlite3_value_type(other) == SQLITE_INTEGER) {
        sqlite3_int64 x = sqlite3_value_int64(one), y = sqlite3_value_int64(other);
        return x < y ? -1 : x > y;
    }
    if (a == 0) {
        double x = sqlite3_value_double(one), y = sqlite3_value_double(other);
        return x < y ? -1 : x > y;
    }
    const void *first = sqlite3_value_blob(one), *second = sqlite3_value_blob(other);
    int length = sqlite3_value_bytes(one), other_length = sqlite3_value_bytes(other);
    int least = length < other_length ? length : other_length;
    int order = least > 0 ? memcmp(first, second, (size_t)least) : 0;
    return order != 0 ? order : (length > other_length) - (length < other_length);
}

static void keep(sqlite3_value **kept, sqlite3_value *value)
{
    sqlite3_value_free(*kept);
    *kept = sqlite3_value_dup(value);
}

static unsigned long long dice(struct watcher *watcher, unsigned long long sides)
{
    watcher->seed = watcher->seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return (watcher->seed >> 16) % sides;
}

static void take_number(struct watcher *watcher, double number)
{
    long long n = ++watcher->numbers;
    double delta = number - watcher->mean;
    watcher->mean += delta / (double)n;
    watcher->squares += delta * (number - watcher->mean);
    watcher->low = n == 1 || number < watcher->low ? number : watcher->low;
    watcher->high = n == 1 || number > watcher->high ? number : watcher->high;
    if (watcher->sample == NULL) {
        watcher->sample = memory_new_many(SURVEY_SAMPLE, sizeof *watcher->sample);
    }
    if (n <= SURVEY_SAMPLE) {
        watcher->sample[n - 1] = number;
    } else {
        unsigned long long place = dice(watcher, (unsigned long long)n);
        if (place < SURVEY_SAMPLE) {
            watcher->sample[place] = number;
        }
    }
}

static void take_text(struct survey_column *column, sqlite3_value *value)
{
    const unsigned char *bytes = sqlite3_value_text(value);
    long long characters = 0;
    for (int i = 0, length = sqlite3_value_bytes(value); i < length; i++) {
        characters += (bytes[i] & 0xC0) != 0x80;
    }
    column->shortest = column->shortest < 0 || characters < column->shortest
                           ? characters
                           : column->shortest;
    column->longest = characters > column->longest ? characters : column->longest;
}

static void take_value(struct watcher *watcher, sqlite3_value *value)
{
    struct survey_column *column = watcher->column;
    int type = sqlite3_value_type(value);
    column->rows++;
    column->nulls += type == SQLITE_NULL;
    column->integers += type == SQLITE_INTEGER;
    column->reals += type == SQLITE_FLOAT;
    column->texts += type == SQLITE_TEXT;
    column->blobs += type == SQLITE_BLOB;
    if (type == SQLITE_NULL) {
        return;
    }
    if (watcher->least == NULL || compare(value, watcher->least) < 0) {
        keep(&watcher->least, value);
    }
    if (watcher->most == NULL || compare(value, watcher->most) > 0) {
        keep(&watcher->most, value);
    }
    sketch_add(&watcher->sketch, value);
    if (type == SQLITE_INTEGER || type == SQLITE_FLOAT) {
        take_number(watcher, sqlite3_value_double(value));
    } else if (type == SQLITE_TEXT) {
        take_text(column, value);
    }
}

/* ---- The end of a column ---- */

static int by_size(const void *a, const void *b)
{
    double one = *(const double *)a, other = *(const double *)b;
    return one < other ? -1 : one > other;
}

/* Linear between neighbours, as percentile() of functions.h. */
static double quantile(const double *sorted, size_t count, double share)
{
    double place = share * (double)(count - 1);
    size_t below = (size_t)place;
    double rest = place - (double)below;
    return below + 1 < count ? sorted[below] + rest * (sorted[below + 1] - sorted[below])
                             : sorted[count - 1];
}

static void tell_numbers(struct watcher *watcher)
{
    struct survey_column *column = watcher->column;
    size_t count = watcher->numbers < SURVEY_SAMPLE ? (size_t)watcher->numbers
                                                    : (size_t)SURVEY_SAMPLE;
    if (count == 0) {
        return;
    }
    qsort(watcher->sample, count, sizeof *watcher->sample, by_size);
    column->mean = watcher->mean;
    column->deviation = watcher->numbers > 1
                            ? sqrt(watcher->squares / (double)(watcher->numbers - 1))
                            : 0;
    column->quarter = quantile(watcher->sample, count, 0.25);
    column->median = quantile(watcher->sample, count, 0.5);
    column->three_quarters = quantile(watcher->sample, count, 0.75);
    column->is_sampled = watcher->numbers > SURVEY_SAMPLE;
    double width = (watcher->high - watcher->low) / SURVEY_CLASSES;
    column->has_histogram = width > 0 && isfinite(width);
    for (size_t i = 0; column->has_histogram && i < count; i++) {
        size_t place = (size_t)((watcher->sample[i] - watcher->low) / width);
        column->histogram[place < SURVEY_CLASSES ? place : SURVEY_CLASSES - 1]++;
    }
}

static void finish(struct watcher *watcher, bool tells)
{
    if (tells) {
        struct survey_column *column = watcher->column;
        sketch_tell(&watcher->sketch, column);
        tell_numbers(watcher);
        column->least = watcher->least != NULL ? sketch_text(watcher->least) : NULL;
        column->most = watcher->most != NULL ? sketch_text(watcher->most) : NULL;
    }
    sqlite3_value_free(watcher->least);
    sqlite3_value_free(watcher->most);
    sketch_release(&watcher->sketch);
    free(watcher->sample);
}

/* ---- The pass ---- */

static bool look_up(struct job_port *port, long long row, long long all,
                    struct error *err)
{
    const struct job_progress progress = {.done = row,
                                          .total = all,
                                          .unit = JOB_THINGS,
                                          .rows = row,
                                          .note = "looking at every row"};
    if (port == NULL) {
        return true;
    }
    job_report(port, &progress);
    return !job_cancelled(port) ||
           error_set(err, ERROR_CANCELLED, "the profile was cancelled");
}

static bool read_rows(sqlite3_stmt *stmt, const struct result *result,
                      struct job_port *port, struct watcher *watchers, struct error *err)
{
    int columns = sqlite3_column_count(stmt);
    enum store_step step;
    for (long long row = 0; (step = store_step(stmt, err)) == STORE_ROW; row++) {
        if (row % ROWS_BETWEEN_LOOKS == 0 &&
            !look_up(port, row, result_count(result), err)) {
            return false;
        }
        for (int i = 0; i < columns; i++) {
            take_value(&watchers[i], sqlite3_column_value(stmt, i));
        }
    }
    return step == STORE_DONE;
}

static sqlite3_stmt *prepare(sqlite3 *db, const struct result *result, struct error *err)
{
    struct text sql = {0};
    text_append(&sql, "SELECT ");
    for (size_t i = 0; i < result_column_count(result); i++) {
        text_append(&sql, i > 0 ? ", " : "");
        result_append_column(result, i, &sql);
    }
    result_append_from(result, &sql);
    sqlite3_stmt *stmt = store_prepare(db, text_string(&sql), err);
    text_release(&sql);
    return stmt;
}

bool survey_read(const struct result *result, struct job_port *port,
                 struct array *columns, struct error *err)
{
    size_t count = result_column_count(result);
    struct watcher *watchers = memory_new_many(count + 1, sizeof *watchers);
    sqlite3 *db = store_open(result_file(result), STORE_IMMUTABLE, err);
    sqlite3_stmt *stmt = db != NULL ? prepare(db, result, err) : NULL;
    *columns = (struct array)ARRAY_OF(struct survey_column);
    for (size_t i = 0; i < count; i++) {
        struct survey_column *column = array_push(columns);
        column->shortest = column->longest = -1;
    }
    for (size_t i = 0; i < count; i++) {
        watchers[i].column = array_at(columns, i);
        watchers[i].seed = 20261123 + i;
        sketch_start(&watchers[i].sketch);
    }
    job_guard(port, db);
    bool done = stmt != NULL && read_rows(stmt, result, port, watchers, err);
    job_guard(port, NULL);
    for (size_t i = 0; i < count; i++) {
        finish(&watchers[i], done);
    }
    store_finish(stmt);
    store_close(db);
    free(watchers);
    if (!done) {
        survey_release(columns);
    }
    return done;
}

void survey_release(struct array *columns)
{
    for (size_t i = 0; i < columns->count; i++) {
        struct survey_column *column = array_at(columns, i);
        free(column->least);
        free(column->most);
        for (size_t k = 0; k < SURVEY_FREQUENT; k++) {
            free(column->frequent[k].text);
        }
    }
    array_release(columns);
}

void survey_draw(const struct survey_column *column, bool unicode, struct text *out)
{
    static const char *const eighths[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static const char *const ascii[] = {" ", ".", ".", ":", ":", "-", "=", "+", "#"};
    long long most = 0;
    for (size_t i = 0; i < SURVEY_CLASSES; i++) {
        most = column->histogram[i] > most ? column->histogram[i] : most;
    }
    for (size_t i = 0; column->has_histogram && most > 0 && i < SURVEY_CLASSES; i++) {
        long long height = (column->histogram[i] * 8 + most - 1) / most;
        text_append(out, (unicode ? eighths : ascii)[height]);
    }
}
