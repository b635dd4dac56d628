/* lineage/star: the columns that a star stands for.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/core.h"

#include <stdlib.h>
#include <string.h>

#include "engine/store.h"

bool core_has_name(const struct array *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (string_equal_fold(*(char **)array_at(names, i), name)) {
            return true;
        }
    }
    return false;
}

static bool is_joined_by(const struct from_list *from, size_t upto, const char *name)
{
    for (size_t i = 0; i < upto; i++) {
        const struct from_item *item = array_at(&from->items, i);
        for (size_t k = 0; k < item->using.count; k++) {
            if (string_equal_fold(*(char **)array_at(&item->using, k), name)) {
                return true;
            }
        }
    }
    return false;
}

bool core_prepare_star(struct core *core, const char *label, struct prepared *out)
{
    struct text sql = {0};
    text_append(&sql, "SELECT ");
    store_quote_name(&sql, label);
    text_printf(&sql, ".* %s", core->source);
    bool done = trace_prepare(core->trace, text_string(&sql), out);
    text_release(&sql);
    return done;
}

static void add_column(struct core *core, const char *label, const char *name)
{
    struct text text = {0}, alias = {0};
    if (label != NULL) {
        store_quote_name(&text, label);
        text_append(&text, ".");
    } else { /* else it would be called by its text, with the quotes */
        store_quote_name(&alias, name);
    }
    store_quote_name(&text, name);
    *(struct item *)array_push(&core->items) =
        (struct item){text_take(&text),
                      label == NULL ? text_take(&alias) : NULL,
                      {core->tail.in, 0, 0}};
}

/* Columns of one table of FROM; `seen`: names of those before, for NATURAL; NULL: the
 * star is of this table alone. */
static bool add_star_of(struct core *core, size_t index, struct array *seen)
{
    const struct from_item *item = array_at(&core->from.items, index);
    struct prepared star = {0};
    if (item->label == NULL || !core_prepare_star(core, item->label, &star)) {
        prepared_release(&star);
        return false;
    }
    size_t before = seen != NULL ? seen->count : 0;
    for (size_t i = 0; i < star.names.count; i++) {
        const char *name = *(char **)array_at(&star.names, i);
        bool is_before = false;
        for (size_t k = 0; k < before && !is_before; k++) {
            is_before = string_equal_fold(*(char **)array_at(seen, k), name);
        }
        bool is_again = seen != NULL && ((item->is_natural && is_before) ||
                                         core_has_name(&item->using, name));
        if (is_again) {
            continue;
        }
        bool is_joined = seen != NULL && core->from.is_outer &&
                         is_joined_by(&core->from, core->from.items.count, name);
        add_column(core, is_joined ? NULL : item->label, name);
        if (seen != NULL) {
            *(char **)array_push(seen) = string_copy(name);
        }
    }
    prepared_release(&star);
    return true;
}

/* As many columns as SQLite has for it, or it was not understood. */
static bool check_star(struct core *core, size_t added)
{
    struct prepared star;
    char *sql = string_printf("SELECT * %s", core->source);
    bool done = trace_prepare(core->trace, sql, &star) && star.names.count == added;
    prepared_release(&star);
    free(sql);
    return done;
}

bool core_add_star(struct core *core, const struct part *part)
{
    if (part->to - part->from == 1) {
        size_t before = core->items.count;
        struct array seen = ARRAY_OF(char *);
        bool done = true;
        for (size_t i = 0; i < core->from.items.count && done; i++) {
            done = add_star_of(core, i, &seen);
        }
        sql_names_release(&seen);
        return done && check_star(core, core->items.count - before);
    }
    char *label = token_name(part, part->from);
    bool done = false;
    for (size_t i = 0; i < core->from.items.count && !done; i++) {
        const struct from_item *item = array_at(&core->from.items, i);
        done = string_equal_fold(item->label, label) && add_star_of(core, i, NULL);
    }
    free(label);
    return done;
}
