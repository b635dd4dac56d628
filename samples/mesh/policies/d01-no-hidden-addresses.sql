-- id: D01
-- title: No personal data in columns not classified so
-- category: privacy
-- severity: error
-- scope: data
-- context: Every column of text is looked at when a product is fetched: do its values look
--   like e-mail or network addresses, telephone, card or account numbers?
-- decision: What leaves a domain holds none of these unless its column is classified as
--   sensitive.
-- consequences: The owner classifies the column, or leaves the values out.
-- why: A name like sent_to hides from every check by name; only the values tell.
-- each: SELECT key AS product, schema_name AS schema FROM mesh.product WHERE tables > 0
--   ORDER BY key
SELECT {'product'} AS product_id, t.contract_id, i.table_name AS object,
       i.column_name AS property, i.infotype, i.matched AS addresses, i.seen
FROM {schema}.mwb_infotype i
LEFT JOIN (SELECT o.sql_name, c.contract_id, c.name, c.classification
           FROM mesh.product p
           JOIN mesh.table_of o ON o.product_row = p.rowid
           JOIN mesh.property c ON c.object_row = o.object_row
           WHERE p.key = {'product'}) t
  ON t.sql_name = i.table_name AND t.name = i.column_name
WHERE coalesce(lower(t.classification), '') NOT IN
      ('pii', 'personal', 'sensitive', 'confidential', 'restricted', 'secret')
