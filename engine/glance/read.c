/* glance/read: makes the numbers of a sheet: one statement gives all cells that have
 * rows; headings are those that are always there and what is found beyond them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/glance/private.h"

#include <math.h>
#include <stdlib.h>

#include "engine/ledger.h"
#include "engine/store.h"

/* ---- The connection ---- */

static bool attach_file(sqlite3 *db, char *uri, const char *schema, struct error *err)
{
    sqlite3_stmt *stmt = store_prepare(db, "ATTACH ?1 AS ?2", err);
    bool good = stmt != NULL;
    if (good) {
        store_bind(stmt, "ss", uri, schema);
        good = store_execute(stmt, err);
    }
    store_finish(stmt);
    free(uri);
    return good;
}

/* Nothing but what a session has, or what is shown could not be run there. */
sqlite3 *glance_open(const struct catalog *catalog, struct error *err)
{
    sqlite3 *db = store_open(NULL, STORE_MEMORY, err);
    char *ledger = db != NULL ? ledger_ready(err) : NULL;
    bool good =
        ledger != NULL &&
        attach_file(db, store_uri_shared(catalog_index_file(catalog)), "mesh", err) &&
        attach_file(db, store_uri_shared(ledger), "ledger", err);
    free(ledger);
    if (!good) {
        store_close(db);
        db = NULL;
        error_prefix(err, "could not look at the mesh as a whole: ");
    }
    return db;
}

/* ---- Headings ---- */

static size_t heading_index(struct array *headings, const char *name)
{
    for (size_t i = 0; i < headings->count; i++) {
        if (string_equal(*(char **)array_at(headings, i), name)) {
            return i;
        }
    }
    *(char **)array_push(headings) = string_copy(name);
    return headings->count - 1;
}

static bool read_headings(sqlite3 *db, const char *sql, struct array *headings,
                          struct error *err)
{
    *headings = (struct array)ARRAY_OF(char *);
    if (sql == NULL) {
        return true;
    }
    sqlite3_stmt *stmt = store_prepare(db, sql, err);
    enum store_step step = STORE_FAILED;
    while (stmt != NULL && (step = store_step(stmt, err)) == STORE_ROW) {
        heading_index(headings, store_text(stmt, 0));
    }
    store_finish(stmt);
    return step == STORE_DONE;
}

static bool find_headings(sqlite3 *db, const struct glance_plan *plan,
                          struct glance_sheet *sheet, struct error *err)
{
    if (!read_headings(db, plan->row_names, &sheet->rows, err) ||
        !read_headings(db, plan->column_names, &sheet->columns, err)) {
        return false;
    }
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->parts[i].key != NULL) {
            heading_index(&sheet->columns, plan->parts[i].key);
        }
    }
    return true;
}

/* ---- Cells ---- */

/* One that has rows, until all headings are known. */
struct found {
    size_t row, column, part;
    struct glance_cell cell;
};

static char *text_of(enum glance_form form, double number)
{
    char count[32];
    if (isnan(number)) {
        return string_copy("never");
    }
    switch (form) {
    case FORM_PERCENT: /* 99.9 is not all */
        return string_printf("%.0f%%", floor(number));
    case FORM_DAYS:
        return string_printf("%.0f d", number);
    case FORM_MONEY:
        return string_copy(string_of_count(llround(number), count, sizeof count));
    default:
        return string_copy(string_of_count((long long)number, count, sizeof count));
    }
}

static void append_part(const struct catalog *catalog, const struct glance_plan *plan,
                        size_t index, struct text *sql)
{
    const struct glance_part *part = &plan->parts[index];
    text_printf(sql, "%sSELECT %s,", index > 0 ? "\nUNION ALL " : "", plan->row);
    if (part->key != NULL) {
        store_quote_string(sql, part->key);
    } else {
        text_append(sql, plan->column);
    }
    text_printf(sql, ",%s,%s,%zu FROM (\n  ",
                part->measure != NULL ? part->measure : "count(*)",
                part->grade != NULL ? part->grade : "0", index);
    glance_expand(catalog, part->facts, sql);
    text_append(sql, "\n) GROUP BY 1,2");
}

static void take_cell(sqlite3_stmt *stmt, const struct glance_plan *plan,
                      struct glance_sheet *sheet, struct array *found)
{
    struct found *one = array_push(found);
    size_t part = (size_t)sqlite3_column_int64(stmt, 4);
    bool is_number = sqlite3_column_type(stmt, 2) != SQLITE_NULL;
    double number = is_number ? sqlite3_column_double(stmt, 2) : (double)NAN;
    *one =
        (struct found){.row = heading_index(&sheet->rows, store_text(stmt, 0)),
                       .column = heading_index(&sheet->columns, store_text(stmt, 1)),
                       .part = part,
                       .cell = {.number = number,
                                .grade = (enum glance_grade)sqlite3_column_int(stmt, 3),
                                .has_rows = true,
                                .text = text_of(plan->parts[part].form, number)}};
}

static void place_cells(const struct glance_plan *plan, const struct array *found,
                        struct glance_sheet *sheet)
{
    size_t count = sheet->rows.count * sheet->columns.count;
    sheet->cells = (struct array)ARRAY_OF(struct glance_cell);
    for (size_t i = 0; i < count; i++) {
        array_push(&sheet->cells);
    }
    for (size_t i = 0; i < found->count; i++) {
        const struct found *one = array_at(found, i);
        struct glance_cell *cell =
            array_at(&sheet->cells, one->row * sheet->columns.count + one->column);
        *cell = one->cell;
    }
    for (size_t i = 0; i < count; i++) {
        struct glance_cell *cell = array_at(&sheet->cells, i);
        if (!cell->has_rows) {
            const struct glance_part *part = glance_part_of(
                plan, *(char **)array_at(&sheet->columns, i % sheet->columns.count));
            cell->number = part != NULL && part->form == FORM_COUNT ? 0 : (double)NAN;
            cell->text = string_copy("");
        }
    }
}

bool glance_fill(sqlite3 *db, const struct catalog *catalog,
                 const struct glance_plan *plan, struct glance_sheet *sheet,
                 struct error *err)
{
    struct text sql = {0};
    struct array found = ARRAY_OF(struct found);
    enum store_step step = STORE_FAILED;
    *sheet = (struct glance_sheet){
        .name = plan->name, .title = plan->title, .meaning = plan->meaning};
    for (size_t i = 0; i < plan->count; i++) {
        append_part(catalog, plan, i, &sql);
    }
    sqlite3_stmt *stmt = find_headings(db, plan, sheet, err)
                             ? store_prepare(db, text_string(&sql), err)
                             : NULL;
    while (stmt != NULL && (step = store_step(stmt, err)) == STORE_ROW) {
        take_cell(stmt, plan, sheet, &found);
    }
    store_finish(stmt);
    place_cells(plan, &found, sheet);
    array_release(&found);
    text_release(&sql);
    return step == STORE_DONE ||
           error_prefix(err, "the sheet %s could not be made: ", plan->name);
}

const struct glance_cell *glance_at(const struct glance_sheet *sheet, size_t row,
                                    size_t column)
{
    return array_at(&sheet->cells, row * sheet->columns.count + column);
}

/* ---- Sheets ---- */

static void release_headings(struct array *headings)
{
    for (size_t i = 0; i < headings->count; i++) {
        free(*(char **)array_at(headings, i));
    }
    array_release(headings);
}

void glance_sheet_release(struct glance_sheet *sheet)
{
    release_headings(&sheet->rows);
    release_headings(&sheet->columns);
    for (size_t i = 0; i < sheet->cells.count; i++) {
        free(((struct glance_cell *)array_at(&sheet->cells, i))->text);
    }
    array_release(&sheet->cells);
}

void glance_release(struct array *sheets)
{
    for (size_t i = 0; i < sheets->count; i++) {
        glance_sheet_release(array_at(sheets, i));
    }
    array_release(sheets);
}

bool glance_read(const struct catalog *catalog, const char *name, struct array *sheets,
                 struct error *err)
{
    *sheets = (struct array)ARRAY_OF(struct glance_sheet);
    if (name != NULL && glance_plan_named(name) == NULL) {
        char *sql = glance_sql(catalog, &(struct glance_place){.sheet = name}, err);
        free(sql); /* none: it said which sheets there are */
        return false;
    }
    sqlite3 *db = glance_open(catalog, err);
    bool good = db != NULL;
    for (size_t i = 0; good && i < glance_plan_count; i++) {
        if (name == NULL || string_equal(name, glance_plans[i].name)) {
            good = glance_fill(db, catalog, &glance_plans[i], array_push(sheets), err);
        }
    }
    store_close(db);
    if (!good) {
        glance_release(sheets);
    }
    return good;
}
