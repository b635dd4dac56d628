/* gate/agreed: what for, as an agreement of the person's team says it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/gate/private.h"

#include "engine/store.h"

/* A date that is none opens nothing. */
static const char select_purpose[] =
    "SELECT a.purpose FROM product p JOIN agreement a ON a.named COLLATE NOCASE "
    "IN(p.key,p.id) WHERE p.rowid=?1 AND lower(a.consumer_team)=lower(?2) AND "
    "lower(a.status)='approved' AND trim(coalesce(a.purpose,''))<>'' AND "
    "(coalesce(a.start_date,'')='' OR date(substr(a.start_date,1,10))<="
    "date(?3,'unixepoch')) AND (coalesce(a.end_date,'')='' OR "
    "date(substr(a.end_date,1,10))>=date(?3,'unixepoch')) ORDER BY a.rowid LIMIT 1";

char *gate_agreed_purpose(const struct gate_spec *spec,
                          const struct catalog_product *product)
{
    if (spec->team == NULL || spec->team[0] == '\0') {
        return NULL;
    }
    return store_string(catalog_database(spec->catalog), select_purpose, "lsl",
                        product->entry.row, spec->team, catalog_now(spec->catalog));
}
