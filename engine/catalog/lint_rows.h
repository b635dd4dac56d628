/* catalog/lint_rows: short ways to write the rows of a standard.
 * Macros, since C has no other way to shorten a constant initialiser.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CATALOG_LINT_ROWS_H
#define MWB_CATALOG_LINT_ROWS_H

#include "engine/catalog/lint.h"

#define TEXT(name)                                                                       \
    {                                                                                    \
        .key = name, .kinds = LINT_TEXT                                                  \
    }
#define NEEDED(name)                                                                     \
    {                                                                                    \
        .key = name, .kinds = LINT_TEXT, .flags = LINT_REQUIRED                          \
    }
#define FLAG(name)                                                                       \
    {                                                                                    \
        .key = name, .kinds = LINT_BOOLEAN                                               \
    }
#define WHOLE(name)                                                                      \
    {                                                                                    \
        .key = name, .kinds = LINT_INTEGER                                               \
    }
#define LIMIT(name)                                                                      \
    {                                                                                    \
        .key = name, .kinds = LINT_NUMBER                                                \
    }
#define WORDS(name, list)                                                                \
    {                                                                                    \
        .key = name, .kinds = LINT_TEXT, .words = list                                   \
    }
#define LIST_OF(name, shape)                                                             \
    {                                                                                    \
        .key = name, .kinds = LINT_LIST, .of = shape                                     \
    }
#define FILLED_LIST_OF(name, shape)                                                      \
    {                                                                                    \
        .key = name, .kinds = LINT_LIST, .flags = LINT_FILLED, .of = shape               \
    }
#define MAP_OF(name, shape)                                                              \
    {                                                                                    \
        .key = name, .kinds = LINT_MAP, .of = shape                                      \
    }
#define FORMED(name, its_form)                                                           \
    {                                                                                    \
        .key = name, .kinds = LINT_TEXT, .form = its_form                                \
    }
#define END                                                                              \
    {                                                                                    \
        .key = NULL                                                                      \
    }
#define SHAPE(title, rows)                                                               \
    {                                                                                    \
        .name = title, .kinds = LINT_MAP, .fields = rows                                 \
    }
#define OPEN_SHAPE(title, rows)                                                          \
    {                                                                                    \
        .name = title, .kinds = LINT_MAP, .fields = rows, .open = true                   \
    }

#endif
