/* pane: the list of kinds, and a pane's life. A kind is a line here and a file in panes/.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/pane.h"

#include <stdlib.h>

extern const struct pane_kind pane_kind_agreements;
extern const struct pane_kind pane_kind_card;
extern const struct pane_kind pane_kind_catalog;
extern const struct pane_kind pane_kind_cell;
extern const struct pane_kind pane_kind_chart;
extern const struct pane_kind pane_kind_column;
extern const struct pane_kind pane_kind_explain;
extern const struct pane_kind pane_kind_findings;
extern const struct pane_kind pane_kind_glance;
extern const struct pane_kind pane_kind_governance;
extern const struct pane_kind pane_kind_grid;
extern const struct pane_kind pane_kind_help;
extern const struct pane_kind pane_kind_history;
extern const struct pane_kind pane_kind_jobs;
extern const struct pane_kind pane_kind_journey;
extern const struct pane_kind pane_kind_quality;
extern const struct pane_kind pane_kind_lineage;
extern const struct pane_kind pane_kind_queries;
extern const struct pane_kind pane_kind_raw;
extern const struct pane_kind pane_kind_record;
extern const struct pane_kind pane_kind_request;
extern const struct pane_kind pane_kind_snippets;
extern const struct pane_kind pane_kind_sql;
extern const struct pane_kind pane_kind_consent;
extern const struct pane_kind pane_kind_doctor;
extern const struct pane_kind pane_kind_plan;
extern const struct pane_kind pane_kind_text;
extern const struct pane_kind pane_kind_versions;
extern const struct pane_kind pane_kind_welcome;

static const struct pane_kind *const kinds[] = {
    &pane_kind_lineage,    &pane_kind_governance, &pane_kind_glance,  &pane_kind_journey,
    &pane_kind_agreements, &pane_kind_request,    &pane_kind_column,  &pane_kind_findings,
    &pane_kind_raw,        &pane_kind_card,       &pane_kind_catalog, &pane_kind_chart,
    &pane_kind_grid,       &pane_kind_help,       &pane_kind_jobs,    &pane_kind_sql,
    &pane_kind_text,       &pane_kind_welcome,    &pane_kind_quality, &pane_kind_versions,
    &pane_kind_consent,    &pane_kind_doctor,     &pane_kind_plan,    &pane_kind_history,
    &pane_kind_snippets,   &pane_kind_queries,    &pane_kind_cell,    &pane_kind_record,
    &pane_kind_explain,
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
