/* ledger COUNT: what telling the ledger of a statement costs. Tells of COUNT statements
 * that read ten columns each while a child folds what was told again and again, and
 * prints the 50th and 99th percentile and the maximum of one telling (milliseconds), and
 * how many statements the ledger has in the end. XDG_DATA_HOME says where.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/ledger.h"
#include "engine/store.h"
#include "tests/bench/numbers.h"

enum { COLUMNS = 10, MOST_COUNT = 1000000 };

static void tell(int number)
{
    static const char *const names[COLUMNS] = {
        "order_id", "customer_id", "status",   "order_timestamp", "total_cents",
        "fee",      "option",      "currency", "session_id",      "channel"};
    struct ledger_reading readings[COLUMNS];
    char sql[128];
    for (int i = 0; i < COLUMNS; i++) {
        readings[i] = (struct ledger_reading){"checkout/orders", "orders", names[i]};
    }
    snprintf(sql, sizeof sql, "SELECT * FROM orders.orders WHERE session_id = %d",
             number);
    const struct ledger_use use = {.mesh = "/srv/mesh",
                                   .team = "Team Checkout",
                                   .sql = sql,
                                   .outcome = "done",
                                   .rows = number,
                                   .readings = readings,
                                   .reading_count = COLUMNS};
    struct error err = {0};
    if (!ledger_add_use(&use, &err)) {
        fprintf(stderr, "%s\n", err.message);
        exit(EXIT_FAILURE);
    }
}

static pid_t start_folding(void)
{
    pid_t child = fork();
    while (child == 0) {
        ledger_settle(NULL);
    }
    return child;
}

static long long count_statements(void)
{
    char *path = ledger_ready(NULL);
    sqlite3 *db = path != NULL ? store_open(path, STORE_READ, NULL) : NULL;
    long long count =
        db != NULL ? store_number(db, -1, "SELECT count(*) FROM statement", "") : -1;
    store_close(db);
    free(path);
    return count;
}

int main(int argc, char **argv)
{
    int count = argc > 1 ? atoi(argv[1]) : 0;
    if (count <= 0 || count > MOST_COUNT) {
        fprintf(stderr, "usage: ledger COUNT\n");
        return 2;
    }
    double *times = malloc((size_t)count * sizeof *times);
    double most = 0;
    pid_t folding = start_folding();
    for (int i = 0; i < count; i++) {
        double started = numbers_clock();
        tell(i);
        times[i] = (numbers_clock() - started) * 1000;
        most = times[i] > most ? times[i] : most;
    }
    kill(folding, SIGKILL);
    waitpid(folding, NULL, 0);
    double half = numbers_quantile(times, (size_t)count, 0.5);
    double nearly = numbers_quantile(times, (size_t)count, 0.99);
    printf("%.3f %.3f %.3f %lld\n", half, nearly, most, count_statements());
    free(times);
    return 0;
}
