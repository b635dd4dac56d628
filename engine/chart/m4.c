/* M4: of each narrow column of a line only the first, last, least and greatest point is
 * kept. Columns are a power of two wide and start at multiples of their width, so that
 * the grid can grow with the data: two columns become one, exactly.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart/parts.h"

#include <math.h>
#include <stdlib.h>

static const double WHOLE_MOST =
    9007199254740992.0; /* 2^53: doubles count singly up to it */

void m4_release(struct m4 *m4)
{
    for (size_t slot = 0; slot < SLOTS; slot++) {
        free(m4->columns[slot]);
    }
    *m4 = (struct m4){0};
}

double m4_column_number(const struct m4 *m4, double x)
{
    return floor(ldexp(x, -m4->exponent));
}

static size_t place_of(double number)
{
    return (size_t)((long long)number & (M4_COLUMNS - 1));
}

static void merge(struct m4_column *into, const struct m4_column *later)
{
    if (!into->used) {
        *into = *later;
        return;
    }
    into->last = later->last;
    if (later->least.y < into->least.y) {
        into->least = later->least;
    }
    if (later->greatest.y > into->greatest.y) {
        into->greatest = later->greatest;
    }
}

static void halve(struct m4 *m4)
{
    for (size_t slot = 0; slot < SLOTS; slot++) {
        struct m4_column *old = m4->columns[slot];
        if (old == NULL || !m4->any) {
            continue;
        }
        struct m4_column *coarse = memory_new_many(M4_COLUMNS, sizeof *coarse);
        for (double number = m4->first; number <= m4->last; number++) {
            const struct m4_column *column = &old[place_of(number)];
            if (column->used) {
                merge(&coarse[place_of(floor(number / 2))], column);
            }
        }
        free(old);
        m4->columns[slot] = coarse;
    }
    m4->exponent++;
    m4->first = floor(m4->first / 2);
    m4->last = floor(m4->last / 2);
}

void m4_reach(struct m4 *m4, double lo, double hi)
{
    if (!m4->any) {
        /* Start as fine as a double's own digits. */
        m4->exponent = lo != 0 || hi != 0 ? ilogb(fmax(fabs(lo), fabs(hi))) - 52 : -52;
        m4->first = m4->last = 0;
    }
    for (;;) {
        double first = m4_column_number(m4, lo);
        double last = m4_column_number(m4, hi);
        double least = m4->any ? fmin(m4->first, first) : first;
        double most = m4->any ? fmax(m4->last, last) : last;
        if (fabs(least) < WHOLE_MOST && fabs(most) < WHOLE_MOST &&
            most - least < M4_COLUMNS) {
            m4->first = least;
            m4->last = most;
            m4->any = true;
            return;
        }
        halve(m4);
    }
}

void m4_add(struct m4 *m4, size_t slot, double along, struct point point)
{
    double number = m4_column_number(m4, along);
    if (!m4->any || number < m4->first || number > m4->last) {
        m4_reach(m4, along, along);
        number = m4_column_number(m4, along);
    }
    if (m4->columns[slot] == NULL) {
        m4->columns[slot] = memory_new_many(M4_COLUMNS, sizeof *m4->columns[slot]);
    }
    struct m4_column *column = &m4->columns[slot][place_of(number)];
    if (!column->used) {
        *column = (struct m4_column){point, point, point, point, true};
        return;
    }
    if (point.x < column->first.x) {
        column->first = point;
    }
    if (point.x >= column->last.x) {
        column->last = point;
    }
    if (point.y < column->least.y) {
        column->least = point;
    }
    if (point.y > column->greatest.y) {
        column->greatest = point;
    }
}

static void push(struct array *points, struct point point)
{
    *(struct point *)array_push(points) = point;
}

static bool is_same(struct point a, struct point b)
{
    return !(a.x < b.x) && !(a.x > b.x) && !(a.y < b.y) && !(a.y > b.y);
}

static void push_between(struct array *points, struct point point,
                         const struct m4_column *column)
{
    if (!is_same(point, column->first) && !is_same(point, column->last)) {
        push(points, point);
    }
}

void m4_points(const struct m4 *m4, size_t slot, struct array *points)
{
    if (!m4->any || m4->columns[slot] == NULL) {
        return;
    }
    for (double number = m4->first; number <= m4->last; number++) {
        const struct m4_column *column = &m4->columns[slot][place_of(number)];
        if (!column->used) {
            continue;
        }
        bool least_first = column->least.x <= column->greatest.x;
        push(points, column->first);
        push_between(points, least_first ? column->least : column->greatest, column);
        push_between(points, least_first ? column->greatest : column->least, column);
        if (!is_same(column->last, column->first)) {
            push(points, column->last);
        }
    }
}
