/* amend/private: where every value of a text stands, byte by byte.
 *
 * Spans lie in the same order as the values of the document's tree (document.h), so that
 * both are walked together: the tree knows what is meant, the span where it stands.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_AMEND_PRIVATE_H
#define MWB_AMEND_PRIVATE_H

#include "engine/amend.h"
#include "engine/array.h"

enum { NO_SPAN = -1, MOST_STEPS = 64 };

enum span_style {
    SPAN_ABSENT, /* `key:` and nothing behind it */
    SPAN_PLAIN,
    SPAN_SINGLE,
    SPAN_DOUBLE,
    SPAN_LITERAL, /* a block scalar, literal or folded */
    SPAN_ALIAS,
    SPAN_BLOCK, /* a list or map by indentation */
    SPAN_FLOW,  /* one in brackets */
};

struct span {
    enum document_kind kind; /* a list, a map, or anything else: a scalar */
    enum span_style style;
    bool in_map; /* it has a key */
    size_t key_start, key_end;
    size_t zone;       /* of a member: right behind its colon; 0: not found */
    size_t start, end; /* with quotes and brackets; of a block: first and last content */
    int parent, first, last, next, count;
};

struct spans {
    const char *bytes;
    size_t length;
    bool is_json;
    struct array nodes; /* of struct span; the first is the root */
};

/* False when the text is in no form that can be changed. It was parsed before. */
bool spans_of_yaml(struct spans *spans, struct error *err);
bool spans_of_json(struct spans *spans, struct error *err);
void spans_release(struct spans *spans);
struct span *span_at(const struct spans *spans, int number);
int span_child(const struct spans *spans, int parent, size_t index);
/* A new child at the end of `parent` (NO_SPAN: the root). */
int span_add(struct spans *spans, int parent, enum document_kind kind);
/* Where the line ends that holds `at`: at its line feed, or before its return. */
size_t line_end(const struct spans *spans, size_t at);
size_t line_start(const struct spans *spans, size_t at);
/* Column from 0 of the keys of a block map, of the dashes of a block list; -1. */
int span_column(const struct spans *spans, const struct span *span);

/* How this document is written. */
struct manner {
    const char *newline;
    int map_step;      /* columns from a key to those below it */
    int list_step;     /* columns from a key to the dashes below it */
    int dash_width;    /* columns from a dash to what follows */
    bool is_json;      /* strings in double quotes only */
    const char *step;  /* JSON: a level of indentation; NULL: all on one line */
    size_t step_bytes; /* its length */
};
void manner_of(const struct spans *spans, struct manner *manner);

/* Values as text. Column: of the key or dash they stand behind. */
void write_after_key(struct text *out, const struct document_value *value,
                     const struct manner *manner, int column);
void write_item(struct text *out, const struct document_value *value,
                const struct manner *manner, int column); /* dash and value */
void write_key(struct text *out, const char *key, const struct manner *manner,
               bool is_flow);
void write_scalar(struct text *out, const struct document_value *value,
                  enum span_style style, bool in_flow);
/* On one line; or with a step, indented below a line that begins with `indent`. */
void write_flow(struct text *out, const struct document_value *value,
                const struct manner *manner, const char *indent);

/* Is `now` what `before` was, but for this change? */
struct amend_steps {
    char *step[MOST_STEPS];
    int count;
};
bool differs_only_in(const struct document_value *before,
                     const struct document_value *now, const struct amend_steps *steps,
                     enum amend_kind kind, const struct document_value *value);

#endif
