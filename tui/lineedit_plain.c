/* lineedit_plain: the small editor of our own: prompts of one line, and SQL in builds
 * without readline. Emacs keys, one kill, undo, incremental search.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "tui/lineedit_plain.h"
#include "tui/utf8.h"

static size_t plain_cursor(const struct lineedit *edit)
{
    return plain_of(edit)->cursor;
}

static void plain_move(struct lineedit *edit, size_t cursor)
{
    plain_of(edit)->cursor = cursor;
}

static void plain_replace(struct lineedit *edit, size_t start, size_t end,
                          const char *bytes)
{
    plain_edit(plain_of(edit), start, end, bytes, false);
}

/* ---- The mark ---- */

static enum lineedit_answer set_mark(struct lineedit *edit)
{
    struct plain *plain = plain_of(edit);
    plain->marked = true;
    plain->mark = plain->cursor;
    return LINEEDIT_EDITED;
}

static bool plain_selection(const struct lineedit *edit, size_t *start, size_t *end)
{
    const struct plain *plain = plain_of(edit);
    *start = plain->mark < plain->cursor ? plain->mark : plain->cursor;
    *end = plain->mark < plain->cursor ? plain->cursor : plain->mark;
    return plain->marked && *start < *end;
}

/* ---- Keys ---- */

static enum lineedit_answer answer_leave(struct lineedit *edit)
{
    (void)edit;
    return LINEEDIT_LEAVE;
}

static enum lineedit_answer answer_external(struct lineedit *edit)
{
    (void)edit;
    return LINEEDIT_EXTERNAL;
}

static enum lineedit_answer answer_format(struct lineedit *edit)
{
    (void)edit;
    return LINEEDIT_FORMAT;
}

static enum lineedit_answer answer_zoom(struct lineedit *edit)
{
    (void)edit;
    return LINEEDIT_ZOOM;
}

static enum lineedit_answer answer_tab_new(struct lineedit *edit)
{
    (void)edit;
    return LINEEDIT_TAB_NEW;
}

static enum lineedit_answer answer_tab_next(struct lineedit *edit)
{
    (void)edit;
    return LINEEDIT_TAB_NEXT;
}

static enum lineedit_answer answer_tab_previous(struct lineedit *edit)
{
    (void)edit;
    return LINEEDIT_TAB_PREVIOUS;
}

static enum lineedit_answer answer_tab_close(struct lineedit *edit)
{
    (void)edit;
    return LINEEDIT_TAB_CLOSE;
}

static enum lineedit_answer answer_save(struct lineedit *edit)
{
    (void)edit;
    return LINEEDIT_SAVE;
}

static enum lineedit_answer answer_snippet(struct lineedit *edit)
{
    (void)edit;
    return LINEEDIT_SNIPPET;
}

static enum lineedit_answer answer_cancel(struct lineedit *edit)
{
    (void)edit;
    return LINEEDIT_CANCEL;
}

static enum lineedit_answer forget_mark(struct lineedit *edit)
{
    plain_of(edit)->marked = false;
    return edit->spec.multiline ? LINEEDIT_EDITED : LINEEDIT_CANCEL;
}

static enum lineedit_answer delete_or_end(struct lineedit *edit)
{
    return *plain_text(edit) == '\0' ? LINEEDIT_END : plain_delete_right(edit);
}

struct binding {
    int code;
    lineedit_action *action;
};

static const struct binding bare_keys[] = {
    {CONTROL_A, lineedit_go_line_start},
    {CONTROL_B, plain_left},
    {CONTROL_C, answer_cancel},
    {CONTROL_D, delete_or_end},
    {CONTROL_E, lineedit_go_line_end},
    {CONTROL_F, plain_right},
    {CONTROL_G, forget_mark},
    {CONTROL_H, plain_delete_left},
    {KEY_CODE_TAB, lineedit_complete},
    {CONTROL_J, lineedit_run},
    {CONTROL_K, lineedit_kill_line_end},
    {KEY_CODE_ENTER, lineedit_enter},
    {CONTROL_N, lineedit_newer},
    {CONTROL_O, lineedit_run},
    {CONTROL_P, lineedit_older},
    {CONTROL_R, plain_begin_search},
    {CONTROL_U, lineedit_kill_line_start},
    {CONTROL_W, plain_kill_blank_word},
    {CONTROL_Y, plain_yank},
    {CONTROL_UNDERSCORE, plain_undo},
    {KEY_CODE_CONTROL_SPACE, set_mark},
    {KEY_CODE_BACKSPACE, plain_delete_left},
    {KEY_CODE_DELETE, plain_delete_right},
    {KEY_CODE_LEFT, plain_left},
    {KEY_CODE_RIGHT, plain_right},
    {KEY_CODE_UP, lineedit_go_up},
    {KEY_CODE_DOWN, lineedit_go_down},
    {KEY_CODE_HOME, lineedit_go_line_start},
    {KEY_CODE_END, lineedit_go_line_end},
    {KEY_CODE_F1 + 3, answer_leave},
    {KEY_CODE_F1 + 4, lineedit_run},
    {0, NULL},
};

static const struct binding many_line_keys[] = {
    {KEY_CODE_PAGE_UP, lineedit_go_page_up},
    {KEY_CODE_PAGE_DOWN, lineedit_go_page_down},
    {0, NULL},
};

static const struct binding meta_keys[] = {
    {'b', plain_word_left},
    {'f', plain_word_right},
    {'d', plain_kill_word_right},
    {KEY_CODE_BACKSPACE, plain_kill_word_left},
    {CONTROL_H, plain_kill_word_left},
    {KEY_CODE_LEFT, plain_word_left},
    {KEY_CODE_RIGHT, plain_word_right},
    {'u', plain_upcase},
    {'l', plain_downcase},
    {'c', plain_capitalise},
    {'<', lineedit_go_first},
    {'>', lineedit_go_last},
    {'?', lineedit_complete},
    {'#', lineedit_comment},
    {' ', set_mark},
    {KEY_CODE_ENTER, lineedit_run},
    {CONTROL_J, lineedit_run},
    {KEY_CODE_ESCAPE, answer_leave},
    {0, NULL},
};

static const struct binding control_x_keys[] = {
    {'o', answer_leave},        {'1', answer_zoom},      {'s', answer_save},
    {'i', answer_snippet},      {'t', answer_tab_new},   {'n', answer_tab_next},
    {'p', answer_tab_previous}, {'k', answer_tab_close}, {CONTROL_E, answer_external},
    {CONTROL_F, answer_format}, {CONTROL_U, plain_undo}, {0, NULL},
};

static lineedit_action *find_binding(const struct binding *table, int code)
{
    while (table->action != NULL && table->code != code) {
        table++;
    }
    return table->action;
}

static lineedit_action *bound_action(const struct plain *plain, struct key key)
{
    if (plain->control_x) {
        return find_binding(control_x_keys, key.code);
    }
    if (plain->escape || key.alt) {
        return find_binding(meta_keys, key.code);
    }
    lineedit_action *action = find_binding(bare_keys, key.code);
    if (action == NULL && plain->base.spec.multiline) {
        action = find_binding(many_line_keys, key.code);
    }
    return action;
}

/* Keys that only begin something. */
static bool begins_prefix(struct plain *plain, struct key key)
{
    bool many = plain->base.spec.multiline;
    if (plain->escape || plain->control_x || key.alt || !many) {
        return false;
    }
    plain->escape = key.code == KEY_CODE_ESCAPE;
    plain->control_x = key.code == CONTROL_X;
    return plain->escape || plain->control_x;
}

static enum lineedit_answer type_key(struct plain *plain, struct key key)
{
    char sign[5];
    utf8_encode(key.code, sign);
    plain_edit(plain, plain->cursor, plain->cursor, sign, true);
    return LINEEDIT_EDITED;
}

static enum lineedit_answer plain_key(struct lineedit *edit, struct key key)
{
    struct plain *plain = plain_of(edit);
    if (plain->search.active && plain_search_key(plain, key)) {
        return LINEEDIT_EDITED;
    }
    if (begins_prefix(plain, key)) {
        return LINEEDIT_EDITED;
    }
    lineedit_action *action = bound_action(plain, key);
    bool prefixed = plain->escape || plain->control_x;
    plain->escape = plain->control_x = plain->killing = false;
    enum lineedit_answer answer = prefixed ? LINEEDIT_EDITED : LINEEDIT_UNKNOWN;
    if (action != NULL) {
        answer = action(edit);
    } else if (!prefixed && !key.alt && key_is_printable(key)) {
        answer = type_key(plain, key);
    } else if (key_is(key, KEY_CODE_ESCAPE)) {
        answer = LINEEDIT_CANCEL; /* one line: Esc leaves the prompt */
    }
    plain->kills_grow = plain->killing;
    return answer;
}

static void plain_settle(struct lineedit *edit)
{
    struct plain *plain = plain_of(edit);
    if (plain->search.active) {
        plain_end_search(plain, true);
    }
    plain->escape = plain->control_x = false;
    plain->kills_grow = false;
}

/* ---- Life ---- */

static const char *plain_mode(const struct lineedit *edit)
{
    (void)edit;
    return "emacs";
}

static void plain_history_changed(struct lineedit *edit)
{
    (void)edit; /* the list is read where it lies */
}

static void plain_forget_undo(struct lineedit *edit)
{
    struct plain *plain = plain_of(edit);
    plain_forget_changes(plain);
}

static void plain_release(struct lineedit *edit)
{
    struct plain *plain = plain_of(edit);
    plain_release_edits(plain);
    text_release(&plain->prompt);
    text_release(&plain->search.wanted);
    free(plain->search.text);
}

static const struct lineedit_maker plain_maker = {
    .release = plain_release,
    .key = plain_key,
    .text = plain_text,
    .cursor = plain_cursor,
    .move = plain_move,
    .replace = plain_replace,
    .kill = plain_kill,
    .forget_undo = plain_forget_undo,
    .settle = plain_settle,
    .selection = plain_selection,
    .prompt = plain_prompt,
    .mode = plain_mode,
    .history_changed = plain_history_changed,
    .history_replaced = plain_history_changed,
};

struct lineedit *lineedit_new_plain(const struct lineedit_spec *spec)
{
    struct plain *plain = memory_new(sizeof *plain);
    plain->changes = (struct array)ARRAY_OF(struct change);
    lineedit_init(&plain->base, &plain_maker, spec);
    return &plain->base;
}

#ifndef HAVE_READLINE
/* A build without readline edits SQL with this one, too. */
struct lineedit *lineedit_new_readline(const struct lineedit_spec *spec,
                                       struct error *err)
{
    (void)err;
    return lineedit_new_plain(spec);
}
#endif
