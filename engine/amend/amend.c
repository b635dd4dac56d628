/* amend/amend: one change: where it goes, the new text, and whether it is what was asked.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/amend/private.h"

#include <stdlib.h>
#include <string.h>

/* A change on its way. */
struct amendment {
    const struct amend_change *change;
    struct spans spans;
    struct manner manner;
    struct document *document, *value;
    struct amend_steps steps;
    const struct document_value *target; /* what is there, or NULL */
    int parent, place;                   /* spans; NO_SPAN: there is none */
    size_t from, to;                     /* the bytes that `text` comes in place of */
    struct text text;
};

/* ---- Pointers ---- */

void amend_path_step(struct text *path, const char *key)
{
    text_append_char(path, '/');
    for (; *key != '\0'; key++) {
        text_append(path, *key == '~' ? "~0" : *key == '/' ? "~1" : (char[]){*key, '\0'});
    }
}

static char *step_of(const char *from, size_t length)
{
    struct text step = {0};
    for (size_t i = 0; i < length; i++) {
        bool is_escape = from[i] == '~' && i + 1 < length && strchr("01", from[i + 1]);
        text_append_char(&step, !is_escape ? from[i] : from[i + 1] == '0' ? '~' : '/');
        i += is_escape ? 1 : 0;
    }
    text_append(&step, "");
    return step.data != NULL ? text_take(&step) : string_copy("");
}

static bool split_pointer(struct amendment *work, struct error *err)
{
    for (const char *at = work->change->path; *at != '\0';) {
        if (*at != '/' || work->steps.count == MOST_STEPS) {
            return error_set(err, ERROR_FAILED, "\"%s\" is no place in a document",
                             work->change->path);
        }
        size_t length = strcspn(++at, "/");
        work->steps.step[work->steps.count++] = step_of(at, length);
        at += length;
    }
    return true;
}

static size_t position_of(const struct document_value *value, const char *step)
{
    size_t count = document_count(value);
    if (document_kind(value) == DOCUMENT_LIST) {
        char *end;
        unsigned long index = strtoul(step, &end, 10);
        return *end == '\0' && end != step ? index : count;
    }
    for (size_t i = 0; i < count; i++) {
        const char *key = NULL;
        document_member(value, i, &key, NULL);
        if (string_equal(key, step)) {
            return i;
        }
    }
    return count;
}

/* Walks the tree and the spans; only the last step may lead to nothing. */
static bool find_place(struct amendment *work, struct error *err)
{
    const struct document_value *value = document_root(work->document);
    work->place = 0;
    work->parent = NO_SPAN;
    for (int i = 0; i < work->steps.count; i++) {
        size_t at = position_of(value, work->steps.step[i]);
        bool is_map = document_kind(value) == DOCUMENT_MAP;
        const struct document_value *next =
            is_map ? document_member(value, at, NULL, NULL) : document_item(value, at);
        bool may_miss = i == work->steps.count - 1 && is_map;
        if (next == NULL && !may_miss) {
            return error_set(err, ERROR_FAILED, "the document has nothing at \"%s\"",
                             work->change->path);
        }
        work->parent = work->place;
        work->place = next != NULL ? span_child(&work->spans, work->place, at) : NO_SPAN;
        if (next != NULL && work->place == NO_SPAN) {
            return error_set(err, ERROR_FAILED,
                             "what is at \"%s\" is written elsewhere, as an alias",
                             work->change->path);
        }
        value = next;
    }
    work->target = value;
    return true;
}

/* ---- New text ---- */

static bool refuse_form(const struct amendment *work, struct error *err)
{
    return error_set(err, ERROR_FAILED,
                     "what stands at \"%s\" is written in a form that is not changed "
                     "here; change it by hand",
                     work->change->path);
}

/* Blanks at the start of the line that holds `at`; yours. */
static char *indent_at(const struct amendment *work, size_t at)
{
    size_t start = line_start(&work->spans, at);
    return string_copy_bytes(work->spans.bytes + start,
                             strspn(work->spans.bytes + start, " \t"));
}

/* Is there nothing but blanks before `at` on its line? */
static bool starts_line(const struct amendment *work, size_t at)
{
    size_t start = line_start(&work->spans, at);
    return strspn(work->spans.bytes + start, " \t") >= at - start;
}

/* Into brackets: behind the last child, on a line of its own when that has one. */
static void insert_flow(struct amendment *work, const struct span *into, const char *key,
                        const struct document_value *value)
{
    const struct span *last = span_at(&work->spans, into->last);
    const char *step = work->manner.step;
    size_t begin = last == NULL   ? into->start
                   : last->in_map ? last->key_start
                                  : last->start;
    size_t own = into->in_map ? into->key_start : into->start;
    bool is_tall =
        last != NULL ? starts_line(work, begin) : step != NULL && starts_line(work, own);
    char *indent = indent_at(work, begin);
    work->from = work->to = last != NULL ? last->end : into->start + 1;
    text_append(&work->text, last == NULL ? "" : is_tall ? "," : ", ");
    if (is_tall) {
        text_printf(&work->text, "%s%s", work->manner.newline, indent);
        if (last == NULL) {
            text_append_bytes(&work->text, step, work->manner.step_bytes);
        }
    }
    char *deep = last == NULL && is_tall
                     ? string_printf("%s%.*s", indent, (int)work->manner.step_bytes, step)
                     : string_copy(indent);
    if (key != NULL) {
        write_key(&work->text, key, &work->manner, true);
        text_append_char(&work->text, ' ');
    }
    write_flow(&work->text, value, &work->manner, is_tall ? deep : NULL);
    if (last == NULL && is_tall) {
        text_printf(&work->text, "%s%s", work->manner.newline, indent);
        work->to = into->end - 1;
    }
    free(deep);
    free(indent);
}

/* A new line behind the last content of a block. */
static bool insert_block(struct amendment *work, const struct span *into, const char *key,
                         const struct document_value *value, struct error *err)
{
    int column = span_column(&work->spans, into);
    if (column < 0) {
        return refuse_form(work, err);
    }
    work->from = work->to = line_end(&work->spans, into->end);
    text_append(&work->text, work->manner.newline);
    text_append_repeated(&work->text, ' ', (size_t)column);
    if (key != NULL) {
        write_key(&work->text, key, &work->manner, false);
        write_after_key(&work->text, value, &work->manner, column);
    } else {
        write_item(&work->text, value, &work->manner, column);
    }
    return true;
}

static bool insert_child(struct amendment *work, const struct span *into, const char *key,
                         const struct document_value *value, struct error *err)
{
    if (into->style == SPAN_BLOCK) {
        return insert_block(work, into, key, value, err);
    }
    insert_flow(work, into, key, value);
    return true;
}

/* A list of one item behind a key that has nothing, null or an empty list: what else
 * stands on the line stays there. */
static bool begin_list(struct amendment *work, const struct span *place,
                       struct error *err)
{
    const struct span *above = span_at(&work->spans, place->parent);
    if (above == NULL || above->style != SPAN_BLOCK || place->zone == 0) {
        return refuse_form(work, err);
    }
    int column = span_column(&work->spans, above) + work->manner.list_step;
    size_t end = line_end(&work->spans, place->zone);
    if (place->style != SPAN_ABSENT && place->end > end) {
        return refuse_form(work, err);
    }
    size_t rest = place->style == SPAN_ABSENT ? place->zone : place->end;
    work->from = place->zone;
    work->to = end;
    text_append_bytes(&work->text, work->spans.bytes + rest, end - rest);
    text_append(&work->text, work->manner.newline);
    text_append_repeated(&work->text, ' ', (size_t)column);
    write_item(&work->text, document_root(work->value), &work->manner, column);
    return true;
}

static bool plan_add(struct amendment *work, struct error *err)
{
    const struct document_value *value = document_root(work->value);
    const struct span *place = span_at(&work->spans, work->place);
    const char *key =
        work->steps.count > 0 ? work->steps.step[work->steps.count - 1] : NULL;
    bool is_empty = document_kind(work->target) == DOCUMENT_NULL ||
                    (document_kind(work->target) == DOCUMENT_LIST &&
                     document_count(work->target) == 0);
    if (!is_empty && document_kind(work->target) != DOCUMENT_LIST) {
        return error_set(err, ERROR_FAILED, "what is at \"%s\" is %s, not a list",
                         work->change->path,
                         document_kind_name(document_kind(work->target)));
    }
    if (place == NULL) {
        char *list = string_printf("[%s]", work->change->value);
        document_free(work->value);
        work->value = document_parse(list, strlen(list), DOCUMENT_JSON, NULL, err);
        free(list);
        return work->value != NULL &&
               insert_child(work, span_at(&work->spans, work->parent), key,
                            document_root(work->value), err);
    }
    const struct span *above = span_at(&work->spans, place->parent);
    bool in_block =
        above != NULL && above->style == SPAN_BLOCK && above->kind == DOCUMENT_MAP;
    if (is_empty && in_block) {
        return begin_list(work, place, err);
    }
    if (document_kind(work->target) == DOCUMENT_NULL) {
        return refuse_form(work, err);
    }
    return insert_child(work, place, NULL, value, err);
}

static bool is_scalar(const struct document_value *value)
{
    return document_kind(value) != DOCUMENT_LIST && document_kind(value) != DOCUMENT_MAP;
}

/* In place of a scalar: with its quotes, where it was a text and stays one. */
static bool replace_scalar(struct amendment *work, const struct span *place,
                           struct error *err)
{
    const struct document_value *value = document_root(work->value);
    const struct span *above = span_at(&work->spans, place->parent);
    bool in_flow = above != NULL && above->style == SPAN_FLOW;
    work->from = place->start;
    work->to = place->end;
    if (place->style == SPAN_ALIAS || (place->in_map && place->zone == 0)) {
        return refuse_form(work, err);
    }
    if (place->style == SPAN_LITERAL || place->style == SPAN_ABSENT) {
        if (!place->in_map) {
            return refuse_form(work, err);
        }
        work->from = place->zone;
        work->to = place->style == SPAN_LITERAL ? place->end : place->zone;
    }
    bool is_behind = work->from == place->zone || document_count(value) > 0;
    if (is_behind && !in_flow && !work->manner.is_json && place->in_map) {
        work->from = place->zone;
        write_after_key(&work->text, value, &work->manner,
                        span_column(&work->spans, above));
    } else if (work->manner.is_json || !is_scalar(value)) {
        write_flow(&work->text, value, &work->manner, NULL);
    } else {
        text_append(&work->text, work->from == place->zone && place->in_map ? " " : "");
        write_scalar(&work->text, value, place->style, in_flow);
    }
    return true;
}

static bool plan_set(struct amendment *work, struct error *err)
{
    const struct span *place = span_at(&work->spans, work->place);
    if (place == NULL) {
        return insert_child(work, span_at(&work->spans, work->parent),
                            work->steps.step[work->steps.count - 1],
                            document_root(work->value), err);
    }
    if (!is_scalar(work->target) && document_count(work->target) > 0) {
        return error_set(
            err, ERROR_FAILED, "what is at \"%s\" is %s; only single values are replaced",
            work->change->path, document_kind_name(document_kind(work->target)));
    }
    return replace_scalar(work, place, err);
}

/* ---- The change ---- */

static bool read_spans(struct amendment *work, struct error *err)
{
    return work->spans.is_json ? spans_of_json(&work->spans, err)
                               : spans_of_yaml(&work->spans, err);
}

/* A mark would be skipped in front of a single value, but not within the list that is
 * made for the first item. */
static struct document *read_value(const struct amend_change *change, struct error *err)
{
    if (string_starts(change->value, "\xef\xbb\xbf")) {
        error_set(err, ERROR_FAILED,
                  "the value for \"%s\" begins with a byte order mark, which only files "
                  "may do; leave it out",
                  change->path);
        return NULL;
    }
    struct document *value =
        document_parse(change->value, strlen(change->value), DOCUMENT_JSON, NULL, err);
    if (value == NULL) {
        error_prefix(err, "the value for \"%s\" cannot be read: ", change->path);
    }
    return value;
}

static bool plan(struct amendment *work, enum document_format format, struct error *err)
{
    const struct amend_change *change = work->change;
    work->document =
        document_parse(work->spans.bytes, work->spans.length, format, NULL, err);
    work->value = work->document != NULL ? read_value(change, err) : NULL;
    if (work->value == NULL || !split_pointer(work, err) || !read_spans(work, err) ||
        !find_place(work, err)) {
        return false;
    }
    manner_of(&work->spans, &work->manner);
    return change->kind == AMEND_ADD ? plan_add(work, err) : plan_set(work, err);
}

static void splice(const struct amendment *work, struct text *out)
{
    text_append_bytes(out, work->spans.bytes, work->from);
    text_append_bytes(out, text_string(&work->text), work->text.length);
    text_append_bytes(out, work->spans.bytes + work->to, work->spans.length - work->to);
}

/* The new text says what was asked for and nothing else. */
static bool is_right(const struct amendment *work, const struct text *now,
                     enum document_format format, struct error *err)
{
    struct document *value = document_parse(
        work->change->value, strlen(work->change->value), DOCUMENT_JSON, NULL, err);
    struct document *document =
        document_parse(text_string(now), now->length, format, NULL, NULL);
    bool right = value != NULL && document != NULL &&
                 differs_only_in(document_root(work->document), document_root(document),
                                 &work->steps, work->change->kind, document_root(value));
    document_free(document);
    document_free(value);
    return right || refuse_form(work, err);
}

static void release(struct amendment *work)
{
    for (int i = 0; i < work->steps.count; i++) {
        free(work->steps.step[i]);
    }
    spans_release(&work->spans);
    document_free(work->document);
    document_free(work->value);
    text_release(&work->text);
}

bool amend_text(struct text *text, enum document_format format,
                const struct amend_change *change, struct error *err)
{
    struct amendment work = {
        .change = change,
        .spans = {.bytes = text_string(text),
                  .length = text->length,
                  .is_json = format != DOCUMENT_YAML,
                  .nodes = ARRAY_OF(struct span)},
    };
    struct text now = {0};
    bool done = plan(&work, format, err);
    if (done) {
        splice(&work, &now);
        done = is_right(&work, &now, format, err);
    }
    release(&work);
    if (done) {
        text_release(text);
        *text = now;
    } else {
        text_release(&now);
    }
    return done;
}
