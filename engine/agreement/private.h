/* agreement/private: what the files of the agreement room share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_AGREEMENT_PRIVATE_H
#define MWB_AGREEMENT_PRIVATE_H

#include "engine/agreement.h"

enum { AGREEMENT_DAY = 11 }; /* bytes of a day, with its end */

/* "2026-10-01": today, and so many days later, by the clock of the mesh. */
void agreement_day(const struct catalog *catalog, int later, char day[AGREEMENT_DAY]);
/* A day of the calendar, written so. */
bool agreement_is_day(const char *text);

/* who.c */
/* May this person take this step? Else a sentence with those who may. */
bool agreement_may_answer(const struct catalog *catalog,
                          const struct agreement *agreement, enum agreement_step step,
                          const struct agreement_person *person, struct error *err);

/* list.c: by its id; the caller releases the list. */
const struct agreement *agreement_named(const struct array *list, const char *id,
                                        struct error *err);

#endif
