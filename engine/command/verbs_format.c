/* command: format: lay out the SQL given, of a file, of standard input or of the editor.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"
#include "engine/formatter.h"
#include "engine/path.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FORMAT_LARGEST = 64 << 20, WIDTH_LEAST = 20, WIDTH_MOST = 1000 };

/* Of a file every line ends in a line break, also the last. */
static bool lay_out(const struct command_call *call, const char *sql, struct text *out,
                    struct error *err)
{
    long long width;
    if (!call_number(call, "--width", 80, &width, err)) {
        return false;
    }
    if (width < WIDTH_LEAST || width > WIDTH_MOST) {
        return error_set(err, ERROR_USAGE, "--width is %d to %d columns, not %lld",
                         WIDTH_LEAST, WIDTH_MOST, width);
    }
    if (!formatter_format(sql, strlen(sql), (int)width, out, err)) {
        return false;
    }
    text_append(out, out->length > 0 ? "\n" : "");
    return true;
}

static bool write_back(struct command_call *call, const char *file, const char *sql,
                       const struct text *made, struct error *err)
{
    struct stat status;
    if (string_equal(sql, text_string(made))) {
        call_message(call, "%s is laid out already.", file);
        return true;
    }
    mode_t mode = stat(file, &status) == 0 ? status.st_mode & 0777 : 0600;
    if (!path_write_file(file, text_string(made), made->length, mode, err)) {
        return false;
    }
    call_message(call, "%s was laid out.", file);
    return true;
}

/* SQL stands where a file could: `mwb format "select 1"`. */
static bool is_statement(const char *word)
{
    return words_start_sql(word) && !path_exists(word);
}

static bool answer(struct command_call *call, const char *file, const char *sql,
                   struct text *made, struct error *err)
{
    bool is_input = string_equal(file, "-") || is_statement(file);
    if (call_has_flag(call, "--check")) {
        if (!string_equal(sql, text_string(made))) {
            call_message(call, "%s is not laid out as mwb format would.",
                         is_statement(file) ? "The statement"
                         : is_input         ? "Standard input"
                                            : file);
            error_set(&call->reply.error, ERROR_VERDICT, "the layout is another one");
        }
        return true;
    }
    if (call_has_flag(call, "--write") && !is_input) {
        return write_back(call, file, sql, made, err);
    }
    text_append_bytes(&call->reply.text, text_string(made), made->length);
    call->reply.text_title = "SQL";
    call->reply.view = "text";
    return true;
}

static char *read_sql(struct command_call *call, const char *file, struct error *err)
{
    char *sql = NULL;
    size_t length;
    if (string_equal(file, "-") || is_statement(file)) {
        return call_sql(call, 0, err);
    }
    if (!path_read_file(file, FORMAT_LARGEST, &sql, &length, err)) {
        return NULL;
    }
    if (memchr(sql, '\0', length) != NULL) {
        error_set(err, ERROR_FAILED,
                  "could not format %s: it holds NUL bytes, so it is "
                  "no SQL",
                  file);
        free(sql);
        return NULL;
    }
    return sql;
}

bool verb_format(struct command_call *call, struct error *err)
{
    const char *file = call_word(call, 0);
    struct text made = {0};
    if (file == NULL && call->spec.has_screen) {
        bool all = call_has_flag(call, "--all");
        text_append(&call->reply.action, all ? "format all" : "format");
        call_done(call);
        return true;
    }
    if (file == NULL || (call->spec.has_screen && string_equal(file, "-"))) {
        return error_set(err, ERROR_USAGE,
                         "format needs SQL or a file%s: format report.sql",
                         call->spec.has_screen ? "" : ", or - for standard input");
    }
    char *sql = read_sql(call, file, err);
    bool done = sql != NULL && lay_out(call, sql, &made, err) &&
                answer(call, file, sql, &made, err);
    if (done) {
        call_done(call);
    }
    free(sql);
    text_release(&made);
    return done;
}
