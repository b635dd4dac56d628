-- id: D04
-- title: Anonymous ports are anonymous
-- category: privacy
-- severity: warning
-- scope: data
-- context: A product that has a port with personal data and one without offers facts about
--   persons in both. What kind of person a row is about is told by a few columns: where
--   they live, how old they are, which group they belong to.
-- decision: Any mix of these in a port without personal data is shared by at least five.
-- consequences: The owner makes the facts coarser, or leaves small groups out.
-- why: Few facts are enough to find one person in a small group.
-- each: WITH trait(object_row, name, n) AS (
--   SELECT object_row, name, row_number() OVER (PARTITION BY object_row ORDER BY position)
--   FROM mesh.property
--   WHERE depth = 1 AND (name LIKE 'country%' OR name LIKE '%region%' OR name LIKE 'zip%'
--   OR name LIKE '%postal%' OR name LIKE '%city%' OR name LIKE '%birth%' OR name LIKE 'age%'
--   OR name LIKE '%gender%' OR name LIKE '%segment%'))
--   SELECT p.key AS product, p.schema_name AS schema, c.id AS contract, o.sql_name AS "table",
--   a.name AS a, b.name AS b, coalesce(x.name, a.name) AS x, coalesce(y.name, a.name) AS y
--   FROM mesh.product p
--   JOIN mesh.table_of o ON o.product_row = p.rowid
--   JOIN mesh.contract c ON c.rowid = o.contract_row
--   JOIN trait a ON a.object_row = o.object_row AND a.n = 1
--   JOIN trait b ON b.object_row = o.object_row AND b.n = 2
--   LEFT JOIN trait x ON x.object_row = o.object_row AND x.n = 3
--   LEFT JOIN trait y ON y.object_row = o.object_row AND y.n = 4
--   WHERE EXISTS (SELECT 1 FROM mesh.port r WHERE r.product_row = p.rowid AND r.dir = 'out'
--   AND r.pii = 1)
--   AND EXISTS (SELECT 1 FROM mesh.port r WHERE r.product_row = p.rowid AND r.dir = 'out'
--   AND r.contract_row = o.contract_row AND coalesce(r.pii, 0) = 0)
--   ORDER BY p.key, o.position
SELECT {'product'} AS product_id, {'contract'} AS contract_id, {'table'} AS object,
       count(*) AS small_groups, sum(people) AS people, min(people) AS smallest
FROM (SELECT count(*) AS people
      FROM {schema}.{table}
      GROUP BY {a}, {b}, {x}, {y}
      HAVING count(*) < 5)
HAVING count(*) > 0
