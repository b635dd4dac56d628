-- id: D07
-- title: Instants carry their zone in the data too
-- category: interoperability
-- severity: error
-- scope: data
-- context: Any column of the type timestamp holds instants.
-- decision: Every instant ends in Z or in an offset from UTC.
-- consequences: A delivery without zones is refused by its readers.
-- why: Without it nobody knows whose clock was meant.
-- each: SELECT p.key AS product, p.schema_name AS schema, c.contract_id AS contract,
--   o.sql_name AS "table", c.name AS "column"
--   FROM mesh.product p
--   JOIN mesh.table_of o ON o.product_row = p.rowid
--   JOIN mesh.property c ON c.object_row = o.object_row AND c.depth = 1
--   WHERE c.logical_type = 'timestamp' ORDER BY p.key, o.position, c.position
SELECT {'product'} AS product_id, {'contract'} AS contract_id, {'table'} AS object,
       {'column'} AS property, count(*) AS instants, min({column}) AS example
FROM {schema}.{table}
WHERE {column} IS NOT NULL AND {column} NOT GLOB '*Z'
  AND {column} NOT GLOB '*[+-][0-9][0-9]:[0-9][0-9]'
  AND {column} NOT GLOB '*[+-][0-9][0-9][0-9][0-9]'
HAVING count(*) > 0
