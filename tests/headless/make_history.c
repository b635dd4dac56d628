/* make_history MESH: what happened in the sandbox, told to the ledger as its doors tell
 * it: use by teams, runs of checks and of policies. So that a mesh at a glance has
 * something to show in tests. Every row follows from the tables below.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/ledger.h"
#include "engine/path.h"
#include "engine/text.h"

/* ---- Use ---- */

static const struct use {
    const char *at, *team, *saved_query, *sql;
    const char *products[3];
} uses[] = {
    /* Older than all agreements but one: how long it took to the first question. */
    {"2024-09-20T08:00:00Z",
     "Team Payment",
     NULL,
     "SELECT * FROM payments.payments",
     {"payment/payments", "checkout/orders"}},
    {"2025-06-10T08:00:00Z",
     "Team Marketing",
     NULL,
     "SELECT * FROM page_views",
     {"articles/product-page-views"}},
    {"2025-07-04T08:00:00Z",
     "Team Controlling",
     NULL,
     "SELECT * FROM orders.orders",
     {"checkout/orders"}},
    /* A domain whose products are asked for, and that joins foreign ones. */
    {"2026-09-29T08:00:00Z",
     "Team Marketing",
     "funnel",
     "SELECT * FROM funnel_analytics.funnel JOIN product_page_views.page_views",
     {"marketing/funnel-analytics", "articles/product-page-views",
      "search/search-queries-all"}},
    {"2026-09-30T09:00:00Z",
     "Team Marketing",
     NULL,
     "SELECT count(*) FROM customer_cohorts.cohorts",
     {"marketing/customer-cohorts"}},
    {"2026-09-28T10:00:00Z",
     "Team Controlling",
     "orders-by-status",
     "SELECT * FROM orders.orders",
     {"checkout/orders", "controlling/article-profitability-analysis",
      "returns/returns"}},
    {"2026-09-20T10:00:00Z",
     "Team Controlling",
     NULL,
     "SELECT * FROM monthly_targets.targets",
     {"controlling/monthly-targets"}},
    {"2026-09-15T11:00:00Z",
     "Team Checkout",
     "orders-by-status",
     "SELECT status, count(*) FROM orders.orders GROUP BY 1",
     {"checkout/orders"}},
    {"2026-09-16T11:00:00Z",
     "Team Checkout",
     NULL,
     "SELECT * FROM orders.orders JOIN payments.payments USING (order_id)",
     {"checkout/orders", "payment/payments"}},
    {"2026-09-17T12:00:00Z",
     "Team Customer 360",
     "customer-360",
     "SELECT * FROM customers.customers_npii JOIN orders.orders",
     {"customer-360/customer-360", "checkout/orders", "accounts/customers"}},
    {"2026-09-18T12:00:00Z",
     "Team Payment",
     "days-to-pay-by-age",
     "SELECT * FROM invoices.invoices JOIN customers.customers_pii",
     {"payment/invoices", "accounts/customers"}},
    {"2026-08-01T12:00:00Z",
     "Team Returns",
     NULL,
     "SELECT * FROM returns.returns",
     {"returns/returns", "fulfillment/shipments"}},
    {"2026-05-01T12:00:00Z",
     "Team Fulfillment",
     NULL,
     "SELECT * FROM shipments.shipments",
     {"fulfillment/shipments"}},
    {"2026-09-10T12:00:00Z",
     NULL,
     NULL,
     "SELECT * FROM articles_latest.articles",
     {"articles/articles-latest"}},
};

static bool tell_use(const char *mesh, const struct use *use, struct error *err)
{
    struct ledger_reading readings[3];
    size_t count = 0;
    for (size_t i = 0; i < 3 && use->products[i] != NULL; i++) {
        readings[count++] =
            (struct ledger_reading){.product = use->products[i], .table = "t"};
    }
    setenv("MWB_NOW", use->at, 1);
    const struct ledger_use told = {.mesh = mesh,
                                    .role = "analyst",
                                    .team = use->team,
                                    .sql = use->sql,
                                    .saved_query = use->saved_query,
                                    .outcome = "done",
                                    .rows = 10,
                                    .seconds = 0.01,
                                    .readings = readings,
                                    .reading_count = count};
    return ledger_add_use(&told, err);
}

/* ---- Checks ---- */

static const struct check {
    const char *product, *contract, *at, *result;
    int passed, failed, not_run;
} runs[] = {
    {"checkout/orders", "checkout-orders", "2026-09-29T05:00:00Z", "failed", 8, 1, 0},
    {"checkout/orders", "checkout-orders", "2026-10-01T05:00:00Z", "passed", 9, 0, 0},
    {"checkout/orders", "checkout-line-items", "2026-10-01T05:00:00Z", "failed", 6, 1, 0},
    {"marketing/campaigns", "marketing-campaigns", "2026-10-01T05:10:00Z", "passed", 4, 0,
     0},
    {"marketing/customer-cohorts", "marketing-cohorts", "2026-10-01T05:10:00Z", "passed",
     5, 0, 0},
    {"marketing/funnel-analytics", "marketing-funnel", "2026-10-01T05:10:00Z", "passed",
     5, 0, 0},
    {"controlling/article-profitability-analysis", "controlling-article-months",
     "2026-09-01T05:10:00Z", "passed", 6, 0, 1},
    {"customer-360/customer-360", "customer-360-customers", "2026-10-01T05:20:00Z",
     "passed", 7, 0, 2},
    {"payment/invoices", "payment-invoices", "2026-10-01T05:20:00Z", "passed", 7, 0, 0},
};

static bool tell_check(const char *mesh, const struct check *run, struct error *err)
{
    struct ledger_check_result results[16];
    char keys[16][16];
    int count = run->passed + run->failed + run->not_run;
    for (int i = 0; i < count; i++) {
        snprintf(keys[i], sizeof keys[i], "rule-%d", i + 1);
        results[i] = (struct ledger_check_result){
            .key = keys[i],
            .object = "rows",
            .rule = keys[i],
            .type = "library",
            .dimension = i % 2 == 0 ? "completeness" : "uniqueness",
            .outcome = i < run->passed                 ? "passed"
                       : i < run->passed + run->failed ? "failed"
                                                       : "not run",
            .value = i < run->passed ? "0" : "3",
            .threshold = "= 0",
            .total = 100,
            .percent = -1};
    }
    const struct ledger_check_run told = {.mesh = mesh,
                                          .product = run->product,
                                          .contract = run->contract,
                                          .role = "analyst",
                                          .result = run->result,
                                          .seconds = 0.1,
                                          .checks = count,
                                          .passed = run->passed,
                                          .failed = run->failed,
                                          .not_run = run->not_run};
    setenv("MWB_NOW", run->at, 1);
    return ledger_add_check(&told, results, (size_t)count, err);
}

/* ---- Policies: all kept, but for these ---- */

static const char *const policies[] = {
    "D01", "D02", "D03", "D04", "D05", "D06", "D07", "D08", "P01", "P02",
    "P03", "P04", "P05", "P06", "P07", "P08", "P09", "P10", "P11", "P12",
    "P13", "P14", "P15", "P16", "P17", "P18", "P19", "P20", "P21", "P22",
    "P23", "P24", "P25", "P26", "P27", "P28", "P29", "P30", "P31", "P32"};
static const struct {
    const char *name;
    int products;
} domains[] = {{"accounts", 3},    {"articles", 3},     {"checkout", 1},
               {"controlling", 3}, {"customer-360", 1}, {"fulfillment", 4},
               {"marketing", 3},   {"payment", 2},      {"recommendation", 1},
               {"returns", 1},     {"search", 2}};
enum { DOMAINS = sizeof domains / sizeof *domains };
static const struct {
    const char *policy, *product, *domain, *sentence;
    bool is_waived;
} violations[] = {
    {"P02", "fulfillment/shelf-warmers", "fulfillment", "no reachable contact", false},
    {"P03", "search/top-100-by-day", "search", "the owner has left", false},
    {"P05", "search/top-100-by-day", "search", "no limitations written", false},
    {"P06", "recommendation/recommendation-scores", "recommendation", "no descriptions",
     false},
    {"P12", "payment/invoices", "payment", "sent_to is not classified", false},
    {"P16", "marketing/campaigns", "marketing", "no latency promised", true},
    {"P24", "recommendation/recommendation-scores", "recommendation",
     "reads a deprecated port", false},
    {"P28", "recommendation/recommendation-scores", "recommendation", "no costs", false},
    {"P31", "controlling/monthly-targets", "controlling", "no tag", false},
};
enum { VIOLATIONS = sizeof violations / sizeof *violations };

static bool tell_policy(const char *mesh, const char *policy, struct error *err)
{
    struct ledger_policy_domain told_domains[DOMAINS];
    struct ledger_policy_row rows[VIOLATIONS];
    size_t count = 0;
    for (size_t i = 0; i < VIOLATIONS; i++) {
        if (string_equal(violations[i].policy, policy)) {
            rows[count++] =
                (struct ledger_policy_row){.product = violations[i].product,
                                           .domain = violations[i].domain,
                                           .sentence = violations[i].sentence,
                                           .line = 1,
                                           .is_waived = violations[i].is_waived};
        }
    }
    for (size_t i = 0; i < DOMAINS; i++) {
        int violating = 0;
        for (size_t k = 0; k < count; k++) {
            violating += string_equal(rows[k].domain, domains[i].name);
        }
        told_domains[i] = (struct ledger_policy_domain){domains[i].name,
                                                        domains[i].products, violating};
    }
    const struct ledger_policy_run run = {.mesh = mesh,
                                          .policy = policy,
                                          .outcome = count > 0 ? "violated" : "holds",
                                          .products = 24,
                                          .violating = (int)count,
                                          .domains = told_domains,
                                          .domain_count = DOMAINS,
                                          .rows = rows,
                                          .row_count = count};
    setenv("MWB_NOW", "2026-10-01T05:30:00Z", 1);
    return ledger_add_policies(&run, 1, err);
}

int main(int count, char **words)
{
    struct error err = {0};
    char *mesh = count == 2 ? path_absolute(words[1], &err) : NULL;
    bool good = mesh != NULL;
    for (size_t i = 0; good && i < sizeof uses / sizeof *uses; i++) {
        good = tell_use(mesh, &uses[i], &err);
    }
    for (size_t i = 0; good && i < sizeof runs / sizeof *runs; i++) {
        good = tell_check(mesh, &runs[i], &err);
    }
    for (size_t i = 0; good && i < sizeof policies / sizeof *policies; i++) {
        good = tell_policy(mesh, policies[i], &err);
    }
    good = good && ledger_settle(&err);
    if (!good) {
        fprintf(stderr, "make_history: %s\n",
                err.kind != ERROR_NONE ? err.message : "usage: make_history MESH");
    }
    free(mesh);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
