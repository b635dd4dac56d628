-- title: Free shipping in the Black Week
-- question: What did free shipping during the Black Week change: orders, baskets, returns?
-- note: In 2025 shipping was free from 15 euros during the week, in 2024 from 50 as always.
--       The sale itself draws people too, so compare the two years, not one figure.
-- chart: bar x=period y=orders_per_day by=shipping
WITH week AS (
  SELECT campaign, starts_on, ends_on FROM campaigns.campaigns
  WHERE campaign LIKE 'black-week-%'
), considered AS (
  SELECT w.campaign, o.order_id, o.order_total_cents AS cents,
         CASE o.shipping_fee_cents WHEN 0 THEN 'free' ELSE 'paid' END AS shipping,
         CASE WHEN date(o.order_timestamp) < w.starts_on
              THEN '28 days before' ELSE 'Black Week' END AS period,
         CASE WHEN date(o.order_timestamp) < w.starts_on
              THEN 28 ELSE julianday(w.ends_on) - julianday(w.starts_on) + 1 END AS days,
         o.order_id IN (SELECT order_id FROM returns.returns) AS came_back
  FROM week w
  JOIN orders.orders o
    ON date(o.order_timestamp) BETWEEN date(w.starts_on, '-28 days') AND w.ends_on
  WHERE o.status = 'confirmed'
)
SELECT campaign, period, shipping, count(*) AS orders,
       round(1.0 * count(*) / days, 1) AS orders_per_day,
       round(avg(cents) / 100, 2) AS mean_basket_eur,
       round(sum(cents) / 100.0 / days, 2) AS revenue_per_day_eur,
       round(100.0 * avg(came_back), 1) AS returned_percent
FROM considered
GROUP BY campaign, period, shipping
ORDER BY campaign, period, shipping
