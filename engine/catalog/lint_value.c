/* catalog/lint_value: holds a value against its shape and tells every breach.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/lint.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/text.h"

const struct lint_shape lint_a_text = {.name = "a text", .kinds = LINT_TEXT};

/* ---- Telling ---- */

void lint_tell(struct lint *lint, struct document_place place, bool is_error,
               const char *rule, const char *format, ...)
{
    struct text sentence = {0};
    va_list args;
    va_start(args, format);
    text_vprintf(&sentence, format, args);
    va_end(args);
    struct catalog_problem *problem = array_push(lint->problems);
    problem->path = string_copy(lint->path);
    problem->line = place.line > 0 ? place.line : 1;
    problem->column = place.column > 0 ? place.column : 1;
    problem->is_error = is_error;
    problem->rule = string_copy(rule);
    problem->sentence = text_take(&sentence);
}

size_t lint_enter(struct lint *lint, const char *key, size_t index)
{
    size_t mark = lint->where.length;
    if (key != NULL) {
        text_append(&lint->where, mark > 0 ? "." : "");
        text_append(&lint->where, key);
    } else {
        text_printf(&lint->where, "[%zu]", index);
    }
    return mark;
}

void lint_leave(struct lint *lint, size_t mark)
{
    text_truncate(&lint->where, mark);
}

static const char *where(const struct lint *lint)
{
    return lint->where.length > 0 ? text_string(&lint->where) : "the root";
}

/* ---- Kinds ---- */

static bool is_whole(const struct document_value *value)
{
    double number = document_number(value, NAN);
    return isfinite(number) && floor(number) == number;
}

static bool has_kind(const struct document_value *value, unsigned kinds)
{
    switch (document_kind(value)) {
    case DOCUMENT_NULL:
        return (kinds & LINT_NULL) != 0;
    case DOCUMENT_BOOLEAN:
        return (kinds & LINT_BOOLEAN) != 0;
    case DOCUMENT_NUMBER:
        return (kinds & LINT_NUMBER) != 0 ||
               ((kinds & LINT_INTEGER) != 0 && is_whole(value));
    case DOCUMENT_STRING:
        return (kinds & LINT_TEXT) != 0;
    case DOCUMENT_LIST:
        return (kinds & LINT_LIST) != 0;
    default:
        return (kinds & LINT_MAP) != 0;
    }
}

static const char *name_of_kinds(unsigned kinds, struct text *name)
{
    static const struct {
        unsigned kind;
        const char *name;
    } rows[] = {{LINT_TEXT, "a text"},
                {LINT_NUMBER, "a number"},
                {LINT_INTEGER, "a whole number"},
                {LINT_BOOLEAN, "true or false"},
                {LINT_LIST, "a list"},
                {LINT_MAP, "a map"},
                {LINT_NULL, "nothing"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if ((kinds & rows[i].kind) != 0) {
            text_append(name, name->length > 0 ? " or " : "");
            text_append(name, rows[i].name);
        }
    }
    return text_string(name);
}

static bool check_kind(struct lint *lint, const struct document_value *value,
                       unsigned kinds, struct document_place place)
{
    if (has_kind(value, kinds)) {
        return true;
    }
    struct text name = {0};
    enum document_kind kind = document_kind(value);
    bool unquoted =
        (kinds & LINT_TEXT) != 0 && (kind == DOCUMENT_NUMBER || kind == DOCUMENT_BOOLEAN);
    lint_tell(lint, place, true, "type", "%s must be %s, not %s%s", where(lint),
              name_of_kinds(kinds, &name), document_kind_name(kind),
              unquoted ? "; write it in quotes" : "");
    text_release(&name);
    return false;
}

/* ---- Scalars and lists ---- */

bool lint_is_in_words(const char *text, const char *words)
{
    size_t length = strlen(text);
    while (*words != '\0') {
        size_t word = strcspn(words, " ");
        if (word == length && memcmp(words, text, length) == 0) {
            return true;
        }
        words += word + (words[word] == ' ');
    }
    return false;
}

static void check_text(struct lint *lint, const struct document_value *value,
                       const char *words, const struct lint_form *form)
{
    const char *text = document_text(value);
    if (document_kind(value) != DOCUMENT_STRING) {
        return;
    }
    if (words != NULL && !lint_is_in_words(text, words)) {
        lint_tell(lint, document_place(value), true, "enum",
                  "%s may not be \"%s\"; it is one of: %s", where(lint), text, words);
    }
    if (form != NULL && !form->fits(text)) {
        lint_tell(lint, document_place(value), true, "pattern",
                  "%s must be %s; \"%s\" is not", where(lint), form->sentence, text);
    }
}

static void check_number(struct lint *lint, const struct document_value *value,
                         unsigned flags)
{
    double number = document_number(value, 1);
    if (((flags & LINT_POSITIVE) != 0 && !(number > 0)) ||
        ((flags & LINT_NOT_NEGATIVE) != 0 && !(number >= 0))) {
        lint_tell(lint, document_place(value), true, "range", "%s must be %s",
                  where(lint), (flags & LINT_POSITIVE) != 0 ? "above 0" : "0 or more");
    }
}

static bool same_scalar(const struct document_value *a, const struct document_value *b)
{
    if (document_kind(a) != document_kind(b) || document_kind(a) > DOCUMENT_STRING) {
        return false;
    }
    return document_kind(a) == DOCUMENT_NUMBER
               ? document_number(a, 0) == document_number(b, 1)
               : string_equal(document_text(a), document_text(b));
}

static void check_distinct(struct lint *lint, const struct document_value *list)
{
    enum { MOST_COMPARED = 2000 };
    for (size_t i = 1; i < document_count(list) && i < MOST_COMPARED; i++) {
        for (size_t k = 0; k < i; k++) {
            if (same_scalar(document_item(list, i), document_item(list, k))) {
                lint_tell(lint, document_place(document_item(list, i)), true, "duplicate",
                          "%s holds the same value twice", where(lint));
                return;
            }
        }
    }
}

static void check_list(struct lint *lint, const struct document_value *list,
                       unsigned flags, const struct lint_shape *of)
{
    if ((flags & LINT_FILLED) != 0 && document_count(list) == 0) {
        lint_tell(lint, document_place(list), true, "empty", "%s must not be empty",
                  where(lint));
    }
    if ((flags & LINT_PAIR) != 0 && document_count(list) != 2) {
        lint_tell(lint, document_place(list), true, "pair", "%s must have two items",
                  where(lint));
    }
    if ((flags & LINT_DISTINCT) != 0) {
        check_distinct(lint, list);
    }
    for (size_t i = 0; of != NULL && i < document_count(list); i++) {
        size_t mark = lint_enter(lint, NULL, i);
        lint_value(lint, of, document_item(list, i));
        lint_leave(lint, mark);
    }
}

/* ---- Maps ---- */

static void check_field(struct lint *lint, const struct lint_field *field,
                        const struct document_value *value)
{
    size_t mark = lint_enter(lint, field->key, 0);
    if (check_kind(lint, value, field->kinds, document_place(value))) {
        check_text(lint, value, field->words, field->form);
        check_number(lint, value, field->flags);
        if (document_kind(value) == DOCUMENT_LIST) {
            check_list(lint, value, field->flags,
                       field->items != NULL ? field->items : field->of);
        } else if (document_kind(value) == DOCUMENT_MAP && field->of != NULL) {
            lint_value(lint, field->of, value);
        }
    }
    lint_leave(lint, mark);
}

/* A key that is there with nothing in it is there: `value:` is null. */
static bool has_key(const struct document_value *map, const char *key)
{
    return document_get(map, key) != NULL;
}

/* One piece of "host! port# schema" as a field; returns what is left. */
static const char *next_compact(const char *compact, char *key, size_t size,
                                struct lint_field *field)
{
    size_t length = strcspn(compact, "!# ");
    size_t kept = length < size - 1 ? length : size - 1;
    memcpy(key, compact, kept);
    key[kept] = '\0';
    *field = (struct lint_field){.key = key, .kinds = LINT_TEXT};
    for (compact += length; *compact == '!' || *compact == '#'; compact++) {
        if (*compact == '!') {
            field->flags = LINT_REQUIRED;
        } else {
            field->kinds = LINT_INTEGER;
        }
    }
    return compact + strspn(compact, " ");
}

static bool variant_holds(const struct lint_variant *variant,
                          const struct document_value *map)
{
    const struct document_value *value = document_get(map, variant->key);
    if (variant->word == NULL || value == NULL) {
        return variant->word == NULL && value == NULL;
    }
    return string_equal(variant->word, "*") ||
           (document_kind(value) == DOCUMENT_STRING &&
            string_equal(document_text(value), variant->word));
}

static bool is_in_fields(const struct lint_field *fields, const char *key)
{
    for (; fields != NULL && fields->key != NULL; fields++) {
        if (strcmp(fields->key, key) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_in_compact(const char *compact, const char *key)
{
    while (compact != NULL && *compact != '\0') {
        char name[32];
        struct lint_field field;
        compact = next_compact(compact, name, sizeof name, &field);
        if (strcmp(name, key) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_in_variants(const struct lint_shape *shape,
                           const struct document_value *map, const char *key)
{
    for (const struct lint_variant *v = shape->variants; v != NULL && v->key != NULL;
         v++) {
        if (variant_holds(v, map) &&
            (is_in_fields(v->fields, key) || is_in_compact(v->compact, key))) {
            return true;
        }
    }
    return false;
}

/* Rows that a variant says better (`overriding` is the shape) are left to it. */
static void check_fields(struct lint *lint, const struct lint_field *fields,
                         const struct lint_shape *overriding,
                         const struct document_value *map)
{
    for (const struct lint_field *field = fields; field != NULL && field->key != NULL;
         field++) {
        if (overriding != NULL && is_in_variants(overriding, map, field->key)) {
            continue;
        }
        if (has_key(map, field->key)) {
            check_field(lint, field, document_get(map, field->key));
        } else if ((field->flags & LINT_REQUIRED) != 0) {
            lint_tell(lint, document_place(map), true, "required",
                      "%s lacks \"%s\", which is required", where(lint), field->key);
        }
    }
}

static void check_compact(struct lint *lint, const char *compact,
                          const struct document_value *map)
{
    while (compact != NULL && *compact != '\0') {
        char key[32];
        struct lint_field fields[2] = {{0}};
        compact = next_compact(compact, key, sizeof key, &fields[0]);
        check_fields(lint, fields, NULL, map);
    }
}

static bool is_known(const struct lint_shape *shape, const struct document_value *map,
                     const char *key)
{
    return is_in_fields(shape->fields, key) || is_in_variants(shape, map, key);
}

static const char *near_key(const struct lint_shape *shape, const char *key)
{
    enum { MOST_KEYS = 64 };
    const char *keys[MOST_KEYS + 1] = {0};
    size_t count = 0;
    for (const struct lint_field *field = shape->fields;
         field != NULL && field->key != NULL && count < MOST_KEYS; field++) {
        keys[count++] = field->key;
    }
    return string_nearest(key, keys);
}

static void check_unknown(struct lint *lint, const struct lint_shape *shape,
                          const struct document_value *map)
{
    const char *key;
    struct document_place place;
    for (size_t i = 0; i < document_count(map); i++) {
        document_member(map, i, &key, &place);
        if (is_known(shape, map, key)) {
            continue;
        }
        const char *near = near_key(shape, key);
        lint_tell(lint, place, true, "unknown-key", "\"%s\" is no key of %s here%s%s%s",
                  key, shape->name, near != NULL ? "; did you mean \"" : "",
                  near != NULL ? near : "", near != NULL ? "\"?" : "");
    }
}

static void check_variants(struct lint *lint, const struct lint_shape *shape,
                           const struct document_value *map)
{
    const struct lint_field *done = NULL; /* two variants may add the same fields */
    for (const struct lint_variant *v = shape->variants; v != NULL && v->key != NULL;
         v++) {
        if (!variant_holds(v, map) || (v->fields != NULL && v->fields == done)) {
            continue;
        }
        done = v->fields;
        check_fields(lint, v->fields, NULL, map);
        check_compact(lint, v->compact, map);
        if (v->also != NULL) {
            v->also(lint, map);
        }
    }
}

void lint_value(struct lint *lint, const struct lint_shape *shape,
                const struct document_value *value)
{
    if (!check_kind(lint, value, shape->kinds, document_place(value))) {
        return;
    }
    check_text(lint, value, NULL, shape->form);
    if (document_kind(value) == DOCUMENT_MAP) {
        check_fields(lint, shape->fields, shape, value);
        check_variants(lint, shape, value);
        if (!shape->open) {
            check_unknown(lint, shape, value);
        }
    }
    if (shape->also != NULL) {
        shape->also(lint, value);
    }
}
