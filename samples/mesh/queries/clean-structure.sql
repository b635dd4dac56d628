-- title: Cleaning: structure inside a column
-- question: On which devices and from where do visitors open product pages?
-- note: context is JSON. Until March 2025 its key referrer was called ref: take what is there.
-- chart: bar x=device y=views by=referrer
SELECT json_extract(context, '$.device') AS device,
       coalesce(json_extract(context, '$.referrer'), json_extract(context, '$.ref'),
                'unknown') AS referrer,
       count(*) AS views,
       sum(json_extract(context, '$.referrer') IS NULL) AS views_with_the_old_key
FROM product_page_views.page_views
GROUP BY 1, 2
ORDER BY views DESC
