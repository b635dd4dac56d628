-- title: Histogram of shipping times in the last Black Week
-- question: How are the shipping times of the last Black Week spread?
-- chart: histogram x=days
SELECT s.carrier, round(julianday(s.delivered_at) - julianday(s.shipped_at), 3) AS days
FROM shipments.shipments s
JOIN orders.orders o ON o.order_id = s.order_id
WHERE s.delivered_at IS NOT NULL
  AND EXISTS (
    SELECT 1 FROM campaigns.campaigns c
    WHERE c.campaign = 'black-week-2025'
      AND date(o.order_timestamp) BETWEEN c.starts_on AND c.ends_on)
ORDER BY days
