/* calendar: dates as text, seasons, campaigns. What people do in them is in visits.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/demo/calendar.h"

#include <stddef.h>

enum { DAY_0 = 19997, /* 2024-10-01 in days since 1970-01-01 */ CAMPAIGN_COUNT = 5 };

/* The same campaigns as in samples/mesh/marketing/campaigns, which people may read. */
static const struct campaign campaigns[CAMPAIGN_COUNT] = {
    {"black-week-2024", "2024-11-25", "2024-12-02", 20, 5000, 2100, 1550, true},
    {"summer-sale-2025", "2025-07-14", "2025-07-27", 15, 5000, 1300, 1200, false},
    {"black-week-2025", "2025-11-24", "2025-12-01", 20, 1500, 2200, 1800, true},
    {"spring-2026", "2026-03-16", "2026-03-29", 10, 5000, 1200, 1150, false},
    {"summer-sale-2026", "2026-07-13", "2026-07-26", 15, 5000, 1300, 1200, false},
};

static const int month_weight[12] = {860, 830, 900, 940,  950,  910,
                                     900, 880, 960, 1000, 1120, 1290};
static const int weekday_weight[7] = {1030, 990, 980, 1000, 940, 910, 1150};
static const int hour_weight[24] = {12, 6,  4,  3,  3,  6,  14, 26, 38, 46, 50, 52,
                                    56, 50, 46, 46, 50, 58, 70, 86, 98, 88, 60, 16};

/* Shoes Fashion Electronics Home Garden Toys Sports Books, January to December. */
static const int demand_weight[8][12] = {
    {90, 85, 120, 110, 95, 85, 80, 90, 125, 120, 110, 90},
    {80, 80, 110, 115, 110, 100, 90, 85, 115, 110, 115, 110},
    {95, 80, 80, 75, 75, 75, 80, 85, 95, 100, 160, 170},
    {105, 95, 95, 90, 85, 80, 80, 85, 95, 110, 130, 130},
    {20, 45, 150, 220, 230, 170, 120, 90, 70, 45, 20, 15},
    {60, 55, 60, 70, 65, 65, 65, 70, 75, 95, 200, 290},
    {165, 110, 95, 100, 110, 120, 115, 100, 85, 75, 80, 95},
    {95, 85, 80, 80, 80, 85, 105, 95, 90, 95, 130, 180},
};

/* Year, month (1 ..) and day of a day number since 1970-01-01, proleptic Gregorian:
 * count in eras of 400 years that begin on 1 March, so that the leap day comes last. */
static void civil_of_days(int days, int *year, int *month, int *day)
{
    int shifted = days + 719468;
    int era = shifted / 146097;
    int of_era = shifted % 146097;
    int year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int march_month = (5 * of_year + 2) / 153;
    *day = of_year - (153 * march_month + 2) / 5 + 1;
    *month = march_month < 10 ? march_month + 3 : march_month - 9;
    *year = year_of_era + era * 400 + (*month <= 2);
}

static int days_of_civil(int year, int month, int day)
{
    year -= month <= 2;
    int era = year / 400;
    int year_of_era = year % 400;
    int of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
    return era * 146097 + of_era - 719468;
}

static int number_at(const char *text, int digits)
{
    int number = 0;
    for (int i = 0; i < digits; i++) {
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

int calendar_day_of(const char *date)
{
    return days_of_civil(number_at(date, 4), number_at(date + 5, 2),
                         number_at(date + 8, 2)) -
           DAY_0;
}

static void put_number(char *out, int number, int digits)
{
    for (int i = digits - 1; i >= 0; i--) {
        out[i] = (char)('0' + number % 10);
        number /= 10;
    }
}

static void write_date(char *out, int day)
{
    int y, m, d;
    civil_of_days(DAY_0 + day, &y, &m, &d);
    put_number(out, y, 4);
    put_number(out + 5, m, 2);
    put_number(out + 8, d, 2);
    out[4] = out[7] = '-';
}

void calendar_init(struct calendar *calendar)
{
    for (int day = -CALENDAR_BEFORE; day < CALENDAR_DAYS + CALENDAR_AFTER; day++) {
        write_date(calendar->date[CALENDAR_BEFORE + day], day);
    }
    for (int day = 0; day < CALENDAR_DAYS; day++) {
        const char *date = calendar_date(calendar, day);
        calendar->month[day] =
            (int8_t)((number_at(date, 4) - 2024) * 12 + number_at(date + 5, 2) - 10);
        calendar->campaign[day] = -1;
    }
    for (int i = 0; i < CAMPAIGN_COUNT; i++) {
        int last = calendar_day_of(campaigns[i].last);
        for (int day = calendar_day_of(campaigns[i].first); day <= last; day++) {
            calendar->campaign[day] = (int8_t)i;
        }
    }
}

const char *calendar_date(const struct calendar *calendar, int day)
{
    return calendar->date[CALENDAR_BEFORE + day];
}

int calendar_weekday(int day)
{
    return (day + 1 + 7 * (CALENDAR_BEFORE / 7 + 1)) % 7; /* day 0 is a Tuesday */
}

const struct campaign *calendar_campaign(const struct calendar *calendar, int day)
{
    int index = calendar->campaign[day];
    return index < 0 ? NULL : &campaigns[index];
}

int calendar_day_of_instant(int32_t instant)
{
    int32_t shifted = instant + CALENDAR_BEFORE * DAY_SECONDS;
    return shifted / DAY_SECONDS - CALENDAR_BEFORE;
}

int calendar_traffic(const struct calendar *calendar, int day)
{
    int month = (calendar->month[day] + 9) % 12;
    int64_t weight = 1000 + 450 * day / CALENDAR_DAYS; /* the shop grows */
    weight = weight * month_weight[month] / 1000;
    weight = weight * weekday_weight[calendar_weekday(day)] / 1000;
    const struct campaign *campaign = calendar_campaign(calendar, day);
    if (campaign != NULL) {
        weight = weight * campaign->visits_per_mille / 1000;
        if (campaign->black_week && calendar_weekday(day) == 4) {
            weight = weight * 1500 / 1000;
        }
    }
    int of_month = number_at(calendar_date(calendar, day) + 8, 2);
    if (month == 11 && of_month >= 24 && of_month <= 26) {
        weight /= 2;
    }
    return (int)weight;
}

int calendar_demand(const struct calendar *calendar, int day, int category)
{
    return demand_weight[category][(calendar->month[day] + 9) % 12];
}

int calendar_second_at(uint32_t share)
{
    int total = 0;
    for (int hour = 0; hour < 24; hour++) {
        total += hour_weight[hour];
    }
    int64_t wanted = (int64_t)share * total; /* in 65536ths of a weight */
    int hour = 0;
    while (hour < 23 && wanted >= (int64_t)hour_weight[hour] * 65536) {
        wanted -= (int64_t)hour_weight[hour] * 65536;
        hour++;
    }
    int seconds = hour == 23 ? 1800 : 3600;
    return hour * 3600 + (int)(wanted * seconds / ((int64_t)hour_weight[hour] * 65536));
}
