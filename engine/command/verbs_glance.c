/* command: glance and journey: the mesh on one screen, each domain's way, and the SELECT
 * behind each number.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"
#include "engine/glance.h"

#include <math.h>
#include <stdlib.h>

/* ---- Rows ---- */

/* ---- glance ---- */

static const char *const cell_columns[] = {"sheet",  "row",     "column", "text",
                                           "number", "measure", "sql"};
enum { CELL_COLUMNS = sizeof cell_columns / sizeof *cell_columns };

static void add_cell(struct command_call *call, struct rows *rows,
                     const struct glance_sheet *sheet, size_t row, size_t column)
{
    const struct glance_cell *cell = glance_at(sheet, row, column);
    const struct glance_place place = {.sheet = sheet->name,
                                       .row = *(char **)array_at(&sheet->rows, row),
                                       .column =
                                           *(char **)array_at(&sheet->columns, column)};
    char *sql = glance_sql(call->workbench->catalog, &place, NULL);
    const char *measure = glance_measure(&place);
    if (isnan(cell->number)) {
        rows_add(rows, "ssssnss", sheet->name, place.row, place.column, cell->text,
                 measure, sql);
    } else {
        rows_add(rows, "ssssdss", sheet->name, place.row, place.column, cell->text,
                 cell->number, measure, sql);
    }
    free(sql);
}

/* A row for each cell, with what makes it. */
static bool list_cells(struct command_call *call, const struct array *sheets,
                       struct error *err)
{
    struct rows *rows =
        rows_new(call->workbench->spool_folder, cell_columns, CELL_COLUMNS, err);
    for (size_t s = 0; rows != NULL && s < sheets->count; s++) {
        const struct glance_sheet *sheet = array_at(sheets, s);
        for (size_t i = 0; i < sheet->rows.count; i++) {
            for (size_t k = 0; k < sheet->columns.count; k++) {
                add_cell(call, rows, sheet, i, k);
            }
        }
    }
    return rows != NULL && call_reply_rows(call, rows, cell_columns, CELL_COLUMNS, err);
}

static void set_row(struct rows *rows, const struct glance_sheet *sheet, size_t row)
{
    rows_set_text(rows, 0, *(char **)array_at(&sheet->rows, row));
    for (size_t i = 0; i < sheet->columns.count; i++) {
        const struct glance_cell *cell = glance_at(sheet, row, i);
        if (!isnan(cell->number)) {
            rows_set_number(rows, i + 1, round(cell->number * 100) / 100);
        }
    }
    rows_insert(rows);
}

/* The sheet as it is: a row for each of its rows. */
static bool show_sheet(struct command_call *call, const struct glance_sheet *sheet,
                       struct error *err)
{
    size_t count = sheet->columns.count + 1;
    const char **columns = memory_new_many(count, sizeof *columns);
    columns[0] = sheet->name;
    for (size_t i = 1; i < count; i++) {
        columns[i] = *(char **)array_at(&sheet->columns, i - 1);
    }
    struct rows *rows = rows_new(call->workbench->spool_folder, columns, count, err);
    for (size_t i = 0; rows != NULL && i < sheet->rows.count; i++) {
        set_row(rows, sheet, i);
    }
    bool done = rows != NULL && call_reply_rows(call, rows, columns, count, err);
    if (done) {
        call_message(call, "%s: %s", sheet->title, sheet->meaning);
    }
    free(columns);
    return done;
}

static bool show_glance(struct command_call *call, const char *name, struct error *err)
{
    struct array sheets;
    bool all = call_has_flag(call, "--sql");
    const char *shown = name != NULL || all ? name : glance_name(0);
    bool done = glance_read(call->workbench->catalog, shown, &sheets, err);
    if (done) {
        done = all ? list_cells(call, &sheets, err)
                   : show_sheet(call, array_at(&sheets, 0), err);
        glance_release(&sheets);
    }
    if (done) {
        call_done(call);
    }
    return done;
}

static bool run_cell(struct command_call *call, struct error *err)
{
    const struct glance_place place = {call_word(call, 0), call_word(call, 1),
                                       call_word(call, 2)};
    char *sql = glance_sql(call->workbench->catalog, &place, err);
    bool started = sql != NULL && call_run_shown(call, sql, err);
    free(sql);
    return started;
}

bool verb_glance(struct command_call *call, struct error *err)
{
    if (call_count(call) == 3) {
        return run_cell(call, err);
    }
    if (call_count(call) == 2) {
        return error_set(
            err, ERROR_USAGE,
            "glance shows a sheet, or the rows behind one cell: glance SHEET "
            "ROW COLUMN");
    }
    if (call->spec.has_screen && !call_has_flag(call, "--sql")) {
        const char *name = call_word(call, 0);
        text_printf(&call->reply.action, "glance %s", name != NULL ? name : "");
        call_done(call);
        return true;
    }
    return show_glance(call, call_word(call, 0), err);
}

/* ---- journey ---- */

static const char *const journey_columns[] = {"domain",  "class", "team", "level",
                                              "reached", "next",  "verb"};
enum { JOURNEY_COLUMNS = sizeof journey_columns / sizeof *journey_columns };

static bool list_journeys(struct command_call *call, const struct array *journeys,
                          struct error *err)
{
    struct rows *rows =
        rows_new(call->workbench->spool_folder, journey_columns, JOURNEY_COLUMNS, err);
    for (size_t i = 0; rows != NULL && i < journeys->count; i++) {
        const struct glance_journey *journey = array_at(journeys, i);
        rows_add(rows, "ssslsss", journey->domain, journey->class, journey->team,
                 (long long)journey->level, glance_level_name(journey->level),
                 journey->next, journey->next_verb);
    }
    return rows != NULL &&
           call_reply_rows(call, rows, journey_columns, JOURNEY_COLUMNS, err);
}

static const char *const fact_columns[] = {"domain", "level", "fact", "meaning",
                                           "holds",  "rows",  "sql"};
enum { FACT_COLUMNS = sizeof fact_columns / sizeof *fact_columns };

static void add_facts(struct command_call *call, struct rows *rows,
                      const struct glance_journey *journey)
{
    for (size_t i = 0; i < journey->facts.count; i++) {
        const struct glance_fact *fact = array_at(&journey->facts, i);
        char *sql =
            glance_fact_sql(call->workbench->catalog, journey->domain, fact->key, NULL);
        rows_add(rows, "slsssls", journey->domain, (long long)fact->level, fact->key,
                 fact->name, fact->holds ? "yes" : "no", fact->count, sql);
        free(sql);
    }
}

static bool list_facts(struct command_call *call, const struct array *journeys,
                       struct error *err)
{
    struct rows *rows =
        rows_new(call->workbench->spool_folder, fact_columns, FACT_COLUMNS, err);
    for (size_t i = 0; rows != NULL && i < journeys->count; i++) {
        add_facts(call, rows, array_at(journeys, i));
    }
    return rows != NULL && call_reply_rows(call, rows, fact_columns, FACT_COLUMNS, err);
}

static bool show_journey(struct command_call *call, const char *domain, struct error *err)
{
    struct array journeys;
    bool facts = domain != NULL || call_has_flag(call, "--sql");
    bool done = glance_journeys(call->workbench->catalog, domain, &journeys, err);
    if (done) {
        done = facts ? list_facts(call, &journeys, err)
                     : list_journeys(call, &journeys, err);
        if (done && domain != NULL) {
            const struct glance_journey *journey = array_at(&journeys, 0);
            call_message(call, "%s is on level %d, %s. Next: %s", journey->domain,
                         journey->level, glance_level_name(journey->level),
                         journey->next);
        }
        glance_journeys_release(&journeys);
    }
    if (done) {
        call_done(call);
    }
    return done;
}

bool verb_journey(struct command_call *call, struct error *err)
{
    if (call_count(call) == 2) {
        char *sql = glance_fact_sql(call->workbench->catalog, call_word(call, 0),
                                    call_word(call, 1), err);
        bool started = sql != NULL && call_run_shown(call, sql, err);
        free(sql);
        return started;
    }
    if (call->spec.has_screen && !call_has_flag(call, "--sql")) {
        const char *domain = call_word(call, 0);
        text_printf(&call->reply.action, "journey %s", domain != NULL ? domain : "");
        call_done(call);
        return true;
    }
    return show_journey(call, call_word(call, 0), err);
}
