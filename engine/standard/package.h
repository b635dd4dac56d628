/* standard/package: what the tables of Data Package share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_STANDARD_PACKAGE_H
#define MWB_STANDARD_PACKAGE_H

#include "engine/standard/shape.h"

enum { V2 = 20000 };

extern const struct standard_form standard_package_name, standard_package_license,
    standard_package_path_1, standard_package_path_2, standard_package_media,
    standard_package_hash;
extern const struct standard_shape standard_package_schema;

#endif
