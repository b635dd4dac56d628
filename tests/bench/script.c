/* script: what `paint -f` performs, one command a line; words as in a play (words.h),
 * keys as in keys.h:
 *
 *   keys KEYS                          type, wait until the program is idle
 *   type KEYS                          type, wait for the next repaint only
 *   time NAME COUNT KEYS [BEFORE]      type COUNT times, idle in between (and BEFORE
 * typed each time, not counted); prints NAME p50 p99 max (milliseconds to the repaint)
 * and the median of the bytes sent until idle busy NAME COUNT KEYS has TEXT      the same
 * while the program works: no waiting for busy NAME COUNT KEYS least BYTES   idleness,
 * the repaint is known by its text or size memory NAME                        prints
 * NAME, then KiB: Pss, private, RssAnon shown TEXT                         fail unless
 * the last answer contains the text
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tests/bench/paint.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/numbers.h"
#include "tests/screen/keys.h"
#include "tests/screen/proc.h"
#include "tests/screen/words.h"

enum { MOST_TIMES = 10000, MOST_WORDS = 8 };

struct line {
    struct paint *paint;
    char *words[MOST_WORDS]; /* words[0] is the command */
    size_t count;
    struct names names;
};

static bool press(struct line *line, const char *written, struct error *err)
{
    struct text keys = {0};
    bool done = keys_bytes(written, &line->names, &keys, err) &&
                paint_type(line->paint, &keys, err);
    text_release(&keys);
    return done;
}

static bool do_keys(struct line *line, struct error *err)
{
    return press(line, line->words[1], err) && paint_wait_settled(line->paint, err);
}

static bool do_type(struct line *line, struct error *err)
{
    const struct paint_sign any = {0};
    double ignored;
    long frames = line->paint->child.frames;
    return press(line, line->words[1], err) &&
           paint_wait_drawn(line->paint, &any, frames, &ignored, err);
}

struct times {
    double drawn[MOST_TIMES];
    double sent[MOST_TIMES];
    size_t count;
};

static bool time_one(struct line *line, const struct paint_sign *sign, bool is_busy,
                     struct times *times, struct error *err)
{
    struct paint *paint = line->paint;
    double milliseconds = 0;
    if (!is_busy && line->count > 4 &&
        !(press(line, line->words[4], err) && paint_wait_settled(paint, err))) {
        return false;
    }
    long frames = paint->child.frames;
    if (!press(line, line->words[3], err) ||
        !paint_wait_drawn(paint, sign, frames, &milliseconds, err) ||
        (!is_busy && !paint_wait_settled(paint, err))) {
        return false;
    }
    times->drawn[times->count] = milliseconds;
    times->sent[times->count++] = (double)paint->output.length;
    return true;
}

static bool time_keys(struct line *line, const struct paint_sign *sign, bool is_busy,
                      struct error *err)
{
    static struct times times;
    size_t runs = strtoul(line->words[2], NULL, 10);
    times.count = 0;
    while (times.count < runs && times.count < MOST_TIMES) {
        if (!time_one(line, sign, is_busy, &times, err)) {
            return false;
        }
    }
    printf("%s %.3f %.3f %.3f %.0f\n", line->words[1],
           numbers_quantile(times.drawn, times.count, 0.5),
           numbers_quantile(times.drawn, times.count, 0.99),
           numbers_quantile(times.drawn, times.count, 1),
           numbers_quantile(times.sent, times.count, 0.5));
    return true;
}

static bool do_time(struct line *line, struct error *err)
{
    const struct paint_sign any = {0};
    return time_keys(line, &any, false, err);
}

static bool do_busy(struct line *line, struct error *err)
{
    bool has_text = string_equal(line->words[4], "has");
    const struct paint_sign sign = {
        .text = has_text ? line->words[5] : NULL,
        .bytes = has_text ? 0 : strtoul(line->words[5], NULL, 10),
    };
    return time_keys(line, &sign, true, err);
}

static bool do_settle(struct line *line, struct error *err)
{
    if (!press(line, line->words[2], err) || !paint_wait_settled(line->paint, err)) {
        return false;
    }
    printf("%s %.3f\n", line->words[1], (numbers_clock() - line->paint->acted) * 1000);
    return true;
}

static bool do_repaints(struct line *line, struct error *err)
{
    const struct paint_sign any = {0};
    double ignored;
    long more = strtol(line->words[1], NULL, 10);
    return paint_wait_drawn(line->paint, &any, line->paint->child.frames + more - 1,
                            &ignored, err);
}

/* Sum of the lines of /proc/PID/smaps_rollup that start with `name`, KiB; -1: no file. */
static long rollup(pid_t pid, const char *name)
{
    char path[64];
    char text[256];
    long kib = -1;
    snprintf(path, sizeof path, "/proc/%ld/smaps_rollup", (long)pid);
    FILE *file = fopen(path, "re");
    while (file != NULL && fgets(text, sizeof text, file) != NULL) {
        const char *colon = strchr(text, ':');
        if (string_starts(text, name) && colon != NULL) {
            kib = (kib < 0 ? 0 : kib) + strtol(colon + 1, NULL, 10);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return kib;
}

static bool do_memory(struct line *line, struct error *err)
{
    pid_t pid = line->paint->child.program;
    long pss = rollup(pid, "Pss:"), own = rollup(pid, "Private_");
    /* A guarded process shows its maps to root only; what others see is a bit more. */
    pss = pss >= 0 ? pss : proc_memory(pid, "VmRSS");
    own = own >= 0 ? own : proc_memory(pid, "RssAnon");
    printf("%s %ld %ld %ld\n", line->words[1], pss, own, proc_memory(pid, "RssAnon"));
    return pss >= 0 ||
           error_set(err, ERROR_FAILED, "/proc tells no memory of %ld", (long)pid);
}

static bool do_shown(struct line *line, struct error *err)
{
    const struct text *output = &line->paint->output;
    return (output->length > 0 && memmem(output->data, output->length, line->words[1],
                                         strlen(line->words[1])) != NULL) ||
           error_set(err, ERROR_FAILED, "\"%s\" is not in the answer: %.2000s",
                     line->words[1], text_string(output));
}

static const struct {
    const char *name;
    size_t least, most; /* words */
    bool (*run)(struct line *line, struct error *err);
} commands[] = {
    {"settle", 3, 3, do_settle}, {"repaints", 2, 2, do_repaints}, {"keys", 2, 2, do_keys},
    {"type", 2, 2, do_type},     {"time", 4, 5, do_time},         {"busy", 6, 6, do_busy},
    {"memory", 2, 2, do_memory}, {"shown", 2, 2, do_shown},
};

static bool run_command(struct line *line, struct error *err)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (string_equal(commands[i].name, line->words[0]) &&
            line->count >= commands[i].least && line->count <= commands[i].most) {
            return commands[i].run(line, err);
        }
    }
    return error_set(err, ERROR_USAGE, "no such command, or not its words: %s",
                     line->words[0]);
}

static bool perform_line(struct paint *paint, const char *written, struct error *err)
{
    struct line line = {.paint = paint};
    struct array words = ARRAY_OF(struct word);
    names_set(&line.names, "TERM", "xterm-256color");
    bool done = words_split(written, &words, err);
    for (size_t i = 0; done && i < words.count && i < MOST_WORDS; i++) {
        const struct word *word = array_at(&words, i);
        /* Keys keep their escapes: keys_bytes() reads them. */
        line.words[line.count++] = string_copy(word->bytes);
    }
    done = done && (line.count == 0 || run_command(&line, err));
    for (size_t i = 0; i < line.count; i++) {
        free(line.words[i]);
    }
    words_release(&words);
    names_release(&line.names);
    return done;
}

static bool perform_lines(struct paint *paint, FILE *file, struct error *err)
{
    char written[4096];
    while (fgets(written, sizeof written, file) != NULL) {
        written[strcspn(written, "\n")] = '\0';
        if (written[0] != '#' && !perform_line(paint, written, err)) {
            error_prefix(err, "%s: ", written);
            return false;
        }
        fflush(stdout);
    }
    return true;
}

bool paint_perform(struct paint *paint, const char *script, struct error *err)
{
    FILE *file = fopen(script, "re");
    if (file == NULL) {
        return error_set(err, ERROR_FAILED, "could not open %s: %s", script,
                         error_of_errno(errno));
    }
    bool done = paint_start(paint, err) && paint_wait_settled(paint, err) &&
                perform_lines(paint, file, err);
    paint_stop(paint);
    fclose(file);
    return done;
}
