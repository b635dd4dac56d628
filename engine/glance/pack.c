/* glance/pack: sheets and journeys on their way from a child to its parent.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/glance/journey.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ---- Numbers as they lie in memory, strings that end in NUL ---- */

struct parcel {
    const char *at;
    size_t left;
    bool is_broken;
};

static void pack_number(struct text *out, double number)
{
    text_append_bytes(out, &number, sizeof number);
}

static void pack_string(struct text *out, const char *string)
{
    pack_number(out, string != NULL);
    text_append_bytes(out, string != NULL ? string : "",
                      string != NULL ? strlen(string) + 1 : 1);
}

static double take_number(struct parcel *parcel)
{
    double number = 0;
    parcel->is_broken = parcel->is_broken || parcel->left < sizeof number;
    if (!parcel->is_broken) {
        memcpy(&number, parcel->at, sizeof number);
        parcel->at += sizeof number;
        parcel->left -= sizeof number;
    }
    return number;
}

/* How many items follow: each takes a byte at least. */
static size_t take_count(struct parcel *parcel)
{
    double count = take_number(parcel);
    parcel->is_broken =
        parcel->is_broken || !(count >= 0 && count <= (double)parcel->left);
    return parcel->is_broken ? 0 : (size_t)count;
}

static char *take_string(struct parcel *parcel)
{
    bool is_there = take_number(parcel) != 0;
    const char *end = parcel->is_broken ? NULL : memchr(parcel->at, '\0', parcel->left);
    char *string = NULL;
    parcel->is_broken = end == NULL;
    if (end != NULL) {
        string = is_there ? string_copy(parcel->at) : NULL;
        parcel->left -= (size_t)(end - parcel->at) + 1;
        parcel->at = end + 1;
    }
    return string;
}

static char *take_text(struct parcel *parcel)
{
    char *string = take_string(parcel);
    return string != NULL ? string : string_copy("");
}

/* ---- Sheets ---- */

static void pack_headings(struct text *out, const struct array *headings)
{
    pack_number(out, (double)headings->count);
    for (size_t i = 0; i < headings->count; i++) {
        pack_string(out, *(char **)array_at(headings, i));
    }
}

void glance_pack(const struct array *sheets, struct text *out)
{
    pack_number(out, (double)sheets->count);
    for (size_t i = 0; i < sheets->count; i++) {
        const struct glance_sheet *sheet = array_at(sheets, i);
        pack_string(out, sheet->name);
        pack_headings(out, &sheet->rows);
        pack_headings(out, &sheet->columns);
        for (size_t k = 0; k < sheet->cells.count; k++) {
            const struct glance_cell *cell = array_at(&sheet->cells, k);
            pack_number(out, cell->number);
            pack_number(out, cell->grade);
            pack_number(out, cell->has_rows);
            pack_string(out, cell->text);
        }
    }
}

static void take_headings(struct parcel *parcel, struct array *headings)
{
    *headings = (struct array)ARRAY_OF(char *);
    for (size_t left = take_count(parcel); left > 0 && !parcel->is_broken; left--) {
        *(char **)array_push(headings) = take_text(parcel);
    }
}

static void take_sheet(struct parcel *parcel, struct glance_sheet *sheet)
{
    char *name = take_text(parcel);
    const struct glance_plan *plan = glance_plan_named(name);
    free(name);
    parcel->is_broken = parcel->is_broken || plan == NULL;
    if (plan == NULL) {
        return;
    }
    *sheet = (struct glance_sheet){.name = plan->name,
                                   .title = plan->title,
                                   .meaning = plan->meaning,
                                   .cells = ARRAY_OF(struct glance_cell)};
    take_headings(parcel, &sheet->rows);
    take_headings(parcel, &sheet->columns);
    size_t count = sheet->rows.count * sheet->columns.count;
    for (size_t i = 0; i < count && !parcel->is_broken; i++) {
        struct glance_cell *cell = array_push(&sheet->cells);
        cell->number = take_number(parcel);
        cell->grade = (enum glance_grade)take_count(parcel);
        cell->has_rows = take_number(parcel) != 0;
        cell->text = take_text(parcel);
    }
}

bool glance_unpack(const void *bytes, size_t length, struct array *sheets)
{
    struct parcel parcel = {.at = bytes, .left = length};
    *sheets = (struct array)ARRAY_OF(struct glance_sheet);
    for (size_t left = take_count(&parcel); left > 0 && !parcel.is_broken; left--) {
        take_sheet(&parcel, array_push(sheets));
    }
    if (parcel.is_broken) {
        glance_release(sheets);
    }
    return !parcel.is_broken;
}

/* ---- Journeys: facts go by their places in the table ---- */

void glance_journeys_pack(const struct array *journeys, struct text *out)
{
    pack_number(out, (double)journeys->count);
    for (size_t i = 0; i < journeys->count; i++) {
        const struct glance_journey *journey = array_at(journeys, i);
        pack_string(out, journey->domain);
        pack_string(out, journey->team);
        pack_string(out, journey->class);
        pack_string(out, journey->next);
        pack_string(out, journey->next_verb);
        pack_number(out, journey->is_cots);
        pack_number(out, journey->level);
        for (size_t k = 0; k < journey->facts.count; k++) {
            const struct glance_fact *fact = array_at(&journey->facts, k);
            pack_number(out, (double)fact->count);
        }
    }
}

static void take_journey(struct parcel *parcel, struct glance_journey *journey)
{
    *journey = (struct glance_journey){.domain = take_text(parcel),
                                       .facts = ARRAY_OF(struct glance_fact)};
    journey->team = take_string(parcel);
    journey->class = take_string(parcel);
    journey->next = take_text(parcel);
    journey->next_verb = take_string(parcel);
    journey->is_cots = take_number(parcel) != 0;
    journey->level = (int)take_number(parcel);
    for (size_t i = 0; i < journey_fact_count && !parcel->is_broken; i++) {
        journey_take_fact(journey, i, (long long)take_number(parcel));
    }
}

bool glance_journeys_unpack(const void *bytes, size_t length, struct array *journeys)
{
    struct parcel parcel = {.at = bytes, .left = length};
    *journeys = (struct array)ARRAY_OF(struct glance_journey);
    for (size_t left = take_count(&parcel); left > 0 && !parcel.is_broken; left--) {
        take_journey(&parcel, array_push(journeys));
    }
    if (parcel.is_broken) {
        glance_journeys_release(journeys);
    }
    return !parcel.is_broken;
}
