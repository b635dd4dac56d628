/* confine/guard: SQLite asks here before it compiles what a statement of others does.
 * Only reading is let through, of the databases named, with functions of a list; every
 * column that is read is noted. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/confine/private.h"

#include <stdlib.h>

/* ---- Functions ---- */

/* Sorted: bisected. What is missing here loads, writes, tells about the program, or makes
 * large values of nothing (zeroblob, randomblob). */
static const char *const functions[] = {
    "->",
    "->>",
    "abs",
    "acos",
    "acosh",
    "asin",
    "asinh",
    "atan",
    "atan2",
    "atanh",
    "avg",
    "bm25",
    "ceil",
    "ceiling",
    "char",
    "coalesce",
    "concat",
    "concat_ws",
    "cos",
    "cosh",
    "count",
    "cume_dist",
    "current_date",
    "current_time",
    "current_timestamp",
    "date",
    "date_add",
    "date_diff",
    "date_part",
    "date_sub",
    "date_trunc",
    "datediff",
    "datetime",
    "degrees",
    "dense_rank",
    "epoch",
    "exp",
    "first_value",
    "floor",
    "format",
    "glob",
    "group_concat",
    "hex",
    "highlight",
    "if",
    "ifnull",
    "iif",
    "instr",
    "interval_seconds",
    "json",
    "json_array",
    "json_array_length",
    "json_error_position",
    "json_extract",
    "json_group_array",
    "json_group_object",
    "json_insert",
    "json_object",
    "json_patch",
    "json_pretty",
    "json_quote",
    "json_remove",
    "json_replace",
    "json_set",
    "json_type",
    "json_valid",
    "julianday",
    "lag",
    "last_value",
    "lead",
    "length",
    "like",
    "likelihood",
    "likely",
    "ln",
    "log",
    "log10",
    "log2",
    "lower",
    "ltrim",
    "luhn",
    "match",
    "max",
    "median",
    "min",
    "mod",
    "nth_value",
    "ntile",
    "nullif",
    "octet_length",
    "percent_rank",
    "percentile",
    "percentile_cont",
    "percentile_disc",
    "pi",
    "pow",
    "power",
    "printf",
    "quote",
    "radians",
    "random",
    "rank",
    "regexp",
    "replace",
    "round",
    "row_number",
    "rtrim",
    "sign",
    "sin",
    "sinh",
    "snippet",
    "soundex",
    "sqrt",
    "stddev",
    "strftime",
    "string_agg",
    "substr",
    "substring",
    "sum",
    "tan",
    "tanh",
    "time",
    "timediff",
    "total",
    "trim",
    "trunc",
    "typeof",
    "unhex",
    "unicode",
    "unixepoch",
    "unlikely",
    "upper",
};

/* The workbench's own begin with mwb_: only it can register functions. */
static bool is_known_function(const char *name)
{
    size_t low = 0, high = sizeof functions / sizeof *functions;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = sqlite3_stricmp(functions[middle], name);
        if (order == 0) {
            return true;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return sqlite3_strnicmp(name, "mwb_", 4) == 0;
}

/* ---- Refusals ---- */

static int refuse(struct confine *confine, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static int refuse(struct confine *confine, const char *format, ...)
{
    if (confine->refusal.length == 0) {
        va_list args;
        va_start(args, format);
        text_vprintf(&confine->refusal, format, args);
        va_end(args);
    }
    return SQLITE_DENY;
}

/* ---- Tables ---- */

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (sqlite3_stricmp(name, *names) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_database(const struct confine *confine, const char *name)
{
    for (size_t i = 0; i < confine->databases.count; i++) {
        if (sqlite3_stricmp(*(char **)array_at(&confine->databases, i), name) == 0) {
            return true;
        }
    }
    return confine->databases.count == 0;
}

/* Main and temp are in transactions of table-valued functions and of views as well. */
const char *confine_hidden_by_opcode(const struct confine *confine, sqlite3_stmt *row)
{
    enum { OPCODE = 1, P1, P2, P3, FIRST_ATTACHED = 2 };
    const char *opcode = (const char *)sqlite3_column_text(row, OPCODE);
    bool opens = string_equal(opcode, "OpenRead") || string_equal(opcode, "ReopenIdx");
    bool uses = string_equal(opcode, "Transaction");
    int number = sqlite3_column_int(row, opens ? P3 : P1);
    if ((!opens && !uses) || (uses && number < FIRST_ATTACHED)) {
        return NULL;
    }
    const char *name = sqlite3_db_name(confine->db, number);
    return name == NULL || is_database(confine, name) ? NULL : name;
}

/* Table-valued functions pass for tables of main. */
static bool is_harmless_function_table(const char *name)
{
    static const char *const names[] = {"json_each", "json_tree", "pragma_table_info",
                                        "pragma_table_xinfo", NULL};
    return is_one_of(name, names);
}

static bool is_harmful_table(const char *name)
{
    static const char *const names[] = {"dbstat",
                                        "sqlite_dbpage",
                                        "sqlite_stmt",
                                        "sqlite_dbdata",
                                        "sqlite_dbptr",
                                        "sqlite_memstat",
                                        "bytecode",
                                        "tables_used",
                                        "fsdir",
                                        "zipfile",
                                        "generate_series",
                                        "completion",
                                        NULL};
    return is_one_of(name, names) || sqlite3_strnicmp(name, "pragma_", 7) == 0;
}

void confine_forget_reads(struct confine *confine)
{
    for (size_t i = 0; i < confine->reads.count; i++) {
        struct confine_read *read = array_at(&confine->reads, i);
        free(read->database);
        free(read->table);
        free(read->column);
    }
    array_clear(&confine->reads);
}

static void note_read(struct confine *confine, const char *database, const char *table,
                      const char *column)
{
    for (size_t i = 0; i < confine->reads.count; i++) {
        const struct confine_read *read = array_at(&confine->reads, i);
        if (string_equal(read->column, column) && string_equal(read->table, table) &&
            string_equal(read->database, database)) {
            return;
        }
    }
    *(struct confine_read *)array_push(&confine->reads) = (struct confine_read){
        string_copy(database), string_copy(table), string_copy(column)};
}

struct question {
    const char *first, *second, *database;
};

/* Where SQLite finds a bare name: temp, main, then what is attached, in that order. NULL:
 * nowhere, it is the name of a common table expression. */
static const char *database_of(sqlite3 *db, const char *table)
{
    enum { MAIN, TEMP };
    static const int first[] = {TEMP, MAIN};
    for (int i = 0;; i++) {
        const char *name = sqlite3_db_name(db, i < 2 ? first[i] : i);
        if (name == NULL) {
            return NULL;
        }
        if (sqlite3_table_column_metadata(db, name, table, NULL, NULL, NULL, NULL, NULL,
                                          NULL) == SQLITE_OK) {
            return name;
        }
    }
}

static int read_from(struct confine *confine, const char *database,
                     const struct question *question)
{
    bool in_main = sqlite3_stricmp(database, "main") == 0;
    if (in_main && is_harmful_table(question->first)) {
        return refuse(confine,
                      "it reads %s, which is not data but the inside of files or of the "
                      "program",
                      question->first);
    }
    if (!is_database(confine, database)) {
        return refuse(confine, "it reads %s.%s, which is not among what it may read",
                      database, question->first);
    }
    if (confine->preparing) {
        note_read(confine, database, question->first,
                  question->second != NULL ? question->second : "");
    }
    return SQLITE_OK;
}

/* SQLite declares a virtual table, also a table-valued function, by a statement over its
 * schema that it never runs. */
static bool is_declaration(const struct question *question)
{
    static const char *const schemas[] = {"sqlite_master", "sqlite_schema", NULL};
    return question->first != NULL && is_one_of(question->first, schemas);
}

/* A table of which no column is read, as by count(*), comes as it is written: without its
 * database when that is not written. So do common table expressions; one with the name of
 * a table that must not be read is refused with it. */
static int read_column(struct confine *confine, const struct question *question)
{
    const char *database = question->database, *table = question->first;
    if (table == NULL) {
        return SQLITE_OK;
    }
    bool in_main = database == NULL || sqlite3_stricmp(database, "main") == 0;
    bool is_rowid = sqlite3_stricmp(question->second, "ROWID") == 0;
    if ((in_main && is_harmless_function_table(table)) ||
        (database != NULL && is_rowid && is_declaration(question))) {
        return SQLITE_OK;
    }
    if (database == NULL) {
        database = is_harmful_table(table) ? "main" : database_of(confine->db, table);
    }
    return database == NULL ? SQLITE_OK : read_from(confine, database, question);
}

/* A real change of a schema makes a statement that does not only read, and so it is
 * refused after it is compiled. */
static int change_rows(struct confine *confine, const struct question *question)
{
    return is_declaration(question) ? SQLITE_OK
                                    : refuse(confine, "it changes rows; only reading is "
                                                      "allowed");
}

/* ---- Everything else ---- */

static int call_function(struct confine *confine, const struct question *question)
{
    if (is_known_function(question->second)) {
        return SQLITE_OK;
    }
    return refuse(confine,
                  "it calls the function %s, which is not among those allowed "
                  "for rules and policies",
                  question->second);
}

/* PRAGMA never stands in a statement of others; but table-valued functions and full-text
 * tables ask SQLite with it while they run. */
static int use_pragma(struct confine *confine, const struct question *question)
{
    static const char *const inner[] = {"table_info", "table_xinfo", "data_version",
                                        NULL};
    if (!confine->preparing && is_one_of(question->first, inner) &&
        (question->database == NULL || is_database(confine, question->database))) {
        return SQLITE_OK;
    }
    return refuse(confine, "it uses PRAGMA %s; only reading of data is allowed",
                  question->first);
}

static int allow(struct confine *confine, const struct question *question)
{
    (void)confine;
    (void)question;
    return SQLITE_OK;
}

static const struct {
    int action;
    int (*judge)(struct confine *confine, const struct question *question);
} judges[] = {
    {SQLITE_SELECT, allow},      {SQLITE_RECURSIVE, allow},
    {SQLITE_READ, read_column},  {SQLITE_FUNCTION, call_function},
    {SQLITE_PRAGMA, use_pragma}, {SQLITE_UPDATE, change_rows},
};

static const struct {
    int action;
    const char *words;
} deeds[] = {
    {SQLITE_ATTACH, "attaches a database"},
    {SQLITE_DETACH, "detaches a database"},
    {SQLITE_TRANSACTION, "begins or ends a transaction"},
    {SQLITE_SAVEPOINT, "sets a savepoint"},
    {SQLITE_INSERT, "inserts rows"},
    {SQLITE_DELETE, "deletes rows"},
    {SQLITE_CREATE_VTABLE, "makes a virtual table"},
    {SQLITE_ANALYZE, "analyses tables, which writes"},
    {SQLITE_REINDEX, "builds indexes"},
};

static int authorize(void *owner, int action, const char *first, const char *second,
                     const char *database, const char *inside)
{
    struct confine *confine = owner;
    struct question question = {first, second, database};
    (void)inside; /* a CTE can take the name of any view: it proves nothing */
    if (confine->trusted) {
        return SQLITE_OK;
    }
    for (size_t i = 0; i < sizeof judges / sizeof *judges; i++) {
        if (judges[i].action == action) {
            return judges[i].judge(confine, &question);
        }
    }
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        if (deeds[i].action == action) {
            return refuse(confine, "it %s; only reading is allowed", deeds[i].words);
        }
    }
    return refuse(confine, "it changes the schema; only reading is allowed");
}

void confine_guard_set(struct confine *confine)
{
    sqlite3_set_authorizer(confine->db, authorize, confine);
}
