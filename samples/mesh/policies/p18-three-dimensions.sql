-- id: P18
-- title: Three dimensions of quality are covered
-- category: quality
-- severity: info
-- decision: The rules of a contract cover at least three dimensions of quality.
-- why: Rules that all look at one side leave the others in the dark.
SELECT contract_id, count(DISTINCT dimension) AS dimensions
FROM rule
GROUP BY contract_id
HAVING dimensions < 3
