-- id: P14
-- title: Sensitive properties leave only through ports that say so
-- category: privacy
-- severity: error
-- gate: publish
-- decision: A port with sensitive, confidential or restricted properties is marked as
--   carrying them.
-- why: Access to a port is granted by what it says it carries.
SELECT o.product_id, o.name AS port, p.object, p.name
FROM port o
JOIN property p ON p.contract_id = o.contract_id
WHERE o.dir = 'out' AND coalesce(o.pii, 0) = 0
  AND lower(p.classification) IN ('pii', 'sensitive', 'confidential', 'restricted')
  AND p.encrypted_name IS NULL
