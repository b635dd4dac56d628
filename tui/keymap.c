/* keymap: read key files, find what a key does. Doing it is the pane's and the layout's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/keymap.h"

#include <stdlib.h>
#include <string.h>

#include "engine/array.h"
#include "engine/path.h"
#include "engine/safetext.h"
#include "tui/builtin.h"

enum { KEYS_SIZE_MOST = 256 * 1024 };

struct keymap {
    struct array bindings; /* of struct key_binding */
};

static void release_binding(struct key_binding *binding)
{
    free(binding->context);
    free(binding->action);
    free(binding->argument);
    free(binding->sentence);
}

struct keymap *keymap_new(void)
{
    struct keymap *keymap = memory_new(sizeof *keymap);
    struct text problems = {0};

    keymap->bindings = (struct array)ARRAY_OF(struct key_binding);
    keymap_add(keymap, "keys.default", builtin_text("keys.default"), &problems);
    text_release(&problems);
    return keymap;
}

void keymap_free(struct keymap *keymap)
{
    if (keymap == NULL) {
        return;
    }
    for (size_t i = 0; i < keymap->bindings.count; i++) {
        release_binding(array_at(&keymap->bindings, i));
    }
    array_release(&keymap->bindings);
    free(keymap);
}

static bool is_same_key(struct key a, struct key b)
{
    return a.code == b.code && a.alt == b.alt;
}

/* The binding of this context and key, made when there is none. */
static struct key_binding *place_for(struct keymap *keymap, const char *context,
                                     struct key key)
{
    struct key_binding *binding;

    for (size_t i = 0; i < keymap->bindings.count; i++) {
        binding = array_at(&keymap->bindings, i);
        if (is_same_key(binding->key, key) && string_equal(binding->context, context)) {
            release_binding(binding);
            return binding;
        }
    }
    return array_push(&keymap->bindings);
}

static char *next_word(const char **rest)
{
    const char *word = *rest + strspn(*rest, " \t\r");
    size_t length = strcspn(word, " \t\r");

    *rest = word + length;
    return length > 0 ? string_copy_bytes(word, length) : NULL;
}

/* What is left without blanks at its ends; a sentence behind ` # ` goes to *sentence. */
static char *take_rest(const char *rest, char **sentence)
{
    const char *comment = strstr(rest, " # ");
    size_t length;

    rest += strspn(rest, " \t\r");
    comment = strstr(rest, "# ") == rest ? rest : comment;
    length = comment != NULL ? (size_t)(comment - rest) : strlen(rest);
    while (length > 0 && strchr(" \t\r", rest[length - 1]) != NULL) {
        length--;
    }
    if (comment != NULL) {
        comment += strspn(comment, " #");
        *sentence = string_copy_bytes(comment, strcspn(comment, "\r"));
    }
    return string_copy_bytes(rest, length);
}

/* `context key action [argument]`; what is wrong with it, or NULL. */
static const char *add_line(struct keymap *keymap, const char *line)
{
    char *context = next_word(&line), *name = next_word(&line);
    char *action = next_word(&line), *sentence = NULL, *argument = NULL;
    const char *wrong = NULL;
    struct key key;

    if (name == NULL || action == NULL) {
        wrong = "a line is: context key action [argument]";
    } else if (!key_of_name(name, &key)) {
        wrong = "this is no name of a key";
    } else {
        struct key_binding *binding = place_for(keymap, context, key);
        argument = take_rest(line, &sentence);
        *binding = (struct key_binding){context, key, action, argument, sentence};
        if (action[0] == ':' && argument[0] != '\0') {
            binding->action = string_printf("%s %s", action, argument);
            binding->argument = string_copy("");
            free(action);
            free(argument);
        }
        free(name);
        return NULL;
    }
    free(context);
    free(name);
    free(action);
    return wrong;
}

bool keymap_add(struct keymap *keymap, const char *name, const char *lines,
                struct text *problems)
{
    bool fine = true;

    for (int number = 1; *lines != '\0'; number++) {
        size_t length = strcspn(lines, "\n");
        char *line = string_copy_bytes(lines, length);
        const char *start = line + strspn(line, " \t\r");
        bool is_blank = *start == '\0' || *start == '#';
        const char *wrong = is_blank ? NULL : add_line(keymap, start);
        if (wrong != NULL) {
            text_printf(problems, "%s:%d: %s: ", name, number, wrong);
            safetext_append_cut(problems, start, strlen(start), 40);
            text_append_char(problems, '\n');
            fine = false;
        }
        free(line);
        lines += length + (lines[length] == '\n' ? 1 : 0);
    }
    return fine;
}

bool keymap_load(struct keymap *keymap, const char *path, struct text *problems)
{
    struct error err = {0};
    char *bytes = NULL;
    bool fine;

    if (!path_exists(path)) {
        return true;
    }
    if (!path_read_text(path, KEYS_SIZE_MOST, &bytes, &err)) {
        text_printf(problems, "%s\n", err.message);
        return false;
    }
    fine = keymap_add(keymap, path, bytes, problems);
    free(bytes);
    return fine;
}

const struct key_binding *keymap_find(const struct keymap *keymap, const char *context,
                                      struct key key)
{
    for (size_t i = 0; i < keymap->bindings.count; i++) {
        const struct key_binding *binding = array_at(&keymap->bindings, i);
        if (is_same_key(binding->key, key) && string_equal(binding->context, context)) {
            return string_equal(binding->action, "-") ? NULL : binding;
        }
    }
    return NULL;
}

const struct key_binding *keymap_find_action(const struct keymap *keymap,
                                             const char *context, const char *action)
{
    for (size_t i = 0; i < keymap->bindings.count; i++) {
        const struct key_binding *binding = array_at(&keymap->bindings, i);
        if (string_equal(binding->action, action) &&
            string_equal(binding->context, context)) {
            return binding;
        }
    }
    return NULL;
}

size_t keymap_count(const struct keymap *keymap)
{
    return keymap->bindings.count;
}

const struct key_binding *keymap_at(const struct keymap *keymap, size_t index)
{
    return array_at(&keymap->bindings, index);
}
