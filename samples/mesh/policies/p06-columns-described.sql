-- id: P06
-- title: Columns are described
-- category: documentation
-- severity: warning
-- decision: At least 80 percent of the properties of a contract have a description.
-- why: A name alone says neither the unit nor when a value is empty.
SELECT contract_id, count(*) AS properties,
       sum(length(coalesce(description, '')) > 0) AS described
FROM property
GROUP BY contract_id
HAVING described < 0.8 * properties
