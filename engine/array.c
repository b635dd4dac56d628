/* array: a list of equal items that grows.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/array.h"
#include "engine/text.h"

#include <stdlib.h>
#include <string.h>

void *array_push(struct array *array)
{
    if (array->count == array->capacity) {
        array->capacity = array->capacity > 0 ? array->capacity * 2 : 8;
        array->items = memory_resize(array->items, array->capacity * array->item_size);
    }
    char *item = (char *)array->items + array->count++ * array->item_size;
    memset(item, 0, array->item_size);
    return item;
}

void *array_at(const struct array *array, size_t index)
{
    if (index >= array->count) {
        return NULL;
    }
    return (char *)array->items + index * array->item_size;
}

void array_remove(struct array *array, size_t index)
{
    if (index >= array->count) {
        return;
    }
    char *at = (char *)array->items + index * array->item_size;
    memmove(at, at + array->item_size, (array->count - index - 1) * array->item_size);
    array->count--;
}

void array_clear(struct array *array)
{
    array->count = 0;
}

void array_release(struct array *array)
{
    free(array->items);
    array->items = NULL;
    array->count = array->capacity = 0;
}
