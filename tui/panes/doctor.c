/* doctor: measures the terminal and the way to it, and keeps what it found (profile.h).
 * Questions to the terminal are asked one at a time; each has a time after which it
 * counts as not answered. What only a person can see is asked of the person.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/path.h"
#include "tui/layout.h"
#include "tui/panes/doctor.h"
#include "tui/term.h"

static const double ANSWER_TIME = 3; /* seconds; a satellite takes less than one */

static const char ask_place[] = "\033[6n"; /* CPR */
static const char ask_hold[] = "\033[?2026$p\033[6n";

static void ask_next(struct doctor *doctor);

/* ---- Keeping it ---- */

static void keep(struct doctor *doctor)
{
    struct error err = {0};
    path_write_instant(path_now(), doctor->found.measured);
    if (!term_set_profile(screen_term(doctor->screen), &doctor->found, &err)) {
        screen_message(doctor->screen, ROLE_ERROR, "%s", err.message);
    }
}

/* ---- Questions to the terminal ---- */

static void on_silence(void *owner)
{
    struct doctor *doctor = owner;
    doctor->timer = 0;
    if (doctor->phase == DOCTOR_TRIPPING) {
        doctor->phase = DOCTOR_HOLDING; /* it answers nothing: ask nothing more */
    }
    doctor->at = PROFILE_SIGN_COUNT;
    ask_next(doctor);
}

static void ask(struct doctor *doctor, const char *sign, const char *question)
{
    struct term *term = screen_term(doctor->screen);
    loop_cancel(screen_workbench(doctor->screen)->loop, doctor->timer);
    doctor->timer = loop_after(screen_workbench(doctor->screen)->loop, ANSWER_TIME,
                               on_silence, doctor);
    doctor->asked = path_monotonic();
    if (*sign != '\0') {
        term_put(term, "\r");
        term_put(term, sign);
    }
    term_put(term, question);
}

static int by_size(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

/* The signs were written over what stood there. */
static void finish(struct doctor *doctor)
{
    struct term *term = screen_term(doctor->screen);
    loop_cancel(screen_workbench(doctor->screen)->loop, doctor->timer);
    doctor->timer = 0;
    doctor->phase = DOCTOR_READY;
    term_expect_answers(term, false);
    term_redraw(term);
    keep(doctor);
    doctor_show(doctor);
}

static void ask_next(struct doctor *doctor)
{
    const struct term *term = screen_term(doctor->screen);
    if (doctor->phase == DOCTOR_TRIPPING && doctor->at < DOCTOR_TRIPS) {
        ask(doctor, "", ask_place);
        return;
    }
    if (doctor->phase == DOCTOR_TRIPPING) {
        qsort(doctor->trips, DOCTOR_TRIPS, sizeof *doctor->trips, by_size);
        doctor->found.round_trip =
            doctor->trips[DOCTOR_TRIPS / 2] + 1e-6; /* not "unknown" */
        doctor->phase = DOCTOR_MEASURING;
        doctor->at = term_has_unicode(term) ? 0 : PROFILE_SIGN_COUNT;
    }
    if (doctor->phase == DOCTOR_MEASURING && doctor->at < PROFILE_SIGN_COUNT) {
        ask(doctor, profile_samples()[doctor->at].bytes, ask_place);
        return;
    }
    if (doctor->phase == DOCTOR_MEASURING) {
        doctor->phase = DOCTOR_HOLDING;
        doctor->holds = false;
        ask(doctor, "", ask_hold);
        return;
    }
    finish(doctor);
}

static void begin(void *owner)
{
    struct doctor *doctor = owner;
    doctor->timer = 0;
    doctor->phase = DOCTOR_TRIPPING;
    doctor->at = 0;
    term_expect_answers(screen_term(doctor->screen), true);
    ask_next(doctor);
    doctor_show(doctor);
}

static void take_place(struct doctor *doctor, int column)
{
    if (doctor->phase == DOCTOR_TRIPPING) {
        doctor->trips[doctor->at++] = path_monotonic() - doctor->asked;
    } else if (doctor->phase == DOCTOR_MEASURING) {
        const struct profile_sample *sample = &profile_samples()[doctor->at];
        doctor->widths[doctor->at] = column - 1;
        doctor->found.signs[doctor->at] =
            column - 1 == sample->width ? PROFILE_YES : PROFILE_NO;
        doctor->at++;
    } else if (doctor->phase == DOCTOR_HOLDING) {
        doctor->found.synchronized = doctor->holds ? PROFILE_YES : PROFILE_NO;
    } else {
        return; /* late: nobody waits for it any more */
    }
    ask_next(doctor);
}

/* CSI row ; column R, or CSI ? 2026 ; how $ y: 1 and 2 are on and off, 0 unknown. */
static void on_answer(struct pane *pane, const char *bytes, size_t length)
{
    struct doctor *doctor = pane->state;
    int row, column, mode, how;
    (void)length;
    if (sscanf(bytes, "\033[?%d;%d$y", &mode, &how) == 2) {
        doctor->holds = mode == 2026 && (how == 1 || how == 2);
    } else if (sscanf(bytes, "\033[%d;%dR", &row, &column) == 2) {
        take_place(doctor, column);
    }
}

/* ---- Questions to the person ---- */

static void start_copy(struct doctor *doctor)
{
    /* By the clock: not what an earlier try left there. */
    snprintf(doctor->word, sizeof doctor->word, "mwb-%06lld", path_now() % 1000000);
    if (!term_copy(screen_term(doctor->screen), doctor->word, strlen(doctor->word))) {
        doctor->found.clipboard = PROFILE_NO;
        keep(doctor);
        return;
    }
    doctor->phase = DOCTOR_COPYING;
}

static void end_copy(struct doctor *doctor, bool came)
{
    doctor->found.clipboard = came ? PROFILE_YES : PROFILE_NO;
    doctor->phase = DOCTOR_READY;
    keep(doctor);
}

static void on_paste(struct pane *pane, const char *bytes, size_t length)
{
    struct doctor *doctor = pane->state;
    if (doctor->phase == DOCTOR_COPYING) {
        end_copy(doctor, length == strlen(doctor->word) &&
                             memcmp(bytes, doctor->word, length) == 0);
        doctor_show(doctor);
    }
}

static void end_keys(struct doctor *doctor)
{
    text_clear(&doctor->found.missing);
    for (int i = 0; i < DOCTOR_KEYS; i++) {
        if (doctor->arrived[i] == PROFILE_NO) {
            text_printf(&doctor->found.missing, "%s%s",
                        doctor->found.missing.length > 0 ? " " : "", doctor_keys[i].key);
        }
    }
    doctor->phase = DOCTOR_READY;
    keep(doctor);
}

static void take_test_key(struct doctor *doctor, struct key key)
{
    struct key wanted = {0};
    char label[16];
    key_of_name(doctor_keys[doctor->at].key, &wanted);
    if (key.code == wanted.code && key.alt == wanted.alt) {
        doctor->arrived[doctor->at++] = PROFILE_YES;
        screen_message(doctor->screen, ROLE_DIM, " ");
    } else if (key_is(key, ' ')) {
        doctor->arrived[doctor->at++] = PROFILE_NO;
    } else if (key_is(key, 'q')) {
        doctor->at = DOCTOR_KEYS;
    } else {
        screen_message(doctor->screen, ROLE_WARNING,
                       "%s arrived instead; press again, or Space where it stays so",
                       key_label(key, label, sizeof label));
    }
    if (doctor->at >= DOCTOR_KEYS) {
        end_keys(doctor);
    }
}

static bool take_ready_key(struct doctor *doctor, struct key key)
{
    if (key_is(key, 'k')) {
        memset(doctor->arrived, 0, sizeof doctor->arrived);
        doctor->at = 0;
        doctor->phase = DOCTOR_PRESSING;
    } else if (key_is(key, 'c')) {
        doctor->phase = DOCTOR_COLOURS;
    } else if (key_is(key, 'p')) {
        start_copy(doctor);
    } else if (key_is(key, 'R')) {
        begin(doctor);
    } else {
        return false;
    }
    return true;
}

static bool take_colour_key(struct doctor *doctor, struct key key)
{
    int all = term_colours(screen_term(doctor->screen));
    if (key_is(key, 'y')) {
        doctor->found.colours = all;
    } else if (key_is(key, 'n')) {
        doctor->found.colours = all > 8 ? 8 : 0;
        screen_message(doctor->screen, ROLE_MESSAGE,
                       "fewer colours from the next start on");
    } else {
        return false;
    }
    doctor->phase = DOCTOR_READY;
    keep(doctor);
    return true;
}

static enum reaction press(struct pane *pane, struct key key)
{
    struct doctor *doctor = pane->state;
    bool taken = true;
    if (doctor->phase == DOCTOR_PRESSING) {
        take_test_key(doctor, key);
    } else if (doctor->phase == DOCTOR_COLOURS) {
        taken = take_colour_key(doctor, key);
    } else if (doctor->phase == DOCTOR_COPYING && key_is(key, 'n')) {
        end_copy(doctor, false);
    } else {
        taken = doctor->phase == DOCTOR_READY && take_ready_key(doctor, key);
    }
    if (taken) {
        doctor_show(doctor);
    }
    return taken ? REACTION_DONE : REACTION_UNKNOWN;
}

/* ---- Life ---- */

static void *open_doctor(struct screen *screen, const char *argument)
{
    struct doctor *doctor = memory_new(sizeof *doctor);
    const struct term *term = screen_term(screen);
    (void)argument;
    page_init(&doctor->page, "Doctor: this terminal");
    doctor->screen = screen;
    doctor->found.colours = -1;
    if (term != NULL) {
        profile_read(term_name(term), &doctor->found);
        doctor->timer = loop_after(screen_workbench(screen)->loop, 0, begin, doctor);
    }
    return doctor;
}

static void close_doctor(struct pane *pane)
{
    struct doctor *doctor = pane->state;
    loop_cancel(screen_workbench(doctor->screen)->loop, doctor->timer);
    if (screen_term(doctor->screen) != NULL) {
        term_expect_answers(screen_term(doctor->screen), false);
    }
    profile_let_go(&doctor->found);
    page_release(&doctor->page);
    free(doctor);
}

const struct pane_kind pane_kind_doctor = {
    .name = "doctor",
    .hints = "k keys  c colours  p clipboard  R again  q close",
    .is_dialog = true,
    .is_full = true,
    .open = open_doctor,
    .close = close_doctor,
    .title = page_title,
    .draw = page_draw,
    .key = press,
    .action = page_action,
    .paste = on_paste,
    .answer = on_answer,
    .mouse = page_mouse,
};
