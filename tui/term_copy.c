/* term: the clipboard of the person's own terminal, by OSC 52 (term.h); through tmux and
 * GNU screen, which else keep it to themselves.
 *
 * Sources: xterm control sequences, "Operating System Commands" (OSC 52); tmux(1),
 * set-clipboard, allow-passthrough, load-buffer -w; screen(1), "Virtual Terminal": device
 * control strings go to the terminal as they are, at most 768 bytes of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/text.h"
#include "tui/term.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { COPY_MOST = 74994, SCREEN_PART = 240 };

/* The Linux console and the VT series print what they do not know. */
static bool takes_copy(const char *name)
{
    return !string_starts(name, "linux") && !string_starts(name, "vt") &&
           !string_starts(name, "sun") && !string_starts(name, "ansi");
}

/* RFC 4648, section 4. */
static void append_base64(struct text *out, const char *bytes, size_t length)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < length; i += 3) {
        size_t have = length - i < 3 ? length - i : 3;
        unsigned group = 0;
        for (size_t j = 0; j < 3; j++) {
            group = group << 8 | (j < have ? (unsigned char)bytes[i + j] : 0);
        }
        for (size_t j = 0; j < 4; j++) {
            text_append_char(out, j <= have ? digits[group >> (18 - 6 * j) & 63] : '=');
        }
    }
}

/* In a device control string every ESC is doubled. */
static void wrap_for_tmux(const struct text *sequence, struct text *out)
{
    text_append(out, "\033Ptmux;");
    for (size_t i = 0; i < sequence->length; i++) {
        text_append(out, sequence->data[i] == '\033' ? "\033" : "");
        text_append_char(out, sequence->data[i]);
    }
    text_append(out, "\033\\");
}

/* Strings that are too long are dropped by it: the terminal puts the parts together. */
static void wrap_for_screen(const struct text *sequence, struct text *out)
{
    for (size_t i = 0; i < sequence->length; i += SCREEN_PART) {
        size_t left = sequence->length - i;
        text_append(out, "\033P");
        text_append_bytes(out, sequence->data + i,
                          left < SCREEN_PART ? left : SCREEN_PART);
        text_append(out, "\033\\");
    }
}

void term_copy_sequence(enum term_inside inside, const char *bytes, size_t length,
                        struct text *out)
{
    struct text sequence = {0};
    text_append(&sequence, "\033]52;c;");
    append_base64(&sequence, bytes, length);
    text_append(&sequence, "\007");
    if (inside == TERM_IN_SCREEN) {
        wrap_for_screen(&sequence, out);
    } else {
        text_append_bytes(out, sequence.data, sequence.length);
    }
    if (inside == TERM_IN_TMUX) {
        wrap_for_tmux(&sequence, out);
    }
    text_release(&sequence);
}

static enum term_inside find_inside(void)
{
    const char *tmux = getenv("TMUX"), *screen = getenv("STY");
    return tmux != NULL && *tmux != '\0'       ? TERM_IN_TMUX
           : screen != NULL && *screen != '\0' ? TERM_IN_SCREEN
                                               : TERM_ALONE;
}

/* ---- tmux itself ---- */

/* A file that has no name, to be read from its start; -1: none can be had. */
static int file_of(const char *bytes, size_t length)
{
    FILE *file = tmpfile();
    int copy = -1;
    if (file != NULL && fwrite(bytes, 1, length, file) == length && fflush(file) == 0) {
        copy = fcntl(fileno(file), F_DUPFD_CLOEXEC, 3);
    }
    if (file != NULL) {
        fclose(file);
    }
    if (copy >= 0) {
        lseek(copy, 0, SEEK_SET);
    }
    return copy;
}

static void run_load_buffer(int from)
{
    int nowhere = open("/dev/null", O_RDWR);
    if (fork() != 0) {
        _exit(EXIT_SUCCESS); /* who runs it then is nobody's child here */
    }
    dup2(from, STDIN_FILENO);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    execlp("tmux", "tmux", "load-buffer", "-w", "-", (char *)NULL);
    _exit(127);
}

/* As it is set up by default, tmux takes no sequence of ours; its own command is always
 * heard, and it passes the copy on to the terminal. */
static void give_to_tmux(const char *bytes, size_t length)
{
    int from = file_of(bytes, length);
    pid_t child = from >= 0 ? fork() : -1;
    if (child == 0) {
        run_load_buffer(from);
    }
    if (child > 0) {
        waitpid(child, NULL, 0);
    }
    if (from >= 0) {
        close(from);
    }
}

bool term_copy(struct term *term, const char *bytes, size_t length)
{
    if (length > COPY_MOST || !takes_copy(term_name(term))) {
        return false;
    }
    enum term_inside inside = find_inside();
    struct text sequence = {0};
    term_copy_sequence(inside, bytes, length, &sequence);
    term_put(term, text_string(&sequence));
    text_release(&sequence);
    if (inside == TERM_IN_TMUX) {
        give_to_tmux(bytes, length);
    }
    return true;
}
