/* catalog_marks: products that a person marked in the catalog, to get them together.
 * Private to panes. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_PANES_CATALOG_MARKS_H
#define MWB_TUI_PANES_CATALOG_MARKS_H

#include "tui/panes/catalog_tree.h"

struct catalog_marks {
    struct array ids; /* of char *, in their order */
};

void marks_release(struct catalog_marks *marks);
void marks_clear(struct catalog_marks *marks); /* may be used on */
bool marks_have(const struct catalog_marks *marks, const char *id);
/* Mark the product of the line, or take its mark away; of a domain all its products that
 * the filter lets through: marks them unless all are. */
void marks_toggle(struct catalog_marks *marks, const struct catalog_tree *tree,
                  const struct tree_line *line);
/* What a verb on this line is about: what is marked, else the product, else the products
 * of the domain. Array of char *, yours with marks_release(). */
struct catalog_marks marks_meant(const struct catalog_marks *marks,
                                 const struct catalog_tree *tree,
                                 const struct tree_line *line);

#endif
