/* Unit tests of engine/survey.h: what it tells is held against SQL.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/functions.h"
#include "engine/path.h"
#include "engine/survey.h"
#include "engine/store.h"
#include "tap.h"

#include <math.h>

static char *path;

static const struct survey_column *at(const struct array *columns, size_t index)
{
    return array_at(columns, index);
}

static void make(const char *sql)
{
    struct error err = {0};
    remove(path);
    sqlite3 *db = store_open(path, STORE_CREATE, &err);
    if (!store_run(db, sql, &err)) {
        printf("Bail out! %s\n", err.message);
        exit(EXIT_FAILURE);
    }
    store_close(db);
}

static struct array survey(long long limit)
{
    struct error err = {0};
    struct array columns = ARRAY_OF(struct survey_column);
    struct result *result = result_open(path, "t", &err);
    if (limit > 0) {
        result_set_count(result, limit, true);
    }
    ok(survey_read(result, NULL, &columns, &err), "surveyed%s", err.message);
    result_free(result);
    return columns;
}

static bool near(double one, double other)
{
    return fabs(one - other) <= 1e-9 * (1 + fabs(other));
}

static double number(const char *sql)
{
    struct error err = {0};
    sqlite3 *db = store_open(path, STORE_READ, &err);
    functions_register(db);
    char *text = store_string(db, sql, "");
    double value = text != NULL ? strtod(text, NULL) : NAN;
    free(text);
    store_close(db);
    return value;
}

static void values_of_every_kind(void)
{
    make("CREATE TABLE t(a, b, c); INSERT INTO t VALUES(1, 'x', NULL), (1.0, 'x', NULL),"
         "('1', 'y', NULL), (x'31', 'öö', NULL), (-5, '', NULL), (NULL, 'x', NULL)");
    struct array columns = survey(0);
    const struct survey_column *a = at(&columns, 0), *b = at(&columns, 1),
                               *c = at(&columns, 2);
    ok(a->rows == 6 && a->nulls == 1 && a->integers == 2 && a->reals == 1 &&
           a->texts == 1 && a->blobs == 1,
       "kinds are counted");
    is_int(a->different, 4, "1 and 1.0 are one value, '1' and x'31' others");
    is_text(a->least, "-5", "the least is a number");
    is_text(a->most, "x'31'", "the most a blob");
    ok(near(a->mean, -1) && near(a->median, 1), "mean and median are of numbers");
    is_text(b->frequent[0].text, "x", "the most frequent");
    is_int(b->frequent[0].count, 3, "its count");
    ok(b->frequent[1].text == NULL, "what occurs once is not frequent");
    ok(b->shortest == 0 && b->longest == 2, "lengths are characters");
    ok(c->nulls == 6 && c->different == 0 && c->least == NULL && !c->has_histogram,
       "an empty column");
    survey_release(&columns);
    columns = survey(2);
    is_int(at(&columns, 0)->rows, 2, "only the rows that the result shows");
    survey_release(&columns);
}

static void many_values(void)
{
    make("CREATE TABLE t(i, f, r, w); WITH RECURSIVE n(i) AS (VALUES(0) UNION ALL SELECT "
         "i+1 FROM n WHERE i < 99999) INSERT INTO t SELECT i, i%4096, (i*7919)%1000/8.0, "
         "'word '||(i%5000) FROM n");
    struct array columns = survey(0);
    const struct survey_column *i = at(&columns, 0), *f = at(&columns, 1),
                               *r = at(&columns, 2), *w = at(&columns, 3);
    ok(i->is_estimated && fabs((double)i->different - 100000) < 8000,
       "100,000 different values are estimated: %lld", i->different);
    ok(!f->is_estimated && f->different == 4096, "4,096 are counted");
    ok(w->is_estimated && fabs((double)w->different - 5000) < 400,
       "5,000 texts are estimated: %lld", w->different);
    ok(near(r->mean, number("SELECT avg(r) FROM t")), "the mean is that of SQL");
    ok(near(r->deviation, number("SELECT stddev(r) FROM t")), "so is the deviation");
    ok(r->is_sampled && fabs(r->median - number("SELECT median(r) FROM t")) < 6,
       "the median is near: %g", r->median);
    struct text bars = {0};
    survey_draw(i, false, &bars);
    is_int((long long)bars.length, SURVEY_CLASSES, "a bar for each class");
    text_release(&bars);
    survey_release(&columns);
}

static void no_more_differ_than_there_are(void)
{
    make(
        "CREATE TABLE t(a, b, c, d, e, f, g, h); WITH RECURSIVE n(i) AS (VALUES(0) UNION "
        "ALL SELECT i+1 FROM n WHERE i < 9999) INSERT INTO t SELECT i, i+20000, i+40000, "
        "i||'', 'x'||i, i/2.0, i*17, nullif(i%5000, 0) FROM n");
    struct array columns = survey(0);
    for (size_t i = 0; i < columns.count; i++) {
        const struct survey_column *column = at(&columns, i);
        ok(column->is_estimated && column->different <= column->rows - column->nulls,
           "%lld of %lld", column->different, column->rows - column->nulls);
    }
    survey_release(&columns);
}

static void few_numbers_are_exact(void)
{
    make("CREATE TABLE t(a); INSERT INTO t VALUES(1),(2),(3),(4),(10)");
    struct array columns = survey(0);
    const struct survey_column *a = at(&columns, 0);
    ok(!a->is_sampled && near(a->quarter, number("SELECT percentile(a,25) FROM t")) &&
           near(a->median, 3) && near(a->three_quarters, 4),
       "quantiles are those of percentile()");
    is_int(a->histogram[0] + a->histogram[SURVEY_CLASSES - 1], 2,
           "least and most are in the outer classes");
    survey_release(&columns);
}

int main(void)
{
    char folder[] = "/tmp/mwb-survey-XXXXXX";
    if (mkdtemp(folder) == NULL) {
        return 1;
    }
    path = path_join(folder, "t.db");
    values_of_every_kind();
    many_values();
    no_more_differ_than_there_are();
    few_numbers_are_exact();
    path_remove_tree(folder, NULL);
    free(path);
    return tap_done();
}
