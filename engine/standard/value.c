/* standard/value: holds a value against its shape and tells every breach; the keys of
 * maps are held by maps.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/standard/shape.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/text.h"

const struct standard_shape standard_a_text = {.name = "a text", .kinds = STANDARD_TEXT};

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
        return (kinds & STANDARD_NULL) != 0;
    case DOCUMENT_BOOLEAN:
        return (kinds & STANDARD_BOOLEAN) != 0;
    case DOCUMENT_NUMBER:
        return (kinds & STANDARD_NUMBER) != 0 ||
               ((kinds & STANDARD_INTEGER) != 0 && is_whole(value));
    case DOCUMENT_STRING:
        return (kinds & STANDARD_TEXT) != 0;
    case DOCUMENT_LIST:
        return (kinds & STANDARD_LIST) != 0;
    default:
        return (kinds & STANDARD_MAP) != 0;
    }
}

static const char *name_of_kinds(unsigned kinds, struct text *name)
{
    static const struct {
        unsigned kind;
        const char *name;
    } rows[] = {{STANDARD_TEXT, "a text"},
                {STANDARD_NUMBER, "a number"},
                {STANDARD_INTEGER, "a whole number"},
                {STANDARD_BOOLEAN, "true or false"},
                {STANDARD_LIST, "a list"},
                {STANDARD_MAP, "a map"},
                {STANDARD_NULL, "nothing"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if ((kinds & rows[i].kind) != 0) {
            text_append(name, name->length > 0 ? " or " : "");
            text_append(name, rows[i].name);
        }
    }
    return text_string(name);
}

/* The last key of the way here, as it is written in a fix. */
static const char *last_key(const struct standard_check *check)
{
    const char *where = standard_where(check), *dot = strrchr(where, '.');
    return dot != NULL ? dot + 1 : where;
}

/* Is the text of a scalar the one that the other kind needs? "true", "12" in quotes. */
static bool is_quoted_word(const struct document_value *value, unsigned kinds)
{
    const char *text = document_text(value);
    char *end = NULL;
    if (document_kind(value) != DOCUMENT_STRING || *text == '\0') {
        return false;
    }
    if ((kinds & STANDARD_BOOLEAN) != 0) {
        return string_equal(text, "true") || string_equal(text, "false");
    }
    bool is_number = strspn(text, "+-0123456789.eE") == strlen(text) &&
                     isfinite(strtod(text, &end)) && *end == '\0';
    return (kinds & (STANDARD_NUMBER | STANDARD_INTEGER)) != 0 && is_number;
}

static bool check_kind(struct standard_check *check, const struct document_value *value,
                       unsigned kinds)
{
    if (has_kind(value, kinds)) {
        return true;
    }
    struct text name = {0};
    enum document_kind kind = document_kind(value);
    bool unquoted = (kinds & STANDARD_TEXT) != 0 &&
                    (kind == DOCUMENT_NUMBER || kind == DOCUMENT_BOOLEAN);
    struct finding *told = standard_tell(
        check, document_place(value), true, "type", "%s must be %s, not %s%s",
        standard_where(check), name_of_kinds(kinds, &name), document_kind_name(kind),
        unquoted ? "; write it in quotes" : "");
    if (unquoted) {
        standard_mend(told, "write %s: '%s'", last_key(check), document_text(value));
    } else if (is_quoted_word(value, kinds)) {
        standard_mend(told, "write it without quotes: %s: %s", last_key(check),
                      document_text(value));
    }
    text_release(&name);
    return false;
}

/* ---- Scalars ---- */

/* Words stand between blanks; where a word holds one, between commas and blanks. */
static const char *between_words(const char *words)
{
    return strchr(words, ',') != NULL ? ", " : " ";
}

bool standard_is_in_words(const char *text, const char *words)
{
    const char *between = between_words(words);
    size_t length = strlen(text);
    while (words != NULL) {
        const char *end = strstr(words, between);
        size_t word = end != NULL ? (size_t)(end - words) : strlen(words);
        if (word == length && memcmp(words, text, length) == 0) {
            return true;
        }
        words = end != NULL ? end + strlen(between) : NULL;
    }
    return false;
}

/* The word nearest to the text, for a fix; owned by the caller, NULL when none is near.
 */
static char *near_word(const char *text, const char *words)
{
    enum { MOST_WORDS = 64 };
    char *copy = string_copy(words), *rest = copy, *word;
    const char *list[MOST_WORDS + 1] = {0};
    size_t count = 0;
    while (count < MOST_WORDS &&
           (word = strsep(&rest, *between_words(words) == ',' ? "," : " ")) != NULL) {
        list[count++] = word + (*word == ' ');
    }
    const char *near = string_nearest(text, list);
    char *found = near != NULL ? string_copy(near) : NULL;
    free(copy);
    return found;
}

/* The version from which on this word is one of the key's; 0: there is none. */
static int version_of_word(const struct standard_check *check, const char *key,
                           const char *word)
{
    for (const struct standard_field *row = check->siblings;
         row != NULL && row->key != NULL; row++) {
        if (row->since > check->version && row->words != NULL &&
            strcmp(row->key, key) == 0 && standard_is_in_words(word, row->words)) {
            return row->since;
        }
    }
    return 0;
}

static void tell_word(struct standard_check *check, const struct document_value *value,
                      const struct standard_field *field)
{
    const char *text = document_text(value);
    int since = version_of_word(check, field->key, text);
    char *quoted = standard_quote(text);
    if (since != 0) {
        char its[STANDARD_VERSION_SIZE], ours[STANDARD_VERSION_SIZE];
        standard_tell(check, document_place(value), true, "enum",
                      "%s may not be \"%s\" in version %s; it may since %s",
                      standard_where(check), quoted,
                      standard_version_text(check->version, ours),
                      standard_version_text(since, its));
        free(quoted);
        return;
    }
    char *near = near_word(text, field->words);
    struct finding *told = standard_tell(check, document_place(value), true, "enum",
                                         "%s may not be \"%s\"; it is one of: %s",
                                         standard_where(check), quoted, field->words);
    if (near != NULL) {
        standard_mend(told, "did you mean %s: %s", last_key(check), near);
    }
    free(near);
    free(quoted);
}

/* A version behind the one that is checked against cannot have been known to it. */
static void check_version(struct standard_check *check,
                          const struct document_value *value, const char *words)
{
    const char *text = document_text(value);
    if (standard_is_in_words(text, words) &&
        standard_version_of(text) <= check->version) {
        return;
    }
    char *quoted = standard_quote(text), *prefixed = string_printf("v%s", quoted);
    struct finding *told =
        standard_tell(check, document_place(value), true, "unknown-version",
                      "%s may not be \"%s\"; the versions known are: %s",
                      standard_where(check), quoted, words);
    if (standard_is_in_words(prefixed, words)) {
        standard_mend(told, "write %s: %s", last_key(check), prefixed);
    }
    free(prefixed);
    free(quoted);
}

static void check_text(struct standard_check *check, const struct document_value *value,
                       const struct standard_field *field,
                       const struct standard_form *form)
{
    if (document_kind(value) != DOCUMENT_STRING) {
        return;
    }
    if (field != NULL && field->words != NULL) {
        if ((field->flags & STANDARD_VERSION) != 0) {
            check_version(check, value, field->words);
        } else if (!standard_is_in_words(document_text(value), field->words)) {
            tell_word(check, value, field);
        }
    }
    if (form != NULL && !form->fits(document_text(value))) {
        char *quoted = standard_quote(document_text(value));
        standard_tell(check, document_place(value), true, "pattern",
                      "%s must be %s; \"%s\" is not", standard_where(check),
                      form->sentence, quoted);
        free(quoted);
    }
}

static void check_number(struct standard_check *check, const struct document_value *value,
                         unsigned flags)
{
    double number = document_number(value, 1);
    if (((flags & STANDARD_POSITIVE) != 0 && !(number > 0)) ||
        ((flags & STANDARD_NOT_NEGATIVE) != 0 && !(number >= 0))) {
        standard_tell(check, document_place(value), true, "range", "%s must be %s",
                      standard_where(check),
                      (flags & STANDARD_POSITIVE) != 0 ? "above 0" : "0 or more");
    }
}

/* ---- Lists ---- */

static bool is_same(const struct document_value *a, const struct document_value *b)
{
    enum document_kind kind = document_kind(a);
    if (kind != document_kind(b) || document_count(a) != document_count(b)) {
        return false;
    }
    bool same = kind == DOCUMENT_NUMBER
                    ? document_number(a, 0) == document_number(b, 1)
                    : string_equal(document_text(a), document_text(b)) ||
                          kind == DOCUMENT_LIST || kind == DOCUMENT_MAP ||
                          kind == DOCUMENT_NULL;
    for (size_t i = 0; same && i < document_count(a); i++) {
        const char *key;
        const struct document_value *item = document_item(a, i), *other;
        other = document_item(b, i);
        if (kind == DOCUMENT_MAP) {
            item = document_member(a, i, &key, NULL);
            other = document_get(b, key);
        }
        same = (item == NULL) == (other == NULL) && is_same(item, other);
    }
    return same;
}

/* Equal values have equal marks; members are added, so that their order is no matter. */
static uint64_t mark_of(const struct document_value *value)
{
    uint64_t mark = 14695981039346656037u + (uint64_t)document_kind(value);
    const char *key, *text = document_text(value);
    if (document_kind(value) == DOCUMENT_NUMBER) {
        double number = document_number(value, 0) + 0.0;
        uint64_t bits;
        memcpy(&bits, &number, sizeof bits);
        return (mark ^ bits) * 1099511628211u;
    }
    for (; text != NULL && *text != '\0'; text++) {
        mark = (mark ^ (unsigned char)*text) * 1099511628211u;
    }
    for (size_t i = 0; i < document_count(value); i++) {
        if (document_kind(value) == DOCUMENT_LIST) {
            mark = (mark ^ mark_of(document_item(value, i))) * 1099511628211u;
        } else {
            mark += 31 * mark_of(document_member(value, i, &key, NULL)) + strlen(key);
        }
    }
    return mark;
}

struct marked {
    uint64_t mark;
    const struct document_value *value;
};

static int compare_marked(const void *a, const void *b)
{
    const struct marked *x = a, *y = b;
    return (x->mark > y->mark) - (x->mark < y->mark);
}

static void check_distinct(struct standard_check *check,
                           const struct document_value *list)
{
    size_t count = document_count(list);
    struct array marks = ARRAY_OF(struct marked);
    for (size_t i = 0; i < count; i++) {
        struct marked *marked = array_push(&marks);
        marked->value = document_item(list, i);
        marked->mark = mark_of(marked->value);
    }
    if (count > 1) {
        qsort(marks.items, count, sizeof(struct marked), compare_marked);
    }
    for (size_t i = 1; i < count; i++) {
        const struct marked *one = array_at(&marks, i - 1), *next = array_at(&marks, i);
        if (one->mark == next->mark && is_same(one->value, next->value)) {
            standard_mend(standard_tell(check, document_place(next->value), true,
                                        "duplicate", "%s holds the same value twice",
                                        standard_where(check)),
                          "remove one of them");
            break;
        }
    }
    array_release(&marks);
}

static void check_alike(struct standard_check *check, const struct document_value *list)
{
    enum document_kind kind = document_kind(document_item(list, 0));
    for (size_t i = 1; i < document_count(list); i++) {
        const struct document_value *item = document_item(list, i);
        if (document_kind(item) != kind) {
            standard_tell(check, document_place(item), true, "alike",
                          "%s must hold values of one kind; it begins with %s, but this "
                          "is %s",
                          standard_where(check), document_kind_name(kind),
                          document_kind_name(document_kind(item)));
            return;
        }
    }
}

static void check_filled(struct standard_check *check, const struct document_value *value,
                         unsigned flags)
{
    enum document_kind kind = document_kind(value);
    bool is_empty = false;
    if (kind == DOCUMENT_STRING && (flags & STANDARD_WORDED) != 0) {
        is_empty = document_text(value)[0] == '\0';
    } else if (kind > DOCUMENT_STRING && (flags & STANDARD_FILLED) != 0) {
        is_empty = document_count(value) == 0;
    }
    if (is_empty) {
        standard_tell(check, document_place(value), true, "empty", "%s must not be empty",
                      standard_where(check));
    }
}

static void check_list(struct standard_check *check, const struct document_value *list,
                       unsigned flags, const struct standard_shape *of)
{
    if ((flags & STANDARD_PAIR) != 0 && document_count(list) != 2) {
        standard_tell(check, document_place(list), true, "pair", "%s must have two items",
                      standard_where(check));
    }
    if ((flags & STANDARD_DISTINCT) != 0) {
        check_distinct(check, list);
    }
    if ((flags & STANDARD_ALIKE) != 0) {
        check_alike(check, list);
    }
    for (size_t i = 0; of != NULL && i < document_count(list); i++) {
        size_t mark = standard_enter(check, NULL, i);
        standard_check_value(check, of, document_item(list, i));
        standard_leave(check, mark);
    }
}

/* ---- A value ---- */

static void warn_of_deprecated(struct standard_check *check,
                               const struct standard_field *field,
                               const struct document_value *value)
{
    char version[STANDARD_VERSION_SIZE];
    if (field->deprecated != 0 && check->version >= field->deprecated) {
        standard_tell(check, document_place(value), false, "deprecated",
                      "%s is deprecated since %s", standard_where(check),
                      standard_version_text(field->deprecated, version));
    }
}

void standard_check_field(struct standard_check *check,
                          const struct standard_field *field,
                          const struct document_value *value)
{
    size_t mark = standard_enter(check, field->key, 0);
    if (check_kind(check, value, field->kinds)) {
        warn_of_deprecated(check, field, value);
        check_text(check, value, field, field->form);
        check_number(check, value, field->flags);
        check_filled(check, value, field->flags);
        if (document_kind(value) == DOCUMENT_LIST) {
            check_list(check, value, field->flags,
                       field->items != NULL ? field->items : field->of);
        } else if (document_kind(value) == DOCUMENT_MAP && field->of != NULL) {
            standard_check_value(check, field->of, value);
        }
    }
    standard_leave(check, mark);
}

void standard_check_value(struct standard_check *check,
                          const struct standard_shape *shape,
                          const struct document_value *value)
{
    if ((check->is_trial && check->failed) || !check_kind(check, value, shape->kinds)) {
        return;
    }
    check_text(check, value, NULL, shape->form);
    if (document_kind(value) == DOCUMENT_MAP) {
        standard_check_map(check, shape, value);
    }
    if (shape->also != NULL) {
        shape->also(check, value);
    }
}
