/* How fast a job goes and how long it still takes, as it is told.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <stdint.h>

#include "engine/job.h"
#include "tests/unit/tap.h"

enum { MIB = 1024 * 1024 };

/* Reports ten times a second between two moments, `speed` units a second. */
static void go(struct job_pace *pace, struct job_progress *progress, double from,
               double until, double speed)
{
    double start = (double)progress->done;
    for (int i = 1; from + i / 10.0 <= until + 0.001; i++) {
        progress->done = (long long)(start + speed * i / 10);
        progress->rows = progress->rows >= 0 ? progress->done / 100 : -1;
        job_pace_see(pace, progress, from + i / 10.0);
    }
}

static bool is_near(double got, double wanted, double share)
{
    return fabs(got - wanted) <= wanted * share;
}

static void tells(const struct job_pace *pace, const char *wanted, const char *name)
{
    struct text text = {0};
    job_pace_describe(pace, &text);
    is_text(text_string(&text), wanted, "%s", name);
    text_release(&text);
}

static void test_steady(void)
{
    struct job_progress progress = {.total = 100 * MIB};
    struct job_pace pace = {0};
    go(&pace, &progress, 0, 0.5, 10 * MIB);
    ok(job_pace_left(&pace) < 0, "nothing is said of the first moments");
    tells(&pace, "5.0 MiB of 100.0 MiB, 52,428 rows", "but how far it is");
    go(&pace, &progress, 0.5, 3.5, 10 * MIB);
    ok(is_near(job_pace_left(&pace), 6.5, 0.01), "6.5 s left: %f", job_pace_left(&pace));
    ok(is_near(job_pace_rows(&pace), MIB / 10, 0.01), "rows a second");
    tells(&pace, "7 s left, 35.0 MiB of 100.0 MiB, 367,001 rows, 105,000/s", "all of it");
    go(&pace, &progress, 3.5, 10, 10 * MIB);
    ok(job_pace_left(&pace) < 0, "at the end nothing is left");
}

static void test_slower(void)
{
    struct job_progress progress = {.total = 100 * MIB, .rows = -1};
    struct job_pace pace = {0};
    go(&pace, &progress, 0, 5, 10 * MIB);
    go(&pace, &progress, 5, 25, 1 * MIB);
    ok(is_near(job_pace_left(&pace), 30, 0.1), "a job that became slow takes longer: %f",
       job_pace_left(&pace));
    tells(&pace, "30 s left, 70.0 MiB of 100.0 MiB, 1.0 MiB/s",
          "without rows it tells bytes a second");
}

/* Reports that come in bursts: half of the time nothing, then twice as much. */
static void test_no_jitter(void)
{
    struct job_progress progress = {.total = 1000 * (long long)MIB, .rows = -1};
    struct job_pace pace = {0};
    double before = -1, worst = 0;
    uint64_t state = 7;
    for (int i = 1; i < 500; i++) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        progress.done += state >> 63 != 0 ? 2 * MIB : 0;
        job_pace_see(&pace, &progress, i / 10.0);
        double left = job_pace_left(&pace);
        if (i > 50 && before > 0) {
            double jump = fabs(left - before) / before;
            worst = jump > worst ? jump : worst;
        }
        before = left;
    }
    ok(worst < 0.1, "bursts move the time left by %.1f %% a report at most", worst * 100);
}

static void test_anew(void)
{
    struct job_progress progress = {.total = 10 * MIB};
    struct job_pace pace = {0};
    go(&pace, &progress, 0, 5, MIB);
    progress = (struct job_progress){.total = 20 * MIB};
    job_pace_see(&pace, &progress, 5);
    ok(job_pace_left(&pace) < 0, "the next table of a product begins anew");
    go(&pace, &progress, 5, 9, 2 * MIB);
    ok(is_near(job_pace_left(&pace), 6, 0.01), "and goes at its own speed: %f",
       job_pace_left(&pace));
}

static void test_late(void)
{
    struct job_progress progress = {.total = 100 * MIB, .rows = -1};
    struct job_pace pace = {0};
    go(&pace, &progress, 20, 22, 10 * MIB);
    ok(is_near(job_pace_left(&pace), 8, 0.01),
       "time before the first report does not count: %f", job_pace_left(&pace));
}

static void test_words(void)
{
    static const struct {
        double left;
        const char *wanted;
    } rows[] = {{59.2, "60 s left"},
                {83, "1 min 20 s left"},
                {597, "10 min 0 s left"},
                {1234, "21 min left"},
                {50000, "14 h left"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct job_progress progress = {.unit = JOB_THINGS, .rows = -1};
        struct job_pace pace = {0};
        progress.total = (long long)((rows[i].left + 10) * 1000);
        go(&pace, &progress, 0, 10, 1000);
        tells(&pace, rows[i].wanted, "coarser the further away");
    }
    struct job_progress piped = {0};
    struct job_pace pace = {0};
    go(&pace, &piped, 0, 2, 3 * MIB);
    tells(&pace, "6.0 MiB, 62,914 rows, 31,500/s", "a pipe has no end to wait for");
}

int main(void)
{
    test_steady();
    test_slower();
    test_no_jitter();
    test_anew();
    test_late();
    test_words();
    return tap_done();
}
