/* quality/calendar: statements that find periods without rows.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_QUALITY_CALENDAR_H
#define MWB_QUALITY_CALENDAR_H

#include <stdbool.h>

#include "engine/text.h"

struct calendar {
    const char *schema, *table, *column;
    const char *unit; /* hour, day, week, month, quarter, year */
    int every;        /* so many of them are one period */
    bool weekdays;    /* Saturdays and Sundays do not count */
};

/* Unit and count of a period; false: it is none of the calendar (90 minutes). */
bool calendar_of_period(double seconds, struct calendar *calendar);
/* A schedule of cron that runs from Monday to Friday. */
bool calendar_is_weekdays(const char *schedule);
/* How many periods are missing, or with `rows` between which they are. */
void calendar_append(struct text *sql, const struct calendar *calendar, bool rows);

#endif
