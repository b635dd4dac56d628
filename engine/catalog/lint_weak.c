/* catalog: stands in for lint until lint.c is linked.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog.h"

__attribute__((weak)) bool catalog_lint(const char *const *paths, size_t count,
                                        bool schema_only, struct array *problems,
                                        struct error *err)
{
    (void)paths;
    (void)count;
    (void)schema_only;
    (void)problems;
    return error_set(err, ERROR_FAILED, "lint is not linked in");
}
