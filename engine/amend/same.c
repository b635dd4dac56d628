/* amend/same: whether a changed document differs in what was asked for and nothing else.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/amend/private.h"

#include <stdlib.h>

static bool is_same(const struct document_value *a, const struct document_value *b)
{
    if (document_kind(a) != document_kind(b) || document_count(a) != document_count(b)) {
        return false;
    }
    for (size_t i = 0; i < document_count(a); i++) {
        const char *key_a = NULL, *key_b = NULL;
        bool is_map = document_kind(a) == DOCUMENT_MAP;
        const struct document_value *below_a =
            is_map ? document_member(a, i, &key_a, NULL) : document_item(a, i);
        const struct document_value *below_b =
            is_map ? document_member(b, i, &key_b, NULL) : document_item(b, i);
        if (!string_equal(key_a, key_b) || !is_same(below_a, below_b)) {
            return false;
        }
    }
    return string_equal(document_text(a), document_text(b));
}

/* The first `count` members or items are the same, but for number `except`. */
static bool are_same(const struct document_value *a, const struct document_value *b,
                     size_t count, size_t except)
{
    for (size_t i = 0; i < count; i++) {
        const char *key_a = NULL, *key_b = NULL;
        bool is_map = document_kind(a) == DOCUMENT_MAP;
        const struct document_value *below_a =
            is_map ? document_member(a, i, &key_a, NULL) : document_item(a, i);
        const struct document_value *below_b =
            is_map ? document_member(b, i, &key_b, NULL) : document_item(b, i);
        if (!string_equal(key_a, key_b) || (i != except && !is_same(below_a, below_b))) {
            return false;
        }
    }
    return true;
}

/* The position of a step; document_count() when it is not there. */
static size_t index_of(const struct document_value *value, const char *step)
{
    size_t count = document_count(value);
    if (document_kind(value) == DOCUMENT_LIST) {
        char *end;
        unsigned long index = strtoul(step, &end, 10);
        return *end == '\0' && end != step && index < count ? index : count;
    }
    for (size_t i = 0; i < count; i++) {
        const char *key = NULL;
        document_member(value, i, &key, NULL);
        if (string_equal(key, step)) {
            return i;
        }
    }
    return count;
}

static bool is_as_asked(const struct document_value *before,
                        const struct document_value *now, enum amend_kind kind,
                        const struct document_value *value)
{
    if (kind == AMEND_SET) {
        return is_same(now, value);
    }
    size_t count = document_kind(before) == DOCUMENT_LIST ? document_count(before) : 0;
    return document_kind(now) == DOCUMENT_LIST && document_count(now) == count + 1 &&
           are_same(before, now, count, count) &&
           is_same(document_item(now, count), value);
}

static const struct document_value *below(const struct document_value *value, size_t at)
{
    return document_kind(value) == DOCUMENT_MAP ? document_member(value, at, NULL, NULL)
                                                : document_item(value, at);
}

bool differs_only_in(const struct document_value *before,
                     const struct document_value *now, const struct amend_steps *steps,
                     enum amend_kind kind, const struct document_value *value)
{
    for (int i = 0; i < steps->count; i++) {
        size_t count = document_count(before), at = index_of(before, steps->step[i]);
        bool is_new = at == count;
        const char *key = NULL;
        if (document_kind(before) != document_kind(now) ||
            document_count(now) != count + (is_new ? 1 : 0) ||
            !are_same(before, now, count, at)) {
            return false;
        }
        document_member(now, at, &key, NULL);
        if (is_new && !string_equal(key, steps->step[i])) {
            return false;
        }
        before = is_new ? NULL : below(before, at);
        now = below(now, at);
    }
    return is_as_asked(before, now, kind, value);
}
