/* json_shape: looks at the first values of a text, and at the members of a lone object.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/json_shape.h"

#include <stdio.h>
#include <string.h>

#include "engine/import/json_text.h"

/* What a member of the first object holds, when it is an array. */
struct elements {
    bool is_array;
    long long objects, scalars, arrays, all;
};

struct look {
    struct json_scan scan;
    struct json_shape *shape;
    const char *file;
    bool lines, may_be_empty;
    const char *property; /* the member with the rows is this one */
    bool has_property;
    bool decided;
    long long values;               /* at the top that have begun */
    long long begin_line, end_line; /* of the first value */
    char first, first_item; /* first bytes of the first value, of the first in it */
    /* Of an object: */
    char key[JSON_NAME_SHOWN];
    size_t key_length;
    bool in_key;
    size_t members;
    struct elements elements;        /* of the member that is open */
    size_t tables;                   /* members that are arrays of objects */
    char names[3 * JSON_NAME_SHOWN]; /* the first of them */
    size_t columns;                  /* members that are arrays of scalars, */
    long long column_length;         /* all of this length; -1: not all */
};

static bool decide(struct look *look, enum json_form form, bool arrays)
{
    look->shape->form = form;
    look->shape->arrays = arrays;
    look->decided = true;
    return true;
}

/* ---- The members of the first object ---- */

static void name_table(struct look *look)
{
    if (look->tables++ == 0) {
        look->shape->member = look->members - 1;
        memcpy(look->shape->name, look->key, sizeof look->shape->name);
    }
    size_t used = strlen(look->names);
    if (look->tables <= 3) {
        snprintf(look->names + used, sizeof look->names - used, "%s%s",
                 used > 0 ? ", " : "", look->key);
    }
}

static void end_member(struct look *look)
{
    const struct elements *elements = &look->elements;
    if (look->property != NULL) {
        bool good =
            elements->is_array && string_equal(look->key, look->property) &&
            (elements->objects == elements->all || elements->arrays == elements->all);
        if (good) {
            look->has_property = true;
            name_table(look);
            look->shape->arrays = elements->arrays > 0;
        }
        return;
    }
    if (!elements->is_array || elements->all == 0) {
        return;
    }
    if (elements->objects == elements->all) {
        name_table(look);
    } else if (elements->scalars == elements->all) {
        bool same = look->columns == 0 || look->column_length == elements->all;
        look->column_length = same ? elements->all : -1;
        look->columns++;
    }
}

static void see_in_object(struct look *look, enum json_event event)
{
    const struct json_scan *scan = &look->scan;
    if (scan->is_key) {
        look->in_key = event == JSON_BEGIN && scan->level == 1;
        if (look->in_key) {
            look->key_length = 0;
        } else if (look->key_length > 0 && look->key[look->key_length - 1] == '"') {
            look->key_length--;
        }
        look->key[look->key_length] = '\0';
    } else if (scan->level == 1 && event == JSON_BEGIN) {
        look->members++;
        look->elements = (struct elements){.is_array = scan->first == '['};
    } else if (scan->level == 1) {
        end_member(look);
    } else if (scan->level == 2 && event == JSON_BEGIN) {
        look->elements.all++;
        look->elements.objects += scan->first == '{' ? 1 : 0;
        look->elements.arrays += scan->first == '[' ? 1 : 0;
        look->elements.scalars += scan->first != '{' && scan->first != '[' ? 1 : 0;
    }
}

static void take_key(struct look *look, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length && look->key_length + 1 < sizeof look->key; i++) {
        look->key[look->key_length++] = bytes[i];
    }
}

/* ---- The first values ---- */

static bool is_scalar(char first)
{
    return first != '{' && first != '[';
}

static bool refuse_scalars(const struct look *look, const char *what, struct error *err)
{
    return error_set(err, ERROR_FAILED,
                     "could not import %s: it is valid JSON, but no table: %s; rows are "
                     "objects or arrays",
                     look->file, what);
}

/* A second value: rows follow one another. */
static bool see_second(struct look *look)
{
    bool own_line =
        look->begin_line == look->end_line && look->scan.line > look->end_line;
    return decide(look, own_line ? JSON_FORM_LINES : JSON_FORM_SEQUENCE,
                  look->first == '[');
}

/* The member with the rows was named. */
static bool decide_property(struct look *look, struct error *err)
{
    if (look->has_property && look->tables == 1) {
        return decide(look, JSON_FORM_MEMBER, look->shape->arrays);
    }
    return error_set(err, ERROR_FAILED,
                     "could not import %s: its rows should be in the member \"%s\" of "
                     "one object, but there is no such array of objects or arrays",
                     look->file, look->property);
}

/* Behind a value that is no row nothing may follow. */
static bool refuse_second(struct look *look, struct error *err)
{
    look->scan.byte--;
    look->scan.fault = JSON_NO_END;
    return json_scan_tell(&look->scan, look->file, err);
}

static bool see_top(struct look *look, enum json_event event, struct error *err)
{
    if (event == JSON_END) {
        look->end_line = look->scan.line;
        return true;
    }
    if (look->values++ > 0) {
        bool rows = look->first == '{' || look->first_item != '\0';
        if (look->property != NULL) {
            return decide_property(look, err);
        }
        return rows || look->lines ? see_second(look) : refuse_second(look, err);
    }
    look->begin_line = look->scan.line;
    look->first = look->scan.first;
    return true;
}

static bool see_event(struct look *look, enum json_event event, struct error *err)
{
    const struct json_scan *scan = &look->scan;
    if (scan->level == 0) {
        return see_top(look, event, err);
    }
    if (look->first == '{') {
        see_in_object(look, event);
    } else if (scan->level == 1 && event == JSON_BEGIN && look->first_item == '\0') {
        look->first_item = scan->first;
        if (look->property != NULL) {
            return decide_property(look, err);
        }
        if (!is_scalar(scan->first)) {
            return decide(look, JSON_FORM_ARRAY, scan->first == '[');
        }
    }
    return true;
}

/* The whole text is one value. */
static bool decide_lone(struct look *look, struct error *err)
{
    if (look->property != NULL) {
        return decide_property(look, err);
    }
    if (is_scalar(look->first)) {
        return refuse_scalars(look, "a string, number or word", err);
    }
    if (look->first == '[') {
        return look->first_item == '\0'
                   ? decide(look, JSON_FORM_NOTHING, false)
                   : refuse_scalars(look, "an array of strings, numbers or words", err);
    }
    if (look->tables > 1) {
        return error_set(
            err, ERROR_FAILED,
            "could not import %s: it holds %zu tables (%s%s), one in each "
            "of these members; choose one (--property, or property of a dialect)",
            look->file, look->tables, look->names, look->tables > 3 ? " ..." : "");
    }
    if (look->tables == 1) {
        return decide(look, JSON_FORM_MEMBER, false);
    }
    if (look->columns > 1 && look->columns == look->members && look->column_length > 0) {
        return error_set(err, ERROR_FAILED,
                         "could not import %s: its members are columns (arrays of %lld "
                         "values each), and rows are needed: an array of objects",
                         look->file, look->column_length);
    }
    return decide(look, JSON_FORM_SEQUENCE, false);
}

/* Called lines: the first line decides, or nothing when it is no JSON. */
static bool decide_lines(struct look *look)
{
    return decide(look, JSON_FORM_LINES, look->first == '[');
}

static bool see_end(struct look *look, struct error *err)
{
    enum json_event event = json_scan_finish(&look->scan);
    if (look->lines && look->values > 0) {
        return decide_lines(look);
    }
    if (look->values == 0) {
        return look->scan.fault == JSON_NO_VALUE && look->may_be_empty
                   ? decide(look, JSON_FORM_NOTHING, false)
                   : json_scan_tell(&look->scan, look->file, err);
    }
    return event == JSON_FAULT ? json_scan_tell(&look->scan, look->file, err)
                               : decide_lone(look, err);
}

/* Of lines, the first that is not blank is looked at only. */
static bool is_behind_first_line(const struct look *look)
{
    return look->lines && look->values > 0 && look->scan.line > look->begin_line;
}

static bool look_at_piece(struct look *look, const struct source_piece *piece,
                          struct error *err)
{
    for (size_t at = 0, used; at < piece->length && !look->decided; at += used) {
        enum json_event event =
            json_scan_run(&look->scan, piece->data + at, piece->length - at, &used);
        if (look->in_key) {
            take_key(look, piece->data + at, used);
        }
        if (is_behind_first_line(look) || (event == JSON_FAULT && look->lines)) {
            return decide_lines(look);
        }
        if (event == JSON_FAULT) {
            return json_scan_tell(&look->scan, look->file, err);
        }
        if (event != JSON_MORE && !see_event(look, event, err)) {
            return false;
        }
    }
    return true;
}

bool json_find_shape(struct source *source, const struct json_shape_spec *spec,
                     struct json_shape *shape, struct error *err)
{
    struct look look = {.shape = shape,
                        .file = source_name(source),
                        .lines = spec->lines,
                        .may_be_empty = spec->may_be_empty,
                        .property = spec->property};
    memset(shape, 0, sizeof *shape);
    json_scan_init(&look.scan, 2, true);
    for (bool started = false; !look.decided; started = true) {
        struct source_piece piece;
        enum source_state state = source_next(source, &piece, err);
        if (state == SOURCE_FAILED) {
            return false;
        }
        if (state == SOURCE_END) {
            return see_end(&look, err);
        }
        if (!started) {
            look.scan.byte = look.scan.line_byte = piece.byte;
        }
        if (!look_at_piece(&look, &piece, err)) {
            return false;
        }
    }
    return true;
}
