/* command: from a line to a running verb, and its life.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command.h"
#include "engine/command/other_names.h"
#include "engine/command/private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- Words and flags of a call ---- */

const char *call_word(const struct command_call *call, size_t index)
{
    char **word = array_at(&call->words, index);
    return word != NULL ? *word : NULL;
}

size_t call_count(const struct command_call *call)
{
    return call->words.count;
}

const char *command_flag_value(const struct command_call *call, const char *name)
{
    for (size_t i = call->values.count; i-- > 0;) {
        const struct command_value *value = array_at(&call->values, i);
        if (string_equal(value->name, name)) {
            return value->value != NULL ? value->value : "";
        }
    }
    return NULL;
}

bool call_has_flag(const struct command_call *call, const char *name)
{
    return command_flag_value(call, name) != NULL;
}

bool call_number(const struct command_call *call, const char *flag, long long fallback,
                 long long *number, struct error *err)
{
    const char *value = command_flag_value(call, flag);
    *number = fallback;
    if (value == NULL) {
        return true;
    }
    char *end;
    errno = 0;
    *number = strtoll(value, &end, 10);
    if (errno != 0 || end == value || *end != '\0' || *number < 0) {
        return error_set(err, ERROR_USAGE,
                         "%s of %s is a whole number from 0, not \"%s\"", flag,
                         call->row->name, value);
    }
    return true;
}

static const struct command_flag *find_flag(const struct command_flag *flags,
                                            const char *name, size_t length)
{
    for (; flags != NULL && flags->name != NULL; flags++) {
        if (strlen(flags->name) == length && strncmp(flags->name, name, length) == 0) {
            return flags;
        }
    }
    return NULL;
}

bool command_flag_takes_value(const struct command_flag *flags, const char *word)
{
    const struct command_flag *flag = find_flag(flags, word, strlen(word));
    return flag != NULL && flag->argument != NULL;
}

static bool fail_unknown_flag(const struct command_row *row, const char *word,
                              struct error *err)
{
    const char *names[64] = {NULL};
    size_t count = 0;
    for (const struct command_flag *f = row->flags; f != NULL && f->name != NULL; f++) {
        names[count++] = f->name;
    }
    for (const struct command_flag *f = command_common_flags(); f->name != NULL; f++) {
        names[count++] = f->name;
    }
    const char *near = string_nearest(word, names);
    return error_set(err, ERROR_USAGE, "%s has no flag %s; %s%s%s\"help %s\" lists them",
                     row->name, word, near != NULL ? "did you mean " : "",
                     near != NULL ? near : "", near != NULL ? "? " : "", row->name);
}

/* A flag and its value: "--limit 5" or "--limit=5". */
static bool take_flag(struct command_call *call, const char *const *words, size_t count,
                      size_t *at, struct error *err)
{
    const char *word = words[*at];
    const char *sign = string_starts(word, "--") ? strchr(word, '=') : NULL;
    size_t length = sign != NULL ? (size_t)(sign - word) : strlen(word);
    const struct command_flag *flag = find_flag(call->row->flags, word, length);
    if (flag == NULL) {
        flag = find_flag(command_common_flags(), word, length);
    }
    if (flag == NULL) {
        return fail_unknown_flag(call->row, word, err);
    }
    const char *given = NULL;
    if (flag->argument != NULL) {
        given = sign != NULL ? sign + 1 : *at + 1 < count ? words[++*at] : NULL;
        if (given == NULL) {
            return error_set(err, ERROR_USAGE, "%s of %s needs a value: %s", flag->name,
                             call->row->name, flag->argument);
        }
    } else if (sign != NULL) {
        return error_set(err, ERROR_USAGE, "%s of %s takes no value", flag->name,
                         call->row->name);
    }
    struct command_value *value = array_push(&call->values);
    value->name = string_copy(flag->name);
    value->value = string_copy(given);
    return true;
}

static bool is_flag(const char *word)
{
    bool is_number = word[0] == '-' && strspn(word + 1, ".0123456789") > 0;
    return word[0] == '-' && word[1] != '\0' && !is_number &&
           strpbrk(word, " \n") == NULL;
}

static bool take_words(struct command_call *call, const char *const *words, size_t count,
                       struct error *err)
{
    bool only_words = false;
    for (size_t i = 1; i < count; i++) {
        if (!only_words && string_equal(words[i], "--")) {
            only_words = true;
        } else if (!only_words && is_flag(words[i])) {
            if (!take_flag(call, words, count, &i, err)) {
                return false;
            }
        } else {
            *(char **)array_push(&call->words) = string_copy(words[i]);
        }
    }
    return true;
}

/* ---- Life of a call ---- */

/* Rows that a verb made itself go with the call; on a screen they are a result like any
 * other. A page of text is shown instead of them. */
static void show_rows(struct command_call *call)
{
    struct error err = {0};
    if (!call->spec.has_screen || call->rows == NULL || call->reply.text.length > 0) {
        return;
    }
    if (workbench_show_rows(call->workbench, call->rows, call->row->name, &err)) {
        call->rows = NULL;
        call->reply.view = "grid";
    } else {
        call->reply.error = err;
        call->reply.result = NULL;
    }
}

static void tell_finished(void *owner)
{
    struct command_call *call = owner;
    call->timer = 0;
    if (call->is_abandoned) {
        command_free(call);
    } else if (call->spec.finished != NULL) {
        show_rows(call);
        call->spec.finished(call->spec.owner, call);
    }
}

void call_done(struct command_call *call)
{
    if (!call->is_over) {
        call->is_over = true;
        call->timer = loop_after(call->workbench->loop, 0, tell_finished, call);
    }
}

void call_fail(struct command_call *call, const struct error *err)
{
    call->reply.error = *err;
    call_done(call);
}

enum { LOOK_AGAIN_MS = 5 };

/* The next verb of a script is to see what this one wrote. */
static void end_when_read(void *owner)
{
    struct command_call *call = owner;
    call->timer = 0;
    if (call->workbench->catalog_is_loading) {
        call->timer =
            loop_after(call->workbench->loop, LOOK_AGAIN_MS, end_when_read, call);
    } else {
        call_done(call);
    }
}

bool call_read_again(struct command_call *call, struct error *err)
{
    if (!workbench_read_catalog(call->workbench, err)) {
        return false;
    }
    end_when_read(call);
    return true;
}

void call_message(struct command_call *call, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    text_clear(&call->reply.message);
    text_vprintf(&call->reply.message, format, args);
    va_end(args);
}

static bool check_needs(const struct command_call *call, struct error *err)
{
    if (call_has_flag(call, "--role") && !string_equal(call->row->name, "access")) {
        return error_set(err, ERROR_USAGE,
                         "--role holds for a whole run, not for one line; \"role NAME\" "
                         "switches to another role");
    }
    unsigned needs = call->row->needs;
    const struct workbench *workbench = call->workbench;
    if ((needs & COMMAND_SCREEN_ONLY) && !call->spec.has_screen) {
        return error_set(err, ERROR_USAGE, "%s works on the screen only",
                         call->row->name);
    }
    if ((needs & COMMAND_SESSION_ONLY) && !call->spec.has_screen &&
        !call->spec.is_dialog) {
        return error_set(err, ERROR_USAGE, "%s works in a session only: mwb, mwb --plain",
                         call->row->name);
    }
    if ((needs & COMMAND_NEEDS_MESH) && workbench->catalog == NULL) {
        return error_set(
            err, ERROR_USAGE,
            workbench->catalog_is_loading
                ? "%s has to wait: the catalog is still being read"
                : "%s needs a mesh: name one with --mesh FOLDER or MWB_MESH, or "
                  "make the sandbox with \"mwb demo\"",
            call->row->name);
    }
    if ((needs & COMMAND_NEEDS_RESULT) &&
        (workbench->shown == NULL || workbench->shown->result == NULL)) {
        return error_set(err, ERROR_USAGE, "%s needs rows: run a query first",
                         call->row->name);
    }
    return true;
}

bool command_fail_unknown(const char *name, struct error *err)
{
    size_t count;
    const struct command_row *rows = command_rows(&count);
    const char **names = memory_new_many(count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++) {
        names[i] = rows[i].name;
    }
    const char *near = string_nearest(name, names);
    free(names);
    return near != NULL
               ? error_set(err, ERROR_USAGE, "there is no verb \"%s\"; did you mean %s?",
                           name, near)
               : error_set(err, ERROR_USAGE,
                           "there is no verb \"%s\"; \"help\" lists them all", name);
}

struct command_call *command_start_words(const struct command_spec *spec,
                                         const char *const *words, size_t count,
                                         struct error *err)
{
    const struct command_row *row = count > 0 ? command_named(words[0]) : NULL;
    if (row == NULL) {
        command_fail_unknown(count > 0 ? words[0] : "", err);
        return NULL;
    }
    struct command_call *call = memory_new(sizeof *call);
    call->row = row;
    call->spec = *spec;
    call->workbench = spec->workbench;
    call->tab = workbench_tab_in_front(spec->workbench)->id;
    call->words = (struct array)ARRAY_OF(char *);
    call->values = (struct array)ARRAY_OF(struct command_value);
    if (!take_words(call, words, count, err) || !check_needs(call, err) ||
        !row->run(call, err)) {
        command_free(call);
        return NULL;
    }
    call->is_started = true;
    return call;
}

struct command_call *command_start_line(const struct command_spec *spec, const char *line,
                                        struct error *err)
{
    struct command_spec heard = *spec;
    struct text own = {0};
    bool done = !command_is_other(line) || command_translate(line, &own, err);
    struct array words = ARRAY_OF(char *);
    if (!done || !words_split(own.length > 0 ? text_string(&own) : line, &words, err)) {
        text_release(&own);
        return NULL;
    }
    text_release(&own);
    heard.is_hidden = line[0] == ' ' || line[0] == '\t' || command_is_other(line);
    struct command_call *call =
        command_start_words(&heard, words.items, words.count, err);
    words_release(&words);
    return call;
}

bool command_is_over(const struct command_call *call)
{
    return call->is_over;
}

void command_cancel(struct command_call *call)
{
    if (call->is_over) {
        return;
    }
    if (call->cancel != NULL) {
        call->cancel(call);
    }
    if (call->ran != NULL) {
        workbench_result_cancel(call->ran);
    }
    if (call->watched != NULL) {
        workbench_result_cancel(call->watched);
    }
    if (call->job != NULL) {
        job_cancel(call->job);
    }
}

const struct command_reply *command_reply(const struct command_call *call)
{
    return &call->reply;
}

unsigned long command_tab(const struct command_call *call)
{
    return call->is_of_tab ? call->tab : call->watched != NULL ? call->watched->tab : 0;
}

unsigned long command_home(const struct command_call *call)
{
    return call->tab;
}

const char *command_verb(const struct command_call *call)
{
    return call->row->name;
}

void command_free(struct command_call *call)
{
    if (call == NULL) {
        return;
    }
    if (!call->is_over && call->is_started) {
        call->is_abandoned = true; /* its jobs still point here: freed at their end */
        command_cancel(call);
        return;
    }
    loop_cancel(call->workbench->loop, call->timer);
    workbench_result_free(call->ran);
    result_free(call->rows);
    if (call->free_own != NULL) {
        call->free_own(call->own);
    }
    for (size_t i = 0; i < call->values.count; i++) {
        struct command_value *value = array_at(&call->values, i);
        free(value->name);
        free(value->value);
    }
    array_release(&call->values);
    words_release(&call->words);
    text_release(&call->reply.message);
    text_release(&call->reply.notes);
    text_release(&call->reply.text);
    text_release(&call->reply.action);
    words_release(&call->reply.program);
    free(call);
}
