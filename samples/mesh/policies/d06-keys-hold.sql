-- id: D06
-- title: Keys hold over domains
-- category: quality
-- severity: error
-- scope: data
-- decision: Every order_id and sku a product holds exists where it comes from, once.
-- why: A join that loses or doubles rows gives wrong sums without a word.
SELECT 'checkout/orders' AS product_id, 'order_id given twice' AS fault, count(*) AS keys
FROM (SELECT order_id FROM orders.orders GROUP BY order_id HAVING count(*) > 1)
HAVING count(*) > 0
UNION ALL
SELECT 'checkout/orders', 'sku of no article', count(*)
FROM orders.line_items
WHERE sku NOT IN (SELECT sku FROM articles_latest.articles)
HAVING count(*) > 0
UNION ALL
SELECT 'fulfillment/shipments', 'order_id of no order', count(*)
FROM shipments.shipments
WHERE order_id NOT IN (SELECT order_id FROM orders.orders)
HAVING count(*) > 0
UNION ALL
SELECT 'returns/returns', 'order_id of no order', count(*)
FROM returns.returns
WHERE order_id NOT IN (SELECT order_id FROM orders.orders)
HAVING count(*) > 0
UNION ALL
SELECT 'articles/articles-latest', 'sku without history', count(*)
FROM articles_latest.articles
WHERE sku NOT IN (SELECT sku FROM articles_history.article_versions)
HAVING count(*) > 0
