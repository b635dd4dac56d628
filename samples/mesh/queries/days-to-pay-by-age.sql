-- title: Days to pay, by decade of birth
-- question: Do younger customers take longer to pay an invoice?
-- note: Invoices and persons are joined by the address that an invoice was sent to. Analysts
--       have tokens there, the same on both sides, and a year where the date of birth was.
-- chart: bar x=born y=mean_days
SELECT substr(p.birth_date, 1, 3) || '0s' AS born, count(*) AS invoices,
       round(avg(julianday(i.settled_at) - julianday(i.issued_at)), 1) AS mean_days,
       sum(i.settled_at IS NULL) AS still_open
FROM invoices.invoices i
JOIN customers.customers_pii p ON p.email = i.sent_to
GROUP BY 1
ORDER BY 1
