-- id: P13
-- title: Names that look personal are classified so
-- category: privacy
-- severity: error
-- decision: Properties whose names fit the patterns of the guild have the classification
--   of the pattern.
-- why: E-mail addresses do not become harmless by being called internal.
SELECT p.contract_id, p.object, p.name, i.classification AS expected, p.classification
FROM property p
JOIN infotype i ON p.name GLOB i.pattern
WHERE coalesce(lower(p.classification), '') <> i.classification
