/* command: what a person is asked before a line runs: values of its parameters, a yes to
 * what it destroys. Where the face can ask, the line ends and the face runs it again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"
#include "engine/sql.h"

#include <stdlib.h>
#include <string.h>

void call_append_line(const struct command_call *call, struct text *line)
{
    text_append(line, call->spec.is_hidden ? " " : ""); /* it stays out of the history */
    text_append(line, call->row->name);
    for (size_t i = 0; i < call->values.count; i++) {
        const struct command_value *value = array_at(&call->values, i);
        command_append_word(line, value->name);
        if (value->value != NULL) {
            command_append_word(line, value->value);
        }
    }
    for (size_t i = 0; i < call->words.count; i++) {
        command_append_word(line, *(char **)array_at(&call->words, i));
    }
}

/* ---- A yes ---- */

static bool takes_yes(const struct command_call *call)
{
    bool takes = false;
    for (const struct command_flag *flag = call->row->flags;
         flag != NULL && flag->name != NULL; flag++) {
        takes = takes || string_equal(flag->name, "--yes");
    }
    return takes && !call_has_flag(call, "--yes");
}

void call_ask_yes(struct command_call *call, const char *lines)
{
    if (!call->spec.can_ask || !takes_yes(call)) {
        return;
    }
    struct text *action = &call->reply.action;
    size_t first = strcspn(lines, "\n");
    size_t more = 0;
    for (const char *at = lines + first; *at != '\0'; at++) {
        more += *at == '\n' && at[1] != '\0';
    }
    text_printf(action, "ask-yes %.*s", (int)first, lines);
    if (more > 0) {
        text_printf(action, ", and %zu more", more);
    }
    text_append_char(action, '\n');
    struct command_value *yes = array_push(&call->values);
    *yes = (struct command_value){.name = string_copy("--yes")};
    call_append_line(call, action);
}

bool call_keeps_transactions(struct command_call *call, struct error *err)
{
    struct text open = {0};
    bool any = workbench_open_transactions(call->workbench, &open);
    if (any) {
        error_set(err, ERROR_FAILED,
                  "%s would roll back what is not committed in %s; end the transaction "
                  "there first, with COMMIT or ROLLBACK",
                  call->row->name, text_string(&open));
    }
    text_release(&open);
    return !any;
}

/* ---- Parameters ---- */

static bool is_given(const struct command_call *call, const char *name)
{
    for (size_t i = 0; i < call->values.count; i++) {
        const struct command_value *value = array_at(&call->values, i);
        size_t length = strlen(name);
        if (string_equal(value->name, "--param") &&
            strncmp(value->value + (value->value[0] == ':'), name, length) == 0 &&
            value->value[length + (value->value[0] == ':')] == '=') {
            return true;
        }
    }
    for (size_t i = 0; i < call->workbench->parameters.count; i++) {
        const struct workbench_parameter *one = array_at(&call->workbench->parameters, i);
        if (string_equal(one->name, name)) {
            return one->is_fresh;
        }
    }
    return false;
}

bool call_asks_parameters(struct command_call *call, const char *sql)
{
    struct text *action = &call->reply.action;
    if (!call->spec.can_ask ||
        !options_flag(call->workbench->options, "ask_parameters")) {
        return false;
    }
    struct array names = sql_parameters(sql, strlen(sql));
    for (size_t i = 0; i < names.count; i++) {
        const char *name = *(char **)array_at(&names, i) + 1;
        if (!is_given(call, name)) {
            text_printf(action, "%s%s", action->length == 0 ? "ask-parameters " : " ",
                        name);
        }
    }
    sql_names_release(&names);
    if (action->length == 0) {
        return false;
    }
    text_append_char(action, '\n');
    call_append_line(call, action);
    call_done(call);
    return true;
}

static void list_parameters(struct command_call *call)
{
    const struct array *parameters = &call->workbench->parameters;
    for (size_t i = 0; i < parameters->count; i++) {
        const struct workbench_parameter *one = array_at(parameters, i);
        text_printf(&call->reply.text, ":%s = %s\n", one->name, one->value);
    }
    if (parameters->count == 0) {
        call_message(call,
                     "no parameter has a value yet; \"param NAME VALUE\" gives one");
    }
    call->reply.text_title = "Parameters";
    call->reply.view = parameters->count > 0 ? "text" : NULL;
}

static const char *value_of(const struct workbench *workbench, const char *name)
{
    for (size_t i = 0; i < workbench->parameters.count; i++) {
        const struct workbench_parameter *one = array_at(&workbench->parameters, i);
        if (string_equal(one->name, name)) {
            return one->value;
        }
    }
    return NULL;
}

/* One of them, or all. */
static bool forget(struct command_call *call, const char *name, struct error *err)
{
    struct workbench *workbench = call->workbench;
    if (name != NULL && value_of(workbench, name) == NULL) {
        return error_set(err, ERROR_FAILED, ":%s has no value to forget", name);
    }
    bool done = true;
    size_t count = workbench->parameters.count;
    for (size_t i = count; i-- > 0 && done;) {
        struct workbench_parameter *one = array_at(&workbench->parameters, i);
        char *its = string_copy(one->name);
        if (name == NULL || string_equal(its, name)) {
            done = workbench_set_parameter(workbench, its, NULL, err);
        }
        free(its);
    }
    if (name != NULL) {
        call_message(call, ":%s is forgotten", name);
    } else {
        call_message(call, "all parameters are forgotten");
    }
    return done;
}

static void ask_again(struct command_call *call)
{
    for (size_t i = 0; i < call->workbench->parameters.count; i++) {
        struct workbench_parameter *one = array_at(&call->workbench->parameters, i);
        one->is_fresh = false;
    }
    call_message(call, "the next statement with parameters asks for them again");
}

static bool set(struct command_call *call, const char *name, struct error *err)
{
    const char *value = call_word(call, 1);
    const char *kept = value_of(call->workbench, name);
    if (value == NULL) {
        call_message(call, ":%s %s%s", name, kept != NULL ? "= " : "has no value",
                     kept != NULL ? kept : "");
        return true;
    }
    if (!workbench_set_parameter(call->workbench, name, value, err)) {
        return error_prefix(err, ":%s holds for now, but is not kept: ", name);
    }
    call_message(call, ":%s is set", name);
    return true;
}

bool verb_param(struct command_call *call, struct error *err)
{
    const char *name = call_word(call, 0);
    bool done = true;
    if (name != NULL && name[0] == ':') {
        name++;
    }
    if (name != NULL && name[0] == '\0') {
        return error_set(err, ERROR_USAGE, "param needs the name of a parameter");
    }
    if (call_has_flag(call, "--forget")) {
        done = forget(call, name, err);
    } else if (call_has_flag(call, "--again")) {
        ask_again(call);
    } else if (name == NULL) {
        list_parameters(call);
    } else {
        done = set(call, name, err);
    }
    if (done) {
        call_done(call);
    }
    return done;
}
