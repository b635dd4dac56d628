/* keymap: the default map, lines of one's own, mistakes in them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "tests/unit/tap.h"
#include "tui/builtin.h"
#include "tui/keymap.h"

static const char *does(const struct keymap *keymap, const char *context,
                        const char *name)
{
    const struct key_binding *binding;
    struct key key;

    if (!key_of_name(name, &key)) {
        return "no such key";
    }
    binding = keymap_find(keymap, context, key);
    return binding != NULL ? binding->action : NULL;
}

static void test_default(void)
{
    struct keymap *keymap = keymap_new();
    struct text problems = {0};

    ok(keymap_add(keymap, "keys.default", builtin_text("keys.default"), &problems),
       "every line of the default is understood %s", text_string(&problems));
    is_text(does(keymap, "list", "j"), "down", "j goes down");
    is_text(does(keymap, "global", "C-l"), "redraw", "C-l draws again");
    is_text(does(keymap, "catalog", "R"), ":refresh", "an action may be a verb");
    is_text(does(keymap, "catalog", "j"), NULL, "a context is looked up alone");
    is_text(does(keymap, "list", ":"), "command", ": is a key like any other");
    is_text(does(keymap, "grid", "!"), "freeze", "and so is !");
    text_release(&problems);
    keymap_free(keymap);
}

/* Every key of the map that needs Ctrl, Alt or F has a way without: another key. */
static void test_every_action_has_a_printable_way(void)
{
    struct keymap *keymap = keymap_new();

    for (size_t i = 0; i < keymap_count(keymap); i++) {
        const struct key_binding *binding = keymap_at(keymap, i);
        if (string_equal(binding->context, "list") ||
            string_equal(binding->context, "grid")) {
            ok(binding->sentence != NULL, "%s has a sentence for help", binding->action);
        }
    }
    is_text(does(keymap, "list", "?"), does(keymap, "global", "F1"), "? is what F1 is");
    keymap_free(keymap);
}

/* A later line would take the key from an earlier one without a word. */
static void test_no_key_twice(void)
{
    struct keymap *keymap = keymap_new();
    long long lines = 0;

    for (const char *line = builtin_text("keys.default"); *line != '\0';) {
        lines += strchr("#\n", *line) == NULL ? 1 : 0;
        line += strcspn(line, "\n");
        line += *line == '\n' ? 1 : 0;
    }
    is_int((long long)keymap_count(keymap), lines,
           "every line of the default binds a key of its own");
    keymap_free(keymap);
}

static void test_own_lines(void)
{
    struct keymap *keymap = keymap_new();
    struct text problems = {0};
    size_t before = keymap_count(keymap);

    ok(keymap_add(keymap, "keys",
                  "# mine\n\n  list   j   up   # the other way\n"
                  "list F9 :chart line --x day\r\n"
                  "list q -\n"
                  "global C-Space zoom",
                  &problems),
       "lines of one's own");
    is_text(does(keymap, "list", "j"), "up", "replace those of the default");
    is_text(does(keymap, "list", "F9"), ":chart line --x day", "a verb with its words");
    is_text(does(keymap, "list", "q"), NULL, "- takes a key away");
    is_text(does(keymap, "global", "C-Space"), "zoom", "the last line needs no end");
    is_int((long long)(keymap_count(keymap) - before), 2, "nothing stands there twice");
    is_text(keymap_find_action(keymap, "list", "up")->sentence, "one line up",
            "an action is found with its sentence");
    text_release(&problems);
    keymap_free(keymap);
}

static void test_mistakes(void)
{
    struct keymap *keymap = keymap_new();
    struct text problems = {0};

    ok(!keymap_add(keymap, "keys", "list j\nlist Hyper-x up\nlist J down\n", &problems),
       "mistakes are told");
    ok(strstr(text_string(&problems), "keys:1: a line is: context key action") != NULL,
       "with the line: %s", text_string(&problems));
    ok(strstr(text_string(&problems), "keys:2: this is no name of a key") != NULL,
       "and what is wrong with it");
    is_text(does(keymap, "list", "J"), "down", "the other lines count");
    text_clear(&problems);
    keymap_add(keymap, "keys", "list \033[2J up\n", &problems);
    ok(strchr(text_string(&problems), '\033') == NULL, "a hostile line is told safely");
    ok(keymap_load(keymap, "/nonexistent/keys", &problems), "a missing file is fine");
    text_release(&problems);
    keymap_free(keymap);
}

int main(void)
{
    test_default();
    test_every_action_has_a_printable_way();
    test_no_key_twice();
    test_own_lines();
    test_mistakes();
    return tap_done();
}
