/* policy/ask: whom to ask for more.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/policy/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/store.h"
#include "engine/text.h"

static char *without_scheme(char *address)
{
    static const char scheme[] = "mailto:";
    if (address != NULL && string_starts(address, scheme)) {
        memmove(address, address + sizeof scheme - 1,
                strlen(address) - (sizeof scheme - 1) + 1);
    }
    return address;
}

/* Its team, an owner who is still there, a channel for questions, the team's name. */
char *owner_contact(const struct catalog *catalog, const struct catalog_product *product)
{
    static const char *const places[] = {
        "SELECT t.contact FROM product p JOIN team t ON p.team IN(t.name,t.id) WHERE "
        "p.rowid=?1 AND t.contact<>'' LIMIT 1",
        "SELECT m.username FROM product p JOIN member m ON m.owner_kind='product' AND "
        "m.owner_id=p.id WHERE p.rowid=?1 AND lower(m.role) LIKE '%owner%' AND "
        "coalesce(m.date_out,'9')>date(?2,'unixepoch') LIMIT 1",
        "SELECT m.username FROM port o JOIN member m ON m.owner_kind='contract' AND "
        "m.owner_id=o.contract_id WHERE o.product_row=?1 AND lower(m.role) LIKE "
        "'%owner%' "
        "AND coalesce(m.date_out,'9')>date(?2,'unixepoch') LIMIT 1",
        "SELECT coalesce(s.url,s.channel) FROM product p JOIN support s ON "
        "s.owner_kind='product' AND s.owner_id=p.id WHERE p.rowid=?1 AND "
        "coalesce(s.scope,'')<>'announcements' LIMIT 1",
        "SELECT p.team FROM product p WHERE p.rowid=?1 AND p.team<>''",
    };
    char *contact = NULL;
    for (size_t i = 0; contact == NULL && i < sizeof places / sizeof *places; i++) {
        contact = store_string(catalog_database(catalog), places[i], "ll",
                               product->entry.row, catalog_now(catalog));
    }
    return without_scheme(contact);
}

/* Those who look after the mesh as a whole. */
char *mesh_contact(const struct catalog *catalog)
{
    return without_scheme(store_string(
        catalog_database(catalog),
        "SELECT coalesce(contact,name) FROM team WHERE type IN('guild','platform') ORDER "
        "BY type,rowid LIMIT 1",
        ""));
}
