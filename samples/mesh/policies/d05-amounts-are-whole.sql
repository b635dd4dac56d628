-- id: D05
-- title: Amounts are whole numbers in the data too
-- category: quality
-- severity: error
-- scope: data
-- context: Which columns hold money is told by their names and their type.
-- decision: Columns of money hold integers, whatever file they came from.
-- consequences: A delivery with anything else is repaired at its source.
-- why: SQLite keeps what it gets; one text among the numbers falls out of every sum.
-- each: SELECT p.key AS product, p.schema_name AS schema, c.contract_id AS contract,
--   o.sql_name AS "table", c.name AS "column"
--   FROM mesh.product p
--   JOIN mesh.table_of o ON o.product_row = p.rowid
--   JOIN mesh.property c ON c.object_row = o.object_row AND c.depth = 1
--   WHERE c.logical_type = 'integer' AND (c.name LIKE '%price%' OR c.name LIKE '%amount%'
--   OR c.name LIKE '%total%' OR c.name LIKE '%\_cents' ESCAPE '\')
--   ORDER BY p.key, o.position, c.position
SELECT {'product'} AS product_id, {'contract'} AS contract_id, {'table'} AS object,
       {'column'} AS property, typeof({column}) AS kind, count(*) AS amounts
FROM {schema}.{table}
WHERE typeof({column}) NOT IN ('integer', 'null')
GROUP BY typeof({column})
