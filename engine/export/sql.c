/* export/sql: a script that makes the same rows in SQLite: values of their own storage
 * class, real numbers with all digits.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/export/types.h"
#include "engine/sql.h"

#include <string.h>

enum { ROWS_A_STATEMENT = 500 }; /* less than SQLite's limit of terms in VALUES */

static bool begin(struct export_run *run, struct error *err)
{
    char **types = export_types(run, err);
    if (types == NULL) {
        return false;
    }
    char **names = export_unique_names(run, true);
    export_append_facts(run, "-- ");
    text_append(&run->out, "BEGIN;\n");
    export_append_table(&run->out, run, names, types);
    text_append(&run->out, ";\n");
    export_names_release(names, run->columns);
    export_types_release(types, run->columns);
    return true;
}

/* Whole numbers that SQL would read as real ones have a form of their own. */
static void append_value(struct text *out, const struct result_cell *cell)
{
    if (cell->type == RESULT_INTEGER &&
        string_equal(cell->bytes, "-9223372036854775808")) {
        text_append(out, "(-9223372036854775807-1)");
    } else if (cell->type == RESULT_REAL && strchr(cell->bytes, 'I') != NULL) {
        text_append(out, cell->bytes[0] == '-' ? "-9e999" : "9e999");
    } else if (cell->type == RESULT_REAL) {
        export_append_real(out, cell);
    } else {
        export_append_sql(out, cell);
    }
}

static bool write_row(struct export_run *run, const struct result_page *page,
                      long long row, struct error *err)
{
    if (run->outcome->rows % ROWS_A_STATEMENT == 0) {
        text_append(&run->out,
                    run->outcome->rows > 0 ? ";\nINSERT INTO " : "INSERT INTO ");
        sql_append_name(&run->out, run->spec->table != NULL ? run->spec->table : "rows");
        text_append(&run->out, " VALUES\n(");
    } else {
        text_append(&run->out, ",\n(");
    }
    for (size_t i = 0; i < run->columns; i++) {
        const struct result_cell *cell = export_cell(run, page, row, i, err);
        if (cell == NULL) {
            return false;
        }
        text_append(&run->out, i > 0 ? ", " : "");
        append_value(&run->out, cell);
    }
    text_append_char(&run->out, ')');
    return true;
}

static bool finish(struct export_run *run, struct error *err)
{
    (void)err;
    text_append(&run->out, run->outcome->rows > 0 ? ";\nCOMMIT;\n" : "COMMIT;\n");
    return true;
}

const struct export_writer export_sql = {begin, write_row, finish, NULL};
