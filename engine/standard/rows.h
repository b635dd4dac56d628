/* standard/rows: short ways to write the rows of a standard.
 * Behind the name (and shape, words or form) stands the meaning, and behind that whatever
 * else the row has: TEXT("url", "Where it is.", .until = 30100).
 * Macros, since C has no other way to shorten a constant initialiser.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_STANDARD_ROWS_H
#define MWB_STANDARD_ROWS_H

#include "engine/standard/shape.h"

/* ROW("name", TEXT, "what it means", .flags = STANDARD_REQUIRED, .since = 10100): one
 * kind, or MIXED with several, then the meaning and whatever else the field has. */
#define ROW(name, kind, ...)                                                             \
    {                                                                                    \
        .key = name, .kinds = STANDARD_##kind, .meaning = __VA_ARGS__                    \
    }
#define MIXED(name, its_kinds, ...)                                                      \
    {                                                                                    \
        .key = name, .kinds = its_kinds, .meaning = __VA_ARGS__                          \
    }

/* Shorter still; the empty text in front lets a row without a meaning compile. */
#define TEXT(name, ...) ROW(name, TEXT, "" __VA_ARGS__)
#define FLAG(name, ...) ROW(name, BOOLEAN, "" __VA_ARGS__)
#define WHOLE(name, ...) ROW(name, INTEGER, "" __VA_ARGS__)
#define LIMIT(name, ...) ROW(name, NUMBER, "" __VA_ARGS__)
#define NEEDED(name, ...)                                                                \
    {                                                                                    \
        .key = name, .kinds = STANDARD_TEXT, .flags = STANDARD_REQUIRED,                 \
        .meaning = "" __VA_ARGS__                                                        \
    }
#define WORDS(name, list, ...)                                                           \
    {                                                                                    \
        .key = name, .kinds = STANDARD_TEXT, .words = list, .meaning = "" __VA_ARGS__    \
    }
#define NEEDED_WORDS(name, list, ...)                                                    \
    {                                                                                    \
        .key = name, .kinds = STANDARD_TEXT, .flags = STANDARD_REQUIRED, .words = list,  \
        .meaning = "" __VA_ARGS__                                                        \
    }
#define FORMED(name, its_form, ...)                                                      \
    {                                                                                    \
        .key = name, .kinds = STANDARD_TEXT, .form = its_form, .meaning = "" __VA_ARGS__ \
    }
#define LIST_OF(name, shape, ...)                                                        \
    {                                                                                    \
        .key = name, .kinds = STANDARD_LIST, .of = shape, .meaning = "" __VA_ARGS__      \
    }
#define FILLED_LIST_OF(name, shape, ...)                                                 \
    {                                                                                    \
        .key = name, .kinds = STANDARD_LIST, .flags = STANDARD_FILLED, .of = shape,      \
        .meaning = "" __VA_ARGS__                                                        \
    }
#define MAP_OF(name, shape, ...)                                                         \
    {                                                                                    \
        .key = name, .kinds = STANDARD_MAP, .of = shape, .meaning = "" __VA_ARGS__       \
    }
#define END                                                                              \
    {                                                                                    \
        .key = NULL                                                                      \
    }
#define SHAPE(title, rows)                                                               \
    {                                                                                    \
        .name = title, .kinds = STANDARD_MAP, .fields = rows                             \
    }
#define OPEN_SHAPE(title, rows)                                                          \
    {                                                                                    \
        .name = title, .kinds = STANDARD_MAP, .fields = rows, .open = true               \
    }

#endif
