-- title: Cleaning: a field that was renamed
-- question: How many stock events are there each month, over the change of the name qty?
-- note: The archive of 2024 calls qty what is called available since.
-- chart: line x=month y=events
WITH events AS (
  SELECT event_id, sku, location, qty AS available, updated_at, received_at
  FROM stock_update_events.stock_updates_2024
  UNION ALL
  SELECT event_id, sku, location, available, updated_at, received_at
  FROM stock_update_events.stock_updates
)
SELECT strftime('%Y-%m', updated_at) AS month, count(*) AS events,
       sum(available IS NULL) AS without_stock, sum(available = 0) AS sold_out,
       round(avg(available), 1) AS mean_available
FROM events
GROUP BY month
ORDER BY month
