-- id: P07
-- title: Names follow one style
-- category: interoperability
-- severity: warning
-- decision: Lower case with underscores, and none of the abbreviations on the list.
-- why: Who joins products of several teams should not have to guess spellings.
SELECT contract_id, object, name, line
FROM property
WHERE name GLOB '*[^a-z0-9_]*'
   OR name IN ('cust', 'acc', 'shpmnt', 'qty')
   OR name LIKE '%shpmnt%'
