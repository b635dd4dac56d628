/* array: a list of equal items that grows.
 *
 * `struct array list = ARRAY_OF(struct port);` holds ports. Items lie one after the other
 * in `list.items`; a pointer to an item holds until the next push. The array owns the
 * items' bytes only: release what the items point to before releasing the array.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_ARRAY_H
#define MWB_ARRAY_H

#include <stddef.h>

struct array {
    void *items;
    size_t count;
    size_t capacity;
    size_t item_size;
};

#define ARRAY_OF(type)                                                                   \
    {                                                                                    \
        .item_size = sizeof(type)                                                        \
    }

void *array_push(struct array *array); /* a new zeroed item at the end */
void *array_at(const struct array *array, size_t index); /* NULL when out of range */
void array_remove(struct array *array, size_t index);
void array_clear(struct array *array);
void array_release(struct array *array);

#endif
