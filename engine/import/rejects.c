/* import: the rejected rows of a database as a CSV file (RFC 4180).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import.h"

#include <csv.h>

#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

static void append_cell(struct text *out, const void *bytes, size_t length)
{
    size_t size = csv_write(NULL, 0, bytes, length);
    csv_write(text_reserve(out, size), size, bytes, length);
    text_grow(out, size);
}

bool import_write_rejects(const char *database, const char *csv_path, struct error *err)
{
    sqlite3 *db = store_open(database, STORE_READ, err);
    sqlite3_stmt *stmt =
        db != NULL ? store_prepare(
                         db,
                         "SELECT table_name, file, line, byte, \"column\", reason, raw "
                         "FROM mwb_reject ORDER BY rowid",
                         err)
                   : NULL;
    struct text out = {0};
    text_append(&out, "table,file,line,byte,column,reason,raw\r\n");
    enum store_step step = STORE_FAILED;
    while (stmt != NULL && (step = store_step(stmt, err)) == STORE_ROW) {
        for (int i = 0; i < 7; i++) {
            text_append(&out, i > 0 ? "," : "");
            const void *bytes = sqlite3_column_text(stmt, i);
            append_cell(&out, bytes != NULL ? bytes : "",
                        (size_t)sqlite3_column_bytes(stmt, i));
        }
        text_append(&out, "\r\n");
    }
    bool good = step == STORE_DONE &&
                path_write_file(csv_path, text_string(&out), out.length, 0600, err);
    store_finish(stmt);
    store_close(db);
    text_release(&out);
    return good;
}
