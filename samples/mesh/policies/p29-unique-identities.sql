-- id: P29
-- title: Identities are unique
-- category: interoperability
-- severity: error
-- decision: No two files claim the same contract id and version.
-- why: A reader that follows the id must not land in one of two places.
SELECT id, version, count(*) AS files, group_concat(path) AS paths
FROM contract
GROUP BY id, version
HAVING count(*) > 1
