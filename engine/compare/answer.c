/* compare/answer: the file of the answer: rows with their marks, and what is told of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/compare/private.h"
#include "engine/store.h"

#include <stddef.h>
#include <stdlib.h>

enum { VALUE_MOST = 60, CHANGES_MOST = 4000 };

struct compare_answer {
    sqlite3 *db;
    sqlite3_stmt *insert;
    const struct array *pairs;
    bool both, whole;
    long long rows;
};

/* ---- The tables ---- */

static void append_name(struct text *names, const char *name, const char *more)
{
    struct text whole = {0};
    text_printf(&whole, "%s%s", name, more);
    text_append(names, names->length > 0 ? ",(" : "(");
    store_quote_string(names, text_string(&whole));
    text_append(names, ")");
    text_release(&whole);
}

/* Names of the columns as rows of VALUES; how many there are. */
static int list_names(const struct compare_answer *answer, struct text *names)
{
    const struct array *pairs = answer->pairs;
    int count = 1;
    append_name(names, "mark", "");
    for (int keys = 1; keys >= 0; keys--) {
        for (size_t i = 0; i < pairs->count; i++) {
            const struct compare_pair *pair = array_at(pairs, i);
            if (pair->is_key == (keys == 1)) {
                append_name(names, pair->name, "");
                count++;
            }
        }
        if (keys == 1 && !answer->whole) {
            append_name(names, "changes", "");
            count++;
        }
    }
    for (size_t i = 0; answer->both && i < pairs->count; i++) {
        const struct compare_pair *pair = array_at(pairs, i);
        if (!pair->is_key && pair->before >= 0 && pair->after >= 0) {
            append_name(names, pair->name, " before");
            count++;
        }
    }
    return count;
}

static bool make_tables(struct compare_answer *answer, struct error *err)
{
    struct text sql = {0}, names = {0}, insert = {0};
    int count = list_names(answer, &names);
    text_append(&sql, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN; "
                      "CREATE TABLE rows(");
    text_append(&insert, "INSERT INTO rows VALUES(");
    for (int i = 0; i < count; i++) {
        text_printf(&sql, "%sc%d", i > 0 ? "," : "", i);
        text_append(&insert, i > 0 ? ",?" : "?");
    }
    text_append(&insert, ")");
    text_append(&sql, "); CREATE TABLE names(name); INSERT INTO names VALUES ");
    text_append(&sql, text_string(&names));
    text_append(&sql, "; CREATE TABLE columns(name, is_key, only_before, only_after, "
                      "changed); CREATE TABLE facts(name PRIMARY KEY, number)");
    bool done = store_run(answer->db, text_string(&sql), err);
    answer->insert = done ? store_prepare(answer->db, text_string(&insert), err) : NULL;
    text_release(&sql);
    text_release(&names);
    text_release(&insert);
    return answer->insert != NULL;
}

struct compare_answer *compare_answer_new(const struct compare_spec *spec,
                                          const struct array *pairs, struct error *err)
{
    struct compare_answer *answer = memory_new(sizeof *answer);
    size_t keys = 0, common = 0;
    for (size_t i = 0; i < pairs->count; i++) {
        const struct compare_pair *pair = array_at(pairs, i);
        keys += pair->is_key;
        common += pair->before >= 0 && pair->after >= 0;
    }
    answer->pairs = pairs;
    answer->whole = keys == common;
    answer->both = spec->both && !answer->whole;
    answer->db = store_open(spec->file, STORE_CREATE, err);
    if (answer->db == NULL || !make_tables(answer, err)) {
        compare_answer_free(answer);
        return NULL;
    }
    return answer;
}

void compare_answer_free(struct compare_answer *answer)
{
    if (answer != NULL) {
        store_finish(answer->insert);
        store_close(answer->db);
        free(answer);
    }
}

/* ---- Rows ---- */

static void append_value(struct text *out, sqlite3_value *value)
{
    int type = sqlite3_value_type(value);
    const char *bytes =
        type == SQLITE_BLOB ? "" : (const char *)sqlite3_value_text(value);
    size_t length = (size_t)sqlite3_value_bytes(value), most = VALUE_MOST;
    if (type == SQLITE_NULL) {
        text_append(out, "(null)");
    } else if (type == SQLITE_BLOB) {
        text_printf(out, "(%zu bytes)", length);
    } else {
        while (length > most && most > VALUE_MOST - 4 &&
               ((unsigned char)bytes[most] & 0xC0) == 0x80) {
            most--; /* at a whole character */
        }
        text_append_bytes(out, bytes, length > most ? most : length);
        text_append(out, length > most ? "..." : "");
    }
}

static sqlite3_value *value_of(const struct compare_side *side, int column)
{
    return sqlite3_column_value(side->stmt, column);
}

/* Which values differ, in words; counts them at their columns. */
static void tell_changes(const struct compare_answer *answer,
                         const struct compare_side *before,
                         const struct compare_side *after, struct text *words)
{
    size_t left_out = 0;
    for (size_t i = 0; i < answer->pairs->count; i++) {
        struct compare_pair *pair = array_at(answer->pairs, i);
        if (pair->is_key || pair->before < 0 || pair->after < 0 ||
            compare_values(value_of(before, pair->at_before),
                           value_of(after, pair->at_after)) == 0) {
            continue;
        }
        pair->changed++;
        if (words->length > CHANGES_MOST) {
            left_out++;
            continue;
        }
        text_printf(words, "%s%s: ", words->length > 0 ? "; " : "", pair->name);
        append_value(words, value_of(before, pair->at_before));
        text_append(words, " -> ");
        append_value(words, value_of(after, pair->at_after));
    }
    if (left_out > 0) {
        text_printf(words, "; and %zu more", left_out);
    }
}

static void bind_pair(const struct compare_answer *answer, int *at,
                      const struct compare_pair *pair, const struct compare_side *before,
                      const struct compare_side *after)
{
    bool from_after = after != NULL && pair->after >= 0;
    bool from_before = before != NULL && pair->before >= 0;
    ++*at;
    if (from_after || from_before) {
        sqlite3_bind_value(answer->insert, *at,
                           from_after ? value_of(after, pair->at_after)
                                      : value_of(before, pair->at_before));
    }
}

static void bind_before(const struct compare_answer *answer, int *at,
                        const struct compare_side *before)
{
    for (size_t i = 0; answer->both && i < answer->pairs->count; i++) {
        const struct compare_pair *pair = array_at(answer->pairs, i);
        if (!pair->is_key && pair->before >= 0 && pair->after >= 0) {
            sqlite3_bind_value(answer->insert, ++*at, value_of(before, pair->at_before));
        }
    }
}

bool compare_answer_add(struct compare_answer *answer, const char *mark,
                        const struct compare_side *before,
                        const struct compare_side *after, struct error *err)
{
    struct text words = {0};
    int at = 1;
    bool is_changed = *mark == '~';
    sqlite3_clear_bindings(answer->insert);
    sqlite3_bind_text(answer->insert, 1, mark, -1, SQLITE_STATIC);
    if (is_changed) {
        tell_changes(answer, before, after, &words);
    }
    for (int keys = 1; keys >= 0; keys--) {
        for (size_t i = 0; i < answer->pairs->count; i++) {
            const struct compare_pair *pair = array_at(answer->pairs, i);
            if (pair->is_key == (keys == 1)) {
                bind_pair(answer, &at, pair, before, after);
            }
        }
        if (keys == 1 && !answer->whole) {
            sqlite3_bind_text(answer->insert, ++at, text_string(&words),
                              (int)words.length, SQLITE_STATIC);
        }
    }
    if (is_changed) {
        bind_before(answer, &at, before);
    }
    bool done = store_execute(answer->insert, err);
    answer->rows += done;
    text_release(&words);
    return done ||
           error_prefix(err, "could not write what differs into a private file: ");
}

/* ---- The end ---- */

static void keep_columns(const struct compare_answer *answer)
{
    sqlite3_stmt *stmt =
        store_prepare(answer->db, "INSERT INTO columns VALUES(?,?,?,?,?)", NULL);
    for (size_t i = 0; stmt != NULL && i < answer->pairs->count; i++) {
        const struct compare_pair *pair = array_at(answer->pairs, i);
        store_bind(stmt, "siiil", pair->name, (int)pair->is_key, (int)(pair->after < 0),
                   (int)(pair->before < 0), pair->changed);
        store_execute(stmt, NULL);
    }
    store_finish(stmt);
}

/* The numbers of an outcome, by name. */
static const struct {
    const char *name;
    size_t offset;
} facts[] = {
    {"before", offsetof(struct compare_outcome, before)},
    {"after", offsetof(struct compare_outcome, after)},
    {"added", offsetof(struct compare_outcome, added)},
    {"gone", offsetof(struct compare_outcome, gone)},
    {"changed", offsetof(struct compare_outcome, changed)},
    {"same", offsetof(struct compare_outcome, same)},
    {"rows", offsetof(struct compare_outcome, rows)},
};
enum { FACTS = sizeof facts / sizeof *facts };

bool compare_answer_finish(struct compare_answer *answer,
                           const struct compare_outcome *outcome, struct error *err)
{
    struct compare_outcome whole = *outcome;
    whole.rows = answer->rows;
    keep_columns(answer);
    sqlite3_stmt *stmt = store_prepare(answer->db, "INSERT INTO facts VALUES(?,?)", err);
    bool done = stmt != NULL;
    for (size_t i = 0; done && i < FACTS; i++) {
        const char *place = (const char *)&whole + facts[i].offset;
        store_bind(stmt, "sl", facts[i].name, *(const long long *)place);
        done = store_execute(stmt, err);
    }
    if (done) {
        store_bind(stmt, "sl", "way", (long long)whole.way);
        done = store_execute(stmt, err);
    }
    store_finish(stmt);
    return done && store_run(answer->db, "COMMIT", err);
}

/* ---- Reading it again ---- */

static void read_columns(sqlite3 *db, struct compare_outcome *outcome)
{
    sqlite3_stmt *stmt = store_prepare(db, "SELECT * FROM columns ORDER BY rowid", NULL);
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        *(struct compare_column *)array_push(&outcome->columns) =
            (struct compare_column){.name = store_text_copy(stmt, 0),
                                    .is_key = sqlite3_column_int(stmt, 1) == 1,
                                    .only_before = sqlite3_column_int(stmt, 2) == 1,
                                    .only_after = sqlite3_column_int(stmt, 3) == 1,
                                    .changed = sqlite3_column_int64(stmt, 4)};
    }
    store_finish(stmt);
    stmt = store_prepare(db, "SELECT name FROM names ORDER BY rowid", NULL);
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        *(char **)array_push(&outcome->names) = string_copy(store_text(stmt, 0));
    }
    store_finish(stmt);
}

bool compare_read(const char *file, struct compare_outcome *outcome, struct error *err)
{
    static const char question[] = "SELECT number FROM facts WHERE name = ?1";
    *outcome = (struct compare_outcome){.columns = ARRAY_OF(struct compare_column),
                                        .names = ARRAY_OF(char *)};
    sqlite3 *db = store_open(file, STORE_READ, err);
    if (db == NULL) {
        return false;
    }
    for (size_t i = 0; i < FACTS; i++) {
        char *place = (char *)outcome + facts[i].offset;
        *(long long *)place = store_number(db, -1, question, "s", facts[i].name);
    }
    outcome->way =
        (enum compare_way)store_number(db, COMPARE_WHOLE, question, "s", "way");
    read_columns(db, outcome);
    store_close(db);
    return outcome->rows >= 0 ||
           error_set(err, ERROR_FAILED, "the comparison in %s is not whole", file);
}

void compare_outcome_release(struct compare_outcome *outcome)
{
    for (size_t i = 0; i < outcome->columns.count; i++) {
        free(((struct compare_column *)array_at(&outcome->columns, i))->name);
    }
    for (size_t i = 0; i < outcome->names.count; i++) {
        free(*(char **)array_at(&outcome->names, i));
    }
    array_release(&outcome->columns);
    array_release(&outcome->names);
}
