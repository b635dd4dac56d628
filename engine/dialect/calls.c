/* dialect/calls: functions that are called otherwise here, each by a row of a table.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/dialect/private.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_ARGUMENTS = 100 };

/* A call as it was read: the arguments are translated. */
struct call {
    const char *name;
    struct array arguments; /* of struct node */
};

static const char *argument(const struct call *call, size_t index)
{
    const struct node *node = array_at(&call->arguments, index);
    return node != NULL ? text_string(&node->text) : "NULL";
}

static enum dialect_type type_of(const struct call *call, size_t index)
{
    const struct node *node = array_at(&call->arguments, index);
    return node != NULL ? node->type : DIALECT_ANY;
}

static void give(struct node *node, enum dialect_type type, char *text)
{
    text_append(&node->text, text);
    free(text);
    node->type = type;
    node->is_foreign = true;
}

/* 'day' or a bare day: in quotes. Yours. */
static char *unit_of(const struct call *call, size_t index)
{
    const char *unit = argument(call, index);
    return unit[0] == '\'' ? string_copy(unit) : string_printf("'%.40s'", unit);
}

/* ---- Moments ---- */

static bool call_now(struct reader *reader, const struct call *call, struct node *node)
{
    (void)reader;
    (void)call;
    text_append(&node->text, "datetime('now')");
    node->type = DIALECT_TIMESTAMP;
    node->is_canonical = true;
    return true;
}

static bool call_today(struct reader *reader, const struct call *call, struct node *node)
{
    (void)reader;
    (void)call;
    text_append(&node->text, "date('now')");
    node->type = DIALECT_DATE;
    node->is_canonical = true;
    return true;
}

/* SQLite's own date(x) and datetime(x), also with modifiers. */
static bool call_canonical(struct reader *reader, const struct call *call,
                           struct node *node)
{
    (void)reader;
    text_printf(&node->text, "%s(", call->name);
    for (size_t i = 0; i < call->arguments.count; i++) {
        text_append(&node->text, i > 0 ? ", " : "");
        text_append(&node->text, argument(call, i));
    }
    text_append_char(&node->text, ')');
    node->type = string_equal_fold(call->name, "date") ? DIALECT_DATE : DIALECT_TIMESTAMP;
    node->is_canonical = true;
    return true;
}

static bool call_trunc(struct reader *reader, const struct call *call, struct node *node)
{
    char *unit = unit_of(call, 0);
    (void)reader;
    give(node, DIALECT_TIMESTAMP,
         string_printf("date_trunc(%s, %s)", unit, argument(call, 1)));
    free(unit);
    return true;
}

static bool give_part(struct reader *reader, const char *unit, const struct node *of,
                      struct node *node)
{
    const char *text = text_string(&of->text);
    bool epoch = string_equal_fold(unit, "epoch"), day = string_equal_fold(unit, "day");
    if (of->type == DIALECT_SPAN && epoch) {
        give(node, DIALECT_NUMBER, string_copy(text));
    } else if (of->type == DIALECT_SPAN && day) {
        give(node, DIALECT_NUMBER, string_printf("CAST(%s / 86400 AS INTEGER)", text));
    } else if (of->type == DIALECT_INTERVAL && epoch) {
        give(node, DIALECT_NUMBER, string_printf("interval_seconds(%s)", text));
    } else if (of->type == DIALECT_SPAN || of->type == DIALECT_INTERVAL ||
               of->type == DIALECT_NUMBER) {
        return reader_fail(reader, "it takes the part %.40s of what is no time", unit);
    } else if (epoch) {
        give(node, DIALECT_NUMBER, string_printf("epoch(%s)", text));
    } else {
        give(node, DIALECT_NUMBER, string_printf("date_part('%.40s', %s)", unit, text));
    }
    return true;
}

static bool call_epoch(struct reader *reader, const struct call *call, struct node *node)
{
    return give_part(reader, "epoch", array_at(&call->arguments, 0), node);
}

static bool call_date_part(struct reader *reader, const struct call *call,
                           struct node *node)
{
    const char *unit = argument(call, 0);
    if (unit[0] != '\'' || strlen(unit) < 3) {
        return reader_fail(reader, "it calls %s with a unit that is no literal",
                           call->name);
    }
    char *bare = string_of_literal(unit, strlen(unit));
    bool done = give_part(reader, bare, array_at(&call->arguments, 1), node);
    free(bare);
    return done;
}

/* year(x) is date_part('year', x). */
static bool call_part(struct reader *reader, const struct call *call, struct node *node)
{
    static const char *const rows[][2] = {
        {"dayofmonth", "day"}, {"dayofweek", "dow"},   {"weekday", "dow"},
        {"dayofyear", "doy"},  {"weekofyear", "week"},
    };
    const char *unit = call->name;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unit = string_equal_fold(rows[i][0], unit) ? rows[i][1] : unit;
    }
    char *lower = string_copy(unit);
    for (char *at = lower; *at != '\0'; at++) {
        *at = (char)(*at | 0x20);
    }
    bool done = give_part(reader, lower, array_at(&call->arguments, 0), node);
    free(lower);
    return done;
}

/* Three: how many units begin between. Two: days, the later one first. */
static bool call_diff(struct reader *reader, const struct call *call, struct node *node)
{
    if (call->arguments.count == 2) {
        give(node, DIALECT_NUMBER,
             string_printf("date_diff('day', %s, %s)", argument(call, 1),
                           argument(call, 0)));
        return true;
    }
    char *unit = unit_of(call, 0);
    bool quoted = argument(call, 0)[0] == '\'';
    bool week = string_equal_fold(unit, "'week'");
    give(node, DIALECT_NUMBER,
         string_printf("date_diff(%s, %s, %s)", unit, argument(call, 1),
                       argument(call, 2)));
    free(unit);
    return quoted || !week ||
           reader_fail(reader,
                       "it counts weeks with a unit without quotes: where that is "
                       "written, weeks start on Sunday, which has no equal here");
}

/* dateadd(day, -1, x) */
static bool call_add_units(struct reader *reader, const struct call *call,
                           struct node *node)
{
    (void)reader;
    char *unit = unit_of(call, 0);
    give(node, DIALECT_TIMESTAMP,
         string_printf("date_add(%s, (%s) || ' ' || %s)", argument(call, 2),
                       argument(call, 1), unit));
    free(unit);
    return true;
}

/* date_add(x, INTERVAL 1 DAY), date_sub(x, INTERVAL 1 DAY), date_sub('day', a, b) */
static bool call_shift(struct reader *reader, const struct call *call, struct node *node)
{
    (void)reader;
    if (call->arguments.count == 3) {
        char *unit = unit_of(call, 0);
        give(node, DIALECT_NUMBER,
             string_printf("date_sub(%s, %s, %s)", unit, argument(call, 1),
                           argument(call, 2)));
        free(unit);
    } else {
        give(node, DIALECT_TIMESTAMP,
             string_printf("%s(%s, %s)", call->name, argument(call, 0),
                           argument(call, 1)));
    }
    return true;
}

/* ---- Aggregates and the rest ---- */

/* "0.95" -> "95"; what is no literal is multiplied. */
static char *percent_of(const char *fraction, bool descending)
{
    char *end;
    double value = strtod(fraction, &end);
    if (end != fraction && *end == '\0' && value >= 0 && value <= 1) {
        value = descending ? 1 - value : value;
        return string_printf("%.12g", value * 100);
    }
    return descending ? string_printf("100 - (%s) * 100", fraction)
                      : string_printf("(%s) * 100", fraction);
}

static bool call_quantile(struct reader *reader, const struct call *call,
                          struct node *node)
{
    (void)reader;
    char *percent = percent_of(argument(call, 1), false);
    give(node, DIALECT_NUMBER,
         string_printf("percentile(%s, %s)", argument(call, 0), percent));
    free(percent);
    return true;
}

static bool call_text(struct reader *reader, const struct call *call, struct node *node)
{
    return write_text_call(reader, call->name, argument(call, 0), argument(call, 1),
                           node);
}

/* `format` holds one %s. */
static void write_formatted(struct node *node, const char *format, const char *text)
{
    const char *at = strstr(format, "%s");
    text_append_bytes(&node->text, format, (size_t)(at - format));
    text_append(&node->text, text);
    text_append(&node->text, at + 2);
}

struct call_row {
    const char *name;
    size_t least, most;
    bool (*read)(struct reader *reader, const struct call *call, struct node *node);
    const char *format; /* where one argument is all */
};

static const struct call_row calls[] = {
    {"now", 0, 0, call_now, NULL},
    {"getdate", 0, 0, call_now, NULL},
    {"current_localtimestamp", 0, 0, call_now, NULL},
    {"today", 0, 0, call_today, NULL},
    {"date", 1, MOST_ARGUMENTS, call_canonical, NULL},
    {"datetime", 1, MOST_ARGUMENTS, call_canonical, NULL},
    {"date_trunc", 2, 2, call_trunc, NULL},
    {"datetrunc", 2, 2, call_trunc, NULL},
    {"date_part", 2, 2, call_date_part, NULL},
    {"datepart", 2, 2, call_date_part, NULL},
    {"epoch", 1, 1, call_epoch, NULL},
    {"year", 1, 1, call_part, NULL},
    {"quarter", 1, 1, call_part, NULL},
    {"month", 1, 1, call_part, NULL},
    {"week", 1, 1, call_part, NULL},
    {"weekofyear", 1, 1, call_part, NULL},
    {"day", 1, 1, call_part, NULL},
    {"dayofmonth", 1, 1, call_part, NULL},
    {"dayofweek", 1, 1, call_part, NULL},
    {"isodow", 1, 1, call_part, NULL},
    {"dayofyear", 1, 1, call_part, NULL},
    {"hour", 1, 1, call_part, NULL},
    {"minute", 1, 1, call_part, NULL},
    {"date_diff", 3, 3, call_diff, NULL},
    {"datediff", 2, 3, call_diff, NULL},
    {"dateadd", 3, 3, call_add_units, NULL},
    {"date_add", 2, 2, call_shift, NULL},
    {"date_sub", 2, 3, call_shift, NULL},
    {"quantile_cont", 2, 2, call_quantile, NULL},
    {"approx_quantile", 2, 2, call_quantile, NULL},
    {"approx_percentile", 2, 2, call_quantile, NULL},
    {"percentile_approx", 2, 2, call_quantile, NULL},
    {"count_if", 1, 1, NULL, "count(CASE WHEN %s THEN 1 END)"},
    {"countif", 1, 1, NULL, "count(CASE WHEN %s THEN 1 END)"},
    {"approx_count_distinct", 1, 1, NULL, "count(DISTINCT %s)"},
    {"bool_and", 1, 1, NULL, "min(%s)"},
    {"every", 1, 1, NULL, "min(%s)"},
    {"bool_or", 1, 1, NULL, "max(%s)"},
    {"stddev_samp", 1, 1, NULL, "stddev(%s)"},
    {"contains", 2, 2, call_text, NULL},
    {"starts_with", 2, 2, call_text, NULL},
    {"ends_with", 2, 2, call_text, NULL},
    {"strpos", 2, 2, call_text, NULL},
    {"greatest", 2, 2, call_text, NULL},
    {"least", 2, 2, call_text, NULL},
    {"left", 2, 2, call_text, NULL},
    {"right", 2, 2, call_text, NULL},
    {"regexp_matches", 2, 2, call_text, NULL},
    {"char_length", 1, 1, NULL, "length(%s)"},
    {"character_length", 1, 1, NULL, "length(%s)"},
};

static const struct call_row *find_call(const struct call *call)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        if (string_equal_fold(calls[i].name, call->name) &&
            call->arguments.count >= calls[i].least &&
            call->arguments.count <= calls[i].most) {
            return &calls[i];
        }
    }
    return NULL;
}

/* ---- Reading ---- */

static void read_arguments(struct reader *reader, struct call *call)
{
    while (!reader->failed && reader_token(reader, 0) != NULL &&
           !reader_is(reader, 0, ")")) {
        struct text text = {0};
        struct node only = {0};
        if (call->arguments.count == MOST_ARGUMENTS) {
            reader_fail(reader, "it calls %.60s with too many arguments", call->name);
            break;
        }
        read_region(reader, &text, &only, true);
        text_append(&text, "");
        text_append(&only.text, string_trim(text.data));
        text_release(&text);
        *(struct node *)array_push(&call->arguments) = only;
        if (!reader_take(reader, ",")) {
            break;
        }
    }
    if (!reader->failed && !reader_take(reader, ")")) {
        reader_fail(reader, "the call of %.60s has no end", call->name);
    }
}

/* What keeps the kind of its first argument. */
static enum dialect_type kept_type(const struct call *call)
{
    static const char *const names[] = {
        "min",  "max",         "coalesce",   "ifnull",    "nullif",   "lag",
        "lead", "first_value", "last_value", "nth_value", "any_value"};
    static const char *const of_spans[] = {"avg", "sum", "abs", "median", "percentile"};
    enum dialect_type type = type_of(call, 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (string_equal_fold(names[i], call->name)) {
            return type;
        }
    }
    for (size_t i = 0; i < sizeof of_spans / sizeof *of_spans; i++) {
        if (string_equal_fold(of_spans[i], call->name)) {
            return type == DIALECT_SPAN ? type : DIALECT_ANY;
        }
    }
    return DIALECT_ANY;
}

static void write_call(const struct call *call, struct node *node)
{
    text_printf(&node->text, "%s(", call->name);
    for (size_t i = 0; i < call->arguments.count; i++) {
        text_append(&node->text, i > 0 ? ", " : "");
        text_append(&node->text, argument(call, i));
    }
    text_append_char(&node->text, ')');
    node->type = kept_type(call);
    const struct node *first = array_at(&call->arguments, 0);
    node->is_foreign = first != NULL && node->type != DIALECT_ANY && first->is_foreign;
}

static void release_call(struct call *call)
{
    for (size_t i = 0; i < call->arguments.count; i++) {
        node_release(array_at(&call->arguments, i));
    }
    array_release(&call->arguments);
}

/* EXTRACT(unit FROM x) */
static void read_extract(struct reader *reader, struct node *node)
{
    char *unit = reader_name(reader, 2);
    struct node of = {0};
    bool wanted = reader->wants_span;
    reader->at += 3;
    if (reader_take(reader, "FROM")) {
        if (unit[0] == '\'') {
            char *bare = string_of_literal(unit, strlen(unit));
            free(unit);
            unit = bare;
        }
        reader->wants_span = true;
        read_additive(reader, &of);
        reader->wants_span = wanted;
    }
    if (!reader->failed && !reader_take(reader, ")")) {
        reader_fail(reader, "an EXTRACT cannot be read");
    }
    for (char *at = unit; *at != '\0'; at++) {
        *at = *at >= 'A' && *at <= 'Z' ? (char)(*at | 0x20) : *at;
    }
    if (!reader->failed && strspn(unit, "abcdefghijklmnopqrstuvwxyz") == strlen(unit)) {
        give_part(reader, unit, &of, node);
    } else {
        reader_fail(reader, "an EXTRACT cannot be read");
    }
    node_release(&of);
    free(unit);
}

/* percentile_cont(0.95) WITHIN GROUP (ORDER BY x DESC); WITHIN is next. */
static void read_within_group(struct reader *reader, const struct call *call,
                              struct node *node)
{
    struct node of = {0};
    bool cont =
        string_equal_fold(call->name, "percentile_cont") && call->arguments.count == 1;
    reader->at++;
    bool starts = reader_take(reader, "GROUP") && reader_take(reader, "(") &&
                  reader_take(reader, "ORDER") && reader_take(reader, "BY");
    if (!cont || !starts) {
        reader_fail(reader, "it calls %.60s WITHIN GROUP, which has no equal here",
                    call->name);
        return;
    }
    read_additive(reader, &of);
    bool descending = reader_take(reader, "DESC");
    reader_take(reader, "ASC");
    if (!reader_take(reader, ")")) {
        reader_fail(reader, "a WITHIN GROUP cannot be read");
    } else if (is_temporal(&of) || of.type == DIALECT_SPAN) {
        reader_fail(reader, "it takes a percentile of times, which has no equal here");
    } else {
        char *percent = percent_of(argument(call, 0), descending);
        give(node, DIALECT_NUMBER,
             string_printf("percentile(%s, %s)", text_string(&of.text), percent));
        free(percent);
    }
    node_release(&of);
}

/* FILTER (...), OVER (...) or OVER w. */
void read_suffixes(struct reader *reader, struct node *node)
{
    while (!reader->failed &&
           (reader_is(reader, 0, "FILTER") || reader_is(reader, 0, "OVER"))) {
        if (!reader_is(reader, 1, "(")) {
            if (!reader_is(reader, 0, "OVER") || !reader_is_name(reader, 1)) {
                return;
            }
            reader_copy(reader, &node->text);
            reader_copy(reader, &node->text);
            return;
        }
        reader_copy(reader, &node->text);
        reader_copy(reader, &node->text);
        read_region(reader, &node->text, NULL, false);
        if (reader_is(reader, 0, ")")) {
            reader_copy(reader, &node->text);
        }
    }
}

void read_call(struct reader *reader, struct node *node)
{
    if (reader_is(reader, 0, "EXTRACT") && reader_is(reader, 3, "FROM")) {
        read_extract(reader, node);
        return;
    }
    char *name = reader_name(reader, 0);
    struct call call = {name, ARRAY_OF(struct node)};
    reader->at += 2;
    read_arguments(reader, &call);
    const struct call_row *row = find_call(&call);
    if (reader->failed) {
        text_append(&node->text, "");
    } else if (reader_is(reader, 0, "WITHIN")) {
        read_within_group(reader, &call, node);
    } else if (row != NULL && row->read != NULL) {
        row->read(reader, &call, node);
    } else if (row != NULL) {
        write_formatted(node, row->format, argument(&call, 0));
    } else {
        write_call(&call, node);
    }
    read_suffixes(reader, node);
    release_call(&call);
    free(name);
}
