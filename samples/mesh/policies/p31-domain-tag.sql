-- id: P31
-- title: The domain stands among the tags
-- category: documentation
-- severity: info
-- decision: Each product has the tag domain: followed by its domain.
-- why: Tools that know only tags find products by their domain too.
SELECT p.id
FROM product p
WHERE NOT EXISTS (
  SELECT 1 FROM tag t
  WHERE t.owner_kind = 'product' AND t.owner_id = p.id AND t.tag = 'domain:' || p.domain)
