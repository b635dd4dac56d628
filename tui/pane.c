/* pane: the list of kinds, and a pane's life. A kind is a line here and a file in panes/.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/pane.h"

#include <stdlib.h>

extern const struct pane_kind pane_kind_card;
extern const struct pane_kind pane_kind_catalog;
extern const struct pane_kind pane_kind_chart;
extern const struct pane_kind pane_kind_grid;
extern const struct pane_kind pane_kind_help;
extern const struct pane_kind pane_kind_jobs;
extern const struct pane_kind pane_kind_sql;
extern const struct pane_kind pane_kind_text;
extern const struct pane_kind pane_kind_welcome;

static const struct pane_kind *const kinds[] = {
    &pane_kind_card, &pane_kind_catalog, &pane_kind_chart,
    &pane_kind_grid, &pane_kind_help,    &pane_kind_jobs,
    &pane_kind_sql,  &pane_kind_text,    &pane_kind_welcome,
};

const struct pane_kind *const *pane_kinds(size_t *count)
{
    *count = sizeof kinds / sizeof kinds[0];
    return kinds;
}

const struct pane_kind *pane_kind_named(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (string_equal(kinds[i]->name, name)) {
            return kinds[i];
        }
    }
    return NULL;
}

struct pane *pane_new(struct screen *screen, struct workbench *workbench,
                      const struct pane_kind *kind, const char *argument)
{
    struct pane *pane = memory_new(sizeof *pane);

    pane->kind = kind;
    pane->screen = screen;
    pane->workbench = workbench;
    pane->state = kind->open != NULL ? kind->open(screen, argument) : NULL;
    return pane;
}

void pane_free(struct pane *pane)
{
    if (pane == NULL) {
        return;
    }
    if (pane->kind->close != NULL) {
        pane->kind->close(pane);
    }
    free(pane);
}
