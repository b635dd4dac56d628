-- id: P11
-- title: Shared identifiers point to one definition
-- category: interoperability
-- severity: warning
-- decision: sku, order_id and customer_id carry a link to the definition all domains
--   agreed on.
-- why: Two products may be joined only if both mean the same thing by the name.
SELECT p.contract_id, p.object, p.name
FROM property p
WHERE p.name IN ('sku', 'order_id', 'customer_id')
  AND NOT EXISTS (
    SELECT 1 FROM authdef a
    WHERE a.owner_kind = 'property'
      AND a.owner_id = p.contract_id || '/' || p.object || '/' || p.name
      AND a.type IN ('definition', 'businessDefinition', 'glossary', 'semantics'))
