-- id: D06
-- title: Keys hold over domains
-- category: quality
-- severity: error
-- scope: data
-- context: Contracts say which column refers to which key. Of a table with a history (its
--   key is that of something else and an instant) everything it tells of has at least one
--   row. Keys of persons are left to the policy on erasure: of who was erased, others may
--   keep the number for a while.
-- decision: Every key a product refers to exists where it comes from, once, and has its
--   history.
-- consequences: The provider repairs the key; until then consumers know of the gap.
-- why: A join that loses or doubles rows gives wrong sums without a word.
-- each: WITH person(url) AS (
--   SELECT d.url FROM mesh.table_of o
--   JOIN mesh.property k ON k.object_row = o.object_row AND k.pk_pos = 1
--   JOIN mesh.authdef d ON d.owner_kind = 'property'
--   AND d.owner_id = k.contract_id || '/' || k.object || '/' || k.name
--   WHERE lower(o.sql_name) LIKE '%tombstone%'
--   ), link(a, a_column, b, b_column) AS (
--   SELECT o.rowid, r.from_cols, q.rowid, r.to_cols
--   FROM mesh.relation r
--   JOIN mesh.table_of o ON o.contract_row = r.contract_row AND o.name = r.object
--   JOIN mesh.contract t ON t.id = coalesce(r.to_contract, r.contract_id)
--   JOIN mesh.table_of q ON q.contract_row = t.rowid AND q.name = r.to_object
--   WHERE instr(r.from_cols, ',') = 0 AND instr(r.to_cols, ',') = 0
--   AND NOT EXISTS (SELECT 1 FROM mesh.authdef e JOIN person ON person.url = e.url
--   WHERE e.owner_kind = 'property'
--   AND e.owner_id = t.id || '/' || r.to_object || '/' || r.to_cols)
--   ), side(kind, fault, a, a_column, b, b_column) AS (
--   SELECT 'there', 'not where it comes from', a, a_column, b, b_column FROM link
--   UNION SELECT 'there', 'without history', b, b_column, a, a_column FROM link
--   JOIN mesh.table_of o ON o.rowid = a
--   JOIN mesh.property k ON k.object_row = o.object_row AND k.name = a_column AND k.pk_pos = 1
--   WHERE EXISTS (SELECT 1 FROM mesh.property w WHERE w.object_row = o.object_row
--   AND w.pk_pos = 2 AND w.logical_type IN ('timestamp', 'date'))
--   UNION SELECT 'once', 'given twice', b, b_column, b, b_column FROM link)
--   SELECT p.key AS product, p.schema_name AS schema, c.id AS contract, o.sql_name AS "table",
--   s.a_column AS "column", s.kind, s.fault, q.schema_name AS other_schema,
--   t.sql_name AS other_table, s.b_column AS other_column
--   FROM side s
--   JOIN mesh.table_of o ON o.rowid = s.a
--   JOIN mesh.product p ON p.rowid = o.product_row
--   JOIN mesh.contract c ON c.rowid = o.contract_row
--   JOIN mesh.table_of t ON t.rowid = s.b
--   JOIN mesh.product q ON q.rowid = t.product_row
--   ORDER BY q.key, p.key, o.position, s.kind, s.a_column
SELECT {'product'} AS product_id, {'contract'} AS contract_id, {'table'} AS object,
       {'column'} AS property, {'fault'} AS fault,
       {'other_schema'} || '.' || {'other_table'} AS source, count(*) AS keys,
       min(value) AS example
FROM (
  SELECT {column} AS value
  FROM {schema}.{table}
  WHERE {'kind'} = 'once' AND {column} IS NOT NULL
  GROUP BY {column}
  HAVING count(*) > 1
  UNION ALL
  SELECT {column}
  FROM {schema}.{table}
  WHERE {'kind'} = 'there' AND {column} IS NOT NULL
    AND {column} NOT IN (SELECT {other_column} FROM {other_schema}.{other_table}
                         WHERE {other_column} IS NOT NULL))
HAVING count(*) > 0
