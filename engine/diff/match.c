/* diff/match: which thing of the old side is which of the new one.
 *
 * First by key, then by name, then, for what is left over on both sides, by likeness: the
 * best match on both sides, and only where no other comes near it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/diff/model.h"

#include <stdlib.h>
#include <string.h>

#include "engine/text.h"

/* More than this many comparisons are not made: names are matched exactly only. */
static const size_t most_comparisons = 90000;
/* Another match that comes nearer than this leaves the matter open: one that only name,
 * type and place speak for has to be better by more. */
static double margin_of(const struct diff_likeness *likeness)
{
    bool is_sound = likeness->data >= 0.5 || likeness->same_description ||
                    likeness->same_physical_name || likeness->same_but_signs;
    return is_sound ? 0.1 : 0.2;
}

struct match {
    struct array before, after; /* of struct diff_node *: of the one kind */
    size_t *partner;            /* of each new one: index of the old one + 1; 0: none */
    size_t *taken;              /* of each old one: index of the new one + 1; 0: none */
    char **evidence;            /* of each new one */
    char **doubt;               /* of each old one */
    bool *renamed;              /* of each new one */
};

static struct array of_kind(const struct array *nodes, enum diff_kind kind)
{
    struct array list = ARRAY_OF(struct diff_node *);
    for (size_t i = 0; i < nodes->count; i++) {
        struct diff_node *node = *(struct diff_node **)array_at(nodes, i);
        if (node->kind == kind) {
            *(struct diff_node **)array_push(&list) = node;
        }
    }
    return list;
}

static struct diff_node *node_at(const struct array *list, size_t index)
{
    return *(struct diff_node **)array_at(list, index);
}

/* ---- The same key, the same name ---- */

struct named {
    const char *name;
    size_t index;
};

static int compare_named(const void *a, const void *b)
{
    const struct named *left = a, *right = b;
    int order = strcmp(left->name, right->name);
    return order != 0 ? order
                      : (left->index > right->index) - (left->index < right->index);
}

static struct array sorted(const struct array *list, const size_t *done, bool by_key)
{
    struct array names = ARRAY_OF(struct named);
    for (size_t i = 0; i < list->count; i++) {
        if (done[i] == 0) {
            const struct diff_node *node = node_at(list, i);
            *(struct named *)array_push(&names) =
                (struct named){by_key ? node->key : node->name, i};
        }
    }
    if (names.count > 1) {
        qsort(names.items, names.count, sizeof(struct named), compare_named);
    }
    return names;
}

static void match_equal(struct match *match, bool by_key)
{
    struct array olds = sorted(&match->before, match->taken, by_key);
    struct array news = sorted(&match->after, match->partner, by_key);
    for (size_t i = 0, k = 0; i < olds.count && k < news.count;) {
        const struct named *left = array_at(&olds, i), *right = array_at(&news, k);
        int order = strcmp(left->name, right->name);
        if (order == 0) {
            match->taken[left->index] = right->index + 1;
            match->partner[right->index] = left->index + 1;
        }
        i += order <= 0;
        k += order >= 0;
    }
    array_release(&olds);
    array_release(&news);
}

/* ---- Alike ---- */

static bool may_be_renamed(enum diff_kind kind)
{
    return kind == DIFF_TABLE || kind == DIFF_COLUMN || kind == DIFF_PORT ||
           kind == DIFF_SERVER || kind == DIFF_ROLE;
}

/* What is left over, and how each old one is like each new one. */
struct left {
    size_t *olds, *news;
    size_t old_count, new_count;
    struct diff_likeness *likeness; /* old after old */
};

static size_t *left_over(const size_t *done, size_t count, size_t *left)
{
    size_t *indexes = memory_new_many(count + 1, sizeof *indexes);
    *left = 0;
    for (size_t i = 0; i < count; i++) {
        if (done[i] == 0) {
            indexes[(*left)++] = i;
        }
    }
    return indexes;
}

static const struct diff_likeness *likeness_at(const struct left *left, size_t i,
                                               size_t k)
{
    return &left->likeness[i * left->new_count + k];
}

/* Is (i, k) the best of its row and of its column, with nothing near it? Otherwise
 * *rival is a new one that comes near, or SIZE_MAX. */
static bool is_clear(const struct left *left, size_t i, size_t k, size_t *rival)
{
    const struct diff_likeness *own = likeness_at(left, i, k);
    double nearest = own->score - margin_of(own);
    *rival = SIZE_MAX;
    for (size_t n = 0; n < left->new_count; n++) {
        const struct diff_likeness *other = likeness_at(left, i, n);
        if (n != k && other->score > nearest && diff_is_likely(other)) {
            *rival = n;
            return false;
        }
    }
    for (size_t n = 0; n < left->old_count; n++) {
        const struct diff_likeness *other = likeness_at(left, n, k);
        if (n != i && other->score > nearest && diff_is_likely(other)) {
            return false;
        }
    }
    return true;
}

static void judge(struct match *match, const struct left *left, size_t i)
{
    size_t best = SIZE_MAX, rival;
    for (size_t k = 0; k < left->new_count; k++) {
        const struct diff_likeness *like = likeness_at(left, i, k);
        if (diff_is_likely(like) &&
            (best == SIZE_MAX || like->score > likeness_at(left, i, best)->score)) {
            best = k;
        }
    }
    if (best == SIZE_MAX) {
        return;
    }
    size_t old = left->olds[i], new = left->news[best];
    if (is_clear(left, i, best, &rival)) {
        match->taken[old] = new + 1;
        match->partner[new] = old + 1;
        match->renamed[new] = true;
        match->evidence[new] = diff_likeness_text(likeness_at(left, i, best));
    } else if (rival != SIZE_MAX) {
        match->doubt[old] = string_printf(
            "it may be called %s or %s now", node_at(&match->after, new)->name,
            node_at(&match->after, left->news[rival])->name);
    } else {
        match->doubt[old] = string_printf("it may be called %s now, but so may another",
                                          node_at(&match->after, new)->name);
    }
}

static void match_alike(struct match *match)
{
    struct left left = {0};
    left.olds = left_over(match->taken, match->before.count, &left.old_count);
    left.news = left_over(match->partner, match->after.count, &left.new_count);
    size_t cells = left.old_count * left.new_count;
    if (cells > 0 && left.old_count <= most_comparisons && cells <= most_comparisons) {
        left.likeness = memory_new_many(cells, sizeof *left.likeness);
        for (size_t i = 0; i < cells; i++) {
            left.likeness[i] =
                diff_likeness(node_at(&match->before, left.olds[i / left.new_count]),
                              node_at(&match->after, left.news[i % left.new_count]));
        }
        for (size_t i = 0; i < left.old_count; i++) {
            judge(match, &left, i);
        }
    }
    free(left.olds);
    free(left.news);
    free(left.likeness);
}

/* ---- The pairs ---- */

static void add_pair(struct array *pairs, struct diff_node *before,
                     struct diff_node *after, char *evidence)
{
    *(struct diff_pair *)array_push(pairs) =
        (struct diff_pair){.before = before, .after = after, .evidence = evidence};
}

static struct array make_pairs(struct match *match)
{
    struct array pairs = ARRAY_OF(struct diff_pair);
    for (size_t i = 0; i < match->before.count; i++) {
        size_t new = match->taken[i];
        if (new == 0) {
            add_pair(&pairs, node_at(&match->before, i), NULL, match->doubt[i]);
            continue;
        }
        add_pair(&pairs, node_at(&match->before, i), node_at(&match->after, new - 1),
                 match->evidence[new - 1]);
        struct diff_pair *pair = array_at(&pairs, pairs.count - 1);
        pair->is_renamed = match->renamed[new - 1];
    }
    for (size_t k = 0; k < match->after.count; k++) {
        if (match->partner[k] == 0) {
            add_pair(&pairs, NULL, node_at(&match->after, k), NULL);
        }
    }
    return pairs;
}

struct array diff_match(const struct array *before, const struct array *after,
                        enum diff_kind kind)
{
    struct match match = {
        of_kind(before, kind), of_kind(after, kind), NULL, NULL, NULL, NULL, NULL};
    size_t old_count = match.before.count, new_count = match.after.count;
    match.partner = memory_new_many(new_count + 1, sizeof *match.partner);
    match.taken = memory_new_many(old_count + 1, sizeof *match.taken);
    match.evidence = memory_new_many(new_count + 1, sizeof *match.evidence);
    match.doubt = memory_new_many(old_count + 1, sizeof *match.doubt);
    match.renamed = memory_new_many(new_count + 1, sizeof *match.renamed);
    bool is_single = (kind == DIFF_CONTRACT || kind == DIFF_PRODUCT) && old_count == 1 &&
                     new_count == 1;
    if (is_single) {
        match.taken[0] = match.partner[0] = 1;
    }
    match_equal(&match, true);
    match_equal(&match, false);
    if (may_be_renamed(kind)) {
        match_alike(&match);
    }
    struct array pairs = make_pairs(&match);
    array_release(&match.before);
    array_release(&match.after);
    free(match.partner);
    free(match.taken);
    free(match.evidence);
    free(match.doubt);
    free(match.renamed);
    return pairs;
}

void diff_pairs_release(struct array *pairs)
{
    for (size_t i = 0; i < pairs->count; i++) {
        free(((struct diff_pair *)array_at(pairs, i))->evidence);
    }
    array_release(pairs);
}
