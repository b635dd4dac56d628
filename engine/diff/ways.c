/* diff/ways: which way a field changed: tightened or widened, raised or lowered, better
 * or worse. What nobody can order has just changed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/diff/model.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "engine/diff/amounts.h"
#include "engine/text.h"

/* ---- Words that stand for the same, or in an order ---- */

static const struct {
    const char *word, *name;
} type_words[] = {
    {"text", "string"},
    {"varchar", "string"},
    {"char", "string"},
    {"int", "integer"},
    {"long", "integer"},
    {"bigint", "integer"},
    {"smallint", "integer"},
    {"decimal", "number"},
    {"numeric", "number"},
    {"float", "number"},
    {"double", "number"},
    {"real", "number"},
    {"bool", "boolean"},
    {"datetime", "timestamp"},
    {"timestamp_tz", "timestamp"},
    {"timestamp_ntz", "timestamp"},
    {"record", "object"},
    {"struct", "object"},
    {"list", "array"},
};

const char *diff_type_name(const char *type)
{
    for (size_t i = 0; type != NULL && i < sizeof type_words / sizeof *type_words; i++) {
        if (string_equal_fold(type, type_words[i].word)) {
            return type_words[i].name;
        }
    }
    return type;
}

struct ranked {
    const char *word;
    int rank;
};

static const struct ranked classes[] = {
    {"public", 0},    {"open", 0},     {"internal", 1}, {"restricted", 2},
    {"private", 2},   {"personal", 3}, {"pii", 3},      {"confidential", 3},
    {"sensitive", 4}, {"phi", 4},      {"secret", 4},   {"highly confidential", 4},
    {"1", 1},         {"2", 2},        {"3", 3},        {"4", 4},
    {"5", 5},         {NULL, 0},
};

static const struct ranked stages[] = {
    {"proposed", 0}, {"draft", 1},      {"in development", 1},
    {"active", 2},   {"deprecated", 3}, {"retired", 4},
    {NULL, 0},
};

static int rank_of(const struct ranked *words, const char *word)
{
    for (; words->word != NULL; words++) {
        if (string_equal_fold(words->word, word)) {
            return words->rank;
        }
    }
    return -1;
}

static enum diff_way class_way(const char *before, const char *after)
{
    int old_rank = rank_of(classes, before), new_rank = rank_of(classes, after);
    bool is_known = old_rank >= 0 && new_rank >= 0 && old_rank != new_rank;
    return !is_known ? DIFF_CHANGED : new_rank > old_rank ? DIFF_RAISED : DIFF_LOWERED;
}

static enum diff_way status_way(const char *before, const char *after)
{
    int old_rank = rank_of(stages, before), new_rank = rank_of(stages, after);
    if (new_rank == rank_of(stages, "retired")) {
        return DIFF_ENDED;
    }
    if (new_rank == rank_of(stages, "deprecated")) {
        return DIFF_WORSE;
    }
    return old_rank >= 0 && new_rank > old_rank ? DIFF_BETTER : DIFF_CHANGED;
}

/* ---- Types ---- */

static enum diff_way type_way(const char *before, const char *after)
{
    const char *old_name = diff_type_name(before), *new_name = diff_type_name(after);
    return string_equal(old_name, "integer") && string_equal(new_name, "number")
               ? DIFF_WIDENED
           : string_equal(old_name, "number") && string_equal(new_name, "integer")
               ? DIFF_TIGHTENED
               : DIFF_CHANGED;
}

/* VARCHAR(36) and VARCHAR(40), DECIMAL(10,2) and DECIMAL(12,2). */
static enum diff_way physical_way(const char *before, const char *after)
{
    size_t length = strcspn(before, "(");
    char *old_base = string_copy_bytes(before, length);
    char *new_base = string_copy_bytes(after, strcspn(after, "("));
    bool is_same = before[length] == '(' && string_equal_fold(old_base, new_base);
    free(old_base);
    free(new_base);
    bool is_wider = is_same, is_narrower = is_same;
    const char *p = before + strcspn(before, "("), *q = after + strcspn(after, "(");
    while (is_same && *p != '\0' && *q != '\0') {
        char *old_end, *new_end;
        double old_size = strtod(p + 1, &old_end), new_size = strtod(q + 1, &new_end);
        is_wider = is_wider && new_end != q + 1 && new_size >= old_size;
        is_narrower = is_narrower && old_end != p + 1 && new_size <= old_size;
        p = old_end + strcspn(old_end, ",");
        q = new_end + strcspn(new_end, ",");
    }
    return *p != *q      ? DIFF_CHANGED
           : is_wider    ? DIFF_WIDENED
           : is_narrower ? DIFF_TIGHTENED
                         : DIFF_CHANGED;
}

/* ---- Amounts ---- */

static enum diff_way ordered(int order, enum diff_way more, enum diff_way less)
{
    return order == AMOUNTS_UNLIKE ? DIFF_CHANGED : order > 0 ? more : less;
}

static enum diff_way promise_way(const struct diff_node *node, const char *before,
                                 const char *after)
{
    static const char *const more_is_better[] = {
        "availability", "throughput", "retention", "endofsupport", "endoflife", NULL};
    static const char *const less_is_better[] = {
        "errorrate",    "latency",      "frequency",           "timetodetect",
        "timetonotify", "timetorepair", "generalavailability", NULL};
    int order = amounts_compare(after, before);
    size_t length = strcspn(node->key, " ");
    for (size_t i = 0; more_is_better[i] != NULL; i++) {
        if (strlen(more_is_better[i]) == length &&
            strncmp(node->key, more_is_better[i], length) == 0) {
            return ordered(order, DIFF_BETTER, DIFF_WORSE);
        }
    }
    for (size_t i = 0; less_is_better[i] != NULL; i++) {
        if (strlen(less_is_better[i]) == length &&
            strncmp(node->key, less_is_better[i], length) == 0) {
            return ordered(order, DIFF_WORSE, DIFF_BETTER);
        }
    }
    return DIFF_CHANGED;
}

/* How a rule's limits moved, seen from what passes it. */
static enum diff_way threshold_way(const struct diff_node *before_node,
                                   const struct diff_node *after_node, const char *before,
                                   const char *after)
{
    const char *comparison = diff_node_get(before_node, "operator");
    if (comparison == NULL ||
        !string_equal(comparison, diff_node_get(after_node, "operator"))) {
        return DIFF_CHANGED;
    }
    if (string_starts(comparison, "mustBeGreater")) {
        return ordered(amounts_compare(after, before), DIFF_TIGHTENED, DIFF_WIDENED);
    }
    if (string_starts(comparison, "mustBeLess")) {
        return ordered(amounts_compare(after, before), DIFF_WIDENED, DIFF_TIGHTENED);
    }
    double a, b, c, d;
    if (!string_ends(comparison, "Between") || !amounts_range(before, &a, &b) ||
        !amounts_range(after, &c, &d)) {
        return DIFF_CHANGED;
    }
    bool is_inside = c >= a && d <= b, is_outside = c <= a && d >= b;
    bool keeps_out = string_equal(comparison, "mustNotBeBetween");
    return is_inside    ? (keeps_out ? DIFF_WIDENED : DIFF_TIGHTENED)
           : is_outside ? (keeps_out ? DIFF_TIGHTENED : DIFF_WIDENED)
                        : DIFF_CHANGED;
}

/* ---- Which measure a field has ---- */

enum measure {
    MEASURE_TEXT,
    MEASURE_FLAG,
    MEASURE_LIMIT_FLAG, /* one that, when set, allows less */
    MEASURE_LOW,        /* a lower bound */
    MEASURE_HIGH,
    MEASURE_LIST, /* of allowed values */
    MEASURE_TYPE,
    MEASURE_PHYSICAL,
    MEASURE_KEY,
    MEASURE_CLASS,
    MEASURE_STATUS,
    MEASURE_PRICE,
    MEASURE_MORE, /* more of it is better */
    MEASURE_PROMISE,
    MEASURE_THRESHOLD,
};

static const struct {
    enum diff_kind kind; /* DIFF_KINDS: any */
    const char *field;
    enum measure measure;
} measures[] = {
    {DIFF_COLUMN, "type", MEASURE_TYPE},
    {DIFF_COLUMN, "physicalType", MEASURE_PHYSICAL},
    {DIFF_COLUMN, "primaryKey", MEASURE_KEY},
    {DIFF_COLUMN, "required", MEASURE_FLAG},
    {DIFF_COLUMN, "unique", MEASURE_FLAG},
    {DIFF_COLUMN, "criticalDataElement", MEASURE_FLAG},
    {DIFF_COLUMN, "classification", MEASURE_CLASS},
    {DIFF_COLUMN, "enum", MEASURE_LIST},
    {DIFF_SERVER, "roles", MEASURE_LIST},
    {DIFF_COLUMN, "uniqueItems", MEASURE_LIMIT_FLAG},
    {DIFF_COLUMN, "minimum", MEASURE_LOW},
    {DIFF_COLUMN, "exclusiveMinimum", MEASURE_LOW},
    {DIFF_COLUMN, "minLength", MEASURE_LOW},
    {DIFF_COLUMN, "minItems", MEASURE_LOW},
    {DIFF_COLUMN, "minProperties", MEASURE_LOW},
    {DIFF_COLUMN, "maximum", MEASURE_HIGH},
    {DIFF_COLUMN, "exclusiveMaximum", MEASURE_HIGH},
    {DIFF_COLUMN, "maxLength", MEASURE_HIGH},
    {DIFF_COLUMN, "maxItems", MEASURE_HIGH},
    {DIFF_COLUMN, "maxProperties", MEASURE_HIGH},
    {DIFF_COLUMN, "precision", MEASURE_HIGH},
    {DIFF_COLUMN, "scale", MEASURE_HIGH},
    {DIFF_PORT, "containsPii", MEASURE_FLAG},
    {DIFF_PORT, "autoApprove", MEASURE_FLAG},
    {DIFF_KINDS, "deprecated", MEASURE_FLAG},
    {DIFF_KINDS, "status", MEASURE_STATUS},
    {DIFF_CONTRACT, "price", MEASURE_PRICE},
    {DIFF_PRICE, "price", MEASURE_PRICE},
    {DIFF_CONTRACT, "noticePeriod", MEASURE_MORE},
    {DIFF_SLA, "value", MEASURE_PROMISE},
    {DIFF_RULE, "threshold", MEASURE_THRESHOLD},
};

static enum measure measure_of(enum diff_kind kind, const char *field)
{
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++) {
        if ((measures[i].kind == kind || measures[i].kind == DIFF_KINDS) &&
            string_equal(measures[i].field, field)) {
            return measures[i].measure;
        }
    }
    return MEASURE_TEXT;
}

static bool is_on(const char *value)
{
    return value != NULL && !string_equal_fold(value, "false") &&
           !string_equal(value, "0");
}

/* What holds where nothing is said (Table Dialect and Data Resource 2.0). */
static const struct {
    const char *field, *value;
} defaults[] = {
    {"encoding", "utf-8"},
    {"delimiter", ","},
    {"quote", "\""},
};

static const char *value_or_default(const char *field, const char *value)
{
    for (size_t i = 0; value == NULL && i < sizeof defaults / sizeof *defaults; i++) {
        if (string_equal(defaults[i].field, field)) {
            return defaults[i].value;
        }
    }
    return value;
}

bool diff_is_same(enum diff_kind kind, const char *field, const char *a, const char *b)
{
    if (kind == DIFF_TABLE &&
        string_equal_fold(value_or_default(field, a), value_or_default(field, b))) {
        return true;
    }
    if (string_equal(a, b)) {
        return true;
    }
    enum measure measure = measure_of(kind, field);
    if (measure == MEASURE_FLAG || measure == MEASURE_LIMIT_FLAG) {
        return is_on(a) == is_on(b);
    }
    if (a == NULL || b == NULL) {
        return false;
    }
    switch (measure) {
    case MEASURE_TYPE:
        return string_equal_fold(diff_type_name(a), diff_type_name(b));
    case MEASURE_PHYSICAL:
    case MEASURE_CLASS:
    case MEASURE_STATUS:
        return string_equal_fold(a, b);
    case MEASURE_LOW:
    case MEASURE_HIGH:
    case MEASURE_PRICE:
    case MEASURE_MORE:
    case MEASURE_PROMISE:
        return amounts_compare(a, b) == 0;
    default:
        return false;
    }
}

/* ---- Turns ---- */

static void add_turn(struct array *turns, enum diff_way way, const char *before,
                     const char *after)
{
    struct diff_turn *turn = array_push(turns);
    *turn = (struct diff_turn){way, string_copy(before), string_copy(after)};
}

static void add_list_turns(struct array *turns, const char *before, const char *after)
{
    char *gone, *come;
    amounts_lists(before, after, &gone, &come);
    if (gone != NULL) {
        add_turn(turns, DIFF_TIGHTENED, gone, NULL);
    }
    if (come != NULL) {
        add_turn(turns, DIFF_WIDENED, NULL, come);
    }
    free(gone);
    free(come);
}

static enum diff_way way_of(enum measure measure, const struct diff_node *before_node,
                            const struct diff_node *after_node, const char *before,
                            const char *after)
{
    switch (measure) {
    case MEASURE_LOW:
        return ordered(amounts_compare(after, before), DIFF_TIGHTENED, DIFF_WIDENED);
    case MEASURE_HIGH:
        return ordered(amounts_compare(after, before), DIFF_WIDENED, DIFF_TIGHTENED);
    case MEASURE_TYPE:
        return type_way(before, after);
    case MEASURE_PHYSICAL:
        return physical_way(before, after);
    case MEASURE_CLASS:
        return class_way(before, after);
    case MEASURE_STATUS:
        return status_way(before, after);
    case MEASURE_PRICE:
        return ordered(amounts_compare(after, before), DIFF_RAISED, DIFF_LOWERED);
    case MEASURE_MORE:
        return ordered(amounts_compare(after, before), DIFF_BETTER, DIFF_WORSE);
    case MEASURE_PROMISE:
        return promise_way(before_node, before, after);
    case MEASURE_THRESHOLD:
        return threshold_way(before_node, after_node, before, after);
    default:
        return DIFF_CHANGED;
    }
}

struct array diff_turns(const struct diff_node *before, const struct diff_node *after,
                        const char *field, const char *old_value, const char *new_value)
{
    struct array turns = ARRAY_OF(struct diff_turn);
    enum measure measure = measure_of(before->kind, field);
    if (measure == MEASURE_FLAG) {
        add_turn(&turns, is_on(new_value) ? DIFF_ON : DIFF_OFF, old_value, new_value);
    } else if (measure == MEASURE_LIMIT_FLAG) {
        add_turn(&turns, is_on(new_value) ? DIFF_TIGHTENED : DIFF_WIDENED, old_value,
                 new_value);
    } else if (old_value == NULL || new_value == NULL) {
        bool is_set = old_value == NULL;
        bool is_key = measure == MEASURE_KEY;
        enum diff_way way =
            is_set ? (is_key ? DIFF_ON : DIFF_SET) : (is_key ? DIFF_OFF : DIFF_UNSET);
        bool has_ended = measure == MEASURE_STATUS && is_set &&
                         status_way("", new_value) != DIFF_CHANGED;
        add_turn(&turns, has_ended ? status_way("", new_value) : way, old_value,
                 new_value);
    } else if (measure == MEASURE_LIST) {
        add_list_turns(&turns, old_value, new_value);
    } else {
        add_turn(&turns, way_of(measure, before, after, old_value, new_value), old_value,
                 new_value);
    }
    return turns;
}

void diff_turns_release(struct array *turns)
{
    for (size_t i = 0; i < turns->count; i++) {
        struct diff_turn *turn = array_at(turns, i);
        free(turn->before);
        free(turn->after);
    }
    array_release(turns);
}
