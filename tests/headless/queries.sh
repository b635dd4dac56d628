#!/bin/sh
# queries: every saved query of the sandbox runs and has the answer the data were made for;
# sources and aggregates agree.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
. "${TESTS_SRCDIR:-$(dirname "$0")/..}/headless/sandbox.sh"

# Name of the query, and what must hold for its rows (`q`): an expression over aggregates.
effects() {
    cat <<'EFFECTS'
ab-test-conversion|max(z) > 1.96 AND min(uplift_percent) > 5
black-week-shipping-histogram|count(*) > 200 AND max(days) > 7
black-week-shipping-times|count(*) = 4 AND max(median_days) > 3 * min(median_days) AND max(p95_days) > 8
clean-duplicates|sum(duplicates) > 20 AND min(late) > 0 AND max(latest_days) > 1
clean-gaps|count(*) = 1 AND min(day) = '2025-06-17' AND min(orders) > 0
clean-outliers|sum(verdict = 'misprint') > 2 AND sum(verdict = 'dear article') > 0
clean-renamed-field|count(*) = 24 AND sum(without_stock) = 0
clean-structure|sum(referrer = 'unknown') = 0 AND sum(views_with_the_old_key) > 1000
customer-360|count(*) = 500 AND min(orders) > 0 AND max(returns) > 0
days-to-pay-by-age|count(*) = 7 AND sum(invoices) > 2000 AND min(mean_days) > 1
fast-or-reliable|min(CASE promise WHEN 'kept' THEN reordered_percent END) > 1.2 * max(CASE promise WHEN 'broken' THEN reordered_percent END)
fraud-features|avg(CASE charged_back WHEN 1 THEN minutes_since_registration END) < 0.1 * avg(CASE charged_back WHEN 0 THEN minutes_since_registration END)
free-shipping-black-week|count(*) = 8 AND max(CASE WHEN campaign = 'black-week-2025' AND period = 'Black Week' AND shipping = 'free' THEN mean_basket_eur END) < max(CASE WHEN campaign = 'black-week-2025' AND period <> 'Black Week' AND shipping = 'free' THEN mean_basket_eur END)
funnel|count(*) = 4 AND min(percent) BETWEEN 5 AND 30
in-stock-not-sold|count(*) BETWEEN 10 AND 100 AND sum(status = 'active') > 0
orders-by-status|count(*) = 730 AND max(confirmed_7_days) > 2.5 * avg(confirmed_7_days)
price-when-bought|count(*) = 8 AND sum(lines_without_history) > 0 AND sum(lines_with_another_price) > 2 AND sum(below_todays_price) > 100
product-page-checkout-returns|count(*) = 2 AND max(CASE variant WHEN 'B' THEN returned_percent END) > 1.15 * max(CASE variant WHEN 'A' THEN returned_percent END)
EFFECTS
}

# What holds between products: a sentence, and a query that gives 1 when it is so.
agreements() {
    cat <<'AGREEMENTS'
the funnel counts the sessions that searched|SELECT (SELECT sum(sessions) FROM funnel_analytics.funnel WHERE step = '1_search') = (SELECT count(DISTINCT session_id) FROM search_queries_all.search_queries)
the monthly report counts the confirmed orders|SELECT (SELECT sum(actual) FROM monthly_target_performance_report.performance WHERE kpi = 'orders') = (SELECT count(*) FROM orders.orders WHERE status = 'confirmed')
the monthly report carries the targets set by hand|SELECT (SELECT group_concat(month || kpi || target) FROM (SELECT * FROM monthly_targets.targets ORDER BY month, kpi)) = (SELECT group_concat(month || kpi || target) FROM (SELECT * FROM monthly_target_performance_report.performance ORDER BY month, kpi))
cohorts add up to the confirmed revenue|SELECT (SELECT sum(revenue_cents) FROM customer_cohorts.cohorts) = (SELECT sum(order_total_cents) FROM orders.orders WHERE status = 'confirmed')
profitability adds up to the confirmed revenue|SELECT (SELECT sum(revenue_cents) FROM article_profitability_analysis.article_months) = (SELECT sum(order_total_cents) FROM orders.orders WHERE status = 'confirmed')
the 360 degree view has the orders of its customers|SELECT sum(c.orders) = sum((SELECT count(*) FROM orders.orders o WHERE o.customer_id = c.customer_id AND o.status = 'confirmed')) FROM (SELECT * FROM customer_360.customers LIMIT 200) c
open amounts agree|SELECT (SELECT sum(c.open_cents) FROM customer_360.customers c) <= (SELECT sum(total_cents) FROM invoices.invoices WHERE settled_at IS NULL)
the top list adds up to the searches of a quiet day|SELECT (SELECT sum(count) FROM top_100_by_day.top_queries WHERE day = '2025-02-11') = (SELECT count(*) FROM search_queries_all.search_queries WHERE queried_at LIKE '2025-02-11%')
stock of both versions agrees|SELECT (SELECT sum(available) FROM stock_latest.stock) = (SELECT sum(level) FROM stock_latest.stock_levels)
campaign prices were asked on campaign days|SELECT count(*) > 0 FROM campaigns.campaigns c JOIN articles_history.article_versions v ON date(v.valid_from) = c.starts_on AND date(v.valid_to, '-1 day') = c.ends_on WHERE c.campaign = 'black-week-2025'
every campaign has its prices|SELECT count(DISTINCT c.campaign) = (SELECT count(*) FROM campaigns.campaigns) FROM campaigns.campaigns c JOIN articles_history.article_versions v ON date(v.valid_from) = c.starts_on AND date(v.valid_to, '-1 day') = c.ends_on
AGREEMENTS
}

check_query() { # check_query NAME CONDITION
    file=$samples/mesh/queries/$1.sql
    run_sql "$file" "$scratch/db" -csv >"$scratch/rows"
    test "$(wc -l <"$scratch/rows")" -gt 0 && ! grep -qi '^\(parse\|runtime\) error' "$scratch/rows"
    point $? "$1 runs and gives rows"
    grep -i '^\(parse\|runtime\) error' "$scratch/rows" | sed 's/^/# /'
    { echo "SELECT $2 FROM ("; cat "$file"; echo ") q"; } >"$scratch/effect.sql"
    test "$(run_sql "$scratch/effect.sql" "$scratch/db")" = 1
    point $? "$1: $2"
    test "$(schemas_in "$file" "$scratch/db" | wc -l)" -le 10
    point $? "$1 names at most ten products"
}

check_queries() {
    effects | while IFS='|' read -r name condition; do echo "$name"; done >"$scratch/named"
    for file in "$samples"/mesh/queries/*.sql; do
        name=$(basename "$file" .sql)
        grep -qx "$name" "$scratch/named"
        point $? "$name has an effect to check"
    done
    effects >"$scratch/effects"
    while IFS='|' read -r name condition; do
        check_query "$name" "$condition"
    done <"$scratch/effects"
}

check_agreements() {
    agreements >"$scratch/agreements"
    while IFS='|' read -r sentence sql; do
        echo "$sql" >"$scratch/agreement.sql"
        test "$(run_sql "$scratch/agreement.sql" "$scratch/db")" = 1
        point $? "$sentence"
    done <"$scratch/agreements"
}

command -v sqlite3 >/dev/null || skip_all "the program sqlite3 is not installed"
make_sandbox "$scratch/mesh"
load_sandbox "$scratch/mesh" "$scratch/db" 2>"$scratch/err"
test ! -s "$scratch/err"
point $? "all files are loaded"
explain "$scratch/err"
check_queries
check_agreements
finish
