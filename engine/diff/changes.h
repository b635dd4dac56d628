/* diff/changes: where in the trees a comparison is, and the changes it finds there.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_DIFF_CHANGES_H
#define MWB_DIFF_CHANGES_H

#include "engine/diff/model.h"

struct diff_spot {
    struct diff_report *report;
    enum diff_kind node_kind;        /* DIFF_KINDS: the root */
    char *path;                      /* "orders.customer_id"; NULL: nothing yet */
    bool is_many, are_many_products; /* their names stand in front of paths */
    bool in_contract, in_data;       /* where it is looked */
    bool is_whole_only;              /* fields are not compared */
    bool is_bare;                    /* one side is data without a descriptor */
    bool is_drift;                   /* a promise is compared with its own data */
    bool merges; /* what was found already, from `merge_from` on, is found again */
    size_t merge_from;
    /* Names on the old side, borrowed from its tree. */
    const char *table, *column, *contract, *product;
};

/* One level further down, in this pair. */
struct diff_spot diff_spot_in(const struct diff_spot *outer,
                              const struct diff_node *before,
                              const struct diff_node *after);
void diff_spot_release(struct diff_spot *spot);

/* A thing was added, removed or renamed. `field` picks the rule; NULL: that of its kind.
 */
void diff_add_whole(struct diff_spot *spot, const struct diff_pair *pair,
                    const char *field);
/* A field of the spot's own thing changed. */
void diff_add_field(struct diff_spot *spot, const struct diff_pair *pair,
                    const char *field, const struct diff_turn *turn);

#endif
