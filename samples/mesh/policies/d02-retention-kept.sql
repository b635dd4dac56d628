-- id: D02
-- title: Nothing is older than its retention
-- category: privacy
-- severity: error
-- scope: data
-- context: A promise of retention names the column that tells how old a row is; one that
--   names none is a promise nobody can prove.
-- decision: Rows older than the retention of their contract are removed.
-- consequences: The owner deletes them with the next delivery.
-- why: What is kept longer than needed is a risk without a use.
-- each: SELECT p.key AS product, p.schema_name AS schema, s.contract_id AS contract,
--   o.sql_name AS "table", c.name AS "column", s.line,
--   '-' || CASE WHEN lower(s.unit) IN ('w', 'week', 'weeks') THEN 7 * s.value ELSE s.value END
--   || CASE WHEN lower(s.unit) IN ('y', 'year', 'years', 'a') THEN ' years'
--   WHEN lower(s.unit) IN ('m', 'mo', 'month', 'months') THEN ' months'
--   WHEN lower(s.unit) IN ('h', 'hour', 'hours') THEN ' hours' ELSE ' days' END AS ago
--   FROM mesh.sla s
--   JOIN mesh.table_of o ON o.contract_row = s.contract_row
--   JOIN mesh.property c ON c.object_row = o.object_row AND c.depth = 1
--   JOIN mesh.product p ON p.rowid = o.product_row
--   WHERE lower(s.property) IN ('retention', 're') AND s.value > 0
--   AND s.element IN (c.name, o.name || '.' || c.name) ORDER BY p.key, o.position
SELECT {'product'} AS product_id, {'contract'} AS contract_id, {'table'} AS object,
       {'column'} AS property, {'line'} AS line, min({column}) AS oldest,
       count(*) AS overdue
FROM {schema}.{table}
WHERE typeof({column}) = 'text' AND {column} < datetime('now', {'ago'})
HAVING count(*) > 0
