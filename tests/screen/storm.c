/* storm: many sizes at once, and a monkey at the keys.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tests/screen/storm.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "tests/screen/keys.h"
#include "tests/screen/program.h"

/* xorshift64* (S. Vigna, "An experimental exploration of Marsaglia's xorshift generators,
 * scrambled", 2016). */
static unsigned roll(uint64_t *seed, unsigned below)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return (unsigned)((*seed * 2685821657736338717ULL) >> 33) % below;
}

/* The seed of the call, of MONKEY_SEED, or of the clock, printed whichever it is. */
static uint64_t seed_of(const struct call *call)
{
    const char *given = call->count > 1 ? call->arguments[1] : getenv("MONKEY_SEED");
    uint64_t seed =
        given != NULL ? strtoull(given, NULL, 10) : (uint64_t)(play_clock() * 1e6);
    seed = seed > 0 ? seed : 1;
    printf("# seed %llu\n", (unsigned long long)seed);
    return seed;
}

bool do_storm(struct call *call, struct error *err)
{
    struct play *play = call->play;
    uint64_t seed = seed_of(call);
    if (!play->running) {
        return error_set(err, ERROR_USAGE, "no program runs: `run` comes first");
    }
    for (long i = atol(call->arguments[0]); i > 0 && !play->child.ended; i--) {
        program_resize(play, 1 + (int)roll(&seed, 220), 1 + (int)roll(&seed, 70));
    }
    program_resize(play, play->width, play->height);
    return true;
}

static const char *const habits[] = {
    "<Enter>",
    "<Tab>",
    "<Esc>",
    "<BS>",
    "<Space>",
    "<Up>",
    "<Down>",
    "<Left>",
    "<Right>",
    "<Home>",
    "<End>",
    "<PageUp>",
    "<PageDown>",
    "<Del>",
    "<S-Tab>",
    "<F1>",
    "<F2>",
    "<F3>",
    "<F4>",
    "<F5>",
    "<F6>",
    "<F8>",
    "<C-c>",
    "<C-j>",
    "<C-l>",
    "<C-r>",
    "<C-d>",
    "<C-u>",
    "<C-x>",
    "<C-w>",
    "<C-y>",
    "<C-k>",
    "<M-Enter>",
    "<M-b>",
    "<M-?>",
    ":",
    "/",
    "?",
    ";",
    "'",
    "SELECT 1;<Enter>",
    "<Paste>x\ny</Paste>",
    "<Paste>\\e[31m",
    ":help<Enter>",
    "\\e[99;99~",
    "\\e[",
    "\\x80\\xff",
    "\\u202e\\u65e5",
    "e\\u0301",
};

/* A button, the wheel or a release somewhere, as SGR mouse reports have it. */
static void append_mouse(struct text *bytes, uint64_t *seed)
{
    static const int buttons[] = {0, 1, 2, 64, 65};
    int button = buttons[roll(seed, sizeof buttons / sizeof *buttons)];
    unsigned x = 1 + roll(seed, 220), y = 1 + roll(seed, 70);
    text_printf(bytes, "\033[<%d;%u;%u%c", button, x, y, roll(seed, 3) == 0 ? 'm' : 'M');
}

static bool monkey_key(struct play *play, uint64_t *seed, bool *interrupted,
                       struct error *err)
{
    struct text bytes = {0};
    unsigned kind = roll(seed, 100);
    bool good = true;
    if (kind < 2) {
        program_resize(play, 1 + (int)roll(seed, 220), 1 + (int)roll(seed, 70));
    } else if (kind < 6) {
        append_mouse(&bytes, seed);
    } else if (kind < 50) {
        const char *habit = habits[roll(seed, sizeof habits / sizeof *habits)];
        *interrupted |= strcmp(habit, "<C-c>") == 0;
        good = keys_bytes(habit, &play->variables, &bytes, err);
    } else {
        text_append_char(&bytes, (char)(' ' + roll(seed, 95)));
    }
    good = good && program_type(play, text_string(&bytes), bytes.length, err);
    text_release(&bytes);
    return good;
}

/* Some keys leave the program: then it is started again. A crash is not leaving; but a ^C
 * that comes when the terminal was just given back is a signal and may set the status. */
static bool has_crashed(const struct play *play, bool interrupted)
{
    int status = play->child.status;
    if (!play->child.ended) {
        return false;
    }
    if (WIFSIGNALED(status)) {
        return !(interrupted && WTERMSIG(status) == SIGINT);
    }
    return WEXITSTATUS(status) != 0 &&
           !(interrupted && (WEXITSTATUS(status) == 1 || WEXITSTATUS(status) == 130));
}

/* Memory that is the program's own, in KiB: 0 when it has ended. */
static long own_memory(const struct play *play)
{
    char path[64], line[256];
    long size = 0;
    snprintf(path, sizeof path, "/proc/%ld/status", (long)play->child.program);
    FILE *file = play->child.ended ? NULL : fopen(path, "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "RssAnon: %ld", &size) == 1) {
            break;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return size;
}

/* How many keys: what the play says, or MONKEY when that is more. */
static long count_of(const struct call *call)
{
    const char *more = getenv("MONKEY");
    long count = atol(call->arguments[0]);
    long other = more != NULL ? atol(more) : 0;
    return other > count ? other : count;
}

/* Results that keys asked for take memory, too: this is what growth without end would
 * pass. AddressSanitizer keeps what was freed. */
static bool has_grown(long peak)
{
#ifdef __SANITIZE_ADDRESS__
    enum { MOST = 1024 * 1024 };
#else
    enum { MOST = 96 * 1024 };
#endif
    return peak > MOST;
}

bool do_monkey(struct call *call, struct error *err)
{
    enum { BREATH = 20 }; /* keys between two looks */
    struct play *play = call->play;
    uint64_t seed = seed_of(call);
    long count = count_of(call), peak = 0;
    long starts = 0;
    bool good = play->running || error_set(err, ERROR_USAGE, "no program runs yet");
    bool calm = true;
    bool interrupted = false; /* ^C was among the keys since the last look */
    for (long i = 0; good && calm && i < count; i++) {
        if (play->child.ended) {
            starts++;
            /* What is typed before the program is there, the kernel echoes. */
            good = program_start_again(play, err);
            calm = good && play_wait(play, program_is_settled, NULL);
            interrupted = false;
        }
        good = good && monkey_key(play, &seed, &interrupted, err);
        if (good && i % BREATH == BREATH - 1) {
            calm = play_wait(play, program_is_settled, NULL) || play->child.ended;
            interrupted &= play->child.ended;
            long memory = own_memory(play);
            peak = memory > peak ? memory : peak;
        }
        calm = calm && !has_crashed(play, interrupted) &&
               *escapes_foreign(play->escapes) == '\0';
    }
    if (!good) {
        return false;
    }
    program_resize(play, play->width, play->height);
    play_point(play, calm, "%ld random keys, started again %ld times", count, starts);
    play_note(escapes_foreign(play->escapes));
    play_point(play, !has_grown(peak), "%ld KiB of memory at most", peak);
    play->over = !calm;
    return true;
}
