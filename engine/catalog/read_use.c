/* catalog/read_use: use that teams tell each other of, usage/TEAM.jsonl: a line for each
 * day, product, table and column, as `usage --share` writes them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"

#include <string.h>

#include "engine/document.h"

enum { MOST_USE_LINES = 250000, MOST_USE_FINDINGS = 100 };

static bool add_use(struct build *build, const char *path, int line,
                    const struct document_value *use)
{
    const char *product = document_get_text(use, "product");
    const char *day = document_get_text(use, "day");
    if (product == NULL || day == NULL) {
        return false;
    }
    build_insert(build, INSERT_SHARED_USE, "ssssssssssi", day,
                 document_get_text(use, "team"), product, document_get_text(use, "table"),
                 document_get_text(use, "column"), document_get_text(use, "statements"),
                 document_get_text(use, "rows"), document_get_text(use, "saved_query"),
                 product, path, line);
    return true;
}

void read_shared_use(struct build *build, const char *path, const char *text)
{
    int findings = 0;
    for (int line = 1; *text != '\0' && line <= MOST_USE_LINES; line++) {
        size_t length = strcspn(text, "\n");
        struct document_place place = {1, 1};
        struct error err = {0};
        struct document *document =
            length > 0 ? document_parse(text, length, DOCUMENT_JSON, &place, &err) : NULL;
        bool good = length == 0 || (document != NULL &&
                                    add_use(build, path, line, document_root(document)));
        if (!good && findings++ < MOST_USE_FINDINGS) {
            place.line = line;
            build_problem(build, path, place, true, "use",
                          "a line of shared use is a JSON object with day and product; "
                          "this one is left out");
        }
        document_free(document);
        text += length + (text[length] == '\n' ? 1 : 0);
    }
}
