/* propose/pattern: a pattern of texts that are built alike: "O-1000001" and "O-1009967"
 * give ^O-[0-9]{7}$.
 *
 * Two ways at once, in one pass over the values. By runs: digits, capitals, small letters
 * and single signs follow each other in the same order in all texts, runs may differ in
 * length. By places: all texts have one length, and each place its own kinds of signs, as
 * in hexadecimal numbers.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/propose/private.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "engine/store.h"

enum { LONGEST = 64, FEW_VALUES = 20, FEW_DIFFERENT = 10 };
enum { DIGIT = 1, HEX = 2, SMALL = 4, HEX_CAPITAL = 8, CAPITAL = 16, SIGN = 32 };

struct place {
    int kinds; /* mask of all signs seen here */
    char first;
    bool is_same;
};
struct run {
    int kind; /* DIGIT, SMALL, CAPITAL, SIGN */
    char text[LONGEST + 1];
    bool is_same;
    int shortest, longest;
};
struct shape {
    struct place places[LONGEST];
    struct run runs[LONGEST];
    int length, run_count; /* 0: does not hold any more */
    long long seen;
};

static int kind_of(char sign)
{
    unsigned char byte = (unsigned char)sign;
    if (isdigit(byte)) {
        return DIGIT;
    }
    if (islower(byte)) {
        return byte <= 'f' ? HEX : SMALL;
    }
    if (isupper(byte)) {
        return byte <= 'F' ? HEX_CAPITAL : CAPITAL;
    }
    return SIGN;
}

static int run_kind(char sign)
{
    int kind = kind_of(sign);
    return kind == HEX ? SMALL : kind == HEX_CAPITAL ? CAPITAL : kind;
}

/* ---- One value ---- */

static void see_places(struct shape *shape, const char *text, int length)
{
    if (shape->seen > 0 && length != shape->length) {
        shape->length = 0;
        return;
    }
    shape->length = length;
    for (int i = 0; i < length; i++) {
        struct place *place = &shape->places[i];
        if (shape->seen == 0) {
            *place = (struct place){kind_of(text[i]), text[i], true};
        }
        place->kinds |= kind_of(text[i]);
        place->is_same = place->is_same && place->first == text[i];
        if ((place->kinds & SIGN) != 0 && !place->is_same) {
            shape->length = 0;
            return;
        }
    }
}

static int run_length(const char *text)
{
    int length = 1, kind = run_kind(text[0]);
    while (kind != SIGN && text[length] != '\0' && run_kind(text[length]) == kind) {
        length++;
    }
    return length;
}

static bool see_run(struct shape *shape, int number, const char *text, int length)
{
    struct run *run = &shape->runs[number];
    if (shape->seen == 0) {
        *run = (struct run){.kind = run_kind(text[0]),
                            .is_same = true,
                            .shortest = length,
                            .longest = length};
        memcpy(run->text, text, (size_t)length);
    }
    bool same =
        (int)strlen(run->text) == length && strncmp(run->text, text, (size_t)length) == 0;
    run->is_same = run->is_same && same;
    run->shortest = length < run->shortest ? length : run->shortest;
    run->longest = length > run->longest ? length : run->longest;
    return run->kind == run_kind(text[0]) && (run->kind != SIGN || same);
}

static void see_runs(struct shape *shape, const char *text)
{
    int number = 0;
    if (shape->seen > 0 && shape->run_count == 0) {
        return;
    }
    while (*text != '\0') {
        int length = run_length(text);
        if ((shape->seen > 0 && number >= shape->run_count) ||
            !see_run(shape, number, text, length)) {
            shape->run_count = 0;
            return;
        }
        number++;
        text += length;
    }
    shape->run_count = shape->seen == 0 || number == shape->run_count ? number : 0;
}

/* False: there is nothing uniform about them, or they are a language of their own. */
static bool see_text(struct shape *shape, const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)text[i] <= ' ' || (unsigned char)text[i] > '~' ||
            strchr("\"{}[]", text[i]) != NULL) {
            return false;
        }
    }
    if (length == 0 || length > LONGEST) {
        return false;
    }
    if (shape->seen == 0 || shape->length > 0) {
        see_places(shape, text, (int)length);
    }
    see_runs(shape, text);
    shape->seen++;
    return shape->length > 0 || shape->run_count > 0;
}

/* ---- The pattern ---- */

static void append_literal(struct text *out, const char *text, int length)
{
    for (int i = 0; i < length; i++) {
        if (strchr("\\.[](){}*+?^$|/", text[i]) != NULL) {
            text_append_char(out, '\\');
        }
        text_append_char(out, text[i]);
    }
}

static void append_times(struct text *out, int least, int most)
{
    if (least == most && least > 1) {
        text_printf(out, "{%d}", least);
    } else if (least != most) {
        text_printf(out, "{%d,%d}", least, most);
    }
}

static void append_kinds(struct text *out, int kinds)
{
    text_append_char(out, '[');
    text_append(out, (kinds & DIGIT) != 0 ? "0-9" : "");
    text_append(out, (kinds & CAPITAL) != 0       ? "A-Z"
                     : (kinds & HEX_CAPITAL) != 0 ? "A-F"
                                                  : "");
    text_append(out, (kinds & SMALL) != 0 ? "a-z" : (kinds & HEX) != 0 ? "a-f" : "");
    text_append_char(out, ']');
}

/* Letters that never change are part of the pattern, digits only stand for digits. */
static bool write_runs(const struct shape *shape, struct text *out)
{
    bool has_form = false;
    for (int i = 0; i < shape->run_count; i++) {
        const struct run *run = &shape->runs[i];
        has_form = has_form || run->kind == DIGIT || run->kind == SIGN;
        if (run->kind == SIGN || (run->is_same && run->kind != DIGIT)) {
            append_literal(out, run->text, (int)strlen(run->text));
        } else {
            append_kinds(out, run->kind);
            append_times(out, run->shortest, run->longest);
        }
    }
    return has_form;
}

static bool is_literal(const struct place *place)
{
    return place->is_same && (place->kinds & DIGIT) == 0;
}

/* Neighbours may differ in which hexadecimal digits they happen to have. */
static int join_kinds(const struct shape *shape, int from, int *end)
{
    int kinds = 0, to = from;
    for (; to < shape->length && (shape->places[to].kinds & SIGN) == 0; to++) {
        if (is_literal(&shape->places[to]) && kinds != 0) {
            break;
        }
        kinds |= shape->places[to].kinds;
    }
    *end = to;
    return kinds;
}

static bool write_places(const struct shape *shape, struct text *out)
{
    bool has_digits = false;
    for (int i = 0; i < shape->length;) {
        const struct place *place = &shape->places[i];
        if (is_literal(place)) {
            append_literal(out, &place->first, 1);
            i++;
            continue;
        }
        int end, kinds = join_kinds(shape, i, &end);
        has_digits = has_digits || (kinds & DIGIT) != 0;
        append_kinds(out, kinds);
        append_times(out, end - i, end - i);
        i = end;
    }
    return has_digits;
}

static bool read_shape(const struct subject *subject, const struct profile *profile,
                       struct shape *shape)
{
    char *sql = string_printf("SELECT %s FROM %s WHERE %s IS NOT NULL", profile->column,
                              subject->source, profile->column);
    sqlite3_stmt *stmt = store_prepare(subject->in->db, sql, NULL);
    bool uniform = stmt != NULL;
    enum store_step step = STORE_DONE;
    while (uniform && (step = store_step(stmt, NULL)) == STORE_ROW) {
        uniform = see_text(shape, store_text(stmt, 0));
    }
    store_finish(stmt);
    free(sql);
    return uniform && step == STORE_DONE;
}

static void add_pattern(const struct subject *subject, struct profile *profile,
                        const char *pattern)
{
    struct text count = {0};
    text_append_count(&count, profile->texts, "text");
    struct proposal *proposal =
        propose_add(subject, profile, "pattern", string_printf("like %s", pattern),
                    string_printf("all of %s are built alike", text_string(&count)));
    profile->is_patterned = true;
    if (proposal != NULL) {
        struct text json = {0};
        text_append_json(&json, pattern);
        proposal->sql =
            string_printf("SELECT %s FROM %s WHERE %s NOT REGEXP '%s'", profile->column,
                          subject->source, profile->column, pattern);
        proposal->where = "logicalTypeOptions";
        proposal->option = "pattern";
        proposal->value = text_take(&json);
    }
    text_release(&count);
}

void propose_pattern(const struct subject *subject, struct profile *profile)
{
    bool is_text = string_equal(profile->type, "string") &&
                   profile->texts >= FEW_VALUES && profile->distinct >= FEW_DIFFERENT &&
                   profile->integers + profile->reals == 0 &&
                   profile->longest <= LONGEST && profile->shortest > 0;
    if (!is_text || profile->is_enumerated ||
        propose_has_option(subject, profile->property, "'pattern','format'") ||
        propose_has_rule(subject, profile->property, "'invalidValues'")) {
        return;
    }
    struct shape *shape = memory_new(sizeof *shape);
    struct text pattern = {0};
    text_append_char(&pattern, '^');
    if (read_shape(subject, profile, shape)) {
        bool fits = shape->run_count > 0 ? write_runs(shape, &pattern)
                                         : write_places(shape, &pattern);
        text_append_char(&pattern, '$');
        if (fits) {
            add_pattern(subject, profile, text_string(&pattern));
        }
    }
    text_release(&pattern);
    free(shape);
}
