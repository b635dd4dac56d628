/* paint: how fast a program on the full screen answers, seen from the terminal.
 *
 *   paint [-s COLSxROWS] [-n RUNS] [-p] -- PROGRAM [ARG...]
 *       start it RUNS times; "start" line: milliseconds to the first whole screen
 * (median, 99th percentile), to idleness, CPU until then, bytes sent paint [-s COLSxROWS]
 * [-p] -f SCRIPT -- PROGRAM [ARG...] start it once, wait until it is idle, perform the
 * script line by line
 *
 * The program tells by --sync-fd when it has drawn and when it is idle (child.h). -p: it
 * is a plain program without that; then it has answered when it sleeps and is silent.
 * script.c knows the lines of a script.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tests/bench/paint.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/bench/numbers.h"
#include "tests/screen/proc.h"

extern char **environ;

enum { MOST_RUNS = 1000, SILENCE_MS = 30 };

static const double most_seconds = 120;

/* ---- One program ---- */

bool paint_start(struct paint *paint, struct error *err)
{
    static char dot[] = ".";
    struct child_spec spec = {.arguments = paint->program,
                              .environment = environ,
                              .folder = dot,
                              .width = paint->width,
                              .height = paint->height,
                              .without_sync = paint->is_plain};
    text_clear(&paint->output);
    paint->acted = numbers_clock();
    return child_start(&paint->child, &spec, err);
}

/* It is asked to leave first: what a killed one leaves behind would burden the next. */
void paint_stop(struct paint *paint)
{
    double asked = numbers_clock();
    child_signal(&paint->child, SIGTERM);
    while (!paint->child.ended && numbers_clock() - asked < 10) {
        child_wait(&paint->child, 100, &paint->output);
    }
    child_release(&paint->child);
}

/* A plain program has answered when it sleeps, has read everything, and stays silent. */
static bool is_silent(struct paint *paint)
{
    size_t length = paint->output.length;
    if (length == 0 || !proc_awaits_events(paint->child.program) ||
        child_has_unread(&paint->child)) {
        return false;
    }
    child_wait(&paint->child, SILENCE_MS, &paint->output);
    return paint->output.length == length;
}

static bool is_settled(struct paint *paint)
{
    return paint->is_plain ? is_silent(paint) : child_is_settled(&paint->child);
}

/* Has it drawn what the keys called for? While it works it also draws its progress, so
 * the caller may say by what the answer is known. */
static bool has_drawn(struct paint *paint, const struct paint_sign *sign, long frames)
{
    if (sign->text != NULL &&
        (paint->output.data == NULL || memmem(paint->output.data, paint->output.length,
                                              sign->text, strlen(sign->text)) == NULL)) {
        return false;
    }
    return paint->output.length >= sign->bytes && !child_has_unread(&paint->child) &&
           (paint->is_plain ? paint->output.length > 0 : paint->child.frames > frames);
}

static bool is_late(const struct paint *paint, const char *what, struct error *err)
{
    if (paint->child.ended || numbers_clock() - paint->acted > most_seconds) {
        error_set(err, ERROR_FAILED, "%s %s; it wrote: %.400s", paint->program[0],
                  paint->child.ended ? "ended" : what, text_string(&paint->output));
        return true;
    }
    return false;
}

bool paint_wait_drawn(struct paint *paint, const struct paint_sign *sign, long frames,
                      double *milliseconds, struct error *err)
{
    while (!has_drawn(paint, sign, frames)) {
        if (is_late(paint, "did not draw", err)) {
            return false;
        }
        child_wait(&paint->child, 100, &paint->output);
    }
    *milliseconds = (numbers_clock() - paint->acted) * 1000;
    return true;
}

bool paint_wait_settled(struct paint *paint, struct error *err)
{
    while (!is_settled(paint)) {
        if (is_late(paint, "did not come to rest", err)) {
            return false;
        }
        child_wait(&paint->child, 10, &paint->output);
    }
    return true;
}

bool paint_type(struct paint *paint, const struct text *keys, struct error *err)
{
    struct text late = {0};
    child_wait(&paint->child, 0, &late); /* what came before is not the answer */
    text_release(&late);
    text_clear(&paint->output);
    paint->acted = numbers_clock();
    return child_type(&paint->child, keys->data, keys->length, 1000, &paint->output) ||
           error_set(err, ERROR_FAILED, "%s takes no keys", paint->program[0]);
}

/* ---- Starts ---- */

/* Milliseconds a process has been on a CPU, or 0 where the kernel does not count. */
static double cpu_of(pid_t pid)
{
    char path[64];
    unsigned long long nanoseconds = 0;
    snprintf(path, sizeof path, "/proc/%ld/schedstat", (long)pid);
    FILE *file = fopen(path, "re");
    if (file != NULL) {
        if (fscanf(file, "%llu", &nanoseconds) != 1) {
            nanoseconds = 0;
        }
        fclose(file);
    }
    return (double)nanoseconds / 1e6;
}

static bool start_often(struct paint *paint, size_t runs, struct error *err)
{
    static double drawn[MOST_RUNS];
    static double settled[MOST_RUNS];
    static double cpu[MOST_RUNS];
    static double sent[MOST_RUNS];
    const struct paint_sign any = {0};
    for (size_t i = 0; i < runs; i++) {
        bool done = paint_start(paint, err) &&
                    paint_wait_drawn(paint, &any, 0, &drawn[i], err) &&
                    paint_wait_settled(paint, err);
        settled[i] = (numbers_clock() - paint->acted) * 1000;
        cpu[i] = done ? cpu_of(paint->child.program) : 0;
        sent[i] = (double)paint->output.length;
        paint_stop(paint);
        if (!done) {
            return false;
        }
    }
    printf("start %.2f %.2f %.2f %.2f %.0f\n", numbers_quantile(drawn, runs, 0.5),
           numbers_quantile(drawn, runs, 0.99), numbers_quantile(settled, runs, 0.5),
           numbers_quantile(cpu, runs, 0.5), numbers_quantile(sent, runs, 0.5));
    return true;
}

/* ---- Arguments ---- */

struct choices {
    const char *script; /* or NULL: starts are measured */
    size_t runs;
};

static bool take_options(int argc, char **argv, struct paint *paint,
                         struct choices *choices)
{
    int option;
    while ((option = getopt(argc, argv, "+s:n:f:p")) != -1) {
        if (option == 's' &&
            sscanf(optarg, "%dx%d", &paint->width, &paint->height) == 2) {
            continue;
        }
        if (option == 'n') {
            choices->runs = (size_t)strtoul(optarg, NULL, 10);
        } else if (option == 'f') {
            choices->script = optarg;
        } else if (option == 'p') {
            paint->is_plain = true;
        } else {
            return false;
        }
    }
    return optind < argc && choices->runs > 0 && choices->runs <= MOST_RUNS;
}

int main(int argc, char **argv)
{
    struct error err = {0};
    struct paint paint = {.width = 120, .height = 40};
    struct choices choices = {.runs = 1};
    if (!take_options(argc, argv, &paint, &choices)) {
        fputs("usage: paint [-s COLSxROWS] [-n RUNS | -f SCRIPT] [-p] -- PROGRAM...\n",
              stderr);
        return 2;
    }
    paint.program = argv + optind;
    setenv("TERM", "xterm-256color", 1);
    signal(SIGPIPE, SIG_IGN);
    bool done = choices.script != NULL ? paint_perform(&paint, choices.script, &err)
                                       : start_often(&paint, choices.runs, &err);
    text_release(&paint.output);
    if (!done) {
        fprintf(stderr, "paint: %s\n", err.message);
    }
    return done ? 0 : 1;
}
