/* complete/library: what the SQLite that runs has: functions, collations, pragmas. Its
 * lists are asked for; only the words beside them stand here.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/complete/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/functions.h"

/* What functions take and give, for those whose names do not say it. A function that is
 * not here is offered with the number of its arguments. In the order of the alphabet. */
struct described {
    const char *name, *arguments, *sentence;
};

static const struct described described[] = {
    {"abs", "x", "x without its sign"},
    {"avg", "x", "the mean of all that is not NULL"},
    {"ceil", "x", "the next integer that is not less"},
    {"changes", "", "rows that the last statement changed"},
    {"char", "code, ...", "the characters with these codes"},
    {"coalesce", "x, y, ...", "the first that is not NULL"},
    {"count", "x", "how many are not NULL; * counts rows"},
    {"cume_dist", "", "share of rows up to this one"},
    {"date", "time, modifier, ...", "the day, as YYYY-MM-DD"},
    {"date_add", "time, interval", "later by '1 month 2 days'"},
    {"date_diff", "unit, a, b", "how many starts of units lie between"},
    {"date_part", "unit, time", "year, month, hour ... of a time"},
    {"date_sub", "time, interval", "earlier by '1 month 2 days'"},
    {"date_trunc", "unit, time", "the start of its month, week, hour ..."},
    {"datediff", "unit, a, b", "how many starts of units lie between"},
    {"datetime", "time, modifier, ...", "the time, as YYYY-MM-DD HH:MM:SS"},
    {"dense_rank", "", "rank without gaps"},
    {"epoch", "time", "seconds since 1970"},
    {"exp", "x", "e to the power of x"},
    {"first_value", "x", "of the window's first row"},
    {"floor", "x", "the next integer that is not greater"},
    {"format", "pattern, x, ...", "like printf"},
    {"glob", "pattern, text", "does the text match * and ?"},
    {"group_concat", "x, between", "all texts in one"},
    {"hex", "x", "bytes in hexadecimal digits"},
    {"ifnull", "x, y", "x, or y where x is NULL"},
    {"iif", "condition, x, y", "x where it holds, else y"},
    {"instr", "text, part", "where the part stands, from 1; 0: nowhere"},
    {"interval_seconds", "interval", "its length in seconds"},
    {"json", "text", "JSON, checked and without blanks"},
    {"json_array", "x, ...", "a JSON array"},
    {"json_array_length", "json, path", "elements of an array"},
    {"json_extract", "json, path, ...", "what stands at '$.a[0].b'"},
    {"json_group_array", "x", "all values as a JSON array"},
    {"json_group_object", "name, x", "all pairs as a JSON object"},
    {"json_object", "name, x, ...", "a JSON object"},
    {"json_type", "json, path", "object, array, text, integer ..."},
    {"json_valid", "text", "is it JSON?"},
    {"julianday", "time, modifier, ...", "days since noon of 24 November 4714 BC"},
    {"lag", "x, rows, otherwise", "of an earlier row of the window"},
    {"last_value", "x", "of the window's last row so far"},
    {"lead", "x, rows, otherwise", "of a later row of the window"},
    {"length", "x", "characters of a text, bytes of a blob"},
    {"ln", "x", "natural logarithm"},
    {"log", "x", "logarithm to base 10"},
    {"lower", "text", "in small letters"},
    {"ltrim", "text, signs", "without blanks, or these signs, at its start"},
    {"max", "x", "the greatest; of several arguments, of them"},
    {"median", "x", "the middle value"},
    {"min", "x", "the least; of several arguments, of them"},
    {"mod", "x, y", "what is left of x / y"},
    {"mwb_cast", "type, x", "strict conversion; what cannot be fails"},
    {"mwb_try_cast", "type, x", "strict conversion; what cannot be is NULL"},
    {"nth_value", "x, n", "of the window's row n"},
    {"ntile", "n", "which of n equal parts the row is in"},
    {"nullif", "x, y", "NULL where both are equal, else x"},
    {"percent_rank", "", "rank as a share from 0 to 1"},
    {"percentile", "x, p", "p in 0 to 100, linear between neighbours"},
    {"pow", "x, y", "x to the power of y"},
    {"power", "x, y", "x to the power of y"},
    {"printf", "pattern, x, ...", "text with values in it"},
    {"quote", "x", "as a literal of SQL"},
    {"random", "", "any integer of 64 bits"},
    {"rank", "", "rank with gaps behind equal rows"},
    {"regexp", "pattern, text", "does the text match a regular expression?"},
    {"replace", "text, part, by", "with each part replaced"},
    {"round", "x, digits", "rounded, to so many decimals"},
    {"row_number", "", "number of the row in its window, from 1"},
    {"rtrim", "text, signs", "without blanks, or these signs, at its end"},
    {"sign", "x", "-1, 0 or 1"},
    {"sqrt", "x", "square root"},
    {"stddev", "x", "sample standard deviation"},
    {"strftime", "format, time, modifier, ...", "a time by %Y %m %d %H %M %S %W ..."},
    {"substr", "text, start, length", "a part; the first character is 1"},
    {"substring", "text, start, length", "a part; the first character is 1"},
    {"sum", "x", "sum; NULL where there is nothing"},
    {"time", "time, modifier, ...", "HH:MM:SS of a time"},
    {"total", "x", "sum as a number with decimals; 0.0 where there is nothing"},
    {"trim", "text, signs", "without blanks, or these signs, at both ends"},
    {"trunc", "x", "without its decimals"},
    {"typeof", "x", "null, integer, real, text, blob"},
    {"unixepoch", "time, modifier, ...", "seconds since 1970"},
    {"upper", "text", "in capitals"},
};

static int by_name(const void *left, const void *right)
{
    const struct described *a = left, *b = right;
    return strcmp(a->name, b->name);
}

static const char functions_sql[] =
    "SELECT lower(name) AS n, min(narg) FILTER (WHERE narg >= 0), max(narg), min(narg), "
    "max(type = 'a' OR (type = 'w' AND narg IN (0, 1, 2) AND name IN ('count', 'sum', "
    "'avg', 'min', 'max', 'total', 'group_concat', 'string_agg'))), min(type) = 'w' "
    "FROM pragma_function_list WHERE name GLOB '[a-zA-Z]*' AND name NOT GLOB "
    "'*[^a-zA-Z0-9_]*' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'fts%' AND "
    "name NOT LIKE 'rtree%' AND name NOT IN ('load_extension', 'match', 'like') "
    "GROUP BY n ORDER BY n";

static void take_function(struct complete *complete, sqlite3_stmt *row)
{
    struct known_function *function = array_push(&complete->functions);
    function->name = store_text_copy(row, 0);
    function->least = sqlite3_column_int(row, 1);
    function->most = sqlite3_column_int(row, 3) < 0 ? -1 : sqlite3_column_int(row, 2);
    function->is_aggregate = sqlite3_column_int(row, 4) != 0;
    function->is_window = sqlite3_column_int(row, 5) != 0 && !function->is_aggregate;
    struct described wanted = {function->name, NULL, NULL};
    const struct described *found = bsearch(
        &wanted, described, sizeof described / sizeof *described, sizeof wanted, by_name);
    if (found != NULL) {
        function->arguments = found->arguments;
        function->sentence = found->sentence;
    }
}

/* Asked for once they are wanted: a start should not wait for them. */
void library_read(struct complete *complete)
{
    if (complete->library != NULL) {
        return;
    }
    complete->functions = (struct array)ARRAY_OF(struct known_function);
    complete->library = store_open(NULL, STORE_MEMORY, NULL);
    if (complete->library == NULL) {
        return;
    }
    functions_register(complete->library);
    sqlite3_stmt *stmt = store_prepare(complete->library, functions_sql, NULL);
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        take_function(complete, stmt);
    }
    store_finish(stmt);
}

void library_release(struct complete *complete)
{
    for (size_t i = 0; i < complete->functions.count; i++) {
        free(((struct known_function *)array_at(&complete->functions, i))->name);
    }
    array_release(&complete->functions);
    store_close(complete->library);
    complete->library = NULL;
}

static char *detail_of(const struct known_function *function)
{
    struct text out = {0};
    text_append(&out, function->is_window      ? "window function"
                      : function->is_aggregate ? "aggregate"
                                               : "function");
    if (function->arguments != NULL) {
        text_printf(&out, ": %s(%s)", function->name, function->arguments);
    } else if (function->most < 0) {
        text_append(&out, " of any number of arguments");
    } else if (function->least == function->most) {
        text_append(&out, " of ");
        text_append_count(&out, function->most, "argument");
    } else {
        text_printf(&out, " of %d to %d arguments", function->least, function->most);
    }
    return text_take(&out);
}

void seek_functions(struct search *search, int weight)
{
    const struct array *functions = &search->complete->functions;
    for (size_t i = 0; i < functions->count; i++) {
        const struct known_function *function = array_at(functions, i);
        /* What people call most comes before what only sounds like it. */
        bool usual = function->arguments != NULL;
        seek_offer(search, (struct offer){
                               .kind = COMPLETE_FUNCTION,
                               .weight = weight,
                               .name = function->name,
                               .text = string_printf(function->most == 0 ? "%s()" : "%s(",
                                                     function->name),
                               .detail = detail_of(function),
                               .description = function->sentence,
                               .use = usual ? 0.5 : 0,
                               .worst = COMPLETE_INITIALS,
                           });
    }
}

void seek_library(struct search *search, const char *sql, const char *what)
{
    sqlite3 *db = search->complete->library;
    sqlite3_stmt *stmt = db != NULL ? store_prepare(db, sql, NULL) : NULL;
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        seek_offer(search, (struct offer){
                               .kind = COMPLETE_KEYWORD,
                               .name = store_text(stmt, 0),
                               .text = store_text_copy(stmt, 0),
                               .detail = string_copy(what),
                           });
    }
    store_finish(stmt);
}
