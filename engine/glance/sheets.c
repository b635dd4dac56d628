/* glance/sheets: what stands on each sheet, as SELECTs over the catalog and the ledger.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/glance/private.h"

#define COUNT_OF(parts) (sizeof(parts) / sizeof *(parts))
#define DOMAINS "SELECT name FROM mesh.domain WHERE name IS NOT NULL ORDER BY rowid"

/* ---- Facts ---- */

#define PORTS                                                                            \
    "SELECT coalesce(q.domain,'(none)') AS consumer, coalesce(p.domain,'(none)') AS "    \
    "provider,\n"                                                                        \
    "    q.key AS reader, i.name AS input_port, p.key AS product,\n"                     \
    "    o.name AS output_port, i.contract_id AS contract, o.deprecated, i.path, "       \
    "i.line\n"                                                                           \
    "  FROM mesh.port i JOIN mesh.product q ON q.rowid=i.product_row\n"                  \
    "  JOIN mesh.port o ON o.contract_id=i.contract_id AND o.dir='out'\n"                \
    "  JOIN mesh.product p ON p.rowid=o.product_row\n"                                   \
    "  WHERE i.dir='in'"

#define AGREEMENTS                                                                       \
    "SELECT " CONSUMER_DOMAIN " AS consumer,\n"                                          \
    "    coalesce(p.domain,'(none)') AS provider, a.id, a.product_id, a.port,\n"         \
    "    a.consumer_team, CASE WHEN a.status<>'approved' THEN a.status\n"                \
    "      WHEN a.end_date<{today} THEN 'over'\n"                                        \
    "      WHEN a.start_date>{today} THEN 'to come'\n"                                   \
    "      WHEN a.reassess_date<{today} THEN 'to be looked at again'\n"                  \
    "      ELSE 'running' END AS state,\n"                                               \
    "    a.purpose, a.start_date, a.end_date, a.reassess_date, a.path\n"                 \
    "  FROM mesh.agreement a LEFT JOIN mesh.team t ON t.name=a.consumer_team\n"          \
    "  LEFT JOIN mesh.product p ON p.id=a.product_id\n"                                  \
    "  WHERE a.status IN('approved','requested')"

#define JOINS                                                                            \
    "WITH asked AS MATERIALIZED (\n"                                                     \
    "    " ASKED_DAYS_30 ")\n"                                                           \
    "  SELECT DISTINCT coalesce(p.domain,'(none)') AS one, "                             \
    "coalesce(q.domain,'(none)') AS other,\n"                                            \
    "    a.asked, a.day, a.team, a.saved_query, a.sql\n"                                 \
    "  FROM asked a JOIN asked b ON b.asked=a.asked AND b.row<>a.row\n"                  \
    "  JOIN mesh.product p ON p.rowid=a.row JOIN mesh.product q ON q.rowid=b.row"

#define PRODUCTS                                                                         \
    "SELECT coalesce(p.domain,'(none)') AS domain, CASE p.type WHEN 'sourceAligned' "    \
    "THEN 'source'\n"                                                                    \
    "      WHEN 'consumerAligned' THEN 'consumer' ELSE "                                 \
    "coalesce(p.type,d.class,'(none)') END AS class,\n"                                  \
    "    p.key AS product, p.status, p.team, p.version, p.tables, p.path, p.line\n"      \
    "  FROM mesh.product p LEFT JOIN mesh.domain d ON d.name=p.domain"

/* The rule of catalog_freshness_of(), from what index and ledger know. */
#define FRESHNESS                                                                        \
    "WITH newest AS (SELECT max(id) AS id FROM ledger.fetch\n"                           \
    "    WHERE mesh=(SELECT path FROM mesh.mesh) AND outcome<>'failed'\n"                \
    "    GROUP BY product, outcome),\n"                                                  \
    "  looked AS (SELECT f.product, max(f.id), unixepoch(f.at) AS at\n"                  \
    "    FROM newest n JOIN ledger.fetch f ON f.id=n.id GROUP BY f.product),\n"          \
    "  seen AS (SELECT f.product, max(f.id), unixepoch(f.source_changed) AS changed\n"   \
    "    FROM newest n JOIN ledger.fetch f ON f.id=n.id\n"                               \
    "    WHERE f.source_changed IS NOT NULL GROUP BY f.product),\n"                      \
    "  known AS (SELECT p.rowid AS row, f.period, max(coalesce(f.changed,0),\n"          \
    "      coalesce(s.changed,0)) AS changed, CASE WHEN l.at IS NULL OR\n"               \
    "      f.changed>0 THEN unixepoch({now}) ELSE l.at END AS looked\n"                  \
    "    FROM mesh.product p LEFT JOIN mesh.freshness f ON f.product_row=p.rowid\n"      \
    "    LEFT JOIN looked l ON l.product=p.key LEFT JOIN seen s ON "                     \
    "s.product=p.key),\n"                                                                \
    "  due AS (SELECT *, min(changed,unixepoch({now}))+period AS due FROM known)\n"      \
    "  SELECT coalesce(p.domain,'(none)') AS domain, CASE\n"                             \
    "      WHEN coalesce(k.period,0)<=0 OR k.changed<=0 THEN 'unknown'\n"                \
    "      WHEN unixepoch({now})<=k.due THEN 'fresh'\n"                                  \
    "      WHEN "                                                                        \
    "min(k.looked,unixepoch({now}))>k.due+max(3600,min(86400,k.period/4))\n"             \
    "      THEN 'late' ELSE 'due' END AS state,\n"                                       \
    "    p.key AS product, p.frequency AS promised_every,\n"                             \
    "    strftime('%Y-%m-%dT%H:%M:%SZ',nullif(k.changed,0),'unixepoch') AS changed,\n"   \
    "    strftime('%Y-%m-%dT%H:%M:%SZ',k.looked,'unixepoch') AS looked\n"                \
    "  FROM due k JOIN mesh.product p ON p.rowid=k.row"

#define CHECKS                                                                           \
    "SELECT coalesce(p.domain,'(none)') AS domain, r.outcome, p.key AS product,\n"       \
    "    n.contract, r.object, r.property, r.rule, r.metric, r.dimension, "              \
    "r.severity,\n"                                                                      \
    "    r.value, r.threshold, r.reason, n.at\n"                                         \
    "  FROM ledger.check_run n JOIN ledger.check_result r ON r.run=n.id\n"               \
    "  JOIN mesh.product p ON p.key=n.product COLLATE NOCASE\n"                          \
    "  WHERE n.id IN " NEWEST_CHECKS

#define VIOLATIONS                                                                       \
    "SELECT coalesce(nullif(v.domain,''),'(none)') AS domain, n.policy, y.title,\n"      \
    "    y.severity, v.product, v.sentence, v.path, v.line, n.at\n"                      \
    "  FROM ledger.policy_run n JOIN ledger.policy_row v ON v.run=n.id\n"                \
    "  LEFT JOIN mesh.policy y ON y.id=n.policy\n"                                       \
    "  WHERE n.id IN " NEWEST_POLICIES "\n"                                              \
    "    AND coalesce(v.waived,0)=0"

/* A row for each violation, and one where there is none: the figures are of the run. */
#define ADOPTION                                                                         \
    "SELECT coalesce(nullif(d.domain,''),'(none)') AS domain, n.policy, y.title,\n"      \
    "    d.products, d.violating, v.product, v.sentence, v.waived, v.path, v.line, "     \
    "n.at\n"                                                                             \
    "  FROM ledger.policy_run n JOIN ledger.policy_domain d ON d.run=n.id\n"             \
    "  LEFT JOIN mesh.policy y ON y.id=n.policy\n"                                       \
    "  LEFT JOIN ledger.policy_row v ON v.run=n.id AND v.domain IS d.domain\n"           \
    "  WHERE n.id IN " NEWEST_POLICIES "\n"                                              \
    "    AND d.products>0 AND n.outcome IN('holds','violated','warned')"

#define USE                                                                              \
    "SELECT " USER_DOMAIN " AS consumer, coalesce(p.domain,'(none)') AS provider,\n"     \
    "    u.day, u.team, p.key AS product, p.team AS owner\n"                             \
    "  FROM (" USE_DAYS_30 ") u\n"                                                       \
    "  JOIN mesh.product p ON p.rowid=u.row LEFT JOIN mesh.team t ON t.name=u.team"

/* One row for each domain whose teams read a domain's products. */
#define READERS                                                                          \
    "SELECT DISTINCT coalesce(p.domain,'(none)') AS domain, t.domain AS reader\n"        \
    "  FROM (" USE_DAYS_90 ") u\n"                                                       \
    "  JOIN mesh.product p ON p.rowid=u.row JOIN mesh.team t ON t.name=u.team\n"         \
    "  WHERE t.domain<>p.domain"

#define COST                                                                             \
    "SELECT coalesce(p.domain,'(none)')||CASE WHEN (SELECT count(DISTINCT currency) "    \
    "FROM mesh.cost)>1\n"                                                                \
    "      THEN ' '||c.currency ELSE '' END AS domain, c.month, p.key AS product,\n"     \
    "    c.amount, c.currency, c.category, c.path, c.line\n"                             \
    "  FROM mesh.cost c LEFT JOIN mesh.product p ON p.id=c.product_id\n"                 \
    "  WHERE c.month>=substr({since 365},1,7)"

#define COST_OF_LAST_MONTH                                                               \
    "SELECT coalesce(p.domain,'(none)') AS domain, p.key AS product, c.amount, "         \
    "c.currency,\n"                                                                      \
    "    c.category, c.path, c.line\n"                                                   \
    "  FROM mesh.cost c JOIN mesh.product p ON p.id=c.product_id\n"                      \
    "  WHERE c.month={last month}"

#define WITHOUT_COST                                                                     \
    "SELECT coalesce(p.domain,'(none)') AS domain, p.key AS product, p.team\n"           \
    "  FROM mesh.product p WHERE p.status='active' AND EXISTS(SELECT 1 FROM "            \
    "mesh.cost)\n"                                                                       \
    "    AND NOT EXISTS(SELECT 1 FROM mesh.cost c\n"                                     \
    "      WHERE c.product_id=p.id AND c.month={last month})"

/* Agreements older than the oldest use that is known tell nothing. */
#define WAITING                                                                          \
    "WITH used AS MATERIALIZED (\n"                                                      \
    "    " USE_EVER "),\n"                                                               \
    "  asked AS (SELECT a.rowid AS row, a.*, a.start_date AS since FROM "                \
    "mesh.agreement a)\n"                                                                \
    "  SELECT " CONSUMER_DOMAIN " AS consumer,\n"                                        \
    "    coalesce(p.domain,'(none)') AS provider, a.id, a.product_id, "                  \
    "a.consumer_team,\n"                                                                 \
    "    a.status, a.since, min(u.day) AS first_read,\n"                                 \
    "    CAST(julianday(min(u.day))-julianday(a.since) AS INTEGER) AS days\n"            \
    "  FROM asked a LEFT JOIN mesh.team t ON t.name=a.consumer_team\n"                   \
    "  LEFT JOIN mesh.product p ON p.id=a.product_id\n"                                  \
    "  LEFT JOIN used u ON u.row=p.rowid AND u.team=a.consumer_team AND "                \
    "u.day>=a.since\n"                                                                   \
    "  WHERE a.since>=(SELECT min(day) FROM used) GROUP BY a.row"

/* ---- Sheets ---- */

static const struct glance_part domains[] = {
    {"products", PRODUCTS, NULL, NULL, FORM_COUNT, "Products of {row}: {text}"},
    {"readers", READERS, NULL, "1", FORM_COUNT,
     "Other domains that read products of {row} in 90 days: {text}"},
    {"agreed",
     "SELECT provider AS domain, * FROM (\n  " AGREEMENTS ")\n  WHERE state IN('running',"
     "'to be looked at again')",
     NULL, "CASE WHEN sum(state<>'running')>0 THEN 2 ELSE 1 END", FORM_COUNT,
     "Running agreements on products of {row}: {text}"},
    {"late", "SELECT * FROM (\n  " FRESHNESS ")\n  WHERE state='late'", NULL, "3",
     FORM_COUNT, "Late products of {row}: {text}"},
    {"failing", CHECKS " AND r.outcome IN('failed','error')", NULL, "3", FORM_COUNT,
     "Checks of {row} that failed in their newest runs: {text}"},
    {"violations", VIOLATIONS, NULL,
     "CASE WHEN sum(severity='error')>0 THEN 3 ELSE 2 END", FORM_COUNT,
     "Violations of policies in {row}, waived ones left out: {text}"},
    {"cost", COST_OF_LAST_MONTH, "sum(amount)",
     "CASE WHEN count(DISTINCT currency)>1 THEN 2 ELSE 0 END", FORM_MONEY,
     "Costs of {row} in the last month: {text}"},
    {"no cost", WITHOUT_COST, NULL, "2", FORM_COUNT,
     "Active products of {row} that report no costs of last month: {text}"},
};

static const struct glance_part ports[] = {
    {NULL, PORTS, NULL, "CASE WHEN sum(deprecated)>0 THEN 3 ELSE 0 END", FORM_COUNT,
     "Output ports of {column} that products of {row} read: {text}"}};

static const struct glance_part agreements[] = {
    {NULL, AGREEMENTS, NULL,
     "CASE WHEN sum(state='over')>0 THEN 3 WHEN sum(state<>'running')>0 THEN 2 ELSE 1 "
     "END",
     FORM_COUNT, "Agreements of {row} on products of {column}: {text}"}};

static const struct glance_part joins[] = {
    {NULL, JOINS, NULL, "1", FORM_COUNT,
     "Questions of 30 days that joined {row} with {column}: {text}"}};

static const struct glance_part products[] = {
    {NULL, PRODUCTS, NULL, NULL, FORM_COUNT,
     "Products of {row}, class {column}: {text}"}};

static const struct glance_part adoption[] = {
    {NULL, ADOPTION, "100.0*(max(products)-max(violating))/max(products)",
     "CASE WHEN max(violating)=0 THEN 1 WHEN max(violating)=max(products) THEN 3 ELSE 2 "
     "END",
     FORM_PERCENT, "Products of {column} that keep to {row}: {text}"}};

static const struct glance_part freshness[] = {
    {NULL, FRESHNESS, NULL,
     "CASE max(state) WHEN 'late' THEN 3 WHEN 'due' THEN 2 WHEN 'fresh' THEN 1 ELSE 0 "
     "END",
     FORM_COUNT, "Products of {row} that are {column}: {text}"}};

static const struct glance_part checks[] = {
    {NULL, CHECKS, NULL,
     "CASE max(outcome) WHEN 'passed' THEN 1 WHEN 'failed' THEN 3 WHEN 'error' THEN 3 "
     "ELSE 2 END",
     FORM_COUNT, "Checks of {row}, {column} in their newest runs: {text}"}};

static const struct glance_part uses[] = {
    {NULL, USE, NULL, "CASE WHEN max(team IS NOT owner) THEN 1 ELSE 0 END", FORM_COUNT,
     "Days of 30 on which {row} read products of {column}, by team and product: {text}"}};

static const struct glance_part costs[] = {
    {NULL, COST, "sum(amount)", NULL, FORM_MONEY, "Costs of {row} in {column}: {text}"}};

static const struct glance_part waiting[] = {
    {NULL, WAITING, "avg(days)",
     "CASE WHEN avg(days) IS NULL THEN 2 WHEN avg(days)>30 THEN 2 ELSE 1 END", FORM_DAYS,
     "From asking for data of {column} to the first question of {row}, on average: "
     "{text}"}};

#define DOMAIN_BY_DOMAIN(row, column) row, column, DOMAINS, DOMAINS

const struct glance_plan glance_plans[] = {
    {"domains", "Domains at a glance", "A line for each domain of the mesh.", "domain",
     NULL, DOMAINS, NULL, domains, COUNT_OF(domains)},
    {"ports", "Ports", "Who reads whom by declared input ports: rows read columns.",
     DOMAIN_BY_DOMAIN("consumer", "provider"), ports, 1},
    {"agreements", "Agreements", "Who may use whose products: rows use columns.",
     DOMAIN_BY_DOMAIN("consumer", "provider"), agreements, 1},
    {"joins", "Joins in 30 days", "Questions that read products of both domains.",
     DOMAIN_BY_DOMAIN("one", "other"), joins, 1},
    {"use", "Use in 30 days", "Days on which teams of a row read products of a column.",
     DOMAIN_BY_DOMAIN("consumer", "provider"), uses, 1},
    {"waiting", "From asking to the first question",
     "Days from an agreement's start to the first read; never: not read yet.",
     DOMAIN_BY_DOMAIN("consumer", "provider"), waiting, 1},
    {"products", "Products by class", "Products of each domain and class.", "domain",
     "class", DOMAINS, "VALUES('source'),('aggregate'),('consumer')", products, 1},
    {"adoption", "Adoption of policies",
     "The share of a domain's products that keep to a policy, by its newest run.",
     "policy", "domain", "SELECT id FROM mesh.policy ORDER BY id", DOMAINS, adoption, 1},
    {"freshness", "Freshness", "Products whose promised update is there, or not.",
     "domain", "state", DOMAINS, "VALUES('fresh'),('due'),('late'),('unknown')",
     freshness, 1},
    {"checks", "Checks", "Outcomes of the newest run of each contract's checks.",
     "domain", "outcome", DOMAINS,
     "VALUES('passed'),('warning'),('failed'),('error'),('not run')", checks, 1},
    {"cost", "Cost per month", "What the file of costs tells, the last twelve months.",
     "domain", "month", NULL, NULL, costs, 1},
};
const size_t glance_plan_count = COUNT_OF(glance_plans);
