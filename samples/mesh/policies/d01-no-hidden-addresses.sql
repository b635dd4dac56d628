-- id: D01
-- title: No e-mail addresses in columns not classified so
-- category: privacy
-- severity: error
-- scope: data
-- decision: Free text that leaves a domain holds no e-mail address unless its column is
--   classified sensitive.
-- why: A name like sent_to hides from every check by name; only the values tell.
SELECT 'payment/invoices' AS product_id, 'sent_to' AS property, count(*) AS addresses
FROM invoices.invoices
WHERE sent_to GLOB '*?@?*.?*'
HAVING count(*) > 0
UNION ALL
SELECT 'search/search-queries-all', 'query_text', count(*)
FROM search_queries_all.search_queries
WHERE query_text GLOB '*?@?*.?*'
HAVING count(*) > 0
UNION ALL
SELECT 'articles/product-page-views', 'context', count(*)
FROM product_page_views.page_views
WHERE context GLOB '*?@?*.?*'
HAVING count(*) > 0
UNION ALL
SELECT 'returns/returns', 'reason', count(*)
FROM returns.returns
WHERE reason GLOB '*?@?*.?*'
HAVING count(*) > 0
