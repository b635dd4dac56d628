-- id: P01
-- title: Every product has an owner that exists
-- category: ownership
-- severity: error
-- decision: Each product names a team of the registry as its owner until it is retired.
-- why: Without an owner nobody answers questions, repairs faults or decides.
SELECT p.id, p.path, p.line
FROM product p
LEFT JOIN team t ON t.name = p.team
WHERE t.name IS NULL AND p.status <> 'retired'
