/* amend/diff: a unified diff of two texts.
 *
 * Sources: POSIX.1-2017, diff -u; Myers, "An O(ND) Difference Algorithm and Its
 * Variations" (1986), section 4.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/amend.h"

#include <stdlib.h>
#include <string.h>

#include "engine/array.h"

enum {
    CONTEXT = 3,
    MOST_EDITS = 2000, /* more: all lines between the first and the last are others */
};

struct line {
    const char *text;
    size_t length; /* with its line feed */
};
struct side {
    struct array lines; /* of struct line */
};
/* A line is of both sides, or of one. */
struct edit {
    char sign; /* ' ', '-', '+' */
    size_t old_line, new_line;
};

static void split_lines(struct side *side, const char *text)
{
    side->lines = (struct array)ARRAY_OF(struct line);
    while (*text != '\0') {
        struct line *line = array_push(&side->lines);
        line->text = text;
        line->length = strcspn(text, "\n");
        line->length += text[line->length] == '\n' ? 1 : 0;
        text += line->length;
    }
}

static bool is_equal(const struct side *a, size_t i, const struct side *b, size_t j)
{
    const struct line *x = array_at(&a->lines, i), *y = array_at(&b->lines, j);
    return x->length == y->length && memcmp(x->text, y->text, x->length) == 0;
}

/* What lies between the lines that both begin and end with. */
struct middle {
    const struct side *old_side, *new_side;
    size_t start, old_count, new_count;
};

static struct middle middle_of(const struct side *a, const struct side *b)
{
    struct middle middle = {.old_side = a, .new_side = b};
    size_t n = a->lines.count, m = b->lines.count;
    while (middle.start < n && middle.start < m &&
           is_equal(a, middle.start, b, middle.start)) {
        middle.start++;
    }
    while (n > middle.start && m > middle.start && is_equal(a, n - 1, b, m - 1)) {
        n--;
        m--;
    }
    middle.old_count = n - middle.start;
    middle.new_count = m - middle.start;
    return middle;
}

/* ---- The shortest way from one to the other ---- */

/* One step of the search: the furthest points after `edits` edits, from those before. */
static bool advance(const struct middle *middle, long *furthest, long edits)
{
    long n = (long)middle->old_count, m = (long)middle->new_count;
    for (long k = -edits; k <= edits; k += 2) {
        bool down = k == -edits || (k != edits && furthest[k - 1] < furthest[k + 1]);
        long x = down ? furthest[k + 1] : furthest[k - 1] + 1;
        while (x < n && x - k < m && x - k >= 0 &&
               is_equal(middle->old_side, middle->start + (size_t)x, middle->new_side,
                        middle->start + (size_t)(x - k))) {
            x++;
        }
        furthest[k] = x;
        if (x >= n && x - k >= m) {
            return true;
        }
    }
    return false;
}

static void push_edit(struct array *back, char sign, long x, long y)
{
    struct edit *edit = array_push(back);
    *edit = (struct edit){sign, (size_t)x, (size_t)y};
}

/* From the end to the start, through the kept points of each step. */
static void walk_back(const struct middle *middle, const struct array *trace, long most,
                      struct array *back)
{
    long x = (long)middle->old_count, y = (long)middle->new_count;
    for (long edits = (long)trace->count - 1; edits >= 0; edits--) {
        const long *furthest = *(long **)array_at(trace, (size_t)edits) + most + 1;
        long k = x - y;
        bool down = k == -edits || (k != edits && furthest[k - 1] < furthest[k + 1]);
        long from = edits == 0 ? 0 : down ? furthest[k + 1] : furthest[k - 1];
        long from_y = edits == 0 ? 0 : from - (down ? k + 1 : k - 1);
        while (x > from && y > from_y && x > 0 && y > 0) {
            push_edit(back, ' ', --x, --y);
        }
        if (edits > 0) {
            push_edit(back, down ? '+' : '-', from, from_y);
            x = from;
            y = from_y;
        }
    }
}

/* False: there are too many edits. Appends from the last to the first. */
static bool find_edits(const struct middle *middle, struct array *back)
{
    long most = (long)(middle->old_count + middle->new_count);
    most = most < MOST_EDITS ? most : MOST_EDITS;
    size_t size = (size_t)(2 * most + 3) * sizeof(long);
    long *furthest = memory_new(size);
    struct array trace = ARRAY_OF(long *);
    bool found = false;
    for (long edits = 0; edits <= most && !found; edits++) {
        long *kept = memory_new(size);
        memcpy(kept, furthest, size);
        *(long **)array_push(&trace) = kept;
        found = advance(middle, furthest + most + 1, edits);
    }
    if (found) {
        walk_back(middle, &trace, most, back);
    }
    for (size_t i = 0; i < trace.count; i++) {
        free(*(long **)array_at(&trace, i));
    }
    array_release(&trace);
    free(furthest);
    return found;
}

static void list_edits(const struct middle *middle, struct array *edits)
{
    struct array back = ARRAY_OF(struct edit);
    for (size_t i = 0; i < middle->start; i++) {
        push_edit(edits, ' ', (long)i, (long)i);
    }
    if (find_edits(middle, &back)) {
        for (size_t i = back.count; i > 0; i--) {
            struct edit *edit = array_push(edits);
            *edit = *(struct edit *)array_at(&back, i - 1);
            edit->old_line += middle->start;
            edit->new_line += middle->start;
        }
    } else {
        size_t old_end = middle->start + middle->old_count;
        for (size_t i = 0; i < middle->old_count; i++) {
            push_edit(edits, '-', (long)(middle->start + i), (long)middle->start);
        }
        for (size_t i = 0; i < middle->new_count; i++) {
            push_edit(edits, '+', (long)old_end, (long)(middle->start + i));
        }
    }
    array_release(&back);
    size_t rest = middle->old_side->lines.count - middle->start - middle->old_count;
    for (size_t i = 0; i < rest; i++) {
        push_edit(edits, ' ', (long)(middle->start + middle->old_count + i),
                  (long)(middle->start + middle->new_count + i));
    }
}

/* ---- Hunks ---- */

static bool is_change(const struct array *edits, size_t at)
{
    const struct edit *edit = array_at(edits, at);
    return edit != NULL && edit->sign != ' ';
}

/* The end of the hunk that starts before the change at `first`. */
static size_t hunk_end(const struct array *edits, size_t first)
{
    size_t last = first;
    for (size_t i = first; i < edits->count && i <= last + 2 * CONTEXT + 1; i++) {
        last = is_change(edits, i) ? i : last;
    }
    return last + CONTEXT + 1 < edits->count ? last + CONTEXT + 1 : edits->count;
}

static void append_range(struct text *out, char sign, size_t line, size_t count)
{
    text_printf(out, "%c%zu", sign, count == 0 ? line : line + 1);
    if (count != 1) {
        text_printf(out, ",%zu", count);
    }
}

static void append_line(struct text *out, const struct side *side, size_t at, char sign)
{
    const struct line *line = array_at(&side->lines, at);
    text_append_char(out, sign);
    text_append_bytes(out, line->text, line->length);
    if (line->length == 0 || line->text[line->length - 1] != '\n') {
        text_append(out, "\n\\ No newline at end of file\n");
    }
}

static void append_hunk(struct text *out, const struct middle *middle,
                        const struct array *edits, size_t from, size_t to)
{
    const struct edit *first = array_at(edits, from);
    size_t old_count = 0, new_count = 0;
    for (size_t i = from; i < to; i++) {
        const struct edit *edit = array_at(edits, i);
        old_count += edit->sign != '+' ? 1 : 0;
        new_count += edit->sign != '-' ? 1 : 0;
    }
    text_append(out, "@@ ");
    append_range(out, '-', first->old_line, old_count);
    text_append_char(out, ' ');
    append_range(out, '+', first->new_line, new_count);
    text_append(out, " @@\n");
    for (size_t i = from; i < to; i++) {
        const struct edit *edit = array_at(edits, i);
        bool is_new = edit->sign == '+';
        append_line(out, is_new ? middle->new_side : middle->old_side,
                    is_new ? edit->new_line : edit->old_line, edit->sign);
    }
}

void amend_diff(const char *name, const char *before, const char *after, struct text *out)
{
    struct side old_side, new_side;
    struct array edits = ARRAY_OF(struct edit);
    if (string_equal(before, after)) {
        return;
    }
    split_lines(&old_side, before);
    split_lines(&new_side, after);
    struct middle middle = middle_of(&old_side, &new_side);
    list_edits(&middle, &edits);
    bool is_new = before[0] == '\0';
    text_printf(out, "--- %s%s\n+++ b/%s\n", is_new ? "" : "a/",
                is_new ? "/dev/null" : name, name);
    for (size_t i = 0; i < edits.count;) {
        if (!is_change(&edits, i)) {
            i++;
            continue;
        }
        size_t from = i > CONTEXT ? i - CONTEXT : 0, to = hunk_end(&edits, i);
        append_hunk(out, &middle, &edits, from, to);
        i = to;
    }
    array_release(&edits);
    array_release(&old_side.lines);
    array_release(&new_side.lines);
}
