/* doctor_page: what the doctor found, in words, and what it asks.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tui/layout.h"
#include "tui/panes/doctor.h"
#include "tui/term.h"

enum { FIELD = 16 };

/* In the order in which they are asked for. */
const struct doctor_key doctor_keys[DOCTOR_KEYS] = {
    {"Up", "a line up, the statement before", "k in lists, C-p in the editor"},
    {"PageDown", "a page down", "Space in lists"},
    {"Home", "to the start", "g in lists, C-a in the editor"},
    {"Tab", "complete, next pane", "C-i; `:focus` and the name of a pane"},
    {"S-Tab", "the pane before", "Tab, or `:focus`"},
    {"F2", "the catalog", "`:focus catalog`"},
    {"F3", "the SQL editor", "`:focus sql`"},
    {"F4", "the results", "Esc Esc in the editor, `:focus results`"},
    {"F5", "run the statement", "Enter after `;`"},
    {"F8", "statements of before", "`:history`"},
    {"C-j", "run the statement", "Enter after `;`"},
    {"M-Enter", "run the statement", "Esc, then Enter"},
    {"C-r", "search what ran before", "`:history`"},
    {"C-x", "begins the keys of the editor", "`:` and the verb"},
    {"C-l", "draw the screen again", "`:redraw`"},
    {"C-z", "back to the shell", "Q, and start again"},
};

static void add_field(struct doctor *doctor, const char *label, enum role role,
                      const char *format, ...) __attribute__((format(printf, 4, 5)));

static void add_field(struct doctor *doctor, const char *label, enum role role,
                      const char *format, ...)
{
    va_list args;
    struct text value = {0};
    va_start(args, format);
    text_vprintf(&value, format, args);
    va_end(args);
    textview_field(doctor->page.text, FIELD, label, role, text_string(&value));
    text_release(&value);
}

static void show_terminal(struct doctor *doctor)
{
    struct term *term = screen_term(doctor->screen);
    const char *ssh = getenv("SSH_CONNECTION"), *tmux = getenv("TMUX");
    int width, height;
    term_size(term, &width, &height);
    add_field(doctor, "terminal", ROLE_TEXT, "%s, %d columns x %d lines, %s%s%s",
              term_name(term), width, height,
              term_has_unicode(term) ? "UTF-8" : "no UTF-8",
              ssh != NULL && *ssh != '\0' ? ", over SSH" : "",
              tmux != NULL && *tmux != '\0' ? ", in tmux" : "");
}

static void show_trip(struct doctor *doctor)
{
    double trip = doctor->found.round_trip;
    if (doctor->phase == DOCTOR_TRIPPING || doctor->phase == DOCTOR_STARTING) {
        add_field(doctor, "round trip", ROLE_DIM, "measuring ...");
    } else if (trip <= 0) {
        add_field(
            doctor, "round trip", ROLE_WARNING,
            "the terminal does not answer; where the link is slow, `:set link slow`");
    } else if (trip < 0.02) {
        add_field(doctor, "round trip", ROLE_MESSAGE,
                  "%.1f ms: every change is drawn at once", trip * 1000);
    } else {
        add_field(
            doctor, "round trip", ROLE_WARNING,
            "%.0f ms: at most %.0f frames a second, and an Esc is waited for longer",
            trip * 1000, trip / 2 < 1 ? 2 / trip : 1);
    }
}

static void show_sign(struct doctor *doctor, int sign)
{
    const struct profile_sample *sample = &profile_samples()[sign];
    enum profile_answer answer = doctor->found.signs[sign];
    if (answer == PROFILE_UNKNOWN) {
        add_field(doctor, sample->name, ROLE_DIM, "%s: not measured", sample->bytes);
    } else if (answer == PROFILE_YES) {
        add_field(doctor, sample->name, ROLE_MESSAGE,
                  "%s takes %d column%s, as it should: %s", sample->bytes, sample->width,
                  sample->width == 1 ? "" : "s", sample->sentence);
    } else {
        add_field(doctor, sample->name, ROLE_WARNING,
                  "takes %d columns instead of %d: %s%s", doctor->widths[sign],
                  sample->width, sample->sentence,
                  sign == PROFILE_LINES     ? " are drawn with ASCII signs"
                  : sign == PROFILE_BLOCKS  ? " are drawn with ASCII signs"
                  : sign == PROFILE_BRAILLE ? " are drawn with blocks"
                                            : " may stand out of line");
    }
}

static void show_answer(struct doctor *doctor, const char *label,
                        enum profile_answer answer, const char *const sentences[3])
{
    enum role role = answer == PROFILE_YES  ? ROLE_MESSAGE
                     : answer == PROFILE_NO ? ROLE_WARNING
                                            : ROLE_DIM;
    add_field(doctor, label, role, "%s", sentences[answer]);
}

static void show_keys(struct doctor *doctor)
{
    int arrived = 0, asked = 0;
    for (int i = 0; i < DOCTOR_KEYS; i++) {
        asked += doctor->arrived[i] != PROFILE_UNKNOWN;
        arrived += doctor->arrived[i] == PROFILE_YES;
    }
    if (asked == 0 && !doctor->found.is_known) {
        add_field(doctor, "keys", ROLE_DIM, "not tried: k tries them one by one");
    } else if (asked > 0) {
        add_field(doctor, "keys", arrived == asked ? ROLE_MESSAGE : ROLE_WARNING,
                  "%d of %d arrive", arrived, asked);
    }
    for (int i = 0; i < DOCTOR_KEYS; i++) {
        if (doctor->arrived[i] == PROFILE_NO) {
            add_field(doctor, doctor_keys[i].key, ROLE_WARNING,
                      "does not arrive (%s): %s", doctor_keys[i].use,
                      doctor_keys[i].instead);
        }
    }
}

static void show_question(struct doctor *doctor)
{
    struct textview *text = doctor->page.text;
    struct text line = {0};
    textview_line(text, ROLE_TEXT, NULL);
    if (doctor->phase == DOCTOR_PRESSING) {
        const struct doctor_key *row = &doctor_keys[doctor->at];
        text_printf(&line, "Press %s (%s). Nothing happens? Press Space; q ends this.",
                    row->key, row->use);
    } else if (doctor->phase == DOCTOR_COLOURS) {
        text_append(&line, "Can you tell these seven apart?");
    } else if (doctor->phase == DOCTOR_COPYING) {
        text_printf(&line,
                    "The clipboard should hold %s now. Paste it here; n where something "
                    "else comes, or nothing.",
                    doctor->word);
    }
    textview_line(text, ROLE_TITLE, text_string(&line));
    for (int i = 0; doctor->phase == DOCTOR_COLOURS && i < 7; i++) {
        static const char *const words[] = {"one",  "two", "three", "four",
                                            "five", "six", "seven"};
        if (i == 0) {
            textview_line(text, ROLE_SERIES_1, words[i]);
        } else {
            textview_more(text, ROLE_TEXT, " ");
            textview_more(text, (enum role)(ROLE_SERIES_1 + i), words[i]);
        }
    }
    if (doctor->phase == DOCTOR_COLOURS) {
        textview_more(text, ROLE_TEXT, "  y yes, n no");
    }
    text_release(&line);
}

static void show_places(struct doctor *doctor)
{
    struct term *term = screen_term(doctor->screen);
    const char *home = getenv("HOME");
    char *path = profile_path(term_name(term));
    if (path != NULL && doctor->phase == DOCTOR_READY) {
        bool below = home != NULL && *home != '\0' && string_starts(path, home);
        textview_line(doctor->page.text, ROLE_TEXT, NULL);
        textview_line(doctor->page.text, ROLE_DIM, below ? "kept in ~" : "kept in ");
        textview_more(doctor->page.text, ROLE_DIM, path + (below ? strlen(home) : 0));
        textview_line(doctor->page.text, ROLE_HINT,
                      "k try keys  c try colours  p try the clipboard  R measure again");
    }
    free(path);
}

void doctor_show(struct doctor *doctor)
{
    static const char *const holds[] = {"not known", "no: a frame may be seen half drawn",
                                        "yes: a frame is shown when it is whole"};
    static const char *const copies[] = {
        "not tried: p copies a word for you to paste",
        "copies do not reach it; E writes a file instead", "copies reach it (OSC 52)"};
    textview_clear(doctor->page.text);
    show_terminal(doctor);
    show_trip(doctor);
    for (int i = 0; i < PROFILE_SIGN_COUNT; i++) {
        show_sign(doctor, i);
    }
    show_answer(doctor, "whole frames", doctor->found.synchronized, holds);
    show_answer(doctor, "clipboard", doctor->found.clipboard, copies);
    if (doctor->found.colours >= 0) {
        add_field(doctor, "colours", ROLE_TEXT, "%d are used", doctor->found.colours);
    } else {
        add_field(doctor, "colours", ROLE_DIM, "%d by its description; c tries them",
                  term_colours(screen_term(doctor->screen)));
    }
    show_keys(doctor);
    if (doctor->phase >= DOCTOR_PRESSING) {
        show_question(doctor);
    }
    show_places(doctor);
    screen_dirty(doctor->screen);
}
