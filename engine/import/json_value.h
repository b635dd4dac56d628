/* json_value: what a value of JSON is in its column (see json.h, Values).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_JSON_VALUE_H
#define MWB_IMPORT_JSON_VALUE_H

#include <locale.h>
#include <stdbool.h>
#include <stddef.h>

#include "engine/import/plan.h"

/* VALUE_INTEGER or VALUE_REAL, if such a value is exactly the number written; else
 * VALUE_TEXT. `text` is a number of JSON. */
void json_number(const char *text, size_t length, locale_t numbers,
                 struct typing_value *value);

/* For plan_see_cell(), plan_storage(), plan_value(): cells that are not NULL. */
void json_see(struct plan_column *column, const char *text,
              const struct reader_cell *cell);
enum typing_storage json_storage(const struct plan_column *column);
enum typing_fit json_value(const struct plan_column *column, const char *text,
                           const struct reader_cell *cell, struct typing_value *value);
/* Has the column values of different kinds? */
bool json_is_mixed(const struct plan_column *column);

#endif
