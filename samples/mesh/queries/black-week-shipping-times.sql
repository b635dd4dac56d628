-- title: Shipping times in the last Black Week
-- question: How long were parcels on their way during the last Black Week?
-- chart: bar x=carrier y=median_days
WITH week AS (
  SELECT starts_on, ends_on FROM campaigns.campaigns
  WHERE campaign LIKE 'black-week-%'
  ORDER BY starts_on DESC LIMIT 1
), parcel AS (
  SELECT s.carrier, julianday(s.delivered_at) - julianday(s.shipped_at) AS days,
         s.delivered_at > s.promised_at AS is_late
  FROM shipments.shipments s
  JOIN orders.orders o ON o.order_id = s.order_id
  JOIN week w ON date(o.order_timestamp) BETWEEN w.starts_on AND w.ends_on
  WHERE s.delivered_at IS NOT NULL
), ranked AS (
  SELECT *, row_number() OVER (PARTITION BY carrier ORDER BY days) AS n,
         count(*) OVER (PARTITION BY carrier) AS total
  FROM parcel
)
SELECT carrier, total AS parcels, round(avg(days), 2) AS mean_days,
       round(avg(days) FILTER (WHERE n BETWEEN total / 2.0 AND total / 2.0 + 1), 2)
         AS median_days,
       round(min(days) FILTER (WHERE n >= 0.95 * total), 2) AS p95_days,
       round(100.0 * avg(is_late), 1) AS late_percent
FROM ranked
GROUP BY carrier
ORDER BY median_days
