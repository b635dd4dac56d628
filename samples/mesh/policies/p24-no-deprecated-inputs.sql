-- id: P24
-- title: Nobody reads from deprecated ports
-- category: lineage
-- severity: warning
-- decision: Active products move away from deprecated ports and contracts before their
--   support ends.
-- why: After the end of support the data stop, with or without notice.
SELECT i.product_id, i.name AS input, o.product_id AS provider
FROM port i
JOIN port o ON o.dir = 'out' AND o.contract_id = i.contract_id
JOIN contract c ON c.id = o.contract_id
WHERE i.dir = 'in' AND (o.deprecated = 1 OR c.status IN ('deprecated', 'retired'))
