/* lint/dcat: a catalog of DCAT-US: datasets that claim one identifier, that are part of
 * none, whose times are upside down.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lint/private.h"

#include <string.h>

/* "2001-01-01/2010-12-31" */
static void check_period(struct lint *lint, const struct document_value *period)
{
    const char *text = document_text(period);
    const char *slash = text != NULL ? strchr(text, '/') : NULL;
    if (slash != NULL && slash - text >= 10 && strlen(slash + 1) >= 10 &&
        text[0] >= '0' && text[0] <= '9' && slash[1] >= '0' && slash[1] <= '9' &&
        text[4] == '-' && slash[5] == '-' && strncmp(slash + 1, text, 10) < 0) {
        lint_tell(lint, period, true, "dates",
                  "the time that the data cover ends before it begins: %.60s", text);
    }
}

static void check_dataset(struct lint *lint, const struct document_value *datasets,
                          const struct document_value *dataset)
{
    const struct document_value *whole = document_get(dataset, "isPartOf");
    const char *text = document_text(whole);
    if (text != NULL &&
        lint_names_find(&lint->names, datasets, text, strlen(text)) == NULL) {
        lint_tell(lint, whole, false, "reference",
                  "the dataset is part of %.80s, which is not in this catalog", text);
    } else if (text != NULL &&
               string_equal(text, document_get_text(dataset, "identifier"))) {
        lint_tell(lint, whole, true, "self-feeding", "the dataset is part of itself");
    }
    check_period(lint, document_get(dataset, "temporal"));
    lint_named_once(lint, document_get(dataset, "keyword"),
                    (struct lint_once){.what = "the keyword", .is_warning = true});
}

void lint_dataset_catalog(struct lint *lint)
{
    static const char *const keys[] = {"identifier", NULL};
    const struct document_value *datasets = document_get(lint->root, "dataset");
    lint_names_add_list(&lint->names, datasets, keys);
    lint_names_sort(&lint->names);
    lint_named_once(lint, datasets,
                    (struct lint_once){.key = "identifier", .what = "the identifier"});
    for (size_t i = 0; i < document_count(datasets); i++) {
        check_dataset(lint, datasets, document_item(datasets, i));
    }
}
