/* command: tabs, and where the time of a statement goes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"
#include "engine/path.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_LARGEST = 16 << 20 };

/* ---- Which ---- */

/* By its number or its name; SIZE_MAX and a sentence: there is none. */
static size_t find_tab(const struct workbench *workbench, const char *word,
                       struct error *err)
{
    char *end;
    unsigned long number = strtoul(word, &end, 10);
    if (*end == '\0' && number >= 1 && number <= workbench->tabs.count) {
        return number - 1;
    }
    for (size_t i = 0; i < workbench->tabs.count; i++) {
        struct text told = {0};
        workbench_tab_describe(workbench, i, &told);
        const char *name = strchr(text_string(&told), ' ');
        bool is = name != NULL && string_equal_fold(name + 1, word);
        text_release(&told);
        if (is) {
            return i;
        }
    }
    error_set(err, ERROR_USAGE,
              "there is no tab %s; there %s %zu, and \"tab new\" opens one", word,
              workbench->tabs.count == 1 ? "is" : "are", workbench->tabs.count);
    return SIZE_MAX;
}

static void tell_front(struct command_call *call)
{
    struct text told = {0};
    workbench_tab_describe(call->workbench, call->workbench->tab, &told);
    call_message(call, "tab %s", text_string(&told));
    text_release(&told);
}

/* ---- What is done ---- */

static bool new_tab(struct command_call *call, struct error *err)
{
    const char *file = call_word(call, 1);
    char *bytes = NULL;
    size_t length;
    if (file != NULL && !path_read_file(file, FILE_LARGEST, &bytes, &length, err)) {
        return false;
    }
    struct workbench_tab *tab = workbench_tab_new(call->workbench);
    tab->file = string_copy(file);
    tab->in_file = bytes;
    if (bytes != NULL) {
        free(call->workbench->buffer);
        call->workbench->buffer = string_copy(bytes);
        workbench_changed(call->workbench, WORKBENCH_BUFFER);
    }
    tell_front(call);
    return true;
}

static bool step(struct command_call *call, size_t by)
{
    struct workbench *workbench = call->workbench;
    workbench_tab_select(workbench, (workbench->tab + by) % workbench->tabs.count);
    tell_front(call);
    return true;
}

static bool next(struct command_call *call, struct error *err)
{
    (void)err;
    return step(call, 1);
}

static bool previous(struct command_call *call, struct error *err)
{
    (void)err;
    return step(call, call->workbench->tabs.count - 1);
}

/* What runs or is not committed in it goes only with a yes. */
static bool may_close(struct command_call *call, size_t index, struct error *err)
{
    struct workbench *workbench = call->workbench;
    const struct workbench_tab *tab = workbench_tab_at(workbench, index);
    const struct workbench_result *shown = workbench_tab_shown(workbench, tab);
    bool is_open = workbench_tab_transaction(workbench, tab) >= 0;
    bool is_running = shown != NULL && !shown->is_over;
    if (call_has_flag(call, "--yes") || (!is_open && !is_running)) {
        return true;
    }
    struct text why = {0};
    text_printf(&why, "tab %zu %s", index + 1,
                is_open ? "has an open transaction, which would be rolled back"
                        : "runs a statement, which would be stopped");
    call_ask_yes(call, text_string(&why));
    if (call->reply.action.length == 0) {
        error_set(err, ERROR_FAILED, "%s; \"tab close --yes\" closes it",
                  text_string(&why));
    }
    text_release(&why);
    return false;
}

static bool close_tab(struct command_call *call, struct error *err)
{
    struct workbench *workbench = call->workbench;
    const char *word = call_word(call, 1);
    size_t index = word != NULL ? find_tab(workbench, word, err) : workbench->tab;
    if (index == SIZE_MAX) {
        return false;
    }
    if (!may_close(call, index, err)) {
        return call->reply.action.length > 0;
    }
    workbench_tab_close(workbench, index);
    tell_front(call);
    return true;
}

static bool rename_tab(struct command_call *call, struct error *err)
{
    enum { LONGEST = 64 };
    struct workbench_tab *tab = workbench_tab_in_front(call->workbench);
    const char *name = call_word(call, 1);
    for (const char *c = name; c != NULL && *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || strlen(name) > LONGEST) {
            return error_set(err, ERROR_USAGE,
                             "the name of a tab is one line of at most %d bytes",
                             LONGEST);
        }
    }
    free(tab->name);
    tab->name = name != NULL && *name != '\0' ? string_copy(name) : NULL;
    workbench_changed(call->workbench, WORKBENCH_TABS);
    tell_front(call);
    return true;
}

/* ---- All of them ---- */

static void list_one(const struct workbench *workbench, size_t index, struct text *out)
{
    const struct workbench_tab *tab = workbench_tab_at(workbench, index);
    const struct workbench_result *shown = workbench_tab_shown(workbench, tab);
    text_append(out, index == workbench->tab ? "* " : "  ");
    workbench_tab_describe(workbench, index, out);
    if (shown != NULL) {
        text_printf(out, "  %s %s, ", shown->title,
                    !shown->is_over                   ? "runs"
                    : shown->error.kind != ERROR_NONE ? "failed"
                                                      : "ok");
        text_append_count(out, workbench_result_rows(shown), "row");
    }
    if (workbench_tab_transaction(workbench, tab) >= 0) {
        text_append(out, ", transaction open");
    }
    text_append_char(out, '\n');
}

static bool list_tabs(struct command_call *call)
{
    for (size_t i = 0; i < call->workbench->tabs.count; i++) {
        list_one(call->workbench, i, &call->reply.text);
    }
    call->reply.text_title = "Tabs";
    call->reply.view = "text";
    return true;
}

static const struct {
    const char *word;
    bool (*act)(struct command_call *call, struct error *err);
} actions[] = {
    {"new", new_tab},     {"next", next},         {"previous", previous},
    {"close", close_tab}, {"rename", rename_tab},
};

static bool act(struct command_call *call, struct error *err)
{
    const char *word = call_word(call, 0);
    if (word == NULL) {
        return list_tabs(call);
    }
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (string_equal(actions[i].word, word)) {
            return actions[i].act(call, err);
        }
    }
    size_t index = find_tab(call->workbench, word, err);
    if (index != SIZE_MAX) {
        workbench_tab_select(call->workbench, index);
        tell_front(call);
    }
    return index != SIZE_MAX;
}

bool verb_tab(struct command_call *call, struct error *err)
{
    bool done = act(call, err);
    if (done) {
        call_done(call);
    }
    return done;
}

/* ---- timing ---- */

bool verb_timing(struct command_call *call, struct error *err)
{
    struct options *options = call->workbench->options;
    const char *word = call_word(call, 0);
    const char *other = options_flag(options, "timing") ? "off" : "on";
    if (!options_set(options, "timing", word != NULL ? word : other, err)) {
        return false;
    }
    call_message(call, "timing is %s", options_flag(options, "timing") ? "on" : "off");
    workbench_changed(call->workbench, WORKBENCH_OPTIONS);
    call_done(call);
    return true;
}

void call_tell_timing(struct command_call *call, const struct workbench_result *result)
{
    char whole[32], first[32];
    if (!options_flag(call->workbench->options, "timing")) {
        return;
    }
    struct text told = {0};
    string_of_seconds(result->seconds, whole, sizeof whole);
    string_of_seconds(result->first_row, first, sizeof first);
    text_printf(&told, "time %s", whole);
    if (result->first_row >= 0) {
        text_printf(&told, ", first row after %s", first);
    }
    if (result->run != NULL && session_run_scanned(result->run) > 0) {
        text_append(&told, ", ");
        text_append_count(&told, session_run_scanned(result->run), "row");
        text_append(&told, " of tables looked at");
    }
    /* On standard output stand rows; without a screen it goes beside them. */
    text_printf(call->spec.has_screen ? &call->reply.message : &call->reply.notes,
                call->spec.has_screen ? "; %s" : "%s\n", text_string(&told));
    text_release(&told);
}
