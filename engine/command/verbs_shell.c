/* command: the verb shell, `\!`: a person's own command on the terminal.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"

#include <stdlib.h>
#include <string.h>

/* The screen comes back only when what was printed has been read. */
static const char read_first[] = "sh -c \"$1\"; status=$?; printf '\\nEnter goes back. "
                                 "'; read -r answer; exit $status";

static void put_program(struct command_call *call, const char *const *words)
{
    call->reply.program = (struct array)ARRAY_OF(char *);
    for (; *words != NULL; words++) {
        *(char **)array_push(&call->reply.program) = string_copy(*words);
    }
    *(char **)array_push(&call->reply.program) = NULL;
}

/* Only what a person types: a script, which may be of others, starts no programs. */
bool verb_shell(struct command_call *call, struct error *err)
{
    struct text line = {0};
    const char *shell = getenv("SHELL");
    if (!options_flag(call->workbench->options, "shell")) {
        return error_set(err, ERROR_FAILED,
                         "the setting shell is off, so no programs are started");
    }
    bool is_person = call->spec.has_screen || call->spec.can_ask;
    if (!call->spec.is_dialog || !is_person) {
        return error_set(
            err, ERROR_USAGE,
            "shell runs what a person types, no line of a script or of another program");
    }
    for (size_t i = 0; i < call_count(call); i++) {
        text_append(&line, i > 0 ? " " : "");
        text_append(&line, call_word(call, i));
    }
    if (line.length == 0) {
        put_program(call,
                    (const char *const[]){
                        shell != NULL && shell[0] == '/' ? shell : "/bin/sh", NULL});
    } else if (!call->spec.has_screen) {
        put_program(call,
                    (const char *const[]){"/bin/sh", "-c", text_string(&line), NULL});
    } else {
        put_program(call, (const char *const[]){"/bin/sh", "-c", read_first, "sh",
                                                text_string(&line), NULL});
    }
    text_release(&line);
    call_done(call);
    return true;
}
