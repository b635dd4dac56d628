-- title: Cleaning: events that came twice or late
-- question: How many stock events came twice, how many late, and what is left after cleaning?
-- note: One row for each event_id stays: the one received first.
-- chart: bar x=location y=late_percent
WITH numbered AS (
  SELECT *, row_number() OVER (PARTITION BY event_id ORDER BY received_at) AS copy
  FROM stock_update_events.stock_updates
)
SELECT location, count(*) AS received, sum(copy > 1) AS duplicates,
       sum(copy = 1) AS events,
       sum(copy = 1 AND julianday(received_at) - julianday(updated_at) > 1) AS late,
       round(100.0 * sum(copy = 1 AND julianday(received_at) - julianday(updated_at) > 1)
             / sum(copy = 1), 2) AS late_percent,
       round(max(julianday(received_at) - julianday(updated_at)), 2) AS latest_days
FROM numbered
GROUP BY location
ORDER BY location
