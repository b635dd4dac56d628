/* main: start-up, arguments, and the only loop of the screen.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command.h"
#include "engine/filetree.h"
#include "engine/path.h"
#include "engine/secret.h"
#include "engine/workbench.h"
#include "tui/batch.h"
#include "tui/layout.h"
#include "tui/pace.h"
#include "tui/plain.h"
#include "tui/term.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct arguments {
    const char *mesh;         /* --mesh, or the only word */
    const char *role;         /* --role */
    const char *const *words; /* a verb and its words */
    size_t count;
    int sync_fd; /* -1: none */
    bool is_verb;
    bool is_slow;  /* --slow */
    bool is_plain; /* --plain */
};

struct program {
    struct workbench *workbench;
    struct screen *screen;
    struct term *term;
    struct pace pace;
    int frame_timer; /* a frame that waits for its time; 0: none */
    int sync_fd;
    bool is_idle;
};

/* ---- The loop ---- */

static void tell_sync(const struct program *program, char byte)
{
    if (program->sync_fd >= 0) {
        ssize_t ignored = write(program->sync_fd, &byte, 1);
        (void)ignored;
    }
}

static bool has_nothing_to_do(const struct program *program)
{
    const struct workbench *workbench = program->workbench;
    return !workbench_is_running(workbench) && !workbench->catalog_is_loading &&
           workbench->feed == NULL && program->frame_timer == 0 &&
           !jobs_work(workbench->jobs) && screen_is_idle(program->screen) &&
           !term_is_waiting(program->term);
}

static void on_terminal(void *owner)
{
    struct program *program = owner;
    struct term_event event = {0};
    program->is_idle = false;
    tell_sync(program, 'b'); /* before it is read: an 'i' before this is an old one */
    /* A lost terminal says so for ever: once is enough. */
    while (!screen_wants_quit(program->screen) && term_read(program->term, &event)) {
        screen_event(program->screen, &event);
        text_release(&event.paste);
        event = (struct term_event){0};
    }
}

static void on_changed(void *owner, unsigned changes)
{
    struct program *program = owner;
    program->is_idle = false;
    if (program->screen != NULL) {
        screen_changed(program->screen, changes);
    }
}

static void on_frame_due(void *owner)
{
    struct program *program = owner;
    program->frame_timer = 0;
}

static void draw_frame(struct program *program)
{
    double began = path_monotonic();
    screen_draw(program->screen);
    pace_drawn(&program->pace, began, path_monotonic());
    tell_sync(program, 'r');
    program->is_idle = false; /* 'i' is the last word, also after a late repaint */
}

/* Draw when something changed, unless it is too soon over this link. */
static void draw_in_time(struct program *program)
{
    if (!screen_needs_draw(program->screen) || program->frame_timer != 0) {
        return;
    }
    double wait = pace_wait(&program->pace, path_monotonic());
    if (wait <= 0) {
        draw_frame(program);
    } else {
        program->is_idle = false;
        program->frame_timer =
            loop_after(program->workbench->loop, wait, on_frame_due, program);
    }
}

static void start_pace(struct program *program)
{
    const char *link = options_get(program->workbench->options, "link");
    pace_init(&program->pace, term_profile(program->term)->round_trip,
              string_equal(link, "slow"), string_equal(link, "fast"));
}

static void run_loop(struct program *program)
{
    struct loop *loop = program->workbench->loop;
    loop_watch(loop, term_fd(program->term), on_terminal, program);
    start_pace(program);
    while (!screen_wants_quit(program->screen)) {
        draw_in_time(program);
        if (!program->is_idle && has_nothing_to_do(program)) {
            program->is_idle = true;
            tell_sync(program, 'i');
        }
        loop_step(loop, -1);
    }
    loop_cancel(loop, program->frame_timer);
    loop_unwatch(loop, term_fd(program->term));
}

/* ---- The screen ---- */

/* Rows were piped in: keys come from the terminal itself. */
static void read_keys_from_terminal(void)
{
    int tty = open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (tty >= 0) {
        dup2(tty, STDIN_FILENO);
        close(tty);
    }
}

/* The mesh as named, else MWB_MESH, the setting, the last one; none is the welcome
 * screen. */
static bool open_mesh(struct workbench *workbench, const char *named, struct error *err)
{
    char *mesh = batch_mesh(workbench, named, true, err);
    if (mesh == NULL && named != NULL) {
        return false;
    }
    bool is_last = mesh == NULL;
    if (is_last) {
        mesh = workbench_last_mesh();
    }
    bool done = mesh == NULL || workbench_open_mesh(workbench, mesh, err) || is_last;
    free(mesh);
    return done;
}

static int complain(const struct error *err)
{
    batch_complain(err);
    return (int)err->kind;
}

static int show_screen(struct program *program, const char *first_line)
{
    struct error err = {0};
    struct term_spec term = {
        .mouse = options_flag(program->workbench->options, "mouse"),
        .escape_delay = (int)options_number(program->workbench->options, "escape_delay"),
    };
    program->term = term_open(&term, &err);
    if (program->term == NULL) {
        return complain(&err);
    }
    struct screen_spec spec = {.workbench = program->workbench, .term = program->term};
    program->screen = screen_new(&spec, &err);
    if (program->screen != NULL) {
        workbench_check_sources(program->workbench);
        if (first_line != NULL) {
            screen_run(program->screen, first_line);
        }
        run_loop(program);
        screen_free(program->screen);
        program->screen = NULL;
    }
    term_close(program->term);
    return err.kind != ERROR_NONE ? complain(&err) : 0;
}

static int run_screen(const struct arguments *arguments, const char *first_line)
{
    struct error err = {0};
    struct program program = {.sync_fd = arguments->sync_fd};
    struct workbench_spec spec = {
        .role = arguments->role,
        .with_state = true,
        .changed = on_changed,
        .owner = &program,
    };
    program.workbench = workbench_new(&spec, &err);
    if (program.workbench == NULL) {
        return complain(&err);
    }
    if (arguments->is_slow) {
        options_set(program.workbench->options, "link", "slow", NULL);
    }
    int status = 0;
    bool opened =
        first_line != NULL ||
        (open_mesh(program.workbench, arguments->mesh, &err) &&
         (arguments->role == NULL || workbench_has_role(program.workbench, &err)));
    if (!opened) {
        status = complain(&err);
    } else {
        if (!isatty(STDIN_FILENO)) {
            read_keys_from_terminal();
        }
        status = show_screen(&program, first_line);
    }
    workbench_free(program.workbench);
    return status;
}

/* ---- Arguments ---- */

/* A file or folder, standard input, a repository at a ref, an address. */
static bool may_be_mesh(const char *word)
{
    char *place = filetree_canonical(word, NULL);
    bool may_be = place != NULL || string_equal(word, "-");
    free(place);
    return may_be;
}

static bool take_arguments(int argc, char **argv, struct arguments *arguments,
                           struct error *err)
{
    const char **words = memory_new_many((size_t)argc + 1, sizeof *words);
    arguments->sync_fd = -1;
    for (int i = 1; i < argc; i++) {
        bool has_value = i + 1 < argc;
        if (string_equal(argv[i], "--sync-fd") && has_value) {
            arguments->sync_fd = atoi(argv[++i]);
        } else if (string_equal(argv[i], "--slow")) {
            arguments->is_slow = true;
        } else if (string_equal(argv[i], "--plain")) {
            arguments->is_plain = true;
        } else if (string_equal(argv[i], "--mesh") && has_value) {
            arguments->mesh = argv[++i];
        } else if (string_starts(argv[i], "--mesh=")) {
            arguments->mesh = argv[i] + strlen("--mesh=");
        } else if (string_equal(argv[i], "--role") && has_value) {
            arguments->role = argv[++i];
        } else if (string_starts(argv[i], "--role=")) {
            arguments->role = argv[i] + strlen("--role=");
        } else {
            words[arguments->count++] = argv[i];
        }
    }
    arguments->words = words;
    if (arguments->count == 0) {
        return true;
    }
    if (string_equal(words[0], "--help") || string_equal(words[0], "-h")) {
        words[0] = "help";
    } else if (string_equal(words[0], "--version") || string_equal(words[0], "-V")) {
        words[0] = "version";
    }
    const struct command_row *row = command_named(words[0]);
    arguments->is_verb = row != NULL && string_equal(row->name, words[0]);
    if (arguments->is_verb) {
        return true;
    }
    if (arguments->count > 1 || !may_be_mesh(words[0])) {
        return error_set(
            err, path_exists(words[0]) ? ERROR_USAGE : ERROR_FAILED,
            "could not open %s: it is neither a verb nor a file or folder that "
            "exists; \"mwb help\" lists the verbs",
            path_exists(words[0]) ? words[1] : words[0]);
    }
    arguments->mesh = words[0];
    return true;
}

/* "demo" opens the screen at the end, unless asked not to or there is no terminal. */
static bool opens_screen(const struct arguments *arguments)
{
    if (!string_equal(arguments->words[0], "demo") || !isatty(STDIN_FILENO) ||
        !isatty(STDOUT_FILENO)) {
        return false;
    }
    for (size_t i = 1; i < arguments->count; i++) {
        if (string_equal(arguments->words[i], "--no-ui") ||
            string_equal(arguments->words[i], "--help")) {
            return false;
        }
    }
    return true;
}

static int run_demo_screen(const struct arguments *arguments)
{
    struct text line = {0};
    for (size_t i = 0; i < arguments->count; i++) {
        text_printf(&line, "%s\"%s\"", i > 0 ? " " : "", arguments->words[i]);
    }
    int status = run_screen(arguments, text_string(&line));
    text_release(&line);
    return status;
}

/* Somebody may start us with stdin, stdout or stderr closed; the next files we open must
 * not take their numbers. What stands in fails when it is used, as the closed one would:
 * an answer that nobody gets is an error. */
static void open_standard_files(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0) {
            open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        }
    }
}

/* Whoever asks what a role may see need not have it. */
static int run_verb(const struct arguments *arguments)
{
    bool only_asks =
        arguments->role != NULL && string_equal(arguments->words[0], "access");
    if (!only_asks) {
        return batch_run(arguments->mesh, arguments->role, arguments->words,
                         arguments->count);
    }
    const char **words = memory_new_many(arguments->count + 2, sizeof *words);
    memcpy(words, arguments->words, arguments->count * sizeof *words);
    words[arguments->count] = "--role";
    words[arguments->count + 1] = arguments->role;
    int status = batch_run(arguments->mesh, NULL, words, arguments->count + 2);
    free(words);
    return status;
}

static int run(const struct arguments *arguments)
{
    if (arguments->is_verb) {
        return opens_screen(arguments) ? run_demo_screen(arguments) : run_verb(arguments);
    }
    if (arguments->is_plain) {
        return plain_run(arguments->mesh, arguments->role, arguments->sync_fd);
    }
    bool has_terminal = isatty(STDOUT_FILENO) &&
                        (isatty(STDIN_FILENO) || string_equal(arguments->mesh, "-"));
    return has_terminal ? run_screen(arguments, NULL)
                        : batch_open(arguments->mesh, arguments->role);
}

int main(int argc, char **argv)
{
    struct error err = {0};
    struct arguments arguments = {0};
    open_standard_files();
    secret_guard_process();   /* its children are guarded with it */
    signal(SIGXFSZ, SIG_IGN); /* a write past the limit fails with EFBIG instead */
    setlocale(LC_ALL, "");
    setlocale(LC_NUMERIC, "C");
    int status =
        take_arguments(argc, argv, &arguments, &err) ? run(&arguments) : complain(&err);
    free((void *)arguments.words);
    return status;
}
