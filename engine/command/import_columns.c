/* command: the columns of an import as rows: what was declared, what was found, what did
 * not fit.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"
#include "engine/store.h"

#include <string.h>

static const char *const columns[] = {
    "table",         "column", "declared", "stored",   "found",   "nulls",   "distinct",
    "distinct_kind", "least",  "most",     "shortest", "longest", "misfits", "examples"};
enum { COLUMNS = sizeof columns / sizeof *columns };

/* `found` counts the kinds of value: "98 integer, 2 text". */
static const char select_columns[] =
    "SELECT c.table_name, c.name, c.declared, c.stored,"
    " rtrim(iif(s.integers > 0, s.integers || ' integer, ', '') ||"
    "       iif(s.reals > 0, s.reals || ' real, ', '') ||"
    "       iif(s.texts > 0, s.texts || ' text', ''), ', '),"
    " s.nulls, s.\"distinct\","
    " CASE s.exact WHEN 1 THEN 'exact' WHEN 0 THEN 'estimate' END,"
    " s.least, s.most, s.shortest, s.longest, c.misfits, c.examples "
    "FROM mwb_column c JOIN mwb_statistic s USING (table_name, position) "
    "ORDER BY c.rowid";

static bool write_columns(const char *database, struct rows *rows, struct error *err)
{
    sqlite3 *db = store_open(database, STORE_READ, err);
    sqlite3_stmt *stmt = db != NULL ? store_prepare(db, select_columns, err) : NULL;
    enum store_step step = STORE_FAILED;
    while (stmt != NULL && (step = store_step(stmt, err)) == STORE_ROW) {
        rows_copy(rows, stmt);
    }
    store_finish(stmt);
    store_close(db);
    return step == STORE_DONE;
}

bool import_columns_tell(const struct command_call *call, const char *database,
                         struct job_port *port, struct error *err)
{
    if (command_flag_value(call, "--format") == NULL) {
        return true;
    }
    struct rows *rows = rows_new(call->workbench->spool_folder, columns, COLUMNS, err);
    bool done = rows != NULL && write_columns(database, rows, err);
    if (rows != NULL) {
        job_tell(port, 1, rows_file(rows), strlen(rows_file(rows)));
    }
    return rows_close(rows, err) && done;
}

struct result *import_columns_open(const char *file, struct error *err)
{
    return rows_open(file, columns, COLUMNS, err);
}
