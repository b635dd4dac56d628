/* standard/maps: holds the keys of a map against the rows of its shape and of the
 * variants that hold: what is unknown, what is missing, what is from another version.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/standard/shape.h"

#include <stdlib.h>
#include <string.h>

#include "engine/text.h"

enum { MOST_ROWS = 192, MOST_COMPACT = 40 };

/* The rows for one map, gathered once so that each key is looked up in one place. */
struct rows {
    const struct standard_shape *shape;
    const struct document_value *map;
    const struct standard_field *row[MOST_ROWS];
    bool seen[MOST_ROWS];
    size_t count;
    struct standard_compact compact[MOST_COMPACT]; /* made of compact rows */
    size_t compact_count;
};

struct member {
    const char *key;
    const struct document_value *value;
    struct document_place place; /* of the key */
};

/* ---- Rows ---- */

static bool is_meant(unsigned flags, const struct standard_check *check)
{
    return (flags & (check->schema_only ? STANDARD_LENIENT : STANDARD_STRICT)) == 0;
}

static bool row_holds(const struct standard_field *row,
                      const struct standard_check *check)
{
    return standard_is_there(row->since, row->until, check->version) &&
           is_meant(row->flags, check);
}

/* The place among the first `count` rows; `count` when it is not there. */
static size_t find_row(const struct rows *rows, size_t count, const char *key)
{
    size_t i = 0;
    while (i < count &&
           (rows->row[i]->key[0] != key[0] || strcmp(rows->row[i]->key, key) != 0)) {
        i++;
    }
    return i;
}

/* Rows that were added before say it better. Of one table only one row of a key holds. */
static void add_fields(struct rows *rows, const struct standard_field *field,
                       const struct standard_check *check)
{
    size_t before = rows->count;
    for (; field != NULL && field->key != NULL; field++) {
        if (rows->count < MOST_ROWS && row_holds(field, check) &&
            find_row(rows, before, field->key) == before) {
            rows->row[rows->count++] = field;
        }
    }
}

const char *standard_next_compact(const struct standard_variant *variant,
                                  const char *compact, int version,
                                  struct standard_compact *piece)
{
    size_t length = strcspn(compact, "!# ");
    size_t kept = length < sizeof piece->key - 1 ? length : sizeof piece->key - 1;
    const struct standard_field *row = variant->dictionary;
    memcpy(piece->key, compact, kept);
    piece->key[kept] = '\0';
    piece->field = (struct standard_field){.kinds = STANDARD_TEXT};
    for (; row != NULL && row->key != NULL; row++) {
        if (standard_is_there(row->since, row->until, version) &&
            strcmp(row->key, piece->key) == 0) {
            piece->field = *row;
        }
    }
    /* A word that the dictionary has in other versions only is not there. */
    if (variant->dictionary != NULL && piece->field.key == NULL) {
        piece->key[0] = '\0';
    }
    piece->field.key = piece->key;
    for (compact += length; *compact == '!' || *compact == '#'; compact++) {
        if (*compact == '!') {
            piece->field.flags |= STANDARD_REQUIRED;
        } else {
            piece->field.kinds = STANDARD_INTEGER;
        }
    }
    return compact + strspn(compact, " ");
}

static void add_compact(struct rows *rows, const struct standard_variant *variant,
                        const struct standard_check *check)
{
    const char *compact = variant->compact;
    while (compact != NULL && *compact != '\0' && rows->compact_count < MOST_COMPACT &&
           rows->count < MOST_ROWS) {
        struct standard_compact *piece = &rows->compact[rows->compact_count];
        compact = standard_next_compact(variant, compact, check->version, piece);
        if (piece->key[0] != '\0' &&
            find_row(rows, rows->count, piece->key) == rows->count) {
            rows->row[rows->count++] = &piece->field;
            rows->compact_count++;
        }
    }
}

static bool variant_holds(const struct standard_variant *variant,
                          const struct document_value *map,
                          const struct standard_check *check)
{
    if (!standard_is_there(variant->since, variant->until, check->version) ||
        !is_meant(variant->flags, check)) {
        return false;
    }
    const struct document_value *value = document_get(map, variant->key);
    if (variant->word == NULL || value == NULL) {
        return variant->word == NULL && value == NULL;
    }
    return document_kind(value) == DOCUMENT_STRING &&
           (string_equal(variant->word, "*") ||
            standard_is_in_words(document_text(value), variant->word));
}

static void gather(struct rows *rows, const struct standard_shape *shape,
                   const struct document_value *map, const struct standard_check *check)
{
    const struct standard_variant *v = shape->variants;
    rows->shape = shape;
    rows->map = map;
    rows->count = rows->compact_count = 0;
    for (; v != NULL && v->key != NULL; v++) {
        if (variant_holds(v, map, check)) {
            add_fields(rows, v->fields, check);
            add_compact(rows, v, check);
        }
    }
    add_fields(rows, shape->fields, check);
    memset(rows->seen, 0, rows->count);
}

/* ---- Keys nobody knows ---- */

/* Where a key stands that is none here: in another version, in another variant. */
struct elsewhere {
    const struct standard_field *row;
    const struct standard_variant *variant; /* NULL: in all of them */
};

static const struct standard_field *row_of(const struct standard_field *field,
                                           const char *key)
{
    while (field != NULL && field->key != NULL && strcmp(field->key, key) != 0) {
        field++;
    }
    return field != NULL && field->key != NULL ? field : NULL;
}

static struct elsewhere find_elsewhere(const struct standard_shape *shape,
                                       const char *key)
{
    struct elsewhere found = {.row = row_of(shape->fields, key)};
    for (const struct standard_variant *v = shape->variants;
         found.row == NULL && v != NULL && v->key != NULL; v++) {
        found = (struct elsewhere){row_of(v->fields, key), v};
    }
    return found;
}

static const char *near_key(const struct rows *rows, const char *key)
{
    const char *keys[MOST_ROWS + 1] = {0};
    for (size_t i = 0; i < rows->count; i++) {
        keys[i] = rows->row[i]->key;
    }
    return string_nearest(key, keys);
}

static void tell_elsewhere(struct standard_check *check, const char *shape,
                           const struct member *member, const struct elsewhere *found)
{
    const struct standard_field *row = found->row;
    char its[STANDARD_VERSION_SIZE], ours[STANDARD_VERSION_SIZE];
    standard_version_text(check->version, ours);
    if (found->variant != NULL &&
        standard_is_there(row->since, row->until, check->version)) {
        const char *word = found->variant->word;
        standard_tell(check, member->place, true, "unknown-key",
                      "\"%s\" is no key of %s here; it is one where %s is %s", row->key,
                      shape, found->variant->key,
                      word == NULL              ? "left out"
                      : string_equal(word, "*") ? "there"
                                                : word);
        return;
    }
    bool is_newer = check->version < row->since;
    standard_tell(check, member->place, true, "unknown-key",
                  "\"%s\" is no key of %s in version %s; it is one %s %s", row->key,
                  shape, ours, is_newer ? "since" : "of versions before",
                  standard_version_text(is_newer ? row->since : row->until, its));
}

static void tell_unknown(struct standard_check *check, const struct rows *rows,
                         const struct member *member)
{
    const char *shape = rows->shape->name;
    struct elsewhere found = find_elsewhere(rows->shape, member->key);
    if (found.row != NULL) {
        tell_elsewhere(check, shape, member, &found);
        return;
    }
    const char *near = near_key(rows, member->key);
    char *quoted = standard_quote(member->key);
    struct finding *told = standard_tell(
        check, member->place, true, "unknown-key", "\"%s\" is no key of %s here%s%s%s",
        quoted, shape, near != NULL ? "; did you mean \"" : "", near != NULL ? near : "",
        near != NULL ? "\"?" : "");
    if (near != NULL) {
        standard_mend(told, "write \"%s\" instead of \"%s\"", near, quoted);
    }
    free(quoted);
}

/* Where other keys are allowed, one that is nearly a key which is missing is a slip of
 * the pen more often than not. */
static void warn_of_slip(struct standard_check *check, const struct rows *rows,
                         const struct member *member)
{
    bool is_asked =
        !check->schema_only && find_elsewhere(rows->shape, member->key).row == NULL;
    const char *near = is_asked ? near_key(rows, member->key) : NULL;
    if (near != NULL && document_get(rows->map, near) == NULL) {
        char *quoted = standard_quote(member->key);
        standard_mend(standard_tell(check, member->place, false, "unknown-key",
                                    "\"%s\" is no key of %s, though it may stand there; "
                                    "did you mean \"%s\"?",
                                    quoted, rows->shape->name, near),
                      "write \"%s\" instead of \"%s\"", near, quoted);
        free(quoted);
    }
}

/* ---- A map ---- */

static void check_name(struct standard_check *check, const struct standard_form *form,
                       const struct member *member)
{
    if (form != NULL && !form->fits(member->key)) {
        char *quoted = standard_quote(member->key);
        standard_tell(check, member->place, true, "key-name",
                      "a key of %s must be %s; \"%s\" is not", standard_where(check),
                      form->sentence, quoted);
        free(quoted);
    }
}

/* A key of no row: a name of its own with a value of the shape for each, or unknown. */
static void check_other(struct standard_check *check, const struct rows *rows,
                        const struct member *member)
{
    const struct standard_shape *shape = rows->shape;
    bool is_each = shape->each_of == NULL || shape->each_of->fits(member->key);
    if (shape->each != NULL && is_each) {
        size_t mark = standard_enter(check, member->key, 0);
        standard_check_value(check, shape->each, member->value);
        standard_leave(check, mark);
    } else if (shape->open || check->version < shape->open_until) {
        warn_of_slip(check, rows, member);
    } else {
        tell_unknown(check, rows, member);
    }
}

static void check_members(struct standard_check *check, struct rows *rows)
{
    for (size_t i = 0; i < document_count(rows->map); i++) {
        struct member member;
        member.value = document_member(rows->map, i, &member.key, &member.place);
        size_t at = find_row(rows, rows->count, member.key);
        check_name(check, rows->shape->keys, &member);
        if (at < rows->count) {
            rows->seen[at] = true;
            check->siblings = rows->shape->fields;
            standard_check_field(check, rows->row[at], member.value);
        } else {
            check_other(check, rows, &member);
        }
    }
}

static void check_required(struct standard_check *check, const struct rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        const struct standard_field *row = rows->row[i];
        if (!rows->seen[i] && (row->flags & STANDARD_REQUIRED) != 0) {
            struct finding *told = standard_tell(
                check, document_place(rows->map), true, "required",
                "%s lacks \"%s\", which is required", standard_where(check), row->key);
            if (row->words != NULL && strchr(row->words, ' ') == NULL) {
                standard_mend(told, "add %s: %s", row->key, row->words);
            } else {
                standard_mend(told, "add %s", row->key);
            }
        }
    }
}

/* Two variants that add the same fields are one case: its further check runs once. */
static void check_also(struct standard_check *check, const struct standard_shape *shape,
                       const struct document_value *map)
{
    const struct standard_field *done = NULL;
    for (const struct standard_variant *v = shape->variants; v != NULL && v->key != NULL;
         v++) {
        if (v->also != NULL && variant_holds(v, map, check) &&
            (v->fields == NULL || v->fields != done)) {
            v->also(check, map);
            done = v->fields;
        }
    }
}

void standard_check_map(struct standard_check *check, const struct standard_shape *shape,
                        const struct document_value *map)
{
    struct rows rows;
    gather(&rows, shape, map, check);
    check_members(check, &rows);
    check_required(check, &rows);
    check_also(check, shape, map);
}
