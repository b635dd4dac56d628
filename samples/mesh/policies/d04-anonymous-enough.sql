-- id: D04
-- title: Anonymous ports are anonymous
-- category: privacy
-- severity: warning
-- scope: data
-- decision: Any mix of country, region and segment is shared by at least five people.
-- why: Few facts are enough to find one person in a small group.
SELECT country, zip3, segment, count(*) AS people
FROM customers.customers_npii
GROUP BY country, zip3, segment
HAVING count(*) < 5
ORDER BY people, country, zip3, segment
