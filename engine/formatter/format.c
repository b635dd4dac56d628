/* formatter/format: read, lay out, print, and prove that nothing else changed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/formatter/private.h"

#include <string.h>

static bool is_same(const char *sql, const struct array *pieces, const struct text *made)
{
    struct array again = ARRAY_OF(struct piece);
    struct error ignored = {0};
    const char *result = text_string(made);
    bool same = pieces_read(result, made->length, &again, &ignored) &&
                pieces_equal(sql, pieces, result, &again);
    array_release(&again);
    return same;
}

bool formatter_format(const char *sql, size_t length, int width, struct text *out,
                      struct error *err)
{
    struct array pieces = ARRAY_OF(struct piece);
    bool done = pieces_read(sql, length, &pieces, err);
    if (done) {
        struct text made = {0};
        struct array layout = layout_build(sql, &pieces);
        struct layout_text what = {sql, &pieces, &layout, width > 0 ? (size_t)width : 0};
        layout_print(&what, &made);
        done = is_same(sql, &pieces, &made) ||
               error_set(err, ERROR_FAILED,
                         "could not format: the result would not be the same SQL, so it "
                         "stays as it is; please report it with the text");
        if (done) {
            text_append_bytes(out, text_string(&made), made.length);
        }
        array_release(&layout);
        text_release(&made);
    }
    array_release(&pieces);
    return done;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* Only blanks were changed, so that counting the other bytes finds the place. */
size_t formatter_cursor(const char *before, size_t cursor, const char *after)
{
    size_t signs = 0, at = 0;
    for (size_t i = 0; i < cursor && before[i] != '\0'; i++) {
        signs += !is_blank(before[i]);
    }
    while (after[at] != '\0' && signs > 0) {
        signs -= !is_blank(after[at]);
        at++;
    }
    while (before[cursor] != '\0' && !is_blank(before[cursor]) && is_blank(after[at])) {
        at++; /* it stood on a sign, and stays on it */
    }
    return at;
}
