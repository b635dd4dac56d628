/* play: perform a script against a full-screen program on a pseudo-terminal (TAP).
 * Reads the script, runs its commands, counts points; the commands are in steps.c and
 * expect.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tests/screen/play.h"

#include <errno.h>
#include <libgen.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/screen/program.h"
#include "tests/screen/replay.h"
#include "tests/screen/scratch.h"

double play_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void play_note(const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        printf("# %.*s\n", (int)length, text);
        text += length + (text[length] == '\n');
    }
}

/* The bytes of a failure, for `play --replay`. */
static void keep_raw(struct play *play)
{
    const char *folder = getenv("TESTS_BUILDDIR");
    if (folder == NULL || play->raw.length == 0) {
        return;
    }
    char *name = string_copy(play->path);
    char *path = string_printf("%s/screen/%s.%d.raw", folder, basename(name), play->line);
    FILE *file = fopen(path, "we");
    if (file != NULL) {
        fwrite(play->raw.data, 1, play->raw.length, file);
        fclose(file);
        printf("# the terminal's bytes: play --replay %s %d %d %s\n", path, play->width,
               play->height, names_get(&play->environment, "TERM"));
    }
    free(path);
    free(name);
}

bool play_point(struct play *play, bool good, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *title = NULL;
    struct text text = {0};
    text_vprintf(&text, format, args);
    va_end(args);
    title = text_take(&text);
    for (char *sign = strpbrk(title, "#\n"); sign != NULL; sign = strpbrk(sign, "#\n")) {
        *sign = ' '; /* neither may stand in the title of a point */
    }
    play->points++;
    play->failures += !good;
    printf("%s %d - line %d: %s\n", good ? "ok" : "not ok", play->points, play->line,
           title);
    free(title);
    if (!good) {
        play_show_screen(play);
        keep_raw(play);
    }
    fflush(stdout);
    return good;
}

void play_skip(struct play *play, const char *reason)
{
    printf("ok %d # SKIP %s\n", ++play->points, reason);
}

void play_show_output(struct play *play, const struct text *output)
{
    struct text shown = {0};
    if (output->length == 0) {
        return;
    }
    text_append_bytes(&play->raw, output->data, output->length);
    escapes_feed(play->escapes, output->data, output->length, &shown);
    emulator_feed(play->emulator, text_string(&shown), shown.length);
    text_release(&shown);
    struct text *answers = emulator_answers(play->emulator);
    if (answers->length > 0) {
        ssize_t ignored = write(play->child.master, answers->data, answers->length);
        (void)ignored; /* a program that asks reads its answers: they are few */
        text_clear(answers);
    }
}

bool play_take_in(struct play *play, int milliseconds)
{
    if (!play->running) {
        return false;
    }
    struct text output = {0};
    bool any = child_wait(&play->child, milliseconds, &output);
    play_show_output(play, &output);
    if (play->first_frame_at == 0 && play->child.frames > play->frames_before_keys) {
        play->first_frame_at = play_clock();
    }
    text_release(&output);
    return any;
}

bool play_wait(struct play *play, bool (*fact)(struct play *play, const char *what),
               const char *what)
{
    enum { TICK = 10 }; /* facts that no descriptor tells are looked at so often */
    double until = play_clock() + play->deadline;
    while (play_take_in(play, 0)) {
    }
    while (!fact(play, what)) {
        if (!play->running || play_clock() > until) {
            return false;
        }
        bool any = play_take_in(play, TICK);
        if (play->child.ended && !any) {
            return fact(play, what);
        }
    }
    return true;
}

void play_describe_state(struct play *play, struct text *out)
{
    const struct child *child = &play->child;
    if (!play->running) {
        text_append(out, "no program runs");
    } else if (child->exec_errno != 0) {
        text_printf(out, "the program could not be started: %s",
                    strerror(child->exec_errno));
    } else if (child->ended && WIFSIGNALED(child->status)) {
        text_printf(out, "the program was killed by signal %d (%s)",
                    WTERMSIG(child->status), strsignal(WTERMSIG(child->status)));
    } else if (child->ended) {
        text_printf(out, "the program has ended with status %d",
                    WEXITSTATUS(child->status));
    } else if (child->stopped) {
        text_append(out, "the program is stopped");
    } else {
        text_printf(out,
                    "the program runs, %ld frames drawn, %s; since the last key: %.*s",
                    child->frames, child->idle ? "idle" : "busy", (int)child->said_count,
                    child->said);
    }
}

static const struct play_command *find_command(const char *name)
{
    const struct play_command *const lists[] = {play_steps, play_expects};
    for (size_t i = 0; i < 2; i++) {
        for (const struct play_command *command = lists[i]; command->name; command++) {
            if (strcmp(command->name, name) == 0) {
                return command;
            }
        }
    }
    return NULL;
}

static bool call_command(struct play *play, const struct play_command *command,
                         const struct array *words, const char *rest, struct error *err)
{
    struct call call = {.play = play, .rest = rest};
    call.count = words->count - 1;
    call.words = call.count > 0 ? array_at(words, 1) : NULL;
    if (call.count < command->least || call.count > command->most) {
        return error_set(err, ERROR_USAGE, "usage: %s %s", command->name, command->usage);
    }
    struct names all = {0};
    for (size_t i = 0; i < play->environment.count + play->variables.count; i++) {
        const char *line = i < play->environment.count
                               ? play->environment.items[i]
                               : play->variables.items[i - play->environment.count];
        char *name = string_copy_bytes(line, strcspn(line, "="));
        names_set(&all, name, strchr(line, '=') + 1);
        free(name);
    }
    for (size_t i = 0; i < call.count; i++) {
        call.arguments[i] = word_text(&call.words[i], &all);
    }
    bool good = command->run(&call, err);
    for (size_t i = 0; i < call.count; i++) {
        free(call.arguments[i]);
    }
    names_release(&all);
    return good;
}

static void perform_line(struct play *play, const char *line)
{
    struct array words = ARRAY_OF(struct word);
    struct error err = {0};
    line += strspn(line, " \t");
    if (*line == '#' || *line == '\0') {
        return;
    }
    bool good = words_split(line, &words, &err);
    if (good) {
        const char *name = ((struct word *)array_at(&words, 0))->bytes;
        const struct play_command *command = find_command(name);
        const char *rest = line + strlen(name);
        good = command != NULL
                   ? call_command(play, command, &words, rest + strspn(rest, " \t"), &err)
                   : error_set(&err, ERROR_USAGE,
                               "there is no command %s; play --help lists them", name);
    }
    if (!good) {
        play_point(play, false, "%s", err.message);
        play->over = true;
    }
    words_release(&words);
}

/* A line of the script starts with this word. */
static bool line_is(const char *line, const char *word)
{
    line += strspn(line, " \t");
    size_t length = strlen(word);
    return strncmp(line, word, length) == 0 && strchr(" \t", line[length]) != NULL;
}

/* The line of the `end` that belongs to the `for` at `from`. */
static size_t find_end(const struct array *lines, size_t from)
{
    int depth = 0;
    for (size_t i = from; i < lines->count; i++) {
        const char *line = *(char **)array_at(lines, i);
        depth += line_is(line, "for");
        depth -= line_is(line, "end");
        if (depth == 0) {
            return i;
        }
    }
    return lines->count;
}

static void perform_lines(struct play *play, const struct array *lines, size_t from,
                          size_t to);

/* for NAME in VALUE... / lines / end */
static void perform_loop(struct play *play, const struct array *lines, size_t from,
                         size_t to)
{
    struct array words = ARRAY_OF(struct word);
    struct error err = {0};
    const struct word *word = NULL;
    if (words_split(*(char **)array_at(lines, from), &words, &err)) {
        word = words.items;
    }
    if (word == NULL || words.count < 4 || strcmp(word[2].bytes, "in") != 0 ||
        to >= lines->count) {
        play->line = (int)from + 1;
        play_point(play, false, "usage: for NAME in VALUE... with an `end` below");
        play->over = true;
    }
    for (size_t i = 3; i < words.count && !play->over; i++) {
        char *value = word_text(&word[i], &play->variables);
        names_set(&play->variables, word[1].bytes, value);
        printf("# %s = %s\n", word[1].bytes, value);
        free(value);
        perform_lines(play, lines, from + 1, to);
    }
    words_release(&words);
}

static bool read_lines(const char *path, struct array *lines);
static void release_lines(struct array *lines);

/* include FILE: the lines of another script beside this one. */
static void perform_include(struct play *play, const char *line)
{
    struct array lines = ARRAY_OF(char *);
    line += strspn(line, " \t") + strlen("include");
    char *path = string_printf("%s/%s", play->folder, line + strspn(line, " \t"));
    if (read_lines(path, &lines)) {
        perform_lines(play, &lines, 0, lines.count);
    } else {
        play->over = true;
    }
    release_lines(&lines);
    free(path);
}

static void perform_lines(struct play *play, const struct array *lines, size_t from,
                          size_t to)
{
    for (size_t i = from; i < to && !play->over; i++) {
        const char *line = *(char **)array_at(lines, i);
        if (line_is(line, "for")) {
            size_t end = find_end(lines, i);
            perform_loop(play, lines, i, end);
            i = end;
        } else if (line_is(line, "include")) {
            perform_include(play, line);
        } else {
            play->line = (int)i + 1;
            perform_line(play, line);
        }
    }
}

static bool read_lines(const char *path, struct array *lines)
{
    FILE *file = fopen(path, "re");
    char *line = NULL;
    size_t size = 0;
    if (file == NULL) {
        printf("Bail out! %s cannot be read: %s\n", path, strerror(errno));
        return false;
    }
    for (ssize_t length; (length = getline(&line, &size, file)) >= 0;) {
        line[strcspn(line, "\n")] = '\0';
        *(char **)array_push(lines) = string_copy(line);
    }
    free(line);
    fclose(file);
    return true;
}

static void release_lines(struct array *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        free(*(char **)array_at(lines, i));
    }
    array_release(lines);
}

/* The program starts from a small, known environment; tools that watch it keep theirs. */
static void prepare_environment(struct play *play)
{
    static const char *const kept[] = {"PATH",         "ASAN_OPTIONS", "UBSAN_OPTIONS",
                                       "LSAN_OPTIONS", "MWB_SAMPLES",  "MWB_THEMES",
                                       "MWB_NOW",      "MWB",          "LD_LIBRARY_PATH"};
    static const char *const shown[][2] = {{"SAMPLES", "MWB_SAMPLES"},
                                           {"SHARED", "MWB_SHARED"},
                                           {"BUILD", "TESTS_BUILDDIR"},
                                           {"SOURCE", "TESTS_SRCDIR"}};
    names_set(&play->environment, "MWB_NOW", "2026-01-15T12:00:00Z");
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        const char *value = getenv(kept[i]);
        if (value != NULL) {
            names_set(&play->environment, kept[i], value);
        }
    }
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        const char *value = getenv(shown[i][1]);
        if (value != NULL) {
            names_set(&play->variables, shown[i][0], value);
        }
    }
    names_set(&play->environment, "TERM", "xterm-256color");
    names_set(&play->environment, "LANG", "C.UTF-8");
    names_set(&play->environment, "TZ", "UTC");
    names_set(&play->variables, "TMP", play->scratch);
    scratch_name_homes(play->scratch, &play->environment);
}

/* Started by hand: the build folder is where this program lies. */
static void find_build(void)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length <= 0) {
        return;
    }
    path[length] = '\0';
    char *tests = dirname(dirname(path));
    char *program = string_printf("%s/../mwb", tests);
    setenv("TESTS_BUILDDIR", tests, 0);
    setenv("MWB", program, 0);
    free(program);
}

static int perform(const char *path)
{
    struct array lines = ARRAY_OF(char *);
    const char *deadline = getenv("MWB_PLAY_DEADLINE");
    struct play play = {.path = path, .width = 80, .height = 24};
    play.deadline = deadline != NULL ? strtod(deadline, NULL) : 20;
    play.masks = (struct array)ARRAY_OF(regex_t);
    play.allowed = (struct array)ARRAY_OF(char *);
    if (!read_lines(path, &lines)) {
        return EXIT_FAILURE;
    }
    char *name = string_copy(path);
    play.folder = string_copy(dirname(name));
    play.scratch = scratch_make();
    find_build();
    prepare_environment(&play);
    perform_lines(&play, &lines, 0, lines.count);
    printf("1..%d\n", play.points);
    program_end(&play);
    scratch_remove(play.scratch);
    for (size_t i = 0; i < play.masks.count; i++) {
        regfree(array_at(&play.masks, i));
    }
    release_lines(&lines);
    for (size_t i = 0; i < play.allowed.count; i++) {
        free(*(char **)array_at(&play.allowed, i));
    }
    array_release(&play.allowed);
    array_release(&play.masks);
    names_release(&play.environment);
    names_release(&play.variables);
    text_release(&play.raw);
    free(play.folder);
    free(play.scratch);
    free(name);
    return play.failures > 0 || play.points == 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int print_help(void)
{
    const struct play_command *const lists[] = {play_steps, play_expects};
    printf("play SCRIPT             perform a play (TAP)\n"
           "play --replay RAW [WIDTH HEIGHT [TERM]]   show what these bytes draw\n\n"
           "for NAME in VALUE... / end   perform the lines between for each value\n"
           "include FILE                 perform the lines of a file beside the play\n");
    for (size_t i = 0; i < 2; i++) {
        for (const struct play_command *command = lists[i]; command->name; command++) {
            printf("%s %s\n      %s\n", command->name, command->usage, command->sentence);
        }
    }
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "C.UTF-8");
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        return print_help();
    }
    if (argc >= 3 && strcmp(argv[1], "--replay") == 0) {
        return replay(argv[2], argc > 4 ? atoi(argv[3]) : 80,
                      argc > 4 ? atoi(argv[4]) : 24,
                      argc > 5 ? argv[5] : "xterm-256color");
    }
    if (argc != 2 || argv[1][0] == '-') {
        fprintf(stderr,
                "usage: play SCRIPT | --replay RAW [WIDTH HEIGHT [TERM]] | --help\n");
        return 2;
    }
    return perform(argv[1]);
}
