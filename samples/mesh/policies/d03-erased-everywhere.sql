-- id: D03
-- title: Who was erased is erased everywhere
-- category: privacy
-- severity: error
-- scope: data
-- context: A table of tombstones lists the keys of persons whose data were erased. Any
--   column that has the definition of that key in common holds such keys.
-- decision: No product holds the key of a person who was erased.
-- consequences: Products leave out what the table of tombstones lists, with each load.
-- why: The right to be forgotten reaches every consumer of the data.
-- each: SELECT DISTINCT p.key AS product, p.schema_name AS schema, c.contract_id AS contract,
--   o.sql_name AS "table", c.name AS "column", tp.schema_name AS stone_schema,
--   ot.sql_name AS stones, k.name AS stone
--   FROM mesh.table_of ot
--   JOIN mesh.product tp ON tp.rowid = ot.product_row
--   JOIN mesh.property k ON k.object_row = ot.object_row AND k.pk_pos = 1
--   JOIN mesh.authdef d ON d.owner_kind = 'property'
--   AND d.owner_id = k.contract_id || '/' || k.object || '/' || k.name
--   JOIN mesh.authdef e ON e.owner_kind = 'property' AND e.url = d.url
--   JOIN mesh.property c ON e.owner_id = c.contract_id || '/' || c.object || '/' || c.name
--   JOIN mesh.table_of o ON o.object_row = c.object_row
--   JOIN mesh.product p ON p.rowid = o.product_row
--   WHERE lower(ot.sql_name) LIKE '%tombstone%' AND o.rowid <> ot.rowid
--   AND d.type IN ('definition', 'businessDefinition', 'glossary', 'semantics')
--   ORDER BY p.key, o.position
SELECT {'product'} AS product_id, {'contract'} AS contract_id, {'table'} AS object,
       {'column'} AS property, count(*) AS rows_left, count(DISTINCT {column}) AS persons
FROM {schema}.{table}
WHERE {column} IN (SELECT {stone} FROM {stone_schema}.{stones})
HAVING count(*) > 0
