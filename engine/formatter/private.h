/* formatter: what its files share: the pieces of a text, the words that matter, and the
 * instructions that lay it out.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_FORMATTER_PRIVATE_H
#define MWB_FORMATTER_PRIVATE_H

#include "engine/array.h"
#include "engine/formatter.h"
#include "engine/sql.h"

/* Words and signs that decide about the layout; in the order of their letters, as in
 * words.c. WORD_NONE: any other. */
enum word {
    WORD_NONE,
    WORD_OPEN,  /* ( */
    WORD_CLOSE, /* ) */
    WORD_STAR,
    WORD_COMMA,
    WORD_DOT,
    WORD_SEMICOLON,
    WORD_ALL,
    WORD_AND,
    WORD_AS,
    WORD_BEGIN,
    WORD_BETWEEN,
    WORD_BY,
    WORD_CASE,
    WORD_CONFLICT,
    WORD_CREATE,
    WORD_CROSS,
    WORD_DEFAULT,
    WORD_DELETE,
    WORD_DISTINCT,
    WORD_ELSE,
    WORD_END,
    WORD_EXCEPT,
    WORD_EXPLAIN,
    WORD_FOR,
    WORD_FROM,
    WORD_FULL,
    WORD_GROUP,
    WORD_GROUPS,
    WORD_HAVING,
    WORD_INDEX,
    WORD_INNER,
    WORD_INSERT,
    WORD_INTERSECT,
    WORD_INTO,
    WORD_IS,
    WORD_JOIN,
    WORD_KEY,
    WORD_LEFT,
    WORD_LIMIT,
    WORD_MATERIALIZED,
    WORD_NATURAL,
    WORD_NOT,
    WORD_ON,
    WORD_OR,
    WORD_ORDER,
    WORD_OUTER,
    WORD_OVER,
    WORD_PARTITION,
    WORD_PLAN,
    WORD_QUERY,
    WORD_RANGE,
    WORD_REFERENCES,
    WORD_REPLACE,
    WORD_RETURNING,
    WORD_RIGHT,
    WORD_ROWS,
    WORD_SELECT,
    WORD_SET,
    WORD_TABLE,
    WORD_TEMP,
    WORD_TEMPORARY,
    WORD_THEN,
    WORD_TRIGGER,
    WORD_UNION,
    WORD_UPDATE,
    WORD_VALUES,
    WORD_VIRTUAL,
    WORD_WHEN,
    WORD_WHERE,
    WORD_WINDOW,
    WORD_WITH,
};

enum piece_kind {
    PIECE_TOKEN,
    PIECE_LINE_COMMENT,
    PIECE_BLOCK_COMMENT,
    PIECE_COMMAND, /* a line that begins with `\` or `.` where a statement could */
};

/* A token or a comment, and what stood before it. */
struct piece {
    enum piece_kind kind;
    enum sql_kind token;
    enum word word; /* WORD_NONE for what serves as a name, too */
    size_t start, length;
    bool is_keyword; /* to be written in capitals */
    bool own_line;   /* a comment with nothing before it on its line */
    bool blank_line; /* an empty line before it */
};

/* All pieces: array of struct piece. False: a sentence tells the place. */
bool pieces_read(const char *sql, size_t length, struct array *pieces, struct error *err);
/* Are they the same, but for the case of keywords and blanks around them? */
bool pieces_equal(const char *a, const struct array *first, const char *b,
                  const struct array *second);

/* Tell keywords from names that look like them (keywords.c): is_keyword and word. */
void pieces_mark_keywords(const char *sql, struct array *pieces);

/* The word of a token (words.c), case folded. */
enum word word_of(const char *bytes, size_t length);
/* Is the token this one (any case)? */
bool piece_is(const char *sql, const struct piece *piece, const char *word);
/* Can something stand before an operator, as `a`, `1` or `)` can? */
bool piece_ends_operand(const struct piece *piece);

/* Instructions, in the order they are carried out. */
enum layout_kind {
    LAYOUT_PIECE,  /* write it; a comment as it has to stand */
    LAYOUT_SPACE,  /* a blank */
    LAYOUT_LINE,   /* a blank; a line break where the group is broken */
    LAYOUT_SOFT,   /* nothing; a line break where the group is broken */
    LAYOUT_HARD,   /* a line break */
    LAYOUT_EMPTY,  /* an empty line */
    LAYOUT_GROUP,  /* begins a group */
    LAYOUT_END,    /* ends it */
    LAYOUT_INDENT, /* of the lines that follow: `amount` columns more */
    LAYOUT_DEDENT, /* and less */
};

struct layout {
    enum layout_kind kind;
    size_t amount;  /* columns; the index of a piece */
    size_t flat;    /* of a group: its columns when written flat */
    bool is_forced; /* of a group: it cannot be flat */
    size_t most;    /* of a group: columns that it may take flat; 0: what is left */
};

/* What to do, from the pieces (build.c): array of struct layout. */
struct array layout_build(const char *sql, const struct array *pieces);
/* Do it (print.c). */
struct layout_text {
    const char *sql;
    const struct array *pieces, *layout;
    size_t width;
};
void layout_print(const struct layout_text *what, struct text *out);

#endif
