/* session/explain_plain: what SQLite says, in the words of people who write queries, with
 * what to do. Messages that need the tables of the statement are explain.c's.
 *
 * Source: the messages of SQLite 3.40 to 3.46 (sqlite.org/src).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/session/explain.h"

#include <stdlib.h>
#include <string.h>

enum { PARTS = 3 };

/* `*` of a message is a part of it, $1 to $3 of the sentence name the parts. */
static const struct saying {
    const char *message, *sentence;
} sayings[] = {
    {"misuse of aggregate function *()",
     "$1() cannot stand here: conditions on groups stand in HAVING, and an aggregate of "
     "an aggregate needs a subquery"},
    {"misuse of aggregate: *()",
     "$1() cannot stand here: conditions on groups stand in HAVING, and an aggregate of "
     "an aggregate needs a subquery"},
    {"misuse of window function *()",
     "the window function $1() stands only behind SELECT and ORDER BY: put it into a "
     "subquery and filter around it"},
    {"misuse of aliased aggregate *",
     "$1 is the name of an aggregate: conditions on groups stand in HAVING"},
    {"misuse of aliased window function *",
     "$1 is the name of a window function: put it into a subquery and filter around it"},
    {"HAVING clause on a non-aggregate query",
     "HAVING filters groups, and there are none: write WHERE, or GROUP BY before it"},
    {"a GROUP BY clause is required before HAVING",
     "HAVING filters groups, and there are none: write WHERE, or GROUP BY before it"},
    {"SELECTs to the left and right of * do not have the same number of result columns",
     "the SELECTs before and behind $1 have to have as many columns"},
    {"sub-select returns * columns - expected *",
     "a subquery gives $1 columns where $2 can stand"},
    {"row value misused",
     "several values in parentheses stand where one is wanted; IN (...) wants the list "
     "behind it"},
    {"no tables specified", "* stands for the columns of tables, and FROM is missing"},
    {"no such collation sequence: *",
     "there is no collation $1; there are BINARY, NOCASE and RTRIM"},
    {"* ORDER BY term out of range - should be between 1 and *",
     "the $1 term of ORDER BY is the number of a column that there is not: the result "
     "has "
     "columns 1 to $2"},
    {"* GROUP BY term out of range - should be between 1 and *",
     "the $1 term of GROUP BY is the number of a column that there is not: the result "
     "has "
     "columns 1 to $2"},
    {"* ORDER BY term does not match any column in the result set",
     "the $1 term of ORDER BY is none of the result's columns, which it has to be behind "
     "UNION, INTERSECT and EXCEPT: use the name of a column of the first SELECT"},
    {"table * has * columns but * values were supplied",
     "the table $1 has $2 columns and the row $3: name the columns, as in INSERT "
     "INTO "
     "$1 (a, b) ..."},
    {"* values for * columns", "$1 values are given for $2 columns"},
    {"all VALUES must have the same number of terms",
     "the rows behind VALUES do not all have as many values"},
    {"table * has * values for * columns",
     "$1 is declared with $3 columns, and its SELECT gives $2"},
    {"cannot join using column * - column not present in both tables",
     "USING ($1) needs the column $1 in both tables; write ON with the names that they "
     "have"},
    {"a NATURAL join may not have an ON or USING clause",
     "NATURAL JOIN takes the columns of the same name; leave out NATURAL or the "
     "condition"},
    {"a JOIN clause is required before ON",
     "ON belongs to a JOIN, and there is none before it: write WHERE"},
    {"unknown join type: *",
     "there is no $1 JOIN; there are JOIN, LEFT, RIGHT, FULL and CROSS JOIN"},
    {"table * already exists",
     "there is a table $1 already; take another name, or DROP TABLE $1 first"},
    {"there is already a table named *",
     "there is a table $1 already; take another name"},
    {"view * already exists",
     "there is a view $1 already; take another name, or DROP VIEW $1 first"},
    {"index * already exists", "there is an index $1 already; take another name"},
    {"trigger * already exists", "there is a trigger $1 already; take another name"},
    {"no such index: *", "there is no index $1 in the workspace"},
    {"no such view: *", "there is no view $1 in the workspace"},
    {"no such trigger: *", "there is no trigger $1 in the workspace"},
    {"no such savepoint: *", "there is no SAVEPOINT $1 to go back to"},
    {"no such window: *",
     "there is no window $1: WINDOW $1 AS (...) stands behind HAVING, before ORDER BY"},
    {"duplicate column name: *", "two columns are called $1"},
    {"cannot modify * because it is a view",
     "$1 is a view: change the tables that it reads"},
    {"circular reference: *", "$1 of WITH reads itself through another one"},
    {"recursive reference in a subquery: *",
     "$1 of WITH reads itself inside a subquery; it may do so once, behind FROM"},
    {"multiple recursive references: *",
     "$1 of WITH reads itself twice; it may do so once"},
    {"* clause should come after * not before",
     "$1 belongs to the whole and stands once, behind the last SELECT of $2"},
    {"cannot start a transaction within a transaction",
     "a transaction is open already; COMMIT keeps what it did, ROLLBACK undoes it"},
    {"cannot commit - no transaction is active",
     "there is no transaction to commit: without BEGIN each statement is kept at once"},
    {"cannot rollback - no transaction is active",
     "there is no transaction to undo: without BEGIN each statement is kept at once"},
    {"cannot VACUUM from within a transaction",
     "VACUUM cannot run inside a transaction; COMMIT it first"},
    {"FILTER may not be used with non-aggregate *()",
     "FILTER belongs to aggregates such as sum(), and $1() is none"},
    {"FILTER clause may only be used with aggregate window functions",
     "FILTER belongs to aggregates such as sum()"},
    {"DISTINCT is not supported for window functions",
     "DISTINCT cannot stand in a window function: take it out in a subquery first"},
    {"DISTINCT aggregates must have exactly one argument",
     "an aggregate with DISTINCT takes one value: put them together, as in "
     "count(DISTINCT a || '/' || b)"},
    {"AUTOINCREMENT is only allowed on an INTEGER PRIMARY KEY",
     "AUTOINCREMENT stands behind INTEGER PRIMARY KEY only, and is seldom needed: such a "
     "key counts up by itself"},
    {"integer overflow", "a sum became larger than 9,223,372,036,854,775,807; total(x) "
                         "adds as numbers with a "
                         "fraction"},
    {"malformed JSON*",
     "a value is no JSON; json_valid(x) tells which are, as in WHERE json_valid(x)"},
    {"bad JSON path: *", "$1 is no path into JSON; a path looks like $.name[0]"},
    {"LIKE or GLOB pattern too complex", "a pattern of LIKE is longer than 50,000 bytes"},
    {"Expression tree is too large (maximum depth *)",
     "an expression is nested more than $1 deep; a list for IN, or a table of one's own "
     "joined to it, does not nest"},
    {"at most * tables in a join", "a join can be of $1 tables; join some in a subquery"},
    {"parser stack overflow", "the statement is nested too deeply to be understood"},
    {"UNIQUE constraint failed: *",
     "a row with the same $1 is there already, and it has to be unique"},
    {"NOT NULL constraint failed: *", "$1 would be empty, and the table demands a value"},
    {"CHECK constraint failed: *", "a row breaks the table's check $1"},
    {"FOREIGN KEY constraint failed",
     "a row would point to one that is not there (FOREIGN KEY)"},
    {"datatype mismatch",
     "a value is of another type than its column takes: an INTEGER PRIMARY KEY takes "
     "whole numbers only"},
    {"attempt to write a readonly database", "the database is open for reading only"},
    {"table * may not be modified", "$1 is of SQLite itself and cannot be changed"},
    {"too many terms in compound SELECT",
     "more than 500 SELECTs are joined by UNION; put the values into a table"},
};

struct part {
    const char *start;
    size_t length;
};

/* Does the message read so? Its parts go where the stars are. */
static bool fits(const char *pattern, const char *message, struct part parts[PARTS])
{
    size_t part = 0;
    while (*pattern != '\0') {
        if (*pattern != '*') {
            if (*pattern++ != *message++) {
                return false;
            }
            continue;
        }
        size_t literal = strcspn(++pattern, "*");
        char *next = string_copy_bytes(pattern, literal);
        const char *end = literal > 0 ? strstr(message, next) : message + strlen(message);
        free(next);
        if (end == NULL || part == PARTS) {
            return false;
        }
        parts[part++] = (struct part){message, (size_t)(end - message)};
        message = end;
    }
    return *message == '\0';
}

static void append_sentence(struct text *out, const char *sentence,
                            const struct part parts[PARTS])
{
    for (; *sentence != '\0'; sentence++) {
        if (sentence[0] == '$' && sentence[1] >= '1' && sentence[1] <= '0' + PARTS) {
            const struct part *part = &parts[*++sentence - '1'];
            text_append_bytes(out, part->start, part->length < 200 ? part->length : 200);
        } else {
            text_append_char(out, *sentence);
        }
    }
}

bool explain_message(const char *message, struct text *out)
{
    for (size_t i = 0; i < sizeof sayings / sizeof *sayings; i++) {
        struct part parts[PARTS] = {0};
        if (fits(sayings[i].message, message, parts)) {
            append_sentence(out, sayings[i].sentence, parts);
            return true;
        }
    }
    return false;
}

/* ---- Functions of other databases ---- */

static const struct foreign {
    const char *function, *here;
} foreigners[] = {
    {"now", "datetime('now')"},
    {"getdate", "datetime('now')"},
    {"sysdate", "datetime('now')"},
    {"curdate", "date('now')"},
    {"today", "date('now')"},
    {"year", "date_part('year', x)"},
    {"month", "date_part('month', x)"},
    {"day", "date_part('day', x)"},
    {"hour", "date_part('hour', x)"},
    {"weekday", "date_part('isodow', x)"},
    {"to_char", "strftime('%Y-%m', x)"},
    {"date_format", "strftime('%Y-%m', x)"},
    {"to_date", "date(x)"},
    {"nvl", "ifnull(x, y)"},
    {"isnull", "x IS NULL, or ifnull(x, y)"},
    {"len", "length(x)"},
    {"char_length", "length(x)"},
    {"left", "substr(x, 1, n)"},
    {"right", "substr(x, -n)"},
    {"mid", "substr(x, start, n)"},
    {"charindex", "instr(x, part)"},
    {"position", "instr(x, part)"},
    {"strpos", "instr(x, part)"},
    {"listagg", "group_concat(x, ', ')"},
    {"array_agg", "json_group_array(x)"},
    {"split_part", "substr() with instr()"},
    {"regexp_like", "x REGEXP pattern"},
    {"regexp_matches", "x REGEXP pattern"},
    {"stdev", "stddev(x)"},
    {"stddev_samp", "stddev(x)"},
    {"percentile_cont", "percentile(x, 50)"},
    {"quantile", "percentile(x, 50)"},
    {"any", "x IN (SELECT ...)"},
    {"any_value", "min(x)"},
    {"greatest", "max(x, y)"},
    {"least", "min(x, y)"},
    {"if", "iif(condition, x, y)"},
    {"decode", "CASE x WHEN ... END"},
    {"try_cast", "mwb_try_cast('integer', x)"},
    {"to_number", "CAST(x AS NUMERIC)"},
    {"to_timestamp", "datetime(x, 'unixepoch')"},
    {"from_unixtime", "datetime(x, 'unixepoch')"},
    {"unix_timestamp", "epoch(x)"},
    {"rand", "random()"},
    {"generate_series", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                        "WHERE i < 10)"},
    {"uuid", "lower(hex(randomblob(16)))"},
};

const char *explain_foreign(const char *function)
{
    for (size_t i = 0; i < sizeof foreigners / sizeof *foreigners; i++) {
        if (string_equal_fold(foreigners[i].function, function)) {
            return foreigners[i].here;
        }
    }
    return NULL;
}
