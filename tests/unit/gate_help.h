/* gate_help: a mesh whose columns are named as they are classified, for tests of the
 * gate. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_GATE_HELP_H
#define MWB_TESTS_GATE_HELP_H

#include "bed.h"

/* A product of one table with columns "name:classification", blanks between; a name alone
 * is not classified. */
static inline void gate_describe(struct bed *bed, const char *product, const char *table,
                                 const char *columns)
{
    struct error err = {0};
    struct text text = {0};
    char *folder = string_printf("%s/test/%s-%s", bed->mesh, product, table);
    char *path = path_join(folder, "contract.odcs.yaml");
    text_printf(&text,
                "kind: DataContract\napiVersion: v3.1.0\nid: %s\nname: %s\n"
                "version: 1.0.0\nstatus: active\ndomain: test\nschema:\n  - name: %s\n"
                "    properties:\n",
                product, product, table);
    while (*columns != '\0') {
        int name = (int)strcspn(columns, ": ");
        int whole = (int)strcspn(columns, " ");
        text_printf(&text, "      - name: %.*s\n        logicalType: string\n", name,
                    columns);
        if (whole > name) {
            text_printf(&text, "        classification: %.*s\n", whole - name - 1,
                        columns + name + 1);
        }
        columns += whole + (columns[whole] == ' ');
    }
    path_make_folders(folder, &err);
    bed_write(path, text_string(&text));
    text_release(&text);
    free(folder);
    free(path);
}

static inline void gate_mesh(struct bed *bed, const char *rules)
{
    char *path = path_join(bed->mesh, "mesh.yaml");
    char *text = string_printf("name: gate\n%s", rules);
    bed_write(path, text);
    free(text);
    free(path);
}

#endif
