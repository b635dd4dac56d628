/* key: which columns it has, its index, its counts.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/key.h"

#include <stdlib.h>

#include "engine/store.h"
#include "engine/text.h"

/* A key that lost a column is none. */
static bool is_whole(const struct plan *plan)
{
    for (size_t i = 0; i < plan->columns.count; i++) {
        const struct plan_column *column = plan_column(plan, i);
        bool lost = column->place < 0 || column->rule.kind == MASK_NULL;
        if (lost && column->declared != NULL && column->declared->key_position > 0) {
            return false;
        }
    }
    return true;
}

size_t key_columns(const struct plan *plan, size_t *columns)
{
    size_t count = 0;
    if (!is_whole(plan)) {
        return 0;
    }
    for (int position = 1;; position++) {
        size_t before = count;
        for (size_t i = 0; i < plan_shown_count(plan); i++) {
            const struct catalog_column *declared = plan_shown(plan, i)->declared;
            if (declared != NULL && declared->key_position == position) {
                columns[count++] = i;
            }
        }
        if (count == before) {
            return count;
        }
    }
}

/* "a", "b": the first `count` columns of the key, all for 0. Returns how many there are.
 */
static size_t list_columns(const struct load *load, size_t count, struct text *list)
{
    size_t *columns = memory_new_many(load->plan.columns.count + 1, sizeof *columns);
    size_t all = key_columns(&load->plan, columns);
    for (size_t i = 0; i < all && (count == 0 || i < count); i++) {
        text_append(list, i > 0 ? ", " : "");
        store_quote_name(list, plan_shown(&load->plan, columns[i])->name);
    }
    free(columns);
    return all;
}

static char *index_name(const struct load *load)
{
    return string_printf("mwb_key_%s", load->spec->table);
}

bool key_make_index(struct load *load, struct error *err)
{
    struct text columns = {0};
    bool good = true;
    if (list_columns(load, 0, &columns) > 0) {
        struct text sql = {0};
        char *name = index_name(load);
        text_append(&sql, "CREATE INDEX ");
        store_quote_name(&sql, name);
        text_append(&sql, " ON ");
        store_quote_name(&sql, load->spec->table);
        text_printf(&sql, "(%s)", text_string(&columns));
        good = store_run(load->db, text_string(&sql), err);
        text_release(&sql);
        free(name);
    }
    text_release(&columns);
    return good;
}

uint32_t key_root(const struct load *load)
{
    char *name = index_name(load);
    long long root = store_number(load->db, 0,
                                  "SELECT rootpage FROM sqlite_schema WHERE type = "
                                  "'index' AND name = ?",
                                  "s", name);
    free(name);
    return (uint32_t)root;
}

bool key_count(struct load *load, struct error *err)
{
    struct text columns = {0};
    size_t count = list_columns(load, 0, &columns);
    bool good = true;
    free(load->key_distinct);
    load->key_distinct = count > 0 ? memory_new_many(count, sizeof(long long)) : NULL;
    for (size_t i = 0; good && i < count; i++) {
        struct text sql = {0};
        text_clear(&columns);
        list_columns(load, i + 1, &columns);
        text_printf(&sql, "SELECT count(*) FROM (SELECT DISTINCT %s FROM ",
                    text_string(&columns));
        store_quote_name(&sql, load->spec->table);
        text_append(&sql, ")");
        sqlite3_stmt *stmt = store_prepare(load->db, text_string(&sql), err);
        good = stmt != NULL && store_step(stmt, err) == STORE_ROW;
        load->key_distinct[i] = good ? sqlite3_column_int64(stmt, 0) : 0;
        store_finish(stmt);
        text_release(&sql);
    }
    text_release(&columns);
    return good;
}

/* ---- What is told ---- */

static bool write_sizes(const struct load *load, size_t count, struct error *err)
{
    long long rows = load->report->stored;
    struct text sizes = {0};
    text_printf(&sizes, "%lld", rows);
    for (size_t i = 0; i < count; i++) {
        long long distinct = load->key_distinct[i];
        text_printf(&sizes, " %lld", (rows + distinct - 1) / distinct);
    }
    char *name = index_name(load);
    sqlite3_stmt *stmt =
        store_prepare(load->db, "INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", err);
    bool good = stmt != NULL;
    if (good) {
        store_bind(stmt, "sss", load->spec->table, name, text_string(&sizes));
        good = store_execute(stmt, err);
    }
    store_finish(stmt);
    free(name);
    text_release(&sizes);
    return good;
}

/* Different values of it may have become the same. */
static bool is_coarser(const struct plan *plan)
{
    bool coarser = false;
    for (size_t i = 0; i < plan_shown_count(plan); i++) {
        const struct plan_column *column = plan_shown(plan, i);
        coarser |= column->declared != NULL && column->declared->key_position > 0 &&
                   column->rule.kind != MASK_NONE && column->rule.kind != MASK_TOKEN;
    }
    return coarser;
}

bool key_tell(struct load *load, struct error *err)
{
    long long rows = load->report->stored;
    if (load->key_distinct == NULL || rows == 0) {
        return true;
    }
    struct text columns = {0};
    size_t count = list_columns(load, 0, &columns);
    long long repeated = rows - load->key_distinct[count - 1];
    if (repeated > 0 && !is_coarser(&load->plan)) {
        text_printf(&load->report->notes,
                    "%s: the key (%s) is not unique: %lld row%s the key of another "
                    "[primary-key].\n",
                    load->spec->table, text_string(&columns), repeated,
                    repeated == 1 ? " repeats" : "s repeat");
    }
    text_release(&columns);
    return write_sizes(load, count, err);
}
