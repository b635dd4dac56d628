/* job: how fast it goes and how long it still takes.
 *
 * An exponential average over MEMORY seconds of time and of work apart, whose quotient is
 * the speed: at the start it is the plain average, without a bias to the first report.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "engine/job.h"
#include "engine/text.h"

static const double memory = 3;     /* seconds until a third is left of a report */
static const double earliest = 0.5; /* seconds before anything is told */

void job_pace_see(struct job_pace *pace, const struct job_progress *progress,
                  double seconds)
{
    /* What passed before the first report was no work of this kind. */
    if (pace->at <= 0 || progress->done < pace->last.done ||
        progress->rows < pace->last.rows) {
        *pace = (struct job_pace){.at = seconds, .last = *progress};
        return;
    }
    double passed = seconds > pace->at ? seconds - pace->at : 0;
    double kept = exp(-passed / memory);
    pace->seconds = pace->seconds * kept + passed;
    pace->done = pace->done * kept + (double)(progress->done - pace->last.done);
    if (progress->rows >= 0 && pace->last.rows >= 0) {
        pace->rows = pace->rows * kept + (double)(progress->rows - pace->last.rows);
    }
    pace->at = seconds;
    pace->last = *progress;
}

static double speed(const struct job_pace *pace, double work)
{
    return pace->seconds >= earliest && work > 0 ? work / pace->seconds : -1;
}

double job_pace_rows(const struct job_pace *pace)
{
    return speed(pace, pace->rows);
}

double job_pace_left(const struct job_pace *pace)
{
    double units = speed(pace, pace->done);
    long long left = pace->last.total - pace->last.done;
    return units > 0 && left > 0 ? (double)left / units : -1;
}

/* Coarser the further away it is: a number that changes all the time is not read. */
static void describe_left(double seconds, struct text *out)
{
    if (seconds < 60) {
        text_printf(out, "%d s left", (int)ceil(seconds));
    } else if (seconds < 600) {
        int rounded = (int)(seconds / 10 + 0.5) * 10;
        text_printf(out, "%d min %d s left", rounded / 60, rounded % 60);
    } else if (seconds < 36000) {
        text_printf(out, "%d min left", (int)(seconds / 60 + 0.5));
    } else {
        text_printf(out, "%.0f h left", seconds / 3600);
    }
}

/* 812,345 a second is 812,000. */
static long long round_speed(double value)
{
    double step = 1;
    while (value / step >= 1000) {
        step *= 10;
    }
    return (long long)(value / step + 0.5) * (long long)step;
}

static void describe_rows(const struct job_pace *pace, struct text *out)
{
    char buffer[32];
    double rows = job_pace_rows(pace);
    if (pace->last.rows > 0) {
        text_append(out, out->length > 0 ? ", " : "");
        text_append_count(out, pace->last.rows, "row");
    }
    if (rows > 0 && pace->last.rows > 0) {
        text_printf(out, ", %s/s",
                    string_of_count(round_speed(rows), buffer, sizeof buffer));
    }
}

void job_pace_describe(const struct job_pace *pace, struct text *out)
{
    const struct job_progress *last = &pace->last;
    char done[32], total[32];
    struct text told = {0};
    double left = job_pace_left(pace);
    if (left >= 0) {
        describe_left(left, &told);
    }
    if (last->unit == JOB_BYTES && last->done > 0) {
        text_printf(&told, "%s%s", told.length > 0 ? ", " : "",
                    string_of_bytes(last->done, done, sizeof done));
        if (last->total > 0) {
            text_printf(&told, " of %s",
                        string_of_bytes(last->total, total, sizeof total));
        }
    }
    if (last->unit == JOB_BYTES && last->rows <= 0 && pace->seconds > 0 &&
        pace->done > 0) {
        text_printf(
            &told, ", %s/s",
            string_of_bytes((long long)(pace->done / pace->seconds), done, sizeof done));
    }
    describe_rows(pace, &told);
    text_append(out, text_string(&told));
    text_release(&told);
}
