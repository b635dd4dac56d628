/* catalog_opened: what is known of a product of the catalog's tree once it is opened.
 * Private to catalog_tree.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_PANES_CATALOG_OPENED_H
#define MWB_TUI_PANES_CATALOG_OPENED_H

#include "tui/panes/catalog_tree.h"

/* Unless it is loaded. What was open of its tables stays so while they are as many. */
bool tree_product_load(struct workbench *workbench, struct tree_product *product,
                       struct error *err);
/* Keeps what is open. */
void tree_product_unload(struct tree_product *product);
void tree_product_free(struct tree_product *product);

#endif
