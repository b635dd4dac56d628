/* Fuzzing of policies: the header of comments and the slots of a template; and the answer
 * of the child that runs them, which the parent does not believe. The first byte chooses.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/sql_file.h"
#include "engine/governance/private.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void demand(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void try_answer(const char *bytes, size_t length)
{
    struct governance_report report;
    struct text packed = {0};
    if (!governance_report_unpack(bytes, length, &report)) {
        return;
    }
    governance_report_pack(&report, &packed);
    demand(packed.length > 0);
    text_release(&packed);
    governance_report_release(&report);
}

/* What is put in stays one token, whatever it holds: the text does not become SQL. */
static void try_template(const char *sql)
{
    struct error err = {0};
    sqlite3 *db = store_open(NULL, STORE_MEMORY, NULL);
    sqlite3_stmt *values =
        store_prepare(db, "SELECT 'x''; DROP' AS a,'y\"--' AS b,NULL AS c", NULL);
    demand(values != NULL && store_step(values, NULL) == STORE_ROW);
    char *expanded = each_expand(sql, values, &err);
    demand((expanded == NULL) == (err.kind != ERROR_NONE));
    free(expanded);
    store_finish(values);
    store_close(db);
}

static void try_file(const char *text)
{
    struct sql_file file;
    sql_file_parse(&file, text);
    demand(file.count <= SQL_FILE_KEYS && file.sql >= text &&
           file.sql <= text + strlen(text));
    for (int i = 0; i < file.count; i++) {
        demand(sql_header(&file, file.keys[i]) != NULL && file.lines[i] > 0);
    }
    try_template(file.sql);
    sql_file_release(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length == 0) {
        return 0;
    }
    if (bytes[0] % 2 == 0) {
        try_answer((const char *)bytes + 1, length - 1);
        return 0;
    }
    char *text = string_copy_bytes((const char *)bytes + 1, length - 1);
    try_file(text);
    free(text);
    return 0;
}
