/* labels: what is told of the names of columns: those of the header and those of the
 * contract. Defects have the codes of the Frictionless framework.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "engine/import/json_value.h"
#include "engine/import/plan.h"
#include "engine/text.h"

enum {
    NAME_SHOWN = 40, /* bytes of a name in a note */
    NAMES_SHOWN = 5
};

/* Survey questions make long headers. */
static void append_start(struct text *out, const char *name)
{
    size_t length = strlen(name), shown = length;
    if (length > NAME_SHOWN) {
        for (shown = NAME_SHOWN;
             shown > 0 && ((unsigned char)name[shown] & 0xC0) == 0x80;) {
            shown--;
        }
        shown = shown > 0 ? shown : NAME_SHOWN; /* no UTF-8 at all */
    }
    text_append_bytes(out, name, shown);
    text_append(out, shown < length ? "..." : "");
}

/* A list of names that is cut off after a few. */
struct names {
    struct text text;
    size_t count;
};

static struct text *next_name(struct names *names)
{
    if (names->count++ >= NAMES_SHOWN) {
        return NULL;
    }
    text_append(&names->text, names->count > 1 ? ", " : "");
    return &names->text;
}

static void add_name(struct names *names, const char *name)
{
    struct text *out = next_name(names);
    if (out != NULL) {
        append_start(out, name);
    }
}

/* "FILE: SENTENCE: a, b, c ... [CODE]." when there is a name at all. */
static void tell_names(struct plan *plan, struct names *names, const char *sentence,
                       const char *codes)
{
    if (names->count > 0) {
        text_printf(plan->notes, "%s: %s: %s%s%s.\n",
                    source_name(plan_file(plan, 0)->source), sentence,
                    text_string(&names->text), names->count > NAMES_SHOWN ? " ..." : "",
                    codes);
    }
    text_release(&names->text);
}

/* ---- The contract's names against the header's ---- */

static const char *header_name(const struct plan_column *column)
{
    return column->original != NULL ? column->original : column->name;
}

/* A column of the file and one of the contract, at the same place, that nobody else
 * wants: one of them is called wrongly. JSON has no places. */
static const struct catalog_column *misnamed(const struct plan *plan, size_t place)
{
    const struct plan_column *column =
        place < plan->columns.count ? plan_column(plan, place) : NULL;
    const struct catalog_column *declared = plan_declared(plan, place);
    bool pair = column != NULL && column->declared == NULL && declared != NULL &&
                !plan_uses(plan, declared) && plan->spec->format == IMPORT_CSV;
    return pair ? declared : NULL;
}

static void note_misnamed(struct plan *plan)
{
    struct names names = {0};
    for (size_t i = 0; i < plan->columns.count; i++) {
        const struct catalog_column *declared = misnamed(plan, i);
        struct text *out = declared != NULL ? next_name(&names) : NULL;
        if (out != NULL) {
            append_start(out, header_name(plan_column(plan, i)));
            text_append(out, " for ");
            append_start(out, declared->name);
        }
    }
    tell_names(plan, &names, "columns are called otherwise than in the contract",
               " [incorrect-label]");
}

static void note_missing(struct plan *plan)
{
    struct names names = {0};
    for (size_t i = 0; i < plan_declared_count(plan); i++) {
        const struct catalog_column *declared = plan_declared(plan, i);
        if (!plan_uses(plan, declared) && misnamed(plan, i) == NULL) {
            add_name(&names, declared->name);
        }
    }
    tell_names(plan, &names, "the contract has columns that are not in the file",
               " [missing-label]");
}

static void note_extra(struct plan *plan)
{
    struct names names = {0};
    for (size_t i = 0; i < plan->columns.count && plan_declared_count(plan) > 0; i++) {
        const struct plan_column *column = plan_column(plan, i);
        if (column->declared == NULL && misnamed(plan, i) == NULL) {
            add_name(&names, header_name(column));
        }
    }
    tell_names(plan, &names, "the file has columns that are not in the contract",
               " [extra-label]");
}

/* ---- The header itself ---- */

static void note_renamed(struct plan *plan)
{
    struct names names = {0};
    size_t blank = 0;
    if (plan_file(plan, 0)->dialect.no_header) {
        return;
    }
    for (size_t i = 0; i < plan->columns.count; i++) {
        const struct plan_column *column = plan_column(plan, i);
        if (column->original == NULL || column->declared != NULL) {
            continue;
        }
        blank += column->original[0] == '\0' ? 1 : 0;
        struct text *out = next_name(&names);
        if (out != NULL) {
            text_append(out, "\"");
            append_start(out, column->original);
            text_append(out, "\" is ");
            append_start(out, column->name);
        }
    }
    char sentence[80];
    snprintf(sentence, sizeof sentence,
             "%zu header name%s empty or used twice and changed", names.count,
             names.count == 1 ? " was" : "s were");
    const char *codes = blank == plan->columns.count ? " [blank-header]"
                        : blank == 0                 ? " [duplicate-label]"
                        : blank == names.count       ? " [blank-label]"
                                                     : " [blank-label] [duplicate-label]";
    tell_names(plan, &names, sentence, codes);
}

/* ---- JSON ---- */

static void note_mixed(struct plan *plan)
{
    struct names names = {0};
    for (size_t i = 0; i < plan->columns.count; i++) {
        const struct plan_column *column = plan_column(plan, i);
        if (column->told && json_is_mixed(column)) {
            add_name(&names, column->name);
        }
    }
    tell_names(plan, &names,
               "values of different kinds stand in the same column, which has no type "
               "therefore",
               "");
}

void plan_note_names(struct plan *plan)
{
    if (plan->spec->format == IMPORT_JSON && !plan->sealed) {
        return; /* columns come with the rows */
    }
    plan_note_masks(plan);
    if (plan->is_guarded) {
        return; /* what stands for a header may be a row of values */
    }
    note_mixed(plan);
    note_missing(plan);
    note_extra(plan);
    note_misnamed(plan);
    note_renamed(plan);
}
