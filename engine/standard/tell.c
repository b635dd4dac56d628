/* standard/tell: says what a check found and where, in sentences of bounded length
 * whatever the document holds.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/standard/shape.h"

#include <stdlib.h>
#include <string.h>

#include "engine/safetext.h"
#include "engine/text.h"

/* Columns. Keys and values are the document's own: a thousand findings below a key of a
 * megabyte must not become a gigabyte. */
enum { WIDEST_QUOTE = 60, WIDEST_SENTENCE = 1000 };

char *standard_quote(const char *text)
{
    struct text quoted = {0};
    safetext_append_cut(&quoted, text, strlen(text), WIDEST_QUOTE);
    return text_take(&quoted);
}

/* A sentence of usual length without control characters stays as it is. */
static char *bounded(char *sentence)
{
    size_t length = strlen(sentence);
    const char *p = sentence;
    while (*p != '\0' && (unsigned char)*p >= ' ' && *p != 0x7F) {
        p++;
    }
    if (*p == '\0' && length <= WIDEST_SENTENCE) {
        return sentence;
    }
    struct text safe = {0};
    safetext_append_cut(&safe, sentence, length, WIDEST_SENTENCE);
    free(sentence);
    return text_take(&safe);
}

struct finding *standard_tell(struct standard_check *check, struct document_place place,
                              bool is_error, const char *rule, const char *format, ...)
{
    check->failed |= is_error;
    if (check->is_trial || (check->schema_only && !is_error)) {
        return NULL;
    }
    if (check->told >= STANDARD_MOST_FINDINGS) {
        check->left_out++;
        check->has_left_out_error |= is_error;
        return NULL;
    }
    check->told++;
    va_list args;
    va_start(args, format);
    struct finding *finding = finding_add_args(
        check->problems, (struct finding_place){check->path, place.line, place.column},
        is_error, rule, format, args);
    va_end(args);
    finding->sentence = bounded(finding->sentence);
    return finding;
}

void standard_mend(struct finding *finding, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    finding_mend_args(finding, format, args);
    va_end(args);
    if (finding != NULL) {
        finding->fix = bounded(finding->fix);
    }
}

/* ---- The way to a value ---- */

size_t standard_enter(struct standard_check *check, const char *key, size_t index)
{
    size_t mark = check->where.length;
    if (key == NULL) {
        text_printf(&check->where, "[%zu]", index);
        return mark;
    }
    size_t length = strlen(key);
    text_append(&check->where, mark > 0 ? "." : "");
    if (length <= WIDEST_QUOTE) {
        text_append_bytes(&check->where, key, length);
    } else {
        safetext_append_cut(&check->where, key, length, WIDEST_QUOTE);
    }
    return mark;
}

void standard_leave(struct standard_check *check, size_t mark)
{
    text_truncate(&check->where, mark);
}

const char *standard_where(const struct standard_check *check)
{
    return check->where.length > 0 ? text_string(&check->where) : "the root";
}
