/* command: columns of the rows that are shown, for the `:` line.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/completions.h"

#include <stdlib.h>
#include <string.h>

#include "engine/pivot.h"

/* What the words of a verb are that works on the rows shown, by their place from 1. */
enum place { PLACE_NONE, PLACE_COLUMN, PLACE_COLUMN_OR_DESC, PLACE_KEY, PLACE_AGGREGATE };

static const struct {
    const char *verb;
    enum place places[4]; /* the last stands for all behind it, too */
} shapes[] = {
    {"sort",
     {PLACE_COLUMN, PLACE_COLUMN_OR_DESC, PLACE_COLUMN_OR_DESC, PLACE_COLUMN_OR_DESC}},
    {"filter", {PLACE_COLUMN}},
    {"frequency", {PLACE_KEY}},
    {"pivot", {PLACE_KEY, PLACE_KEY, PLACE_AGGREGATE, PLACE_COLUMN}},
    {"totals", {PLACE_KEY, PLACE_AGGREGATE, PLACE_COLUMN}},
};

static void offer_steps(const struct line *line, size_t head)
{
    for (enum pivot_step step = PIVOT_YEAR; step <= PIVOT_HOUR; step++) {
        char *word =
            string_printf("%.*s%s", (int)head, line->typed, pivot_step_name(step));
        line_offer(line, word, "of a date");
        free(word);
    }
}

void line_columns(const struct line *line)
{
    const struct workbench_result *shown = line->workbench->shown;
    const char *comma = strrchr(line->typed, ',');
    int head = comma != NULL ? (int)(comma - line->typed) + 1 : 0;
    size_t count =
        shown != NULL && shown->result != NULL ? result_column_count(shown->result) : 0;
    for (size_t i = 0; i < count; i++) {
        const struct result_column *column = result_column(shown->result, i);
        char *word = string_printf("%.*s%s", head, line->typed, column->name);
        line_offer(line, word, column->declared);
        free(word);
    }
}

static void offer_keys(const struct line *line)
{
    const char *comma = strrchr(line->typed, ',');
    const char *colon = strchr(comma != NULL ? comma : line->typed, ':');
    if (colon != NULL) {
        offer_steps(line, (size_t)(colon - line->typed) + 1);
    } else {
        line_columns(line);
    }
}

static void offer_aggregates(const struct line *line)
{
    size_t count;
    const struct pivot_aggregate *all = pivot_aggregates(&count);
    for (size_t i = 0; i < count; i++) {
        line_offer(line, all[i].name, all[i].sentence);
    }
}

void line_of_rows(const struct line *line, size_t position)
{
    enum place place = PLACE_NONE;
    size_t most = sizeof shapes[0].places / sizeof shapes[0].places[0];
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        if (string_equal(shapes[i].verb, line->row->name)) {
            place = shapes[i].places[position < most ? position - 1 : most - 1];
        }
    }
    if (place == PLACE_COLUMN || place == PLACE_COLUMN_OR_DESC) {
        line_columns(line);
    }
    if (place == PLACE_COLUMN_OR_DESC) {
        line_offer(line, "desc", "the column before it, great first");
    } else if (place == PLACE_KEY) {
        offer_keys(line);
    } else if (place == PLACE_AGGREGATE) {
        offer_aggregates(line);
    }
}
