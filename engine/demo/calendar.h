/* calendar: the two years of trade, their seasons and campaigns.
 *
 * Day 0 is 2024-10-01, the last day is 2026-09-30; days before and a few after can be
 * named too (accounts are older, promises reach further). An instant is seconds since the
 * start of day 0, UTC, and may be negative. Weights are per mille, 1000 is an ordinary
 * day.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_DEMO_CALENDAR_H
#define MWB_DEMO_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

enum {
    CALENDAR_DAYS = 730,
    CALENDAR_MONTHS = 24,
    CALENDAR_BEFORE = 1500, /* days before day 0 that have a text */
    CALENDAR_AFTER = 90,
    CALENDAR_DATE_SIZE = 10, /* 2024-10-01, no NUL */
    DAY_SECONDS = 86400,
    CALENDAR_END = CALENDAR_DAYS * DAY_SECONDS, /* first instant after the data */
};

struct campaign {
    const char *name;
    const char *first; /* as text, for the eye */
    const char *last;
    int discount_percent;
    int free_shipping_from_cents;
    int visits_per_mille; /* how many more visits it brings */
    int buying_per_mille; /* how much readier visitors are to buy */
    bool black_week;
};

struct calendar {
    char date[CALENDAR_BEFORE + CALENDAR_DAYS + CALENDAR_AFTER][CALENDAR_DATE_SIZE];
    int8_t month[CALENDAR_DAYS];    /* 0 .. 23 */
    int8_t campaign[CALENDAR_DAYS]; /* index, or -1 */
};

void calendar_init(struct calendar *calendar);

/* The text of a day, CALENDAR_DATE_SIZE bytes without a NUL. */
const char *calendar_date(const struct calendar *calendar, int day);
/* The day of an ISO date such as "2025-11-24". */
int calendar_day_of(const char *date);
/* 0 is Monday. */
int calendar_weekday(int day);
/* The campaign of the day, or NULL. */
const struct campaign *calendar_campaign(const struct calendar *calendar, int day);
/* The day an instant falls on; right for negative instants too. */
int calendar_day_of_instant(int32_t instant);
/* How many visits the day brings compared with an ordinary one at the start. */
int calendar_traffic(const struct calendar *calendar, int day);
/* How much of the year's demand for a category (0 .. 7) falls into this month. */
int calendar_demand(const struct calendar *calendar, int day, int category);
/* The second of the day at a share (0 .. 65535) of its visits; never past 23:30. */
int calendar_second_at(uint32_t share);

#endif
