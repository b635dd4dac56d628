/* variables: finds ${NAME} and ${NAME:-default} and puts in what they stand for.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/variables.h"

#include <stdlib.h>
#include <string.h>

#include "engine/text.h"

struct variable {
    const char *start, *name, *end; /* end: behind the closing brace */
    size_t name_length;
    const char *fallback; /* NULL: none */
    size_t fallback_length;
};

static size_t name_length(const char *text)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    return *text >= '0' && *text <= '9' ? 0 : strspn(text, letters);
}

/* The next variable of the text; false: there is none. */
static bool next_variable(const char *text, struct variable *found)
{
    for (const char *at = text; (at = strstr(at, "${")) != NULL; at += 2) {
        *found = (struct variable){.start = at, .name = at + 2};
        found->name_length = name_length(found->name);
        const char *behind = found->name + found->name_length;
        if (found->name_length > 0 && string_starts(behind, ":-")) {
            found->fallback = behind + 2;
            found->fallback_length = strcspn(found->fallback, "}");
            behind = found->fallback + found->fallback_length;
        }
        if (found->name_length > 0 && *behind == '}') {
            found->end = behind + 1;
            return true;
        }
    }
    return false;
}

bool variables_stand_in(const char *text)
{
    struct variable variable;
    return next_variable(text, &variable);
}

/* What a descriptor puts into an address goes to a host that it names as well. */
static bool may_be_sent(const char *name)
{
    return string_starts(name, "MESH_");
}

static bool append_value(struct text *out, const struct variable *variable,
                         bool is_address, struct error *err)
{
    char *name = string_copy_bytes(variable->name, variable->name_length);
    bool is_withheld = is_address && !may_be_sent(name);
    const char *value = is_withheld ? NULL : getenv(name);
    bool good = true;
    if (value != NULL && value[0] != '\0') {
        text_append(out, value);
    } else if (variable->fallback != NULL) {
        text_append_bytes(out, variable->fallback, variable->fallback_length);
    } else if (is_withheld) {
        good = error_set(err, ERROR_FAILED,
                         "the variable ${%s} stands in an address, where its value would "
                         "go to a host that the descriptor names; only variables called "
                         "MESH_... do",
                         name);
    } else {
        good = error_set(err, ERROR_FAILED,
                         "the variable ${%s} is not set; set %s in the environment, or "
                         "give it a default as ${%s:-...}",
                         name, name, name);
    }
    free(name);
    return good;
}

static char *resolve(const char *text, bool is_address, struct error *err)
{
    struct text out = {0};
    struct variable variable;
    text_append(&out, "");
    while (next_variable(text, &variable)) {
        text_append_bytes(&out, text, (size_t)(variable.start - text));
        if (!append_value(&out, &variable, is_address, err)) {
            text_release(&out);
            return NULL;
        }
        text = variable.end;
    }
    text_append(&out, text);
    return text_take(&out);
}

char *variables_resolve(const char *text, struct error *err)
{
    return resolve(text, false, err);
}

char *variables_resolve_address(const char *text, struct error *err)
{
    return resolve(text, true, err);
}
