#!/bin/sh
# planted: the rules of the sample mesh's contracts find the faults that were planted in
# its data, each by the check that is meant for it, and nothing else.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
. "${TESTS_SRCDIR:-$(dirname "$0")/..}/headless/sandbox.sh"
mwb=${MWB:-$here/../../mwb}
export HOME="$scratch" MWB_CACHE="$scratch/cache" MWB_SAMPLES="$samples" LC_ALL=C.UTF-8
unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME MWB_MESH MWB_NOW MWB_ROLE

# What does not pass: the product, the check, its outcome; behind a sign the fault.
planted() {
    sed 's/ *#.*//' <<'PLANTED' | LC_ALL=C sort
accounts/account-balances frequency failed # last night's delivery has not come yet
articles/product-page-views page_views.days_without_views failed # a missing day
checkout/orders line_items.plausible_unit_price warning # outliers
checkout/orders line_items.unit_price_cents.maximum failed # outliers
checkout/orders orders.customer_id.foreignKey failed # erased customers who are still there
checkout/orders orders.order_id.order_id_unique failed # reused order numbers
checkout/orders orders.order_id.primaryKey failed # reused order numbers
checkout/orders orders.order_id.unique failed # reused order numbers
fulfillment/stock-update-events stock_updates.event_id.event_id_unique failed # duplicate events
fulfillment/stock-update-events stock_updates.event_id.primaryKey failed # duplicate events
fulfillment/stock-update-events stock_updates.event_id.unique failed # duplicate events
fulfillment/stock-update-events stock_updates.events_in_time warning # late events
fulfillment/stock-update-events stock_updates_2024.event_id.event_id_unique failed # duplicate events
fulfillment/stock-update-events stock_updates_2024.event_id.primaryKey failed # duplicate events
fulfillment/stock-update-events stock_updates_2024.event_id.unique failed # duplicate events
payment/invoices invoices.customer_id.foreignKey failed # erased customers who are still there
search/search-queries-all search_queries.queried_at.retention failed # rows past their retention
search/top-100-by-day frequency failed # nothing new since its owner left
PLANTED
}

# The checks of a role that did not pass, or that nobody could run.
check_as() { # check_as ROLE FILE
    "$mwb" check --all --mesh "$scratch/mesh" --role "$1" --format json \
        >"$scratch/$1.json" 2>"$scratch/err"
    python3 - "$scratch/$1.json" >"$2" <<'PYTHON'
import json, sys
for row in json.load(open(sys.argv[1])):
    if row["outcome"] != "passed":
        print(row["product"], row["key"], row["outcome"], row["reason"] or "", sep="\t")
PYTHON
}

found_by() { # found_by ROLE: as planted() has it
    check_as "$1" "$scratch/$1.tsv"
    awk -F '\t' '$3 != "not run" { print $1, $2, $3 }' "$scratch/$1.tsv" | LC_ALL=C sort
}

if ! python3 -c 'import json' 2>/dev/null; then
    skip_all "there is no python3 to read the results"
fi
make_sandbox "$scratch/mesh"
planted >"$scratch/planted"

# A steward holds the data against their contracts, but reads no sensitive columns; who
# reads them does not see the balances.
found_by steward >"$scratch/found"
diff "$scratch/planted" "$scratch/found" >"$scratch/diff"
point $? "a steward's checks find what was planted, and nothing else"
explain "$scratch/diff"
found_by personal-data-reader >"$scratch/found"
grep -v '^accounts/account-balances' "$scratch/planted" | diff - "$scratch/found" \
    >"$scratch/diff"
point $? "so do those of one who reads personal data"
explain "$scratch/diff"

# What nobody could run says why; together the two leave no rule about rows unchecked.
for role in steward personal-data-reader; do
    awk -F '\t' '$3 == "not run"' "$scratch/$role.tsv" | LC_ALL=C sort >"$scratch/$role.not"
done
comm -12 "$scratch/steward.not" "$scratch/personal-data-reader.not" >"$scratch/both"
grep -vE '	(retention|timeOfAvailability|endOfSupport)' "$scratch/both" >"$scratch/rest"
test ! -s "$scratch/rest" && test -s "$scratch/both"
point $? "only promises that data cannot show are checked by neither"
explain "$scratch/rest"

# Results are kept: the catalog tells them, and why.
"$mwb" products quality:failed --mesh "$scratch/mesh" --role steward --format csv \
    2>/dev/null | tail -n +2 | cut -d, -f1 | LC_ALL=C sort >"$scratch/found"
awk '$3 == "failed" { print $1 }' "$scratch/planted" | uniq >"$scratch/products"
diff "$scratch/products" "$scratch/found" >"$scratch/diff"
point $? "quality:failed lists the products whose checks failed"
explain "$scratch/diff"
"$mwb" check payment/invoices --why --mesh "$scratch/mesh" --role steward --format csv \
    >"$scratch/why" 2>&1
grep -q 'checkout/orders,failed first.*orders.customer_id.foreignKey' "$scratch/why"
status=$?
point $status "what fails in invoices failed in the orders that they are made from"
[ $status -eq 0 ] || explain "$scratch/why"
finish
