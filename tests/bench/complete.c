/* complete MESH [-r ROUNDS]: what each keystroke of a statement costs while the menu of
 * completion is open. Types statements over tables of the mesh letter by letter and
 * prints a line: the first answer, 50th and 99th percentile, maximum (milliseconds),
 * number of keystrokes, and where it took longest.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/complete.h"
#include "engine/store.h"
#include "tests/bench/numbers.h"

enum { MOST_TIMES = 20000 };

/* %1 and %2 are tables that have a column of one name, %c is that column. */
static const char *const statements[] = {
    "SELECT %c FROM %1 WHERE %c = 1 ORDER BY %c",
    "SELECT o.%c FROM %1 o JOIN %2 c ON o.%c = c.%c WHERE c.%c IS NULL",
    "WITH w AS (SELECT * FROM %1) SELECT q.%c FROM (SELECT * FROM w) q JOIN %2 USING "
    "(%c)",
    "SELECT customer_id FROM orders",
};

struct times {
    double values[MOST_TIMES], most;
    size_t count;
    char *slowest;
};

static void complete_once(struct complete *complete, const char *sql, struct times *times)
{
    struct complete_answer answer;
    double started = numbers_clock();
    complete_find(complete, sql, strlen(sql), &answer);
    double took = (numbers_clock() - started) * 1000;
    if (times->count < MOST_TIMES) {
        times->values[times->count++] = took;
    }
    if (took > times->most) {
        times->most = took;
        free(times->slowest);
        times->slowest = string_copy(sql);
    }
    complete_answer_release(&answer);
}

static char *with_names(const char *statement, char *const *names)
{
    static const char signs[] = "12c";
    struct text out = {0};
    for (; *statement != '\0'; statement++) {
        const char *sign = statement[0] == '%' ? strchr(signs, statement[1]) : NULL;
        if (sign != NULL && *sign != '\0') {
            text_append(&out, names[sign - signs]);
            statement++;
        } else {
            text_append_char(&out, *statement);
        }
    }
    return text_take(&out);
}

/* Two tables with a key of one name in common. */
static bool find_names(const struct workbench *workbench, char **names)
{
    static const char sql[] =
        "SELECT p.schema_name||'.'||t.sql_name,q.schema_name||'.'||u.sql_name,a.name "
        "FROM "
        "property a JOIN property b ON b.name=a.name AND b.object_row<>a.object_row JOIN "
        "table_of t ON t.object_row=a.object_row JOIN table_of u ON u.object_row="
        "b.object_row JOIN product p ON p.rowid=t.product_row JOIN product q ON "
        "q.rowid=u.product_row WHERE a.pk_pos=1 LIMIT 1";
    sqlite3_stmt *stmt = store_prepare(catalog_database(workbench->catalog), sql, NULL);
    bool found = stmt != NULL && store_step(stmt, NULL) == STORE_ROW;
    for (int i = 0; i < 3; i++) {
        names[i] = found ? store_text_copy(stmt, i) : string_copy("orders");
    }
    store_finish(stmt);
    return found;
}

int main(int argc, char **argv)
{
    static struct times times, first;
    struct error err = {0};
    char *names[3];
    size_t rounds =
        argc > 3 && strcmp(argv[2], "-r") == 0 ? strtoul(argv[3], NULL, 10) : 3;
    struct workbench_spec spec = {.mesh = argc > 1 ? argv[1] : NULL};
    struct workbench *workbench = argc > 1 ? workbench_new(&spec, &err) : NULL;
    if (workbench == NULL || !workbench_wait_catalog(workbench, &err)) {
        fprintf(stderr, "usage: complete MESH [-r ROUNDS]; %s\n", err.message);
        return 2;
    }
    struct complete *complete = complete_new(workbench, NULL, NULL);
    bool found = find_names(workbench, names);
    complete_once(complete, "SELECT * FROM ", &first);
    for (size_t i = 0; i < rounds * (sizeof statements / sizeof *statements); i++) {
        char *sql =
            with_names(statements[i % (sizeof statements / sizeof *statements)], names);
        for (size_t length = 1; length <= strlen(sql); length++) {
            char *typed = string_copy_bytes(sql, length);
            complete_once(complete, typed, &times);
            free(typed);
        }
        free(sql);
    }
    printf("%.2f %.2f %.2f %.2f %zu %s\n", first.most,
           numbers_quantile(times.values, times.count, 0.5),
           numbers_quantile(times.values, times.count, 0.99), times.most, times.count,
           times.slowest);
    complete_free(complete);
    workbench_free(workbench);
    for (int i = 0; i < 3; i++) {
        free(names[i]);
    }
    free(times.slowest);
    free(first.slowest);
    return found ? 0 : 1;
}
