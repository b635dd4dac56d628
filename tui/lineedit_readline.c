/* lineedit_readline: the editor made of GNU readline's callback interface. Only editing
 * is left to readline: it gets bytes from a queue instead of a terminal, draws nothing,
 * and its commands that think a text has one line are replaced by ours
 * (lineedit_readline_keys.c).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <readline/readline.h>
#include <readline/history.h>

#include "tui/lineedit_readline.h"
#include "tui/utf8.h"

/* readline calls back without an owner: this is the one editor it works for. */
static struct readline_edit *current;

struct readline_edit *readline_current(void)
{
    return current;
}

static const struct readline_edit *edit_of(const struct lineedit *edit)
{
    return (const struct readline_edit *)edit;
}

/* Text is UTF-8 whatever the terminal's locale: while readline works, this thread's
 * character type is C.UTF-8. */
static locale_t enter_utf8(const struct readline_edit *edit)
{
    return edit->utf8 != (locale_t)0 ? uselocale(edit->utf8) : (locale_t)0;
}

static void leave_utf8(locale_t before)
{
    if (before != (locale_t)0) {
        uselocale(before);
    }
}

/* ---- What readline calls ---- */

static int next_byte(FILE *stream)
{
    (void)stream;
    struct text *queue = &current->queue;
    if (current->taken < queue->length) {
        return (unsigned char)queue->data[current->taken++];
    }
    /* A command reads on where nothing waits. End of file would throw the text away; C-g
     * only ends that command. */
    return CTRL('G');
}

static int bytes_wait(void)
{
    return current->taken < current->queue.length;
}

static void draw_nothing(void)
{
}

/* Some command accepted the line after all: readline empties the buffer once this
 * returns, so the text is kept aside and put back. */
static void take_line(char *line)
{
    free(current->accepted);
    current->accepted = line != NULL ? line : string_copy("");
}

/* ---- Feeding ---- */

static void restore_accepted(void)
{
    if (current->accepted != NULL) {
        rl_replace_line(current->accepted, 1);
        rl_point = rl_end;
        free(current->accepted);
        current->accepted = NULL;
    }
}

static void feed(struct readline_edit *edit, const char *bytes, size_t length)
{
    text_clear(&edit->queue);
    text_append_bytes(&edit->queue, bytes, length);
    edit->taken = 0;
    locale_t before = enter_utf8(edit);
    while (bytes_wait()) {
        rl_callback_read_char();
        restore_accepted();
    }
    while (rl_point > 0 && (rl_line_buffer[rl_point] & 0xC0) == 0x80) {
        rl_point--; /* the mark does not move with the text, and C-x C-x goes there */
    }
    leave_utf8(before);
}

/* A search, an argument or a half key sequence is in the middle of something. */
static bool is_waiting(void)
{
    return RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_NUMERICARG |
                      RL_STATE_METANEXT | RL_STATE_MULTIKEY | RL_STATE_MOREINPUT |
                      RL_STATE_VIMOTION | RL_STATE_CHARSEARCH) != 0;
}

/* After a search the text is an entry of readline's list, and so is what can be undone:
 * editing would change the history. Go back to the draft and put the text there, as one
 * step that can be undone. */
static void leave_history(struct lineedit *edit)
{
    int position = where_history();
    if (is_waiting() || position >= history_length) {
        return;
    }
    char *found = string_copy(rl_line_buffer);
    int point = rl_point;
    rl_get_next_history(history_length - position, 0);
    using_history();
    free(edit->draft);
    edit->draft = string_copy(rl_line_buffer);
    edit->position = (size_t)position;
    if (!string_equal(found, rl_line_buffer)) {
        edit->maker->replace(edit, 0, (size_t)rl_end, found);
    }
    rl_point = point < rl_end ? point : rl_end;
    free(found);
}

/* Afterwards the last command is none: a kill that follows begins a new entry. */
static void settle(struct lineedit *edit)
{
    if (RL_ISSTATE(RL_STATE_ISEARCH)) {
        feed((struct readline_edit *)edit, "\033", 1); /* keeps what was found */
        leave_history(edit);
    } else if (is_waiting()) {
        feed((struct readline_edit *)edit, "\007", 1);
    }
    feed((struct readline_edit *)edit, READLINE_NOTHING, strlen(READLINE_NOTHING));
}

/* Keys that mean nothing here. Alt with a character of several bytes is none of
 * readline's either: it would take the first byte and type the rest. */
static bool is_left_to_the_screen(struct key key)
{
    return key.code == KEY_CODE_NONE || key_is(key, CTRL('L')) ||
           key_is(key, CTRL('Z')) ||
           (key.code >= KEY_CODE_FIRST && readline_sequence_of(key) == NULL) ||
           (key.alt && key.code >= 0x80 && key.code < KEY_CODE_FIRST);
}

static void feed_key(struct readline_edit *edit, struct key key)
{
    const char *sequence = readline_sequence_of(key);
    char bytes[8] = "\033";
    if (sequence != NULL) {
        feed(edit, sequence, strlen(sequence));
        return;
    }
    size_t length = utf8_encode(key.code, bytes + 1);
    feed(edit, key.alt ? bytes : bytes + 1, key.alt ? length + 1 : length);
}

/* In vi's command mode the cursor stands on a sign of its line. readline knows one line
 * only: it takes a cursor behind the last byte one back, out of an empty last line. */
static void stay_in_line(void)
{
    if (rl_get_keymap() != vi_movement_keymap || is_waiting() || rl_point >= rl_end ||
        rl_line_buffer[rl_point] != '\n') {
        return;
    }
    if (rl_point == rl_end - 1) {
        rl_point = rl_end;
    } else if (rl_point > 0 && rl_line_buffer[rl_point - 1] != '\n') {
        rl_point = (int)lineedit_before(rl_line_buffer, (size_t)rl_point);
    }
}

/* Does this key go on with an incremental search? */
static bool is_search_key(struct key key)
{
    static const char controls[] = {'R', 'S', 'G', 'H', 'W', 'Y', 'V', 'J', '['};
    for (size_t i = 0; i < sizeof controls; i++) {
        if (key_is(key, controls[i] - '@')) {
            return true;
        }
    }
    return key_is_printable(key) || key_is(key, KEY_CODE_BACKSPACE);
}

/* Behind C-v. */
static void insert_itself(struct readline_edit *edit, struct key key)
{
    char bytes[8];
    edit->quoting = false;
    if (key.code < KEY_CODE_FIRST) {
        utf8_encode(key.code, bytes);
        edit->base.maker->replace(&edit->base, (size_t)rl_point, (size_t)rl_point, bytes);
    }
}

/* A doubled `d`, `c` or `y` of vi, or `.` behind `dd`. */
static bool take_line_operator(struct readline_edit *edit, struct key key)
{
    bool again = edit->killed_line && key_is(key, '.') && !is_waiting() &&
                 rl_get_keymap() == vi_movement_keymap;
    if (!again && (!RL_ISSTATE(RL_STATE_VIMOTION) || !key_is(key, edit->vi_operator))) {
        return false;
    }
    if (!again) {
        feed(edit, "\007", 1); /* it waits no more */
    }
    readline_line_operator(again ? 'd' : edit->vi_operator);
    edit->killed_line = again || edit->vi_operator == 'd';
    return true;
}

static enum lineedit_answer press(struct lineedit *base, struct key key)
{
    struct readline_edit *edit = (struct readline_edit *)base;
    if (is_left_to_the_screen(key)) {
        return LINEEDIT_UNKNOWN;
    }
    if (key_is(key, CTRL('C'))) {
        if (!is_waiting()) {
            return LINEEDIT_CANCEL;
        }
        key.code = CTRL('G');
    }
    if (key_is(key, CTRL('D')) && rl_end == 0 && !is_waiting()) {
        return LINEEDIT_END; /* readline itself would take it for the end of all input */
    }
    if (edit->quoting) {
        insert_itself(edit, key);
        return LINEEDIT_EDITED;
    }
    /* Neither a key sequence nor an argument can have such a character: it ends here. */
    if (key.code >= 0x80 && key.code < KEY_CODE_FIRST &&
        RL_ISSTATE(RL_STATE_MULTIKEY | RL_STATE_NUMERICARG)) {
        feed(edit, "\007", 1);
        return LINEEDIT_EDITED;
    }
    if (RL_ISSTATE(RL_STATE_ISEARCH) && !is_search_key(key)) {
        settle(base);
    }
    const UNDO_LIST *done = rl_undo_list;
    int end = rl_end;
    edit->answer = LINEEDIT_EDITED;
    if (!take_line_operator(edit, key)) {
        feed_key(edit, key);
        edit->killed_line = edit->killed_line && rl_undo_list == done;
    }
    leave_history(base);
    stay_in_line();
    edit->marked = edit->marked && rl_undo_list == done && rl_end == end;
    return edit->answer;
}

/* ---- In the words of a maker ---- */

static const char *text(const struct lineedit *edit)
{
    (void)edit;
    return rl_line_buffer != NULL ? rl_line_buffer : "";
}

static size_t cursor(const struct lineedit *edit)
{
    (void)edit;
    return (size_t)rl_point;
}

static void move(struct lineedit *edit, size_t to)
{
    (void)edit;
    rl_point = (int)to;
}

static void replace(struct lineedit *base, size_t start, size_t end, const char *bytes)
{
    locale_t before = enter_utf8(edit_of(base));
    rl_begin_undo_group();
    rl_delete_text((int)start, (int)end);
    rl_point = (int)start;
    rl_insert_text(bytes);
    rl_end_undo_group();
    ((struct readline_edit *)base)->marked = false;
    leave_utf8(before);
}

static void kill_bytes(struct lineedit *base, size_t start, size_t end)
{
    rl_kill_text((int)start, (int)end);
    rl_point = (int)(start < end ? start : end);
    ((struct readline_edit *)base)->marked = false;
}

static bool selection(const struct lineedit *edit, size_t *start, size_t *end)
{
    *start = (size_t)(rl_mark < rl_point ? rl_mark : rl_point);
    *end = (size_t)(rl_mark < rl_point ? rl_point : rl_mark);
    return edit_of(edit)->marked && *start < *end && *end <= (size_t)rl_end;
}

static const char *prompt(const struct lineedit *edit)
{
    (void)edit;
    bool shown =
        RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH | RL_STATE_NUMERICARG) != 0;
    return shown && rl_display_prompt != NULL ? rl_display_prompt : "";
}

static const char *mode(const struct lineedit *edit)
{
    (void)edit;
    if (rl_editing_mode == 1) {
        return "emacs";
    }
    return rl_get_keymap() == vi_movement_keymap ? "vi command" : "vi insert";
}

/* ---- History: the list is ours, readline has a copy to search in ---- */

static void copy_history(const struct lineedit *edit)
{
    for (size_t i = 0; i < lineedit_history_count(edit); i++) {
        add_history(lineedit_history_at(edit, i));
    }
    using_history(); /* else C-r starts at the oldest and finds nothing */
}

static void history_changed(struct lineedit *edit)
{
    add_history(lineedit_history_at(edit, lineedit_history_count(edit) - 1));
    using_history();
}

static void history_replaced(struct lineedit *edit)
{
    rl_clear_history();
    copy_history(edit);
}

/* ---- Life ---- */

/* readline tells what it dislikes in ~/.inputrc on standard error, where a screen may
 * already be: catch it. */
void readline_quietly(struct readline_edit *edit, void (*work)(void))
{
    FILE *caught = tmpfile();
    int kept = caught != NULL ? dup(STDERR_FILENO) : -1;
    if (kept >= 0) {
        fflush(stderr);
        dup2(fileno(caught), STDERR_FILENO);
    }
    work();
    if (kept >= 0) {
        fflush(stderr);
        dup2(kept, STDERR_FILENO);
        close(kept);
    }
    if (caught != NULL) {
        char line[512];
        rewind(caught);
        text_clear(&edit->base.warning);
        while (fgets(line, sizeof line, caught) != NULL) {
            lineedit_clean(&edit->base.warning, line, strlen(line), true);
        }
        fclose(caught);
    }
}

static void initialise(void)
{
    rl_callback_handler_install("", take_line);
}

static void configure(struct readline_edit *edit)
{
    rl_readline_name = "mwb";             /* $if mwb in ~/.inputrc */
    rl_redisplay_function = draw_nothing; /* before it starts: then it asks no terminfo */
    rl_getc_function = next_byte;
    rl_input_available_hook = bytes_wait;
    rl_prep_term_function = NULL;
    rl_deprep_term_function = NULL;
    rl_catch_signals = 0;
    rl_catch_sigwinch = 0;
    rl_change_environment = 0;
    rl_instream = edit->nowhere;
    rl_outstream = edit->nowhere;
}

/* What a person's file must not change, for the screen's sake or the text's. */
static void insist(void)
{
    rl_variable_bind("bell-style", "none");
    rl_variable_bind("blink-matching-paren", "off"); /* waits half a second */
    rl_variable_bind("input-meta", "on");
    rl_variable_bind("output-meta", "on");
    rl_variable_bind("convert-meta", "off");
    rl_variable_bind("horizontal-scroll-mode", "off");
    rl_variable_bind("revert-all-at-newline", "off");
}

void readline_adapt(void)
{
    insist();
    readline_bind_all();
}

static void release(struct lineedit *base)
{
    struct readline_edit *edit = (struct readline_edit *)base;
    locale_t before = enter_utf8(edit);
    settle(base);
    rl_free_undo_list();
    rl_replace_line("", 1);
    rl_callback_handler_remove();
    rl_clear_history();
    leave_utf8(before);
    rl_instream = rl_outstream = NULL;
    fclose(edit->nowhere);
    if (edit->utf8 != (locale_t)0) {
        freelocale(edit->utf8);
    }
    free(edit->accepted);
    text_release(&edit->queue);
    current = NULL;
}

static void forget_undo(struct lineedit *base)
{
    (void)base;
    rl_free_undo_list();
}

static const struct lineedit_maker readline_maker = {
    .release = release,
    .key = press,
    .text = text,
    .cursor = cursor,
    .move = move,
    .replace = replace,
    .kill = kill_bytes,
    .forget_undo = forget_undo,
    .settle = settle,
    .selection = selection,
    .prompt = prompt,
    .mode = mode,
    .history_changed = history_changed,
    .history_replaced = history_replaced,
};

struct lineedit *lineedit_new_readline(const struct lineedit_spec *spec,
                                       struct error *err)
{
    if (current != NULL) {
        error_set(err, ERROR_FAILED, "readline edits one text at a time, and it has one");
        return NULL;
    }
    FILE *nowhere = fopen("/dev/null", "r+e");
    if (nowhere == NULL) {
        error_set(err, ERROR_FAILED, "could not open /dev/null for readline: %s",
                  error_of_errno(errno));
        return NULL;
    }
    struct readline_edit *edit = memory_new(sizeof *edit);
    edit->nowhere = nowhere;
    edit->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    lineedit_init(&edit->base, &readline_maker, spec);
    current = edit;
    configure(edit);
    locale_t before = enter_utf8(edit);
    readline_quietly(edit, initialise);
    readline_adapt();
    copy_history(&edit->base);
    leave_utf8(before);
    settle(&edit->base);
    return &edit->base;
}
