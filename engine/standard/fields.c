/* standard/fields: the rows of the tables, as completion and explanations ask for them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/standard/shape.h"

#include <string.h>

/* A path may lead to several shapes: the options of each logical type. */
enum { MOST_SHAPES = 48 };
struct shapes {
    const struct standard_shape *shape[MOST_SHAPES];
    size_t count;
};

static const char *name_of_kinds(unsigned kinds, const struct standard_shape *of)
{
    static const struct {
        unsigned kinds;
        const char *name;
    } names[] = {
        {STANDARD_TEXT, "text"},
        {STANDARD_NUMBER, "number"},
        {STANDARD_INTEGER, "whole number"},
        {STANDARD_BOOLEAN, "true or false"},
        {STANDARD_LIST, "list"},
        {STANDARD_MAP, "map"},
        {STANDARD_TEXT | STANDARD_MAP, "text or map"},
        {STANDARD_TEXT | STANDARD_LIST, "text or list"},
        {STANDARD_TEXT | STANDARD_NUMBER, "text or number"},
        {STANDARD_TEXT | STANDARD_INTEGER, "text or whole number"},
        {STANDARD_LIST | STANDARD_MAP, "list or map"},
        {STANDARD_SCALAR, "text, number, true, false or null"},
        {STANDARD_TEXT | STANDARD_NUMBER | STANDARD_BOOLEAN,
         "text, number, true or false"},
        {STANDARD_ANY, "anything"},
    };
    if (kinds == STANDARD_LIST && of != NULL) {
        return of->kinds == STANDARD_MAP      ? "list of maps"
               : of->kinds == STANDARD_TEXT   ? "list of texts"
               : of->kinds == STANDARD_NUMBER ? "list of numbers"
                                              : "list";
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].kinds == kinds) {
            return names[i].name;
        }
    }
    /* Null beside something else is a way to leave the field out. */
    return (kinds & STANDARD_NULL) != 0 ? name_of_kinds(kinds & ~STANDARD_NULL, of)
                                        : "one of several kinds";
}

/* ---- Rows ---- */

static struct standard_field_info *find_info(const struct array *infos, size_t from,
                                             const char *name)
{
    for (size_t i = from; i < infos->count; i++) {
        struct standard_field_info *info = array_at(infos, i);
        if (strcmp(info->name, name) == 0) {
            return info;
        }
    }
    return NULL;
}

/* A key that changed has a row for each time: it is there from the first to the last. */
static void widen(struct standard_field_info *info, const struct standard_field *rows)
{
    for (; rows != NULL && rows->key != NULL; rows++) {
        if (strcmp(rows->key, info->name) == 0) {
            info->since = rows->since < info->since ? rows->since : info->since;
            info->until = rows->until == 0 || info->until == 0 ? 0
                          : rows->until > info->until          ? rows->until
                                                               : info->until;
        }
    }
}

struct asked {
    int version;
    struct array *infos;
    size_t from; /* where the answer begins in it */
};

static void add_row(const struct asked *asked, const struct standard_field *row,
                    const struct standard_field *rows,
                    const struct standard_variant *variant)
{
    struct standard_field_info *info = find_info(asked->infos, asked->from, row->key);
    if (info != NULL) {
        return;
    }
    info = array_push(asked->infos);
    *info = (struct standard_field_info){
        .name = row->key,
        .type = name_of_kinds(row->kinds, row->items != NULL ? row->items : row->of),
        .words = row->words,
        .meaning = row->meaning != NULL ? row->meaning : "",
        .required = (row->flags & STANDARD_REQUIRED) != 0,
        .since = row->since,
        .until = row->until,
        .when_key = variant != NULL ? variant->key : NULL,
        .when_word = variant != NULL ? variant->word : NULL,
        .is_deprecated = row->deprecated != 0 && asked->version >= row->deprecated,
    };
    widen(info, rows);
}

static void add_rows(const struct asked *asked, const struct standard_field *rows,
                     const struct standard_variant *variant)
{
    for (const struct standard_field *row = rows; row != NULL && row->key != NULL;
         row++) {
        if (standard_is_there(row->since, row->until, asked->version) &&
            (row->flags & STANDARD_STRICT) == 0) {
            add_row(asked, row, rows, variant);
        }
    }
}

/* The dictionary's row of a compact piece lives as long as the tables do. */
static const struct standard_field *dictionary_row(const struct standard_variant *variant,
                                                   const char *key, int version)
{
    for (const struct standard_field *row = variant->dictionary;
         row != NULL && row->key != NULL; row++) {
        if (standard_is_there(row->since, row->until, version) &&
            strcmp(row->key, key) == 0) {
            return row;
        }
    }
    return NULL;
}

static void add_compact(const struct asked *asked, const struct standard_variant *variant)
{
    const char *compact = variant->compact;
    while (compact != NULL && *compact != '\0') {
        struct standard_compact piece;
        compact = standard_next_compact(variant, compact, asked->version, &piece);
        const struct standard_field *row =
            dictionary_row(variant, piece.key, asked->version);
        size_t before = asked->infos->count;
        if (row != NULL) {
            add_row(asked, row, variant->dictionary, variant);
        }
        if (asked->infos->count > before) {
            struct standard_field_info *info = array_at(asked->infos, before);
            info->required = (piece.field.flags & STANDARD_REQUIRED) != 0;
        }
    }
}

static bool variant_is_there(const struct standard_variant *variant, int version)
{
    return standard_is_there(variant->since, variant->until, version) &&
           (variant->flags & STANDARD_STRICT) == 0;
}

static void add_shape(const struct asked *asked, const struct standard_shape *shape)
{
    add_rows(asked, shape->fields, NULL);
    for (const struct standard_variant *v = shape->variants; v != NULL && v->key != NULL;
         v++) {
        if (variant_is_there(v, asked->version)) {
            add_rows(asked, v->fields, v);
            add_compact(asked, v);
        }
    }
}

/* ---- Paths ---- */

static void add_below(struct shapes *below, const struct standard_field *rows,
                      const char *key, size_t length, int version)
{
    for (; rows != NULL && rows->key != NULL; rows++) {
        const struct standard_shape *to[] = {rows->of, rows->items};
        if (!standard_is_there(rows->since, rows->until, version) ||
            strlen(rows->key) != length || memcmp(rows->key, key, length) != 0) {
            continue;
        }
        for (size_t i = 0; i < 2; i++) {
            if (to[i] != NULL && (to[i]->kinds & STANDARD_MAP) != 0 &&
                below->count < MOST_SHAPES) {
                below->shape[below->count++] = to[i];
            }
        }
    }
}

static void step(struct shapes *at, const char *key, size_t length, int version)
{
    struct shapes below = {.count = 0};
    for (size_t i = 0; i < at->count; i++) {
        const struct standard_variant *v = at->shape[i]->variants;
        add_below(&below, at->shape[i]->fields, key, length, version);
        for (; v != NULL && v->key != NULL; v++) {
            if (variant_is_there(v, version)) {
                add_below(&below, v->fields, key, length, version);
            }
        }
        if (at->shape[i]->each != NULL && below.count == 0) {
            below.shape[below.count++] = at->shape[i]->each;
        }
    }
    *at = below;
}

bool standard_fields(enum standard_id id, int version, const char *path,
                     struct array *fields)
{
    const struct standard_shape *root = standard_shape_of(id, &version);
    struct shapes at = {.shape = {root}, .count = root != NULL};
    while (*path != '\0' && at.count > 0) {
        size_t length = strcspn(path, ".[");
        if (length > 0) {
            step(&at, path, length, version);
        }
        path += length;
        path += *path == '[' ? strcspn(path, "]") : 0;
        path += *path == ']' || *path == '.';
    }
    struct asked asked = {version, fields, fields->count};
    for (size_t i = 0; i < at.count; i++) {
        add_shape(&asked, at.shape[i]);
    }
    return at.count > 0;
}
