/* governance/lack: what kept a statement from being run, collected and told.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/governance/private.h"

#include <stdlib.h>

enum { MOST_NAMED = 5 };

void lack_note(struct array *names, const char *name)
{
    if (names->item_size == 0) {
        *names = (struct array)ARRAY_OF(char *);
    }
    for (size_t i = 0; i < names->count; i++) {
        if (string_equal(*(char **)array_at(names, i), name)) {
            return;
        }
    }
    *(char **)array_push(names) = string_copy(name);
}

static void release_names(struct array *names)
{
    for (size_t i = 0; i < names->count; i++) {
        free(*(char **)array_at(names, i));
    }
    array_release(names);
}

void lack_release(struct lack *lack)
{
    release_names(&lack->absent);
    release_names(&lack->unseen);
    *lack = (struct lack){0};
}

static void append_names(struct text *out, const char *what, const struct array *names)
{
    if (names->count == 0) {
        return;
    }
    text_printf(out, "%s%s: ", out->length > 0 ? "; " : "", what);
    for (size_t i = 0; i < names->count && i < MOST_NAMED; i++) {
        text_printf(out, "%s%s", i > 0 ? ", " : "", *(char **)array_at(names, i));
    }
    if (names->count > MOST_NAMED) {
        text_printf(out, " and %zu more", names->count - MOST_NAMED);
    }
}

void lack_describe(const struct lack *lack, const char *role, struct text *out)
{
    append_names(out, "not here, get them first", &lack->absent);
    char *what = string_printf("not seen as they are by the role %s",
                               role != NULL ? role : "one has");
    append_names(out, what, &lack->unseen);
    free(what);
}
