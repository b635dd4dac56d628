/* lineedit_readline_keys: our commands in readline's keymaps. A command of readline's
 * that takes the text for one line, or writes to the terminal, is replaced wherever it is
 * bound, also by the person's own ~/.inputrc.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/readline.h>

#include "tui/lineedit_readline.h"

/* ---- Commands ---- */

static int act(lineedit_action *action)
{
    struct readline_edit *edit = readline_current();
    edit->answer = action(&edit->base);
    return 0;
}

/* In vi's command mode the cursor comes to the first sign of another statement. */
static int act_in_history(lineedit_action *action)
{
    size_t before = readline_current()->base.position;
    act(action);
    if (readline_current()->base.position != before &&
        rl_get_keymap() == vi_movement_keymap) {
        rl_point = 0;
    }
    return 0;
}

static int answer(enum lineedit_answer what)
{
    readline_current()->answer = what;
    return 0;
}

/* Each a function of its own, since readline tells a command nothing about its binding.
 */
#define COMMAND(name, action)                                                            \
    static int name(int count, int key)                                                  \
    {                                                                                    \
        (void)count;                                                                     \
        (void)key;                                                                       \
        return action;                                                                   \
    }

COMMAND(line_start, act(lineedit_go_line_start))
COMMAND(line_up, act_in_history(lineedit_go_up))
COMMAND(line_down, act_in_history(lineedit_go_down))
COMMAND(page_up, act(lineedit_go_page_up))
COMMAND(page_down, act(lineedit_go_page_down))
COMMAND(first, act(lineedit_go_first))
COMMAND(last, act(lineedit_go_last))
COMMAND(older, act_in_history(lineedit_older))
COMMAND(newer, act_in_history(lineedit_newer))
COMMAND(kill_line_end, act(lineedit_kill_line_end))
COMMAND(kill_line_start, act(lineedit_kill_line_start))
COMMAND(kill_line, act(lineedit_kill_line))
COMMAND(enter, act(lineedit_enter))
COMMAND(run, act(lineedit_run))
COMMAND(comment, act(lineedit_comment))
COMMAND(complete, act(lineedit_complete))
COMMAND(leave, answer(LINEEDIT_LEAVE))
COMMAND(zoom, answer(LINEEDIT_ZOOM))
COMMAND(save, answer(LINEEDIT_SAVE))
COMMAND(snippet, answer(LINEEDIT_SNIPPET))
COMMAND(tab_new, answer(LINEEDIT_TAB_NEW))
COMMAND(tab_next, answer(LINEEDIT_TAB_NEXT))
COMMAND(tab_previous, answer(LINEEDIT_TAB_PREVIOUS))
COMMAND(tab_close, answer(LINEEDIT_TAB_CLOSE))
COMMAND(external, answer(LINEEDIT_EXTERNAL))
COMMAND(format, answer(LINEEDIT_FORMAT))
COMMAND(nothing, 0)

/* In vi's command mode the end is the last sign; readline counts it in when d$ deletes.
 */
static int line_end(int count, int key)
{
    (void)count;
    (void)key;
    act(lineedit_go_line_end);
    if (rl_get_keymap() == vi_movement_keymap && rl_point > 0 &&
        rl_line_buffer[rl_point - 1] != '\n') {
        rl_point = (int)lineedit_before(rl_line_buffer, (size_t)rl_point);
    }
    return 0;
}

static int set_mark(int count, int key)
{
    rl_set_mark(count, key);
    readline_current()->marked = true;
    return 0;
}

/* readline's own takes one byte, not one character. */
static int quote_next(int count, int key)
{
    (void)count;
    (void)key;
    readline_current()->quoting = true;
    return 0;
}

static int exchange_mark(int count, int key)
{
    rl_exchange_point_and_mark(count, key);
    readline_current()->marked = true;
    return 0;
}

static int forget(int count, int key)
{
    readline_current()->marked = false;
    return rl_abort(count, key);
}

static void read_file_again(void)
{
    rl_re_read_init_file(1, 0);
}

static int reread(int count, int key)
{
    (void)count;
    (void)key;
    readline_quietly(readline_current(), read_file_again);
    readline_adapt();
    return 0;
}

/* Esc steps back one sign, but not out of its line. The first time readline would forget
 * what can be undone (POSIX's idea of a line's beginning): it is never the first time. */
static int vi_command_mode(int count, int key)
{
    bool at_start = rl_point > 0 && rl_line_buffer[rl_point - 1] == '\n';
    int point = rl_point;
    RL_SETSTATE(RL_STATE_VICMDONCE);
    rl_vi_movement_mode(count, key);
    rl_point = at_start ? point : rl_point;
    return 0;
}

static int open_line(bool below, int key)
{
    struct readline_edit *edit = readline_current();
    const char *text = lineedit_text(&edit->base);
    size_t point = lineedit_cursor(&edit->base);
    size_t at = below ? lineedit_line_end(text, point) : lineedit_line_start(text, point);
    rl_vi_insertion_mode(1, key);
    edit->base.maker->replace(&edit->base, at, at, "\n");
    rl_point = (int)(below ? at + 1 : at);
    return 0;
}

static int open_below(int count, int key)
{
    (void)count;
    return open_line(true, key);
}

static int open_above(int count, int key)
{
    (void)count;
    return open_line(false, key);
}

static int change_line_end(int count, int key)
{
    rl_vi_insertion_mode(1, key);
    if (rl_point < rl_end && rl_line_buffer[rl_point] != '\n') {
        kill_line_end(count, key);
    }
    return 0;
}

static int change_line(int count, int key)
{
    line_start(count, key);
    return change_line_end(count, key);
}

static int copy_line(int count, int key)
{
    (void)count;
    (void)key;
    size_t point = (size_t)rl_point;
    size_t start = lineedit_line_start(rl_line_buffer, point);
    size_t end = lineedit_line_end(rl_line_buffer, point);
    int mark = rl_mark;
    rl_mark = (int)start;
    rl_point = (int)(rl_line_buffer[end] == '\n' ? end + 1 : end);
    rl_copy_region_to_kill(1, 0);
    rl_mark = mark;
    rl_point = (int)point;
    return 0;
}

/* These wait for a motion. Doubled they mean the line, see readline_line_operator(). */
static int vi_delete(int count, int key)
{
    readline_current()->vi_operator = 'd';
    return rl_vi_delete_to(count, key);
}

static int vi_change(int count, int key)
{
    readline_current()->vi_operator = 'c';
    return rl_vi_change_to(count, key);
}

static int vi_yank(int count, int key)
{
    readline_current()->vi_operator = 'y';
    return rl_vi_yank_to(count, key);
}

void readline_line_operator(int letter)
{
    if (letter == 'd') {
        kill_line(1, letter);
    } else if (letter == 'c') {
        change_line(1, letter);
    } else {
        copy_line(1, letter);
    }
}

/* ---- Replacing ---- */

struct replacement {
    rl_command_func_t *theirs, *ours;
};

static const struct replacement replacements[] = {
    {rl_beg_of_line, line_start},
    {rl_end_of_line, line_end},
    {rl_kill_line, kill_line_end},
    {rl_backward_kill_line, kill_line_start},
    {rl_unix_line_discard, kill_line_start},
    {rl_kill_full_line, kill_line},
    {rl_get_previous_history, older},
    {rl_get_next_history, newer},
    {rl_beginning_of_history, first},
    {rl_end_of_history, last},
    {rl_newline, run},
    {rl_operate_and_get_next, run},
    {rl_insert_comment, comment},
    {rl_complete, complete},
    {rl_menu_complete, complete},
    {rl_backward_menu_complete, complete},
    {rl_old_menu_complete, complete},
    {rl_possible_completions, complete},
    {rl_insert_completions, complete},
    {rl_vi_complete, complete},
    {rl_vi_eof_maybe, rl_delete},
    {rl_vi_delete_to, vi_delete},
    {rl_vi_change_to, vi_change},
    {rl_vi_yank_to, vi_yank},
    {rl_vi_movement_mode, vi_command_mode},
    {rl_quoted_insert, quote_next},
    {rl_set_mark, set_mark},
    {rl_exchange_point_and_mark, exchange_mark},
    {rl_abort, forget},
    {rl_re_read_init_file, reread},
    /* The search that asks for its whole text first loses memory each time. */
    {rl_noninc_reverse_search, rl_reverse_search_history},
    {rl_noninc_forward_search, rl_forward_search_history},
    {rl_vi_search, rl_reverse_search_history},
    {rl_vi_search_again, rl_reverse_search_history},
    /* These write to the terminal, or mean it. */
    {rl_clear_screen, nothing},
    {rl_clear_display, nothing},
    {rl_refresh_line, nothing},
    {rl_dump_functions, nothing},
    {rl_dump_variables, nothing},
    {rl_dump_macros, nothing},
    {rl_restart_output, nothing},
    {rl_stop_output, nothing},
    {rl_bracketed_paste_begin, nothing},
};

static rl_command_func_t *replacement_of(rl_command_func_t *theirs)
{
    for (size_t i = 0; i < sizeof replacements / sizeof replacements[0]; i++) {
        if (replacements[i].theirs == theirs) {
            return replacements[i].ours;
        }
    }
    return theirs;
}

/* In the middle of a key sequence C-g must be no rl_abort(): the long jump leaves
 * readline 8.2 with a stale list of half sequences, and the next one brings it down. */
static void replace_in(Keymap map, bool is_prefix)
{
    for (int key = 0; key < KEYMAP_SIZE; key++) {
        if (map[key].type == ISKMAP) {
            replace_in((Keymap)map[key].function, true);
        } else if (map[key].type == ISFUNC && map[key].function != NULL) {
            map[key].function = replacement_of(map[key].function);
        }
    }
    if (is_prefix && map[CTRL('G')].type == ISFUNC) {
        map[CTRL('G')].function = nothing;
    }
}

/* ---- Binding ---- */

struct binding {
    const char *sequence; /* bytes */
    rl_command_func_t *command;
};

/* The editor's own keys, whatever they meant before; only a macro of the person's stays.
 */
static const struct binding everywhere[] = {
    {READLINE_NOTHING, nothing},
    {"\r", enter},
    {"\n", run},
    {"\033\r", run},
    {"\033\n", run},
    {"\033[14~", leave},
    {"\033[15~", run},
    {"\030o", leave},
    {"\030\061", zoom},
    {"\030s", save},
    {"\030i", snippet},
    {"\030t", tab_new},
    {"\030n", tab_next},
    {"\030p", tab_previous},
    {"\030k", tab_close},
    {"\030\005", external},
    {"\030\006", format},
    {"\030\025", rl_undo_command},
};

static const struct binding in_emacs[] = {
    {"\033\033", leave},
};

static const struct binding in_vi_command[] = {
    {"G", last},        {"o", open_below},    {"O", open_above},
    {"S", change_line}, {"D", kill_line_end}, {"C", change_line_end},
};

/* Keys that are ours unless the person bound them to something. */
static const struct binding if_free[] = {
    {"\033[A", line_up},
    {"\033[B", line_down},
    {"\033[C", rl_forward_char},
    {"\033[D", rl_backward_char},
    {"\033[H", line_start},
    {"\033[F", line_end},
    {"\033[3~", rl_delete},
    {"\033[2~", rl_overwrite_mode},
    {"\033[5~", page_up},
    {"\033[6~", page_down},
    {"\033[1;3C", rl_forward_word},
    {"\033[1;3D", rl_backward_word},
};

static const struct binding if_free_in_vi_insert[] = {
    {"\020", older},    {"\016", newer},         {"\001", line_start},
    {"\005", line_end}, {"\013", kill_line_end}, {"\037", rl_undo_command},
};

static const struct binding if_free_in_vi_command[] = {
    {"j", line_down},
    {"k", line_up},
};

static bool is_free(rl_command_func_t *bound)
{
    return bound == NULL || bound == rl_insert || bound == rl_do_lowercase_version ||
           bound == vi_command_mode || bound == older || bound == newer;
}

static void bind_keys(Keymap map, const struct binding *bindings, size_t count,
                      bool gently)
{
    for (size_t i = 0; i < count; i++) {
        int type = ISFUNC;
        rl_command_func_t *bound =
            rl_function_of_keyseq(bindings[i].sequence, map, &type);
        if (type == ISMACR || (gently && type == ISFUNC && !is_free(bound))) {
            continue;
        }
        rl_bind_keyseq_in_map(bindings[i].sequence, bindings[i].command, map);
    }
}

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void replace_in_all(void)
{
    replace_in(emacs_standard_keymap, false);
    replace_in(vi_insertion_keymap, false);
    replace_in(vi_movement_keymap, false);
}

void readline_bind_all(void)
{
    Keymap maps[] = {emacs_standard_keymap, vi_insertion_keymap, vi_movement_keymap};
    replace_in_all();
    for (size_t i = 0; i < COUNT(maps); i++) {
        bind_keys(maps[i], everywhere, COUNT(everywhere), false);
        bind_keys(maps[i], if_free, COUNT(if_free), true);
    }
    bind_keys(emacs_standard_keymap, in_emacs, COUNT(in_emacs), false);
    bind_keys(vi_movement_keymap, in_vi_command, COUNT(in_vi_command), false);
    bind_keys(vi_movement_keymap, if_free_in_vi_command, COUNT(if_free_in_vi_command),
              true);
    bind_keys(vi_insertion_keymap, if_free_in_vi_insert, COUNT(if_free_in_vi_insert),
              true);
    replace_in_all(); /* again: binding made new prefixes */
}

/* ---- Keys as bytes ---- */

struct key_bytes {
    struct key key;
    const char *bytes;
};

/* The sequences that readline_bind_all() binds; terminals may send what they like. */
static const struct key_bytes key_sequences[] = {
    {{KEY_CODE_UP, false}, "\033[A"},           {{KEY_CODE_DOWN, false}, "\033[B"},
    {{KEY_CODE_RIGHT, false}, "\033[C"},        {{KEY_CODE_LEFT, false}, "\033[D"},
    {{KEY_CODE_RIGHT, true}, "\033[1;3C"},      {{KEY_CODE_LEFT, true}, "\033[1;3D"},
    {{KEY_CODE_HOME, false}, "\033[H"},         {{KEY_CODE_END, false}, "\033[F"},
    {{KEY_CODE_INSERT, false}, "\033[2~"},      {{KEY_CODE_DELETE, false}, "\033[3~"},
    {{KEY_CODE_PAGE_UP, false}, "\033[5~"},     {{KEY_CODE_PAGE_DOWN, false}, "\033[6~"},
    {{KEY_CODE_F1 + 3, false}, "\033[14~"},     {{KEY_CODE_F1 + 4, false}, "\033[15~"},
    {{KEY_CODE_CONTROL_SPACE, false}, "\033 "}, /* M-Space sets the mark, too */
};

const char *readline_sequence_of(struct key key)
{
    for (size_t i = 0; i < sizeof key_sequences / sizeof key_sequences[0]; i++) {
        const struct key_bytes *row = &key_sequences[i];
        if (row->key.code == key.code && row->key.alt == key.alt) {
            return row->bytes;
        }
    }
    return NULL;
}
