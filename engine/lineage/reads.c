/* lineage/reads: what one SELECT reads, as SQLite's authorizer tells while it is
 * prepared. Functions of other databases are stood in for: their meaning does not matter
 * for what is read.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char stand_prefix[] = "mwb_lineage_";

struct raw_read {
    char *database, *table, *name; /* database NULL: not said */
};

/* What hostile statements may cost in all. */
enum { BUDGET = 256 * 1024 * 1024, MOST_STUBS = 200 };

void trace_init(struct trace *trace, sqlite3 *db)
{
    *trace = (struct trace){
        .db = db,
        .sources = ARRAY_OF(struct source),
        .relations = ARRAY_OF(struct relation *),
        .stubs = ARRAY_OF(char *),
        .raw = ARRAY_OF(struct raw_read),
        .budget = BUDGET,
    };
    view_seen_init(trace);
}

/* ---- Sources by number ---- */

static bool is_same(const char *a, const char *b)
{
    return sqlite3_stricmp(a, b) == 0;
}

static size_t hash_of(const struct raw_read *read)
{
    uint64_t hash = 14695981039346656037ULL;
    const char *const texts[] = {read->database, read->table, read->name};
    for (int i = 0; i < 3; i++) {
        for (const char *p = texts[i]; *p != '\0'; p++) {
            hash = (hash ^ (unsigned char)(*p | 0x20)) * 1099511628211ULL;
        }
        hash *= 1099511628211ULL;
    }
    return (size_t)(hash >> 16);
}

static size_t *place_of(const struct trace *trace, const struct raw_read *read)
{
    size_t at = hash_of(read) & (trace->size - 1);
    for (; trace->places[at] != 0; at = (at + 1) & (trace->size - 1)) {
        const struct source *source = source_at(trace, trace->places[at] - 1);
        if (is_same(source->table, read->table) && is_same(source->name, read->name) &&
            is_same(source->database, read->database)) {
            break;
        }
    }
    return &trace->places[at];
}

static void grow_places(struct trace *trace)
{
    trace->size = trace->size == 0 ? 256 : trace->size * 2;
    free(trace->places);
    trace->places = memory_new_many(trace->size, sizeof *trace->places);
    for (size_t i = 0; i < trace->sources.count; i++) {
        const struct source *source = source_at(trace, i);
        struct raw_read read = {source->database, source->table, source->name};
        *place_of(trace, &read) = i + 1;
    }
}

static bool is_table_of(const struct trace *trace, const char *database,
                        const char *table)
{
    return strncmp(table, "sqlite_", 7) == 0 ||
           sqlite3_table_column_metadata(trace->db, database, table, NULL, NULL, NULL,
                                         NULL, NULL, NULL) == SQLITE_OK;
}

/* A table that was named without its database: where SQLite looks for it. */
static char *find_database(const struct trace *trace, const char *table)
{
    if (is_table_of(trace, "temp", table)) {
        return string_copy("temp");
    }
    for (int i = 0; sqlite3_db_name(trace->db, i) != NULL; i++) {
        if (i != 1 && is_table_of(trace, sqlite3_db_name(trace->db, i), table)) {
            return string_copy(sqlite3_db_name(trace->db, i));
        }
    }
    return string_copy("main");
}

static void classify(struct trace *trace, struct source *source)
{
    source->kind = SOURCE_TABLE;
    if (is_same(source->database, "temp") && string_starts(source->table, stand_prefix)) {
        source->kind = SOURCE_STAND;
        source->relation =
            (size_t)strtoul(source->table + strlen(stand_prefix), NULL, 10);
        if (source->relation >= trace->relations.count) {
            source->kind = SOURCE_FUNCTION;
        }
    } else if (!is_table_of(trace, source->database, source->table)) {
        source->kind = SOURCE_FUNCTION;
    }
}

static size_t number_of(struct trace *trace, struct raw_read *read)
{
    if (trace->sources.count * 2 >= trace->size) {
        grow_places(trace);
    }
    if (read->database == NULL) {
        read->database = find_database(trace, read->table);
    }
    size_t *place = place_of(trace, read);
    if (*place == 0) {
        struct source *source = array_push(&trace->sources);
        *source = (struct source){.database = string_copy(read->database),
                                  .table = string_copy(read->table),
                                  .name = string_copy(read->name)};
        *place = trace->sources.count;
        classify(trace, source);
    }
    return *place - 1;
}

const struct source *source_at(const struct trace *trace, size_t number)
{
    return array_at(&trace->sources, number);
}

/* ---- Preparing ---- */

/* Only SELECTs are prepared here, and none is stepped, so nothing has to be refused. What
 * is used for the first time declares itself meanwhile (virtual tables), with reads of
 * its own. Reads are only noted: the connection must not be asked within. */
static int note_read(void *owner, int action, const char *first, const char *second,
                     const char *database, const char *inner)
{
    struct trace *trace = owner;
    (void)inner;
    if (action == SQLITE_READ) {
        *(struct raw_read *)array_push(&trace->raw) = (struct raw_read){
            string_copy(database), string_copy(first), string_copy(second)};
    } else if (action != SQLITE_SELECT && action != SQLITE_FUNCTION &&
               action != SQLITE_RECURSIVE) {
        trace->is_noisy = true;
    }
    return SQLITE_OK;
}

static void forget_raw(struct trace *trace)
{
    for (size_t i = 0; i < trace->raw.count; i++) {
        struct raw_read *read = array_at(&trace->raw, i);
        free(read->database);
        free(read->table);
        free(read->name);
    }
    array_clear(&trace->raw);
}

const char *trace_said(const struct trace *trace)
{
    return sqlite3_errmsg(trace->db);
}

static void call_nothing(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    (void)values;
    sqlite3_result_null(context);
}

static void end_nothing(sqlite3_context *context)
{
    sqlite3_result_null(context);
}

static int compare_nothing(void *owner, int a_length, const void *a, int b_length,
                           const void *b)
{
    (void)owner;
    (void)a;
    (void)b;
    return a_length - b_length;
}

static bool is_aggregate_elsewhere(const char *name)
{
    static const char *const names[] = {"any_value",
                                        "array_agg",
                                        "bool_and",
                                        "bool_or",
                                        "corr",
                                        "count_if",
                                        "first",
                                        "last",
                                        "listagg",
                                        "median",
                                        "mode",
                                        "percentile_cont",
                                        "percentile_disc",
                                        "quantile",
                                        "quantile_cont",
                                        "stddev",
                                        "stddev_pop",
                                        "stddev_samp",
                                        "string_agg",
                                        "var_pop",
                                        "var_samp",
                                        "variance",
                                        "approx_count_distinct",
                                        NULL};
    for (size_t i = 0; names[i] != NULL; i++) {
        if (string_equal_fold(name, names[i])) {
            return true;
        }
    }
    return false;
}

/* The name in SQLite's sentence: behind or before these words. */
static char *name_said(const char *said, const char *before, const char *behind)
{
    const char *start = string_starts(said, before) ? said + strlen(before) : NULL;
    const char *end = start != NULL ? strstr(start, behind) : NULL;
    return end != NULL && end > start ? string_copy_bytes(start, (size_t)(end - start))
                                      : NULL;
}

/* Make what a statement misses; false when it misses something else. */
static bool stand_in(struct trace *trace)
{
    const char *said = sqlite3_errmsg(trace->db);
    char *window = name_said(said, "", "() may not be used as a window function");
    char *missing = name_said(said, "no such function: ", "");
    char *wrong = name_said(said, "wrong number of arguments to function ", "()");
    char *collation = NULL;
    if (string_starts(said, "no such function: ")) {
        missing = string_copy(said + strlen("no such function: "));
    } else if (string_starts(said, "no such collation sequence: ")) {
        collation = string_copy(said + strlen("no such collation sequence: "));
    }
    const char *name = window != NULL ? window : missing != NULL ? missing : wrong;
    bool done = false;
    if (trace->stubs.count >= MOST_STUBS) {
        name = NULL;
    } else if (collation != NULL) {
        done = sqlite3_create_collation(trace->db, collation, SQLITE_UTF8, NULL,
                                        compare_nothing) == SQLITE_OK;
        *(char **)array_push(&trace->stubs) = string_copy("");
    }
    if (name != NULL && (window != NULL || is_aggregate_elsewhere(name))) {
        done = sqlite3_create_window_function(trace->db, name, -1, SQLITE_UTF8, NULL,
                                              call_nothing, end_nothing, end_nothing,
                                              call_nothing, NULL) == SQLITE_OK;
    } else if (name != NULL) {
        done = sqlite3_create_function(trace->db, name, -1, SQLITE_UTF8, NULL,
                                       call_nothing, NULL, NULL) == SQLITE_OK;
    }
    if (name != NULL) {
        *(char **)array_push(&trace->stubs) = string_copy(name);
    }
    free(window);
    free(missing);
    free(wrong);
    free(collation);
    return done;
}

static sqlite3_stmt *compile(struct trace *trace, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    size_t length = strlen(sql);
    bool again = true;
    for (int noisy = 0; again;) {
        if (length > trace->budget) {
            return NULL;
        }
        trace->budget -= length;
        forget_raw(trace);
        trace->is_noisy = false;
        sqlite3_set_authorizer(trace->db, note_read, trace);
        sqlite3_prepare_v2(trace->db, sql, -1, &stmt, NULL);
        sqlite3_set_authorizer(trace->db, NULL, NULL);
        if (stmt != NULL && trace->is_noisy && noisy++ < 2) {
            sqlite3_finalize(stmt);
            stmt = NULL;
        } else {
            again = stmt == NULL && sqlite3_errcode(trace->db) != SQLITE_OK &&
                    stand_in(trace);
        }
    }
    return stmt;
}

static int by_number(const void *a, const void *b)
{
    const size_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

bool trace_prepare(struct trace *trace, const char *sql, struct prepared *out)
{
    *out = (struct prepared){ARRAY_OF(size_t), ARRAY_OF(char *)};
    sqlite3_stmt *stmt = compile(trace, sql);
    if (stmt == NULL) {
        forget_raw(trace);
        return false;
    }
    for (int i = 0; i < sqlite3_column_count(stmt); i++) {
        const char *name = sqlite3_column_name(stmt, i);
        *(char **)array_push(&out->names) = string_copy(name != NULL ? name : "");
    }
    sqlite3_finalize(stmt);
    for (size_t i = 0; i < trace->raw.count; i++) {
        size_t number = number_of(trace, array_at(&trace->raw, i));
        *(size_t *)array_push(&out->reads) = number;
    }
    forget_raw(trace);
    if (out->reads.count > 0) {
        qsort(out->reads.items, out->reads.count, out->reads.item_size, by_number);
    }
    return true;
}

void prepared_release(struct prepared *prepared)
{
    for (size_t i = 0; i < prepared->names.count; i++) {
        free(*(char **)array_at(&prepared->names, i));
    }
    array_release(&prepared->names);
    array_release(&prepared->reads);
}

void reads_beyond(const struct array *more, const struct array *less, struct set *out)
{
    size_t j = 0;
    for (size_t i = 0; i < more->count; i++) {
        size_t number = *(size_t *)array_at(more, i);
        while (j < less->count && *(size_t *)array_at(less, j) < number) {
            j++;
        }
        if (j < less->count && *(size_t *)array_at(less, j) == number) {
            j++;
        } else {
            set_add(out, number);
        }
    }
}

/* ---- The end ---- */

static void drop_stand(struct trace *trace, const struct relation *relation)
{
    if (relation->stand != NULL) {
        char *sql = string_printf("DROP TABLE IF EXISTS temp.%s", relation->stand);
        sqlite3_exec(trace->db, sql, NULL, NULL, NULL);
        free(sql);
    }
}

void trace_release(struct trace *trace)
{
    for (size_t i = 0; i < trace->relations.count; i++) {
        struct relation *relation = *(struct relation **)array_at(&trace->relations, i);
        drop_stand(trace, relation);
        relation_free(relation);
    }
    for (size_t i = 0; i < trace->stubs.count; i++) {
        char *name = *(char **)array_at(&trace->stubs, i);
        if (*name != '\0') {
            sqlite3_create_function(trace->db, name, -1, SQLITE_UTF8, NULL, NULL, NULL,
                                    NULL);
        }
        free(name);
    }
    for (size_t i = 0; i < trace->sources.count; i++) {
        struct source *source = array_at(&trace->sources, i);
        free(source->database);
        free(source->table);
        free(source->name);
    }
    forget_raw(trace);
    view_seen_release(trace);
    array_release(&trace->raw);
    array_release(&trace->relations);
    array_release(&trace->stubs);
    array_release(&trace->sources);
    free(trace->places);
}
