/* result/sum: what numbers in a part of a column add up to.
 * Whole numbers are added exactly while they fit; reals with the correction of A.
 * Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen",
 * ZAMM 54 (1974).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/result/private.h"
#include "engine/store.h"

#include <math.h>

static void add_real(struct result_sum *sum, double number)
{
    double next = sum->sum + number;
    if (isfinite(next)) {
        sum->lost += fabs(sum->sum) >= fabs(number) ? (sum->sum - next) + number
                                                    : (number - next) + sum->sum;
    }
    sum->sum = next;
}

static void add_number(struct result_sum *sum, double number)
{
    sum->low = sum->numbers == 0 || number < sum->low ? number : sum->low;
    sum->high = sum->numbers == 0 || number > sum->high ? number : sum->high;
    sum->numbers++;
    add_real(sum, number);
}

static void add_cell(struct result_sum *sum, sqlite3_stmt *stmt)
{
    int type = sqlite3_column_type(stmt, 0);
    sum->cells++;
    sum->empty += type == SQLITE_NULL;
    if (type == SQLITE_INTEGER) {
        long long whole = sqlite3_column_int64(stmt, 0);
        sum->is_broken =
            sum->is_broken || __builtin_add_overflow(sum->whole, whole, &sum->whole);
        add_number(sum, (double)whole);
    } else if (type == SQLITE_FLOAT) {
        sum->is_broken = true;
        add_number(sum, sqlite3_column_double(stmt, 0));
    }
}

bool result_add(struct result *result, long long first, long long count, size_t column,
                struct result_sum *sum, struct error *err)
{
    sqlite3_stmt *stmt = result_prepare(result, (int)column, false, err);
    int status;
    if (stmt == NULL) {
        return false;
    }
    store_bind(stmt, "ll", first + 1, first + count);
    while ((status = sqlite3_step(stmt)) == SQLITE_ROW) {
        add_cell(sum, stmt);
    }
    bool done = status == SQLITE_DONE || result_failed(result, err);
    store_finish(stmt);
    return done;
}
