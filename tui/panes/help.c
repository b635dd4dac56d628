/* help: the keys of a pane, from the key map, and all verbs, from the verb table. The
 * argument is the pane's name.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/command.h"
#include "tui/keymap.h"
#include "tui/layout.h"
#include "tui/panes/page.h"

enum { KEY_COLUMN = 18, VERB_COLUMN = 26 };

static bool is_same_action(const struct key_binding *a, const struct key_binding *b)
{
    return string_equal(a->context, b->context) && string_equal(a->action, b->action) &&
           string_equal(a->argument, b->argument);
}

/* Keys of the same action stand together: "Down j". Empty when an earlier key told it.
 * Keys that mean something else in the pane are left out. */
static void keys_of_action(const struct keymap *keymap, size_t index, const char *pane,
                           struct text *out)
{
    const struct key_binding *binding = keymap_at(keymap, index);
    char name[24];

    for (size_t i = 0; i < keymap_count(keymap); i++) {
        const struct key_binding *other = keymap_at(keymap, i);
        bool is_taken = !string_equal(other->context, pane) &&
                        keymap_find(keymap, pane, other->key) != NULL;
        if (!is_same_action(binding, other) || is_taken) {
            continue;
        }
        if (i < index) {
            return;
        }
        text_printf(out, "%s%s", out->length > 0 ? " " : "",
                    key_label(other->key, name, sizeof name));
    }
}

struct help_part {
    const char *pane, *context, *title;
};

static void add_part(struct page *page, const struct keymap *keymap,
                     const struct help_part *part)
{
    const char *context = part->context;
    bool is_first = true;

    for (size_t i = 0; i < keymap_count(keymap); i++) {
        const struct key_binding *binding = keymap_at(keymap, i);
        struct text keys = {0};
        if (!string_equal(binding->context, context) ||
            string_equal(binding->action, "-")) {
            continue;
        }
        keys_of_action(keymap, i, part->pane, &keys);
        if (keys.length == 0) {
            continue;
        }
        if (is_first) {
            textview_line(page->text, ROLE_TEXT, NULL);
            textview_line(page->text, ROLE_TITLE_FOCUS, part->title);
            is_first = false;
        }
        textview_pair(page->text, KEY_COLUMN, ROLE_KEY, text_string(&keys),
                      binding->sentence != NULL ? binding->sentence : binding->action);
        text_release(&keys);
    }
}

/* Sequences of the editor, which the key map does not know (lineedit_readline_keys.c). */
static const struct editor_key {
    const char *keys, *sentence;
} editor_keys[] = {
    {"Tab  M-?", "complete, or show what could stand here"},
    {"C-x C-f", "lay the statement out, or what is marked"},
    {"C-x C-e", "edit the text in $VISUAL or $EDITOR"},
    {"C-Space", "mark; from here to the cursor is what runs"},
    {"M-#", "make the line a comment, or SQL again"},
    {"C-x C-u", "undo; C-_ does it, too"},
    {"C-r", "search the statements of before"},
    {"C-x s", "save the statement as a query"},
    {"C-x i", "put a snippet in"},
    {"C-x t", "open a tab; C-x n and p go around, C-x k closes it"},
    {"C-x 1", "this pane alone, or all again"},
    {"C-x o", "to the results; Esc Esc does it in emacs mode"},
};

static void add_editor_keys(struct page *page)
{
    for (size_t i = 0; i < sizeof editor_keys / sizeof *editor_keys; i++) {
        textview_pair(page->text, KEY_COLUMN, ROLE_KEY, editor_keys[i].keys,
                      editor_keys[i].sentence);
    }
}

static void add_verbs(struct page *page)
{
    size_t count;
    const struct command_row *rows = command_rows(&count);

    textview_line(page->text, ROLE_TEXT, NULL);
    textview_line(page->text, ROLE_TITLE_FOCUS, "Verbs, typed after : (Tab completes)");
    for (size_t i = 0; i < count; i++) {
        char *words = string_printf("%s %s", rows[i].name,
                                    rows[i].arguments != NULL ? rows[i].arguments : "");
        if ((rows[i].needs & COMMAND_HIDDEN) == 0) {
            textview_pair(page->text, VERB_COLUMN, ROLE_KEY, words, rows[i].sentence);
        }
        free(words);
    }
    textview_line(page->text, ROLE_TEXT, NULL);
    textview_line(
        page->text, ROLE_DIM,
        ":help VERB tells all about one. A line that begins with SELECT, WITH and "
        "so on is run as SQL.");
}

static const char *what_context_is(const char *context)
{
    const struct pane_kind *kind = pane_kind_named(context);
    return kind != NULL && kind->takes_text
               ? "Keys of the editor come from ~/.inputrc; these are added"
               : "";
}

static void *open_help(struct screen *screen, const char *argument)
{
    struct page *page = memory_new(sizeof *page);
    const struct keymap *keymap = screen_keymap(screen);
    const char *context = argument != NULL ? argument : "";
    const struct pane_kind *kind = pane_kind_named(context);
    char *title = string_printf("Keys of the pane %s", context);

    page_init(page, "Help");
    textview_line(page->text, ROLE_DIM,
                  "/ searches this page, Space and b turn pages, Esc closes it.");
    if (*what_context_is(context) != '\0') {
        textview_line(page->text, ROLE_DIM, what_context_is(context));
    }
    add_part(page, keymap, &(struct help_part){context, context, title});
    if (kind != NULL && kind->takes_text) {
        add_editor_keys(page);
    } else {
        add_part(page, keymap,
                 &(struct help_part){context, "list", "Keys of every list and page"});
    }
    add_part(page, keymap,
             &(struct help_part){context, "global", "Keys that work everywhere"});
    add_verbs(page);
    free(title);
    return page;
}

static void close_help(struct pane *pane)
{
    page_release(pane->state);
    free(pane->state);
}

const struct pane_kind pane_kind_help = {
    .name = "help",
    .hints = "/ search  n next  Space page",
    .is_dialog = true,
    .open = open_help,
    .close = close_help,
    .title = page_title,
    .draw = page_draw,
    .action = page_action,
    .mouse = page_mouse,
    .wanted_height = page_wanted_height,
};
