/* lineedit_plain_search: C-r in the editor of our own, as readline's looks and answers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "tui/lineedit_plain.h"
#include "tui/utf8.h"

static bool match_at(struct plain *plain, size_t index)
{
    const char *entry = lineedit_history_at(&plain->base, index);
    const char *found =
        entry != NULL ? strstr(entry, text_string(&plain->search.wanted)) : NULL;
    if (found != NULL) {
        plain->search.at = index;
        plain_show(plain, entry, (size_t)(found - entry));
    }
    return found != NULL;
}

/* The next entry that has the wanted text, from `from` on in the search's direction. */
static void search_from(struct plain *plain, size_t from)
{
    size_t count = plain->base.history.entries.count;
    plain->search.failed = true;
    if (plain->search.wanted.length == 0) {
        plain->search.failed = false;
        return;
    }
    for (size_t i = from; i < count; i = plain->search.forward ? i + 1 : i - 1) {
        if (match_at(plain, i)) { /* going down past 0 wraps to above count */
            plain->search.failed = false;
            return;
        }
    }
}

enum lineedit_answer plain_begin_search(struct lineedit *edit)
{
    struct plain *plain = plain_of(edit);
    plain->search.active = true;
    plain->search.forward = false;
    plain->search.failed = false;
    plain->search.at = plain->base.history.entries.count;
    plain->search.text = string_copy(plain_text(edit));
    plain->search.cursor = plain->cursor;
    return LINEEDIT_EDITED;
}

/* Keep what is shown (as one step of undo) or go back. */
void plain_end_search(struct plain *plain, bool keep)
{
    char *shown = string_copy(text_string(&plain->text));
    size_t cursor = plain->cursor;
    plain_show(plain, plain->search.text, plain->search.cursor);
    if (keep && !string_equal(shown, plain->search.text)) {
        plain_edit(plain, 0, plain->text.length, shown, false);
        plain->cursor = cursor;
        free(plain->base.draft);
        plain->base.draft = plain->search.text;
        plain->search.text = NULL;
        plain->base.position = plain->search.at;
    }
    free(shown);
    free(plain->search.text);
    text_release(&plain->search.wanted);
    plain->search = (struct search){0};
}

/* A key while searching. False: the search is over, the key still means something. */
bool plain_search_key(struct plain *plain, struct key key)
{
    struct search *search = &plain->search;
    size_t count = plain->base.history.entries.count;
    if (key_is(key, CONTROL_R) || key_is(key, CONTROL_S)) {
        search->forward = key.code == CONTROL_S;
        if (search->at < count || !search->forward) {
            search_from(plain, search->forward ? search->at + 1 : search->at - 1);
        }
    } else if (key_is(key, CONTROL_G) || key_is(key, CONTROL_C)) {
        plain_end_search(plain, false);
    } else if (key_is(key, KEY_CODE_BACKSPACE) || key_is(key, CONTROL_H)) {
        size_t shorter =
            lineedit_before(text_string(&search->wanted), search->wanted.length);
        text_truncate(&search->wanted, shorter);
        search->at = count;
        plain_show(plain, search->text, search->cursor);
        search_from(plain, count - 1);
    } else if (key_is_printable(key) && !key.alt) {
        char sign[5];
        utf8_encode(key.code, sign);
        text_append(&search->wanted, sign);
        search_from(plain, search->at < count ? search->at : count - 1);
    } else {
        plain_end_search(plain, true);
        return key_is(key, KEY_CODE_ESCAPE) || key_is(key, CONTROL_J);
    }
    return true;
}

const char *plain_prompt(const struct lineedit *edit)
{
    struct plain *plain = plain_of(edit);
    text_clear(&plain->prompt);
    if (plain->search.active) {
        text_printf(
            &plain->prompt, "(%s%si-search)`%s': ", plain->search.failed ? "failed " : "",
            plain->search.forward ? "" : "reverse-", text_string(&plain->search.wanted));
    }
    return text_string(&plain->prompt);
}
