-- id: P08
-- title: Instants are timestamps with a time zone
-- category: interoperability
-- severity: error
-- decision: A property that holds an instant has the type timestamp and carries its zone
--   (ISO 8601).
-- why: Text and epoch numbers without a zone shift by hours when products are joined.
SELECT p.contract_id, p.object, p.name, p.line
FROM property p
WHERE (p.name LIKE '%\_at' ESCAPE '\' OR p.name LIKE '%timestamp%')
  AND (p.logical_type <> 'timestamp'
       OR NOT EXISTS (
         SELECT 1 FROM prop_option o
         WHERE o.contract_id = p.contract_id AND o.object = p.object
           AND o.property = p.name AND o.key = 'timezone'
           AND lower(o.value) IN ('true', '1')))
