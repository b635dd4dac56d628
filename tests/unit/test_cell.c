/* Unit tests of what the cell viewer says: instants in words, JSON as lines.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tests/unit/tap.h"
#include "tui/panes/cell_tree.h"
#include "tui/panes/cell_words.h"

/* 2026-11-23T22:00:00Z, a Monday. */
enum { NOW = 1795471200 };

static const struct {
    const char *value, *want;
} instants[] = {
    {"2026-03-03T14:05:00Z", "Tuesday 3 March 2026, 14:05 UTC, 8 months ago"},
    {"2026-11-23", "Monday 23 November 2026, today"},
    {"2026-11-22", "Sunday 22 November 2026, 1 day ago"},
    {"2026-11-25", "Wednesday 25 November 2026, in 2 days"},
    {"2026-11-23T21:59:30Z", "Monday 23 November 2026, 21:59:30 UTC, now"},
    {"2026-11-23T23:00:00+01:00", "Monday 23 November 2026, 23:00 UTC+1, now"},
    {"2026-11-24 03:30:00.125+0530", "Tuesday 24 November 2026, 03:30 UTC+5:30, now"},
    {"2026-11-23 20:00", "Monday 23 November 2026, 20:00 (no time zone is said), 2 hours "
                         "ago"},
    {"2026-10-20", "Tuesday 20 October 2026, 4 weeks ago"},
    {"2024-02-29", "Thursday 29 February 2024, 2 years ago"},
    {"1969-12-31", "Wednesday 31 December 1969, 56 years ago"},
    {"0001-01-01", "Monday 1 January 1, 2,025 years ago"},
    {"2023-02-29", NULL},
    {"2026-13-01", NULL},
    {"2026-1-01", NULL},
    {"2026-01-01x", NULL},
    {"2026-01-01T25:00:00Z", NULL},
    {"2026-01-01T10:00:00+25", NULL},
    {"20260101", NULL},
    {"", NULL},
};

static void instants_are_told(void)
{
    for (size_t i = 0; i < sizeof instants / sizeof *instants; i++) {
        struct text out = {0};
        bool is =
            cell_instant_words(instants[i].value, strlen(instants[i].value), NOW, &out);
        if (instants[i].want == NULL) {
            ok(!is && out.length == 0, "\"%s\" is no instant", instants[i].value);
        } else {
            is_text(text_string(&out), instants[i].want, "%s", instants[i].value);
        }
        text_release(&out);
    }
}

/* Anything that looks like an instant, in as many bytes as it has. */
static void anything_ends(void)
{
    static const char signs[] = "0123456789-:TZ +.,";
    unsigned long long seed = 1;
    int taken = 0;
    for (int turn = 0; turn < 100000; turn++) {
        char start[] = "2026-03-03T14:05:09.25+01:00";
        size_t length = 0;
        for (int change = 0; change < 4; change++) {
            seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
            start[(seed >> 33) % (sizeof start - 1)] =
                signs[(seed >> 45) % (sizeof signs - 1)];
            length = (seed >> 20) % sizeof start;
        }
        char *exact = string_copy_bytes(start, length);
        struct text out = {0};
        taken += cell_instant_words(exact, length, NOW, &out);
        text_release(&out);
        free(exact);
    }
    ok(taken > 0 && taken < 100000, "%d of 100,000 changed ones are instants", taken);
}

static void tree_is(struct cell_tree *tree, const char *want, const char *what)
{
    struct text got = {0};
    for (size_t i = 0; i < tree->seen.count; i++) {
        const struct cell_node *node =
            array_at(&tree->nodes, *(size_t *)array_at(&tree->seen, i));
        text_append_repeated(&got, '.', (size_t)node->depth);
        text_printf(&got, "%s%s=%s ", i == (size_t)tree->list.selected ? "*" : "",
                    node->key != NULL ? node->key : "", node->value);
    }
    is_text(text_string(&got), want, "%s", what);
    text_release(&got);
}

static void trees_open_and_close(void)
{
    static const char json[] = " {\"a\":{\"b\":[1,2.50,\"x\\u0000y\"]},\"c\":null}";
    struct cell_tree tree = {0};
    struct text path = {0};
    ok(cell_tree_read(&tree, json, strlen(json)), "JSON is read");
    tree_is(&tree,
            "*={2 members} .a={1 member} ..b=[3 items] ...0=1 ...1=2.50 "
            "...2=\"x\xEF\xBF\xBDy\" .c=null ",
            "a small one is open, numbers are as they were written");
    list_select(&tree.list, 4);
    cell_tree_path(&tree, &path);
    is_text(text_string(&path), "a.b.1", "where one is");
    cell_tree_open(&tree, false);
    cell_tree_open(&tree, false);
    tree_is(&tree, "={2 members} .a={1 member} ..*b=[3 items] .c=null ",
            "to the left: to what holds it, then that is closed");
    cell_tree_open_all(&tree, false);
    tree_is(&tree, "*={2 members} .a={1 member} .c=null ", "all closed but the root");
    ok(cell_tree_find(&tree, "2.5", 1), "what is closed is found");
    tree_is(&tree,
            "={2 members} .a={1 member} ..b=[3 items] ...0=1 ...*1=2.50 "
            "...2=\"x\xEF\xBF\xBDy\" .c=null ",
            "and opened");
    ok(!cell_tree_find(&tree, "nothing", 1), "what is not there is not found");
    cell_tree_release(&tree);
    text_release(&path);
}

static void other_texts_are_no_trees(void)
{
    static const char *const texts[] = {"",  "  ",  "17",    "\"a\"",
                                        "{", "[1,", "{a:1}", "[1] 2"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct cell_tree tree = {0};
        ok(!cell_tree_read(&tree, texts[i], strlen(texts[i])), "no tree: %s", texts[i]);
    }
}

int main(void)
{
    instants_are_told();
    anything_ends();
    trees_open_and_close();
    other_texts_are_no_trees();
    return tap_done();
}
