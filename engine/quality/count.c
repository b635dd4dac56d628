/* quality/count: which counts one pass over a table can make, and what comes of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/quality/count.h"

#include <stdlib.h>
#include <string.h>

#include "engine/store.h"

/* ---- What a check needs ---- */

bool quality_counts_keys(const struct quality_check *check)
{
    return string_equal(check->metric, "unique") ||
           string_equal(check->metric, "primaryKey") ||
           string_equal(check->metric, "duplicateValues");
}

bool quality_key_columns(const struct quality_table *table,
                         const struct quality_check *check, struct array *columns,
                         char **missing)
{
    struct array words = ARRAY_OF(char *);
    bool has_null = false, found = true;
    char *list = quality_member(check->arguments, "properties");
    if (list == NULL && check->column != NULL) {
        *(char **)array_push(&words) = string_copy(check->column);
    } else if (list != NULL) {
        quality_words_read(list, &words, &has_null);
    }
    for (size_t i = 0; i < words.count && found; i++) {
        const char *word = *(char **)array_at(&words, i);
        const struct quality_column *column = quality_column_named(table, word);
        found = column != NULL && column->name != NULL;
        if (!found && missing != NULL) {
            *missing = string_copy(word);
        }
        *(const struct quality_column **)array_push(columns) = column;
    }
    free(list);
    found = found && words.count > 0;
    quality_words_release(&words);
    return found;
}

/* ---- What cannot be counted, and why ---- */

/* What the contract declares and the data do not have is said once, by `present`; a rule
 * that somebody wrote about it is broken. */
static void tell_absent(struct quality_check *check, const char *what, const char *name)
{
    if (string_equal(check->metric, "present")) {
        check->value = string_copy("1");
        check->reason = string_printf("there is no %s %s in the data", what, name);
        quality_judge(check, true, 1);
    } else if (string_equal(check->type, "library")) {
        quality_broke(check, "there is no %s %s in the data", what, name);
    } else {
        quality_not_run(check, "there is no %s %s in the data", what, name);
    }
}

/* The column that holds a nested property as JSON; NULL: there is none. */
static const struct quality_column *holder_of(const struct quality_table *table,
                                              const char *property)
{
    char *name = string_copy(property);
    const struct quality_column *holder = NULL;
    for (char *dot; holder == NULL && (dot = strrchr(name, '.')) != NULL;) {
        *dot = '\0';
        holder = quality_column_named(table, name);
        holder = holder != NULL && holder->name != NULL ? holder : NULL;
    }
    free(name);
    return holder;
}

/* Its one column: false when the check is decided thereby. */
static bool find_column(const struct quality_table *table, struct quality_check *check)
{
    const struct quality_column *column = quality_column_named(table, check->column);
    if (column != NULL && column->hidden != NULL) {
        quality_not_run(check, "%s", column->hidden);
        return false;
    }
    if (column != NULL && column->name != NULL) {
        return true;
    }
    const struct quality_column *holder = holder_of(table, check->column);
    if (holder != NULL) {
        quality_not_run(check, "%s is a part of the column %s, which is kept as JSON",
                        check->property, holder->name);
    } else {
        tell_absent(check, "column", check->column);
    }
    return false;
}

static bool find_key(const struct quality_table *table, struct quality_check *check,
                     struct array *columns)
{
    char *missing = NULL;
    bool found = quality_key_columns(table, check, columns, &missing);
    for (size_t i = 0; i < columns->count; i++) {
        const struct quality_column *column =
            *(const struct quality_column **)array_at(columns, i);
        if (column != NULL && column->hidden != NULL) {
            quality_not_run(check, "%s", column->hidden);
            free(missing);
            return false;
        }
    }
    if (!found && missing == NULL) {
        quality_broke(check,
                      "%s needs columns: a property, or the argument properties, "
                      "a list",
                      check->metric);
    } else if (!found) {
        tell_absent(check, "column", missing);
    }
    free(missing);
    return found;
}

/* ---- Planning passes ---- */

/* Where the column is in the pass; the place of a new one. */
static size_t use_column(struct pass *pass, const struct quality_column *column)
{
    for (size_t i = 0; i < pass->columns.count; i++) {
        if (((struct pass_column *)array_at(&pass->columns, i))->column == column) {
            return i;
        }
    }
    *(struct pass_column *)array_push(&pass->columns) =
        (struct pass_column){.column = column};
    return pass->columns.count - 1;
}

static bool is_same_key(const struct pass *pass, const struct pass_key *key,
                        const struct array *columns)
{
    bool same = key->count == columns->count;
    for (size_t i = 0; i < columns->count && same; i++) {
        const struct pass_column *column = array_at(&pass->columns, key->columns[i]);
        same = column->column == *(const struct quality_column **)array_at(columns, i);
    }
    return same;
}

static struct pass_key *find_pass_key(const struct pass *pass,
                                      const struct array *columns)
{
    for (size_t i = 0; i < pass->keys.count; i++) {
        struct pass_key *key = array_at(&pass->keys, i);
        if (is_same_key(pass, key, columns)) {
            return key;
        }
    }
    return NULL;
}

static struct pass_key *add_key(struct pass *pass, const struct array *columns)
{
    struct pass_key *key = array_push(&pass->keys);
    key->checks = (struct array)ARRAY_OF(struct quality_check *);
    key->columns = memory_new_many(columns->count, sizeof *key->columns);
    key->count = columns->count;
    for (size_t i = 0; i < columns->count; i++) {
        key->columns[i] =
            use_column(pass, *(const struct quality_column **)array_at(columns, i));
        ((struct pass_column *)array_at(&pass->columns, key->columns[i]))->is_in_key =
            true;
    }
    return key;
}

/* Would the hashes of one more key be too much? */
static bool is_too_much(const struct pass *pass)
{
    unsigned long long span =
        (unsigned long long)pass->table->last - (unsigned long long)pass->table->first;
    return pass->table->has_rowid &&
           span > PASS_HASH_BYTES / 8 / (unsigned long long)(pass->keys.count + 1);
}

static void plan_key(struct pass *pass, struct quality_check *check)
{
    struct array columns = ARRAY_OF(const struct quality_column *);
    if (find_key(pass->table, check, &columns)) {
        struct pass_key *key = find_pass_key(pass, &columns);
        if (key == NULL && columns.count <= PASS_KEY_COLUMNS && !is_too_much(pass)) {
            key = add_key(pass, &columns);
        }
        if (key != NULL) {
            *(struct quality_check **)array_push(&key->checks) = check;
        }
    }
    array_release(&columns);
}

static void plan_counter(struct pass *pass, struct quality_check *check)
{
    struct text why = {0};
    struct quality_test *test = quality_test_new(check->metric, check->arguments, &why);
    if (test == NULL && string_equal(check->metric, "format")) {
        quality_not_run(check, "%s", text_string(&why));
    } else if (test == NULL) {
        quality_broke(check, "%s", text_string(&why));
    } else {
        *(struct pass_counter *)array_push(&pass->counters) = (struct pass_counter){
            check, use_column(pass, quality_column_named(pass->table, check->column))};
    }
    quality_test_free(test);
    text_release(&why);
}

/* One statement of its own. */
static bool count_alone(struct quality_session *session, struct quality_check *check,
                        struct error *err)
{
    long long total = check->total;
    sqlite3_stmt *stmt = store_prepare(session->db, check->sql, err);
    bool done = stmt != NULL && store_step(stmt, err) == STORE_ROW;
    if (done) {
        check->total = total;
        quality_judge(check, true, (double)sqlite3_column_int64(stmt, 0));
    } else if (!job_cancelled(session->port)) {
        quality_broke(check, "%s", err->message);
    }
    store_finish(stmt);
    return !job_cancelled(session->port);
}

/* ---- A table ---- */

/* The checks of a table that are counted here and not decided yet. */
static bool is_ours(const struct quality_table *table, const struct quality_check *check)
{
    bool is_counted =
        string_equal(check->type, "schema") || string_equal(check->type, "library");
    return is_counted && !check->is_done && check->table != NULL &&
           (string_equal(check->table, table->planned) ||
            string_equal(check->table, table->name));
}

static bool needs_property(const struct quality_check *check)
{
    return !string_equal(check->metric, "rowCount") && !quality_counts_keys(check);
}

static void plan_check(struct pass *pass, struct quality_check *check)
{
    const struct quality_table *table = pass->table;
    if (table->name == NULL) {
        tell_absent(check, "table", check->table);
    } else if (needs_property(check) && check->column == NULL) {
        quality_broke(check, "%s is about a property; the rule stands at the object",
                      check->metric);
    } else if (quality_counts_keys(check)) {
        plan_key(pass, check);
    } else if (check->column != NULL && !find_column(table, check)) {
        return;
    } else if (string_equal(check->metric, "present")) {
        quality_judge(check, true, 0);
    } else if (needs_property(check) && !quality_counts_json(check)) {
        plan_counter(pass, check);
    }
}

/* What the pass gives besides its counters: the number of rows, and the totals of what is
 * counted by statements of its own. */
static bool finish_table(struct quality_session *session,
                         const struct quality_table *table, long long total,
                         struct error *err)
{
    for (size_t i = 0; i < session->checks->count; i++) {
        struct quality_check *check = array_at(session->checks, i);
        if (!is_ours(table, check)) {
            continue;
        }
        check->total = total;
        if (string_equal(check->metric, "rowCount")) {
            check->percent = 100;
            quality_judge(check, true, (double)total);
        } else if (!count_alone(session, check, err)) {
            return false;
        }
    }
    return true;
}

static int compare_counters(const void *a, const void *b)
{
    const struct pass_counter *x = a, *y = b;
    return (x->column > y->column) - (x->column < y->column);
}

static struct pass new_pass(struct quality_session *session,
                            const struct quality_table *table)
{
    return (struct pass){.session = session,
                         .table = table,
                         .columns = ARRAY_OF(struct pass_column),
                         .counters = ARRAY_OF(struct pass_counter),
                         .keys = ARRAY_OF(struct pass_key)};
}

static void release_pass(struct pass *pass)
{
    for (size_t k = 0; k < pass->keys.count; k++) {
        struct pass_key *key = array_at(&pass->keys, k);
        array_release(&key->checks);
        free(key->columns);
    }
    array_release(&pass->keys);
    array_release(&pass->counters);
    array_release(&pass->columns);
}

/* Goes over the table and empties the pass. */
static bool run_pass(struct pass *pass, long long *total, struct error *err)
{
    struct array workers = ARRAY_OF(struct worker);
    if (pass->counters.count > 1) {
        qsort(pass->counters.items, pass->counters.count, sizeof(struct pass_counter),
              compare_counters);
    }
    bool done = quality_pass_run(pass, &workers, err);
    if (done) {
        *total = quality_judge_counters(pass, &workers);
        done = quality_judge_keys(pass, &workers, *total, err);
    }
    quality_workers_release(&workers);
    release_pass(pass);
    *pass = new_pass(pass->session, pass->table);
    return done;
}

static bool count_table(struct quality_session *session, struct quality_table *table,
                        struct error *err)
{
    struct pass pass = new_pass(session, table);
    long long total = -1;
    bool done = true;
    for (size_t i = 0; i < session->checks->count && done; i++) {
        struct quality_check *check = array_at(session->checks, i);
        if (!is_ours(table, check)) {
            continue;
        }
        plan_check(&pass, check);
        bool is_there = !check->is_done || string_equal(check->metric, "present");
        if (table->name != NULL && is_there) {
            quality_write_statements(session->schema, table, check);
        }
        done = pass.columns.count < PASS_COLUMNS || run_pass(&pass, &total, err);
    }
    if (done && table->name != NULL && (pass.columns.count > 0 || total < 0)) {
        done = run_pass(&pass, &total, err);
    }
    done = done && (table->name == NULL || finish_table(session, table, total, err));
    release_pass(&pass);
    return done;
}

/* A table that cannot be read (a damaged file) is no reason to look at no other. */
static void break_table(struct quality_session *session,
                        const struct quality_table *table, const struct error *err)
{
    for (size_t i = 0; i < session->checks->count; i++) {
        struct quality_check *check = array_at(session->checks, i);
        if (is_ours(table, check)) {
            quality_broke(check, "%s", err->message);
        }
    }
}

bool quality_count_tables(struct quality_session *session, struct error *err)
{
    for (size_t i = 0; i < session->tables.count; i++) {
        struct quality_table *table = array_at(&session->tables, i);
        if (count_table(session, table, err)) {
            continue;
        }
        if (job_cancelled(session->port)) {
            return false;
        }
        break_table(session, table, err);
        *err = (struct error){0};
    }
    return true;
}
