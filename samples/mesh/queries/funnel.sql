-- title: Funnel from search to payment
-- question: Of the sessions that searched, how many looked at an article, ordered and paid?
-- note: funnel_analytics has the same by day; this counts it from the sources.
-- chart: bar x=step y=sessions
WITH searched AS (
  SELECT DISTINCT session_id FROM search_queries_all.search_queries
), viewed AS (
  SELECT DISTINCT session_id FROM product_page_views.page_views
), ordered AS (
  SELECT o.session_id, max(p.paid_at IS NOT NULL) AS is_paid
  FROM orders.orders o
  LEFT JOIN payments.payments p ON p.order_id = o.order_id
  GROUP BY o.session_id
), steps AS (
  SELECT count(*) AS searched, count(v.session_id) AS viewed,
         sum(v.session_id IS NOT NULL AND o.session_id IS NOT NULL) AS ordered,
         sum(v.session_id IS NOT NULL AND coalesce(o.is_paid, 0)) AS paid
  FROM searched s
  LEFT JOIN viewed v ON v.session_id = s.session_id
  LEFT JOIN ordered o ON o.session_id = s.session_id
)
SELECT '1 search' AS step, searched AS sessions, 100.0 AS percent FROM steps
UNION ALL SELECT '2 view', viewed, round(100.0 * viewed / searched, 2) FROM steps
UNION ALL SELECT '3 order', ordered, round(100.0 * ordered / searched, 2) FROM steps
UNION ALL SELECT '4 paid', paid, round(100.0 * paid / searched, 2) FROM steps
