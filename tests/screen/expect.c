/* expect: the commands of a play that are test points.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tests/screen/play.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Facts are about what is there now: take in what has come. False when nothing runs. */
static bool look(struct play *play, struct error *err)
{
    if (!play->running) {
        return error_set(err, ERROR_USAGE, "no program runs: `run` comes first");
    }
    while (play_take_in(play, 0)) {
    }
    return true;
}

static bool do_expect(struct call *call, struct error *err)
{
    const char *text = call->arguments[0];
    if (!look(call->play, err)) {
        return false;
    }
    play_point(call->play, play_shows(call->play, text), "shows %s", text);
    return true;
}

static bool do_expect_not(struct call *call, struct error *err)
{
    const char *text = call->arguments[0];
    if (!look(call->play, err)) {
        return false;
    }
    play_point(call->play, !play_shows(call->play, text), "does not show %s", text);
    return true;
}

static bool read_position(struct call *call, int *row, int *column, struct error *err)
{
    *row = atoi(call->arguments[0]) - 1;
    *column = atoi(call->arguments[1]) - 1;
    return (*row >= 0 && *row < emulator_height(call->play->emulator) && *column >= 0 &&
            *column < emulator_width(call->play->emulator)) ||
           error_set(err, ERROR_USAGE,
                     "row %s, column %s is not on the screen; both count from 1",
                     call->arguments[0], call->arguments[1]);
}

static bool do_expect_at(struct call *call, struct error *err)
{
    struct play *play = call->play;
    int row = 0;
    int column = 0;
    if (!look(play, err) || !read_position(call, &row, &column, err)) {
        return false;
    }
    size_t *starts =
        memory_new_many((size_t)emulator_width(play->emulator) + 1, sizeof *starts);
    struct text text = {0};
    const char *want = call->arguments[2];
    emulator_row(play->emulator, row, &text, starts);
    play_point(play, string_starts(text_string(&text) + starts[column], want),
               "row %d, column %d shows %s", row + 1, column + 1, want);
    text_release(&text);
    free(starts);
    return true;
}

/* Are the signs of the first row at the same columns in this one? */
static bool is_ruled_like(const struct play *play, const struct text *first,
                          const size_t *first_starts, int row, const char *sign)
{
    int width = emulator_width(play->emulator);
    size_t *starts = memory_new_many((size_t)width + 1, sizeof *starts);
    struct text text = {0};
    bool is_same = true;
    emulator_row(play->emulator, row, &text, starts);
    for (int x = 0; is_same && x < width; x++) {
        bool is_rule = string_starts(text_string(first) + first_starts[x], sign);
        is_same = !is_rule || string_starts(text_string(&text) + starts[x], sign);
    }
    text_release(&text);
    free(starts);
    return is_same;
}

static bool do_expect_ruled(struct call *call, struct error *err)
{
    struct play *play = call->play;
    int first = atoi(call->arguments[0]) - 1, row = first;
    int height = emulator_height(play->emulator), last = atoi(call->arguments[1]);
    last = last <= 0 ? height + last : last; /* 0: the last, -2: the last but two */
    if (!look(play, err) || first < 0 || last > height) {
        return play->over ||
               error_set(err, ERROR_USAGE, "rows count from 1 to %d", height);
    }
    size_t *starts =
        memory_new_many((size_t)emulator_width(play->emulator) + 1, sizeof *starts);
    struct text text = {0};
    emulator_row(play->emulator, first, &text, starts);
    while (row < last && is_ruled_like(play, &text, starts, row, call->arguments[2])) {
        row++;
    }
    play_point(play,
               row == last && strstr(text_string(&text), call->arguments[2]) != NULL,
               "rows %d to %d have %s where row %d has it%s", first + 1, last,
               call->arguments[2], first + 1, row == last ? "" : ", until one has not");
    if (row < last) {
        struct text other = {0};
        emulator_row(play->emulator, row, &other, NULL);
        printf("# row %d: %s\n", row + 1, text_string(&other));
        text_release(&other);
    }
    text_release(&text);
    free(starts);
    return true;
}

static bool do_expect_cursor(struct call *call, struct error *err)
{
    int row = 0;
    int column = 0;
    int at_row = 0;
    int at_column = 0;
    if (!look(call->play, err)) {
        return false;
    }
    bool shown = emulator_cursor(call->play->emulator, &at_row, &at_column);
    if (call->count == 1) {
        bool want = strcmp(call->arguments[0], "shown") == 0;
        play_point(call->play, shown == want, "the cursor is %s", call->arguments[0]);
        return true;
    }
    if (!read_position(call, &row, &column, err)) {
        return false;
    }
    play_point(call->play, shown && row == at_row && column == at_column,
               "the cursor stands at row %d, column %d", row + 1, column + 1);
    return true;
}

static bool read_file(const char *path, struct text *out)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return false;
    }
    for (size_t got; (got = fread(text_reserve(out, 4096), 1, 4096, file)) > 0;) {
        text_grow(out, got);
    }
    text_grow(out, 0);
    fclose(file);
    return true;
}

static bool write_golden(const char *path, const struct text *text, struct error *err)
{
    FILE *file = fopen(path, "we");
    bool good = file != NULL && fwrite(text->data, 1, text->length, file) == text->length;
    good = file != NULL && fclose(file) == 0 && good;
    if (good) {
        printf("# wrote %s\n", path);
    }
    return good || error_set(err, ERROR_FAILED, "%s could not be written: %s", path,
                             strerror(errno));
}

/* Print the lines that differ, wanted above got. */
static void note_difference(const char *want, const char *got)
{
    for (int line = 1; *want != '\0' || *got != '\0'; line++) {
        size_t wanted = strcspn(want, "\n");
        size_t seen = strcspn(got, "\n");
        if (wanted != seen || memcmp(want, got, seen) != 0) {
            printf("# %3d want |%.*s\n#      got |%.*s\n", line, (int)wanted, want,
                   (int)seen, got);
        }
        want += wanted + (want[wanted] == '\n');
        got += seen + (got[seen] == '\n');
    }
}

static bool compare_golden(struct call *call, const struct text *got, struct error *err)
{
    struct play *play = call->play;
    const char *update = getenv("MWB_UPDATE");
    char *path = string_printf("%s/%s", play->folder, call->arguments[0]);
    struct text want = {0};
    bool there = read_file(path, &want);
    bool same = there && strcmp(text_string(&want), text_string(got)) == 0;
    bool good = true;
    if (!same && update != NULL && strcmp(update, "1") == 0) {
        same = good = write_golden(path, got, err);
    }
    if (good) {
        play_point(play, same, "looks like %s", call->arguments[0]);
        if (!same && !there) {
            printf("# %s cannot be read; MWB_UPDATE=1 writes it\n", path);
        } else if (!same) {
            note_difference(text_string(&want), text_string(got));
        }
    }
    text_release(&want);
    free(path);
    return good;
}

static bool do_expect_screen(struct call *call, struct error *err)
{
    struct text got = {0};
    if (!look(call->play, err)) {
        return false;
    }
    play_screen_text(call->play, true, &got);
    bool good = compare_golden(call, &got, err);
    text_release(&got);
    return good;
}

static bool do_expect_attrs(struct call *call, struct error *err)
{
    struct text got = {0};
    if (!look(call->play, err)) {
        return false;
    }
    emulator_looks(call->play->emulator, &got);
    bool good = compare_golden(call, &got, err);
    text_release(&got);
    return good;
}

static bool has_ended(struct play *play, const char *unused)
{
    (void)unused;
    return play->child.ended;
}

static bool has_stopped(struct play *play, const char *unused)
{
    (void)unused;
    return play->child.stopped;
}

static bool do_expect_exit(struct call *call, struct error *err)
{
    struct play *play = call->play;
    const char *want = call->arguments[0];
    int number = play_signal_number(want);
    struct text state = {0};
    if (!look(play, err)) {
        return false;
    }
    bool good = play_wait(play, has_ended, NULL);
    int status = play->child.status;
    good =
        good && (strcmp(want, "any") == 0 ||
                 (number > 0 ? WIFSIGNALED(status) && WTERMSIG(status) == number
                             : WIFEXITED(status) && WEXITSTATUS(status) == atoi(want)));
    play_describe_state(play, &state);
    play_point(play, good, "ends with %s (%s)", want, text_string(&state));
    play->over = !play->child.ended;
    text_release(&state);
    return true;
}

static bool do_expect_stopped(struct call *call, struct error *err)
{
    struct play *play = call->play;
    if (!look(play, err)) {
        return false;
    }
    play->over =
        !play_point(play, play_wait(play, has_stopped, NULL), "the program is stopped");
    return true;
}

static bool do_expect_modes_restored(struct call *call, struct error *err)
{
    struct play *play = call->play;
    struct text found = {0};
    int row = 0;
    int column = 0;
    if (!look(play, err)) {
        return false;
    }
    escapes_left_over(play->escapes, &found);
    child_termios_left_over(&play->child, &found);
    if (emulator_alternate(play->emulator)) {
        text_append(&found, "the emulator shows its alternate screen\n");
    }
    if (!emulator_cursor(play->emulator, &row, &column)) {
        text_append(&found, "the emulator shows no cursor\n");
    }
    if (!emulator_pen_is_plain(play->emulator)) {
        text_append(&found, "text is still coloured or bold\n");
    }
    play_point(play, found.length == 0, "the terminal is given back as it was");
    play_note(text_string(&found));
    text_release(&found);
    return true;
}

static bool do_expect_no_raw_escapes(struct call *call, struct error *err)
{
    struct play *play = call->play;
    if (!look(play, err)) {
        return false;
    }
    const char *foreign = escapes_foreign(play->escapes);
    play_point(play, *foreign == '\0', "every control sequence belongs to the terminal");
    play_note(foreign);
    return true;
}

static bool do_expect_mode(struct call *call, struct error *err)
{
    struct play *play = call->play;
    if (!look(play, err)) {
        return false;
    }
    bool wanted = strcmp(call->arguments[1], "used") == 0;
    play_point(play, escapes_was_set(play->escapes, call->arguments[0]) == wanted,
               "the mode %s is %s", call->arguments[0], call->arguments[1]);
    return true;
}

static bool do_expect_copied(struct call *call, struct error *err)
{
    struct play *play = call->play;
    if (!look(play, err)) {
        return false;
    }
    const char *got = escapes_clipboard(play->escapes);
    play_point(play, got != NULL && strcmp(got, call->arguments[0]) == 0,
               "the clipboard was given %s", call->arguments[0]);
    if (got == NULL || strcmp(got, call->arguments[0]) != 0) {
        play_note(got != NULL ? got : "it was given nothing");
    }
    return true;
}

static bool no_orphans(struct play *play, const char *unused)
{
    (void)unused;
    return child_count_orphans(&play->child) == 0;
}

static bool do_expect_no_orphans(struct call *call, struct error *err)
{
    struct play *play = call->play;
    if (!look(play, err)) {
        return false;
    }
    bool good = false;
    double until = play_clock() + play->deadline;
    /* The program has ended, so that play_wait() would look only once. */
    while (!(good = no_orphans(play, NULL)) && play_clock() < until) {
        play_take_in(play, 10);
    }
    play_point(play, play->child.ended && good,
               "no process of the program is left behind");
    return true;
}

static bool do_expect_file(struct call *call, struct error *err)
{
    (void)err;
    struct text text = {0};
    bool there = read_file(call->arguments[0], &text);
    bool found = there && strstr(text_string(&text), call->arguments[1]) != NULL;
    play_point(call->play, found, "%s has %s", call->arguments[0], call->arguments[1]);
    if (!found) {
        play_note(there ? text_string(&text) : "the file cannot be read");
    }
    text_release(&text);
    return true;
}

static bool do_expect_no_file(struct call *call, struct error *err)
{
    (void)err;
    struct stat facts;
    play_point(call->play, lstat(call->arguments[0], &facts) != 0 && errno == ENOENT,
               "there is no %s", call->arguments[0]);
    return true;
}

static bool do_expect_memory_below(struct call *call, struct error *err)
{
    struct play *play = call->play;
    if (!look(play, err)) {
        return false;
    }
#ifdef MWB_ASAN
    play_skip(play, "the sanitizers take memory of their own");
#else
    long kib = child_memory(&play->child, "VmRSS");
    play_point(play, kib > 0 && kib < atol(call->arguments[0]) * 1024,
               "takes less than %s MiB (%ld KiB)", call->arguments[0], kib);
#endif
    return true;
}

static bool do_expect_output_below(struct call *call, struct error *err)
{
    struct play *play = call->play;
    if (!look(play, err)) {
        return false;
    }
    size_t sent = play->raw.length - play->raw_before_keys;
    play_point(play, sent < strtoul(call->arguments[0], NULL, 10),
               "sends less than %s bytes (%zu)", call->arguments[0], sent);
    return true;
}

static bool do_note_latency(struct call *call, struct error *err)
{
    struct play *play = call->play;
    if (!look(play, err)) {
        return false;
    }
    if (play->first_frame_at > 0) {
        printf("# %s: %.1f ms\n", call->rest,
               (play->first_frame_at - play->typed_at) * 1000);
    }
    return true;
}

const struct play_command play_expects[] = {
    {"expect", 1, 1, "\"TEXT\"", "the screen shows it", do_expect},
    {"expect-not", 1, 1, "\"TEXT\"", "the screen does not show it", do_expect_not},
    {"expect-at", 3, 3, "ROW COLUMN \"TEXT\"", "there, counted from 1", do_expect_at},
    {"expect-ruled", 3, 3, "FIRST LAST \"SIGN\"",
     "rows FIRST to LAST have SIGN in each column where FIRST has it; LAST 0: the bottom",
     do_expect_ruled},
    {"expect-cursor", 1, 2, "ROW COLUMN | shown | hidden", "where it stands",
     do_expect_cursor},
    {"expect-screen", 1, 1, "FILE", "the whole screen; MWB_UPDATE=1 writes the file",
     do_expect_screen},
    {"expect-attrs", 1, 1, "FILE", "the look of every cell", do_expect_attrs},
    {"expect-exit", 1, 1, "STATUS | SIGNAL | any", "the program ends so", do_expect_exit},
    {"expect-stopped", 0, 0, "", "the program stops (Ctrl-Z)", do_expect_stopped},
    {"expect-modes-restored", 0, 0, "",
     "alternate screen, cursor, mouse, paste, colours and termios are as before",
     do_expect_modes_restored},
    {"expect-no-raw-escapes", 0, 0, "", "only sequences the terminal's entry or we know",
     do_expect_no_raw_escapes},
    {"expect-mode", 2, 2, "\"CSI ?2026h\" used|unused",
     "did the program switch it on so far", do_expect_mode},
    {"expect-copied", 1, 1, "\"TEXT\"", "what the program last gave to the clipboard",
     do_expect_copied},
    {"expect-no-orphans", 0, 0, "", "the program ended and left no process behind",
     do_expect_no_orphans},
    {"expect-file", 2, 2, "PATH \"TEXT\"", "the file has it", do_expect_file},
    {"expect-no-file", 1, 1, "PATH", "it does not exist", do_expect_no_file},
    {"expect-memory-below", 1, 1, "MIB", "resident memory of the program",
     do_expect_memory_below},
    {"expect-output-below", 1, 1, "BYTES", "since keys were last sent",
     do_expect_output_below},
    {"note-latency", 1, 63, "TITLE",
     "print the time from the last keys to the next frame", do_note_latency},
    {0},
};
