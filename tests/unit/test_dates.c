/* dates: formats of contracts to ISO 8601, and what is no date.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine/import/dates.h"
#include "tests/unit/tap.h"

static const struct {
    enum dates_kind kind;
    const char *format, *text;
    const char *made; /* "": it stays as it is; NULL: it is none */
} cases[] = {
    {DATES_DATE, NULL, "2026-02-28", ""},
    {DATES_DATE, NULL, "2026-02-29", NULL},
    {DATES_DATE, NULL, "2024-02-29", ""},
    {DATES_DATE, NULL, "1900-02-29", NULL},
    {DATES_DATE, NULL, "2026-1-2", NULL},
    {DATES_DATE, NULL, "2026-01-02 ", NULL},
    {DATES_DATE, NULL, "", NULL},
    {DATES_TIME, NULL, "23:59:60", ""},
    {DATES_TIME, NULL, "24:00", ""},
    {DATES_TIME, NULL, "25:00", NULL},
    {DATES_TIME, NULL, "12:30:15.123456789012", ""},
    {DATES_TIME, NULL, "12:30:", NULL},
    {DATES_TIMESTAMP, NULL, "2026-01-02T03:04:05Z", ""},
    {DATES_TIMESTAMP, NULL, "2026-01-02 03:04:05", ""},
    {DATES_TIMESTAMP, NULL, "2026-01-02T03:04:05z", "2026-01-02T03:04:05Z"},
    {DATES_TIMESTAMP, NULL, "2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05Z"},
    {DATES_TIMESTAMP, NULL, "2026-01-01T01:00:00.250+0200", "2025-12-31T23:00:00.250Z"},
    {DATES_TIMESTAMP, NULL, "2024-02-28 23:30-01", "2024-02-29T00:30Z"},
    {DATES_TIMESTAMP, NULL, "2025-12-31T23:30-01:00", "2026-01-01T00:30Z"},
    {DATES_TIMESTAMP, NULL, "2026-01-02", NULL},
    {DATES_TIMESTAMP, NULL, "2026-01-02T03:04:05+99:00", NULL},
    {DATES_DATE, "%d/%m/%Y", "31/12/2025", "2025-12-31"},
    {DATES_DATE, "%d/%m/%Y", "12/31/2025", NULL},
    {DATES_DATE, "fmt:%d.%m.%y", "1.2.69", "1969-02-01"},
    {DATES_DATE, "%d.%m.%y", "01.02.68", "2068-02-01"},
    {DATES_DATE, "%b %e, %Y", "may 5, 2026", "2026-05-05"},
    {DATES_DATE, "%d %B %Y", "05 September 2026", "2026-09-05"},
    {DATES_DATE, "%Y%%%j", "2024%366", "2024-12-31"},
    {DATES_DATE, "%Y%%%j", "2023%366", NULL},
    {DATES_TIME, "%I:%M %p", "12:05 AM", "00:05"},
    {DATES_TIME, "%I:%M %p", "12:05 pm", "12:05"},
    {DATES_TIMESTAMP, "%Y%m%d", "20261123", "2026-11-23"},
    {DATES_TIMESTAMP, "%d.%m.%Y %H:%M:%S", "23.11.2026 08:09:10", "2026-11-23T08:09:10"},
    {DATES_TIMESTAMP, "%F %T", "2026-11-23 08:09:10+01:00", "2026-11-23T07:09:10Z"},
    {DATES_DATE, "dd/MM/yyyy", "31/12/2025", "2025-12-31"},
    {DATES_DATE, "d.M.yy", "1.2.26", "2026-02-01"},
    {DATES_DATE, "dd-MMM-yyyy", "05-Mar-2026", "2026-03-05"},
    {DATES_DATE, "d MMMM uuuu", "5 March 2026", "2026-03-05"},
    {DATES_TIMESTAMP, "yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "2026-01-02T03:04:05.678+01:00",
     "2026-01-02T02:04:05.678Z"},
    {DATES_TIMESTAMP, "yyyy-MM-dd HH 'o''clock'", "2026-01-02 03 o'clock",
     "2026-01-02T03:00"},
    {DATES_DATE, "yyyy-MM-dd", "2026-01-02", "2026-01-02"},
    {DATES_DATE, "yyyyMMdd", "2026010", NULL},
    {DATES_DATE, "yyyyMMdd", "202601022", NULL},
};

int main(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[DATES_MOST] = "";
        size_t made = 0;
        bool is = dates_read(cases[i].kind, cases[i].format, cases[i].text,
                             strlen(cases[i].text), out, &made);
        out[made] = '\0';
        ok(is == (cases[i].made != NULL), "'%s' by %s is %s", cases[i].text,
           cases[i].format != NULL ? cases[i].format : "ISO 8601",
           cases[i].made != NULL ? "one" : "none");
        if (is && cases[i].made != NULL) {
            is_text(out, cases[i].made, "'%s' becomes '%s'", cases[i].text,
                    cases[i].made);
        }
    }
    ok(!dates_follows("any") && !dates_follows("%Q") && !dates_follows("yyyy ww"),
       "formats with letters that mean something else are not followed");
    ok(dates_follows("%d/%m/%Y") && dates_follows("yyyy-MM-dd'T'HH:mm:ssXXX"),
       "usual formats are");
    return tap_done();
}
