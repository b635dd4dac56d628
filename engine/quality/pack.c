/* quality/pack: checks as bytes, for the way from a child to its parent. A child that
 * read hostile data may lie: whatever is not whole is refused.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/quality/private.h"

#include <stdint.h>
#include <string.h>

enum { NO_STRING = -1 };

/* What is no string. */
struct fixed {
    int32_t line, outcome, is_done;
    int64_t total;
    double percent, seconds;
};

static void pack_string(const char *string, struct text *out)
{
    int32_t length = string != NULL ? (int32_t)strlen(string) : NO_STRING;
    text_append_bytes(out, &length, sizeof length);
    if (string != NULL) {
        text_append_bytes(out, string, (size_t)length);
    }
}

void quality_pack(const struct array *checks, struct text *out)
{
    for (size_t i = 0; i < checks->count; i++) {
        struct quality_check *check = array_at(checks, i);
        struct fixed fixed;
        memset(&fixed, 0, sizeof fixed);
        fixed.line = check->line;
        fixed.outcome = (int32_t)check->outcome;
        fixed.is_done = check->is_done;
        fixed.total = check->total;
        fixed.percent = check->percent;
        fixed.seconds = check->seconds;
        text_append_bytes(out, &fixed, sizeof fixed);
        char **strings[QUALITY_STRINGS_MOST];
        size_t count = quality_check_strings(check, strings);
        for (size_t s = 0; s < count; s++) {
            pack_string(*strings[s], out);
        }
    }
}

struct reader {
    const char *at;
    size_t left;
};

static bool take(struct reader *reader, void *out, size_t length)
{
    if (reader->left < length) {
        return false;
    }
    memcpy(out, reader->at, length);
    reader->at += length;
    reader->left -= length;
    return true;
}

static bool take_string(struct reader *reader, char **out)
{
    int32_t length;
    if (!take(reader, &length, sizeof length) || length < NO_STRING ||
        (length > 0 && ((size_t)length > reader->left ||
                        memchr(reader->at, '\0', (size_t)length) != NULL))) {
        return false;
    }
    if (length != NO_STRING) {
        *out = string_copy_bytes(reader->at, (size_t)length);
        reader->at += length;
        reader->left -= (size_t)length;
    }
    return true;
}

static bool take_check(struct reader *reader, struct quality_check *check)
{
    struct fixed fixed;
    if (!take(reader, &fixed, sizeof fixed) || fixed.outcome < QUALITY_PASSED ||
        fixed.outcome > QUALITY_NOT_RUN) {
        return false;
    }
    check->line = fixed.line;
    check->outcome = (enum quality_outcome)fixed.outcome;
    check->is_done = fixed.is_done != 0;
    check->total = fixed.total;
    check->percent = fixed.percent;
    check->seconds = fixed.seconds;
    char **strings[QUALITY_STRINGS_MOST];
    size_t count = quality_check_strings(check, strings);
    bool whole = true;
    for (size_t s = 0; s < count && whole; s++) {
        whole = take_string(reader, strings[s]);
    }
    /* What every reader counts on. */
    return whole && check->key != NULL && check->type != NULL && check->rule != NULL;
}

bool quality_unpack(const void *bytes, size_t length, struct array *checks)
{
    struct reader reader = {bytes, length};
    bool whole = true;
    while (whole && reader.left > 0) {
        whole = take_check(&reader, array_push(checks));
    }
    if (!whole) {
        quality_release(checks);
        *checks = (struct array)ARRAY_OF(struct quality_check);
    }
    return whole;
}
