/* dialect: what the files of this room share: a reader over the tokens of a statement
 * that writes while it reads. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_DIALECT_PRIVATE_H
#define MWB_DIALECT_PRIVATE_H

#include "engine/array.h"
#include "engine/dialect.h"
#include "engine/sql.h"

struct reader {
    const struct dialect_spec *spec;
    const char *sql;
    struct array tokens; /* of struct sql_token, without blanks and comments */
    struct array ctes;   /* of char *: names of common table expressions */
    size_t at;           /* the next token */
    int depth;
    bool wants_span; /* a difference of unknown things is one of times */
    bool failed;
    struct error *err;
};

/* An expression that was read, as SQLite gets it. */
struct node {
    struct text text;
    enum dialect_type type;
    bool is_string;    /* one literal and nothing else */
    bool is_canonical; /* as date() and datetime() of SQLite write it */
    bool is_foreign;   /* made by a function of ours: compared as moments */
    bool is_column;
};

/* tokens.c */
bool reader_open(struct reader *reader, const char *sql);
void reader_release(struct reader *reader);
const struct sql_token *reader_token(const struct reader *reader, size_t ahead);
bool reader_is(const struct reader *reader, size_t ahead, const char *word);
bool reader_take(struct reader *reader, const char *word);
bool reader_is_name(const struct reader *reader, size_t ahead);
char *reader_name(const struct reader *reader, size_t ahead); /* without quotes; yours */
/* The next token as it stands, with the blanks before it. */
void reader_copy(struct reader *reader, struct text *out);
void reader_gap(const struct reader *reader, struct text *out);
bool reader_fail(struct reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
bool reader_enter(struct reader *reader); /* one level deeper; false: too deep */
char *string_of_literal(const char *literal, size_t length); /* 'it''s' -> it's; yours */

/* statement.c: up to a `)` that is not within, or the end; of an argument also up to a
 * `,`. *only (may be NULL) is the one expression that was all there is, without text. */
void read_region(struct reader *reader, struct text *out, struct node *only,
                 bool is_argument);

/* expression.c */
bool starts_expression(const struct reader *reader);
void read_expression(struct reader *reader, struct node *node);
void read_additive(struct reader *reader, struct node *node);
void node_release(struct node *node);
bool is_temporal(const struct node *node);

/* operand.c */
void read_operand(struct reader *reader, struct node *node);

/* calls.c: a call whose name is next, up to its `)` and what hangs on it. */
void read_call(struct reader *reader, struct node *node);
void read_suffixes(struct reader *reader, struct node *node);

/* types.c */
void read_cast(struct reader *reader, struct node *node); /* CAST( TRY_CAST( */
void read_double_colon(struct reader *reader, struct node *node);
/* date '2026-01-01', interval 1 day; false: it is none. */
bool read_typed_literal(struct reader *reader, struct node *node);

/* patterns.c: LIKE, ILIKE, ~ behind `left`; false: none stands there. */
bool read_pattern(struct reader *reader, struct node *left);
/* A regular expression as POSIX says it, appended; false: it cannot. */
bool append_regexp(struct text *out, const char *pattern);
void append_quoted(struct text *out, const char *string);

/* texts.c: functions of two arguments on texts; false: it is none, or cannot be said. */
bool write_text_call(struct reader *reader, const char *name, const char *first,
                     const char *second, struct node *node);

#endif
