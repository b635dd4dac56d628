/* get/drift: a new version held against the one before and against its contract.
 *
 * Both are databases that describe themselves (cache.h), so nothing is read but their
 * mwb_ tables. A column that is gone and one that is new in the same gap between columns
 * that stayed, of one type, are a rename; columns that stayed in another order have
 * moved: those outside the longest run that kept its order (longest increasing
 * subsequence).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/get/private.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "engine/store.h"
#include "engine/text.h"

enum {
    MOST_LINES = 200,
    FEW_ROWS = 10, /* of so few, half may well go */
};

struct column {
    char *name, *stored, *declared;
    long long nulls, misfits;
    int before; /* its place in the version before, -1: it was not there */
    bool is_paired;
};

struct side {
    sqlite3 *db;
    struct array columns; /* of struct column: of one table */
    long long rows;
};

struct drift {
    const struct array *parts; /* of struct get_table: their contracts; NULL: not asked */
    struct text *told, *broken;
    struct side before, now;
    const char *table;
    size_t lines;
};

static void tell(struct drift *drift, bool is_broken, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void tell(struct drift *drift, bool is_broken, const char *format, ...)
{
    va_list arguments;
    if (++drift->lines > MOST_LINES) {
        return;
    }
    struct text *lines = is_broken ? drift->broken : drift->told;
    va_start(arguments, format);
    text_vprintf(lines, format, arguments);
    va_end(arguments);
    text_append_char(lines, '\n');
}

/* ---- One table of a version ---- */

static void forget_columns(struct side *side)
{
    for (size_t i = 0; i < side->columns.count; i++) {
        struct column *column = array_at(&side->columns, i);
        free(column->name);
        free(column->stored);
        free(column->declared);
    }
    array_release(&side->columns);
    side->columns = (struct array)ARRAY_OF(struct column);
}

static void read_table(struct side *side, const char *table)
{
    forget_columns(side);
    sqlite3_stmt *stmt = store_prepare(
        side->db,
        "SELECT name,stored,declared,nulls,misfits FROM mwb_column WHERE table_name=?1 "
        "ORDER BY position LIMIT 2000",
        NULL);
    if (stmt != NULL) {
        store_bind(stmt, "s", table);
    }
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        struct column *column = array_push(&side->columns);
        *column = (struct column){.name = store_text_copy(stmt, 0),
                                  .stored = store_text_copy(stmt, 1),
                                  .declared = store_text_copy(stmt, 2),
                                  .nulls = sqlite3_column_int64(stmt, 3),
                                  .misfits = sqlite3_column_int64(stmt, 4),
                                  .before = -1};
    }
    store_finish(stmt);
    side->rows = store_number(side->db, -1, "SELECT rows FROM mwb_table WHERE name=?1",
                              "s", table);
}

static struct column *column_at(const struct side *side, size_t index)
{
    return array_at(&side->columns, index);
}

static int find_column(const struct side *side, const char *name)
{
    for (size_t i = 0; i < side->columns.count; i++) {
        if (string_equal(column_at(side, i)->name, name)) {
            return (int)i;
        }
    }
    return -1;
}

/* ---- Columns ---- */

/* Is the column in one version only? An end of the table is a gap's end. */
static bool is_alone(const struct side *side, int at)
{
    return at >= 0 && at < (int)side->columns.count &&
           !column_at(side, (size_t)at)->is_paired;
}

/* From beside a column that stayed, forwards or backwards: pairs of one type are renames.
 */
static void find_renames(struct drift *drift, int was, int is, int step)
{
    for (; is_alone(&drift->before, was) && is_alone(&drift->now, is);
         was += step, is += step) {
        struct column *old = column_at(&drift->before, (size_t)was);
        struct column *new = column_at(&drift->now, (size_t)is);
        if (!string_equal(old->stored, new->stored)) {
            return;
        }
        old->is_paired = new->is_paired = true;
        new->before = was;
        tell(drift, false, "%s: %s was renamed to %s", drift->table, old->name,
             new->name);
    }
}

static void pair_columns(struct drift *drift)
{
    int was = (int)drift->before.columns.count, is = (int)drift->now.columns.count;
    for (int i = 0; i < is; i++) {
        struct column *new = column_at(&drift->now, (size_t)i);
        new->before = find_column(&drift->before, new->name);
        new->is_paired = new->before >= 0;
        if (new->is_paired) {
            column_at(&drift->before, (size_t) new->before)->is_paired = true;
        }
    }
    find_renames(drift, 0, 0, 1);
    find_renames(drift, was - 1, is - 1, -1);
    for (int i = 0; i < is; i++) {
        const struct column *new = column_at(&drift->now, (size_t)i);
        if (new->before >= 0) {
            find_renames(drift, new->before + 1, i + 1, 1);
            find_renames(drift, new->before - 1, i - 1, -1);
        }
    }
}

/* Mark the columns that kept their order: the longest rising run of earlier places. */
static void find_moves(struct drift *drift)
{
    size_t count = drift->now.columns.count;
    int *length = memory_new((count + 1) * sizeof(int));
    int *from = memory_new((count + 1) * sizeof(int));
    int best = -1;
    for (size_t i = 0; i < count; i++) {
        int place = column_at(&drift->now, i)->before;
        from[i] = -1;
        length[i] = place >= 0 ? 1 : 0;
        for (size_t j = 0; place >= 0 && j < i; j++) {
            int other = column_at(&drift->now, j)->before;
            if (other >= 0 && other < place && length[j] + 1 > length[i]) {
                length[i] = length[j] + 1;
                from[i] = (int)j;
            }
        }
        best = length[i] > 0 && (best < 0 || length[i] > length[best]) ? (int)i : best;
    }
    bool *stayed = memory_new((count + 1) * sizeof(bool));
    for (int i = best; i >= 0; i = from[i]) {
        stayed[i] = true;
    }
    for (size_t i = 0; i < count; i++) {
        const struct column *new = column_at(&drift->now, i);
        if (new->before >= 0 && !stayed[i]) {
            tell(drift, false, "%s: %s moved from place %d to %zu", drift->table,
                 new->name, new->before + 1, i + 1);
        }
    }
    free(stayed);
    free(from);
    free(length);
}

static void compare_columns(struct drift *drift, bool is_declared)
{
    pair_columns(drift);
    for (size_t i = 0; i < drift->before.columns.count; i++) {
        const struct column *old = column_at(&drift->before, i);
        if (!old->is_paired) {
            tell(drift, false, "%s: %s was removed", drift->table, old->name);
        }
        /* What nobody declared is promised by having been there. */
        if (!is_declared && find_column(&drift->now, old->name) < 0) {
            tell(drift, true, "%s has no column %s any more", drift->table, old->name);
        }
    }
    for (size_t i = 0; i < drift->now.columns.count; i++) {
        const struct column *new = column_at(&drift->now, i);
        if (new->before < 0) {
            tell(drift, false, "%s: %s was added", drift->table, new->name);
            continue;
        }
        const struct column *old = column_at(&drift->before, (size_t) new->before);
        if (!string_equal(old->stored, new->stored)) {
            tell(drift, false, "%s: %s was %s and is %s", drift->table, new->name,
                 old->stored, new->stored);
        }
    }
    find_moves(drift);
}

/* ---- Rows and the contract ---- */

static void compare_rows(struct drift *drift)
{
    long long was = drift->before.rows, is = drift->now.rows;
    if (was <= 0 || is == was) {
        return;
    }
    bool is_loss = is == 0 || (was >= FEW_ROWS && is <= was / 2);
    tell(drift, false, "%s: %lld rows, before %lld (%+.0f %%)", drift->table, is, was,
         100.0 * (double)(is - was) / (double)was);
    if (is_loss) {
        tell(drift, true,
             is == 0 ? "%s has no rows any more, and had %lld"
                     : "%s has lost half of its rows or more: it had %lld",
             drift->table, was);
    }
}

static bool is_dropped(const struct get_table *part, const char *column)
{
    for (size_t i = 0; i < part->masks.count; i++) {
        const struct policy_mask *mask = array_at(&part->masks, i);
        if (mask->rule.kind == MASK_DROP && string_equal(mask->column, column)) {
            return true;
        }
    }
    return false;
}

/* What the version before lacked as well was accepted then. */
static bool was_accepted(const struct drift *drift, const char *column)
{
    return drift->before.db != NULL && drift->before.columns.count > 0 &&
           find_column(&drift->before, column) < 0;
}

static bool is_mostly_misfit(const struct column *column, long long rows)
{
    long long values = rows - column->nulls;
    return column->declared != NULL && values > 0 && column->misfits > values / 2;
}

static void check_values(struct drift *drift)
{
    for (size_t i = 0; i < drift->now.columns.count; i++) {
        const struct column *column = column_at(&drift->now, i);
        int before = find_column(&drift->before, column->name);
        bool was_so =
            before >= 0 && is_mostly_misfit(column_at(&drift->before, (size_t)before),
                                            drift->before.rows);
        if (!was_so && is_mostly_misfit(column, drift->now.rows)) {
            tell(drift, true, "most values of %s.%s are no %s: %lld of %lld",
                 drift->table, column->name, column->declared, column->misfits,
                 drift->now.rows - column->nulls);
        }
    }
}

static void check_contract(struct drift *drift, const struct get_table *part)
{
    const struct array *columns = &part->table->columns;
    for (size_t i = 0; !part->table->is_undeclared && i < columns->count; i++) {
        const struct catalog_column *declared = array_at(columns, i);
        if (find_column(&drift->now, declared->name) < 0 &&
            !is_dropped(part, declared->name) && !was_accepted(drift, declared->name)) {
            tell(drift, true, "%s has no column %s, which its contract declares",
                 drift->table, declared->name);
        }
    }
    check_values(drift);
}

/* ---- All tables ---- */

static const struct get_table *part_of(const struct drift *drift, const char *table)
{
    for (size_t i = 0; drift->parts != NULL && i < drift->parts->count; i++) {
        const struct get_table *part = array_at(drift->parts, i);
        if (string_equal_fold(part->table->sql_name, table)) {
            return part;
        }
    }
    return NULL;
}

static void compare_table(struct drift *drift, const char *table)
{
    const struct get_table *part = part_of(drift, table);
    drift->table = table;
    read_table(&drift->before, table);
    read_table(&drift->now, table);
    if (drift->now.rows < 0 && drift->now.columns.count == 0) {
        tell(drift, true, "the table %s is gone", table);
        return;
    }
    compare_columns(drift, part != NULL && !part->table->is_undeclared &&
                               part->table->columns.count > 0);
    compare_rows(drift);
    if (part != NULL) {
        check_contract(drift, part);
    }
}

/* Against its contract alone: there is no version before. */
static void check_first(struct drift *drift)
{
    for (size_t i = 0; i < drift->parts->count; i++) {
        const struct get_table *part = array_at(drift->parts, i);
        drift->table = part->table->sql_name;
        read_table(&drift->now, drift->table);
        if (drift->now.columns.count > 0) {
            check_contract(drift, part);
        }
    }
}

static void compare_all(struct drift *drift)
{
    sqlite3_stmt *stmt = store_prepare(drift->before.db,
                                       "SELECT name FROM mwb_table ORDER BY rowid", NULL);
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        char *table = store_text_copy(stmt, 0);
        compare_table(drift, table);
        free(table);
    }
    store_finish(stmt);
}

/* Tables that were not there before. */
static void tell_new_tables(struct drift *drift)
{
    sqlite3_stmt *stmt =
        store_prepare(drift->now.db, "SELECT name FROM mwb_table ORDER BY rowid", NULL);
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        const char *table = store_text(stmt, 0);
        if (store_number(drift->before.db, 0,
                         "SELECT count(*) FROM mwb_table WHERE name=?1", "s",
                         table) == 0) {
            tell(drift, false, "the table %s is new", table);
        }
    }
    store_finish(stmt);
}

static void compare_files(struct drift *drift, const char *before, const char *now,
                          enum store_mode mode)
{
    drift->before.columns = drift->now.columns = (struct array)ARRAY_OF(struct column);
    drift->before.db = before != NULL ? store_open(before, STORE_IMMUTABLE, NULL) : NULL;
    drift->now.db = store_open(now, mode, NULL);
    if (drift->now.db != NULL && drift->before.db != NULL) {
        compare_all(drift);
        tell_new_tables(drift);
    } else if (drift->now.db != NULL && drift->parts != NULL) {
        check_first(drift);
    }
    forget_columns(&drift->before);
    forget_columns(&drift->now);
    store_close(drift->before.db);
    store_close(drift->now.db);
}

void drift_compare(struct get *get, const char *before, const char *now)
{
    struct drift drift = {.parts = &get->tables,
                          .told = &get->report->drift,
                          .broken = &get->report->broken};
    compare_files(&drift, before, now, STORE_READ);
}

void get_compare(const char *before, const char *now, struct text *lines)
{
    struct text broken = {0}; /* promises are not what is asked */
    struct drift drift = {.told = lines, .broken = &broken};
    compare_files(&drift, before, now, STORE_IMMUTABLE);
    text_release(&broken);
}
