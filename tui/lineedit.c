/* lineedit: the part of the editors that is the same whoever makes them: calls go to the
 * maker, candidates are kept and chosen, text that comes in is made clean.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/lineedit.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "tui/lineedit_base.h"

enum { DEFAULT_HISTORY_SIZE = 1000 };

static void clear_candidates(struct lineedit *edit)
{
    for (size_t i = 0; i < edit->candidates.count; i++) {
        struct lineedit_candidate *candidate = array_at(&edit->candidates, i);
        free(candidate->text);
        free(candidate->detail);
    }
    array_clear(&edit->candidates);
}

void lineedit_init(struct lineedit *edit, const struct lineedit_maker *maker,
                   const struct lineedit_spec *spec)
{
    edit->maker = maker;
    edit->spec = *spec;
    edit->spec.history_file = NULL; /* the history has its own copy */
    edit->goal = SIZE_MAX;
    edit->candidates = (struct array)ARRAY_OF(struct lineedit_candidate);
    edit->history.entries = (struct array)ARRAY_OF(char *);
    edit->history.file = string_copy(spec->history_file);
    edit->history.limit =
        spec->history_size > 0 ? (size_t)spec->history_size : DEFAULT_HISTORY_SIZE;
    lineedit_history_load(&edit->history);
    edit->position = edit->history.entries.count;
}

void lineedit_free(struct lineedit *edit)
{
    if (edit == NULL) {
        return;
    }
    edit->maker->release(edit);
    lineedit_history_release(&edit->history);
    clear_candidates(edit);
    array_release(&edit->candidates);
    text_release(&edit->warning);
    free(edit->draft);
    free(edit);
}

/* ---- Text ---- */

static void clean_sign(struct text *out, const char *bytes, size_t length, bool multiline)
{
    unsigned char c = (unsigned char)bytes[0];
    if (length > 1) {
        text_append_bytes(out, bytes, length);
    } else if (c == '\n') {
        text_append_char(out, multiline ? '\n' : ' ');
    } else if (c == '\t' || (c >= ' ' && c < 0x7F)) {
        text_append_char(out, (char)c);
    }
}

void lineedit_clean(struct text *out, const char *bytes, size_t length, bool multiline)
{
    for (size_t at = 0; at < length;) {
        utf8proc_int32_t code;
        utf8proc_ssize_t taken = utf8proc_iterate((const utf8proc_uint8_t *)bytes + at,
                                                  (utf8proc_ssize_t)(length - at), &code);
        if (taken <= 0) {
            text_append(out, "\xEF\xBF\xBD"); /* U+FFFD for a byte that is no UTF-8 */
            at++;
        } else if (code == '\r') {
            at += at + 1 < length && bytes[at + 1] == '\n' ? 2 : 1;
            clean_sign(out, "\n", 1, multiline);
        } else {
            if (code < 0x80 || code >= 0xA0) {
                clean_sign(out, bytes + at, (size_t)taken, multiline);
            }
            at += (size_t)taken;
        }
    }
}

static bool is_inside(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

static bool joins_the_sign_before(const char *text, size_t at)
{
    utf8proc_int32_t code;
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text + at;
    if (text[at] == '\0' || bytes[0] < 0x80) {
        return false;
    }
    return utf8proc_iterate(bytes, (utf8proc_ssize_t)strnlen(text + at, 4), &code) > 0 &&
           utf8proc_charwidth(code) == 0;
}

size_t lineedit_after(const char *text, size_t at)
{
    if (text[at] == '\0') {
        return at;
    }
    do {
        at++;
        while (is_inside(text[at])) {
            at++;
        }
    } while (joins_the_sign_before(text, at));
    return at;
}

size_t lineedit_before(const char *text, size_t at)
{
    while (at > 0) {
        at--;
        while (at > 0 && is_inside(text[at])) {
            at--;
        }
        if (!joins_the_sign_before(text, at)) {
            break;
        }
    }
    return at;
}

size_t lineedit_line_start(const char *text, size_t at)
{
    while (at > 0 && text[at - 1] != '\n') {
        at--;
    }
    return at;
}

size_t lineedit_line_end(const char *text, size_t at)
{
    return at + strcspn(text + at, "\n");
}

/* ---- The door ---- */

enum lineedit_answer lineedit_key(struct lineedit *edit, struct key key)
{
    clear_candidates(edit);
    edit->vertical = false;
    enum lineedit_answer answer = edit->maker->key(edit, key);
    if (!edit->vertical) {
        edit->goal = SIZE_MAX;
    }
    return answer;
}

void lineedit_paste(struct lineedit *edit, const char *bytes, size_t length)
{
    struct text clean = {0};
    lineedit_clean(&clean, bytes, length, edit->spec.multiline);
    edit->maker->settle(edit);
    clear_candidates(edit);
    edit->goal = SIZE_MAX;
    if (clean.length > 0) {
        size_t at = edit->maker->cursor(edit);
        edit->maker->replace(edit, at, at, text_string(&clean));
    }
    text_release(&clean);
}

void lineedit_insert(struct lineedit *edit, const char *text)
{
    lineedit_paste(edit, text, strlen(text));
}

const char *lineedit_text(const struct lineedit *edit)
{
    return edit->maker->text(edit);
}

size_t lineedit_cursor(const struct lineedit *edit)
{
    return edit->maker->cursor(edit);
}

bool lineedit_selection(const struct lineedit *edit, size_t *start, size_t *end)
{
    return edit->maker->selection(edit, start, end);
}

/* The nearest start of a sign at or before the offset. */
static size_t whole_sign(const char *text, size_t at)
{
    size_t length = strlen(text);
    at = at < length ? at : length;
    while (at > 0 && is_inside(text[at])) {
        at--;
    }
    return at;
}

void lineedit_set_text(struct lineedit *edit, const char *text, size_t cursor)
{
    struct text clean = {0};
    lineedit_clean(&clean, text, strlen(text), edit->spec.multiline);
    edit->maker->settle(edit);
    clear_candidates(edit);
    edit->goal = SIZE_MAX;
    const char *old = edit->maker->text(edit);
    if (!string_equal(old, text_string(&clean))) {
        edit->maker->replace(edit, 0, strlen(old), text_string(&clean));
    }
    edit->maker->move(edit, whole_sign(text_string(&clean), cursor));
    edit->position = edit->history.entries.count;
    text_release(&clean);
}

void lineedit_load(struct lineedit *edit, const char *text, size_t cursor)
{
    lineedit_set_text(edit, text, cursor);
    edit->maker->forget_undo(edit);
}

const char *lineedit_prompt(const struct lineedit *edit)
{
    return edit->maker->prompt(edit);
}

const char *lineedit_mode(const struct lineedit *edit)
{
    return edit->maker->mode(edit);
}

const char *lineedit_warning(const struct lineedit *edit)
{
    return text_string(&edit->warning);
}

/* ---- Completion ---- */

const struct array *lineedit_candidates(const struct lineedit *edit)
{
    return &edit->candidates;
}

size_t lineedit_word_start(const struct lineedit *edit)
{
    return edit->word_start;
}

void lineedit_choose(struct lineedit *edit, size_t index)
{
    const struct lineedit_candidate *candidate = array_at(&edit->candidates, index);
    if (candidate != NULL) {
        edit->maker->replace(edit, edit->word_start, edit->maker->cursor(edit),
                             candidate->text);
    }
    clear_candidates(edit);
}

static bool is_word_sign(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || (unsigned char)c >= 0x80;
}

/* Only blanks before the cursor in this line of a longer text: Tab indents. */
static bool stands_in_indent(const struct lineedit *edit, const char *text, size_t cursor)
{
    size_t start = lineedit_line_start(text, cursor);
    return edit->spec.multiline && start > 0 &&
           strspn(text + start, " \t") >= cursor - start;
}

/* Bytes that all candidates begin with, when they continue the word as it was typed. */
static size_t common_start(const struct lineedit *edit, const char *word, size_t length)
{
    const struct lineedit_candidate *first = array_at(&edit->candidates, 0);
    size_t common = strlen(first->text);
    for (size_t i = 1; i < edit->candidates.count; i++) {
        const struct lineedit_candidate *other = array_at(&edit->candidates, i);
        size_t same = 0;
        while (same < common && other->text[same] == first->text[same]) {
            same++;
        }
        common = same;
    }
    while (common > 0 && is_inside(first->text[common])) {
        common--;
    }
    return common > length && strncmp(first->text, word, length) == 0 ? common : 0;
}

bool lineedit_suggest(struct lineedit *edit)
{
    const char *text = edit->maker->text(edit);
    size_t cursor = edit->maker->cursor(edit);
    clear_candidates(edit);
    edit->word_start = cursor;
    while (edit->word_start > 0 && is_word_sign(text[edit->word_start - 1])) {
        edit->word_start--;
    }
    if (edit->spec.complete != NULL) {
        edit->spec.complete(edit->spec.owner, text, cursor, &edit->word_start,
                            &edit->candidates);
    }
    return edit->candidates.count > 0;
}

enum lineedit_answer lineedit_complete(struct lineedit *edit)
{
    const char *text = edit->maker->text(edit);
    size_t cursor = edit->maker->cursor(edit);
    if (stands_in_indent(edit, text, cursor)) {
        edit->maker->replace(edit, cursor, cursor, "    ");
        return LINEEDIT_EDITED;
    }
    lineedit_suggest(edit);
    if (edit->candidates.count == 1) {
        lineedit_choose(edit, 0);
    }
    if (edit->candidates.count == 0) {
        return LINEEDIT_EDITED;
    }
    size_t common =
        common_start(edit, text + edit->word_start, cursor - edit->word_start);
    if (common > 0) {
        const struct lineedit_candidate *first = array_at(&edit->candidates, 0);
        char *start = string_copy_bytes(first->text, common);
        edit->maker->replace(edit, edit->word_start, cursor, start);
        free(start);
    }
    return LINEEDIT_COMPLETE;
}

/* ---- History ---- */

bool lineedit_history_add(struct lineedit *edit, const char *statement, struct error *err)
{
    struct text clean = {0};
    lineedit_clean(&clean, statement, strlen(statement), true);
    bool kept = lineedit_history_keep(&edit->history, text_string(&clean), err);
    text_release(&clean);
    if (kept) {
        edit->maker->history_changed(edit);
    }
    edit->position = edit->history.entries.count;
    free(edit->draft);
    edit->draft = NULL;
    return kept;
}

void lineedit_history_set(struct lineedit *edit, const struct array *statements)
{
    edit->maker->settle(edit); /* a search that is on holds entries that go */
    lineedit_history_replace(&edit->history, statements);
    edit->maker->history_replaced(edit);
    edit->position = edit->history.entries.count;
    free(edit->draft);
    edit->draft = NULL;
}

size_t lineedit_history_count(const struct lineedit *edit)
{
    return edit->history.entries.count;
}

const char *lineedit_history_at(const struct lineedit *edit, size_t index)
{
    char **entry = array_at(&edit->history.entries, index);
    return entry != NULL ? *entry : NULL;
}
