/* keymap: keys to actions, by context.
 *
 * themes/keys.default, compiled in, is the map; lines of the person's own file
 * ($XDG_CONFIG_HOME/mwb/keys) replace its lines of the same context and key:
 *     context key action [argument]
 * A context is the name of a pane kind, `list` (every pane that does not take text) or
 * `global`; they are asked in this order. An action is a word that the pane or the layout
 * knows, or `:` and a verb line; `-` takes a key away. In a pane that takes text, a
 * printable key is text and is never looked up in `list` or `global`.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_KEYMAP_H
#define MWB_TUI_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/error.h"
#include "engine/text.h"
#include "tui/key.h"

struct key_binding {
    char *context;
    struct key key;
    char *action;   /* "down", ":chart line", "-" */
    char *argument; /* "" when there is none; for `:` part of the action */
    char *sentence; /* what it does, for help: the comment at the line's end, or NULL */
};

struct keymap;

struct keymap *keymap_new(void); /* the default map */
void keymap_free(struct keymap *keymap);

/* Put these lines over the map. A line that cannot be understood is left out and becomes
 * a line of `problems` ("keys:3: ..."). False when there was one. */
bool keymap_add(struct keymap *keymap, const char *name, const char *lines,
                struct text *problems);
/* The person's own file; a missing one is fine. */
bool keymap_load(struct keymap *keymap, const char *path, struct text *problems);

/* What this key does in this context alone; NULL: nothing. */
const struct key_binding *keymap_find(const struct keymap *keymap, const char *context,
                                      struct key key);
/* The first key that does this, for hints; NULL: none. */
const struct key_binding *keymap_find_action(const struct keymap *keymap,
                                             const char *context, const char *action);

/* All of them in the order of the file. */
size_t keymap_count(const struct keymap *keymap);
const struct key_binding *keymap_at(const struct keymap *keymap, size_t index);

#endif
