/* keys: what tests of editors share: scripts of keys, the look of a text with its cursor.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_KEYS_H
#define MWB_TESTS_KEYS_H

#include "engine/text.h"
#include "tests/unit/tap.h"
#include "tui/lineedit.h"

typedef struct lineedit *maker(const struct lineedit_spec *spec);

/* ---- Scripts: text as typed, keys as <Name>, a paste as <Paste:...> ---- */

static inline enum lineedit_answer press_named(struct lineedit *edit, const char *name)
{
    struct key key = {0};
    if (string_starts(name, "Paste:")) {
        lineedit_paste(edit, name + 6, strlen(name + 6));
        return LINEEDIT_EDITED;
    }
    if (!key_of_name(name, &key)) {
        ok(false, "the script has a wrong key <%s>", name);
    }
    return lineedit_key(edit, key);
}

static inline enum lineedit_answer press_sign(struct lineedit *edit, const char **script)
{
    struct key key = {0};
    char name[8] = "";
    size_t length = 1;
    while (((*script)[length] & 0xC0) == 0x80) {
        length++;
    }
    memcpy(name, *script, length);
    *script += length;
    if (!key_of_name(name, &key)) {
        key.code = (unsigned char)name[0]; /* a blank has no one-sign name */
    }
    return lineedit_key(edit, key);
}

static inline enum lineedit_answer play(struct lineedit *edit, const char *script)
{
    enum lineedit_answer answer = LINEEDIT_EDITED;
    while (*script != '\0') {
        const char *end = strchr(script + (string_starts(script, "<M-") ? 4 : 1), '>');
        if (*script == '<' && script[1] != ' ' && end != NULL) {
            char *name = string_copy_bytes(script + 1, (size_t)(end - script - 1));
            answer = press_named(edit, name);
            free(name);
            script = end + 1;
        } else {
            answer = press_sign(edit, &script);
        }
    }
    return answer;
}

/* The text with the cursor as |, line breaks as ~. */
static inline char *look(const struct lineedit *edit)
{
    struct text out = {0};
    const char *text = lineedit_text(edit);
    for (size_t i = 0; i <= strlen(text); i++) {
        if (i == lineedit_cursor(edit)) {
            text_append_char(&out, '|');
        }
        if (text[i] != '\0') {
            text_append_char(&out, text[i] == '\n' ? '~' : text[i]);
        }
    }
    return text_take(&out);
}

#ifdef HAVE_READLINE
static inline struct lineedit *new_readline(const struct lineedit_spec *spec)
{
    struct error err = {0};
    struct lineedit *edit = lineedit_new_readline(spec, &err);
    if (edit == NULL) {
        printf("Bail out! %s\n", err.message);
        exit(99);
    }
    return edit;
}
#endif

#endif
