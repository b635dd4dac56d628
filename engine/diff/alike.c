/* diff/alike: how much a thing that is gone looks like one that came: its name, place,
 * type, description, and the values it was seen to have.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/diff/model.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "engine/text.h"

enum {
    MOST_NAME = 60,      /* bytes of a name that are compared */
    FEWEST_VALUES = 8,   /* fewer distinct values prove nothing */
    SHORTEST_PROSE = 16, /* shorter descriptions prove nothing */
    SHORTEST_PART = 4,   /* of a name that the other holds as a whole */
};

/* ---- Names ---- */

/* Letters and digits only, in lower case; bytes beyond ASCII are kept. */
static char *bare_name(const char *name)
{
    struct text bare = {0};
    for (const unsigned char *p = (const unsigned char *)name;
         *p != '\0' && bare.length < MOST_NAME; p++) {
        if (isalnum(*p) || *p >= 0x80) {
            text_append_char(&bare, (char)tolower(*p));
        }
    }
    return bare.length > 0 ? text_take(&bare) : string_copy(name);
}

/* official_name_fr holds name_fr at its end; that says more than the letters they share.
 */
static bool holds_at_edge(const char *longer, const char *shorter)
{
    return strlen(shorter) >= SHORTEST_PART &&
           (string_starts(longer, shorter) || string_ends(longer, shorter));
}

double diff_name_likeness(const char *a, const char *b)
{
    char *left = bare_name(a), *right = bare_name(b);
    size_t left_length = strlen(left), right_length = strlen(right);
    size_t longest = left_length > right_length ? left_length : right_length;
    double likeness = 0;
    if (longest > 0) {
        size_t distance = string_distance(left, right, longest);
        distance = distance > longest ? longest : distance;
        likeness = 1 - (double)distance / (double)longest;
        bool holds = left_length > right_length ? holds_at_edge(left, right)
                                                : holds_at_edge(right, left);
        if (holds && likeness < 0.75) {
            likeness = 0.75;
        }
    }
    free(left);
    free(right);
    return likeness;
}

/* ---- Values ---- */

/* The share of all distinct values that both have; below 0 when nothing can be said. */
static double values_likeness(const struct diff_sample *a, const struct diff_sample *b)
{
    if (a->count < FEWEST_VALUES || b->count < FEWEST_VALUES) {
        return -1;
    }
    size_t both = 0;
    for (size_t i = 0, k = 0; i < a->count && k < b->count;) {
        both += a->hashes[i] == b->hashes[k];
        bool is_left = a->hashes[i] <= b->hashes[k];
        bool is_right = b->hashes[k] <= a->hashes[i];
        i += is_left;
        k += is_right;
    }
    return (double)both / (double)(a->count + b->count - both);
}

/* ---- Tables ---- */

static const struct array *columns_of(const struct diff_node *table)
{
    return diff_node_count(table, DIFF_COLUMN) > 0 ? &table->children : &table->seen;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static struct array sorted_names(const struct diff_node *table)
{
    struct array names = ARRAY_OF(char *);
    const struct array *columns = columns_of(table);
    for (size_t i = 0; i < columns->count; i++) {
        const struct diff_node *column = *(struct diff_node **)array_at(columns, i);
        if (column->kind == DIFF_COLUMN) {
            *(char **)array_push(&names) = column->name;
        }
    }
    if (names.count > 1) {
        qsort(names.items, names.count, sizeof(char *), compare_names);
    }
    return names;
}

static double columns_likeness(const struct diff_node *a, const struct diff_node *b)
{
    struct array left = sorted_names(a), right = sorted_names(b);
    size_t both = 0;
    for (size_t i = 0, k = 0; i < left.count && k < right.count;) {
        int order = strcmp(*(char **)array_at(&left, i), *(char **)array_at(&right, k));
        both += order == 0;
        i += order <= 0;
        k += order >= 0;
    }
    size_t all = left.count + right.count - both;
    array_release(&left);
    array_release(&right);
    return all > 0 ? (double)both / (double)all : 0;
}

/* ---- Together ---- */

static bool same_text(const struct diff_node *a, const struct diff_node *b,
                      const char *field, size_t shortest)
{
    const char *left = diff_node_get(a, field), *right = diff_node_get(b, field);
    return left != NULL && right != NULL && strlen(left) >= shortest &&
           string_equal_fold(left, right);
}

struct diff_likeness diff_likeness(const struct diff_node *before,
                                   const struct diff_node *after)
{
    char *old_bare = bare_name(before->name), *new_bare = bare_name(after->name);
    const char *old_type = diff_node_get(before, "type");
    const char *new_type = diff_node_get(after, "type");
    struct diff_likeness like = {
        .name = diff_name_likeness(before->name, after->name),
        .data = values_likeness(&before->sample, &after->sample),
        .same_type =
            old_type != NULL && new_type != NULL &&
            string_equal_fold(diff_type_name(old_type), diff_type_name(new_type)),
        .same_place = before->position > 0 && before->position == after->position,
        .same_description = same_text(before, after, "description", SHORTEST_PROSE),
        .same_physical_name = same_text(before, after, "physicalName", 1) ||
                              same_text(before, after, "location", 1),
        .same_but_signs = string_equal(old_bare, new_bare),
        .columns = before->kind == DIFF_TABLE ? columns_likeness(before, after) : 0,
    };
    free(old_bare);
    free(new_bare);
    bool other_type = old_type != NULL && new_type != NULL && !like.same_type;
    /* Columns and tables have more to be known by than their names. */
    bool has_more = before->kind == DIFF_COLUMN || before->kind == DIFF_TABLE;
    like.score = (has_more ? 0.55 : 0.7) * like.name + 0.15 * like.same_type +
                 0.15 * like.same_place + 0.35 * like.same_description +
                 0.5 * like.same_physical_name + 0.6 * like.columns;
    if (like.data >= 0) {
        like.score += like.data >= 0.5 ? 0.6 * like.data : like.data - 0.35;
    }
    like.score -= other_type ? 0.2 : 0;
    like.score = like.same_but_signs ? like.score + 0.3 : like.score;
    if (!string_equal(diff_node_get(before, "direction"),
                      diff_node_get(after, "direction"))) {
        like.score = 0;
    }
    like.score = like.score > 1 ? 1 : like.score < 0 ? 0 : like.score;
    return like;
}

bool diff_is_likely(const struct diff_likeness *like)
{
    bool has_ground = like->name >= 0.6 || like->data >= 0.6 || like->same_description ||
                      like->same_physical_name || like->columns >= 0.5 ||
                      like->same_but_signs;
    return has_ground && like->score >= 0.55;
}

static void say(struct text *out, bool is_so, const char *words)
{
    if (is_so) {
        text_printf(out, "%s%s", out->length > 0 ? ", " : "", words);
    }
}

char *diff_likeness_text(const struct diff_likeness *like)
{
    struct text out = {0};
    say(&out, like->same_but_signs, "only letter case or signs differ");
    if (!like->same_but_signs) {
        text_printf(&out, "name %.2f alike", like->name);
    }
    say(&out, like->same_physical_name, "same place in the store");
    say(&out, like->same_type, "same type");
    say(&out, like->same_place, "same position");
    say(&out, like->same_description, "same description");
    if (like->columns > 0) {
        text_printf(&out, ", %.0f %% of the columns alike", like->columns * 100);
    }
    if (like->data >= 0) {
        text_printf(&out, ", %.0f %% of the sampled values alike", like->data * 100);
    }
    return text_take(&out);
}
