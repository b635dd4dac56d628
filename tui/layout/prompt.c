/* prompt: the line at the bottom: verbs after `:`, questions of panes, yes or no.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/layout/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/path.h"
#include "tui/completion.h"

enum { MENU_MOST = 8, HISTORY_SIZE = 1000 };

static void complete_command(void *owner, const char *text, size_t cursor,
                             size_t *word_start, struct array *candidates)
{
    struct screen *screen = owner;

    completion_find_words(screen->workbench, "", text, cursor, word_start, candidates);
}

void prompt_init(struct screen *screen)
{
    bool is_kept = screen->workbench->with_state;
    char *history = is_kept ? path_of_place(PLACE_DATA, "commands", NULL) : NULL;
    struct lineedit_spec spec = {
        .history_file = history,
        .history_size = HISTORY_SIZE,
        .complete = complete_command,
        .owner = screen,
    };
    screen->command_edit = lineedit_new_plain(&spec);
    free(history);
}

static void clear_prompt(struct screen *screen)
{
    free(screen->prompt.label);
    lineedit_free(screen->ask_edit);
    screen->ask_edit = NULL;
    screen->prompt = (struct prompt){0};
    screen_dirty(screen);
}

void prompt_release(struct screen *screen)
{
    clear_prompt(screen);
    lineedit_free(screen->command_edit);
    screen->command_edit = NULL;
}

static void open_prompt(struct screen *screen, enum prompt_kind kind, const char *label)
{
    prompt_close(screen, NULL);
    message_clear(screen);
    screen->prompt.kind = kind;
    screen->prompt.label = string_copy(label);
    screen_dirty(screen);
}

void prompt_open_command(struct screen *screen, const char *initial)
{
    open_prompt(screen, PROMPT_COMMAND, ":");
    screen->prompt.edit = screen->command_edit;
    lineedit_set_text(screen->command_edit, initial, strlen(initial));
}

void screen_open_command(struct screen *screen)
{
    prompt_open_command(screen, "");
}

void prompt_confirm(struct screen *screen, const char *question,
                    void (*confirmed)(struct screen *screen))
{
    open_prompt(screen, PROMPT_CONFIRM, question);
    screen->prompt.confirmed = confirmed;
}

static void complete_question(void *owner, const char *text, size_t cursor,
                              size_t *word_start, struct array *candidates)
{
    const struct screen *screen = owner;

    screen->prompt.complete(screen->prompt.pane, text, cursor, word_start, candidates);
}

void screen_ask_question(struct screen *screen, const struct screen_question *question,
                         struct pane *pane)
{
    struct lineedit_spec spec = {
        .complete = question->complete != NULL ? complete_question : NULL,
        .owner = screen,
    };
    char *text = string_copy(question->initial != NULL ? question->initial : "");

    open_prompt(screen, PROMPT_ASK, question->prompt);
    screen->ask_edit = lineedit_new_plain(&spec);
    screen->prompt.edit = screen->ask_edit;
    screen->prompt.pane = pane;
    screen->prompt.changed = question->changed;
    screen->prompt.done = question->done;
    screen->prompt.complete = question->complete;
    lineedit_set_text(screen->ask_edit, text, strlen(text));
    free(text);
}

void screen_ask_live(struct screen *screen, const char *label, const char *initial,
                     void (*changed)(struct pane *pane, const char *line),
                     void (*done)(struct pane *pane, const char *line), struct pane *pane)
{
    struct screen_question question = {
        .prompt = label, .initial = initial, .changed = changed, .done = done};

    screen_ask_question(screen, &question, pane);
}

void screen_ask(struct screen *screen, const char *label, const char *initial,
                void (*done)(struct pane *pane, const char *line), struct pane *pane)
{
    screen_ask_live(screen, label, initial, NULL, done, pane);
}

/* Close it and say what was typed; NULL: the person left. */
void prompt_close(struct screen *screen, const char *line)
{
    struct prompt prompt = screen->prompt;
    char *typed = string_copy(line);

    if (prompt.kind == PROMPT_NONE) {
        free(typed);
        return;
    }
    clear_prompt(screen);
    if (prompt.kind == PROMPT_COMMAND && typed != NULL && *typed != '\0') {
        lineedit_history_add(screen->command_edit, typed, NULL);
        screen_run(screen, typed);
    } else if (prompt.kind == PROMPT_ASK && prompt.done != NULL) {
        prompt.done(prompt.pane, typed);
    }
    free(typed);
}

/* The pane that asked is going away: nobody is to be told. */
void prompt_forget(struct screen *screen, const struct pane *pane)
{
    if (screen->prompt.kind == PROMPT_ASK && screen->prompt.pane == pane) {
        clear_prompt(screen);
    }
}

static void answer_confirm(struct screen *screen, struct key key)
{
    void (*confirmed)(struct screen * screen) = screen->prompt.confirmed;
    bool yes = key_is(key, 'y') || key_is(key, 'Y');

    clear_prompt(screen);
    if (yes && confirmed != NULL) {
        confirmed(screen);
    }
}

static void open_menu(struct screen *screen)
{
    const struct array *found = lineedit_candidates(screen->prompt.edit);

    if (found->count == 1) {
        lineedit_choose(screen->prompt.edit, 0);
    } else if (found->count > 1) {
        screen->prompt.has_menu = true;
        screen->prompt.menu = (struct menu){0};
        list_set_count(&screen->prompt.menu.list, (int)found->count);
    }
}

static void tell_change(struct screen *screen, const char *before)
{
    struct prompt *prompt = &screen->prompt;

    if (prompt->kind == PROMPT_ASK && prompt->changed != NULL &&
        !string_equal(before, lineedit_text(prompt->edit))) {
        prompt->changed(prompt->pane, lineedit_text(prompt->edit));
    }
}

/* A key while the menu is open; false: the menu closed and the key goes on. */
static bool take_menu_key(struct screen *screen, struct key key)
{
    struct prompt *prompt = &screen->prompt;

    if (key_is(key, KEY_CODE_TAB) || key_is(key, KEY_CODE_DOWN)) {
        return menu_step(&prompt->menu, 1);
    }
    if (key_is(key, KEY_CODE_BACKTAB) || key_is(key, KEY_CODE_UP)) {
        return menu_step(&prompt->menu, -1);
    }
    prompt->has_menu = false;
    if (key_is(key, KEY_CODE_ENTER)) {
        char *before = string_copy(lineedit_text(prompt->edit));
        lineedit_choose(prompt->edit, (size_t)prompt->menu.list.selected);
        tell_change(screen, before);
        free(before);
        return true;
    }
    return key_is(key, KEY_CODE_ESCAPE);
}

static bool is_leaving(struct screen *screen, struct key key)
{
    bool empty = *lineedit_text(screen->prompt.edit) == '\0';

    return key_is(key, KEY_CODE_ESCAPE) || key_is(key, 3) || key_is(key, 7) ||
           (empty && key_is(key, KEY_CODE_BACKSPACE));
}

static void edit_key(struct screen *screen, struct key key)
{
    char *before = string_copy(lineedit_text(screen->prompt.edit));

    switch (lineedit_key(screen->prompt.edit, key)) {
    case LINEEDIT_ACCEPT:
    case LINEEDIT_RUN:
        prompt_close(screen, lineedit_text(screen->prompt.edit));
        break;
    case LINEEDIT_CANCEL:
    case LINEEDIT_END:
        prompt_close(screen, NULL);
        break;
    case LINEEDIT_COMPLETE:
        open_menu(screen);
        tell_change(screen, before);
        break;
    default:
        tell_change(screen, before);
        break;
    }
    free(before);
}

struct move {
    int code;
    const char *action;
};

/* While results follow what is typed, these keys go through them. */
static bool move_in_pane(const struct screen *screen, struct key key)
{
    static const struct move moves[] = {
        {KEY_CODE_UP, "up"},
        {KEY_CODE_DOWN, "down"},
        {KEY_CODE_PAGE_UP, "page-up"},
        {KEY_CODE_PAGE_DOWN, "page-down"},
    };
    struct pane *pane = screen->prompt.pane;

    for (size_t i = 0; screen->prompt.kind == PROMPT_ASK &&
                       screen->prompt.changed != NULL && i < sizeof moves / sizeof *moves;
         i++) {
        if (key_is(key, moves[i].code) && pane->kind->action != NULL) {
            return pane->kind->action(pane, moves[i].action, "") == REACTION_DONE;
        }
    }
    return false;
}

void prompt_key(struct screen *screen, struct key key)
{
    screen_dirty(screen);
    if (screen->prompt.kind == PROMPT_CONFIRM) {
        answer_confirm(screen, key);
    } else if (screen->prompt.has_menu && take_menu_key(screen, key)) {
        return;
    } else if (is_leaving(screen, key)) {
        prompt_close(screen, NULL);
    } else if (key_is(key, KEY_CODE_ENTER)) {
        prompt_close(screen, lineedit_text(screen->prompt.edit));
    } else if (!move_in_pane(screen, key)) {
        edit_key(screen, key);
    }
}

/* A line break in a paste never runs anything: it becomes a blank. */
void prompt_paste(struct screen *screen, const char *bytes, size_t length)
{
    struct text line = {0};
    char *before;

    if (screen->prompt.edit == NULL) {
        return;
    }
    before = string_copy(lineedit_text(screen->prompt.edit));
    for (size_t i = 0; i < length; i++) {
        text_append_char(&line, bytes[i] == '\n' || bytes[i] == '\t' ? ' ' : bytes[i]);
    }
    lineedit_paste(screen->prompt.edit, text_string(&line), line.length);
    tell_change(screen, before);
    text_release(&line);
    free(before);
    screen_dirty(screen);
}

static void draw_menu(struct screen *screen, int x, int y)
{
    const struct array *found = lineedit_candidates(screen->prompt.edit);
    struct menu_item *items = memory_new_many(found->count, sizeof *items);
    struct menu_place place = {.x = x, .y = y, .most = MENU_MOST};

    for (size_t i = 0; i < found->count; i++) {
        const struct lineedit_candidate *one = array_at(found, i);
        items[i] = (struct menu_item){one->text, one->detail};
    }
    size_t start = lineedit_word_start(screen->prompt.edit);
    size_t cursor = lineedit_cursor(screen->prompt.edit);
    char *word = string_copy_bytes(lineedit_text(screen->prompt.edit) + start,
                                   cursor > start ? cursor - start : 0);
    place.word = word;
    menu_draw(&screen->prompt.menu, canvas_view(screen->canvas), &place, items,
              found->count);
    free(word);
    free(items);
}

/* The text so that its cursor is in sight. */
static void draw_edit(struct screen *screen, struct view line, int x)
{
    const char *text = lineedit_text(screen->prompt.edit);
    size_t cursor = lineedit_cursor(screen->prompt.edit);
    int room = line.width - x - 1;
    int before = safetext_width(text, cursor);
    int shift = before > room ? before - room : 0;
    struct view inner = view_inside(line, x, 0, line.width - x, 1);

    view_text(inner, -shift, 0, style_of(ROLE_TEXT), text, -1);
    if (shift > 0) {
        view_sign(line, x, 0, style_of(ROLE_DIM), "…");
    }
    view_set_cursor(line, x + before - shift, 0);
    if (screen->prompt.has_menu) {
        size_t start = lineedit_word_start(screen->prompt.edit);
        draw_menu(screen, x + safetext_width(text, start) - shift - 1, line.y);
    }
}

void prompt_draw(struct screen *screen, struct view line)
{
    int x = view_text(line, 0, 0, style_of(ROLE_KEY), screen->prompt.label, -1);

    if (screen->prompt.kind == PROMPT_CONFIRM) {
        view_set_cursor(line, x + 1, 0);
    } else {
        draw_edit(screen, line, x);
    }
}
