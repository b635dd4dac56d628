/* lineedit_plain_edit: text, undo and kills of the editor of our own, by sign and by
 * word. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "tui/lineedit_plain.h"

enum { UNDO_MOST = 1000, UNDO_RUN = 20 };

/* ---- Text and undo ---- */

const char *plain_text(const struct lineedit *edit)
{
    return text_string(&plain_of(edit)->text);
}

static void splice(struct plain *plain, size_t start, size_t end, const char *bytes,
                   size_t length)
{
    struct text rest = {0};
    text_append_bytes(&rest, text_string(&plain->text) + end, plain->text.length - end);
    text_truncate(&plain->text, start);
    text_append_bytes(&plain->text, bytes, length);
    text_append_bytes(&plain->text, text_string(&rest), rest.length);
    text_release(&rest);
}

static struct change *last_change(struct plain *plain)
{
    return plain->changes.count > 0 ? array_at(&plain->changes, plain->changes.count - 1)
                                    : NULL;
}

static void note_change(struct plain *plain, size_t start, size_t end, size_t length,
                        bool typed)
{
    struct change *last = last_change(plain);
    if (typed && last != NULL && last->typed && start == end &&
        last->start + last->inserted == start && last->inserted < UNDO_RUN) {
        last->inserted += length;
        return;
    }
    if (plain->changes.count == UNDO_MOST) {
        free(((struct change *)array_at(&plain->changes, 0))->removed);
        array_remove(&plain->changes, 0);
    }
    struct change *change = array_push(&plain->changes);
    *change = (struct change){
        .start = start,
        .inserted = length,
        .removed = string_copy_bytes(text_string(&plain->text) + start, end - start),
        .cursor = plain->cursor,
        .typed = typed,
    };
}

void plain_edit(struct plain *plain, size_t start, size_t end, const char *bytes,
                bool typed)
{
    size_t length = strlen(bytes);
    if (start == end && length == 0) {
        return;
    }
    note_change(plain, start, end, length, typed);
    splice(plain, start, end, bytes, length);
    plain->cursor = start + length;
    plain->marked = false;
}

enum lineedit_answer plain_undo(struct lineedit *edit)
{
    struct plain *plain = plain_of(edit);
    struct change *change = last_change(plain);
    if (change != NULL) {
        splice(plain, change->start, change->start + change->inserted, change->removed,
               strlen(change->removed));
        plain->cursor = change->cursor;
        free(change->removed);
        array_remove(&plain->changes, plain->changes.count - 1);
    }
    return LINEEDIT_EDITED;
}

/* From the cursor to `end`, before or behind it. */
void plain_kill(struct lineedit *edit, size_t start, size_t end)
{
    struct plain *plain = plain_of(edit);
    size_t from = start < end ? start : end, to = start < end ? end : start;
    char *bytes = string_copy_bytes(text_string(&plain->text) + from, to - from);
    struct text joined = {0};
    if (plain->kills_grow && start < end) {
        text_append(&joined, text_string(&plain->killed));
    }
    text_append(&joined, bytes);
    if (plain->kills_grow && start > end) {
        text_append(&joined, text_string(&plain->killed));
    }
    free(bytes);
    text_release(&plain->killed);
    plain->killed = joined;
    plain->killing = true;
    plain_edit(plain, from, to, "", false);
}

enum lineedit_answer plain_yank(struct lineedit *edit)
{
    struct plain *plain = plain_of(edit);
    plain_edit(plain, plain->cursor, plain->cursor, text_string(&plain->killed), false);
    return LINEEDIT_EDITED;
}

void plain_show(struct plain *plain, const char *text, size_t cursor)
{
    /* Not an edit: only the end of the search is one step of undo. */
    splice(plain, 0, plain->text.length, text, strlen(text));
    plain->cursor = cursor;
}

void plain_forget_changes(struct plain *plain)
{
    for (size_t i = 0; i < plain->changes.count; i++) {
        free(((struct change *)array_at(&plain->changes, i))->removed);
    }
    array_clear(&plain->changes);
}

void plain_release_edits(struct plain *plain)
{
    plain_forget_changes(plain);
    array_release(&plain->changes);
    text_release(&plain->text);
    text_release(&plain->killed);
}

/* ---- Signs and words ---- */

enum lineedit_answer plain_left(struct lineedit *edit)
{
    struct plain *plain = plain_of(edit);
    plain->cursor = lineedit_before(plain_text(edit), plain->cursor);
    return LINEEDIT_EDITED;
}

enum lineedit_answer plain_right(struct lineedit *edit)
{
    struct plain *plain = plain_of(edit);
    plain->cursor = lineedit_after(plain_text(edit), plain->cursor);
    return LINEEDIT_EDITED;
}

enum lineedit_answer plain_delete_left(struct lineedit *edit)
{
    size_t cursor = plain_of(edit)->cursor;
    plain_edit(plain_of(edit), lineedit_before(plain_text(edit), cursor), cursor, "",
               false);
    return LINEEDIT_EDITED;
}

enum lineedit_answer plain_delete_right(struct lineedit *edit)
{
    size_t cursor = plain_of(edit)->cursor;
    plain_edit(plain_of(edit), cursor, lineedit_after(plain_text(edit), cursor), "",
               false);
    plain_of(edit)->cursor = cursor;
    return LINEEDIT_EDITED;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (unsigned char)c >= 0x80;
}

static size_t word_end(const char *text, size_t at)
{
    while (text[at] != '\0' && !is_letter(text[at])) {
        at++;
    }
    while (is_letter(text[at])) {
        at++;
    }
    return at;
}

static size_t word_start(const char *text, size_t at)
{
    while (at > 0 && !is_letter(text[at - 1])) {
        at--;
    }
    while (at > 0 && is_letter(text[at - 1])) {
        at--;
    }
    return at;
}

enum lineedit_answer plain_word_right(struct lineedit *edit)
{
    plain_of(edit)->cursor = word_end(plain_text(edit), plain_of(edit)->cursor);
    return LINEEDIT_EDITED;
}

enum lineedit_answer plain_word_left(struct lineedit *edit)
{
    plain_of(edit)->cursor = word_start(plain_text(edit), plain_of(edit)->cursor);
    return LINEEDIT_EDITED;
}

enum lineedit_answer plain_kill_word_right(struct lineedit *edit)
{
    size_t cursor = plain_of(edit)->cursor;
    plain_kill(edit, cursor, word_end(plain_text(edit), cursor));
    return LINEEDIT_EDITED;
}

enum lineedit_answer plain_kill_word_left(struct lineedit *edit)
{
    size_t cursor = plain_of(edit)->cursor;
    plain_kill(edit, cursor, word_start(plain_text(edit), cursor));
    return LINEEDIT_EDITED;
}

/* C-w: back to a blank, whatever the word is made of. */
enum lineedit_answer plain_kill_blank_word(struct lineedit *edit)
{
    const char *text = plain_text(edit);
    size_t cursor = plain_of(edit)->cursor, at = cursor;
    while (at > 0 && strchr(" \t\n", text[at - 1]) != NULL) {
        at--;
    }
    while (at > 0 && strchr(" \t\n", text[at - 1]) == NULL) {
        at--;
    }
    plain_kill(edit, cursor, at);
    return LINEEDIT_EDITED;
}

/* Case of the ASCII letters from the cursor to the end of the word. */
static enum lineedit_answer change_case(struct lineedit *edit, int first, int rest)
{
    size_t cursor = plain_of(edit)->cursor;
    size_t end = word_end(plain_text(edit), cursor);
    char *word = string_copy_bytes(plain_text(edit) + cursor, end - cursor);
    int wanted = first;
    for (char *c = word; *c != '\0'; c++) {
        bool lower = *c >= 'a' && *c <= 'z', upper = *c >= 'A' && *c <= 'Z';
        if ((lower && wanted > 0) || (upper && wanted < 0)) {
            *c ^= 0x20;
        }
        wanted = is_letter(*c) ? rest : wanted;
    }
    plain_edit(plain_of(edit), cursor, end, word, false);
    free(word);
    return LINEEDIT_EDITED;
}

enum lineedit_answer plain_upcase(struct lineedit *edit)
{
    return change_case(edit, 1, 1);
}

enum lineedit_answer plain_downcase(struct lineedit *edit)
{
    return change_case(edit, -1, -1);
}

enum lineedit_answer plain_capitalise(struct lineedit *edit)
{
    return change_case(edit, 1, -1);
}
