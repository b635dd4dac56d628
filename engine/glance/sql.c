/* glance/sql: the SELECT behind a cell, with the clock of the mesh in it, and the
 * sentence that says what a cell means.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/glance/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/path.h"
#include "engine/store.h"

/* ---- Templates ---- */

enum { DAY_LENGTH = 10, MONTH_LENGTH = 7, SECONDS_A_DAY = 86400 };

/* The month before that of an instant, as in "2026-09". */
static void write_last_month(const char *now, char month[32])
{
    long long seconds = 0;
    char first[32];
    memcpy(first, now, MONTH_LENGTH);
    memcpy(first + MONTH_LENGTH, "-01", 4);
    path_read_instant(first, &seconds);
    path_write_instant(seconds - SECONDS_A_DAY, month);
    month[MONTH_LENGTH] = '\0';
}

/* What a word in braces stands for: of {since 30} the word is "since 30". False: nothing.
 */
static bool write_moment(const char *word, long long now, char moment[32])
{
    path_write_instant(now, moment);
    if (string_equal(word, "today")) {
        moment[DAY_LENGTH] = '\0';
    } else if (string_equal(word, "a day ago")) {
        path_write_instant(now - SECONDS_A_DAY, moment);
    } else if (string_equal(word, "last month")) {
        char instant[32];
        memcpy(instant, moment, sizeof instant);
        write_last_month(instant, moment);
    } else if (string_starts(word, "since ")) {
        path_write_instant(now - strtoll(word + 6, NULL, 10) * SECONDS_A_DAY, moment);
        moment[DAY_LENGTH] = '\0';
    } else if (!string_equal(word, "now")) {
        return false;
    }
    return true;
}

void glance_expand(const struct catalog *catalog, const char *template, struct text *out)
{
    long long now = catalog_now(catalog);
    while (*template != '\0') {
        size_t plain = strcspn(template, "{");
        text_append_bytes(out, template, plain);
        template += plain;
        size_t length = strcspn(template, "}");
        if (*template == '{' && template[length] == '}') {
            char moment[32];
            char *word = string_copy_bytes(template + 1, length - 1);
            if (write_moment(word, now, moment)) {
                store_quote_string(out, moment);
            }
            free(word);
            template += length + 1;
        }
    }
}

/* ---- Places ---- */

const struct glance_plan *glance_plan_named(const char *name)
{
    for (size_t i = 0; i < glance_plan_count; i++) {
        if (string_equal(glance_plans[i].name, name)) {
            return &glance_plans[i];
        }
    }
    return NULL;
}

const char *glance_name(size_t index)
{
    return index < glance_plan_count ? glance_plans[index].name : NULL;
}

const struct glance_part *glance_part_of(const struct glance_plan *plan,
                                         const char *column)
{
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->parts[i].key == NULL || string_equal(plan->parts[i].key, column)) {
            return &plan->parts[i];
        }
    }
    return NULL;
}

static void append_condition(struct text *sql, const char *name, const char *value)
{
    if (value != NULL) {
        text_append(sql, string_ends(text_string(sql), ")") ? "\nWHERE " : " AND ");
        store_quote_name(sql, name);
        text_append_char(sql, '=');
        store_quote_string(sql, value);
    }
}

char *glance_part_sql(const struct catalog *catalog, const struct glance_plan *plan,
                      const struct glance_place *place)
{
    const struct glance_part *part = glance_part_of(plan, place->column);
    struct text sql = {0};
    if (part == NULL) {
        return NULL;
    }
    text_append(&sql, "SELECT * FROM (\n  ");
    glance_expand(catalog, part->facts, &sql);
    text_append(&sql, "\n)");
    append_condition(&sql, plan->row, place->row);
    if (part->key == NULL) {
        append_condition(&sql, plan->column, place->column);
    }
    return text_take(&sql);
}

static bool fail_sheet(const char *name, struct error *err)
{
    struct text names = {0};
    for (size_t i = 0; i < glance_plan_count; i++) {
        text_printf(&names, "%s%s", i > 0 ? ", " : "", glance_plans[i].name);
    }
    error_set(err, ERROR_USAGE, "there is no sheet %.60s; there are: %s", name,
              text_string(&names));
    text_release(&names);
    return false;
}

char *glance_sql(const struct catalog *catalog, const struct glance_place *place,
                 struct error *err)
{
    const struct glance_plan *plan = glance_plan_named(place->sheet);
    char *sql = plan != NULL ? glance_part_sql(catalog, plan, place) : NULL;
    if (plan == NULL) {
        fail_sheet(place->sheet, err);
    } else if (sql == NULL) {
        error_set(err, ERROR_USAGE, "the sheet %s has no column %.60s", place->sheet,
                  place->column != NULL ? place->column : "without a name");
    }
    return sql;
}

const char *glance_measure(const struct glance_place *place)
{
    const struct glance_plan *plan = glance_plan_named(place->sheet);
    const struct glance_part *part =
        plan != NULL ? glance_part_of(plan, place->column) : NULL;
    return part == NULL ? NULL : part->measure != NULL ? part->measure : "count(*)";
}

/* ---- What a cell says ---- */

void glance_say(const struct glance_place *place, const struct glance_cell *cell,
                struct text *out)
{
    const struct glance_plan *plan = glance_plan_named(place->sheet);
    const struct glance_part *part =
        plan != NULL ? glance_part_of(plan, place->column) : NULL;
    const char *says = part != NULL ? part->says : "";
    while (*says != '\0') {
        size_t plain = strcspn(says, "{");
        text_append_bytes(out, says, plain);
        says += plain;
        if (string_starts(says, "{row}")) {
            text_append(out, place->row);
        } else if (string_starts(says, "{column}")) {
            text_append(out, place->column);
        } else if (string_starts(says, "{text}")) {
            text_append(out, cell->has_rows ? cell->text : "none");
        }
        says += *says != '\0' ? strcspn(says, "}") + 1 : 0;
    }
}
