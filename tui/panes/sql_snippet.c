/* sql_snippet: snippets in the editor: a name becomes text, Tab goes through its places,
 * and what is typed at one takes the place of what stood there first.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/snippet.h"
#include "engine/sql.h"
#include "tui/layout.h"
#include "tui/panes/sql.h"
#include "tui/panes/sql_rows.h"

void sql_end_snippet(struct sql_pane *sql)
{
    array_release(&sql->fill.places);
    free(sql->fill.text);
    sql->fill = (struct sql_fill){0};
}

static struct snippet_place *place_now(const struct sql_pane *sql)
{
    return array_at(&sql->fill.places, sql->fill.at);
}

/* ---- Going from place to place ---- */

static void move_to(struct sql_pane *sql, size_t at)
{
    char *text = string_copy(lineedit_text(sql->edit));
    lineedit_set_text(sql->edit, text, at); /* the same text: only the cursor moves */
    free(text);
}

/* The last place is the end: nothing is left to fill in. */
static void go_to_place(struct sql_pane *sql, size_t index)
{
    struct snippet_place place =
        *(struct snippet_place *)array_at(&sql->fill.places, index);
    sql->fill.at = index;
    sql->fill.is_fresh = true;
    move_to(sql, place.start);
    if (index + 1 == sql->fill.places.count) {
        sql_end_snippet(sql);
    }
}

/* ---- Putting one in ---- */

/* What the line of a byte begins with: the other lines of a snippet get it, too. */
static char *indent_at(const char *text, size_t at)
{
    size_t line = sql_line_start(text, at);
    size_t blanks = strspn(text + line, " \t");
    return string_copy_bytes(text + line, blanks < at - line ? blanks : at - line);
}

static void put(struct sql_pane *sql, const struct snippet *snippet, size_t start,
                size_t end)
{
    const char *text = lineedit_text(sql->edit);
    struct text now = {0};
    char *indent = indent_at(text, start);
    char *rest = string_copy(text + end);
    sql_end_snippet(sql);
    sql->fill.places = (struct array)ARRAY_OF(struct snippet_place);
    text_append_bytes(&now, text, start);
    snippet_expand(snippet->body, indent, &now, &sql->fill.places);
    text_append(&now, rest);
    for (size_t i = 0; i < sql->fill.places.count; i++) {
        ((struct snippet_place *)array_at(&sql->fill.places, i))->start += start;
    }
    lineedit_set_text(sql->edit, text_string(&now), start);
    sql->fill.text = text_take(&now);
    go_to_place(sql, 0);
    free(rest);
    free(indent);
}

void sql_insert_snippet(struct sql_pane *sql, const char *name)
{
    struct text problems = {0};
    struct array snippets = snippets_list(&problems);
    const struct snippet *snippet = snippets_named(&snippets, name);
    size_t at = lineedit_cursor(sql->edit);
    if (snippet != NULL) {
        put(sql, snippet, at, at);
    } else {
        screen_message(sql->screen, ROLE_ERROR,
                       "There is no snippet %s; :snippet lists them.", name);
    }
    if (problems.length > 0) {
        screen_message(sql->screen, ROLE_WARNING, "%s", text_string(&problems));
    }
    text_release(&problems);
    snippets_release(&snippets);
}

/* The word before the cursor, when a statement begins with it: elsewhere it may be the
 * name of a column. */
static bool expand_word(struct sql_pane *sql)
{
    static const char signs[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    const char *text = lineedit_text(sql->edit);
    size_t end = lineedit_cursor(sql->edit), start = end;
    struct sql_span span;
    while (start > 0 && strchr(signs, text[start - 1]) != NULL) {
        start--;
    }
    bool is_first = start < end && text[end + strspn(text + end, " \t")] <= '\n' &&
                    sql_statement_at(text, strlen(text), end, &span) &&
                    span.start == start && !sql_is_keyword(text + start, end - start);
    if (!is_first) {
        return false;
    }
    char *name = string_copy_bytes(text + start, end - start);
    struct array snippets = snippets_list(NULL);
    const struct snippet *snippet = snippets_named(&snippets, name);
    if (snippet != NULL) {
        put(sql, snippet, start, end);
    }
    bool is_one = snippet != NULL;
    snippets_release(&snippets);
    free(name);
    return is_one;
}

/* ---- Keys ---- */

/* What stood there first goes with the first sign that is typed. */
static void clear_place(struct sql_pane *sql)
{
    struct snippet_place place = *place_now(sql);
    const char *text = lineedit_text(sql->edit);
    struct text now = {0};
    if (place.length == 0 || place.start + place.length > strlen(text)) {
        return;
    }
    text_append_bytes(&now, text, place.start);
    text_append(&now, text + place.start + place.length);
    lineedit_set_text(sql->edit, text_string(&now), place.start);
    text_release(&now);
}

bool sql_snippet_key(struct sql_pane *sql, struct key key)
{
    bool is_filling = sql->fill.places.count > 0;
    bool is_tab = key_is(key, KEY_CODE_TAB);
    if (!is_filling) {
        return is_tab && *lineedit_prompt(sql->edit) == '\0' && expand_word(sql);
    }
    if (key_is(key, KEY_CODE_BACKTAB) && sql->fill.at > 0) {
        go_to_place(sql, sql->fill.at - 1);
        return true;
    }
    if (is_tab) {
        go_to_place(sql, sql->fill.at + 1);
        return true;
    }
    if (sql->fill.is_fresh &&
        (key_is_printable(key) || key_is(key, KEY_CODE_BACKSPACE))) {
        bool had_text = place_now(sql)->length > 0;
        clear_place(sql);
        sql_follow_snippet(sql);
        sql->fill.is_fresh = false;
        return had_text && !key_is_printable(key);
    }
    return false;
}

/* Whoever went elsewhere does not fill in any more, and Tab completes again. */
void sql_leave_snippet(struct sql_pane *sql)
{
    size_t cursor = lineedit_cursor(sql->edit);
    const struct snippet_place *place = place_now(sql);
    if (place != NULL &&
        (cursor < place->start || cursor > place->start + place->length)) {
        sql_end_snippet(sql);
    }
}

/* ---- The text changes ---- */

struct change {
    size_t start, end; /* of the text before */
    long long grown;
};

/* What a key does, it does at the cursor: "aa" becomes "aaa" in one place only. */
static bool is_at_cursor(const char *before, const char *now, size_t cursor,
                         struct change *change)
{
    size_t grown = (size_t)(change->grown < 0 ? -change->grown : change->grown);
    if (change->grown > 0 && grown > cursor) {
        return false;
    }
    size_t start = change->grown > 0 ? cursor - grown : cursor;
    size_t end = change->grown > 0 ? start : start + grown;
    if (end > strlen(before) || strncmp(before, now, start) != 0 ||
        strcmp(before + end, now + cursor) != 0) {
        return false;
    }
    change->start = start;
    change->end = end;
    return true;
}

static struct change find_change(const char *before, const char *now, size_t cursor)
{
    size_t before_length = strlen(before), now_length = strlen(now), same = 0, start = 0;
    struct change change = {.grown = (long long)now_length - (long long)before_length};
    if (is_at_cursor(before, now, cursor, &change)) {
        return change;
    }
    while (before[start] != '\0' && before[start] == now[start]) {
        start++;
    }
    while (same < before_length - start && same < now_length - start &&
           before[before_length - 1 - same] == now[now_length - 1 - same]) {
        same++;
    }
    change.start = start;
    change.end = before_length - same;
    return change;
}

/* What lies behind a change moves; the place in which it happened grows; where a place is
 * cut through, filling in is over. */
static bool follow_change(struct snippet_place *place, const struct change *change,
                          bool is_now)
{
    size_t end = place->start + place->length;
    bool is_inside = change->start >= place->start && change->end <= end;
    if (is_inside && (is_now || (change->start > place->start && change->end < end))) {
        place->length = (size_t)((long long)place->length + change->grown);
    } else if (place->start >= change->end) {
        place->start = (size_t)((long long)place->start + change->grown);
    } else if (end > change->start) {
        return false;
    }
    return true;
}

void sql_follow_snippet(struct sql_pane *sql)
{
    const char *now = lineedit_text(sql->edit);
    if (sql->fill.places.count == 0 || string_equal(sql->fill.text, now)) {
        return;
    }
    struct change change = find_change(sql->fill.text, now, lineedit_cursor(sql->edit));
    bool is_whole = true;
    for (size_t i = 0; i < sql->fill.places.count && is_whole; i++) {
        is_whole =
            follow_change(array_at(&sql->fill.places, i), &change, i == sql->fill.at);
    }
    free(sql->fill.text);
    sql->fill.text = string_copy(now);
    if (!is_whole) {
        sql_end_snippet(sql);
    }
}
