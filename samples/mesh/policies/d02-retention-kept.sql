-- id: D02
-- title: Nothing is older than its retention
-- category: privacy
-- severity: error
-- scope: data
-- decision: Rows older than the retention of their contract are removed.
-- why: Search words tell much about a person; they are kept for one year only.
SELECT 'search/search-queries-all' AS product_id, min(queried_at) AS oldest,
       count(*) AS overdue
FROM search_queries_all.search_queries
WHERE queried_at < date('now', '-1 year')
HAVING count(*) > 0
