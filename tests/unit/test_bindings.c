/* test_bindings: the editor's keys do what they do in bash, by the names of readline's
 * commands, for users of emacs and of vi. Where bash is there, it is asked as well, on a
 * pseudo-terminal: the list says what it says.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef HAVE_READLINE
#include <readline/readline.h>
#endif

#include "engine/path.h"
#include "tests/unit/bindings.h"
#include "tests/unit/tap.h"
#include "tui/lineedit.h"

#if defined(__SANITIZE_ADDRESS__)
/* readline 8.2 itself forgets kills of vi mode (x, ~): a few bytes each. */
const char *__lsan_default_suppressions(void) __attribute__((visibility("default")));
const char *__lsan_default_suppressions(void)
{
    return "leak:libreadline\n";
}
#endif

enum { ANSWER_SECONDS = 20, ANSWER_MOST = 4096 };

static const char *const history[] = {"select first", "select second one"};

/* ---- Keys as they are written ---- */

/* The next key of the notation; false at its end. */
static bool next_key(const char **keys, struct key *key)
{
    const char *at = *keys;
    if (*at == '\0') {
        return false;
    }
    *key = (struct key){.code = (unsigned char)*at};
    *keys = at + 1;
    if (*at != '<') {
        return true;
    }
    const char *end = strchr(at + 2, '>');
    if (strncmp(at, "<M->>", 5) == 0 || strncmp(at, "<M-<lt>>", 8) == 0) {
        end = strstr(at, ">>") + 1;
    }
    char *name = string_copy_bytes(at + 1, (size_t)(end - at - 1));
    key->alt = strncmp(name, "M-", 2) == 0;
    const char *base = key->alt ? name + 2 : name;
    key->code = strcmp(base, "BS") == 0    ? KEY_CODE_BACKSPACE
                : strcmp(base, "Esc") == 0 ? KEY_CODE_ESCAPE
                : strcmp(base, "lt") == 0 || strcmp(base, "<lt>") == 0 ? '<'
                : strncmp(base, "C-", 2) == 0                          ? base[2] & 0x1F
                                                                       : base[0];
    free(name);
    *keys = end + 1;
    return true;
}

static void append_bytes(struct text *out, const char *keys)
{
    struct key key;
    while (next_key(&keys, &key)) {
        text_append(out, key.alt ? "\033" : "");
        text_append_char(out, (char)key.code);
    }
}

static char *with_cursor(const char *text, size_t cursor)
{
    struct text out = {0};
    text_append_bytes(&out, text, cursor);
    text_append_char(&out, '|');
    text_append(&out, text + cursor);
    return text_take(&out);
}

/* ---- Our editor ---- */

static char *ours(const char *keys, const char *mode)
{
    struct lineedit_spec spec = {.multiline = true};
    struct error err = {0};
    struct key key;
    struct lineedit *edit = lineedit_new_readline(&spec, &err);
    if (edit == NULL) {
        return string_copy(err.message);
    }
    rl_variable_bind("editing-mode", mode); /* as `set editing-mode vi` in ~/.inputrc */
    for (size_t i = 0; i < 2; i++) {
        lineedit_history_add(edit, history[i], NULL);
    }
    while (next_key(&keys, &key)) {
        lineedit_key(edit, key);
    }
    char *made = with_cursor(lineedit_text(edit), lineedit_cursor(edit));
    lineedit_free(edit);
    return made;
}

/* ---- bash on a pseudo-terminal ---- */

struct bash {
    pid_t pid;
    int terminal, answers;
};

/* Shown once readline has the terminal: before, keys would be the line discipline's. */
#define PROMPT "mwb-asks "

static const char rc_file[] =
    "PS1='" PROMPT "'; PS2=; HISTFILE=; set -o %s; stty -ixon\n"
    "history -c; history -s 'select first'; history -s 'select second one'\n"
    "tell() { printf '%%s|%%d\\n' \"$READLINE_LINE\" \"$READLINE_POINT\" >&%d; }\n"
    "for map in emacs vi-insert vi-command; do\n"
    "  bind -m $map -x '\"\\C-x\\C-b\": tell'\n"
    "done\n"
    "bind 'set enable-bracketed-paste off' 'set bell-style none'\n";

static bool bash_start(struct bash *bash, const char *folder, const char *mode)
{
    int pipes[2];
    struct winsize size = {.ws_row = 24, .ws_col = 400};
    struct error err = {0};
    if (pipe(pipes) != 0) {
        return false;
    }
    char *rc = path_join(folder, "rc");
    char *script = string_printf(rc_file, mode, pipes[1]);
    bool made = path_write_file(rc, script, strlen(script), 0600, &err);
    fflush(stdout);
    bash->pid = made ? forkpty(&bash->terminal, NULL, NULL, &size) : -1;
    if (bash->pid == 0) {
        close(pipes[0]);
        setenv("INPUTRC", "/dev/null", 1);
        setenv("TERM", "xterm", 1);
        setenv("LC_ALL", "C.UTF-8", 1);
        execlp("bash", "bash", "--noprofile", "--rcfile", rc, "-i", (char *)NULL);
        _exit(127);
    }
    close(pipes[1]);
    bash->answers = pipes[0];
    free(script);
    free(rc);
    return bash->pid > 0;
}

/* One line of an answer; what bash shows meanwhile is read and forgotten. */
static char *bash_answer(struct bash *bash)
{
    struct text line = {0};
    char shown[ANSWER_MOST], byte;
    struct pollfd watched[] = {{.fd = bash->answers, .events = POLLIN},
                               {.fd = bash->terminal, .events = POLLIN}};
    while (poll(watched, 2, ANSWER_SECONDS * 1000) > 0) {
        if ((watched[1].revents & POLLIN) != 0 &&
            read(bash->terminal, shown, sizeof shown) < 0) {
            break;
        }
        if (watched[0].revents != 0) {
            if (read(bash->answers, &byte, 1) != 1) {
                break;
            }
            if (byte == '\n') {
                return line.data != NULL ? text_take(&line) : string_copy("");
            }
            text_append_char(&line, byte);
        }
        if ((watched[1].revents & (POLLHUP | POLLERR)) != 0 &&
            (watched[1].revents & POLLIN) == 0) {
            watched[1].fd = -1;
        }
    }
    text_release(&line);
    return NULL;
}

static bool bash_prompts(struct bash *bash)
{
    struct text shown = {0};
    struct pollfd watched = {.fd = bash->terminal, .events = POLLIN};
    bool found = false;
    while (!found && poll(&watched, 1, ANSWER_SECONDS * 1000) > 0) {
        ssize_t got = read(bash->terminal, text_reserve(&shown, 512), 512);
        if (got <= 0) {
            break;
        }
        text_grow(&shown, (size_t)got);
        found = strstr(text_string(&shown), PROMPT) != NULL;
    }
    text_release(&shown);
    return found;
}

static bool bash_send(const struct bash *bash, const char *bytes, size_t length)
{
    return write(bash->terminal, bytes, length) == (ssize_t)length;
}

static char *bash_does(struct bash *bash, const char *keys)
{
    struct text bytes = {0};
    append_bytes(&bytes, keys);
    text_append(&bytes, "\030\002");
    bool sent = bash_send(bash, bytes.data, bytes.length);
    text_release(&bytes);
    char *answer = sent ? bash_answer(bash) : NULL;
    char *bar = answer != NULL ? strrchr(answer, '|') : NULL;
    if (bar == NULL) {
        free(answer);
        return NULL;
    }
    size_t cursor = (size_t)strtoul(bar + 1, NULL, 10);
    *bar = '\0';
    char *made = with_cursor(answer, cursor < strlen(answer) ? cursor : strlen(answer));
    free(answer);
    return made;
}

static void bash_stop(struct bash *bash)
{
    close(bash->terminal);
    close(bash->answers);
    kill(bash->pid, SIGKILL);
    waitpid(bash->pid, NULL, 0);
}

/* ---- Both ---- */

static void check_ours(const struct binding_case *cases, size_t count, const char *mode)
{
    for (size_t i = 0; i < count; i++) {
        char *made = ours(cases[i].keys, mode);
        is_text(made, cases[i].want, "%s: %s: %s", mode, cases[i].name, cases[i].keys);
        free(made);
    }
}

/* Each key sequence has a bash of its own: history, kills and undo begin anew. */
static char *bashs(const char *keys, const char *mode, const char *folder)
{
    struct bash bash;
    char *made = NULL;
    if (bash_start(&bash, folder, mode)) {
        made = bash_prompts(&bash) ? bash_does(&bash, keys) : NULL;
        bash_stop(&bash);
    }
    return made;
}

static void check_bash(const struct binding_case *cases, size_t count, const char *mode,
                       const char *folder)
{
    char *empty = bashs("", mode, folder);
    if (!string_equal(empty, "|")) {
        ok(true, "bash in %s mode # SKIP there is no bash to ask", mode);
        count = 0;
    }
    free(empty);
    for (size_t i = 0; i < count; i++) {
        char *made = bashs(cases[i].keys, mode, folder);
        is_text(made, cases[i].want, "bash, %s: %s: %s", mode, cases[i].name,
                cases[i].keys);
        free(made);
    }
}

static size_t names_of(const struct binding_case *cases, size_t count)
{
    size_t names = 0;
    for (size_t i = 0; i < count; i++) {
        names += i == 0 || strcmp(cases[i].name, cases[i - 1].name) != 0;
    }
    return names;
}

int main(void)
{
    enum {
        EMACS = sizeof emacs_bindings / sizeof *emacs_bindings,
        VI = sizeof vi_bindings / sizeof *vi_bindings
    };
    char folder[] = "/tmp/mwb-bindings-XXXXXX";
    struct error err = {0};
#ifndef HAVE_READLINE
    puts("1..0 # SKIP this build has no readline");
    return 0;
#endif
    signal(SIGPIPE, SIG_IGN);
    if (mkdtemp(folder) == NULL) {
        return 1;
    }
    setenv("INPUTRC", "/dev/null", 1);
    ok(names_of(emacs_bindings, EMACS) + names_of(vi_bindings, VI) >= 60,
       "sixty commands at least");
    check_ours(emacs_bindings, EMACS, "emacs");
    check_ours(vi_bindings, VI, "vi");
    check_bash(emacs_bindings, EMACS, "emacs", folder);
    check_bash(vi_bindings, VI, "vi", folder);
    ok(path_remove_tree(folder, &err), "cleaned up %s", err.message);
    return tap_done();
}
