/* rows COUNT [TOTALS]: a table of orders as CSV on standard output, the same for the same
 * count on every machine: ids, instants, customer, article, status, quantity, price,
 * currency, channel, country. TOTALS gets one line: rows, sum of quantity, sum of price
 * in cents, to check what an import made of it. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct totals {
    uint64_t rows, quantity, cents;
};

/* SplitMix64 (Steele, Lea, Flood 2014): a number per row, whatever the order. */
static uint64_t mix(uint64_t seed)
{
    uint64_t z = seed * UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static void write_row(uint64_t row, struct totals *totals)
{
    static const char *const states[] = {"delivered", "shipped", "paid", "cancelled"};
    static const char *const channels[] = {"web", "app", "store", "phone"};
    static const char *const countries[] = {"DE", "AT", "CH", "FR", "NL",
                                            "PL", "IT", "ES", "BE", "DK"};
    uint64_t random = mix(row + 1);
    unsigned quantity = 1 + (unsigned)(random & 7);
    unsigned cents = 99 + (unsigned)((random >> 3) % 49900);
    time_t at = (time_t)(INT64_C(1727740800) + (int64_t)(row / 4));
    struct tm when;
    char instant[32];
    gmtime_r(&at, &when);
    strftime(instant, sizeof instant, "%Y-%m-%dT%H:%M:%SZ", &when);
    printf("%" PRIu64 ",%s,C%07u,A%06u,%s,%u,%u.%02u,EUR,%s,%s\n", row + 1, instant,
           (unsigned)((random >> 8) % 1000000), (unsigned)((random >> 28) % 100000),
           states[(random >> 45) & 3], quantity, cents / 100, cents % 100,
           channels[(random >> 47) & 3], countries[(random >> 49) % 10]);
    totals->rows++;
    totals->quantity += quantity;
    totals->cents += cents;
}

static int write_totals(const char *path, const struct totals *totals)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        perror(path);
        return 1;
    }
    fprintf(file, "%" PRIu64 "|%" PRIu64 "|%" PRIu64 "\n", totals->rows, totals->quantity,
            totals->cents);
    return fclose(file) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
    struct totals totals = {0};
    if (count == 0) {
        fputs("usage: rows COUNT [TOTALS]\n", stderr);
        return 2;
    }
    puts("order_id,ordered_at,customer,article,status,quantity,price,currency,channel,"
         "country");
    for (uint64_t row = 0; row < count; row++) {
        write_row(row, &totals);
    }
    if (fflush(stdout) != 0) {
        perror("rows");
        return 1;
    }
    return argc > 2 ? write_totals(argv[2], &totals) : 0;
}
