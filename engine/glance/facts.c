/* glance/facts: what proves a level of a domain's journey: rows that are there, or rows
 * that may not be there.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/glance/journey.h"

#define COUNT_OF(list) (sizeof(list) / sizeof *(list))
#define DOMAINS "SELECT name FROM mesh.domain WHERE name IS NOT NULL ORDER BY rowid"

#define OWNING                                                                           \
    "SELECT d.name AS domain, t.name AS team, t.type, t.contact\n"                       \
    "  FROM mesh.domain d JOIN mesh.team t ON t.name=d.team OR t.domain=d.name"

#define ASKS                                                                             \
    "SELECT t.domain, u.day, u.team, p.key AS product\n"                                 \
    "  FROM (" USE_EVER ") u\n"                                                          \
    "  JOIN mesh.product p ON p.rowid=u.row JOIN mesh.team t ON t.name=u.team"

#define OWN_PRODUCTS                                                                     \
    "SELECT p.domain, p.key AS product, p.status, p.tables, p.path\n"                    \
    "  FROM mesh.product p WHERE p.tables>0 AND NOT " IS_OPERATIONAL

#define CONTRACTS_OF                                                                     \
    "SELECT p.domain, p.key AS product, o.name AS port, c.id AS contract, "              \
    "c.version,\n"                                                                       \
    "    c.status, c.path\n"                                                             \
    "  FROM mesh.product p JOIN mesh.port o ON o.product_row=p.rowid AND "               \
    "o.dir='out'\n"                                                                      \
    "  JOIN mesh.contract c ON c.rowid=o.contract_row"

#define RULES_RAN                                                                        \
    "SELECT p.domain, p.key AS product, n.at, n.result, n.passed, n.warnings,\n"         \
    "    n.failed, n.errors, n.not_run\n"                                                \
    "  FROM ledger.check_run n JOIN mesh.product p ON p.key=n.product COLLATE "          \
    "NOCASE\n"                                                                           \
    "  WHERE n.mesh=(SELECT path FROM mesh.mesh) AND n.passed+n.warnings+n.failed>0"

#define SAVED_QUERIES                                                                    \
    "WITH asked AS (\n"                                                                  \
    "    " ASKED_DAYS_90 ")\n"                                                           \
    "  SELECT DISTINCT p.domain, a.day, a.team, a.saved_query, p.key AS product\n"       \
    "  FROM asked a JOIN mesh.product p ON p.rowid=a.row\n"                              \
    "  WHERE a.saved_query IS NOT NULL AND NOT " IS_OPERATIONAL

#define ASKS_OPERATIONAL                                                                 \
    "SELECT t.domain, u.day, u.team, p.key AS product\n"                                 \
    "  FROM (" USE_DAYS_30 ") u\n"                                                       \
    "  JOIN mesh.product p ON p.rowid=u.row JOIN mesh.team t ON t.name=u.team\n"         \
    "  WHERE " IS_OPERATIONAL

#define RUNNING_AGREEMENTS                                                               \
    "SELECT t.domain, a.id, a.product_id, a.purpose, a.start_date, a.end_date, "         \
    "a.path\n"                                                                           \
    "  FROM mesh.agreement a JOIN mesh.team t ON t.name=a.consumer_team\n"               \
    "  LEFT JOIN mesh.product p ON p.id=a.product_id\n"                                  \
    "  WHERE a.status='approved' AND coalesce(a.start_date,'')<={today}\n"               \
    "    AND coalesce(a.end_date,'9999')>={today} AND t.domain IS NOT p.domain"

#define FOREIGN_JOINS                                                                    \
    "WITH asked AS MATERIALIZED (\n"                                                     \
    "    " ASKED_DAYS_30 ")\n"                                                           \
    "  SELECT DISTINCT t.domain, a.day, a.team, p.key AS own, q.key AS \"foreign\",\n"   \
    "    a.saved_query, a.sql\n"                                                         \
    "  FROM asked a JOIN asked b ON b.asked=a.asked\n"                                   \
    "  JOIN mesh.product p ON p.rowid=a.row JOIN mesh.product q ON q.rowid=b.row\n"      \
    "  JOIN mesh.team t ON t.name=a.team\n"                                              \
    "  WHERE p.domain=t.domain AND q.team IS NOT a.team AND q.domain IS NOT t.domain"

#define REPRESENTATIVES                                                                  \
    "SELECT DISTINCT p.domain, g.name AS guild, m.username\n"                            \
    "  FROM mesh.team g JOIN mesh.member m ON m.owner_kind='team' AND "                  \
    "m.owner_id=g.name\n"                                                                \
    "  JOIN mesh.member o ON o.username=m.username AND o.owner_kind='product'\n"         \
    "  JOIN mesh.product p ON p.id=o.owner_id\n"                                         \
    "  WHERE g.type='guild' AND coalesce(m.date_out,'9999')>{today}\n"                   \
    "  UNION SELECT t.domain, g.name, m.username FROM mesh.team g\n"                     \
    "  JOIN mesh.member m ON m.owner_kind='team' AND m.owner_id=g.name\n"                \
    "  JOIN mesh.member o ON o.username=m.username AND o.owner_kind='team'\n"            \
    "  JOIN mesh.team t ON t.name=o.owner_id WHERE g.type='guild' AND t.domain IS "      \
    "NOT NULL"

#define ACTIVE                                                                           \
    "SELECT p.domain, p.key AS product, p.version, p.path\n"                             \
    "  FROM mesh.product p WHERE p.status='active' AND EXISTS(SELECT 1 FROM "            \
    "mesh.port o\n"                                                                      \
    "    WHERE o.product_row=p.rowid AND o.dir='out')"

#define INVALID                                                                          \
    "SELECT DISTINCT p.domain, p.key AS product, b.path, b.line, b.rule, b.sentence\n"   \
    "  FROM mesh.product p LEFT JOIN mesh.port o ON o.product_row=p.rowid\n"             \
    "    AND o.dir='out' LEFT JOIN mesh.contract c ON c.rowid=o.contract_row\n"          \
    "  JOIN mesh.problem b ON b.path IN(p.path,c.path)\n"                                \
    "  WHERE p.status='active' AND b.severity='error'"

#define NOT_KEPT                                                                         \
    "SELECT v.domain, n.policy, y.title, y.severity, v.product, v.sentence, v.path,\n"   \
    "    v.line\n"                                                                       \
    "  FROM ledger.policy_run n JOIN ledger.policy_row v ON v.run=n.id\n"                \
    "  LEFT JOIN mesh.policy y ON y.id=n.policy\n"                                       \
    "  WHERE n.id IN " NEWEST_POLICIES "\n"                                              \
    "    AND coalesce(v.waived,0)=0 AND coalesce(y.severity,'error')<>'info'\n"          \
    "  UNION ALL SELECT d.name, y.id, y.title, y.severity, NULL, 'never run', "          \
    "y.path,\n"                                                                          \
    "    y.line FROM mesh.domain d JOIN mesh.policy y\n"                                 \
    "  WHERE coalesce(y.severity,'error')<>'info' AND NOT EXISTS(SELECT 1\n"             \
    "    FROM ledger.policy_run n WHERE n.mesh=(SELECT path FROM mesh.mesh)\n"           \
    "      AND n.policy=y.id)"

#define UNCHECKED                                                                        \
    "WITH newest AS (SELECT * FROM ledger.check_run WHERE id IN " NEWEST_CHECKS ")\n"    \
    "  SELECT p.domain, p.key AS product, n.contract, n.at,\n"                           \
    "    coalesce(n.result,'never checked') AS result\n"                                 \
    "  FROM mesh.product p LEFT JOIN newest n ON n.product=p.key\n"                      \
    "  WHERE p.status='active' AND (n.id IS NULL OR n.at<{a day ago}\n"                  \
    "    OR n.result NOT IN('passed','warning'))"

#define USED_BY_OTHERS                                                                   \
    "SELECT p.domain, u.day, u.team, p.key AS product\n"                                 \
    "  FROM (" USE_DAYS_90 ") u\n"                                                       \
    "  JOIN mesh.product p ON p.rowid=u.row LEFT JOIN mesh.team t ON t.name=u.team\n"    \
    "  WHERE u.team IS NOT NULL AND u.team IS NOT p.team AND t.domain IS NOT p.domain"

/* ---- The table ---- */

#define FACT(key, facts)                                                                 \
    {                                                                                    \
        key, facts, NULL, NULL, FORM_COUNT, ""                                           \
    }

/* Both lists go side by side. */
static const struct glance_part parts[] = {
    FACT("team", OWNING),
    FACT("asks", ASKS),
    FACT("own-data", OWN_PRODUCTS),
    FACT("contract", CONTRACTS_OF),
    FACT("rule-ran", RULES_RAN),
    FACT("saved-query", SAVED_QUERIES),
    FACT("operational", ASKS_OPERATIONAL),
    FACT("agreement", RUNNING_AGREEMENTS),
    FACT("joins", FOREIGN_JOINS),
    FACT("guild", REPRESENTATIVES),
    FACT("active", ACTIVE),
    FACT("valid", INVALID),
    FACT("policies", NOT_KEPT),
    FACT("checked", UNCHECKED),
    FACT("used", USED_BY_OTHERS),
};

const struct journey_fact journey_facts[] = {
    {"a team owns it", 0, false, "Name the team that owns it in mesh.yaml.",
     "raw mesh.yaml"},
    {"its team asks questions of data", 1, false,
     "Bring the domain's own data here and ask a first question.", "get {product}"},
    {"it has analytical tables of its own", 2, false,
     "Clean the operational data into a table of your own: a view or a saved query.",
     "saved"},
    {"a contract says what they hold", 2, false, "Write a contract for each table.",
     "raw {product}"},
    {"a rule of its contracts ran", 2, false, "Run the checks of a product.",
     "check {product}"},
    {"saved queries read them in 90 days", 2, false,
     "Keep the questions that come back as saved queries.", "saved"},
    {"no operational copy read in 30 days", 2, true,
     "Move those questions to cleaned data.", "journey {domain} operational"},
    {"an agreement on foreign data runs", 3, false,
     "Find a product of another domain and ask for it.", "request {foreign}"},
    {"own and foreign data joined in 30 days", 3, false,
     "Join the domain's own data with a product of another team.", "get {foreign}"},
    {"it is represented in the guild", 3, false,
     "Send somebody: a member of a team of the type guild in mesh.yaml.",
     "raw mesh.yaml"},
    {"an active product is published", 4, false,
     "Publish a product: an output port under a contract, status active.",
     "raw {product}"},
    {"its descriptors are valid", 4, true, "Mend what is wrong in its descriptors.",
     "journey {domain} valid"},
    {"it keeps to all policies", 4, true, "Mend or waive what the policies found.",
     "journey {domain} policies"},
    {"all its checks passed within a day", 4, true, "Run the checks of its products.",
     "journey {domain} checked"},
    {"another team used it in 90 days", 4, false,
     "Show it to the teams that could use it; see who reads what.", "usage {product}"},
};
const size_t journey_fact_count = COUNT_OF(journey_facts);
_Static_assert(COUNT_OF(parts) == COUNT_OF(journey_facts), "a part for each fact");

const struct glance_plan glance_journey_plan = {
    "journey", "Journey", "Facts that prove a level of each domain.",
    "domain",  NULL,      DOMAINS,
    NULL,      parts,     COUNT_OF(parts)};
