/* doctor: the state of the pane that measures the terminal, shared by doctor.c, which
 * asks, and doctor_page.c, which shows what was found.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_PANES_DOCTOR_H
#define MWB_TUI_PANES_DOCTOR_H

#include "tui/panes/page.h"
#include "tui/profile.h"

enum { DOCTOR_TRIPS = 5, DOCTOR_KEYS = 16 };

/* A key that is asked for; `instead` is the way without it. */
struct doctor_key {
    const char *key, *use, *instead;
};
extern const struct doctor_key doctor_keys[DOCTOR_KEYS];

enum doctor_phase {
    DOCTOR_STARTING,
    DOCTOR_TRIPPING,
    DOCTOR_MEASURING,
    DOCTOR_HOLDING,
    DOCTOR_READY,
    DOCTOR_PRESSING,
    DOCTOR_COLOURS,
    DOCTOR_COPYING
};

struct doctor {
    struct page page; /* first: page.h works on it */
    struct screen *screen;
    struct profile found;
    enum doctor_phase phase;
    int at; /* trip, sign or key */
    double asked, trips[DOCTOR_TRIPS];
    int timer; /* 0: none */
    bool holds;
    int widths[PROFILE_SIGN_COUNT]; /* measured; 0: not */
    enum profile_answer arrived[DOCTOR_KEYS];
    char word[24]; /* that should come back by the clipboard */
};

void doctor_show(struct doctor *doctor);

#endif
