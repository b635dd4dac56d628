/* standard/odcs: the shapes of a data contract that several of its tables need.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_STANDARD_ODCS_H
#define MWB_STANDARD_ODCS_H

#include "engine/standard/rows.h"

/* Versions in which something changed. */
enum {
    ODCS_2_2_2 = 20202,
    ODCS_3_0 = 30000,
    ODCS_3_0_1 = 30001,
    ODCS_3_0_2 = 30002,
    ODCS_3_1 = 30100,
    ODCS_3_2 = 30200,
};

extern const struct standard_shape standard_odcs_custom, standard_odcs_definition,
    standard_odcs_role, standard_odcs_server, standard_odcs_context, standard_odcs_rule,
    standard_odcs_object_relation, standard_odcs_property_relation, standard_odcs_object,
    standard_odcs_dataset;

/* Rows that stand at many places. */
#define ODCS_ID                                                                          \
    FORMED("id", &standard_form_id,                                                      \
           "A name for this entry that stays, so that others can refer to it; unique "   \
           "in its list.",                                                               \
           .since = ODCS_3_1)
#define ODCS_CUSTOM_SINCE(version)                                                       \
    LIST_OF("customProperties", &standard_odcs_custom,                                   \
            "What the standard has no field for, as properties with values.",            \
            .since = version)
#define ODCS_DEFINITIONS_SINCE(version)                                                  \
    LIST_OF("authoritativeDefinitions", &standard_odcs_definition,                       \
            "Links to the places that say more, or have the last word.",                 \
            .since = version)
#define ODCS_TAGS_SINCE(version)                                                         \
    LIST_OF("tags", &standard_a_text, "Words to group and find it by.", .since = version)

#endif
