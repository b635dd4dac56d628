/* catalog/lint_policies: policies that have the same id, and waivers of policies,
 * products and domains that are not there. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/lint_links.h"

#include "engine/store.h"

/* Each selects path, line, sentence. */
static const struct {
    const char *rule;
    bool is_error;
    const char *select;
} rules[] = {
    {"policy", true,
     "SELECT path,1,'the policy '||id||' is also in '||(SELECT min(o.path) FROM policy o "
     "WHERE o.id=p.id AND o.path<p.path) FROM policy p WHERE EXISTS(SELECT 1 FROM policy "
     "o WHERE o.id=p.id AND o.path<p.path)"},
    {"waiver", false,
     "SELECT path,line,'the waiver is of the policy '||policy||', which is not there' "
     "FROM waiver w WHERE NOT EXISTS(SELECT 1 FROM policy p WHERE p.id=w.policy COLLATE "
     "NOCASE)"},
    {"waiver", false,
     "SELECT path,line,'the waiver is of the product '||product||', which is not there' "
     "FROM waiver w WHERE product IS NOT NULL AND NOT EXISTS(SELECT 1 FROM product p "
     "WHERE p.id=w.product) AND NOT EXISTS(SELECT 1 FROM product p WHERE p.key=w.product "
     "COLLATE NOCASE)"},
    {"waiver", false,
     "SELECT path,line,'the waiver is of the domain '||domain||', which has no product' "
     "FROM waiver w WHERE domain IS NOT NULL AND NOT EXISTS(SELECT 1 FROM product p "
     "WHERE p.domain=w.domain)"},
};

void lint_policies(struct build *build)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        sqlite3_stmt *rows = store_prepare(build->db, rules[i].select, &build->failure);
        while (rows != NULL && store_step(rows, &build->failure) == STORE_ROW) {
            lint_links_tell(build,
                            (struct link_place){.path = store_text(rows, 0),
                                                .line = sqlite3_column_int(rows, 1)},
                            rules[i].is_error, rules[i].rule, store_text(rows, 2), NULL);
        }
        store_finish(rows);
    }
}
