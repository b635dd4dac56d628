/* complete/measure: how many rows of one table find partners in another, counted in a job
 * over the versions that are here. A version never changes, so neither does the answer.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/complete/private.h"

#include <stdlib.h>
#include <string.h>

enum { AT_A_TIME = 8, SECONDS_MOST = 30 };

/* A job: it outlives the completion when that is closed. */
struct measuring {
    struct complete *complete; /* NULL: closed */
    struct job *job;
    size_t first, count; /* of complete->measures */
};

/* What a child is to count, as it was when it was forked. */
struct counting {
    struct complete_measure **measures;
    size_t first, count;
};

struct counted {
    size_t index;
    struct measured is;
};

/* ---- In the child ---- */

static char *count_sql(const struct complete_measure *measure)
{
    struct text sql = {0};
    text_append(&sql, "WITH s AS (SELECT ");
    store_quote_name(&sql, measure->from_column);
    text_append(&sql, " AS k FROM a.");
    store_quote_name(&sql, measure->from_table);
    text_printf(&sql, " LIMIT %d), p AS MATERIALIZED (SELECT ", MEASURE_ROWS);
    store_quote_name(&sql, measure->to_column);
    text_append(&sql, " AS k, count(*) AS n FROM b.");
    store_quote_name(&sql, measure->to_table);
    text_append(&sql, " GROUP BY 1) SELECT count(*), count(p.n), coalesce(sum(p.n), 0), "
                      "coalesce(max(p.n), 0) FROM s LEFT JOIN p ON p.k = s.k");
    return text_take(&sql);
}

static bool attach(sqlite3 *db, const char *file, const char *name)
{
    char *uri = store_uri_immutable(file);
    char *sql = string_printf("ATTACH ?1 AS %s", name);
    sqlite3_stmt *stmt = store_prepare(db, sql, NULL);
    if (stmt != NULL) {
        store_bind(stmt, "s", uri);
    }
    bool done = stmt != NULL && store_execute(stmt, NULL);
    store_finish(stmt);
    free(sql);
    free(uri);
    return done;
}

static bool count_one(struct job_port *port, const struct complete_measure *measure,
                      struct measured *out)
{
    sqlite3 *db = store_open(NULL, STORE_MEMORY, NULL);
    bool done = db != NULL && attach(db, measure->from_file, "a") &&
                attach(db, measure->to_file, "b");
    char *sql = count_sql(measure);
    job_guard(port, db);
    sqlite3_stmt *stmt = done ? store_prepare(db, sql, NULL) : NULL;
    done = stmt != NULL && store_step(stmt, NULL) == STORE_ROW;
    if (done) {
        *out = (struct measured){
            sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1),
            sqlite3_column_int64(stmt, 2), sqlite3_column_int64(stmt, 3)};
    }
    store_finish(stmt);
    job_guard(port, NULL);
    store_close(db);
    free(sql);
    return done;
}

static bool count_all(struct job_port *port, void *argument, struct error *err)
{
    const struct counting *counting = argument;
    (void)err;
    for (size_t i = 0; i < counting->count && !job_cancelled(port); i++) {
        struct counted counted = {.index = counting->first + i};
        if (count_one(port, counting->measures[counted.index], &counted.is)) {
            job_tell(port, 0, &counted, sizeof counted);
        }
    }
    return true;
}

/* ---- In the parent ---- */

static void on_counted(void *owner, struct job *job, int type, const void *bytes,
                       size_t length)
{
    struct measuring *measuring = owner;
    struct counted counted;
    (void)job;
    (void)type;
    if (measuring->complete == NULL || length != sizeof counted) {
        return;
    }
    memcpy(&counted, bytes, sizeof counted);
    struct complete_measure **measure =
        array_at(&measuring->complete->measures, counted.index);
    if (measure != NULL) {
        (*measure)->is = counted.is;
        (*measure)->is_known = true;
    }
}

static void on_over(void *owner, struct job *job)
{
    struct measuring *measuring = owner;
    struct complete *complete = measuring->complete;
    (void)job;
    free(measuring);
    if (complete == NULL) {
        return;
    }
    complete->measuring = NULL;
    measures_start(complete);
    if (complete->changed != NULL) {
        complete->changed(complete->owner);
    }
}

void measures_start(struct complete *complete)
{
    struct complete_measure **all = complete->measures.items;
    size_t first = 0;
    while (first < complete->measures.count && all[first]->is_asked) {
        first++;
    }
    size_t left = complete->measures.count - first;
    if (left == 0 || complete->measuring != NULL || complete->workbench->jobs == NULL) {
        return;
    }
    struct measuring *measuring = memory_new(sizeof *measuring);
    struct counting counting = {all, first, left < AT_A_TIME ? left : AT_A_TIME};
    *measuring = (struct measuring){complete, NULL, counting.first, counting.count};
    for (size_t i = 0; i < counting.count; i++) {
        all[first + i]->is_asked = true;
    }
    const struct job_spec spec = {.title = "measure joins",
                                  .run = count_all,
                                  .argument = &counting,
                                  .received = on_counted,
                                  .finished = on_over,
                                  .owner = measuring,
                                  .timeout = SECONDS_MOST,
                                  .hidden = true};
    measuring->job = jobs_start(complete->workbench->jobs, &spec, NULL);
    if (measuring->job == NULL) {
        free(measuring);
        return;
    }
    complete->measuring = measuring;
}

bool complete_is_measuring(const struct complete *complete)
{
    return complete->measuring != NULL;
}

const struct complete_measure *measure_ask(struct complete *complete,
                                           const struct measure_spec *spec)
{
    char *from = known_file(complete, spec->from), *to = known_file(complete, spec->to);
    const struct complete_measure *found = NULL;
    char *key =
        from != NULL && to != NULL
            ? string_printf("%s\t%s\t%s\t%s\t%s\t%s", from, spec->from->name,
                            spec->from_column, to, spec->to->name, spec->to_column)
            : NULL;
    for (size_t i = 0; key != NULL && i < complete->measures.count; i++) {
        const struct complete_measure *one =
            *(struct complete_measure **)array_at(&complete->measures, i);
        found = string_equal(one->key, key) ? one : found;
    }
    if (key == NULL || found != NULL) {
        free(key);
        free(from);
        free(to);
        return found != NULL && found->is_known ? found : NULL;
    }
    struct complete_measure *measure = memory_new(sizeof *measure);
    *measure = (struct complete_measure){
        .key = key,
        .from_file = from,
        .from_table = string_copy(spec->from->name),
        .from_column = string_copy(spec->from_column),
        .to_file = to,
        .to_table = string_copy(spec->to->name),
        .to_column = string_copy(spec->to_column),
    };
    *(struct complete_measure **)array_push(&complete->measures) = measure;
    return NULL;
}

void measures_release(struct complete *complete)
{
    if (complete->measuring != NULL) {
        complete->measuring->complete = NULL; /* the job's end frees it */
        job_cancel(complete->measuring->job);
    }
    for (size_t i = 0; i < complete->measures.count; i++) {
        struct complete_measure *one =
            *(struct complete_measure **)array_at(&complete->measures, i);
        free(one->key);
        free(one->from_file);
        free(one->from_table);
        free(one->from_column);
        free(one->to_file);
        free(one->to_table);
        free(one->to_column);
        free(one);
    }
    array_release(&complete->measures);
}
