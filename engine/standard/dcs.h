/* standard/dcs: what the tables of the Data Contract Specification share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_STANDARD_DCS_H
#define MWB_STANDARD_DCS_H

#include "engine/standard/shape.h"

enum { /* the versions in which something changed */
       V0_9_1 = 901,
       V0_9_2 = 902,
       V0_9_3 = 903,
       V1_1_0 = 10100,
       V1_2_0 = 10200,
       V1_2_1 = 10201,
};

extern const struct standard_form standard_dcs_name;
extern const struct standard_shape standard_dcs_servers, standard_dcs_models,
    standard_dcs_definitions_0_9, standard_dcs_definitions, standard_dcs_links;

#endif
